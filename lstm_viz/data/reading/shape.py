"""What the rows of a table are: a series, series that are stacked, or a sequence each."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, islice
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from lstm_viz.data.series import Labels, Rows

if TYPE_CHECKING:
    import pandas as pd

MOST_ENTITIES = 2000
MAX_MISSING = 0.2
"""Share of a column that may be filled in, and so of one that is proposed."""
OVERLAP = 1.25
"""How long the entities' times are together, the whole being 1, from which on they are beside each
other and not one after the other."""
FLAG_WORDS = re.compile(
    r"flag|quality|qualit|\bqc\b|_qc|qc_|status|\bcode|code\b|valid|error|品質|均質|フラグ|現象なし"
    r"|\bid\b|_id$|^id_|index$|^no\.?$|^nr\.?$|^row|confidence|uncertain|\bunc\b|std.?err|stddev"
    r"|precision|latitude|longitude|^lat$|^lon$|^lng$|elevation|altitude",
    re.I,
)
"""What columns are called that tell of other columns, or of the place."""
PART_WORDS = re.compile(
    r"^(?:years?|months?|days?|hours?|minutes?|seconds?|week(?:day)?s?|day ?of ?(?:week|year)|doy"
    r"|jahr|monat|tag|stunde|quarter|年|月|日|時|holiday|is_\w+)$",
    re.I,
)
NAME_WORDS = re.compile(
    r"id$|^id|name|entity|station|site|sensor|device|country|region|state|city|store|shop|item"
    r"|product|symbol|ticker|unit|engine|subject|patient|user|group|series|location|type|variable"
    r"|parameter|indicator|area|land|ort|国|県|市|地点",
    re.I,
)
"""What columns are called that say whose a row is."""


def entity_places(
    frame: "pd.DataFrame",
    names: Sequence[str],
    words: Sequence[int],
    when: Labels | None,
    counters: Mapping[int, Rows],
) -> tuple[int, ...]:
    """The columns that together say whose a row is; empty where all are of one.

    They must part the rows so that in each part time runs on, which it does not in the whole, and
    the parts lie beside each other in time.
    """
    if len(frame) < 4:
        return ()
    if when is None:
        return _restarting(frame, words, counters)
    if _runs(when):
        return ()
    coded = {p: codes for p in words[:12] if (codes := _coded(frame.iloc[:, p])) is not None}
    for count in (1, 2, 3):
        fitting = [
            (parts, places)
            for places in combinations(coded, count)
            if (parts := _fits([coded[p] for p in places], when))
        ]
        if fitting:
            named = [each for each in fitting if NAME_WORDS.search(names[each[1][0]])]
            return min(named or fitting, key=lambda each: each[0])[1]
    return ()


def _coded(column: "pd.Series") -> npt.NDArray[np.int64] | None:
    """(N,) codes of a column of few words; None of one of many, or of one."""
    import pandas as pd

    codes, unlike = pd.factorize(column)
    if not 2 <= len(unlike) <= min(MOST_ENTITIES, len(column) // 2) or (codes < 0).mean() > 0.05:
        return None
    return codes


def _fits(coded: Sequence[npt.NDArray[np.int64]], when: Labels) -> int:
    """How many parts there are, in each of which time runs on; 0 where it does not."""
    codes = _joint(coded)
    parts = int(codes.max()) + 1
    if not 2 <= parts <= min(MOST_ENTITIES, len(codes) // 2):
        return 0
    order = np.argsort(codes, kind="stable")
    moments, sorted_codes = when[order].astype("datetime64[us]").astype(np.int64), codes[order]
    steps, within = np.diff(moments), np.diff(sorted_codes) == 0
    steps = steps[within]
    if not len(steps) or min((steps <= 0).mean(), (steps >= 0).mean()) > 0.01:
        return 0
    starts = np.flatnonzero(np.concatenate([[True], ~within]))
    stops = np.concatenate([starts[1:], [len(codes)]]) - 1
    lengths = np.abs(moments[stops] - moments[starts]).astype(np.float64)
    whole = float(moments.max() - moments.min())
    return parts if whole > 0 and lengths.sum() >= OVERLAP * whole else 0


def _joint(coded: Sequence[npt.NDArray[np.int64]]) -> npt.NDArray[np.int64]:
    joint = coded[0]
    for codes in coded[1:]:
        joint = joint * (int(codes.max()) + 2) + codes
    made: npt.NDArray[np.int64] = np.unique(joint, return_inverse=True)[1]
    return made


def _runs(when: Labels) -> bool:
    steps = np.diff(when).astype(np.int64)
    return bool((steps > 0).all() or (steps < 0).all())


def _restarting(
    frame: "pd.DataFrame", words: Sequence[int], counters: Mapping[int, Rows]
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


def entity_names(
    frame: "pd.DataFrame", places: Sequence[int]
) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """((N,) whose each row is, the names), in the order in which they come."""
    import pandas as pd

    words = frame.iloc[:, places[0]].map(_word)
    for place in places[1:]:
        words = words + " · " + frame.iloc[:, place].map(_word)
    codes, unlike = pd.factorize(words)
    return codes, tuple(map(str, unlike))


def _word(cell: Any) -> str:
    return f"{cell:g}" if isinstance(cell, float) and cell == cell else str(cell).strip()


def proposals(columns: dict[str, Rows]) -> tuple[str, ...]:
    """Columns worth a forecast: no constants, no counters, no flags or codes."""
    good = [
        name
        for place, (name, values) in enumerate(columns.items())
        if _measures(name, values) and not (counts(values) and (not place or _steps_by_one(values)))
    ]
    if good:
        return tuple(good)
    return tuple(name for name, values in columns.items() if _varies(values))


def _measures(name: str, values: Rows) -> bool:
    known = values[np.isfinite(values)]
    if known.size < (1 - MAX_MISSING) * len(values):
        return False
    if not _varies(values) or FLAG_WORDS.search(name) or PART_WORDS.match(name.strip()):
        return False
    whole = bool((known % 1 == 0).all())
    return not (whole and len(known) >= 30 and len(np.unique(known)) <= 3)


def _varies(values: Rows) -> bool:
    known = values[np.isfinite(values)]
    return known.size > 0 and bool(known.min() < known.max())


def _steps_by_one(values: Rows) -> bool:
    return bool((np.abs(np.diff(values)) == 1).all() and values[0] % 1 == 0)


def counts(values: Rows) -> bool:
    """Whether a column only counts: evenly, up or down, over at least ten rows."""
    if len(values) < 10 or not np.isfinite(values).all():
        return False
    steps = np.diff(values)
    return bool((steps > 0).all() or (steps < 0).all()) and bool(
        np.ptp(steps) <= 1e-3 * np.abs(steps.mean())
    )


LEAST_STEPS = 12
SMOOTH = 0.5


def label_place(values: Rows) -> int | None:
    """Which column of (N, T+1) numbers is the class of a sequence a row; None of a plain table.

    Then a row runs on smoothly from cell to cell, its neighbours below have nothing to do with it,
    and one column, the first or the last, holds few whole numbers.
    """
    rows, width = values.shape
    if rows < 4 or width <= LEAST_STEPS:
        return None
    for place in (0, width - 1):
        labels = values[:, place]
        unlike = np.unique(labels[np.isfinite(labels)])
        if not np.isfinite(labels).all() or (labels % 1 != 0).any():
            continue
        if not 2 <= len(unlike) <= max(2, rows // 2):
            continue
        sequences = np.delete(values, place, axis=1)
        along, across = _roughness(sequences), _roughness(sequences.T)
        if along < 2 * SMOOTH and along < 0.6 * across and _alike(sequences):
            return place
    return None


def _roughness(rows: Rows) -> float:
    """Median over rows of mean squared step over variance: 2 of noise, near 0 of a smooth curve."""
    steps = np.nanmean(np.diff(rows, axis=1) ** 2, axis=1)
    spread = np.nanvar(rows, axis=1)
    good = spread > 0
    return float(np.median(steps[good] / spread[good])) if good.any() else np.inf


def _alike(sequences: Rows) -> bool:
    """Whether all columns are of one size, as moments of one signal are."""
    spread = np.nanstd(sequences, axis=0)
    usual = float(np.median(spread))
    return usual > 0 and float(spread.max()) < 20 * usual


def blocks(codes: npt.NDArray[np.int64]) -> Iterator[npt.NDArray[np.int64]]:
    """The rows of each part."""
    for code in range(int(codes.max()) + 1):
        yield np.flatnonzero(codes == code)
