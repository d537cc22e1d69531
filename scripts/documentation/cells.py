"""A page for each cell, made of its spec: its equations beside the code that runs them."""

import inspect
import re
import textwrap
from collections.abc import Iterator
from types import FunctionType
from typing import Any

from latex2mathml.converter import convert

from lstm_viz.models.cells import CELLS
from lstm_viz.models.spec import CellSpec, FusedSpec
from scripts.documentation.notebooks import WIDE

LETTER = re.compile(r"<mi>(.)</mi>")
INDEX = """# Cells

Every cell says its equations in one file, and all that is shown of it follows from that file:
traces, diagrams, sentences and these pages. The ones that PyTorch runs as one operation are
read from its own layer; the others run step by step.

| Cell | Its name in `cell=` | Gates | State |
|---|---|---|---|
"""


def titles() -> dict[str, str]:
    """Page -> title, in the order of the table of cells."""
    return {f"cells/{kind}.md": spec.label for kind, spec in CELLS.items()}


def pages() -> dict[str, str]:
    """Page -> its Markdown."""
    rows = [
        f"| [{spec.label}]({kind}.md) | `{kind}` "
        f"| {', '.join(gate.name.replace('_', ' ') for gate in spec.gates) or 'none'} "
        f"| {', '.join(state.replace('_', ' ') for state in spec.states)} |"
        for kind, spec in CELLS.items()
    ]
    made = {f"cells/{kind}.md": page(spec) for kind, spec in CELLS.items()}
    return {"cells/index.md": INDEX + "\n".join(rows) + "\n", **made}


def page(spec: CellSpec) -> str:
    """All that a cell says of itself."""
    return WIDE + "\n\n".join(_parts(spec)) + "\n"


def _parts(spec: CellSpec) -> Iterator[str]:
    options = {name: option.limit.default for name, option in spec.options.items()}
    yield f"# {spec.label}"
    yield spec.summary
    yield inspect.getdoc(type(spec)) or ""
    yield "## A step"
    yield _equations(spec.formulas(options))
    yield spec.convention(options)
    if spec.swaps:
        yield f"The same where the {spec.swaps} gate is written the other way round:"
        yield _equations(spec.swapped_formulas(options))
        yield spec.swapped_convention(options)
    if spec.gates:
        yield "| Gate | Letter |\n|---|---|\n" + "\n".join(
            f"| `{gate.name}` | {_mathematics(gate.letter)} |" for gate in spec.gates
        )
    yield "## The code that runs it"
    module = inspect.getmodule(type(spec))
    assert module is not None
    yield f"`{module.__name__.replace('.', '/')}.py`"
    yield _code(spec, "forward" if isinstance(spec, FusedSpec) else "step")
    if isinstance(spec, FusedSpec):
        yield "And backwards, from dL/dh_t to every earlier step:"
        yield _code(spec, "backward")
    yield "## Its settings"
    yield f'`lstm_viz.fit(cell="{spec.kind}", ...)` trains one.'
    if spec.options:
        yield "| Name | Default | What it does |\n|---|---|---|\n" + "\n".join(
            f"| `{name}` | `{option.limit.default!r}` | {option.help} |"
            for name, option in spec.options.items()
        )


def _equations(formulas: tuple[str, ...]) -> str:
    lines = "".join(f"<div>{_mathematics(formula)}</div>" for formula in formulas)
    return f'<div class="equations">{lines}</div>'


def _mathematics(latex: str) -> str:
    """MathML, which browsers draw by themselves; its letters are marked for the style sheet."""
    return LETTER.sub(r'<mi class="letter">\1</mi>', convert(latex))


def _code(spec: CellSpec, start: str) -> str:
    """The method, and below it what it calls of its own file."""
    sources = [
        textwrap.dedent(inspect.getsource(each)).rstrip() for each in _called(spec, start, set())
    ]
    return "```python\n" + "\n\n".join(sources) + "\n```"


def _called(spec: CellSpec, name: str, seen: set[Any]) -> Iterator[FunctionType]:
    function = getattr(type(spec), name)
    todo = [function]
    while todo:
        each = todo.pop(0)
        if each in seen:
            continue
        seen.add(each)
        yield each
        for called in each.__code__.co_names:
            own = getattr(type(spec), called, None) or each.__globals__.get(called)
            if isinstance(own, FunctionType) and own.__module__ in _homes(spec):
                todo.append(own)


def _homes(spec: CellSpec) -> set[str]:
    """The files of the cell's own classes."""
    below = type(spec).__mro__[: type(spec).__mro__.index(CellSpec)]
    general = {"lstm_viz.models.spec"}
    return {each.__module__ for each in below} - general
