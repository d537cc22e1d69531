"""A cell's steps packed for the browser: its diagram, every number of every step and unit.

All of it travels once: stepping through time and changing the unit ask nobody.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from lstm_viz.figures.cell.beginning import steadiest, telling_steps
from lstm_viz.figures.cell.svg import drawing, translated
from lstm_viz.figures.packing import pack
from lstm_viz.figures.palette import LOOKS, NEGATIVE, THEMES, Theme
from lstm_viz.figures.rows import Arrays, add
from lstm_viz.instruments.anatomy import Anatomy
from lstm_viz.measures.gates import half_lives
from lstm_viz.models.cell import Array
from lstm_viz.models.cells import cell_of
from lstm_viz.models.diagram import Case, Diagram, Operation, Telling, Way, Words, cases
from lstm_viz.numerals import numeral
from lstm_viz.words import N_, _

Single = npt.NDArray[np.float32]

THIN, WIDE, WIDEST = 2.0, 8.0, 18.0
"""Widths of a line at 0, at its signal's reach, and there on the belt."""
DECADES = 6
"""Powers of ten below the largest gradient of a sample at which a line is thinnest."""
MOST_INPUTS = 3
"""Inputs that are told as numbers and drawn in the strip."""
NO_GRADIENT = ("slope.", "factor")
"""Signals of the backward mode that are factors: numbers of their own size."""
WORDS = {
    "forward": N_("Forward"),
    "backward": N_("Backward"),
    "back": N_("One step back"),
    "on": N_("One step on"),
    "play": N_("Play"),
    "pause": N_("Pause"),
    "speed": N_("Speed"),
    "time": N_("Time step"),
    "unit": N_("Unit"),
    "place": N_("t = {t} of {last}"),
    "timeline": N_("Time"),
    "told": N_("Unit {unit} at t = {t}"),
    "keys": N_(
        "Left, right: time step; with shift: training. Up, down: unit. Space: play. B: backward. "
        "Point at an operation: equation."
    ),
    "input": N_("input x"),
    "direction": N_("Direction"),
    "gain": N_("remains: {gain}"),
}
WITHOUT_GRADIENT = {
    "told": N_("Your cell at t = {t}"),
    "keys": N_("Left, right: time step. Space: play. Point at an operation: equation."),
}
"""What is said of gates set by hand: there is one unit, and no loss."""


def diagram_of(anatomy: Anatomy) -> Diagram:
    """The diagram of its cell, with the cell's own parts missing."""
    return cell_of(anatomy.kind).diagram(anatomy.options)


def derived(anatomy: Anatomy) -> dict[str, Array]:
    """What sentences say beside the anatomy's own signals."""
    if "factor" not in anatomy.backward:
        return {}
    return {"half_life": half_lives(anatomy.backward["factor"])}


def cell_view(
    anatomy: Anatomy,
    diagram: Diagram | None = None,
    *,
    inputs: Sequence[str] | None = None,
    cursor: int | None = None,
    unit: int | None = None,
    pinned: Sequence[int] | None = None,
    marks: npt.NDArray[np.bool_] | None = None,
    topic: str | None = None,
    subject: str = "",
    notes: Sequence[str] = (),
    on_stage: bool = False,
    plays: bool = False,
    example: Mapping[str, str | int] | None = None,
) -> bytes:
    """Pack every step of an anatomy with the diagram of its cell.

    - `diagram`: in the place of the cell's own. `inputs`: (T,) how each x_t is written.
    - `marks`: (T,) steps to point out in the strip, and to begin at.
    - `cursor`: the picked t. `pinned`: the picked units, by their numbers in the layer, the last
      of which is drawn; `unit` is, where none of them is in the layer.
    - `topic`: the feed's name for it, where the feed brings it.
    - `subject`: components of one, such as a run, have one selection. `notes`: what it is of.
    - `example`: its name (`example`) for who changes it, the `layer` and the training `step`.
    - `on_stage`: a film beside it has the clocks and the unit's lines; `plays`: by itself, once.
    """
    first = steadiest(anatomy) if diagram is None else 0
    diagram = diagram or diagram_of(anatomy)
    said = translated(anatomy.reverse)
    words = WORDS if anatomy.backward else {**WORDS, **WITHOUT_GRADIENT}
    arrays: list[npt.NDArray[Any]] = []
    header = {
        "topic": topic,
        "subject": subject,
        "notes": list(notes),
        "stage": on_stage,
        "plays": plays,
        **(example or {}),
        "svg": drawing(diagram, said),
        "steps": len(anatomy.input),
        "first": anatomy.first,
        "reverse": anatomy.reverse,
        "units": anatomy.units.tolist(),
        "cursor": cursor,
        "unit": unit if unit is not None else int(anatomy.units[first]),
        "telling": telling_steps(anatomy, marks),
        "pinned": list(pinned) if pinned is not None else None,
        "ways": {way.id: _way(way) for way in diagram.ways},
        "operations": {each.id: _operation(each, said) for each in diagram.operations},
        "clauses": {
            "forward": [_words(each, said) for each in diagram.forward],
            "backward": [_words(each, said) for each in diagram.backward],
        },
        "marks": np.flatnonzero(marks).tolist() if marks is not None else [],
        "state": diagram.state,
        "gradient": diagram.gradient if anatomy.backward else None,
        "strip": {
            "forward": _(LOOKS["cell" if diagram.state == "c" else "hidden"].name),
            "backward": "log₁₀ |dL/dc|" if diagram.gradient == "dc" else "log₁₀ |dL/dh|",
        },
        "decades": DECADES,
        "widths": [THIN, WIDE, WIDEST],
        "looks": {theme: _look(diagram, theme) for theme in THEMES},
        "words": {key: _(word) for key, word in words.items()},
        **_numbers(anatomy, inputs, arrays),
    }
    return pack(header, arrays)


def _numbers(anatomy: Anatomy, inputs: Sequence[str] | None, arrays: Arrays) -> dict[str, Any]:
    """Every number of every step and unit; what it brings along is added to `arrays`."""
    signals: dict[str, dict[str, Any]] = {}
    plain, gradients = _parted(anatomy.backward)
    for name, values in {**anatomy.forward, **plain, **derived(anatomy)}.items():
        with np.errstate(over="ignore"):  # of a run that diverged: infinite, as in the network
            array = add(values.astype(np.float32), arrays)
        signals[name] = {"array": array, "reach": reach(values)}
    for group in gradients:
        mantissas, exponents = with_exponent(group)
        shared = add(exponents, arrays)
        for name, sent in mantissas.items():
            signals[name] = {"array": add(sent, arrays), "exponent": shared, "gradient": True}
    few = anatomy.input.shape[1] <= MOST_INPUTS
    return {
        "signals": signals,
        "x": list(inputs) if inputs is not None else written(anatomy.input),
        "inputs": add(anatomy.input.astype(np.float32), arrays) if few else None,
        "top": top(gradients),
    }


def short(value: float) -> str:
    """A number as labels show it.

    >>> short(-0.1234), short(12.0), short(0.00004)
    ('−0.12', '12', '4·10⁻⁵')
    """
    if not math.isfinite(value):
        return "–"
    if value == 0 or 0.005 <= abs(value) < 1000:
        return f"{value:.2f}".replace("-", "−") if abs(value) < 10 else numeral(value)
    return numeral(value, 1)


def reach(values: Array) -> float:
    """The size at which a line is widest: 1 for gates, else the largest there is."""
    finite = np.abs(values[np.isfinite(values)])
    return max(1.0, float(finite.max(initial=0.0)))


def _parted(backward: Mapping[str, Array]) -> tuple[dict[str, Array], list[dict[str, Array]]]:
    """Factors, and the groups of gradients that share an exponent at each step of each unit."""
    plain = {name: v for name, v in backward.items() if name.startswith(NO_GRADIENT)}
    gain = {name: v for name, v in backward.items() if name == "gain"}
    rest = {name: v for name, v in backward.items() if name not in plain and name not in gain}
    return plain, [group for group in (rest, gain) if group]


def with_exponent(group: Mapping[str, Array]) -> tuple[dict[str, Single], Single]:
    """Values as mantissas of one exponent of 2 at each place: float32 ends at 1e-45.

    >>> mantissas, exponents = with_exponent({"a": np.array([[3e-200]])})
    >>> round(float(mantissas["a"][0, 0]) * 2.0 ** float(exponents[0, 0]) * 1e200, 6)
    3.0
    """
    largest = np.max([np.abs(values) for values in group.values()], axis=0)
    exponents = np.frexp(np.where(np.isfinite(largest), largest, 1.0))[1]
    with np.errstate(over="ignore"):  # beside what is not finite
        mantissas = {
            name: np.ldexp(values, -exponents).astype(np.float32) for name, values in group.items()
        }
    return mantissas, exponents.astype(np.float32)


def top(gradients: Sequence[Mapping[str, Array]]) -> float:
    """The power of ten of the largest gradient."""
    if not gradients:
        return 0.0
    found = [np.abs(v[np.isfinite(v)]).max(initial=0.0) for v in gradients[0].values()]
    largest = max(map(float, found), default=0.0)
    return math.log10(largest) if largest > 0 else 0.0


def written(x: Array) -> list[str]:
    """(T,) each input as text: its numbers where they are few."""
    if x.shape[1] > MOST_INPUTS:
        return [_("{count} numbers").format(count=x.shape[1])] * len(x)
    return [", ".join(short(float(value)) for value in row) for row in x]


def _look(diagram: Diagram, theme: Theme) -> dict[str, Any]:
    used = {way.look for way in diagram.ways} | {way.grad for way in diagram.ways}
    used |= {operation.look for operation in diagram.operations}
    used |= {"series", "cell", "hidden", "grad_cell", "grad_hidden"}
    return {
        "negative": NEGATIVE[theme],
        "colours": {signal: LOOKS[signal][theme] for signal in sorted(used)},
    }


def _way(way: Way) -> dict[str, Any]:
    return {
        "forward": way.forward,
        "backward": way.backward,
        "look": way.look,
        "grad": way.grad,
        "said": way.said,
        "belt": way.belt,
    }


def _operation(operation: Operation, said: Callable[[str], str]) -> dict[str, Any]:
    def told(telling: Telling) -> dict[str, Any]:
        return {
            "equation": said(telling.equation),
            "numbers": telling.numbers,
            "means": _words(telling.means, said),
        }

    return {
        "name": said(operation.name),
        "look": operation.look,
        "missing": said(operation.missing),
        "forward": told(operation.forward),
        "backward": told(operation.backward),
    }


def _words(words: Words, said: Callable[[str], str]) -> list[dict[str, Any]]:
    """The cases of which the browser takes the first that fits."""
    return [
        {
            "words": written_into(said(case.words), case),
            "signal": case.signal,
            "low": case.low,
            "below": case.below,
        }
        for case in cases(words)
    ]


def written_into(words: str, case: Case) -> str:
    """Words with what the case inserts.

    >>> written_into("{output%} of [shown]", Case("", insert={"shown": "tanh(c)"}))
    '{output%} of tanh(c)'
    """
    for name, text in case.insert.items():
        words = words.replace(f"[{name}]", text)
    return words
