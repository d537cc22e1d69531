"""A trace alone is read as what it is, in its own direction, or refused with the reason."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lstm_viz import (
    Traces,
    UnsupportedModelError,
    alarms,
    attribution,
    gradient_flow,
    intervene,
    jacobians,
    responding,
    trace,
    trajectories,
    verify,
)
from tests.instruments.layers import B, D, H, T, made


def same(one: Any, other: Any) -> None:
    np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-12)


class Reset(nn.Module):
    """A policy whose state is set back in one sample after step 3."""

    def __init__(self) -> None:
        super().__init__()
        self.gru = nn.GRU(D, H, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        h, found = None, []
        for t in range(x.shape[1]):
            output, h = self.gru(x[:, t : t + 1], h)
            found.append(output)
            if t == 2:
                h = h * torch.tensor([0.0, 1.0]).to(h)[:, None]
        return torch.cat(found, 1)


def test_a_state_that_the_model_changes_between_calls_is_told_as_that() -> None:
    torch.manual_seed(0)
    model, x = Reset(), torch.randn(2, T, D)
    assert jacobians(model, x[:, :3]).shape == (3, H, H)
    for instrument in (jacobians, gradient_flow, verify):
        with pytest.raises(UnsupportedModelError, match="between its calls, first before step 3"):
            instrument(model, x)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16])
@pytest.mark.parametrize("how", ["clamp", "silence"])
def test_a_trace_made_under_an_intervention_is_not_read_as_the_untouched_model(
    dtype: torch.dtype, how: str
) -> None:
    lstm, x = made("lstm")
    lstm, x = lstm.to(dtype), x.to(dtype)
    with torch.no_grad():
        lstm.bias_ih_l0[H : 2 * H] = 8.0  # hardly another gate than the clamped one
    what: Any = {"clamp": {"l0": {"forget": 1.0}}, "silence": {"l0": [0]}}
    with intervene(lstm, **{how: what[how]}):
        traces = trace(lstm, x, dtype=dtype)
    for instrument in (jacobians, gradient_flow, verify):
        with pytest.raises(UnsupportedModelError, match="made under an intervention"):
            instrument(traces)
    assert verify(trace(lstm, x, dtype=dtype)).ok


def test_a_reverse_layer_is_read_in_its_own_direction_also_where_the_other_one_nearly_fits(
    tmp_path: Path,
) -> None:
    torch.manual_seed(0)
    gru = nn.GRU(D, H, batch_first=True, bidirectional=True).double()
    x = 0.3 + 0.001 * torch.randn(1, T, D, dtype=torch.float64)
    with torch.no_grad():
        rest = torch.zeros(2, 1, H, dtype=torch.float64)
        for _ in range(100):
            rest = gru(torch.full_like(x, 0.3), rest)[1]
    model = Resting(gru, rest)
    trace(model, x).save(tmp_path / "kept.npz")
    for traces in (trace(model, x), Traces.load(tmp_path / "kept.npz")):
        for name, reverse in (("gru.l0", False), ("gru.l0_reverse", True)):
            assert traces[name].reverse == reverse
            same(gradient_flow(traces[name]), gradient_flow(model, x, layer=name))
    same(jacobians({"only": traces["gru.l0_reverse"]}), jacobians(model, x, layer="gru.l0_reverse"))


class Resting(nn.Module):
    def __init__(self, gru: nn.GRU, rest: Tensor) -> None:
        super().__init__()
        self.gru = gru
        self.register_buffer("rest", rest)

    def forward(self, x: Tensor) -> Tensor:
        return self.gru(x, self.rest)[0]


@pytest.mark.parametrize("kind", ["lstm", "gru"])
def test_the_answer_of_a_reverse_trace_is_that_of_its_own_direction(kind: str) -> None:
    layer, x = made(kind, bidirectional=True)
    of_trace = attribution(trace(layer, x)["l0_reverse"], target=(0, 1))
    assert np.abs(of_trace).max() > 0
    same(of_trace, attribution(layer, x, target=(0, H + 1)))


def test_what_reads_states_takes_a_trace_in_the_place_of_the_model() -> None:
    layer, x = made("lstm", bidirectional=True)
    traces = trace(layer, x)
    same(trajectories(traces, dimensions=2).places, trajectories(layer, x, dimensions=2).places)
    for given, name in ((traces, "l0_reverse"), (traces["l0_reverse"], None)):
        found = responding(given, stretch=(1, 2), layer=name, threshold=0.01)
        oracle = responding(layer, x, stretch=(1, 2), layer="l0_reverse", threshold=0.01)
        np.testing.assert_array_equal(found.together, oracle.together)
    dead = replace(traces["l0_reverse"], hidden=np.zeros((B, T, H)))
    assert [*map(str, alarms(dead))] == [*map(str, alarms({"l0_reverse": dead}))] != []
