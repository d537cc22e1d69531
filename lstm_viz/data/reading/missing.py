"""Columns of a table as a series without gaps, each missing value treated as chosen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from lstm_viz.data.parameters import find
from lstm_viz.data.reading.shape import MAX_MISSING
from lstm_viz.data.reading.tables import Column, Missing, Table
from lstm_viz.data.series import Rows, Series
from lstm_viz.errors import ConfigError, DataError
from lstm_viz.words import N_, Sentence


@dataclass(frozen=True)
class Filling:
    """A way to treat missing values; the words are marked for translation."""

    fill: Callable[[Rows], Rows] | None
    """(rows,) -> (rows,) finite but for what is left out; None fills nothing in."""
    note: str
    """Template over {count}, {rows}, {columns}, {training} and {left_out}, rows."""


def interpolated(values: Rows, splits: Sequence[int] = ()) -> Rows:
    """Missing values on a straight line between their neighbours, at an end the nearest value.

    Of a gap over one of the `splits`, the first rows of later parts, those before it take the value
    before the gap: no part borrows from a later one.

    >>> interpolated(np.array([1.0, np.nan, 3.0, np.nan, np.nan, 9.0]), splits=(4,))
    array([1., 2., 3., 3., 7., 9.])
    """
    known = np.isfinite(values)
    filled = np.empty(0)
    for stop in splits:
        if known[:stop].any():
            filled = np.append(filled, interpolated(values[:stop])[len(filled) :])
    if len(filled):
        return np.append(filled, interpolated(values)[len(filled) :])
    rows = np.arange(len(values))
    halves = np.interp(rows, rows[known], values[known] / 2)  # the whole step may overflow
    return np.where(known, values, 2 * halves)


def carried_on(values: Rows) -> Rows:
    """Each missing value the last one before it, and so from the past alone.

    At the beginning, where nothing is before, it stays missing.

    >>> carried_on(np.array([np.nan, 1.0, np.nan, 3.0]))
    array([nan,  1.,  1.,  3.])
    """
    known = np.isfinite(values)
    last = np.maximum.accumulate(np.where(known, np.arange(len(values)), -1))
    return np.where(last < 0, np.nan, values[last])


def with_mean(values: Rows, training: int | None = None) -> Rows:
    """Missing values the mean of the others among the first `training` rows, or among all.

    Where all of those are missing they stay missing.

    >>> with_mean(np.array([1.0, 3.0, np.nan, 9.0]), training=2)
    array([1., 3., 2., 9.])
    """
    known = np.isfinite(values)
    fitted = values[:training][known[:training]]
    if not len(fitted):
        return np.where(known, values, np.nan)
    with np.errstate(over="ignore"):  # rounded up beyond the largest float
        mean = np.clip((fitted / len(fitted)).sum(), fitted.min(), fitted.max())
    return np.where(known, values, mean)


WERE_MISSING = N_(
    "{count:,} of the {rows:,} values of {columns} were missing, infinite or not numbers. {done}"
)
FILLINGS: Mapping[str, Filling] = {
    "interpolate": Filling(
        interpolated,
        N_(
            "They are filled in on a straight line between their neighbours, at the beginning, and "
            "at the end of a part, with the nearest one."
        ),
    ),
    "previous": Filling(
        carried_on,
        N_(
            "Each is filled in with the last value before it; rows left out at the beginning, "
            "where there is none: {left_out:,}."
        ),
    ),
    "mean": Filling(
        with_mean,
        N_(
            "They are filled in with the mean of the first {training:,} rows of their column; rows "
            "left out, where that has none: {left_out:,}."
        ),
    ),
    "drop": Filling(
        None,
        N_("Rows left out for them: {left_out:,}; the others are taken as evenly spaced."),
    ),
}


def series_from(
    table: Table,
    targets: str | Sequence[str],
    features: Sequence[str] = (),
    missing: Missing = "interpolate",
    splits: Sequence[int] = (),
) -> Series:
    """The targets, then the features, as a series without gaps: (N, D), all finite.

    Missing and infinite values are treated as chosen, and counted in the series' note. Only
    `"interpolate"` uses later rows, but none beyond the next of `splits`, the first rows of
    validation and test; `"mean"` uses those before the first of them, or all.
    Raises DataError for an unknown column, one that is missing in more than `MAX_MISSING` of its
    rows where they are to be filled in, one that never changes, and where no row remains;
    ConfigError for another choice.
    """
    unknown = N_("There is no treatment of missing values '{name}'. Choose one of: {known}.")
    fill = find(FILLINGS, missing, unknown).fill
    training = next(iter(splits), None)
    if fill is interpolated:
        fill = partial(interpolated, splits=splits)
    elif fill is with_mean:
        fill = partial(with_mean, training=training)
    names = dict.fromkeys([targets] if isinstance(targets, str) else targets)
    names |= dict.fromkeys(features)
    columns = [_column(table, name) for name in names]
    if not columns:
        raise ConfigError(N_("No column is chosen. Choose one to forecast."))
    for column in columns if fill is not None else ():
        _check_missing(table, column)
    filled = [
        column.values if fill is None or not column.missing else fill(column.values)
        for column in columns
    ]
    values = np.stack(filled, axis=1)
    whole = np.asarray(np.isfinite(values).all(axis=1))
    _check_rows(table, columns, values[whole])
    return Series(
        table.name,
        values[whole],
        tuple(names),
        table.index_name or N_("step"),
        None if table.index is None else table.index[whole],
        _note(table, columns, missing, whole, table.rows if training is None else training),
    )


def _column(table: Table, name: str) -> Column:
    for column in table.columns:
        if column.name == name:
            return column
    raise DataError(
        N_("'{file}' has no column of numbers called '{column}'. Choose another column."),
        file=table.name,
        column=name,
    )


def _check_missing(table: Table, column: Column) -> None:
    if column.missing > MAX_MISSING * table.rows:
        raise DataError(
            N_(
                "{count:,} of the {rows:,} values of '{column}' are missing, infinite or not "
                "numbers, and at most {most:.0%} can be filled in. Choose another column, leave "
                "out the rows that miss one, or fill them in first."
            ),
            column=column.name,
            count=column.missing,
            rows=table.rows,
            most=MAX_MISSING,
        )


def _check_rows(table: Table, columns: list[Column], values: Rows) -> None:
    """Refuse what is left when nothing can be learned from it."""
    if not len(values):
        raise DataError(
            N_(
                "No row of '{file}' has a value in each of {columns}. Choose fewer columns or "
                "have the missing values filled in."
            ),
            file=table.name,
            columns=_quoted(columns),
        )
    for place, column in enumerate(columns):
        if values[:, place].min() == values[:, place].max():
            raise DataError(
                N_(
                    "'{column}' has the same value in every row: there is nothing to learn. "
                    "Choose another column."
                ),
                column=column.name,
            )


def _note(
    table: Table,
    columns: list[Column],
    missing: Missing,
    whole: npt.NDArray[np.bool_],
    training: int,
) -> Sentence | None:
    broken = [column for column in columns if column.missing]
    if not broken:
        return None
    facts = {
        "count": sum(column.missing for column in broken),
        "rows": table.rows * len(broken),
        "columns": _quoted(broken),
        "training": training,
        "left_out": int((~whole).sum()),
    }
    return Sentence(WERE_MISSING, facts | {"done": Sentence(FILLINGS[missing].note, facts)})


def _quoted(columns: list[Column]) -> str:
    return ", ".join(f"'{column.name}'" for column in columns)
