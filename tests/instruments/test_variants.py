"""Layers that are not the plain ones, or not called plainly: projected, unbatched, subclassed."""

import copy
import itertools
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

from lstm_viz.errors import LstmVizWarning, UnsupportedModelError
from lstm_viz.instruments.trace import trace
from lstm_viz.instruments.watch import watch
from tests.instruments.oracle import Unrolled, assert_equal_traces, assert_same
from tests.instruments.test_trace import Started, every_output

B, T, D, H, P = 3, 6, 4, 5, 2


@pytest.mark.parametrize(
    ("bidirectional", "bias", "batch_first"), list(itertools.product(*[(False, True)] * 3))
)
def test_a_projected_lstm_is_that_of_unrolled_autograd(
    bidirectional: bool, bias: bool, batch_first: bool
) -> None:
    torch.manual_seed(0)
    how: Any = {"bidirectional": bidirectional, "bias": bias, "batch_first": batch_first}
    fused, x = nn.LSTM(D, H, 2, proj_size=P, **how), torch.randn(T, T, D)
    runs = 2 * (1 + bidirectional)
    states = torch.randn(runs, T, P).double(), torch.randn(runs, T, H).double()
    unrolled, leaf = Unrolled(fused), x.double().requires_grad_()
    every_output(unrolled(leaf, states), None).backward()
    found = trace(Started(fused, *states), x, loss_fn=every_output)
    for name in unrolled.inside:
        each = found[f"layer.{name}"]
        assert_same(each, unrolled, name)
        assert (each.hidden.shape[-1], each.cell.shape[-1]) == (P, H)
    expected = leaf.grad if batch_first else leaf.grad.transpose(0, 1)
    np.testing.assert_allclose(found["layer.l0"].grad_input, expected, rtol=1e-10, atol=1e-10)
    frame = found["layer.l0"].to_frame()
    assert len(frame) == T * T * H and frame["hidden"].isna().mean() == pytest.approx(1 - P / H)
    assert found.summary()["dead_units"].tolist() == [0] * runs


class Steps(nn.Module):
    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, x: Tensor) -> Any:
        state, found = None, []
        for x_t in x.split(1):
            output, state = self.layer(x_t, state)
            found.append(output)
        return torch.cat(found), state


@pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")
def test_a_projected_lstm_may_be_stepped_packed_watched_and_in_half_precision() -> None:
    torch.manual_seed(0)
    layer, x = nn.LSTM(D, H, proj_size=P), torch.randn(T, B, D)
    whole = trace(layer, x, loss_fn=every_output)
    stepped = trace(Steps(layer), x, loss_fn=every_output)
    assert_equal_traces({"l0": stepped["layer.l0"]}, dict(whole), atol=1e-10)
    short = trace(layer, pack_padded_sequence(x, [T, 3, 3]), loss_fn=lambda y, _: y[1][1].sum())
    alone = trace(layer, x[:3, 1:2], loss_fn=lambda y, _: y[1][1].sum())["l0"]
    for field in ("hidden", "cell", "grad_cell", "grad_hidden"):
        mine = getattr(short["l0"], field)[1]
        np.testing.assert_allclose(mine[:3], getattr(alone, field)[0], rtol=1e-10, atol=1e-12)
        assert np.isnan(mine[3:]).all()
    with watch(layer) as watcher:
        every_output(layer(x), None).backward()
    assert_equal_traces(watcher.traces, whole, atol=1e-4)
    with watch(half := copy.deepcopy(layer).bfloat16()) as watcher:
        every_output(half(x.bfloat16()), None).backward()
    np.testing.assert_allclose(watcher.traces["l0"].cell, whole["l0"].cell, atol=0.05)


@pytest.mark.parametrize("batch_first", [False, True])
@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
def test_a_sequence_without_a_batch_is_a_batch_of_one(kind: Any, batch_first: bool) -> None:
    torch.manual_seed(0)
    layer = kind(D, H, 2, batch_first=batch_first, bidirectional=True).double()
    x, states = torch.randn(T, D).double(), torch.randn(2, 4, H).double()
    hx = tuple(states) if kind is nn.LSTM else states[0]
    model = Started(layer, *(hx if kind is nn.LSTM else (hx,)))
    batch = Started(layer, *(s[:, None] for s in (hx if kind is nn.LSTM else (hx,))))
    expected = trace(batch, x[None] if batch_first else x[:, None], loss_fn=every_output)
    found = trace(model, x, loss_fn=every_output)
    assert_equal_traces(found, dict(expected), atol=1e-12)
    np.testing.assert_allclose(found["layer.l1"].grad_input, expected["layer.l1"].grad_input)
    with watch(model) as watcher:
        every_output(model(x), None).backward()
    assert_equal_traces(watcher.traces, dict(expected), atol=1e-12)


class Packs(nn.LSTM):
    def forward(self, x: Tensor, lengths: Any) -> Any:  # type: ignore[override]
        packed = pack_padded_sequence(x, lengths, batch_first=self.batch_first)
        return super().forward(packed)[1][0][-1]


class Scales(nn.GRU):
    def forward(self, x: Tensor) -> Any:  # type: ignore[override]
        output, last = super().forward(x * 2.0)
        return output * 3.0, last


class ScalesMore(Scales):
    def forward(self, x: Tensor) -> Any:  # type: ignore[override]
        return super().forward(x + 1.0)


class Clips(nn.LSTMCell):
    def forward(self, x: Tensor, state: Any = None) -> Any:  # type: ignore[override]
        h, c = super().forward(x, state)
        return h, c.clamp(-0.1, 0.1)


class Past(nn.LSTM):
    def forward(self, x: Tensor) -> Any:  # type: ignore[override]
        return x.cumsum(1)


class Holds(nn.Module):
    def __init__(self, **parts: nn.Module) -> None:
        super().__init__()
        for name, part in parts.items():
            self.add_module(name, part)

    def forward(self, x: Tensor) -> Any:
        return sum(part(x).sum() for part in self.children())


def test_a_subclass_is_read_where_it_calls_the_layer_that_it_is() -> None:
    torch.manual_seed(0)
    layer, x = ScalesMore(D, H, batch_first=True), torch.randn(B, T, D).double()
    plain = nn.GRU(D, H, batch_first=True)
    plain.load_state_dict(layer.state_dict())
    found = trace(layer, x, loss_fn=lambda y, _: y[0].square().sum())
    expected = trace(plain, (x + 1.0) * 2.0, loss_fn=lambda y, _: (3.0 * y[0]).square().sum())
    assert_equal_traces(found, dict(expected), atol=1e-10)
    assert type(layer) is ScalesMore
    with watch(layer.double()) as watcher:
        layer(x)[0].square().sum().backward()
        assert type(layer) is ScalesMore and type(copy.deepcopy(layer)) is ScalesMore
    assert_equal_traces(watcher.traces, dict(expected), atol=1e-10)
    packs = Packs(D, H, batch_first=True)
    assert trace(packs, x, [T, 4, 2])["l0"].lengths.tolist() == [T, 4, 2]
    cell = Clips(D, H)
    assert list(trace(cell, x[:, 0])) == ["cell"]


def test_a_subclass_that_does_not_is_left_out_with_its_reason() -> None:
    x, gru = torch.randn(B, T, D), nn.GRU(D, D, batch_first=True)
    with pytest.raises(UnsupportedModelError, match=r"Past has a 'forward' of its own.*super\(\)"):
        trace(Past(D, H), x)
    with watch(past := Past(D, H)) as watcher:
        past(x)
        with pytest.raises(UnsupportedModelError, match=r"Past has a 'forward' of its own"):
            _ = watcher.traces
    model = nn.Sequential(Past(D, H), gru)
    with pytest.warns(LstmVizWarning, match=r"Left out of the traces: '0'\. .*of its own"):
        assert list(trace(model, x)) == ["1.l0"]
    with watch(model) as watcher:
        model(x)[0].sum().backward()
        with pytest.warns(LstmVizWarning, match=r"Left out of the traces: '0'\. .*of its own"):
            found = watcher.traces
    assert list(found) == ["1.l0"] and "super().forward" in found.left_out["0"]


class Shared(nn.Module):
    """One layer at two places, and another with the same weights."""

    def __init__(self) -> None:
        super().__init__()
        self.one = nn.GRU(D, D, batch_first=True)
        self.two, self.tied = self.one, nn.GRU(D, D, batch_first=True)
        for name, weight in self.one.named_parameters():
            setattr(self.tied, name, weight)

    def forward(self, x: Tensor) -> Tensor:
        return self.tied.forward(self.two(self.one(x)[0])[0])[0]


def test_shared_and_tied_layers_are_read_each_time_they_run() -> None:
    torch.manual_seed(0)
    model, x = Shared(), torch.randn(B, T, D)
    plain = nn.Sequential(nn.GRU(D, D, batch_first=True))
    plain[0].load_state_dict(model.one.state_dict())
    found = trace(model, x, loss_fn=lambda y, _: y.square().sum())
    assert list(found) == ["one.l0", "one.l0#2", "tied.l0"]
    for name, above in (("one.l0", "one.l0#2"), ("one.l0#2", "tied.l0")):
        np.testing.assert_allclose(found[name].hidden, found[above].input, atol=1e-12)
        # and its loss is what the layer above sends down
        given, x = (torch.from_numpy(v) for v in (found[above].grad_input, found[name].input))
        again = trace(plain, x, loss_fn=lambda y, t: (y[0] * t).sum(), targets=given)["0.l0"]
        np.testing.assert_allclose(found[name].grad_hidden, again.grad_hidden, atol=1e-12)


class Casts(nn.Module):
    """Makes float32 of what it gets, wherever it is."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm, self.cell = nn.LSTM(D, H, batch_first=True), nn.GRUCell(H, H)

    def forward(self, x: Tensor) -> Tensor:
        first = torch.zeros(1, len(x), H, dtype=torch.float32)
        output = self.lstm(x.float(), (first, first))[0].to(torch.float32)
        return self.cell(output[:, -1].float(), first[0])


def test_a_model_that_casts_to_float32_is_traced_in_float64_at_its_layers() -> None:
    torch.manual_seed(0)
    model, x = Casts(), torch.randn(B, T, D)
    found = trace(model, x, loss_fn=lambda h, _: h.square().sum())
    unrolled = Unrolled(model.lstm)
    unrolled(x)
    np.testing.assert_allclose(found["lstm.l0"].hidden, unrolled.array("l0", "hidden"), atol=1e-10)
    assert found["cell"].grad_input.any() and found["lstm.l0"].grad_hidden.any()


class Ends(nn.Module):
    """The sum of squares of all that a layer returns."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, x: Tensor) -> Tensor:
        output = self.layer(x)
        return every_output(output, None) if isinstance(output, tuple) else output.square().sum()


TRAINED: dict[str, tuple[Any, Tensor]] = {
    "projected": (lambda: Ends(nn.LSTM(D, H, 2, proj_size=P, dropout=0.5)), torch.randn(T, B, D)),
    "without a batch": (lambda: Ends(nn.GRU(D, H)), torch.randn(T, D)),
    "shared": (lambda: Ends(Shared()), torch.randn(B, T, D)),
    "stepped": (lambda: Ends(Steps(nn.LSTM(D, H, 2, dropout=0.5))), torch.randn(T, B, D)),
    "a subclass that drops out": (
        lambda: Ends(ScalesMore(D, H, 2, dropout=0.5)), torch.randn(T, B, D),
    ),
    "a subclass beside": (
        lambda: Ends(nn.Sequential(Past(D, H), nn.GRU(D, H))), torch.randn(T, B, D),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", TRAINED)
def test_watching_them_changes_no_bit_of_the_training(what: str) -> None:
    make, x = TRAINED[what]
    torch.manual_seed(0)
    model = make()
    plain = copy.deepcopy(model)
    watcher = watch(model)
    for each in (plain, model):
        torch.manual_seed(1)
        optimizer = torch.optim.Adam(each.parameters(), lr=0.05)
        if each is model:
            watcher.start()
        for _ in range(3):
            optimizer.zero_grad()
            each(x).backward()
            optimizer.step()
    watcher.stop()
    for mine, theirs in zip(model.parameters(), plain.parameters(), strict=True):
        assert torch.equal(mine, theirs)
