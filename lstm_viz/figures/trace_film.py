"""The film of traces: one layer on one sample at every step of a training that was kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lstm_viz.figures.clock import RATE
from lstm_viz.figures.drawn_frames import (
    DrawnFrame,
    DrawnSignal,
    Thinning,
    drawn_frame,
    linear_ends,
    units_of,
)
from lstm_viz.figures.film_view import DrawnFilm, Playback, film_view
from lstm_viz.figures.gradients import gradient_row
from lstm_viz.figures.layer_rows import (
    gate_rows,
    longest_memory,
    names_of,
    pinned_states,
    state_rows,
)
from lstm_viz.figures.packing import Numbers
from lstm_viz.figures.rows import Line, Lines, Row
from lstm_viz.figures.saved_film import SavedFilm, fitting, map_bytes, seen
from lstm_viz.runs.frames import LayerFrame
from lstm_viz.words import N_, _

MOST_INPUTS = 3
"""Features of x_t that are drawn."""
STEP = N_("update {step}")


@dataclass(frozen=True)
class TracedMoment:
    """One moment of it."""

    step: int
    """Of the training, from 1; 0 of a trace by itself."""
    layer: LayerFrame
    inputs: Numbers
    """(B, T, D): x_t as the layer received it."""


def trace_film(
    moments: Sequence[TracedMoment], sample: int, title: str, said: str, *, gradients: bool
) -> SavedFilm:
    """What the layer reads, its gates or states, and the gradients, where there are some.

    All moments have one T and the same units.
    """
    newest = moments[-1].layer
    thinning = Thinning.of(newest)
    kept = fitting(moments, map_bytes(newest, thinning))
    features = min(newest_inputs := moments[-1].inputs.shape[-1], MOST_INPUTS)
    rows = _rows(newest, features if newest_inputs <= MOST_INPUTS else 0, gradients=gradients)
    steps = newest.hidden.shape[1]
    clock = [(each.step, 0.0, None) for each in kept]
    drawn = DrawnFilm(
        rows,
        id=title,
        clock=clock,
        sent=[seen(_drawn(each, sample, thinning, features), rows) for each in kept],
        units=units_of(newest, thinning),
        every=thinning.steps,
        names=names_of(newest),
    )
    moving = Playback(_(STEP), clock=clock, rate=RATE) if len(kept) > 1 else None
    message = film_view(
        [drawn],
        time_steps=steps,
        pinned=None,
        unit=longest_memory(newest),
        fits=True,
        playback=moving,
        time_title=_("time step t"),
        subject=title,
    )
    return SavedFilm(title, said, message, len(drawn.units) * -(-steps // thinning.steps))


def _rows(layer: LayerFrame, features: int, *, gradients: bool) -> list[Row]:
    lines = [
        Line("series", source=_input(k), name=f"x{k}" if features > 1 else "x", dashed=k > 0)
        for k in range(features)
    ]
    rows: list[Row] = [Lines(lines, y="x", title=_("input x"), height=96)] if lines else []
    rows += [*gate_rows(layer)] if layer.gates else [*state_rows(layer)]
    rows.append(pinned_states(layer, newest=True))
    return [*rows, gradient_row(layer)] if gradients else rows


def _drawn(moment: TracedMoment, sample: int, thinning: Thinning, features: int) -> DrawnFrame:
    frame = drawn_frame(moment.layer, sample, moment.step, thinning)
    read: dict[str, Any] = {
        _input(k): DrawnSignal(values, *linear_ends(values))
        for k, values in enumerate(moment.inputs[sample].T[:features])
    }
    return DrawnFrame(frame.step, {**frame.signals, **read})


def _input(feature: int) -> str:
    return f"input_x{feature}"
