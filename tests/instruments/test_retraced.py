"""Instruments given a trace, or a model that steps its layer, say what they say of the layer."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lstm_viz import (
    ConfigError,
    LSTMVariant,
    LstmVizError,
    Traces,
    UnsupportedModelError,
    attribution,
    carousel,
    fixed_points,
    gradient_flow,
    gradient_map,
    jacobians,
    lyapunov_exponents,
    responding,
    trace,
    trajectories,
    verify,
)
from tests.instruments.layers import LAYERS, B, D, H, T, made


class Begun(nn.Module):
    """A layer that begins from states other than 0."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, x: Tensor) -> Tensor:
        first = torch.linspace(-0.5, 0.5, B * H, dtype=x.dtype).reshape(1, B, H)
        lstm = isinstance(self.layer, nn.LSTM | LSTMVariant)
        return self.layer(x, (first, 2 * first) if lstm else first)[0]


class Decoder(nn.Module):
    """Each answer is the next input."""

    def __init__(self) -> None:
        super().__init__()
        self.gru, self.out = nn.GRU(D, H, batch_first=True), nn.Linear(H, D)

    def forward(self, x: Tensor) -> Tensor:
        y, h, answers = x[:, :1], None, []
        for _ in range(T):
            output, h = self.gru(y, h)
            answers.append(y := self.out(output))
        return torch.cat(answers, 1)


class Stepped(nn.Module):
    """An LSTM's cell, stepped by hand."""

    def __init__(self, lstm: nn.LSTM) -> None:
        super().__init__()
        self.cell = nn.LSTMCell(D, H).double()
        weights = {name.removesuffix("_l0"): each for name, each in lstm.state_dict().items()}
        self.cell.load_state_dict(weights)

    def forward(self, x: Tensor) -> Tensor:
        state, found = None, []
        for x_t in x.unbind(1):
            state = self.cell(x_t, state)
            found.append(state[0])
        return torch.stack(found, 1)


def same(one: Any, other: Any) -> None:
    np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("kind", LAYERS)
def test_a_trace_in_the_place_of_the_model_gives_the_same_in_either_direction(kind: str) -> None:
    layer, x = made(kind, bidirectional=True)
    traces = trace(layer, x)
    for name in ("l0", "l0_reverse"):
        same(jacobians(traces, layer=name), jacobians(layer, x, layer=name))
        same(gradient_map(traces[name]), gradient_map(layer, x, layer=name))
    assert verify(traces).ok


@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn_tanh", "peepholes"])
def test_a_trace_that_was_kept_as_a_file_is_read_from_where_it_began(
    kind: str, tmp_path: Path
) -> None:
    layer, x = made(kind)
    model = Begun(layer)
    trace(model, x).save(tmp_path / "kept.npz")
    traces = Traces.load(tmp_path / "kept.npz")
    assert np.abs(traces["layer.l0"].initial_hidden).max() > 0
    for instrument in (jacobians, lyapunov_exponents, gradient_flow, gradient_map):
        same(instrument(traces), instrument(model, x))


def test_a_layer_that_feeds_on_its_answers_is_read_as_one_call_on_what_it_received() -> None:
    torch.manual_seed(0)
    model, x = Decoder().double(), torch.randn(B, T, D, dtype=torch.float64)
    received = torch.from_numpy(trace(model, x)["gru.l0"].input)
    for instrument in (jacobians, lyapunov_exponents, gradient_flow, gradient_map):
        same(instrument(model, x), instrument(model.gru, received))
    same(carousel(model, x).alone, carousel(model.gru, received).alone)
    assert verify(model, x).ok and verify(model.float(), x.float()).share_checked > 0
    with pytest.raises(UnsupportedModelError, match="Leave 'loss_fn' out"):
        gradient_flow(model, x.float(), loss_fn=lambda output, _: output.sum())


def test_a_cell_that_is_stepped_is_read_as_the_layer_of_its_weights() -> None:
    lstm, x = made("lstm")
    model = Stepped(lstm)
    for instrument in (jacobians, lyapunov_exponents, gradient_flow, gradient_map):
        same(instrument(model, x), instrument(lstm, x))
    for method in ("gradient", "input_gradient", "integrated"):
        answers = [attribution(each, x, target=(-1, 0), method=method) for each in (model, lstm)]
        same(*answers)
    held = [fixed_points(each, [0.0] * D, starts=4).states for each in (model, lstm)]
    same(*held)
    same(
        fixed_points(trace(model, x[:1]), starts=4).states,
        fixed_points(lstm, x[:1], starts=4).states,
    )
    assert verify(model, x).ok


def unrolled(lstm: nn.LSTM, x: Tensor, state: Tensor) -> Tensor:
    """(N, D) and (N, P + H) to the state of one step of an LSTM with a projection."""
    h, c = state.split([lstm.proj_size, lstm.hidden_size], 1)
    _, after = lstm(x[:, None], (h[None].contiguous(), c[None].contiguous()))
    return torch.cat(after, -1)[0]


@pytest.mark.parametrize("reverse", [False, True])
def test_a_projected_state_is_read_by_all_of_them_in_its_own_sizes(reverse: bool) -> None:
    torch.manual_seed(0)
    P = 2
    lstm = nn.LSTM(D, H, proj_size=P, batch_first=True, bidirectional=reverse).double()
    x, name = torch.randn(B, T, D, dtype=torch.float64), "l0_reverse" if reverse else "l0"
    own = nn.LSTM(D, H, proj_size=P, batch_first=True).double()
    of_run = {each.removesuffix("_reverse"): w for each, w in lstm.named_parameters()
              if each.endswith("_reverse") == reverse}  # fmt: skip
    own.load_state_dict(of_run)
    state, oracle = torch.zeros(1, P + H, dtype=torch.float64), []
    for x_t in x[0].flip(0) if reverse else x[0]:
        J = torch.autograd.functional.jacobian(
            lambda s, x_t=x_t: unrolled(own, x_t[None], s), state
        )
        oracle.append(J[0, :, 0])
        state = unrolled(own, x_t[None], state)
    found = jacobians(lstm, x, layer=name)
    same(found[::-1] if reverse else found, torch.stack(oracle))
    same(jacobians(trace(lstm, x), layer=name), found)
    assert lyapunov_exponents(lstm, x, layer=name).shape == (P + H,)
    rows = [gradient_flow(lstm, x, at=at, layer=name, state="joint")[0] for at in range(T)]
    same(gradient_map(lstm, x, layer=name, state="joint"), np.stack(rows))
    with_loss = {
        "layer": name,
        "loss_fn": lambda output, _: output[0][:, 2].sum() + output[1][1].sum(),
    }
    flow = gradient_flow(lstm, x, at=T - 1 if not reverse else 0, **with_loss)
    same(gradient_map(lstm, x, **with_loss)[T - 1 if not reverse else 0], flow[0])
    assert verify(lstm, x).ok
    points = fixed_points(lstm, [0.0] * D, starts=8, layer=name)
    assert len(points.kind) and points.states.shape[1] == P + H
    summed = attribution(own, x, target=(-1, 0), method="integrated", steps=64).sum((1, 2))
    same(summed, (own(x)[0] - own(0 * x)[0])[:, -1, 0].detach())


TRACED = trace(*made("gru"))["l0"]
WRONG: list[tuple[Callable[[], object], type[LstmVizError], str]] = [
    (lambda: jacobians(replace(TRACED, weights={})), ConfigError, "carries no weights"),
    (lambda: jacobians(TRACED, torch.zeros(B, T, D)), ConfigError, "Leave 'x' out"),
    (lambda: jacobians(made("gru")[0]), ConfigError, "needs its input"),
    (lambda: jacobians({"l0": TRACED}, layer="l7"), ConfigError, "no layer called 'l7'"),
    (lambda: gradient_flow(TRACED, layer="nonsense"), ConfigError, "no layer called 'nonsense'"),
    (lambda: jacobians({}), ConfigError, "holds no layer"),
    (lambda: verify({}), ConfigError, "holds no layer"),
    (lambda: trajectories({}), ConfigError, "holds no layer"),
    (lambda: trajectories(TRACED, torch.zeros(B, T, D)), ConfigError, "Leave 'x' out"),
    (lambda: responding(made("gru")[0], stretch=(1, 2)), ConfigError, "needs its input"),
    (
        lambda: jacobians(replace(TRACED, hidden=TRACED.hidden + 0.5)),
        UnsupportedModelError,
        "does not follow from its weights",
    ),
    (
        lambda: jacobians(replace(TRACED, lengths=np.array([T, 2]))),
        UnsupportedModelError,
        "several lengths",
    ),
]


@pytest.mark.parametrize(("call", "error", "fragment"), WRONG)
def test_what_cannot_be_read_is_told(
    call: Callable[[], object], error: type[LstmVizError], fragment: str
) -> None:
    with pytest.raises(error, match=fragment):
        call()
