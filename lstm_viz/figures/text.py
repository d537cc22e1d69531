"""A text coloured by one unit, letter by letter, packed for its component.

After Karpathy, Johnson & Fei-Fei 2015, "Visualizing and understanding recurrent networks".
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from lstm_viz.figures.layers import visible
from lstm_viz.figures.palette import THEMES, Signal, ramp
from lstm_viz.figures.wire import Numbers, pack, quantise
from lstm_viz.words import N_, _

AT = N_("t = {t}: after '{letter}' the value is {value}. Expected next:")
BETWEEN = N_("t = {t}: after '{letter}' the value is {value}. Expected next, and '{next}' came:")


def text_view(
    letters: Sequence[str],
    values: Numbers,
    *,
    signal: Signal,
    low: float,
    high: float,
    title: str,
    top: tuple[npt.NDArray[np.integer], Numbers],
    symbols: Sequence[str],
    cursor: int | None = None,
) -> bytes:
    """Pack a text of T letters and the value of one unit at each.

    - `values` (T,) on a scale from `low` to `high`, in the signal's colours; NaN has none.
    - `top`: codes and probabilities, (T, K), of the likeliest next symbols after each letter.

    >>> from lstm_viz.figures.wire import unpack
    >>> top = np.zeros((2, 1), int), np.ones((2, 1))
    >>> data = text_view("ab", np.array([0.0, 1.0]), signal="forget", low=0.0, high=1.0,
    ...     title="forget gate", top=top, symbols=("a", "b"))
    >>> unpack(data)[0]["letters"]
    ['a', 'b']
    """
    codes, probabilities = top
    arrays: list[npt.NDArray[Any]] = [
        quantise(np.asarray(values), low, high),
        np.asarray(probabilities, np.float32),
        np.asarray(codes, np.uint8),
    ]
    header = {
        "letters": list(letters),
        "shown": [visible(letter) for letter in letters],
        "symbols": [visible(symbol) for symbol in symbols],
        "order": [0, 1, 2],
        "low": round(low, 3),
        "high": round(high, 3),
        "title": title,
        "cursor": cursor,
        "ramp": {theme: list(ramp(signal, theme)) for theme in THEMES},
        "words": {"at": _(AT), "between": _(BETWEEN)},
        "summary": _(
            "{count} letters, coloured by {title}. "
            "Left and right move the cursor, Home and End jump."
        ).format(count=len(letters), title=title),
    }
    return pack(header, arrays)
