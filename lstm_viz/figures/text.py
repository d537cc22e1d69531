"""A text coloured by one unit, character by character, packed for its component.

After Karpathy, Johnson & Fei-Fei 2015, "Visualizing and understanding recurrent networks".
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from lstm_viz.figures.colour import contrast, mix
from lstm_viz.figures.layer_rows import visible
from lstm_viz.figures.packing import LEVELS, Numbers, pack, quantise
from lstm_viz.figures.palette import LOOKS, TEXT, THEMES, Signal, Theme, ramp
from lstm_viz.words import N_, _

Top = tuple[npt.NDArray[np.integer], Numbers]

LEGIBLE = 4.5
"""The contrast ratio WCAG 2 asks of text (success criterion 1.4.3, level AA)."""
LIKELIEST = 5
"""How many of the characters that the model expected next are shown."""
NAMES = {" ": N_("space"), "\n": N_("line break"), "\t": N_("tab")}
UNSEEN = "▯"
"""Stands for a character that no font draws."""
WORDS = {
    "expected": N_("Expected next"),
    "came": N_("came"),
    "unlikely": N_("less likely than these"),
    "end": N_("The text ends here."),
    "next": N_("Next came"),
    "missing": N_("not a number"),
    "place": N_("{character}, t = {t}: {value}"),
}


def text_view(
    characters: Sequence[str],
    values: Numbers,
    *,
    signal: Signal,
    low: float,
    high: float,
    title: str,
    top: Top | None = None,
    symbols: Sequence[str] = (),
    cursor: int | None = None,
    subject: str = "",
) -> bytes:
    """Pack a text of T characters, each with one unit's value after reading it.

    - `values` (T,): coloured on the signal's scale from `low` to `high`; NaN has no colour.
    - `top`: what the model expected after each character, as codes into `symbols` and their
      probabilities, both (T, K); the `LIKELIEST` are shown.
    - `cursor`: the picked t; the browser moves to it when it changes.
    - `subject`: components of one subject, such as a run, have one selection.

    Raises ValueError where shapes disagree or the scale runs backwards.
    """
    known = np.asarray(values, np.float32)
    _check(characters, known, low, high)
    codes = quantise(known, low, high)
    arrays: list[npt.NDArray[Any]] = [codes, known]
    if top is not None:
        arrays.extend(_likeliest(top, len(characters)))
    finite = known[np.isfinite(known)]
    header = {
        "characters": list(characters),
        "symbols": list(symbols),
        **_unseen({*characters, *symbols}),
        "low": low,
        "high": high,
        "clipped": [bool((finite < low).any()), bool((finite > high).any())],
        "missing": bool((codes == 0).any()),
        "title": title,
        "cursor": cursor,
        "subject": subject,
        "expects": top is not None,
        "looks": {theme: _look(signal, theme) for theme in THEMES},
        "words": {key: _(word) for key, word in WORDS.items()},
        "summary": _summary(len(characters), title),
    }
    return pack(header, arrays)


@cache
def shades(signal: Signal, theme: Theme) -> tuple[tuple[str, str], ...]:
    """(paper, ink) of each level of a signal's ramp, the lowest first: always `LEGIBLE`.

    >>> shades("forget", "light")[0], shades("forget", "light")[-1]
    (('#ffffff', '#1b2733'), ('#095bc3', '#ffffff'))
    """
    stops = ramp(signal, theme)
    papers = []
    for place in np.linspace(0, len(stops) - 1, LEVELS).tolist():
        k = min(int(place), len(stops) - 2)
        papers.append(mix(stops[k], stops[k + 1], place - k))
    return tuple((paper, _ink(paper, TEXT[theme])) for paper in papers)


def _ink(paper: str, usual: str) -> str:
    """The page's own text colour where it is legible, else black or white."""
    if contrast(usual, paper) >= LEGIBLE:
        return usual
    return max("#000000", "#ffffff", key=lambda ink: contrast(ink, paper))


def _look(signal: Signal, theme: Theme) -> dict[str, Any]:
    papers, inks = zip(*shades(signal, theme), strict=True)
    return {
        "ramp": ramp(signal, theme),
        "papers": papers,
        "inks": inks,
        "expected": LOOKS["prediction"][theme],
    }


def _check(characters: Sequence[str], values: Numbers, low: float, high: float) -> None:
    if values.shape != (len(characters),):
        raise ValueError(f"{len(characters)} characters cannot have values {values.shape}.")
    if not low < high:
        raise ValueError(f"A scale cannot run from {low} to {high}.")


def _likeliest(top: Top, steps: int) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float32]]:
    """At most `LIKELIEST` codes and probabilities of each step, the likeliest first."""
    codes, probabilities = (np.asarray(each) for each in top)
    if codes.shape != probabilities.shape or codes.ndim != 2 or len(codes) != steps:
        raise ValueError(
            f"{steps} characters cannot have next ones {codes.shape}, {probabilities.shape}."
        )
    order = np.argsort(-probabilities, axis=1, kind="stable")[:, :LIKELIEST]
    return (
        np.take_along_axis(codes, order, axis=1).astype(np.uint8),
        np.take_along_axis(probabilities, order, axis=1).astype(np.float32),
    )


def _unseen(characters: Iterable[str]) -> dict[str, dict[str, str]]:
    """Signs and names of the characters that cannot be seen as they are."""
    signs, names = {}, {}
    for character in sorted(characters):
        if character in NAMES:
            signs[character], names[character] = visible(character), _(NAMES[character])
        elif not character.isprintable():
            signs[character], names[character] = UNSEEN, f"U+{ord(character):04X}"
    return {"signs": signs, "names": names}


def _summary(count: int, title: str) -> str:
    return _(
        "{count} characters, coloured by {title}. Left, right: cursor; Home, End: ends of the text."
    ).format(count=count, title=title)
