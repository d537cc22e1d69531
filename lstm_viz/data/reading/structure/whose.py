"""Whose the rows of a table are: of one series, or of several that are stacked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, islice
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lstm_viz.data.reading.moments.order import EVEN
from lstm_viz.data.reading.shape import PART_WORDS
from lstm_viz.data.series import Labels, Rows

Codes = npt.NDArray[np.int64]
MOST_ENTITIES = 2000
OVERLAP = 0.25
"""How long the entities' times lie upon each other, the length of a usual one being 1, from which
on they are beside each other and not one after the other."""
TWICE = 0.01
"""Share of rows that may be there twice in an entity; one always may."""
SHARED = 0.05
"""Share of rows whose moment another entity has too, from which on that alone tells them apart."""
NAMELESS = 0.05
"""Share of rows that may not say whose they are, and are left out."""
EMPTY = "(empty)"
"""The entity of rows that do not say whose they are, where those are many."""
LEAST_PERIODS = 12
"""Numbers from 0 or 1 on, evenly spaced, that may be periods of a day or year from so many on."""
LEAST_BLOCK = 4
"""Rows of a block of one word that may be an entity's."""
NAME_WORDS = re.compile(
    r"id$|^id|name|entity|station|site|sensor|device|country|region|state|city|store|shop|item"
    r"|product|symbol|ticker|unit|engine|subject|patient|user|group|series|location|type|variable"
    r"|parameter|indicator|machine|maschine|anlage|asset|vessel|turbine|area|land|ort|国|県|市|地点",
    re.I,
)
"""What columns are called that say whose a row is."""
SOURCE_WORDS = re.compile(
    r"entity|sensor|device|station|variable|parameter|metric|topic|channel|symbol|ticker|^_?field$",
    re.I,
)
"""What those are called that leave no doubt."""


def entity_places(
    frame: pd.DataFrame,
    names: Sequence[str],
    words: Sequence[int],
    others: Sequence[int],
    when: Labels | None,
    counters: Mapping[int, Rows],
) -> tuple[int, ...]:
    """The columns that together say whose a row is; empty where all are of one.

    In each part that they make a moment is there once, which it is not in the whole, and the parts
    lie beside each other in time. `others`, columns of numbers that no name calls an entity, count
    where they and the moments make a full grid.
    """
    if len(frame) < 4:
        return ()
    if when is None:
        return (
            _restarting(frame, words, counters)
            or tuple(p for p in in_blocks(frame, words) if NAME_WORDS.search(names[p]))[:1]
        )
    if _runs(when):
        return _after_a_pause(frame, names, words, when) or _alternating(frame, names, words, when)
    moments = when.astype("datetime64[us]").astype(np.int64)
    coded = _all_coded(frame, words[:12])
    found = _fewest(coded, names, moments, 3) or _alternating(frame, names, words, when)
    if found or len(np.unique(moments)) > len(moments) // 2:
        return found
    timeless = [p for p in others if not _part_of_a_moment(frame.iloc[:, p], names[p])]
    coded |= _all_coded(frame, timeless[:12])
    return _fewest(coded, names, moments, 2, grid=True)


def _after_a_pause(
    frame: pd.DataFrame, names: Sequence[str], words: Sequence[int], when: Labels
) -> tuple[int, ...]:
    """A column that names series which are there one after the other, each after a pause."""
    steps = np.abs(np.diff(when).astype(np.int64))
    for place in in_blocks(frame, [p for p in words if NAME_WORDS.search(names[p])]):
        column = frame.iloc[:, place].to_numpy()
        if (steps[column[1:] != column[:-1]] > EVEN * np.median(steps)).all():
            return (place,)
    return ()


def _alternating(
    frame: pd.DataFrame, names: Sequence[str], words: Sequence[int], when: Labels
) -> tuple[int, ...]:
    """A column that names what was measured, row by row, each at a moment of its own."""
    for place in words[:12]:
        if SOURCE_WORDS.search(names[place]) and in_turn(frame.iloc[:, place], when) is not None:
            return (place,)
    return ()


def in_turn(column: pd.Series, when: Labels) -> Codes | None:
    """(N,) codes of a column whose words come again and again, side by side in time; or None."""
    codes = _coded(column)
    if codes is None or (codes < 0).any():
        return None
    moments = when.astype("datetime64[us]").astype(np.int64)
    parts = [moments[at] for at in blocks(codes)]
    again = (np.diff(codes) != 0).sum() > 2 * len(parts)
    if not again or min(map(len, parts)) < LEAST_BLOCK:
        return None
    return codes if _beside(*(np.array([*map(end, parts)]) for end in (np.min, np.max))) else None


def _fewest(
    coded: Mapping[int, Codes], names: Sequence[str], moments: Codes, most: int, grid: bool = False
) -> tuple[int, ...]:
    """As few of the columns as tell the series apart, and of these those that make fewest."""
    for count in range(1, most + 1):
        fitting = []
        for places in combinations(coded, count):
            known = np.all([coded[p] >= 0 for p in places], axis=0)
            codes, then = _joint([coded[p][known] for p in places]), moments[known]
            parts = int(codes.max()) + 1
            full = parts * len(np.unique(then)) == len(codes)
            if (full or not grid) and _fits(codes, parts, then):
                fitting.append((parts, places))
        if fitting:
            named = [each for each in fitting if NAME_WORDS.search(names[each[1][0]])]
            return min(named or fitting, key=lambda each: each[0])[1]
    return ()


def _part_of_a_moment(column: pd.Series, name: str) -> bool:
    """Whether a column of numbers tells when within a day or year: by its name, or as it counts."""
    values = np.unique(column.dropna())
    steps = np.diff(values) if values.dtype.kind in "iuf" else np.empty(0)
    evenly = len(steps) > 0 and steps[0] == steps[-1] == steps.mean()
    hours = evenly and steps[0] * len(values) == 24
    counts = evenly and (hours or len(values) >= LEAST_PERIODS)
    return bool(PART_WORDS.match(name.strip())) or (counts and bool(0 <= values[0] <= steps[0]))


def _all_coded(frame: pd.DataFrame, places: Sequence[int]) -> dict[int, Codes]:
    return {p: codes for p in places if (codes := _coded(frame.iloc[:, p])) is not None}


def _coded(column: pd.Series) -> Codes | None:
    """(N,) codes of a column of few words, -1 of cells to leave out; None of one of many, or one.

    Cells that are empty are one more word, unless they are few.
    """
    few = bool(column.isna().mean() <= NAMELESS)
    codes, unlike = pd.factorize(column, use_na_sentinel=few)
    return codes if 2 <= len(unlike) <= min(MOST_ENTITIES, len(column) // 2) else None


def _fits(codes: Codes, parts: int, moments: Codes) -> bool:
    """Whether each part is a series, whatever the order of the rows, and the whole is none."""
    if not 2 <= parts <= min(MOST_ENTITIES, len(codes) // 2):
        return False
    order = np.lexsort((moments, codes))
    sorted_moments, within = moments[order], np.diff(codes[order]) == 0
    again = int((np.diff(sorted_moments)[within] == 0).sum())
    if again > max(1, TWICE * len(codes)):
        return False
    shared = len(moments) - len(np.unique(moments)) - again
    if shared < max(2, SHARED * len(codes)) and not _runs_in_each(codes, moments):
        return False
    starts = np.flatnonzero(np.concatenate([[True], ~within]))
    stops = np.concatenate([starts[1:], [len(codes)]]) - 1
    return _beside(sorted_moments[starts], sorted_moments[stops])


def _runs_in_each(codes: Codes, moments: Codes) -> bool:
    """Whether in the file's order time runs on in each part, and starts anew in the whole."""
    steps = np.diff(moments)
    if (steps >= 0).all() or (steps <= 0).all():
        return False
    order = np.argsort(codes, kind="stable")
    steps = np.diff(moments[order])[np.diff(codes[order]) == 0]
    return len(steps) > 0 and min(int((steps < 0).sum()), int((steps > 0).sum())) <= max(
        1, TWICE * len(steps)
    )


def _beside(starts: Codes, stops: Codes) -> bool:
    """Whether spans of time lie upon each other and not only one after the other."""
    order = np.argsort(starts)
    starts, ends = starts[order], np.maximum.accumulate(stops[order])
    covered = np.maximum(ends - np.maximum(starts, np.append(starts[0], ends[:-1])), 0).sum()
    lengths = stops[order] - starts
    return float(lengths.sum() - covered) >= OVERLAP * float(np.median(lengths)) > 0


def _joint(coded: Sequence[Codes]) -> Codes:
    joint = coded[0]
    for codes in coded[1:]:
        joint = joint * (int(codes.max()) + 2) + codes
    made: Codes = np.unique(joint, return_inverse=True)[1]
    return made


def _runs(when: Labels) -> bool:
    steps = np.diff(when).astype(np.int64)
    return bool((steps > 0).all() or (steps < 0).all())


def _restarting(
    frame: pd.DataFrame, words: Sequence[int], counters: Mapping[int, Rows]
) -> tuple[int, ...]:
    """A column that is the same while another counts, and changes where that begins again."""
    for place in (*words[:5], *islice(counters, 5)):
        codes = _coded(frame.iloc[:, place])
        if codes is None:
            continue
        changes = np.diff(codes) != 0
        if changes.sum() != codes.max():  # a part that comes back
            continue
        for other, values in islice(counters.items(), 5):
            steps = np.diff(values)
            if other != place and (steps[~changes] == 1).all() and (steps[changes] <= 0).all():
                return (place,)
    return ()


def in_blocks(frame: pd.DataFrame, words: Sequence[int]) -> Iterator[int]:
    """The columns of words of which each is there in one block of several rows and never again."""
    for place in words[:5]:
        codes = _coded(column := frame.iloc[:, place])
        if codes is not None and column.dtype.kind not in "iuf" and (codes >= 0).all():
            once = (np.diff(codes) != 0).sum() == codes.max()
            if once and np.bincount(codes).min() >= LEAST_BLOCK:
                yield place


WRITTEN = r"0\d+|\d+[eE]\d+"
"""Names made of digits, whose numbers would be written otherwise: 007, 1E2."""


def names_in_digits(frame: pd.DataFrame, names: Sequence[str], told: str) -> list[int]:
    """The columns of numbers that may say whose a row is, by their name or as told."""
    return [
        place
        for place, name in enumerate(names)
        if (name.strip() in told.split(" + ") or NAME_WORDS.search(name))
        and frame.iloc[:, place].dtype.kind in "iuf"
        and frame.iloc[:, place].nunique() <= min(MOST_ENTITIES, len(frame) // 2)
    ]


def entity_names(frame: pd.DataFrame, places: Sequence[int]) -> tuple[Codes, tuple[str, ...]]:
    """((N,) whose each row is, the names), in the order in which they come."""
    words = frame.iloc[:, places[0]].map(_word)
    for place in places[1:]:
        words = words + " · " + frame.iloc[:, place].map(_word)
    codes, unlike = pd.factorize(words)
    return codes, tuple(map(str, unlike))


def _word(cell: Any) -> str:
    if cell is None or cell != cell:
        return EMPTY
    return f"{cell:g}" if isinstance(cell, float) else str(cell).strip()


def blocks(codes: Codes) -> Iterator[Codes]:
    """The rows of each part."""
    for code in range(int(codes.max()) + 1):
        yield np.flatnonzero(codes == code)
