"""A run's film in a page: what the browser lacks is sent, what it has is never sent again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import streamlit as st

from lstm_viz.figures.courses import History
from lstm_viz.figures.drawn_frames import FRAME_BYTES, DrawnFrame, Thinning, drawn_frame, units_of
from lstm_viz.figures.film_view import DrawnFilm, Playback, Sort, film_view
from lstm_viz.figures.layer_rows import drawn_readout, letters, longest_memory, names_of, swapped
from lstm_viz.figures.ordering import ordered, sorts_of
from lstm_viz.figures.rows import Row
from lstm_viz.runs.frames import Frame, LayerFrame
from lstm_viz.runs.run import ACTIVE, Run
from lstm_viz.runs.topics import FILM, RefusedError, Topic
from lstm_viz.ui import components
from lstm_viz.ui.live import place_of
from lstm_viz.ui.selection import layer_of, run_shown, select, selected
from lstm_viz.words import _

SWAPPED = "swapped"
DELIVERED = "film.delivered"
ORDERS = "film.orders"
CHUNK = 3 * 2**20
"""Bytes of frames in one message; the browser asks for the rest."""
RATE = 6.0
"""Frames a second at single speed."""


@dataclass(frozen=True)
class LayerFilm:
    """One run's film as a page shows it: which layer, on which example, drawn how."""

    run: Run
    layer: str
    sample: int
    swapped: bool = False
    """Draws a GRU's update gate as 1 - z. What is derived from the layer stays with its own z."""

    @classmethod
    def of_topic(cls, topic: Topic, run: Run) -> "LayerFilm":
        """The film that a topic of the feed asks for. Raises RefusedError where there is none."""
        match topic.view:
            case (layer, sample, *more) if sample.isdecimal() and more in ([], [SWAPPED]):
                return cls(run, layer, int(sample), bool(more))
        raise RefusedError("no such film")

    @property
    def topic(self) -> Topic:
        """Its name in the feed, and in the browser's memory."""
        view = (self.layer, str(self.sample), *([SWAPPED] if self.swapped else []))
        return Topic(FILM, (self.run.id,), view)

    @property
    def id(self) -> str:
        return self.topic.text

    def of(self, frame: Frame) -> LayerFrame:
        """The layer in one frame, as it was measured."""
        return frame.layers[self.layer]

    def drawn(self, frame: Frame, thinning: Thinning) -> DrawnFrame:
        """What of one frame is drawn."""
        measured = self.of(frame)
        layer = swapped(measured) if self.swapped else measured
        gates = drawn_frame(layer, self.sample, frame.step, thinning)
        readout = drawn_readout(
            self.run.dataset, frame, self.sample, self.run.examples.scored(self.sample)
        )
        return DrawnFrame(frame.step, {**gates.signals, **readout})


def layer_film(run: Run, frame: Frame, *, swapped: bool = False) -> LayerFilm:
    """The film of the layer and the example that the reader looks at."""
    chosen = layer_of(frame)
    name = next(each for each in frame.layers if frame.layers[each] is chosen)
    return LayerFilm(run, name, min(selected().sample, len(run.examples.inputs) - 1), swapped)


@dataclass(frozen=True)
class FilmRows:
    """A film with its rows, and its name and colour beside others."""

    film: LayerFilm
    rows: Sequence[Row]
    name: str = ""
    colour: Mapping[str, str] = field(default_factory=dict)


def show(
    film: LayerFilm,
    rows: Sequence[Row],
    *,
    key: str,
    label: Callable[[Frame], str] = place_of,
    autoplay: bool = False,
    pin_one: bool = True,
) -> None:
    """Draw a run's film; cursor, pinned units, order and frame are those of all pages.

    `pin_one` opens the lines of the unit that keeps longest, until the reader pins others.
    """
    run, chosen = film.run, selected()
    looked_at = run_shown() is run  # a frame belongs to the run it was chosen in
    pinned = chosen.units
    if pinned is None:
        one = pin_one and not run.training
        pinned = (longest_memory(film.of(run.film.frames[-1])),) if one else ()

    def moved(step: int | None) -> None:
        if looked_at:
            select(step=step)

    play(
        [FilmRows(film, rows)],
        key=key,
        step=chosen.step if looked_at else None,
        moved=moved,
        pinned=pinned,
        label=label,
        autoplay=autoplay,
    )
    thinned(film.of(run.film.frames[-1]))


def play(
    films: Sequence[FilmRows],
    *,
    key: str,
    step: int | None,
    moved: Callable[[int | None], None],
    pinned: Sequence[int],
    label: Callable[[Frame], str] = place_of,
    autoplay: bool = False,
    courses: Sequence[History] = (),
) -> None:
    """Draw films beside each other on one clock, and above them their courses over the training.

    `step` is the training step at which they stand, None for the newest; `moved` hears of another.
    """
    first, chosen = films[0].film, selected()
    newest = first.of(first.run.film.frames[-1])
    inputs = first.run.examples.inputs[first.sample]
    components.film(
        film_view(
            [_drawn(each, step) for each in films],
            courses=courses,
            time_steps=len(inputs),
            cursor=chosen.t,
            pinned=pinned,
            playback=playback(
                [each.film.run for each in films], step, label=label, autoplay=autoplay
            ),
            letters=letters(first.run.dataset, inputs),
            sorts=sorts_of(newest) if newest.hidden.shape[2] > 2 else (),
            sort=chosen.sort,
        ),
        key=key,
        t=lambda: select(t=components.picked(key).t),
        pinned=lambda: select(units=components.picked(key).pinned or ()),
        step=lambda: moved(picked_step(key)),
        sort=lambda: _sort(components.picked(key).sort or "original"),
        need=lambda: _take_back(components.picked(key).need),
    )


def playback(
    runs: Sequence[Run],
    step: int | None,
    *,
    label: Callable[[Frame], str] = place_of,
    autoplay: bool = False,
    rate: float = RATE,
    until: int | None = None,
) -> Playback | None:
    """The clock of the frames that all runs have reached; None where there is one alone.

    It stands at the last one that is not after `step`, and follows the newest for None. What
    came after the step `until`, while the page was made, is left for the next time.
    """
    reached = common_step(runs) if until is None else until
    clock = {
        frame.step: (frame.step, label(frame), frame.epoch)
        for run in runs
        for frame in run.film.frames
        if frame.step <= reached
    }
    live = any(run.training for run in runs)
    if len(clock) < 2 and not live:
        return None
    return Playback(
        frames=[clock[each] for each in sorted(clock)],
        step=-1 if step is None else max((each for each in clock if each <= step), default=0),
        live=live,
        autoplay=autoplay,
        rate=rate,
    )


def common_step(runs: Sequence[Run]) -> int:
    """How far all runs have come that are still under way; the end of the longest if none is."""
    ends = [run.film.frames[-1].step for run in runs]
    under_way = [end for run, end in zip(runs, ends, strict=True) if run.state in ACTIVE]
    return min(under_way) if under_way else max(ends)


def _drawn(shown: FilmRows, step: int | None) -> DrawnFilm:
    """A film with its rows, and the frames that the browser lacks."""
    film, frames = shown.film, shown.film.run.film.frames
    newest, present = film.of(frames[-1]), film.run.film.at(step) or frames[-1]
    thinning = Thinning.of(newest)
    return DrawnFilm(
        shown.rows,
        id=film.id,
        steps=[frame.step for frame in frames],
        sent=[film.drawn(frame, thinning) for frame in _undelivered(film, frames, present)],
        units=units_of(newest, thinning),
        every=thinning.steps,
        order=_order(film, newest),
        name=shown.name,
        names=names_of(newest, swapped=film.swapped),
        colour=shown.colour,
        diverged=film.run.state == "diverged",
    )


def picked_step(key: str) -> int | None:
    """The training step that the reader picked in a component; None follows the newest."""
    step = components.picked(key).step
    return None if step is None or step < 0 else step


def _sort(sort: Sort) -> None:
    st.session_state.pop(ORDERS, None)
    select(sort=sort)


def thinned(layer: LayerFrame) -> None:
    """Says which units and steps are drawn, where they are not all."""
    every = Thinning.of(layer)
    shown, size = len(units_of(layer, every)), layer.hidden_size
    words = []
    if shown < size:
        words.append(
            _("Drawn: {shown} of {size} units, evenly spaced.").format(shown=shown, size=size)
        )
    if every.steps > 1:
        words.append(_("Heat maps show one of every {k} time steps.").format(k=every.steps))
    if every != Thinning():
        words.append(
            _("So thinned, a moment of the film stays below {size} KB.").format(
                size=FRAME_BYTES // 1024
            )
        )
    if words:
        st.caption(" ".join(words))


def _undelivered(film: LayerFilm, frames: Sequence[Frame], present: Frame) -> list[Frame]:
    """The frames that go out now, as many as one message takes; they count as delivered.

    A slow browser draws only the last of the messages that wait, and asks for what others brought.
    """
    delivered: dict[str, set[int]] = st.session_state.setdefault(DELIVERED, {})
    there = delivered.get(film.id, set())
    missing = [frame for frame in frames if frame.step not in there]
    most = max(1, CHUNK // _size(film.of(frames[-1])))
    if len(missing) > most:
        spread = {int(k) for k in np.linspace(0, len(missing) - 1, max(1, most - 1))}
        missing = [frame for k, frame in enumerate(missing) if k in spread or frame is present]
    steps = {frame.step for frame in frames}  # without those that were thinned out
    delivered[film.id] = (there & steps) | {frame.step for frame in missing}
    return missing


def _size(layer: LayerFrame) -> int:
    """Bytes of a frame's heat maps, at most."""
    _samples, steps, units = layer.hidden.shape
    return min(FRAME_BYTES, int(steps * units * (len(layer.gates) + 5)))


def _take_back(need: Sequence[tuple[str, Sequence[int]]]) -> None:
    """The browser lacks these: they were not delivered."""
    delivered: dict[str, set[int]] = st.session_state.setdefault(DELIVERED, {})
    for name, steps in need:
        delivered.get(name, set()).difference_update(steps)


def _order(film: LayerFilm, newest: LayerFrame) -> list[int] | None:
    """The units' order at the time it was chosen, and again when the training has ended."""
    sort: Sort = selected().sort
    orders: dict[object, list[int] | None] = st.session_state.setdefault(ORDERS, {})
    key = (film.id, sort, film.run.training)
    if key not in orders:
        orders[key] = ordered(newest, film.sample, sort)
    return orders[key]
