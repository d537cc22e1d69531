"""Dates without a day or a year that look like decimals: 2020.10, 10.2020, 31.12."""

import re

import numpy as np
import pandas as pd

from lstm_viz.data.reading.moments.epochs import is_named_so
from lstm_viz.data.reading.moments.times import times_in
from lstm_viz.data.series import Labels

NAMES = re.compile(r"quarter|qtr|quartal|trimestre", re.I)
DAY_NAMES = re.compile(r"date|datum|fecha|日付|月日|^(?:data|tag|day|jour|d[ií]a|giorno)$", re.I)
MONTH_NAMES = re.compile(r"month|monat|mois|mes|年月", re.I)
LOST = re.compile(r"[12]\d{3}\.(?:[1-9]|1[12])")
MONTHS, DAYS = r"[12]\d{3}\.\d{1,2}|\d{1,2}\.[12]\d{3}", r"\d\d\.\d\d"
FEWEST, LEAST = 5, 0.9
"""Unlike dates, and the share of the steps between them that are a month or a quarter."""
LEAP_YEAR = 2000
FIRST_LOOK = 200


def may_be_dotted(name: str, values: pd.Series) -> bool:
    """Whether numbers in a column of that name have to be looked at as they are written."""
    if values.dtype.kind != "f" or not (is_named_so(name) or NAMES.search(name)):
        return False
    some = values.iloc[:FIRST_LOOK].dropna()
    digits = some * 10_000
    whole = bool((np.abs(digits - digits.round()) < 1e-3).all())
    return whole and bool(some.between(1, 3000).all()) and bool((some % 1 > 0).all())


def dashed(name: str, cells: pd.Series) -> pd.Series | None:
    """Dates that look like decimals with a dash: 2020-10, 2020-Q1, 31-12; None of what is none.

    Months and quarters must run on, so that broken years and weeks are none.

    >>> dashed("month", pd.Series([f"2020.{month}" for month in range(1, 11)], dtype="str"))[9]
    '2020-10'
    """
    if not (is_named_so(name) or NAMES.search(name)):
        return None
    some = cells.iloc[:FIRST_LOOK].dropna().astype("str").str.strip()
    if not some.str.fullmatch(f"{MONTHS}|{DAYS}").all():
        return None
    told = cells.dropna().astype("str").str.strip()
    if told.nunique() < FEWEST:
        return None
    if told.str.fullmatch(MONTHS).all():
        for mark, step in (("-", 1), ("-Q", 3)):
            made = told.str.replace(".", mark, regex=False)
            times = times_in(made)
            if times is None or times.unit == "two years" or np.isnat(times.values).any():
                continue
            if _run_on(times.values, step):
                return made.reindex(cells.index)
    if DAY_NAMES.search(name) and _are_days(told):
        return told.str.replace(".", "-", regex=False).reindex(cells.index)
    return None


def _are_days(told: pd.Series) -> bool:
    """Whether all are a day and a month, in either order."""
    if not told.str.fullmatch(DAYS).all():
        return False
    full = told + f".{LEAP_YEAR}"
    return any(
        pd.to_datetime(full, format=form, errors="coerce").notna().all()
        for form in ("%d.%m.%Y", "%m.%d.%Y")
    )


def lost_months(name: str, values: pd.Series) -> str:
    """A cell of numbers that may be years and months of which January and October look alike.

    >>> lost_months("Month", pd.Series([2020.1, 2020.2, 2020.11, 2020.12, 2021.1]))
    '2020.1'
    """
    if not MONTH_NAMES.search(name) or not may_be_dotted(name, values):
        return ""
    told = [f"{value:.12g}" for value in values.dropna()]
    lost = len({*told}) >= FEWEST and all(map(LOST.fullmatch, told))
    return told[0] if lost else ""


def _run_on(months: Labels, step: int) -> bool:
    steps = np.diff(np.unique(months.astype("datetime64[M]"))).astype(np.int64)
    return len(steps) >= FEWEST - 1 and bool((steps == step).mean() >= LEAST)
