"""What comes back: a mapping that can be read, summed up, logged and kept in a file."""

import json
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lstm_viz.errors import DataError
from lstm_viz.instruments.layer_trace import LayerTrace
from lstm_viz.instruments.trace import trace
from lstm_viz.instruments.traces import Traces
from lstm_viz.measures.alarms import alarms
from lstm_viz.models.layers import LSTMVariant, NestedLSTM
from tests.instruments.oracle import Unrolled

B, T, D, H = 3, 6, 4, 5


class Asked(nn.Module):
    """Its forward takes more than one argument, and some by name."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(D, H, batch_first=True)

    def forward(self, x: Any, scale: Any = None, *, shift: Any = 0.0) -> Tensor:
        return self.lstm(_tensor(x) * (1.0 if scale is None else _tensor(scale)) + _tensor(shift))[
            0
        ]


def _tensor(value: Any) -> Any:
    """The tensor in an argument of any kind."""
    if isinstance(value, Batch | Loaded):
        return value.x
    if isinstance(value, dict):
        return _tensor(value["x"])
    return value[0] if isinstance(value, tuple) else value


@dataclass(frozen=True)
class Batch:
    x: Tensor
    name: str = "batch"


class Loaded:
    def __init__(self, x: Tensor) -> None:
        self.x = x


def values(shift: float = 0.0) -> Tensor:
    return torch.linspace(-1.0, 1.0, B * T * D).reshape(B, T, D) + shift


CALLS: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "two arguments": ((values(), torch.tensor(2.0)), {}),
    "by name": ((), {"x": values(), "scale": torch.tensor(2.0)}),
    "by name beside": ((values(),), {"scale": 2.0, "shift": torch.zeros(B, 1, D)}),
    "a tuple is one argument": (((values(), "its name"), torch.tensor(2.0)), {}),
    "a dict": (({"x": values()}, 2.0), {}),
    "an ordered dict": ((OrderedDict(x=values()),), {"scale": 2.0}),
    "a dataclass": ((Batch(values()), 2.0), {}),
    "an object of a loader": ((Loaded(values()), 2.0), {}),
}


@pytest.mark.parametrize("call", CALLS)
def test_the_arguments_are_those_of_forward(call: str) -> None:
    model, (args, kwargs) = Asked(), CALLS[call]
    found = trace(model, *args, loss_fn=lambda output, _: output.sum(), **kwargs)["lstm.l0"]
    expected = trace(model.lstm, 2.0 * values(), loss_fn=lambda output, _: output[0].sum())["l0"]
    np.testing.assert_allclose(found.input, 2.0 * values(), atol=1e-6)
    np.testing.assert_allclose(found.grad_input, expected.grad_input, atol=1e-6)
    held = args[0] if args else kwargs["x"]
    assert _tensor(held).dtype == torch.float32 and torch.equal(_tensor(held), values())


@dataclass(slots=True)
class Slots:
    x: Tensor


class Writes(nn.Module):
    """Into the batch that it gets."""

    def __init__(self) -> None:
        super().__init__()
        self.gru = nn.GRU(D, H, batch_first=True)

    def forward(self, batch: Slots) -> Tensor:
        batch.x.mul_(3.0)
        return self.gru(batch.x / 3.0)[0]


def test_a_batch_with_slots_is_a_copy_in_the_precision_of_the_trace() -> None:
    held = Slots(values(0.1))
    found = trace(Writes(), held)["gru.l0"]
    assert torch.equal(held.x, values(0.1))
    np.testing.assert_allclose(found.input, values(0.1).double(), rtol=1e-14)


class Trains(nn.Module):
    """Another layer in training mode, dropout before it, and dropout between its levels."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(D)
        self.lstm = nn.LSTM(D, H, 2, batch_first=True, dropout=0.4)
        self.other = nn.GRU(D, H, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return self.other(x)[0]
        x = self.norm(x.transpose(1, 2)).transpose(1, 2)
        return self.lstm(nn.functional.dropout(x, 0.5, self.training))[0]


def test_a_trace_in_training_mode_is_of_what_training_computes() -> None:
    model, seen = Trains().double(), []
    model.lstm.register_forward_hook(lambda _module, args, output: seen.append((args, output)))
    model.eval()
    before, random = model.norm.running_mean.clone(), torch.get_rng_state()
    assert list(trace(model, values())) == ["other.l0"]
    found = trace(model, values(), train=True, loss_fn=lambda output, _: output.square().sum())
    assert not model.training and torch.equal(model.norm.running_mean, before)
    assert torch.equal(torch.get_rng_state(), random)
    assert list(found) == ["lstm.l0", "lstm.l1"]
    seen.clear()
    model.train()(values().double())  # draws the same numbers
    (x,), (output, _) = seen[0]
    np.testing.assert_allclose(found["lstm.l0"].input, x.detach(), atol=1e-12)
    np.testing.assert_allclose(found["lstm.l1"].hidden, output.detach(), atol=1e-12)


LAYERS = {
    "rnn": lambda **how: nn.RNN(D, H, 2, **how),
    "lstm": lambda **how: nn.LSTM(D, H, 2, **how),
    "gru": lambda **how: nn.GRU(D, H, 2, **how),
}


def every_output(output: Any, _: Any = None) -> Tensor:
    last = output[1] if isinstance(output[1], tuple) else (output[1],)
    return sum((part.square().sum() + part.sum() for part in last), output[0].square().sum())


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.parametrize("bidirectional", [False, True])
def test_the_derivative_by_the_input_is_autograds(kind: str, bidirectional: bool) -> None:
    torch.manual_seed(0)
    layer, x = LAYERS[kind](bidirectional=bidirectional, batch_first=True), torch.randn(B, T, D)
    unrolled, leaf = Unrolled(layer), x.double().requires_grad_()
    every_output(unrolled(leaf)).backward()
    found = trace(layer, x, loss_fn=every_output)
    for name, each in found.items():
        upper = name.startswith("l1")  # both directions read one tensor, the oracle's own
        expected = unrolled.array(name, "input", grad=True) if upper else leaf.grad
        np.testing.assert_allclose(each.grad_input, expected, rtol=1e-10, atol=1e-10)
    assert trace(layer, x)["l0"].grad_input is None


def test_the_first_states_are_those_that_were_given() -> None:
    layer, states = nn.LSTM(D, H, 2, bidirectional=True), torch.randn(2, 4, B, H)
    model = Holder(layer, tuple(states))
    found = trace(model, values().transpose(0, 1))
    for k, each in enumerate(found.values()):
        np.testing.assert_allclose(each.initial_hidden, states[0, k], atol=1e-12)
        np.testing.assert_allclose(each.initial_cell, states[1, k], atol=1e-12)
    plain = trace(nn.GRU(D, H), values())["l0"]
    assert not plain.initial_hidden.any() and plain.initial_cell is None
    assert plain.lengths is None and plain.calls == (0,)


class Holder(nn.Module):
    def __init__(self, layer: nn.Module, states: Any) -> None:
        super().__init__()
        self.layer, self.states = layer, states

    def forward(self, x: Tensor) -> Any:
        return self.layer(x, self.states)


@pytest.mark.parametrize("make", [LSTMVariant, NestedLSTM])
def test_a_layer_of_this_package_says_as_much(make: Any) -> None:
    layer, leaf = make(D, H, 2, bidirectional=True).double(), values().double().requires_grad_()
    every_output(layer(leaf)).backward()
    first = torch.rand(4, T, H, dtype=torch.float64)
    found = trace(layer, values(), loss_fn=every_output)
    expected = leaf.grad.transpose(0, 1)
    np.testing.assert_allclose(found["l0_reverse"].grad_input, expected, rtol=1e-10, atol=1e-10)
    begun = trace(Holder(layer, (first,) * len(layer.spec.states)), values())
    np.testing.assert_array_equal(begun["layer.l1"].initial_cell, first[2])


def some() -> Traces:
    torch.manual_seed(0)
    model = nn.Sequential(nn.LSTM(D, H, batch_first=True))
    model.add_module("other", nn.Identity())
    layers = dict(trace(model, values(), loss_fn=lambda output, _: every_output(output)))
    options = trace(LSTMVariant(D, H, peepholes=True, batch_first=True), values())["l0"]
    rnn = trace(nn.RNN(D, H, bidirectional=True), values())
    return Traces({**layers, "v.l0": options, **rnn}, {"cell": "Why it is not there."})


def test_what_is_saved_comes_back_as_it_was(tmp_path: Any) -> None:
    traces, path = some(), tmp_path / "run"
    traces.save(path)
    again = Traces.load(str(path))
    assert list(again) == list(traces) and again.left_out == traces.left_out
    for name, each in traces.items():
        for field in vars(each):
            mine, theirs = getattr(again[name], field), getattr(each, field)
            assert type(mine) is type(theirs) or isinstance(theirs, dict)
            if isinstance(theirs, dict):
                assert list(mine) == list(theirs)
                for key in theirs:
                    np.testing.assert_array_equal(mine[key], theirs[key])
            else:
                np.testing.assert_array_equal(mine, theirs)


def test_a_file_of_something_else_or_of_a_later_version_is_refused(tmp_path: Any) -> None:
    path = tmp_path / "x.npz"
    np.savez(path, about=np.array(json.dumps({"format": "lstm_viz traces", "version": 99})))
    with pytest.raises(DataError, match=r"version 99.*later one"):
        Traces.load(path)
    np.savez(path, weights=np.ones(3))
    for wrong in (path, tmp_path / "missing"):
        with pytest.raises(DataError, match="holds no traces"):
            Traces.load(wrong)
    for other in (b"\x80\x04K\x01.", b"hello"):  # a pickle is not opened, nor advised
        path.write_bytes(other)
        with pytest.raises(DataError, match=r"holds no traces: it is no file of plain numbers\."):
            Traces.load(path)


@pytest.mark.parametrize("loss_fn", [None, lambda output, _: output[0].sum()])
def test_of_a_batch_of_no_samples_nothing_is_said_and_nothing_is_warned_of(loss_fn: Any) -> None:
    nothing = trace(nn.LSTM(D, H, batch_first=True), torch.zeros(0, T, D), loss_fn=loss_fn)
    row = nothing.summary().iloc[0]
    assert row.drop(["layer", "kind", "T", "H"]).isna().all()
    assert nothing.scalars() == {} and alarms(nothing) == ()


def test_the_summary_says_what_the_arrays_say() -> None:
    steps = np.arange(1, 5)
    keeps = np.exp(-1 / 20.0)
    forget = np.stack([np.full(4, keeps), np.full(4, 0.5)], -1)[None]
    gates = {"input": np.full((1, 4, 2), 0.05), "forget": forget,
             "candidate": np.ones((1, 4, 2)), "output": np.full((1, 4, 2), 0.5)}  # fmt: skip
    hidden = np.stack([steps, np.zeros(4)], -1)[None].astype(float)
    grad = (steps[:, None] * np.ones(2))[None].astype(float)
    layer = LayerTrace("lstm", hidden, hidden, hidden, gates, grad, grad)
    row = Traces({"a.l0": layer, "a.l0_reverse": layer}).summary().set_index("layer")
    assert row.loc["a.l0", ["kind", "T", "H", "dead_units"]].tolist() == ["lstm", 4, 2, 1]
    assert row.loc["a.l0", "saturation"] == pytest.approx((1 + 0.5) / 3)
    assert row.loc["a.l0", "time_constant_longest"] == pytest.approx(20.0)
    assert row.loc["a.l0", "gradient_first_over_last"] == pytest.approx(0.25)
    assert row.loc["a.l0_reverse", "gradient_first_over_last"] == pytest.approx(4.0)


def test_scalars_are_floats_by_name_and_leave_out_what_is_not_there() -> None:
    found = some().scalars()
    assert all(type(number) is float and not np.isnan(number) for number in found.values())
    assert {"0.l0/saturation", "0.l0/forget_left", "v.l0/time_constant_median"} <= set(found)
    assert "l0/saturation" not in found and "l0/dead_units" in found
    assert "v.l0/gradient_first_over_last" not in found  # it had no loss


def test_traces_are_shown_in_a_few_lines_and_as_a_table() -> None:
    traces = some()
    assert len(repr(traces).splitlines()) <= 7 and len(repr(traces)) < 400
    assert "0.l0: lstm, B=3, T=6, D=4, H=5, with derivatives" in repr(traces)
    many = Traces({f"encoder.layers.{k}.lstm.l0": traces["0.l0"] for k in range(40)},
                  {f"layer {k}": "" for k in range(40)})  # fmt: skip
    assert len(repr(many)) < 400 and "36 more" in repr(many)
    table = Traces({"<b>": traces["0.l0"]}, {"cell": "a < b"})._repr_html_()
    assert "&lt;b&gt;" in table and "<b>" not in table and "a &lt; b" in table
    frame = traces.to_frame()
    assert frame.columns[0] == "layer" and set(frame["layer"]) == set(traces)
    assert len(frame) == sum(each.hidden.size for each in traces.values())
    with pytest.raises(TypeError):
        traces["0.l0"] = traces["v.l0"]  # type: ignore[index]
