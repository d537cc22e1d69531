"""A run's film in a page: the page says how it is drawn, and the feed brings its frames."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import streamlit as st

from lstm_viz.data.marks import marks_of
from lstm_viz.figures.clock import BY_HAND, PLACE, Playing, moment_of, playback
from lstm_viz.figures.courses import History
from lstm_viz.figures.drawn_frames import FRAME_BYTES, Thinning, units_of
from lstm_viz.figures.film_view import DrawnFilm, Sort, film_view
from lstm_viz.figures.layer_film import LayerFilm
from lstm_viz.figures.layer_rows import letters, longest_memory, names_of
from lstm_viz.figures.ordering import ordered, sorts_of
from lstm_viz.figures.rows import Row
from lstm_viz.runs.frames import Frame, LayerFrame
from lstm_viz.runs.run import ACTIVE, Run
from lstm_viz.runs.topics import STATE, Topic
from lstm_viz.ui import components
from lstm_viz.ui.connection import is_down, is_fed, note
from lstm_viz.ui.selection import layer_of, run_shown, select, selected
from lstm_viz.ui.touching import touch_of, why_not
from lstm_viz.words import _, ngettext

ORDERS = "film.orders"
CHUNK = 3 * 2**20
"""Bytes of frames in a message, where they do not come by the feed; a quarter of a live run."""


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
    label: str = PLACE,
    playing: Playing = BY_HAND,
    pinned: int | None = None,
    fits: bool = False,
    sort: Sort = "original",
    stretch: tuple[int, int] | None = None,
) -> None:
    """Draw a run's film; cursor, pinned units, order and frame are those of all pages.

    Until the reader pins others, the lines of the unit `pinned` are open, or of the one that keeps
    longest. `fits`: its rows share the height of the window. `sort`: the order of the units until
    the reader chooses one. `stretch`: a first and a last time step, framed in all rows.
    """
    run, chosen = film.run, selected()
    own = run_shown()
    # A frame belongs to the run it was chosen in.
    looked_at = own is not None and own.id in (run.id, run.shows)
    if pinned is None:
        pinned = longest_memory(film.of(run.film.frames[-1]))

    def moved(step: int | None) -> None:
        if looked_at:
            select(step=step)

    play(
        [FilmRows(film, rows)],
        key=key,
        step=chosen.step if looked_at else None,
        moved=moved,
        pinned=chosen.units,
        unit=pinned,
        label=label,
        playing=replace(playing, replay=run.pace > 0),
        fits=fits,
        sort=sort,
        stretch=stretch,
    )
    thinned(film.of(run.film.frames[-1]))


def play(
    films: Sequence[FilmRows],
    *,
    key: str,
    step: int | None,
    moved: Callable[[int | None], None],
    pinned: Sequence[int] | None,
    unit: int | None = None,
    label: str = PLACE,
    playing: Playing = BY_HAND,
    fits: bool = False,
    sort: Sort = "original",
    courses: Sequence[History] = (),
    curves: str | None = None,
    stretch: tuple[int, int] | None = None,
) -> None:
    """Draw films beside each other on one clock, and above them their courses over the training.

    `curves` is the feed's topic of the courses, `unit` the one that is pinned at first.
    `step` is the training step at which they stand, None for the newest; `moved` hears of another.
    """
    first, chosen = films[0].film, selected()
    order = chosen.sort or sort
    newest = first.of(first.run.film.frames[-1])
    inputs = first.run.examples.inputs[first.sample]
    runs = [each.film.run for each in films]
    moving = playback(runs, step, label=label, playing=playing)
    components.film(
        film_view(
            [_drawn(each, step, order) for each in films],
            courses=courses,
            time_steps=len(inputs),
            cursor=chosen.t,
            pinned=pinned,
            unit=unit,
            fits=fits,
            playback=replace(moving, clock=()) if moving else None,
            letters=letters(first.run.dataset, inputs),
            marks=marks_of(first.run.dataset, inputs),
            stretch=stretch,
            sorts=sorts_of(newest) if newest.hidden.shape[2] > 2 else (),
            sort=order,
            curves=curves,
            state=Topic(STATE, tuple(run.id for run in runs)).text if is_fed(first.run) else None,
            down=is_down(),
            subject=",".join(run.id for run in runs),
            touch=touch_of(first) if len(films) == 1 else None,
            untouchable=why_not(first) if len(films) == 1 else "",
        ),
        key=key,
        t=lambda: select(t=components.picked(key).t),
        pinned=lambda: select(units=components.picked(key).pinned or ()),
        step=lambda: moved(components.picked_step(key)),
        sort=lambda: _sort(components.picked(key).sort or "original"),
        down=lambda: note(components.picked(key).down),
    )
    _gave_way(runs)


def _drawn(shown: FilmRows, step: int | None, sort: Sort) -> DrawnFilm:
    """A film with its rows, and those of its frames that the feed does not bring."""
    film, frames = shown.film, shown.film.run.film.frames
    newest, present = film.of(frames[-1]), film.run.film.at(step) or frames[-1]
    thinning = Thinning.of(newest)
    sent = [] if is_fed(film.run) and not is_down() else _spread(film, frames, present)
    return DrawnFilm(
        shown.rows,
        id=film.id,
        clock=[moment_of(frame) for frame in frames],
        sent=[film.drawn(frame, thinning) for frame in sent],
        run=film.run.id if is_fed(film.run) else "",
        active=film.run.state in ACTIVE,
        units=units_of(newest, thinning),
        every=thinning.steps,
        order=_order(film, newest, sort),
        name=shown.name,
        names=names_of(newest, swapped=film.swapped),
        colour=shown.colour,
        diverged=film.run.state == "diverged",
    )


def _sort(sort: Sort) -> None:
    if sort != selected().sort:  # the same move may be told twice
        st.session_state.pop(ORDERS, None)
        select(sort=sort)


def _gave_way(runs: Sequence[Run]) -> None:
    """Says of films that frames of them went for want of room on the server."""
    if any(run.thinned for run in runs):
        st.caption(
            ngettext(
                "The server was full: it keeps fewer moments of this film.",
                "The server was full: it keeps fewer moments of some of these films.",
                len(runs),
            )
        )


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
        words.append(_("Heat maps: one of every {k} time steps.").format(k=every.steps))
    if every != Thinning():
        words.append(_("So a moment stays below {size} KB.").format(size=FRAME_BYTES // 1024))
    if words:
        st.caption(" ".join(words))


def _spread(film: LayerFilm, frames: Sequence[Frame], present: Frame) -> list[Frame]:
    """Frames spread over the whole film, the present and the newest among them, as many as one
    message takes: fewer of a live run, which soon sends the next.
    """
    room = CHUNK // 4 if film.run.training else CHUNK
    most = max(1, room // _size(film.of(frames[-1])))
    if len(frames) <= most:
        return list(frames)
    places = {int(k) for k in np.linspace(len(frames) - 1, 0, max(1, most - 1))}
    return [frame for k, frame in enumerate(frames) if k in places or frame is present]


def _size(layer: LayerFrame) -> int:
    """Bytes of a frame's heat maps, at most."""
    _samples, steps, units = layer.hidden.shape
    return min(FRAME_BYTES, int(steps * units * (len(layer.gates) + 5)))


def _order(film: LayerFilm, newest: LayerFrame, sort: Sort) -> list[int] | None:
    """The units' order at the time it was chosen, and again when the training has ended."""
    orders: dict[object, list[int] | None] = st.session_state.setdefault(ORDERS, {})
    key = (film.id, sort, film.run.training)
    if key not in orders:
        orders[key] = ordered(newest, film.sample, sort)
    return orders[key]
