"""A film without a server: what the app draws with, and all its messages, as one file too."""

import zlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from json import dumps
from string import Template
from typing import Any, TypeVar

import numpy as np

from lstm_viz.data.marks import marks_of
from lstm_viz.figures.cell.fed import fed_cell
from lstm_viz.figures.cell.of_run import run_cell
from lstm_viz.figures.clock import BY_HAND, moment_of, place_of, playback
from lstm_viz.figures.drawn_frames import DrawnFrame, Thinning, units_of
from lstm_viz.figures.film_frames import frame_message
from lstm_viz.figures.film_view import DrawnFilm, film_view
from lstm_viz.figures.layer_film import LayerFilm
from lstm_viz.figures.layer_rows import letters, longest_memory, names_of
from lstm_viz.figures.modules import import_map, module_name, style_sheet
from lstm_viz.figures.rows import Lines, Row, signals_of
from lstm_viz.figures.themes import page_themes
from lstm_viz.figures.touch import Touch
from lstm_viz.figures.weights import runs_in_browser, weights_message
from lstm_viz.files import COMPONENTS
from lstm_viz.instruments.anatomy import Anatomy
from lstm_viz.numerals import numeral
from lstm_viz.runs.frames import Frame, LayerFrame
from lstm_viz.runs.run import DIVERGED
from lstm_viz.runs.topics import STATE, Topic
from lstm_viz.words import N_, _

Moment = TypeVar("Moment")
ENTRY = "alone.js"
CELL, WEIGHTS, EXAMPLE = "cell/{run}/{{step}}", "weights/{run}", "{run}/example"
"""What the page's components ask its messages for, of a run."""
WEIGHT_BYTES = 2 * 2**20
"""Of all moments' networks together; of larger ones none travels."""
OTHER_MOMENT = N_("These are another moment's numbers.")
LAST_MOMENT = N_("The cell is that of the film's last moment.")
LAST_GRADIENT = N_("Backward, the cell is that of the film's last moment.")
MOST_BYTES = 24 * 2**20
"""Heat maps of a whole saved film, before they are compressed: of more, every second frame is left
out, every fourth, ..."""


@dataclass(frozen=True)
class SavedFilm:
    """What goes into the file, packed as the app's components get it."""

    title: str
    said: str
    """Below the title: how far the training is that it shows."""
    film: bytes
    stride: int
    """Bytes of one heat map."""
    cell: bytes | None = None
    """Of the last moment."""
    waiting: bytes | None = None
    """What the cell's component shows first, where the browser makes the cells of other moments."""
    weights: Mapping[int, bytes] = field(default_factory=dict)
    """Training step -> the network, where the browser can run it."""

    def html(self) -> str:
        """The whole page: it loads nothing, from no server and no other file."""
        messages = [_levels(self.film, self.stride)]
        messages += [_floats("cell", self.cell)] if self.cell else []
        messages += [_floats("waiting", self.waiting)] if self.waiting else []
        messages += [_floats(f"weights-{step}", each) for step, each in self.weights.items()]
        template = Template((COMPONENTS / "alone.html").read_text())
        return template.substitute(
            title=escape(self.title),
            said=escape(self.said),
            theme=escape(_("Light or dark")),
            noscript=escape(_("This film needs JavaScript to play.")),
            page=page_themes() + style_sheet("alone.css"),
            film_style=style_sheet("film.css"),
            cell_style=style_sheet("cell.css"),
            columns="both" if self.cell else "",
            messages="\n".join(messages),
            modules=dumps({"imports": import_map(ENTRY)}),
            entry=module_name(ENTRY),
        )


def saved_film(
    film: LayerFilm,
    title: str,
    anatomy: Anatomy | None = None,
    *,
    own: bool = False,
    live: bool = False,
) -> SavedFilm:
    """A run's film, and beside it the cell of its last moment, where there is one.

    `own` is whether the run's network is a module of somebody's own: its settings do not say what
    it computes. Of others that are small the weights travel too: the reader's browser makes the
    cell of every moment, and answers "what if". Where it is `live`, `moment_messages` brings the
    moments that follow.
    """
    run, frames = film.run, film.run.film.frames
    newest = film.of(frames[-1])
    thinning = Thinning.of(newest)
    kept = fitting(frames, map_bytes(newest, thinning))
    inputs = run.examples.inputs[film.sample]
    reads = film.reads_the_input(frames[-1])
    moving = playback([run], None, playing=BY_HAND)
    rows = film.rows(frames[-1])
    weights = {} if own else _weights(film, kept)
    drawn = DrawnFilm(
        rows,
        id=film.id,
        clock=[moment_of(frame) for frame in kept],
        sent=[seen(film.drawn(frame, thinning), rows) for frame in kept],
        units=units_of(newest, thinning),
        every=thinning.steps,
        run=run.id if live else "",
        active=live,
        names=names_of(newest),
        diverged=run.state == "diverged",
    )
    message = film_view(
        [drawn],
        time_steps=newest.hidden.shape[1],
        pinned=None,
        unit=longest_memory(newest),
        fits=True,
        playback=replace(moving, clock=()) if moving else None,
        letters=letters(run.dataset, inputs) if reads else None,
        marks=marks_of(run.dataset, inputs) if reads else (),
        state=state_topic(run.id) if live else None,
        subject=run.id,
        touch=_touch(film) if weights else None,
    )
    units, steps = len(drawn.units), -(-newest.hidden.shape[1] // thinning.steps)
    whole = SavedFilm(title, said_of(film), message, units * steps, weights=weights)
    return whole if anatomy is None else _with_cell(whole, film, anatomy, live)


def moment_messages(
    film: LayerFilm, anatomy: Anatomy | None = None, *, own: bool = False
) -> list[bytes]:
    """What a film that is shown already lacks of its run's newest moment."""
    frame = film.run.film.frames[-1]
    drawn = film.drawn(frame, Thinning.of(film.of(frame)))
    seen_of_it = seen(drawn, film.rows(frame))
    found = [frame_message(film.id, seen_of_it, frame.epoch, frame.validation_loss)]
    weights = {} if own else _weights(film, [frame])
    return [*found, *weights.values(), *([_cell(film, anatomy, weights)] if anatomy else [])]


def _with_cell(whole: SavedFilm, film: LayerFilm, anatomy: Anatomy, live: bool) -> SavedFilm:
    run, words = film.run, LAST_GRADIENT if whole.weights else LAST_MOMENT
    doubts = [] if live else [_(words)]
    whole = replace(whole, cell=_cell(film, anatomy, whole.weights, doubts))
    if not (whole.weights or live):
        return whole
    waiting = fed_cell(
        CELL.format(run=run.id),
        at=run.film.frames[-1].step,
        subject=run.id,
        other=_(OTHER_MOMENT if live else words),
    )
    return replace(whole, waiting=waiting)


def _cell(
    film: LayerFilm, anatomy: Anatomy, weights: Mapping[int, bytes], doubts: Sequence[str] = ()
) -> bytes:
    """Of the newest moment."""
    run, last = film.run, film.run.film.frames[-1].step
    how: dict[str, Any] = {"topic": CELL.format(run=run.id).format(step=last)}
    if weights:
        how["example"] = {"example": EXAMPLE.format(run=run.id), "layer": film.layer, "step": last}
    return run_cell(run, anatomy, film.layer, film.sample, doubts=doubts, **how)


def _weights(film: LayerFilm, frames: Sequence[Frame]) -> dict[int, bytes]:
    """The network of each frame; nothing where the browser cannot run it, or they are too large."""
    run = film.run
    if not runs_in_browser(run.settings, run.dataset) or not film.reads_the_input(frames[-1]):
        return {}
    if any(frame.weights is None for frame in frames):
        return {}
    topic = WEIGHTS.format(run=run.id)
    found = {frame.step: weights_message(topic, frame) for frame in frames}
    return found if sum(map(len, found.values())) <= WEIGHT_BYTES else {}


def _touch(film: LayerFilm) -> Touch:
    return Touch(
        key=EXAMPLE.format(run=film.run.id),
        topic=WEIGHTS.format(run=film.run.id),
        in_browser=True,
        standing=False,
        layer=film.layer,
        swapped=False,
        settings=film.run.settings,
        dataset=film.run.dataset,
        inputs=film.run.examples.inputs[film.sample],
        target=film.run.examples.targets[film.sample],
        place=film.run.id,
    )


def state_topic(run: str) -> str:
    """Under which the browser hears how a run stands."""
    return Topic(STATE, (run,)).text


def seen(frame: DrawnFrame, rows: Sequence[Row]) -> DrawnFrame:
    """A frame without the heat maps that no row shows."""
    maps = {signal for row in rows if not isinstance(row, Lines) for signal in signals_of(row)}
    kept = {k: each for k, each in frame.signals.items() if each.values.ndim == 1 or k in maps}
    return DrawnFrame(frame.step, kept)


def said_of(film: LayerFilm) -> str:
    """How far the training is that the film shows, of which layer, and whether it diverged."""
    run, last = film.run, film.run.film.frames[-1]
    if run.watched:
        said = _("{layer}, sample {number} of each batch. The last moment: {place}.")
        return said.format(layer=film.layer, number=film.sample + 1, place=place_of(last))
    words = _("{layer}, example {number}. The last moment: {place}; validation loss {loss}.")
    said = words.format(
        layer=film.layer,
        number=film.sample + 1,
        place=place_of(last),
        loss=numeral(last.validation_loss),
    )
    diverged = run.state == "diverged"
    return f"{said} {_(DIVERGED).format(step=run.step + 1)}" if diverged else said


def fitting(moments: Sequence[Moment], each: int) -> list[Moment]:
    """Every so manieth, and the last, so that all of them have `MOST_BYTES` of heat maps."""
    every = 1
    while each * (len(moments) // every) > MOST_BYTES:
        every *= 2
    return [m for k, m in enumerate(moments) if k % every == 0 or m is moments[-1]]


def map_bytes(layer: LayerFrame, thinning: Thinning) -> int:
    """Bytes of a frame's heat maps."""
    _samples, steps, units = layer.hidden.shape
    kept = int(steps) // thinning.steps * (int(units) // thinning.units)
    return kept * (len(layer.gates) + 4)


def _levels(data: bytes, stride: int) -> str:
    """A film's message in the page: of each byte, what lay a heat map before it and then the byte
    before it are taken away. Heat maps change little from frame to frame and from step to step, so
    that what is left is small numbers.
    """
    values = np.frombuffer(data, np.uint8)
    for place in (stride, 1):
        before, values = values, values.copy()
        values[place:] -= before[:-place]
    packer = zlib.compressobj(6, strategy=zlib.Z_HUFFMAN_ONLY)
    return _script("film", packer.compress(values.tobytes()) + packer.flush(), stride=stride)


def _floats(name: str, data: bytes) -> str:
    """A message of numbers: the first bytes of all float32, then the second ones, and so on."""
    whole = data + bytes(-len(data) % 4)
    planes = np.frombuffer(whole, np.uint8).reshape(-1, 4).T
    return _script(name, zlib.compress(planes.tobytes()), planes=4)


def _script(name: str, packed: bytes, **how: int) -> str:
    said = "".join(f' data-{key}="{value}"' for key, value in how.items())
    text = b64encode(packed).decode()
    return f'<script type="text/plain" id="message-{name}"{said}>{text}</script>'
