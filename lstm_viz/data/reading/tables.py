"""What comes out of a file: a table of numbers, or a text; and what a user may say about it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from lstm_viz.data.reading.dialect import Dialect
from lstm_viz.data.series import Labels, Rows
from lstm_viz.words import Sentence

if TYPE_CHECKING:
    import pandas as pd

Missing = Literal["interpolate", "previous", "mean", "drop"]
"""What becomes of missing values."""
MISSING: tuple[Missing, ...] = get_args(Missing)


@dataclass(frozen=True)
class Told:
    """What the user corrects by hand; None leaves it to be found."""

    delimiter: str | None = None
    """One of `DELIMITERS`, or `""` for a single column. Of a text table."""
    decimal: str | None = None
    """`"."` or `","`. Of a text table."""
    encoding: str | None = None
    """One of `ENCODINGS`. Of a text table, a JSON file or a text."""
    header: bool | None = None
    """Whether the first row holds the names. Of a text table or a workbook."""
    sheet: str | None = None
    """One of `Table.sheets`. Of a workbook."""


@dataclass(frozen=True, eq=False)
class Column:
    """A column of numbers, as read."""

    name: str
    """The file's own text, which may hold HTML."""
    values: Rows
    """(rows,) NaN where missing, infinite where the file says so."""
    missing: int
    """How many are neither: NaN or infinite."""
    constant: bool
    """Whether all others are equal."""


@dataclass(frozen=True, eq=False)
class Table:
    """What a file holds that a series can be made of, and how it was read."""

    name: str
    """Its file name."""
    rows: int
    columns: tuple[Column, ...]
    """At least one; the file's order."""
    other_columns: tuple[str, ...]
    """Names of those without numbers, the index apart."""
    index_name: str
    """Name of the column that labels the rows; `""` where there is none."""
    index: Labels | None
    """(rows,) float64 or datetime64, never decreasing."""
    encoding: str = ""
    """As people call it, `"UTF-8"`; `""` of a format that is no text."""
    dialect: Dialect | None = None
    """Of a text table alone."""
    format: str = "csv"
    """One of `FORMATS`."""
    header: bool = True
    """Whether the names are the file's own."""
    sheet: str = ""
    """The one that was read; `""` of what is no workbook."""
    sheets: tuple[str, ...] = ()
    facts: tuple[Sentence, ...] = ()
    """What was found or done that the user should know."""


@dataclass(frozen=True)
class Text:
    """A plain text, to learn letter by letter."""

    name: str
    """Its file name."""
    text: str
    """At most `MAX_LETTERS` letters; lines end in a line feed."""
    encoding: str


@dataclass(frozen=True)
class Source:
    """A file on its way through a reader."""

    filename: str
    data: bytes
    """As uploaded; of what is text in UTF-8, without its byte order mark."""
    told: Told
    encoding: str = ""
    """How the text was written; `""` of what is no text."""


@dataclass(frozen=True, eq=False)
class Found:
    """What a reader hands on: the cells as they stand in the file, to be told apart."""

    frame: "pd.DataFrame"
    """Columns counted from 0."""
    names: tuple[str, ...]
    """One for each column of the frame that counts, unlike each other."""
    decimal: str = "."
    encoding: str = ""
    dialect: Dialect | None = None
    header: bool = True
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    """Names of what the file holds besides, and cannot be a column of numbers."""
