"""From a table's cells to a reading: numbers, moments, whose rows they are, what is doubtful."""

from dataclasses import replace
from typing import Any

import numpy as np

from lstm_viz.data.reading import doubts, shape
from lstm_viz.data.reading.cells.decimals import decimal_of_column, may_be_decimals
from lstm_viz.data.reading.cells.magnitudes import measured
from lstm_viz.data.reading.cells.numbers import FIRST_LOOK, Numbers, as_float, numbers_in
from lstm_viz.data.reading.cells.sentinels import sentinels_in
from lstm_viz.data.reading.doubts_of_numbers import doubts_of_numbers
from lstm_viz.data.reading.found import Found, no_numbers, no_rows
from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.moments import order
from lstm_viz.data.reading.moments.beside import other_dates
from lstm_viz.data.reading.moments.dotted import dashed, lost_months, may_be_dotted
from lstm_viz.data.reading.moments.index import Finder
from lstm_viz.data.reading.moments.timeless import leave_timeless
from lstm_viz.data.reading.naming import unique
from lstm_viz.data.reading.reading import Reading
from lstm_viz.data.reading.structure.ditto import fill_down, leave_marks, leave_sums
from lstm_viz.data.reading.structure.labelled import labelled
from lstm_viz.data.reading.structure.stacking import entity_of, say_if_several, stacked
from lstm_viz.data.reading.structure.unfolding import begin_of_hours, unfold
from lstm_viz.data.reading.table import Table
from lstm_viz.errors import DataError
from lstm_viz.words import N_

AS_SHOWN = 1e15
"""Numbers from that on are told as they are shown, with six digits."""
ALIKE = N_(
    "The numbers in '{column}', such as {cell}, may be years and months. As numbers January and "
    "October are the same: write them as 2020-01 and 2020-10."
)
WIDE = N_(
    "There are more columns ({columns:,}) than rows ({rows:,}), and each row was read as one "
    "moment. If each row is a series, swap rows and columns."
)
FEWEST_ACROSS = 10
"""Columns of a table whose rows may be series."""
SORTED = N_("The rows were sorted by '{column}'.")


def assemble(found: Found, filename: str, how: How, layout: dict[str, Any]) -> Reading:
    """The reading of a table. Raises DataError where no column holds numbers."""
    names = unique(found.names)
    table = Table(filename, found.frame.reset_index(drop=True), names, {})
    table.notes += [*found.notes, *doubts.left_out(found)]
    _leave_repeated_names(table, found)
    _take_missing(table, how)
    if table.frame.empty:
        raise no_rows(filename)
    _dash_dates(table)
    marks = _marks(table, found, how)
    for place, mark in marks.items():
        of = measured(names[place], found.units.get(place, ""))
        read = numbers_in(table.frame.iloc[:, place], mark, measured=of)
        table.numbers[place] = _without(read, how)
    if not any(each is not None for each in table.numbers.values()):
        raise _no_numbers(filename, len(table.frame), how)
    reading = labelled(table, found, how, layout | _plain(found))
    if reading is not None:
        return reading
    if how.time != ():
        leave_sums(table)
        leave_marks(table)
        fill_down(table)
    workbook = layout["format"] == "excel"
    finder = Finder(table.frame, names, table.numbers, how, found.units, workbook=workbook)
    table.when = finder.find()
    table.notes += other_dates(table.when, finder.dates(), table.values, names)
    begin_of_hours(table)
    if table.when is not None and not table.values:
        if how.time:
            raise no_numbers(filename, len(table.frame))
        table.when = None
    leave_timeless(table, marks)
    if table.when is None and (years := finder.years()) is not None:
        table.when = years
        table.when = years if table.values and entity_of(table, how) else None
    table.notes += doubts.decimals({names[p]: marks[p] for p in table.values}, found.decimal)
    _say_of_columns(table, how)
    layout |= _layout(table, found, how)
    if how.marks or table.mixed or len({marks[place] for place in table.values}) > 1:
        layout["commas"] = tuple(names[place] for place in table.values if marks[place] == ",")
        layout["numeric"] = tuple(names[place] for place in table.values)
    unfold(table, how, layout)
    return _reading(table, found, how, layout)


def _no_numbers(filename: str, rows: int, how: How) -> DataError:
    if how.delimiter is None:
        return no_numbers(filename, rows)
    return DataError(
        N_("No column of '{file}' holds numbers with delimiter={mark}. Choose another."),
        file=filename,
        mark=repr(how.delimiter),
    )


def _marks(table: Table, found: Found, how: How) -> dict[int, str]:
    """Place -> the mark before decimals: what is told, or the file's, or as its cells have it."""
    marks, told = {}, dict(how.marks or ())
    for place, name in enumerate(table.names):
        column = table.frame.iloc[:, place]
        marks[place] = told.get(name, found.decimal)
        if how.decimal is None and name not in told and column.dtype.kind not in "biufcmM":
            filled = column.dropna()
            some = filled.iloc[:: max(1, len(filled) // FIRST_LOOK)]
            cells = [cell for cell in some if isinstance(cell, str)]
            marks[place] = decimal_of_column(cells, found.decimal)
            if marks[place] == "," and may_be_decimals(cells):
                table.notes.append(doubts.thousands(name))
                table.mixed = True
    return marks


def _leave_repeated_names(table: Table, found: Found) -> None:
    """Rows that repeat the names, as files have that were hung one behind the other."""
    for place, name in enumerate(found.names):
        column = table.frame.iloc[:, place]
        if not name or column.dtype.kind in "biufmMc":
            continue
        again = (column.astype("str").str.strip() == name).to_numpy(bool)
        if again.any() and not again.all():
            rest = table.frame[~again]
            if all(
                (table.frame.iloc[:, p].astype("str").str.strip() == other)[again].all()
                for p, other in enumerate(found.names)
                if other
            ):
                table.frame = rest.infer_objects().reset_index(drop=True)
                words = N_("Rows that repeat the names were left out: {count:,}.")
                table.say(words, count=int(again.sum()))
        return


def _take_missing(table: Table, how: How) -> None:
    words = {str(each).strip() for each in how.missing or ()}
    for place in range(table.frame.shape[1]) if words else ():
        column = table.frame.iloc[:, place]
        if column.dtype.kind not in "biufmMc":
            gone = column.astype("str").str.strip().isin(words) & column.notna()
            table.replace(place, column.where(~gone))


def _dash_dates(table: Table) -> None:
    """Dates that look like decimals are none: 2020.10 is 2020-10."""
    for place, name in enumerate(table.names):
        column = table.frame.iloc[:, place]
        if cell := lost_months(name, column):
            table.say(ALIKE, column=name, cell=cell)
        elif may_be_dotted(name, column):
            column = column.map("{:.2f}".format, na_action="ignore")
        if column.dtype.kind not in "biufmMc" and (dates := dashed(name, column)) is not None:
            table.replace(place, dates)


def _without(numbers: Numbers | None, how: How) -> Numbers | None:
    """A column without the numbers that are told to stand for nothing."""
    told = [value for each in how.missing or () if (value := as_float(each)) is not None]
    if numbers is None or not told:
        return numbers
    gone = np.isin(numbers.values, told)
    for each in told:
        if abs(each) >= AS_SHOWN:
            gone |= np.isclose(numbers.values, each, rtol=1e-5, atol=0)
    return replace(numbers, values=np.where(gone, np.nan, numbers.values))


def _say_of_columns(table: Table, how: How) -> None:
    values = table.values
    known = {table.names[p]: each for p in values if (each := table.numbers[p]) is not None}
    table.notes += doubts_of_numbers(known)
    words = {name: table.frame.iloc[:, p] for p, name in enumerate(table.names)
             if table.numbers[p] is None}  # fmt: skip
    table.notes += doubts.sides({name: each.values for name, each in known.items()}, words)
    if how.missing is None:
        table.notes += doubts.sentinels({table.names[p]: v for p, v in values.items()})
    if table.when is not None:
        name = " + ".join(table.names[p] for p in table.when.places)
        digits = table.numbers[table.when.places[0]] is not None
        table.notes += doubts.times(table.when.times, name, how, digits=digits)
        told = table.frame.iloc[:, table.when.places[0]]
        table.notes += doubts.quarters(table.when.times, name, told)


def _plain(found: Found) -> dict[str, Any]:
    told = {name: getattr(found, name) for name in ("encoding", "delimiter", "sheet")}
    told |= {"sheets": found.sheets or None, "lines": found.lines or None}
    told["decimal"] = None if found.delimiter is None else found.decimal
    plain = {name: value for name, value in told.items() if value is not None}
    return {"header": found.header, "skip": found.skip, **plain}


def _layout(table: Table, found: Found, how: How) -> dict[str, Any]:
    when = () if table.when is None else table.when.places
    told = found.units.items()
    units = {table.names[p]: unit for p, unit in told if p < len(table.names) and p not in when}
    for place, each in table.numbers.items():
        if each is not None and each.unit:
            units.setdefault(table.names[place], each.unit)
    made = _plain(found) | {"units": units, "missing": how.missing or (), "columns": table.names}
    strange = [number for v in table.values.values() for number, _ in sentinels_in(v)]
    made["strange"] = tuple(dict.fromkeys(strange))
    if table.when is not None:
        times = table.when.times
        made |= {
            "time": tuple(table.names[p] for p in table.when.places),
            "time_unit": times.unit,
            "zone": times.zone,
        }
        if times.first:
            made["day_first"] = times.first == "day"
            made["undecided"] = times.other is not None and how.day_first is None
    else:
        made["time"] = ()
    return made


def _reading(table: Table, found: Found, how: How, layout: dict[str, Any]) -> Reading:
    table.entity = entity_of(table, how)
    layout["entity"] = " + ".join(table.names[p] for p in table.entity)
    if table.entity:
        return stacked(table, found, layout)
    if how.entity is None:
        say_if_several(table)
    if table.when is not None:
        by = order.order_of(table.when.times.values)
        if by is not None:
            table.say(SORTED, column=" + ".join(layout["time"]))
            table.keep(by)
        table.notes += order.facts_of(table.when.times.values)
        _leave_counter(table)
    elif _counts_down(table):
        table.keep(np.arange(len(table.frame))[::-1])
        table.say(SORTED, column=table.names[0])
    columns = {table.names[p]: values for p, values in table.values.items()}
    if table.when is None and len(columns) > max(len(table.frame), FEWEST_ACROSS):
        table.say(WIDE, rows=len(table.frame), columns=len(columns))
    return Reading(
        name=table.filename,
        frame=table.framed(),
        layout=layout,
        sentences=tuple(table.notes),
        proposed=shape.proposals(columns),
        left_out=(*table.words, *found.left_out),
    )


def _leave_counter(table: Table) -> None:
    """Without a first column that only counts the rows, beside one that says when."""
    first = table.values.get(0)
    if first is None or len(table.values) < 2 or not np.isfinite(first).all():
        return
    ordered = np.sort(first)
    if ordered[0] in (0, 1) and (np.diff(ordered) == 1).all():
        table.ignored.add(0)
        table.say(N_("'{column}' only counts the rows and was left out."), column=table.names[0])


def _counts_down(table: Table) -> bool:
    """Whether the first column only counts the rows, from the last one on."""
    first = table.numbers.get(0)
    if first is None or len(table.values) < 2 or not shape.counts(first.values):
        return False
    return bool(first.values[-1] < first.values[0])
