"""What the columns of a table are worth a forecast, and whether its rows are a sequence each."""

import re

import numpy as np

from lstm_viz.data.series import Rows

MAX_MISSING = 0.2
"""Share of a column that may be filled in, and so of one that is proposed."""
FLAG_WORDS = re.compile(
    r"flag|quality|qualit|\bqc\b|_qc|qc_|status|\bcode|code\b|valid|error|品質|均質|フラグ|現象なし"
    r"|\bid\b|_id$|^id_|index$|^no\.?$|^nr\.?$|^row|confidence|uncertain|\bunc\b|std.?err|stddev"
    r"|^(?:counter|n?seq(?:uence)?|packet|frame|record)$|precision|latitude|longitude|^lat$|^lon$|^lng$|elevation|altitude",
    re.I,
)
"""What columns are called that tell of other columns, or of the place."""
PART_WORDS = re.compile(
    r"^(?:years?|months?|days?|hours?|minutes?|seconds?|week(?:day)?s?|day ?of ?(?:week|year)|doy"
    r"|jahr|monat|tag|stunde|quarter|年|月|日|時|holiday|is_\w+|yr|mnth|opr_\w+|dow)$",
    re.I,
)


def proposals(columns: dict[str, Rows]) -> tuple[str, ...]:
    """Columns worth a forecast: no constants, counters or clocks, no flags or codes."""
    good = [
        name
        for place, (name, values) in enumerate(columns.items())
        if _measures(name, values) and not (counts(values) and (not place or _steps_by_one(values)))
    ]
    if good:
        return tuple(good)
    return tuple(name for name, values in columns.items() if _varies(values))


def _measures(name: str, values: Rows) -> bool:
    # the first page waits for no reader
    from lstm_viz.data.reading.moments.epochs import tells_time

    if tells_time(values, name):
        return False
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
        along, across = roughness(sequences), roughness(sequences.T)
        if along < 2 * SMOOTH and along < 0.6 * across and _alike(sequences):
            return place
    return None


def roughness(rows: Rows) -> float:
    """Median over rows of mean squared step over variance: 2 of noise, near 0 of a smooth curve."""
    steps = np.nanmean(np.diff(rows, axis=1) ** 2, axis=1)
    spread = np.nanvar(rows, axis=1)
    good = spread > 0
    return float(np.median(steps[good] / spread[good])) if good.any() else np.inf


def _alike(sequences: Rows) -> bool:
    """Whether all columns are of one size, as moments of one signal are."""
    spread = np.nanstd(sequences, axis=0)  # of shorter sequences few reach the last columns
    usual = float(np.nanmedian(spread))
    return usual > 0 and float(np.nanmax(spread)) < 20 * usual
