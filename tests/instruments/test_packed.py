"""A packed batch is read sample by sample: each ends where it ends, and gradients stop there."""

import copy
import itertools
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from lstm_viz import alarms, attribution, gradient_flow, gradient_map, jacobians, verify
from lstm_viz.errors import UnsupportedModelError
from lstm_viz.instruments.trace import trace
from lstm_viz.instruments.watch import watch
from tests.instruments.oracle import Unrolled, assert_same
from tests.instruments.test_trace import KINDS

B, T, D, H = 4, 7, 3, 5
LENGTHS = [4, 7, 1, 7]
SORTED = [7, 7, 4, 1]


class Packs(nn.Module):
    """Packs what it gets, and reads all that the layer gives back, from states of its own."""

    def __init__(self, layer: nn.Module, *, sort: bool, states: Tensor | None = None) -> None:
        super().__init__()
        self.layer, self.sort = layer, sort
        self.states = None if states is None else nn.Parameter(states)

    def forward(self, x: Tensor, lengths: Any) -> Any:
        first = self.layer.batch_first
        packed = pack_padded_sequence(x, lengths, batch_first=first, enforce_sorted=not self.sort)
        hx: Any = self.states
        if hx is not None and isinstance(self.layer, nn.LSTM):
            hx = (hx, 2 * hx)
        return self.layer(packed, hx)


def loss_of(output: Any, _: Any = None) -> Tensor:
    """Each number weighs by its sample and place, so that a mistaken order shows."""
    sequence, last = output
    padded = pad_packed_sequence(sequence, batch_first=True)[0]
    return reads(padded, last)


def reads(padded: Tensor, last: Any) -> Tensor:
    samples = torch.arange(1.0, len(padded) + 1, dtype=padded.dtype)[:, None]
    found = padded.square() * torch.arange(1.0, padded.shape[1] + 1)[:, None] * samples[..., None]
    ends = last if isinstance(last, tuple) else (last,)
    return found.sum() + sum(
        ((k + 1) * (end * samples).square()).sum() for k, end in enumerate(ends)
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("layers", "bidirectional", "batch_first", "sort"),
    [(1, False, True, True), *itertools.product((2,), *[(False, True)] * 3)],
)
def test_each_sample_is_that_of_unrolled_autograd_on_it_alone(
    kind: str, layers: int, bidirectional: bool, batch_first: bool, sort: bool
) -> None:
    torch.manual_seed(layers)
    lengths = LENGTHS if sort else SORTED
    fused = KINDS[kind](D, H, layers, bidirectional=bidirectional, batch_first=batch_first)
    states = torch.randn(layers * (1 + bidirectional), B, H) if batch_first else None
    model, x = Packs(fused, sort=sort, states=states), torch.randn(B, T, D)
    given = x if batch_first else x.transpose(0, 1)

    traces = trace(model, given, torch.tensor(lengths), loss_fn=loss_of)

    for b, length in enumerate(lengths):
        own = copy.deepcopy(fused)
        own.batch_first = True
        unrolled = Unrolled(own)
        leaf = x[b : b + 1, :length].double().requires_grad_()
        hx: Any = None if states is None else states[:, b : b + 1].double()
        output, last = unrolled(leaf, (hx, 2 * hx) if hx is not None and kind == "lstm" else hx)
        weigh = [p * (b + 1) for p in (last if isinstance(last, tuple) else (last,))]
        places = torch.arange(1.0, length + 1)[:, None]
        loss = (output.square() * places).sum() * (b + 1)
        (loss + sum((k + 1) * p.square().sum() for k, p in enumerate(weigh))).backward()
        for name in unrolled.inside:
            assert_same(only(traces[f"layer.{name}"], b, length), unrolled, name)
        first = traces["layer.l0"].grad_input[b]
        np.testing.assert_allclose(first[:length], leaf.grad[0], rtol=1e-10, atol=1e-10)
        assert np.isnan(first[length:]).all()
    assert all(each.lengths.tolist() == lengths for each in traces.values())


def only(each: Any, b: int, length: int) -> Any:
    """One sample of a trace within its length; beyond it there is nothing."""
    found = copy.copy(each)

    def cut(values: Any) -> Any:
        if isinstance(values, dict):
            return {key: cut(part) for key, part in values.items()}
        if not isinstance(values, np.ndarray) or values.ndim < 3:
            return values
        assert np.isnan(values[b, length:]).all() and not np.isnan(values[b, :length]).any()
        return values[b : b + 1, :length]

    for field, values in vars(each).items():
        object.__setattr__(found, field, cut(values))
    return found


class Tagger(nn.Module):
    def __init__(self, kind: Any, **how: Any) -> None:
        super().__init__()
        self.layer = kind(D, H, 2, batch_first=True, bidirectional=True, **how)
        self.head = nn.Linear(2 * H, 2)

    def forward(self, x: Tensor, lengths: Tensor) -> Tensor:
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        output = self.layer(packed)[0]
        assert isinstance(output, PackedSequence)
        return self.head(pad_packed_sequence(output, batch_first=True)[0])


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
def test_watching_a_packed_training_changes_no_bit_and_shows_what_a_trace_shows(kind: Any) -> None:
    torch.manual_seed(0)
    model, x = Tagger(kind, dropout=0.5), torch.randn(2, B, T, D)
    plain, lengths = copy.deepcopy(model), torch.tensor(LENGTHS)
    watcher = watch(model)
    for each in (plain, model):
        torch.manual_seed(1)
        optimizer = torch.optim.Adam(each.parameters())
        if each is model:
            watcher.__enter__()
        for batch in x:
            optimizer.zero_grad()
            each(batch, lengths).square().sum().backward()
            before = copy.deepcopy(each.state_dict())
            optimizer.step()
    watcher.__exit__(None, None, None)
    for mine, theirs in zip(model.parameters(), plain.parameters(), strict=True):
        assert torch.equal(mine, theirs)
    model.load_state_dict(before)
    torch.manual_seed(1)
    model(x[0], lengths)  # draws what the first step drew
    expected = trace(model, x[1], lengths, loss_fn=lambda y, _: y.square().sum(), train=True)
    for name, each in watcher.traces.items():
        frame, other = each.to_frame(), expected[name].to_frame()
        np.testing.assert_allclose(frame, other, rtol=1e-4, atol=1e-4)
        assert frame["hidden"].isna().any()


def test_half_precision_is_as_the_layer_rounded_it() -> None:
    torch.manual_seed(0)
    model, x = Tagger(nn.LSTM).bfloat16(), torch.randn(B, T, D)
    full = trace(model, x, torch.tensor(LENGTHS))
    with watch(model) as watcher:
        model(x.bfloat16(), torch.tensor(LENGTHS)).sum().backward()
    for name, each in watcher.traces.items():
        np.testing.assert_allclose(each.cell, full[name].cell, atol=0.1)
        assert np.isnan(each.cell[2, 1:]).all()


class WantsPacked(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.gru = nn.GRU(D, H)

    def forward(self, packed: PackedSequence) -> Any:
        return self.gru(packed)[1]


ASKED: dict[str, Any] = {
    "flow": gradient_flow, "map": gradient_map, "jacobians": jacobians, "verify": verify,
}  # fmt: skip


@pytest.mark.parametrize("what", ASKED)
def test_other_instruments_take_packed_samples_of_one_length_and_refuse_several(what: str) -> None:
    x = torch.randn(T, 2, D)
    same = ASKED[what](WantsPacked(), pack_padded_sequence(x, [T, T]))
    assert same.ok if what == "verify" else np.isfinite(same).all()
    with pytest.raises(UnsupportedModelError, match=r"'gru.l0'.*several lengths.*one sample"):
        ASKED[what](WantsPacked(), pack_padded_sequence(x, [T, 3]))


def test_an_attribution_is_to_numbers_in_a_tensor() -> None:
    packed = pack_padded_sequence(torch.randn(T, 2, D), [T, 3])
    with pytest.raises(UnsupportedModelError, match=r"'gru' \(GRU\).*have it pack them"):
        attribution(WantsPacked(), packed, target=lambda h_n: h_n[0, :, 0])


def test_alarms_and_the_summary_judge_the_steps_that_there_are() -> None:
    layer = nn.LSTM(D, H)
    with torch.no_grad():
        layer.bias_ih_l0[H : 2 * H] = 40.0
        layer.weight_ih_l0.zero_()
        layer.weight_hh_l0.zero_()
    packed = pack_padded_sequence(torch.randn(40, 2, D), [40, 3])
    traces = trace(layer, packed, loss_fn=lambda output, _: output[1][0].sum())
    assert {alarm.values["gate"] for alarm in alarms(traces) if "open" in str(alarm)} == {"forget"}
    row = traces.summary().iloc[0]
    assert row["saturation"] == pytest.approx(1 / 3)
    assert row["gradient_first_over_last"] == pytest.approx(
        np.mean(traces["l0"].grad_norm("hidden")[:, 0])
        / np.mean(traces["l0"].grad_norm("hidden")[[0, 1], [39, 2]])
    )
    sequence = nn.RNN(1, 2, bias=False)
    with torch.no_grad():
        sequence.weight_hh_l0.mul_(1e-30)
    short = trace(sequence, pack_padded_sequence(torch.randn(9, 2, 1), [9, 2]),
                  loss_fn=lambda output, _: output[1].sum())  # fmt: skip
    assert [alarm.kind for alarm in alarms(short)] == ["gradient"]


class Shrinks(nn.Module):
    """Steps a cell or a layer by hand, and leaves samples out of the batch once they have ended."""

    def __init__(self, part: nn.Module) -> None:
        super().__init__()
        self.part = part

    def forward(self, x: Tensor) -> Tensor:
        state, read = None, x.new_zeros(())
        layer = isinstance(self.part, nn.RNNBase)
        for t in range(T):
            n = sum(length > t for length in SORTED)
            if state is not None:
                state = tuple(
                    s[..., :n, :] for s in (state if isinstance(state, tuple) else (state,))
                )
                state = state if len(state) > 1 else state[0]
            if layer:
                output, state = self.part(x[:n, t : t + 1], state)
            else:
                state = self.part(x[:n, t], state)
                output = state[0] if isinstance(state, tuple) else state
            read = read + (t + 1) * output.square().sum()
        return read


class Packed(Shrinks):
    def forward(self, x: Tensor) -> Tensor:
        output = self.part(pack_padded_sequence(x, SORTED, batch_first=True))[0]
        padded = pad_packed_sequence(output, batch_first=True)[0].square()
        return (padded * torch.arange(1.0, T + 1).to(x)[:, None]).sum()


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
@pytest.mark.parametrize("cell", [False, True])
def test_a_batch_that_shrinks_as_its_samples_end_is_read_as_a_packed_one(
    kind: str, cell: bool
) -> None:
    torch.manual_seed(0)
    fused = getattr(nn, kind)(D, H, batch_first=True).double()
    part = getattr(nn, f"{kind}Cell")(D, H).double() if cell else fused
    if cell:
        weights = fused.state_dict().items()
        part.load_state_dict({name.removesuffix("_l0"): each for name, each in weights})
    x = torch.randn(B, T, D).double()
    expected = trace(Packed(fused), x, loss_fn=lambda loss, _: loss)["part.l0"]
    with watch(model := Shrinks(part)) as watcher:
        model(x).backward()
        seen = watcher.traces
    for traces in (seen, trace(Shrinks(part), x, loss_fn=lambda loss, _: loss)):
        ((name, found),) = traces.items()
        assert name == ("part" if cell else "part.l0") and found.calls == tuple(range(T))
        assert found.lengths is not None and found.lengths.tolist() == SORTED
        for signal in ("input", "hidden", "cell", "grad_hidden", "grad_cell", "grad_input"):
            mine, own = getattr(found, signal), getattr(expected, signal)
            assert own is None or np.allclose(mine, own, 1e-10, 1e-10, equal_nan=True)
        for gate, own in expected.gates.items():
            assert np.allclose(found.gates[gate], own, 1e-10, 1e-10, equal_nan=True)


def test_a_part_of_the_batch_that_goes_on_from_other_rows_is_a_pass_of_its_own() -> None:
    class Picks(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.cell = nn.GRUCell(D, H)

        def forward(self, x: Tensor) -> Tensor:
            h = self.cell(x[:, 0])
            return self.cell(x[1:3, 1], h[1:3]).sum() + self.cell(x[:2, 1], h[:2] * 2).sum()

    traces = trace(Picks(), torch.randn(B, T, D), loss_fn=lambda loss, _: loss)
    assert [*traces] == ["cell", "cell#2", "cell#3"]
    assert all(each.lengths is None for each in traces.values())
