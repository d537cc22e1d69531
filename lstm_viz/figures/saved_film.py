"""A film as one file that plays without a server: what the app draws with, and all its messages."""

import tomllib
import zlib
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from json import dumps
from string import Template

import numpy as np

from lstm_viz.data.marks import marks_of
from lstm_viz.figures.clock import BY_HAND, moment_of, place_of, playback
from lstm_viz.figures.drawn_frames import DrawnFrame, Thinning, units_of
from lstm_viz.figures.film_view import DrawnFilm, film_view
from lstm_viz.figures.layer_film import LayerFilm
from lstm_viz.figures.layer_rows import letters, longest_memory, names_of
from lstm_viz.figures.modules import import_map, module_name, style_sheet
from lstm_viz.figures.palette import THEMES
from lstm_viz.figures.rows import Lines, Row, signals_of
from lstm_viz.files import COMPONENTS, ROOT
from lstm_viz.words import _

ENTRY = "alone.js"
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

    def html(self) -> str:
        """The whole page: it loads nothing, from no server and no other file."""
        messages = [_levels(self.film, self.stride)]
        messages += [_floats(self.cell)] if self.cell else []
        template = Template((COMPONENTS / "alone.html").read_text())
        return template.substitute(
            title=escape(self.title),
            said=escape(self.said),
            theme=escape(_("Light or dark")),
            noscript=escape(_("This film needs JavaScript to play.")),
            page=_theme_style() + style_sheet("alone.css"),
            film_style=style_sheet("film.css"),
            cell_style=style_sheet("cell.css"),
            columns="both" if self.cell else "",
            messages="\n".join(messages),
            modules=dumps({"imports": import_map(ENTRY)}),
            entry=module_name(ENTRY),
        )


def saved_film(film: LayerFilm, title: str, cell: bytes | None = None) -> SavedFilm:
    """A run's film, and its cell beside it, where there is one (`figures.cell.of_run`)."""
    frames = film.run.film.frames
    newest = film.of(frames[-1])
    thinning = Thinning.of(newest)
    every = 1
    while _size(film, thinning) * (len(frames) // every) > MOST_BYTES:
        every *= 2
    kept = [frame for k, frame in enumerate(frames) if k % every == 0 or frame is frames[-1]]
    inputs = film.run.examples.inputs[film.sample]
    reads = film.reads_the_input(frames[-1])
    moving = playback([film.run], None, playing=BY_HAND)
    rows = film.rows(frames[-1])
    drawn = DrawnFilm(
        rows,
        id=film.id,
        clock=[moment_of(frame) for frame in kept],
        sent=[_seen(film.drawn(frame, thinning), rows) for frame in kept],
        units=units_of(newest, thinning),
        every=thinning.steps,
        names=names_of(newest),
        diverged=film.run.state == "diverged",
    )
    message = film_view(
        [drawn],
        time_steps=newest.hidden.shape[1],
        pinned=None,
        unit=longest_memory(newest),
        fits=True,
        playback=replace(moving, clock=()) if moving else None,
        letters=letters(film.run.dataset, inputs) if reads else None,
        marks=marks_of(film.run.dataset, inputs) if reads else (),
        subject=film.run.id,
    )
    units, steps = len(drawn.units), -(-newest.hidden.shape[1] // thinning.steps)
    return SavedFilm(title, _said(film), message, units * steps, cell)


def _seen(frame: DrawnFrame, rows: Sequence[Row]) -> DrawnFrame:
    """A frame without the heat maps that no row shows."""
    maps = {signal for row in rows if not isinstance(row, Lines) for signal in signals_of(row)}
    kept = {k: each for k, each in frame.signals.items() if each.values.ndim == 1 or k in maps}
    return DrawnFrame(frame.step, kept)


def _said(film: LayerFilm) -> str:
    """How far the training is that the film shows, and of which layer it is."""
    last = film.run.film.frames[-1]
    words = _("{layer}, example {number}. The last moment: {place}; validation loss {loss:.4g}.")
    return words.format(
        layer=film.layer,
        number=film.sample + 1,
        place=place_of(last),
        loss=last.validation_loss,
    )


def _size(film: LayerFilm, thinning: Thinning) -> int:
    """Bytes of a frame's heat maps."""
    layer = film.of(film.run.film.frames[-1])
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


def _floats(data: bytes) -> str:
    """A cell's message: the first bytes of all float32, then the second ones, and so on."""
    whole = data + bytes(-len(data) % 4)
    planes = np.frombuffer(whole, np.uint8).reshape(-1, 4).T
    return _script("cell", zlib.compress(planes.tobytes()), planes=4)


def _script(name: str, packed: bytes, **how: int) -> str:
    said = "".join(f' data-{key}="{value}"' for key, value in how.items())
    text = b64encode(packed).decode()
    return f'<script type="text/plain" id="message-{name}"{said}>{text}</script>'


@cache
def _theme_style() -> str:
    """The app's two themes as Streamlit gives them to components."""
    themes = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]
    common = f"--st-font:{themes['font']};--st-base-radius:{themes['baseRadius']};"
    kinds = {
        "primary-color": "primaryColor",
        "background-color": "backgroundColor",
        "secondary-background-color": "secondaryBackgroundColor",
        "text-color": "textColor",
        "border-color": "borderColor",
    }
    sheets = {
        theme: "".join(f"--st-{name}:{themes[theme][key]};" for name, key in kinds.items())
        for theme in THEMES
    }
    light, dark = (f"{{{sheets[theme]}color-scheme:{theme}}}" for theme in ("light", "dark"))
    return (
        f":root{{{common}}}:root{light}@media (prefers-color-scheme:dark){{:root{dark}}}"
        f":root[data-theme=light]{light}:root[data-theme=dark]{dark}"
    )
