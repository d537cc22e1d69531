"""The real series that ship with the app, as small CSV files in `assets/series`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lstm_viz.data.parameters import find
from lstm_viz.data.series import Series
from lstm_viz.errors import DataError
from lstm_viz.words import N_, Sentence

FOLDER = Path(__file__).parents[2] / "assets" / "series"


@dataclass(frozen=True)
class Shipped:
    """A file of two columns, index and value; the words are marked for translation."""

    label: str
    column: str
    index_name: str
    note: str


SHIPPED: Mapping[str, Shipped] = {
    "sunspots": Shipped(
        N_("Sunspots"),
        N_("sunspot number"),
        N_("year"),
        N_(
            "Yearly mean sunspot number, 1700 to 2008, counted by observatories and kept by the "
            "US National Geophysical Data Center; public domain."
        ),
    ),
}


def load(name: str) -> Series:
    """A shipped series. Raises ConfigError for an unknown name, DataError without its file.

    >>> load("sunspots").values.shape
    (309, 1)
    """
    known = N_("There is no series called '{name}'. Choose one of: {known}.")
    shipped = find(SHIPPED, name, known)
    path = FOLDER / f"{name}.csv"
    if not path.is_file():
        raise DataError(
            N_(
                "The series '{name}' ships with the app and is not part of the library. "
                "Run it from the repository, or read a file of your own."
            ),
            name=name,
        )
    rows = np.loadtxt(path, delimiter=",", skiprows=1)
    return Series(
        shipped.label,
        rows[:, 1:],
        (shipped.column,),
        shipped.index_name,
        rows[:, 0],
        Sentence(shipped.note),
    )
