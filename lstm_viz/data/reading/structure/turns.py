"""Columns whose words come in turn, row by row: of several series perhaps, which is a question."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from lstm_viz.data.reading.structure.whose import NAME_WORDS, Codes, in_turn
from lstm_viz.data.series import Labels, Rows

OFTEN = 0.8
"""How often a word must change from row to row, 1 being as often as if drawn by lot."""
IN_TURN = 0.9
"""Share of rows whose word comes again after as many rows as there are words."""
APART = 0.5
"""Share of the numbers' variance that must lie between the words, for these to tell them apart."""
_STATES = (
    "on off ok nok fail true false yes no ja nein good bad open closed up down high low ein aus an",
    "valid invalid normal alarm idle active 0 1",
)
STATES = frozenset(" ".join(_STATES).split())
"""Words of a state, in small letters, that a single series may be in."""


def perhaps_in_turn(
    frame: pd.DataFrame,
    names: Sequence[str],
    values: Sequence[Rows],
    words: Sequence[int],
    when: Labels,
) -> Iterator[int]:
    """The columns that change from row to row, by whose words the numbers are told apart, or whose
    words take turns under a name that says whose a row is. No states are, nor what the date tells.
    """
    for place in words[:12]:
        codes = in_turn(frame.iloc[:, place], when)
        if codes is None or {str(w).lower() for w in frame.iloc[:, place].unique()} <= STATES:
            continue
        shares = np.bincount(codes) / len(codes)
        often = (np.diff(codes) != 0).mean() >= OFTEN * (1 - (shares**2).sum())
        turns = (codes[len(shares) :] == codes[: -len(shares)]).mean() >= IN_TURN
        named = turns and NAME_WORDS.search(names[place])
        apart = any(_told_apart(each, codes) >= APART for each in values)
        if often and (named or apart) and not _told_by_date(codes, when):
            yield place


def _told_apart(values: Rows, codes: Codes) -> float:
    """The share of the numbers' variance that lies between the parts."""
    known = np.isfinite(values)
    values, codes = values[known], codes[known]
    count = np.bincount(codes)
    if not len(values) or not (spread := values.var()) > 0:
        return 0.0
    means = np.bincount(codes, values) / np.maximum(count, 1)
    return float((count * (means - values.mean()) ** 2).sum() / spread / len(values))


def _told_by_date(codes: Codes, when: Labels) -> bool:
    """Whether a word follows from the day of the week, or from the month."""
    days = when.astype("datetime64[D]").astype(np.int64) % 7
    months = when.astype("datetime64[M]").astype(np.int64) % 12
    return any(
        len(np.unique(part)) == len(np.unique(part * len(codes) + codes)) for part in (days, months)
    )
