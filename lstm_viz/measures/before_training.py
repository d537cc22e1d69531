"""What the data alone tell before anything is trained on them, each with its number."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lstm_viz.data.dataset import Dataset, Part
from lstm_viz.data.preparing.difference import Difference
from lstm_viz.data.preparing.step import Step
from lstm_viz.measures.unpredictable import said_random_walk, said_white_noise
from lstm_viz.measures.verdict import said_outside
from lstm_viz.numerals import numeral
from lstm_viz.words import _, ngettext

Numbers = npt.NDArray[np.floating]

MOSTLY = 0.99
"""Share of rows in which two columns must agree before one is said to hold the other."""
LARGE = 100.0
"""Values beyond this are hard to train on as they are."""
CLOSE = 1e-6
"""Of a column's range: what differs by less is the same number, stored with other digits."""
FAR = 0.5
"""Share of a part outside of the training set's range that is worth a word before training."""


@dataclass(frozen=True)
class Finding:
    """A sentence about the data, and what of the choices would mend it."""

    said: str
    leave_out: str = ""
    """A column without which it does not hold."""
    scaling: str = ""
    """A scaling with which it does not hold."""
    step: Step | None = None
    """A step of preparing after which it does not hold."""


def findings(dataset: Dataset, *observed: Numbers) -> list[Finding]:
    """What is worth knowing of a series before training; nothing of other data.

    Where steps changed values or rows, `observed` are the (N, D) first columns before them: an
    answer that a column held then is still given away by it.
    """
    if not dataset.is_series:
        return []
    return [*_given_away(dataset, (*observed, dataset.raw)), *_found(dataset)]


def _given_away(dataset: Dataset, observed: Sequence[Numbers]) -> Iterator[Finding]:
    """Of each column that holds a target's later values."""
    targets, told = len(dataset.target_names), set()
    names = [_(name) for name in dataset.input_names]
    for rows in observed:
        columns = (column for column in range(rows.shape[1]) if column not in told)
        for column in columns:
            for target, ahead in itertools.product(range(targets), range(1, dataset.horizon + 1)):
                pair = names[column], names[target]
                if column != target and (
                    said := said_given_away(rows[:, column], rows[:, target], pair, ahead)
                    or said_difference(rows[:, column], rows[:, target], pair, ahead)
                ):
                    told.add(column)
                    yield Finding(said, leave_out=dataset.input_names[column])
                    break


def _found(dataset: Dataset) -> Iterator[Finding]:
    targets = len(dataset.target_names)
    raw = dataset.raw
    names = [_(name) for name in dataset.input_names]
    largest = float(np.abs(dataset.values).max())
    if largest > LARGE and np.array_equal(raw, dataset.values):  # as they are, without a scaling
        yield Finding(said_large(largest), scaling="standard")
    unclipped = dataset.unclipped
    judged = dataset.test_split if dataset.test_split < len(raw) else dataset.split
    for target in range(targets):
        known, read = dataset.known_targets[:, target], unclipped[:, target]
        stuck = said_stuck(known, judged, names[target])
        repeats = said_repeats(known, names[target])
        beyond = [
            _beyond(dataset, part, read)
            for part in ("validation", "test")
            if dataset.rows(part).start < len(known)
        ]
        yield from (Finding(said) for said in (stuck, repeats) if said)
        yield from filter(None, beyond)
        if not (stuck or repeats):
            training = known[: dataset.split], names[target]
            if said := said_random_walk(*training) or said_white_noise(*training):
                yield Finding(said)


def _beyond(dataset: Dataset, part: Part, read: Numbers) -> Finding | None:
    """That a part lies far outside of what training sees, and whether its differences do not.

    Where values were clipped, so would be what the differences are taken of.
    """
    rows, split = dataset.rows(part), dataset.split
    said = said_beyond(part, read[rows], read[:split])
    if not said:
        return None
    changes = np.diff(read)
    later = said_beyond(part, changes[rows.start - 1 : rows.stop - 1], changes[: split - 1])
    mended = dataset.levels is None and bool(np.ptp(changes[: split - 1])) and not later
    return Finding(said, step=Difference() if mended else None)


def said_given_away(column: Numbers, target: Numbers, names: Sequence[str], ahead: int = 1) -> str:
    """That a column (N,) holds the target (N,) some rows later; nothing where it does not."""
    close, rows = CLOSE * (_range(target) or 1.0), len(target) - ahead
    first = rows // 40  # of columns that have nothing to do with each other these are enough
    unlike = np.abs(column[:first] - target[ahead : ahead + first]) > close
    if np.count_nonzero(unlike) > (1 - MOSTLY) * rows:
        return ""
    same = np.abs(column[:-ahead] - target[ahead:]) <= close
    moves = np.abs(target[ahead:] - target[:-ahead]) > close
    if not moves.any() or same.mean() < MOSTLY or same[moves].mean() < MOSTLY:
        return ""
    words = ngettext(
        "'{column}' gives the answer away: in {count:,} of {rows:,} rows it is '{target}' "
        "{ahead} row later.",
        "'{column}' gives the answer away: in {count:,} of {rows:,} rows it is '{target}' "
        "{ahead} rows later.",
        ahead,
    )
    count = int(same.sum())
    return words.format(column=names[0], target=names[1], ahead=ahead, count=count, rows=len(same))


def said_difference(column: Numbers, target: Numbers, names: Sequence[str], ahead: int = 1) -> str:
    """That a column (N,) holds by how much the target (N,) will have changed some rows later."""
    change = target[ahead:] - target[:-ahead]
    close, rows = CLOSE * (_range(change) or 1.0), len(change)
    first = rows // 40
    if np.count_nonzero(np.abs(column[:first] - change[:first]) > close) > (1 - MOSTLY) * rows:
        return ""
    same = np.abs(column[:-ahead] - change) <= close
    moves = np.abs(change) > close
    if not moves.any() or same.mean() < MOSTLY or same[moves].mean() < MOSTLY:
        return ""
    words = ngettext(
        "'{column}' gives the answer away: in {count:,} of {rows:,} rows it is the change of "
        "'{target}' to {ahead} row later.",
        "'{column}' gives the answer away: in {count:,} of {rows:,} rows it is the change of "
        "'{target}' to {ahead} rows later.",
        ahead,
    )
    count = int(same.sum())
    return words.format(column=names[0], target=names[1], ahead=ahead, count=count, rows=rows)


def _range(values: Numbers) -> float:
    known = values[np.isfinite(values)]
    return float(np.ptp(known)) if known.size else 0.0


def said_large(largest: float) -> str:
    """That values reach far beyond what a network trains on easily."""
    return _("The network reads values up to {largest}. Scale them.").format(
        largest=numeral(largest)
    )


def said_stuck(column: Numbers, judged: int, name: str) -> str:
    """That (N,) values do not change any more from some row on, at the latest the first that is
    `judged` last.
    """
    differs = np.flatnonzero(column != column[-1])
    first = int(differs[-1]) + 1 if differs.size else 0
    if first > judged:
        return ""
    last = numeral(float(column[-1]), 6)
    return _(
        "The last {count:,} of {rows:,} rows of '{name}' are all {value}: nothing can be judged "
        "there. Is the sensor stuck?"
    ).format(count=len(column) - first, rows=len(column), name=name, value=last)


def period_of(column: Numbers) -> int | None:
    """The fewest rows after which (N,) values repeat exactly, at least twice; None for none.

    >>> period_of(np.tile([1.0, 2.0, 2.0], 4)), period_of(np.arange(9.0))
    (3, None)
    """
    close = CLOSE * float(np.ptp(column))
    if not close:
        return None
    head = column[: min(3, len(column))]
    starts = np.abs(np.lib.stride_tricks.sliding_window_view(column, len(head)) - head).max(axis=1)
    for period in np.flatnonzero(starts <= close)[1:]:
        if 3 * period > len(column):
            return None
        if np.abs(column[period:] - column[:-period]).max() <= close:
            return int(period)
    return None


def said_repeats(column: Numbers, name: str) -> str:
    """That (N,) values repeat exactly."""
    period = period_of(column)
    if period is None:
        return ""
    return _("'{name}' repeats exactly: its last {count:,} rows are a perfect forecast.").format(
        name=name, count=period
    )


def said_beyond(part: Part, values: Numbers, training: Numbers) -> str:
    """How far half or more of a part lies outside of the range that training sees."""
    outside = (values < training.min()) | (values > training.max())
    said, deviation = said_outside(part, values, training), float(training.std())
    if not said or not deviation or outside.mean() < FAR:
        return ""
    away = float(np.abs(values - training.mean()).max()) / deviation
    far = _(
        "Its values lie up to {away:.1f} standard deviations of the training set from its mean."
    )
    return f"{said} {far.format(away=away)}"
