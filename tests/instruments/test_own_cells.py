"""Cells of somebody's own, told by their equations: against autograd through their own code."""

from collections import defaultdict
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lstm_viz import (
    ConfigError,
    LstmVizWarning,
    UnsupportedModelError,
    film,
    fit,
    jacobians,
    register_cell,
    trace,
    watch,
)
from tests.figures.message import unpack
from tests.instruments.users_cells import (
    EALSTM,
    B,
    D,
    H,
    Kept,
    Minimal,
    Model,
    Normalised,
    Peephole,
    S,
    T,
    ealstm,
    minimal,
    normalised,
    peephole,
)


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lstm_viz.instruments.own_cells.REGISTERED", {})
    register_cell(Peephole, peephole, keeps="forget")
    register_cell(Normalised, normalised, kind="layer_norm_lstm")
    register_cell(EALSTM, ealstm, sequence=True, arguments=lambda x_d, x_s: (x_d, None, x_s))
    register_cell(Minimal, minimal, states=("hidden",), sequence=True)


every_cell = pytest.mark.parametrize("cell", [Peephole, Normalised, EALSTM, Minimal])


def given(cell: type[Kept]) -> tuple[Model, Tensor, Tensor]:
    torch.manual_seed(0)
    model = Model(cell).double()
    return model, torch.randn(B, T, D).double(), torch.randn(B, S).double()


def loss_of(output: Tensor, _: Any = None) -> Tensor:
    return (output[:, -1] ** 2).sum() + output[:, 2].sum()


def assert_same(traces: Any, cell: Kept) -> None:
    found = traces["cell"]
    assert list(traces) == ["below.l0", "cell"]
    assert cell.kept is not None
    names = set(cell.kept) - {"x", "hidden", "cell"}
    assert set(found.gates) == names and len(names) > 1
    pairs = [(found.input, cell.array("x")), (found.grad_input, cell.array("x", grad=True))]
    for state in ("hidden", "cell"):
        if state in cell.kept:
            pairs += [(getattr(found, state), cell.array(state))]
            pairs += [(getattr(found, f"grad_{state}"), cell.array(state, grad=True))]
    for name in names:
        a = torch.from_numpy(cell.array(name))
        squash = torch.sigmoid if name != "candidate" else torch.tanh
        if isinstance(cell, Minimal) and name == "candidate":
            squash = torch.sin
        pairs += [(found.gates[name], squash(a).numpy())]
        pairs += [(found.grad_gates[name], cell.array(name, grad=True))]
    for mine, oracle in pairs:
        assert np.abs(oracle).max() > 0
        np.testing.assert_allclose(mine, oracle, rtol=1e-10, atol=1e-10)


def reference(model: Model, x: Tensor, static: Tensor) -> None:
    model.cell.kept = defaultdict(list)
    loss_of(model(x, static)).backward()


@every_cell
def test_traced_exactly(cell: type[Kept]) -> None:
    model, x, static = given(cell)
    traces = trace(model, x, static, loss_fn=loss_of)
    reference(model, x, static)
    assert_same(traces, model.cell)
    assert not traces.left_out


@every_cell
def test_watched_exactly_and_without_a_mark(cell: type[Kept]) -> None:
    model, x, static = given(cell)
    model.cell.kept = None
    alone, *_ = given(cell)
    loss_of(alone(x, static)).backward()
    with watch(model) as watcher:
        loss_of(model(x, static)).backward()
        for mine, theirs in zip(model.parameters(), alone.parameters(), strict=True):
            assert mine.grad is not None and torch.equal(mine.grad, theirs.grad)
        with torch.no_grad():  # an optimizer's step must not be seen
            for weight in model.parameters():
                weight.add_(1.0)
        x.zero_()
        static.zero_()
    traces = watcher.traces
    model, x, static = given(cell)
    reference(model, x, static)
    assert_same(traces, model.cell)


def test_fit_trains_a_module_of_such_a_cell_and_its_film_shows_it() -> None:
    class Answers(Model):
        def forward(self, x: Tensor) -> Tensor:  # type: ignore[override]
            return super().forward(x, x[:, 0, :S])[:, -1:]

    torch.manual_seed(0)
    data = (np.random.default_rng(0).random((30, T, D)), np.random.default_rng(1).random(30))
    result = fit(Answers(Peephole), data, epochs=1, progress=False)
    assert [*result.frames[-1].layers] == ["below.l0", "cell"]
    header, _ = unpack(film(result)._saved.film)
    assert {"forget", "input", "candidate", "output"} <= set(header["films"][0]["signals"])


def test_the_summary_tells_time_constants_of_the_gate_that_keeps() -> None:
    model, x, static = given(Peephole)
    row = trace(model, x, static).summary().set_index("layer").loc["cell"]
    assert row["kind"] == "Peephole" and row["time_constant_median"] > 0
    kept = trace(model, x, static)["cell"].gates["forget"]
    assert row["time_constant_longest"] == pytest.approx((-1 / np.log(kept)).mean((0, 1)).max(), 1)


def test_equations_that_are_not_those_of_the_cell_are_told() -> None:
    def without_peepholes(cell: Any, x: Tensor, states: Any, gate: Any) -> Any:
        h, c = states
        i, f, g, o = (cell.of_x(x) + cell.of_h(h)).chunk(4, 1)
        c = gate("forget", f) * c + gate("input", i) * gate("candidate", g)
        return gate("output", o) * c.tanh(), c

    model, x, static = given(Peephole)
    wrong = {
        "other values than its equations": without_peepholes,
        "must give a tensor": lambda cell, x, states, gate: states[0],
        "of_nothing": lambda cell, x, states, gate: cell.of_nothing,
    }
    for reason, equations in wrong.items():
        register_cell(Peephole, equations)
        with pytest.warns(LstmVizWarning, match=reason):
            traces = trace(model, x, static)
        assert list(traces) == ["below.l0"] and reason in traces.left_out["cell"]


def test_a_call_that_is_not_as_registered_is_told_and_stops_no_training() -> None:
    register_cell(EALSTM, ealstm, sequence=True)  # its second argument is no state
    model, x, static = given(EALSTM)
    with watch(model) as watcher:
        loss_of(model(x, static)).backward()
    with pytest.warns(LstmVizWarning, match="'arguments' and 'returns'"):
        assert list(watcher.traces) == ["below.l0"]


class Sums(nn.Module):
    """h_t = tanh(x_t W + h_{t-1}), over a sequence."""

    batch_first = True

    def __init__(self) -> None:
        super().__init__()
        self.of_x = nn.Linear(D, H)

    def forward(self, x: Tensor) -> Tensor:
        h = [x.new_zeros(len(x), H)]
        for step in self.of_x(x).unbind(1):
            h.append(torch.tanh(step + h[-1]))
        return torch.stack(h[1:], 1)


def test_a_bare_layer_of_ones_own_has_the_key_of_a_bare_layer() -> None:
    def sums(cell: Any, x: Tensor, states: Any, gate: Any) -> Any:
        return (gate("candidate", cell.of_x(x) + states[0]),)

    register_cell(Sums, sums, states=("hidden",), sequence=True)
    assert list(trace(Sums(), torch.ones(2, 3, D))) == ["l0"]


@pytest.mark.parametrize(
    ("gates", "keeps", "fragment"),
    [
        ([("a", H - 1)], None, r"gate 'a' in the shape \(B, H\) = \(2, {H}\)"),
        ([("a", H), ("a", H)], None, "gate 'a' twice"),
        ([("a", H), ("b", H)], "forget", "no gate 'forget'.*Gates: a, b"),
    ],
)
def test_gates_that_there_cannot_be_are_told(gates: Any, keeps: Any, fragment: str) -> None:
    def equations(cell: Any, x: Tensor, states: Any, gate: Any) -> Any:
        a = cell.of_x(x) + states[0]
        for name, width in gates:
            gate(name, a[:, :width])
        return (torch.tanh(a),)

    register_cell(Sums, equations, states=("hidden",), sequence=True, keeps=keeps)
    with pytest.raises(UnsupportedModelError, match=fragment.format(H=H)):
        trace(Sums(), torch.ones(2, 3, D))


def test_other_instruments_say_that_they_read_no_cell_of_ones_own() -> None:
    model, x, _ = given(Minimal)
    with pytest.raises(UnsupportedModelError, match="a cell of your own"):
        jacobians(model.cell, x.transpose(0, 1))


def test_only_the_class_whose_forward_it_is() -> None:
    class Inherits(Peephole):
        pass

    class Another(Peephole):
        def forward(self, x: Tensor, state: Any = None) -> Any:
            return super().forward(x, state)[::-1]

    x = torch.ones(1, D)
    assert list(trace(Inherits(), x)) == ["cell"]
    with pytest.raises(UnsupportedModelError, match="register_cell"):
        trace(Another(), x)


@pytest.mark.parametrize(
    ("how", "fragment"),
    [
        ({"cell": Peephole.forward}, "by its class"),
        ({"cell": nn.Module}, "'forward' of Module is PyTorch's"),
        ({"cell": nn.Linear}, "'forward' of Linear is PyTorch's"),
        ({"cell": type("Mine", (nn.LSTM,), {})}, "'forward' of Mine is PyTorch's"),
        ({"equations": None}, "'equations' of a cell must be a function"),
        ({"returns": 3}, "'returns' of a cell must be a function"),
        ({"states": ("cell",)}, "'states' of a cell must be"),
        ({"kind": "lstm"}, "kind 'lstm' already"),
    ],
)
def test_a_mistake_is_told(how: dict[str, Any], fragment: str) -> None:
    with pytest.raises(ConfigError, match=fragment):
        register_cell(**{"cell": Peephole, "equations": peephole, **how})
