"""The tables of what can be read and of what cannot: every row is a model of the tests, traced
while the site is built.
"""

import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import torch
from torch import nn

from lstm_viz.errors import LstmVizError
from lstm_viz.instruments.own_cells import register_cell
from lstm_viz.instruments.trace import trace
from lstm_viz.instruments.traces import Traces
from tests.instruments import (
    layers,
    test_cells,
    test_own_cells,
    test_packed,
    test_repeated,
    test_trace,
    test_unsupported,
    test_variants,
    test_whole_models,
    users_cells,
)


class Shape(NamedTuple):
    """One way in which recurrent layers run, and the models of the tests that run so."""

    said: str
    layers: Sequence[str]
    """Kinds of layers in the models; those that are traced where none is said."""
    make: Callable[[], Traces]
    """The trace of the first of them."""
    test: str


def shapes() -> Iterator[Shape]:
    """All of them, the plain ones first."""
    kinds = [*test_trace.KINDS]
    yield Shape("one call", kinds, _called({}), "test_trace")
    both = {"num_layers": 2, "bidirectional": True}
    yield Shape("two layers, both directions", kinds, _called(both), "test_trace")
    own = [name for name in layers.LAYERS if name not in kinds]
    said = "one call of a layer of this package"
    yield Shape(said, own, lambda: trace(*layers.made(own[0])), "test_unrolled")
    yield Shape("a packed batch, not sorted", kinds, _packed, "test_packed")
    for what in test_repeated.RUNS:
        yield Shape(what, [*test_repeated.LAYERS], _repeated(what), "test_repeated")
    cells = [f"{kind} cell" for kind in test_cells.CELLS]
    for what in test_cells.RUNS:
        yield Shape(f"a cell in a loop: {what}", cells, _stepped(what), "test_cells")
    registered = [cell.__name__ for cell in test_own_cells.every_cell.args[1]]
    yield Shape("a registered cell of one's own", registered, _registered, "test_own_cells")
    for what, (make, x) in test_variants.TRAINED.items():
        yield Shape(what, (), lambda make=make, x=x: trace(make(), x), "test_variants")
    for what, make in test_whole_models.MODELS.items():
        yield Shape(what, (), lambda make=make: _whole(make), "test_whole_models")


def read() -> str:
    """The table of what can be read."""
    rows, count = [], 0
    for shape in shapes():
        found = _quietly(shape.make)
        kinds = shape.layers or list(dict.fromkeys(each.kind for each in found.values()))
        count += len(kinds)
        keys = ", ".join(f"`{key}`" for key in found)
        left_out = "".join(f"; left out: `{key}`" for key in found.left_out)
        begins = next(iter(found.values())).calls
        rows.append(
            f"| {shape.said} | {', '.join(kinds).replace('_', ' ')} | {keys}{left_out} "
            f"| {', '.join(map(str, begins))} | `{shape.test}` |"
        )
    head = (
        f"{count} models in {len(rows)} shapes.\n\n"
        "| What runs | Layers | Keys of its traces, for the first of these layers "
        "| Where the calls of the first key begin | Test |\n|---|---|---|---|---|\n"
    )
    return head + "\n".join(rows)


def refused() -> str:
    """The table of what cannot: the sentences are those that are raised."""
    x, rows = torch.randn(test_unsupported.B, test_unsupported.T, test_unsupported.D), []
    cases = test_unsupported.REFUSED_AT_ONCE | test_unsupported.REFUSED_ON_RUNNING
    models = {what: test_unsupported.Holds(part, run) for what, (part, run, _) in cases.items()}
    models["weights on the device 'meta'"] = nn.RNN(x.shape[-1], 2, device="meta")
    models["compiled by torch.jit"] = _quietly(lambda: torch.jit.script(nn.GRU(x.shape[-1], 2)))
    for what, model in models.items():
        try:
            _quietly(lambda model=model: trace(model, x, loss_fn=lambda y, _: _total(y)))
        except LstmVizError as error:
            rows.append(f"| {what} | {_escaped(str(error))} |")
        else:
            raise AssertionError(f"{what} can be read")
    return "| What | What is said |\n|---|---|\n" + "\n".join(rows)


def _called(how: dict[str, Any]) -> Callable[[], Traces]:
    layer = nn.RNN(test_trace.D, test_trace.H, batch_first=True, **how)
    return lambda: trace(layer, torch.randn(test_trace.B, test_trace.T, test_trace.D))


def _packed() -> Traces:
    layer = nn.RNN(test_packed.D, test_packed.H, batch_first=True)
    x = torch.randn(test_packed.B, test_packed.T, test_packed.D)
    return trace(test_packed.Packs(layer, sort=True), x, torch.tensor(test_packed.LENGTHS))


def _repeated(what: str) -> Callable[[], Traces]:
    return lambda: trace(*test_repeated.made(next(iter(test_repeated.LAYERS)), what))


def _stepped(what: str) -> Callable[[], Traces]:
    return lambda: trace(*test_cells.made(next(iter(test_cells.CELLS)), what))


def _registered() -> Traces:
    register_cell(users_cells.Peephole, users_cells.peephole, keeps="forget")
    return trace(*test_own_cells.given(users_cells.Peephole))


def _whole(make: Callable[[], nn.Module]) -> Traces:
    return trace(make().double().eval(), test_whole_models.x)


def _total(output: Any) -> torch.Tensor:
    return (output[0] if isinstance(output, tuple) else output).sum()


def _quietly(make: Callable[[], Any]) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return make()


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")
