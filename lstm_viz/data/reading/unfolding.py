"""Tables with a row a year and a column a month, as one series."""

import re
from typing import Any

import numpy as np

from lstm_viz.data.reading.calendars import month_of
from lstm_viz.data.reading.index import When
from lstm_viz.data.reading.kinds import is_total
from lstm_viz.data.reading.numbers import Numbers
from lstm_viz.data.reading.table import Table
from lstm_viz.data.reading.times import Times
from lstm_viz.words import N_, Sentence

YEARLY = re.compile(
    r"(?:ann(?:ual|ée)?|year(?:ly)?|jahr(?:esmittel|essumme)?|j-d|d-n|djf|mam|jja|son)"
    r"(?:[ _-]?(?:mean|avg|average|total|sum|mittel))?",
    re.I,
)
"""What columns are called, beside months, that sum those up."""


def unfold_months(table: Table, layout: dict[str, Any]) -> None:
    """A row a year and a column a month, as a series of months."""
    if table.when is None or table.when.times.unit != "year":
        return
    of = {place: month_of(table.names[place]) for place in table.values}
    if [table.names[place] for place in of] == [f"column {number}" for number in range(2, 14)]:
        of = {place: number for number, place in enumerate(of, 1)}
    months = {month: table.values[place] for place, month in of.items()}
    others = [table.names[place] for place, month in of.items() if not month]
    if set(months) - {0} != {*range(1, 13)} or len(of) - len(others) != 12:
        return
    if not all(is_total(name) or YEARLY.fullmatch(name.strip()) for name in others):
        return
    import pandas as pd

    values = np.stack([months[month] for month in range(1, 13)], axis=1).reshape(-1)
    years = table.when.times.values.astype("datetime64[M]")
    moments = (years[:, None] + np.arange(12)).reshape(-1).astype("datetime64[us]")
    told = np.flatnonzero(np.isfinite(values))
    stop = int(told[-1]) + 1 if told.size else 0  # months yet to come
    table.frame, table.names = pd.DataFrame({0: values[:stop]}), ("value",)
    table.numbers = {0: Numbers(values[:stop])}
    table.when = When(Times(moments[:stop], "month"), ())
    layout["time_unit"] = "month"
    words = N_("Each row is a year and each column a month; they were read as one series.")
    table.notes.append(Sentence(words))
    if others:
        words = N_("Columns that sum up months were left out: {names}.")
        table.notes.append(Sentence(words, {"names": ", ".join(f"'{name}'" for name in others)}))
