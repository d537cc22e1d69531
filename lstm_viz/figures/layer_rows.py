"""A layer's rows in the film: the input, the gates, the states, the gradients."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lstm_viz.data.dataset import NOT_SCORED, Dataset, Scaler
from lstm_viz.figures.drawn_frames import DrawnSignal, linear_ends
from lstm_viz.figures.palette import ASIDE, LOOKS, THEMES, Signal, role_of
from lstm_viz.figures.rows import (
    Bundle,
    Heat,
    Line,
    Lines,
    Pinned,
    Row,
)
from lstm_viz.figures.worked import worked
from lstm_viz.instruments.layer_trace import LayerTrace
from lstm_viz.measures.gates import time_constants
from lstm_viz.measures.summary import is_registered, kept_share
from lstm_viz.models.cells import cell_of
from lstm_viz.runs.frames import Answers, Frame, LayerFrame
from lstm_viz.words import N_, _

ORDER: tuple[Signal, ...] = (
    "forget",
    "input",
    "reset",
    "update",
    "candidate",
    "output",
    "inner_forget",
    "inner_input",
    "inner_candidate",
    "inner_output",
)
"""Gates in the order in which a step uses them; a layer has some of these."""
SPACES = {" ": "␣", "\n": "⏎", "\t": "⇥"}
MOST_SYMBOLS = 20
"""Symbols up to which each has a row of its own in the picture of the input."""
ANSWER, ATTENTION = "answer", "attention"
"""Signals of the read-out, beside those of a layer."""


def input_rows(
    dataset: Dataset, inputs: Answers, target: Answers | None = None, height: int = 96
) -> list[Row]:
    """What the network reads, (T, D): numbers as lines, a few symbols as rows, a text as nothing.

    With a `target` (P,) also what it should answer after the last step, as a dot, and beside it
    what it does answer, both also in numbers. The letters of a text stand at the time axis; see
    `letters`.
    """
    if not dataset.symbols:
        lines = [
            Line("series", inputs[:, column], name=_(name), dashed=column > 0)
            for column, name in enumerate(dataset.input_names)
        ]
        said = ""
        if target is not None and dataset.problem == "regression":
            lines += _answers(at_the_end(target[0], len(inputs)))
            said = worked(dataset, inputs, target)
        axis = "x" if dataset.scaler == Scaler() else _("x (scaled)")
        title = _("input x, targets as differences") if dataset.differences else _("input x")
        return [Lines(lines, y=axis, reads=True, worked=said, title=title, height=height)]
    if len(dataset.symbols) > MOST_SYMBOLS:
        return []
    one_hot = (np.arange(len(dataset.symbols))[:, None] == inputs[:, 0]).astype(np.float32)
    heat = Heat(
        "series",
        one_hot,
        y=_("symbol"),
        labels=dataset.symbols,
        title=_("input x, one symbol a step"),
        height=max(height, 16 * len(dataset.symbols)),
        reads=True,
    )
    return [heat]


def read_rows(layer: LayerFrame, height: int = 96) -> list[Row]:
    """What the layer reads at each moment of a watched loop; nothing of many features."""
    names = read_signals(layer, 0)
    lines = [
        Line("series", source=name, name=f"x{k}" if len(names) > 1 else "x", dashed=k > 0)
        for k, name in enumerate(names)
    ]
    return [Lines(lines, y="x", title=_("input x"), height=height)] if lines else []


def read_signals(layer: LayerFrame, sample: int) -> dict[str, DrawnSignal]:
    """The same on one sample, as it travels with a frame."""
    if layer.reads is None:
        return {}
    return {
        f"input_x{k}": DrawnSignal(values, *linear_ends(values))
        for k, values in enumerate(layer.reads[sample].T)
    }


def answer_rows(dataset: Dataset, target: Answers, scored: Answers) -> list[Row]:
    """The target and the answer, where they do not fit into the row of the input.

    `scored`, in the target's shape, says where the score looks at them: an answer is drawn there
    alone, and a target that is asked for but not scored in grey.
    """
    if dataset.problem == "regression":
        return []
    title = _("answer")
    if dataset.problem == "binary":
        lines = _answers(at_the_end(target[0], dataset.window))
        return [Lines(lines, y=_("probability"), low=0.0, high=1.0, title=title, height=72)]
    if len(dataset.classes) > MOST_SYMBOLS:
        return []
    return [
        Lines(
            _answers_at_steps(target.astype(np.float64), scored)
            if dataset.every_step
            else _answers(at_the_end(float(target[0]), dataset.window)),
            y=_("class"),
            low=-0.5,
            high=len(dataset.classes) - 0.5,
            names=[_(name) for name in dataset.classes],
            title=title,
            height=max(72, 15 * len(dataset.classes)),
        )
    ]


def _answers(truth: np.ndarray) -> list[Line]:
    return [
        Line("truth", truth, name=_("target"), dots=True, ring=True),
        Line("prediction", source=ANSWER, name=_("answer"), dots=True),
    ]


def _answers_at_steps(target: np.ndarray, scored: Answers) -> list[Line]:
    lines = _answers(np.where(scored, target, np.nan))
    beside = (target != NOT_SCORED) & ~scored
    if beside.any():
        grey: dict[str, str] = {theme: ASIDE[theme] for theme in THEMES}
        unscored = np.where(beside, target, np.nan)
        name = _("target, not scored")
        lines.append(Line("truth", unscored, name=name, dots=True, ring=True, colour=grey))
    return lines


def at_the_end(value: float, steps: int) -> np.ndarray:
    """(T,): an answer after the last step, and nothing before it."""
    values = np.full(steps, np.nan)
    values[-1] = value
    return values


def drawn_readout(
    dataset: Dataset, frame: Frame, sample: int, scored: Answers
) -> dict[str, DrawnSignal]:
    """What the read-out does on one of the probe's examples: its answer where it is `scored`, in
    the target's shape, and its attention.
    """
    answer = np.asarray(frame.answer[sample], np.float64)
    at_steps = np.where(scored, answer, np.nan)
    values = at_steps if dataset.every_step else at_the_end(answer[0], dataset.window)
    ends = {"binary": (0.0, 1.0), "classes": (-0.5, len(dataset.classes) - 0.5)}
    signals = {ANSWER: DrawnSignal(values, *ends.get(dataset.problem, linear_ends(answer)))}
    if frame.attention is not None:
        weights = frame.attention[sample]
        signals[ATTENTION] = DrawnSignal(weights, 0.0, linear_ends(weights)[1])
    return signals


def letters(dataset: Dataset, inputs: Answers) -> list[str] | None:
    """(T,) the symbols of an input to write at the time axis; None where it is numbers."""
    if not dataset.symbols:
        return None
    return [visible(dataset.symbols[int(code)]) for code in inputs[:, 0]]


def visible(letter: str) -> str:
    """A letter as it can be seen: spaces and line ends by their signs, others by their numbers."""
    if letter in SPACES:
        return SPACES[letter]
    return letter if letter.isprintable() else f"U+{ord(letter):04X}"


def attention_rows(frame: Frame, height: int = 84) -> list[Row]:
    """How much an attention read-out looks at each step; nothing without one."""
    if frame.attention is None:
        return []
    title = _("attention of the read-out")
    line = Line("attention", source=ATTENTION)
    return [Lines([line], y=_("weight"), title=title, height=height)]


def gates_of(layer: LayerFrame | LayerTrace) -> list[Signal]:
    """A layer's gates in the order in which a step uses them."""
    gates: Sequence[Signal] = [*layer.gates]
    return sorted(gates, key=lambda gate: ORDER.index(role_of(gate)))


def open_or_shut(layer: LayerFrame) -> list[Signal]:
    """The gates among these: what lies between 0 and 1. The candidate, which is written, does not.

    An LSTM by its parts may have none.
    """
    return [gate for gate in gates_of(layer) if not LOOKS[gate].signed]


def states_of(layer: LayerFrame | LayerTrace) -> list[Signal]:
    """The layer's states: the inner cell, the cell, the hidden state, as far as it has them."""
    states: dict[Signal, object] = {"inner_cell": layer.inner_cell, "cell": layer.cell}
    return [*(name for name, values in states.items() if values is not None), "hidden"]


def swapped(layer: LayerFrame) -> LayerFrame:
    """A GRU's layer to be drawn in the other convention: its update gate is 1 - z.

    Nothing is derived from it: time constants and saturation follow the cell's own z.
    """
    return replace(layer, gates={**layer.gates, "update": 1 - layer.gates["update"]})


SWAPPED = N_("1 - z (update gate z)")
"""What a film says over the values that `swapped` gives."""


def names_of(layer: LayerFrame, *, swapped: bool = False) -> dict[Signal, str]:
    """What this layer's equations call a signal, where it is not the signal's usual name."""
    gates = () if is_registered(layer) else cell_of(layer.kind).gates
    names: dict[Signal, str] = {gate.name: _(gate.label) for gate in gates if gate.label}  # type: ignore[misc]
    if swapped:
        names["update"] = _(SWAPPED)
    return names


def gate_rows(layer: LayerFrame, height: int | None = None) -> list[Heat]:
    """Every gate of a layer, unit x time, on the fixed scale of its nonlinearity."""
    return [Heat(gate, height=height) for gate in gates_of(layer)]


def state_rows(layer: LayerFrame, height: int | None = None, *, each: bool = False) -> list[Heat]:
    """c_t (where there is one) and h_t, unit x time, diverging from 0; `each` on its own scale."""
    return [Heat(signal, height=height, each=each) for signal in states_of(layer)]


def state_lines(layer: LayerFrame, height: int = 132) -> Bundle:
    """The layer's longest memory, one thin line a unit: c_t, or h_t where there is no cell."""
    if layer.cell is None:
        return Bundle("hidden", _("h"), _("hidden state h, a line a unit"), height)
    return Bundle("cell", _("c"), _("cell state c, a line a unit"), height)


def memory(layer: LayerFrame) -> np.ndarray | None:
    """(U,): each unit's time constant in steps; None where no share of the state is kept."""
    kept = kept_share(layer)
    return None if kept is None else time_constants(kept)


def longest_memory(layer: LayerFrame) -> int:
    """The number of the unit that keeps longest; the first unit where no gate says so."""
    constants = memory(layer)
    return int(layer.units[0 if constants is None else constants.argmax()])


def pinned_gates(layer: LayerFrame, *, newest: bool = False) -> Pinned:
    """The pinned units' gates; those of the `newest` pinned unit alone."""
    return Pinned(gates_of(layer), y=_("activation"), newest=newest)


def pinned_states(layer: LayerFrame, *, newest: bool = False) -> Pinned:
    """The pinned units' states; those of the `newest` pinned unit alone."""
    return Pinned(states_of(layer), y="h" if layer.cell is None else _("c and h"), newest=newest)
