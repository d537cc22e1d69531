"""The film of traces: one layer on one sample at every step of a training that was kept."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lstm_viz.figures.clock import RATE, UPDATE
from lstm_viz.figures.drawn_frames import DrawnFrame, Thinning, drawn_frame, units_of
from lstm_viz.figures.film_frames import frame_message
from lstm_viz.figures.film_view import DrawnFilm, Playback, film_view
from lstm_viz.figures.gradients import gradient_row
from lstm_viz.figures.layer_rows import (
    gate_rows,
    longest_memory,
    names_of,
    pinned_states,
    read_rows,
    read_signals,
    state_rows,
)
from lstm_viz.figures.rows import Row
from lstm_viz.figures.saved_film import SavedFilm, fitting, map_bytes, seen, state_topic
from lstm_viz.runs.frames import LayerFrame
from lstm_viz.words import _


@dataclass(frozen=True)
class TracedMoment:
    """One moment of it."""

    step: int
    """Of the training, from 1; 0 of a trace by itself."""
    layer: LayerFrame


@dataclass(frozen=True)
class TraceFilm:
    """A layer on one sample; all its moments have one T and the same units."""

    id: str
    """Names it in the browser's memory."""
    sample: int
    layer: LayerFrame
    """The newest."""
    thinning: Thinning
    rows: Sequence[Row]

    def message(self, moment: TracedMoment) -> bytes:
        """One moment, for a film that is shown already."""
        return frame_message(self.id, self._drawn(moment), 0.0, np.nan)

    def saved(
        self, moments: Sequence[TracedMoment], title: str, said: str, *, live: bool = False
    ) -> SavedFilm:
        """All of it. Where it is `live`, `message` brings the moments that follow."""
        kept = fitting(moments, map_bytes(self.layer, self.thinning))
        clock = [(each.step, 0.0, None) for each in kept]
        units, steps = units_of(self.layer, self.thinning), self.layer.hidden.shape[1]
        drawn = DrawnFilm(
            self.rows,
            id=self.id,
            clock=clock,
            sent=[self._drawn(each) for each in kept],
            run=self.id if live else "",
            active=live,
            units=units,
            every=self.thinning.steps,
            names=names_of(self.layer),
        )
        moving = Playback(_(UPDATE), clock=clock, rate=RATE, live=live)
        message = film_view(
            [drawn],
            time_steps=steps,
            pinned=None,
            unit=longest_memory(self.layer),
            fits=True,
            playback=moving if live or len(kept) > 1 else None,
            time_title=_("time step t"),
            state=state_topic(self.id) if live else None,
            subject=self.id,
        )
        return SavedFilm(title, said, message, len(units) * -(-steps // self.thinning.steps))

    def _drawn(self, moment: TracedMoment) -> DrawnFrame:
        frame = drawn_frame(moment.layer, self.sample, moment.step, self.thinning)
        read = read_signals(moment.layer, self.sample)
        return seen(DrawnFrame(frame.step, {**frame.signals, **read}), self.rows)


def trace_film(newest: TracedMoment, sample: int, name: str, *, gradients: bool) -> TraceFilm:
    """What the layer reads, its gates or states, and the gradients, where there are some."""
    layer = newest.layer
    return TraceFilm(name, sample, layer, Thinning.of(layer), _rows(layer, gradients=gradients))


def _rows(layer: LayerFrame, *, gradients: bool) -> list[Row]:
    rows: list[Row] = read_rows(layer)
    rows += [*gate_rows(layer)] if layer.gates else [*state_rows(layer)]
    rows.append(pinned_states(layer, newest=True))
    return [*rows, gradient_row(layer)] if gradients else rows
