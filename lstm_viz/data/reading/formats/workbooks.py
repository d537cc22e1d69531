"""Workbooks (xlsx, xlsm, xlsb, xls, ods), by calamine: formulas as last calculated."""

import datetime
import io
from typing import Any

from lstm_viz.data.reading.ceilings import MAX_SHEET_CELLS, check_table
from lstm_viz.data.reading.formats.containers import broken, locked, said_of_others
from lstm_viz.data.reading.found import Found
from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.naming import one_line
from lstm_viz.data.reading.structure.rows import tabulate
from lstm_viz.data.reading.texts.decoding import not_read
from lstm_viz.errors import DataError
from lstm_viz.words import N_

FIRST_LOOK = 2000
OLE = b"\xd0\xcf\x11\xe0"
"""How Office documents begin that are old, or locked by a password."""


def read_workbook(data: bytes, filename: str, how: How) -> Found:
    """The sheet with the most numbers, or the one that is told.

    Raises DataError for a sheet that is not there and for a workbook without cells.
    """
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except calamine.PasswordError:
        raise locked(filename) from None
    except calamine.CalamineError as error:
        if data.startswith(OLE):
            raise not_read(filename, N_("an old or locked Office document")) from error
        raise broken(filename) from error
    names = {one_line(name): name for name in book.sheet_names}
    if how.sheet and how.sheet not in names:
        raise DataError(
            N_("'{file}' has no sheet called '{sheet}'. Choose another sheet."),
            file=filename,
            sheet=how.sheet,
        )
    best, rows, most = "", [], -1
    for name in [how.sheet] if how.sheet else names:
        cells = _rows(book, names[name], filename)
        numbers = sum(_is_number(cell) for row in cells[:FIRST_LOOK] for cell in row)
        if cells and numbers > most:
            best, rows, most = name, cells, numbers
    if not rows:
        raise DataError(
            N_("'{file}' has no cells with values in it. Upload a workbook with rows of numbers."),
            file=filename,
        )
    words = N_("Sheet '{name}' was read. The workbook has others: {others}.")
    notes = said_of_others(words, best, names)
    return tabulate(rows, filename, how, sheet=best, sheets=tuple(names), notes=notes)


def _rows(book: Any, name: str, filename: str) -> list[list[Any]]:
    """A sheet's rows; none of one that holds no cells, as a chart."""
    import python_calamine as calamine

    try:
        sheet = book.get_sheet_by_name(name)
    except calamine.WorksheetNotFound:
        return []
    except calamine.CalamineError as error:
        raise broken(filename) from error
    check_table(filename, 0, sheet.width)
    if sheet.height * sheet.width > MAX_SHEET_CELLS:
        raise DataError(
            N_(
                "'{file}' has more than {most:,} cells on its sheets, too many for a workbook. "
                "Save the sheet as CSV."
            ),
            file=filename,
            most=MAX_SHEET_CELLS,
        )
    rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    return rows


def _is_number(cell: Any) -> bool:
    return isinstance(cell, int | float | datetime.date) and not isinstance(cell, bool)
