"""The film: rows on one time axis, in every frame of a training, packed for the browser.

Each frame travels once: its heat maps as one byte a value, between the lowest and the highest
value of that unit in that frame; its lines as float32. The browser keeps them and from then on
moves through training and time by itself. Several films, a contender each, share one clock, one
cursor and one scale.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy.typing as npt

from lstm_viz.figures.courses import History, describe_history
from lstm_viz.figures.drawn_frames import DrawnFrame
from lstm_viz.figures.film_frames import describe_signals
from lstm_viz.figures.packing import pack
from lstm_viz.figures.palette import LOOKS, THEMES, Signal, ramp, theme
from lstm_viz.figures.rows import (
    UNIT,
    Heat,
    Lines,
    Row,
    Trained,
    describe,
    signals_of,
)
from lstm_viz.figures.touch import Touch, describe_touch
from lstm_viz.words import N_, _

Sort = Literal["original", "memory", "peak", "similar"]
SORTS: dict[Sort, str] = {
    "original": N_("by number"),
    "memory": N_("by time constant"),
    "peak": N_("by time of the peak"),
    "similar": N_("by similarity"),
}
Moment = tuple[int, float, float | None]
"""Of a training: step, epoch, validation loss; no loss where it is not finite."""
MOST_PINNED = 4
MOST_FILMS = 4


@dataclass(frozen=True)
class DrawnFilm:
    """The rows of one run, or of data alone."""

    rows: Sequence[Row]
    id: str = ""
    """Names the film in the browser's memory, and in the feed; empty where nothing moves."""
    clock: Sequence[Moment] = ()
    """All its frames, oldest first."""
    sent: Sequence[DrawnFrame] = ()
    """The frames that travel with the page; the others come by the feed, or are there."""
    run: str = ""
    """The run that the feed has it of; empty where the feed has it not."""
    active: bool = False
    """Whether that run can still go on."""
    units: Sequence[int] = ()
    """(U,): the numbers of the units in its heat maps."""
    every: int = 1
    """Its heat maps hold every k-th time step."""
    order: Sequence[int] | None = None
    """The units from top to bottom; by number if not said."""
    name: str = ""
    """Above the rows, where there are several films."""
    names: Mapping[Signal, str] = field(default_factory=dict)
    """What its cell calls a signal, where that is not the signal's usual name."""
    colour: Mapping[str, str] = field(default_factory=dict)
    """Theme -> the film's own colour."""
    diverged: bool = False
    """Frames far beyond the first one do not set the scales: they would hide all others."""


@dataclass(frozen=True)
class Playback:
    """How a film moves through the training."""

    label: str
    """What the bar says at a moment, a template of {epoch}, {step} and {loss}."""
    labels: Mapping[int, str] = field(default_factory=dict)
    """Step -> what it says there instead."""
    clock: Sequence[Moment] = ()
    """Where it can stand; of films the browser finds it, from what all of them have reached."""
    step: int = -1
    """Where the film stands; -1 follows the newest."""
    live: bool = False
    """Frames are still coming."""
    autoplay: bool = False
    begin: int = 0
    """The training step at which it begins to play by itself."""
    halt: int | None = None
    """The training step at which playing stops, the first time it comes there."""
    replay: bool = False
    """Whether it plays from its beginning as soon as no frames are coming any more."""
    rate: float = 6.0
    """Frames a second at single speed."""
    guessing: float | None = None
    """A loss above this is one of guessing (`measures.chance.BETTER`), where one run is shown."""


LOSS = N_("Validation loss over the training, log axis")
FOUND = N_("{place}: from here on the loss is a tenth or more below the best constant answer's.")
WORDS = {
    "training": N_("Training"),
    "time": N_("Time"),
    "play": N_("Play"),
    "pause": N_("Pause"),
    "back": N_("One step back"),
    "forward": N_("One step forward"),
    "speed": N_("Speed"),
    "loop": N_("Begin again at the end"),
    "live": N_("Live"),
    "follow": N_("Follow the newest frame"),
    "loss": LOSS,
    "found": FOUND,
    "frame": N_("Moment of the training"),
    "step": N_("Time step"),
    "missing": N_("not a number"),
    "unit": UNIT,
    "sort": N_("Units"),
    "unpin": N_("Close the lines of this unit"),
    "pin": N_("Click a unit to open its lines, up to {most}."),
    "help": N_("Keys and exactness"),
    "keys": N_(
        "Left, right: time step; with shift: training. Up, down: unit. Home, End: "
        "first, last step. Enter: close its lines. Space: play; with shift: the time "
        "steps."
    ),
    "exact": N_(
        "Values have 255 levels between a unit's lowest and highest: off by half a level at "
        "most, 0.002 for a gate. The value under the pointer says its bound. Other lines: "
        "float32."
    ),
}


def film_view(
    films: Sequence[DrawnFilm],
    *,
    courses: Sequence[History] = (),
    time_steps: int | None = None,
    cursor: int | None = None,
    pinned: Sequence[int] | None = (),
    unit: int | None = None,
    fits: bool = False,
    playback: Playback | None = None,
    letters: Sequence[str] | None = None,
    marks: Sequence[int] = (),
    stretch: tuple[int, int] | None = None,
    sorts: Sequence[Sort] = (),
    sort: Sort = "original",
    time_title: str | None = None,
    state: str | None = None,
    curves: str | None = None,
    down: bool = False,
    subject: str = "",
    touch: Touch | None = None,
    untouchable: str = "",
) -> bytes:
    """Pack films for the component, all on one time axis of T steps.

    `courses` stand above them, over the training. `time_steps` is T, where not even one row brings
    values along. `cursor` and `pinned` are the chosen time step and units (by number); the browser
    moves to them when they change, and begins with `unit` where nothing was pinned yet (None). Rows
    that `fits` share the height of the window. `letters` (T,) stand at the time axis, `marks` are
    time steps marked in all rows, `stretch` the first and the last one of a stretch framed in
    them. `sorts` are the orders offered. `state` and `curves` are the
    feed's topics of how the films' runs stand and of the courses, and `down` is whether the server
    takes the browser to be without a feed. Components of one `subject`, such as a run, have one
    selection. `touch` is the example that the reader may change, of one film; `untouchable` says
    why none is.
    Raises ValueError where rows disagree about T, or films about their number of rows.
    """
    arrays: list[npt.NDArray[Any]] = []
    described = [_film(each, arrays) for each in films]
    above = [describe_history(each, arrays) for each in courses]
    _one({len(each.rows) for each in films}, "rows")
    seen = set(_time_steps(films, arrays, described))
    words = {key: _(word) for key, word in WORDS.items()}
    words["pin"] = words["pin"].format(most=MOST_PINNED)
    header = {
        "steps": _one(seen | ({time_steps} if time_steps else set()), "time steps"),
        "time": time_title if time_title is not None else _("time step t in the window"),
        "films": described,
        "courses": above,
        "cursor": cursor,
        "pinned": list(pinned)[-MOST_PINNED:] if pinned is not None else None,
        "unit": unit,
        "fits": fits,
        "most": MOST_PINNED,
        "sorts": [[sort, _(SORTS[sort])] for sort in sorts],
        "sort": sort,
        "looks": _looks(films, courses),
        "theme": theme(),
        "state": state,
        "curves": curves,
        "down": down,
        "subject": subject,
        "touch": describe_touch(touch, arrays) if touch else None,
        "untouchable": untouchable,
        "playback": asdict(playback) if playback else None,
        "letters": list(letters) if letters is not None else None,
        "marks": list(marks),
        "stretch": list(stretch) if stretch else None,
        "words": words,
    }
    names = ", ".join(row["title"] or row["y"] for row in (*above, *described[0]["rows"]))
    summary = _("Time steps, left to right: {steps}. From top to bottom: {names}.")
    header["summary"] = summary.format(steps=header["steps"], names=names)
    if not films[0].rows:
        header["summary"], words["keys"] = _of_curves(courses, names)
    return pack(header, arrays)


def _of_curves(courses: Sequence[History], names: str) -> tuple[str, str]:
    """What curves alone are called, and what the keys do there: those over another axis than the
    training have none.
    """
    others = [each.x for each in courses if each.ticks is not None]
    if others:
        return _("Chart: {up}, by {across}.").format(up=names, across=others[0]), ""
    keys = _("Left, right: moment of the training. Home, End: first, last moment.")
    return _("Over the training: {names}.").format(names=names), keys


def _film(film: DrawnFilm, arrays: list[npt.NDArray[Any]]) -> dict[str, Any]:
    return {
        "name": film.name,
        "colour": dict(film.colour),
        "id": film.id,
        "run": film.run,
        "active": film.active,
        "clock": [list(moment) for moment in film.clock],
        "frames": [step for step, _epoch, _loss in film.clock],
        "sent": [frame.step for frame in film.sent],
        "signals": describe_signals(film.sent, arrays),
        "units": list(film.units),
        "every": film.every,
        "order": list(film.order) if film.order is not None else None,
        "diverged": film.diverged,
        "rows": [describe(row, film.units, arrays, film.names) for row in film.rows],
    }


def _time_steps(
    films: Sequence[DrawnFilm],
    arrays: Sequence[npt.NDArray[Any]],
    described: Sequence[dict[str, Any]],
) -> list[int]:
    """T as each thing that is drawn has it."""
    found = []
    for film, shown in zip(films, described, strict=True):
        for frame in film.sent:
            found += [s.values.shape[-1] for s in frame.signals.values() if s.values.ndim == 1]
        for row, what in zip(film.rows, shown["rows"], strict=True):
            if isinstance(row, Heat) and row.values is not None:
                found.append(arrays[what["array"]].shape[-1])
            if isinstance(row, Lines):
                own = [line["array"] for line in what["lines"] if line["array"] is not None]
                found += [arrays[place].shape[-1] for place in own]
    return found


def _looks(films: Sequence[DrawnFilm], courses: Sequence[History]) -> dict[str, Any]:
    """The colours of all signals drawn: one for lines, a ramp where there is a heat map."""
    rows = [row for film in films for row in film.rows]
    maps = {row.signal for row in rows if isinstance(row, Heat | Trained)}
    shown: set[Signal] = {signal for row in rows for signal in signals_of(row)}
    shown |= {line.signal for history in courses for line in history.courses}
    names = {signal: name for film in films for signal, name in film.names.items()}
    return {
        signal: {
            "name": names.get(signal, _(LOOKS[signal].name)),
            "colour": {theme: LOOKS[signal][theme] for theme in THEMES},
            "ramp": {theme: ramp(signal, theme) for theme in THEMES} if signal in maps else None,
        }
        for signal in sorted(shown)
    }


def _one(sizes: set[int], what: str) -> int:
    if len(sizes) != 1:
        raise ValueError(f"The film must agree about its number of {what}, got {sorted(sizes)}.")
    return sizes.pop()
