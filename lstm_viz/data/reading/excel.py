"""Excel workbooks (.xlsx, .xlsm): one sheet's cells, as a stream, formulas as last calculated.

A sheet is read event by event rather than by `openpyxl.load_workbook`, whose memory a hostile
file can choose; what openpyxl knows of date formats is used.
Source: ECMA-376, part 1, chapter 18 (SpreadsheetML).
"""

import datetime
import posixpath
from functools import cache, lru_cache
from typing import Any

from lstm_viz.data.reading.archives import Archive
from lstm_viz.data.reading.ceilings import MAX_SHEET_CELLS, check_table
from lstm_viz.data.reading.naming import one_line
from lstm_viz.data.reading.single_values import Row, tabulate
from lstm_viz.data.reading.tables import Found, Source
from lstm_viz.data.reading.xml_events import Attributes, too_large, walk
from lstm_viz.errors import DataError
from lstm_viz.words import N_

WORKBOOK = "xl/workbook.xml"
MAX_LETTERS = 32_767
"""Of a cell, as Excel has it."""
MAX_SHEETS = 1000
MAX_CODE = 255
"""Letters of a number format, as Excel has it; telling a date's takes the square of them."""
MAX_CODES = 5000
"""Number formats of a workbook, some twenty times what Excel allows."""
DIGITS = "0123456789"


class _Workbook:
    """The names of the sheets, where they lie, and what their cells refer to."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.places: dict[str, str] = {}
        """Sheet -> its relation."""
        self.since_1904 = False
        self.strings: list[str] = []
        self._runs: list[str] = []
        self.codes: dict[int, str] = {}
        """Number format -> how it is written."""
        self.formats: list[int] = []
        """Number format of each style of a cell."""
        self._aloud, self._in_cells = False, False
        self._walk(WORKBOOK, self._sheet, _ignore)
        if "xl/sharedStrings.xml" in archive.names:
            self._walk("xl/sharedStrings.xml", self._string_begins, self._string_ends)
        if "xl/styles.xml" in archive.names:
            self._walk("xl/styles.xml", self._style, self._style_ends)

    def _walk(self, name: str, start: Any, end: Any) -> None:
        walk(self.archive, name, start, end)

    def _sheet(self, name: str, attributes: Attributes) -> None:
        if name == "sheet" and len(self.places) < MAX_SHEETS:
            relation = next((at for key, at in attributes.items() if key.endswith(":id")), "")
            self.places.setdefault(one_line(attributes.get("name", "")), relation)
        elif name == "workbookPr":
            self.since_1904 = attributes.get("date1904") in ("1", "true")

    def _string_begins(self, name: str, _attributes: Attributes) -> None:
        if name in ("si", "rPh"):  # rPh: how the letters are pronounced
            self._aloud = name == "rPh"

    def _string_ends(self, name: str, letters: str) -> None:
        if name == "t" and not self._aloud:
            self._runs.append(letters)
        elif name == "rPh":
            self._aloud = False
        elif name == "si":
            self.strings.append("".join(self._runs)[:MAX_LETTERS])
            self._runs.clear()

    def _style(self, name: str, attributes: Attributes) -> None:
        if name == "cellXfs":
            self._in_cells = True
        elif name == "numFmt" and len(self.codes) < MAX_CODES:
            self.codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")[:MAX_CODE]
        elif name == "xf" and self._in_cells:
            self.formats.append(int(attributes.get("numFmtId", 0)))

    def _style_ends(self, name: str, _letters: str) -> None:
        if name == "cellXfs":
            self._in_cells = False

    def member(self, sheet: str) -> str:
        """Where a sheet's cells lie in the archive."""
        relations: dict[str, str] = {}

        def relation(name: str, attributes: Attributes) -> None:
            if name == "Relationship" and attributes.get("TargetMode") != "External":
                relations[attributes.get("Id", "")] = attributes.get("Target", "")

        self._walk("xl/_rels/workbook.xml.rels", relation, _ignore)
        target = relations.get(self.places[sheet], "")
        return target[1:] if target.startswith("/") else posixpath.normpath(f"xl/{target}")

    def shows_dates(self, style: int) -> bool:
        """Whether a style shows a number as a date."""
        number = self.formats[style] if style < len(self.formats) else 0
        return _is_date(self.codes.get(number, ""), number)


class _Sheet:
    """Gathers the rows that hold anything."""

    def __init__(self, book: _Workbook) -> None:
        from openpyxl.utils import datetime as excel_dates

        self.book = book
        self.dates: dict[int, bool] = {}
        """Style of a cell that was met -> whether it shows dates."""
        self.from_excel = excel_dates.from_excel
        self.epoch = excel_dates.MAC_EPOCH if book.since_1904 else excel_dates.WINDOWS_EPOCH
        self.rows: list[Row] = []
        self.width = 0
        self._row: Row = []
        self._column = 0
        self._type, self._style, self._text = "n", 0, ""

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            place = attributes.get("r")
            self._column = _column(place.rstrip(DIGITS)) if place else self._column + 1
            self._type = attributes.get("t", "n")
            self._style = int(attributes.get("s", 0))
            self._text = ""
        elif name == "row":
            self._row, self._column = [], 0

    def end(self, name: str, letters: str) -> None:
        if name in ("v", "t"):
            self._text = (self._text + letters)[:MAX_LETTERS]
        elif name == "c":
            value = self._value() if self._text else None
            if value is not None:
                self._put(value)
        elif name == "row" and self._row:
            self.rows.append(self._row)
            self._row = []
            self._check()

    def _put(self, value: object) -> None:
        if self._column > self.width:
            self.width = self._column
            self._check()
        if self._column == len(self._row) + 1:
            self._row.append(value)
            return
        self._row += [None] * (self._column - len(self._row))
        self._row[self._column - 1] = value

    def _check(self) -> None:
        check_table(self.book.archive.filename, len(self.rows), self.width)
        if len(self.rows) * self.width > MAX_SHEET_CELLS:
            raise too_large(self.book.archive.filename)

    def _value(self) -> object:
        """A cell's number, text, truth or moment; None for an error."""
        match self._type:
            case "s":
                return self.book.strings[int(self._text)]
            case "n":
                return self._number()
            case "b":
                return self._text == "1"
            case "d":
                return datetime.datetime.fromisoformat(self._text)
            case "e":
                return None
            case _:
                return self._text

    def _number(self) -> object:
        number = float(self._text)
        if self._style not in self.dates:
            self.dates[self._style] = self.book.shows_dates(self._style)
        if not self.dates[self._style]:
            return number
        try:
            moment = self.from_excel(number, self.epoch)
        except (OverflowError, ValueError):
            return None
        # a time of day alone stays the share of a day that it is stored as
        return moment if isinstance(moment, datetime.date) else number


def read_excel(source: Source) -> Found:
    """The first sheet that holds anything, or the one that was told.

    Raises DataError for a sheet that is not there and for a workbook without cells.
    """
    book = _Workbook(Archive(source.data, source.filename))
    told = source.told.sheet
    if told is not None and told not in book.places:
        raise DataError(
            N_("'{file}' has no sheet called '{sheet}'. Choose another sheet."),
            file=source.filename,
            sheet=told,
        )
    for name in book.places if told is None else (told,):
        member = book.member(name)
        if member not in book.archive.names:  # a chart, or a sheet of macros, has no cells
            continue
        sheet = _Sheet(book)
        walk(book.archive, member, sheet.start, sheet.end)
        if sheet.rows:
            return tabulate(sheet.rows, source, sheet=name, sheets=tuple(book.places))
    raise DataError(
        N_("'{file}' has no cells with values in it. Upload a workbook with rows of numbers."),
        file=source.filename,
    )


@cache
def _column(letters: str) -> int:
    """Counted from 1; nothing beyond Excel's own three letters.

    >>> _column("AB")
    28
    """
    if not 1 <= len(letters) <= 3 or not letters.isascii() or not letters.isupper():
        raise ValueError(f"no column {letters!r}")
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


@lru_cache(maxsize=MAX_CODES)
def _is_date(code: str, number: int) -> bool:
    """Whether a number format, or the built-in one of a number where it has no code, is a date's.

    >>> _is_date("dd/mm/yyyy", 164), _is_date("", 14), _is_date("[h]:mm", 165)
    (True, True, False)
    """
    from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

    form = code or BUILTIN_FORMATS.get(number)
    return bool(is_date_format(form)) and not is_timedelta_format(form)


def _ignore(_name: str, _value: object) -> None:
    return None
