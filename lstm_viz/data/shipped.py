"""The real series that ship with the app, as small CSV files in `assets/series`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from lstm_viz.data.parameters import find
from lstm_viz.data.reading.tables import Table, table_of
from lstm_viz.errors import DataError
from lstm_viz.files import SERIES
from lstm_viz.words import N_, Sentence


@dataclass(frozen=True)
class Shipped:
    """A file of an index and columns of numbers; the words are marked for translation."""

    label: str
    index_name: str
    columns: tuple[str, ...]
    """Names in the file's order, the column to forecast first."""
    season: int | None
    """Rows after which the series comes back to itself; None where it does not."""
    note: str
    """What was measured, by whom, and under which licence it is passed on."""

    @property
    def target(self) -> str:
        """The column that is forecast where none is chosen."""
        return self.columns[0]


SHIPPED: Mapping[str, Shipped] = {
    "sunspots": Shipped(
        N_("Sunspots"),
        N_("year"),
        (N_("sunspot number"),),
        11,
        N_(
            "Yearly mean sunspot number, 1700 to 2008, counted by observatories and kept by the "
            "US National Geophysical Data Center; public domain."
        ),
    ),
    "co2": Shipped(
        N_("CO2 in the air"),
        N_("date"),
        (N_("CO2 (ppmv)"),),
        52,
        N_(
            "Weekly mean CO2 concentration on Mauna Loa, Hawaii, in parts per million by volume, "
            "1958 to 2001, measured by C. D. Keeling and T. P. Whorf of the Scripps Institution "
            "of Oceanography; public domain. Weeks without steady measurements are missing."
        ),
    ),
    "nile": Shipped(
        N_("Flow of the Nile"),
        N_("year"),
        (N_("annual flow (10⁸ m³)"),),
        None,
        N_(
            "Yearly flow of the Nile at Aswan, 1871 to 1970, as published by G. W. Cobb in 1978; "
            "public domain. It drops in about 1898."
        ),
    ),
    "stocks": Shipped(
        N_("Six stocks"),
        N_("date"),
        (N_("GOOG"), N_("AAPL"), N_("AMZN"), N_("FB"), N_("NFLX"), N_("MSFT")),
        None,
        N_(
            "Weekly closing prices of six technology companies, 2018 and 2019, as multiples of "
            "their first one; from the data sets of plotly.py, MIT licence."
        ),
    ),
}


@cache
def load(name: str) -> Table:
    """A shipped table, its missing values missing. Raises ConfigError for an unknown name.

    Without its file it raises DataError.

    >>> [len(load(name).columns[0].values) for name in SHIPPED]
    [309, 2284, 100, 105]
    """
    from lstm_viz.data.reading.read import read  # the first page waits for no reader

    known = N_("There is no series called '{name}'. Choose one of: {known}.")
    shipped = find(SHIPPED, name, known)
    path = SERIES / f"{name}.csv"
    if not path.is_file():
        raise DataError(
            N_(
                "The series '{name}' ships with the app and is not part of the library. "
                "Run it from the repository, or read a file of your own."
            ),
            name=name,
        )
    table = table_of(read(path))
    columns = zip(table.columns, shipped.columns, strict=True)
    return replace(
        table,
        name=shipped.label,
        columns=tuple(replace(column, name=title) for column, title in columns),
        index_name=shipped.index_name,
        facts=(Sentence(shipped.note), *table.facts),
        proposed=shipped.columns,
    )
