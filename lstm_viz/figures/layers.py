"""A layer's frame as rows of strips: the input, the gates, the states, the gradients."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lstm_viz.data.dataset import Dataset, Scaler
from lstm_viz.figures.measures import time_constants
from lstm_viz.figures.palette import GRU_CANDIDATE, LOOKS, Signal
from lstm_viz.figures.strips import (
    FLOAT32_FLOOR,
    Heat,
    Line,
    Lines,
    Row,
    Rule,
    UnitLines,
    round_step,
)
from lstm_viz.training.frames import Answers, Frame, LayerFrame, Norms, Values
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
MOST_SYMBOLS = 20
"""Symbols up to which each has a row of its own in the picture of the input."""
FLOOR_LABEL = N_("float32 ends here: 1.4e-45")
FLOOR_AXIS = (1e-50, 1.0)
"""An axis that shows where float32 ends."""


def input_rows(dataset: Dataset, inputs: Answers, height: int = 96) -> list[Row]:
    """What the network reads, (T, D): numbers as lines, a few symbols as rows, a text as nothing.

    The letters of a text stand at the time axis; see `letters`.
    """
    if not dataset.symbols:
        lines = [
            Line("series", inputs[:, column], name=_(name), dashed=column > 0)
            for column, name in enumerate(dataset.input_names)
        ]
        axis = "x" if dataset.scaler == Scaler() else _("x (scaled)")
        return [Lines(lines, y=axis, title=_("input x"), height=height)]
    if len(dataset.symbols) > MOST_SYMBOLS:
        return []
    one_hot = (np.arange(len(dataset.symbols))[:, None] == inputs[:, 0]).astype(np.float32)
    heat = Heat(
        "series",
        one_hot,
        low=0.0,
        high=1.0,
        y=_("symbol"),
        labels=dataset.symbols,
        title=_("input x, one symbol a step"),
        height=max(height, 16 * len(dataset.symbols)),
    )
    return [heat]


def letters(dataset: Dataset, inputs: Answers) -> list[str] | None:
    """(T,) the symbols of an input to write at the time axis; None where it is numbers."""
    if not dataset.symbols:
        return None
    return [visible(dataset.symbols[int(code)]) for code in inputs[:, 0]]


def visible(letter: str) -> str:
    """A letter as it can be seen: spaces and line ends by their signs."""
    return {" ": "␣", "\n": "⏎", "\t": "⇥"}.get(letter, letter)


def attention_rows(frame: Frame, sample: int, height: int = 84) -> list[Row]:
    """How much an attention read-out looks at each step; nothing without one."""
    if frame.attention is None:
        return []
    line = Line("attention", frame.attention[sample])
    return [
        Lines(
            [line],
            y=_("weight (sum 1)"),
            low=0.0,
            title=_("attention of the read-out"),
            height=height,
        )
    ]


def gates_of(layer: LayerFrame) -> list[Signal]:
    """A layer's gates in the order in which a step uses them."""
    return [gate for gate in ORDER if gate in layer.gates]


def swapped(layer: LayerFrame) -> LayerFrame:
    """A GRU's layer in the other convention: its update gate is 1 - z, and near 1 it renews."""
    return replace(layer, gates={**layer.gates, "update": 1 - layer.gates["update"]})


def gate_rows(layer: LayerFrame, sample: int, height: int | None = None) -> list[Heat]:
    """Every gate of a layer, unit x time, on the fixed scale of its nonlinearity."""
    return [
        Heat(
            gate,
            layer.gates[gate][sample].T,
            *_ends(layer, gate),
            labels=_units(layer),
            title=_(GRU_CANDIDATE) if layer.kind == "gru" and gate == "candidate" else None,
            height=height,
        )
        for gate in gates_of(layer)
    ]


def _ends(layer: LayerFrame, gate: Signal) -> tuple[float, float]:
    """Gates lie in 0..1, a candidate in -1..1 unless it is linear."""
    if not LOOKS[gate].signed:
        return 0.0, 1.0
    reach = _reach(layer.gates[gate])
    return -reach, reach


def state_rows(layer: LayerFrame, sample: int, height: int | None = None) -> list[Heat]:
    """c_t (where there is one) and h_t, unit x time, diverging from 0."""
    states: list[tuple[Signal, Values | None]] = [
        ("inner_cell", layer.inner_cell),
        ("cell", layer.cell),
        ("hidden", layer.hidden),
    ]
    rows = []
    for signal, values in states:
        if values is not None:
            reach = _reach(values)
            rows.append(
                Heat(
                    signal,
                    values[sample].T,
                    low=-reach,
                    high=reach,
                    labels=_units(layer),
                    height=height,
                )
            )
    return rows


def state_lines(layer: LayerFrame, sample: int, height: int = 132) -> Lines:
    """The layer's longest memory, one thin line a unit: c_t, or h_t where there is no cell."""
    signal: Signal = "hidden" if layer.cell is None else "cell"
    values = layer.hidden if layer.cell is None else layer.cell
    lines = [
        Line(signal, values[sample, :, unit], name="" if unit else None, faint=True)
        for unit in range(values.shape[2])
    ]
    title = _("hidden state h, a line a unit") if signal == "hidden" else None
    return Lines(
        lines,
        y=_("c (no unit)") if signal == "cell" else _("h (no unit)"),
        title=title or _("cell state c, a line a unit"),
        height=height,
    )


KEEPS: tuple[Signal, ...] = ("forget", "update")
"""The gates whose value near 1 keeps a unit's state."""


def memory(layer: LayerFrame) -> np.ndarray | None:
    """(U,): each unit's time constant in steps; None for a cell without a gate that keeps."""
    keeps = next((gate for gate in KEEPS if gate in layer.gates), None)
    return None if keeps is None else time_constants(layer.gates[keeps])


def longest_memory(layer: LayerFrame) -> int:
    """The number of the unit that keeps longest; the first unit where no gate says so."""
    constants = memory(layer)
    return int(layer.units[0 if constants is None else constants.argmax()])


def unit_line(layer: LayerFrame, sample: int, unit: int, height: int = 132) -> Lines:
    """One unit's cell state through time."""
    assert layer.cell is not None
    values = layer.cell[sample, :, list(layer.units).index(unit)]
    return Lines(
        [Line("cell", values)],
        y=_("c (no unit)"),
        title=_("cell state of unit {unit}").format(unit=unit),
        height=height,
    )


def unit_gates(layer: LayerFrame) -> UnitLines:
    """The picked unit's gates."""
    return UnitLines(
        gates_of(layer), y=_("activation"), low=-1.0, title=_("the picked unit's gates")
    )


def unit_states(layer: LayerFrame, sample: int) -> UnitLines:
    """The picked unit's c_t and h_t."""
    rows = state_rows(layer, sample)
    return UnitLines(
        [row.signal for row in rows],
        y=_("state (no unit)"),
        low=min(row.low for row in rows),
        high=max(row.high for row in rows),
        title=_("the picked unit's states"),
    )


def gradient_row(
    layer: LayerFrame, sample: int, to_floor: bool = False, height: int = 150
) -> Lines:
    """‖dL/dh_t‖ and ‖dL/dc_t‖ through time on a log axis, with float32's floor."""
    lines = [Line("grad_hidden", layer.grad_hidden_norm[sample])]
    if layer.grad_cell_norm is not None:
        lines.append(Line("grad_cell", layer.grad_cell_norm[sample]))
    smallest = min(float(line.values.min()) for line in lines)
    near = to_floor or smallest < 1e-35
    return Lines(
        lines,
        y=_("2-norm over units"),
        scale="log",
        low=FLOOR_AXIS[0] if near else None,
        high=max(FLOOR_AXIS[1], *(_finite_max(line.values) for line in lines)) if near else None,
        rules=[Rule(FLOAT32_FLOOR, _(FLOOR_LABEL))] if near else [],
        title=_("gradient through time"),
        height=height,
    )


def gradient_map(frames: Sequence[Frame], layer: str, sample: int, signal: Signal) -> Heat | None:
    """The same through the training: a row for each frame, the first at the top."""
    norms = [_norms(frame.layers[layer], signal) for frame in frames]
    if any(norm is None for norm in norms):
        return None
    values = np.stack([norm[sample] for norm in norms if norm is not None])
    positive = values[np.isfinite(values) & (values > 0)]
    low, high = (positive.min(), positive.max()) if positive.size else (1e-3, 1.0)
    low, high = 10.0 ** np.floor(np.log10(low)), 10.0 ** np.ceil(np.log10(high))
    return Heat(
        signal,
        values,
        low=float(min(low, high / 10)),
        high=float(high),
        scale="log",
        y=_("epoch"),
        labels=[
            f"{frame.epoch:g}" if frame.epoch % 1 == 0 else f"{frame.epoch:.1f}" for frame in frames
        ],
        height=180,
    )


def _norms(layer: LayerFrame, signal: Signal) -> Norms | None:
    return layer.grad_hidden_norm if signal == "grad_hidden" else layer.grad_cell_norm


def _units(layer: LayerFrame) -> list[int]:
    return [int(unit) for unit in layer.units]


def _finite_max(values: np.ndarray) -> float:
    finite = values[np.isfinite(values)]
    return float(finite.max()) if finite.size else 1.0


def _reach(values: Values) -> float:
    """The largest magnitude, rounded up so that the scale rests while training goes on."""
    largest = float(np.abs(values[np.isfinite(values)]).max(initial=0.0)) or 1.0
    step = round_step(largest, parts=3)
    return max(1.0, float(np.ceil(largest / step) * step))
