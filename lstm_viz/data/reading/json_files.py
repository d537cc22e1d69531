"""JSON as a table: records, columns, pandas' "split" and "table", lists, and JSON lines."""

import json
from itertools import chain
from typing import Any

from lstm_viz.data.reading.ceilings import MAX_VALUES, check_table
from lstm_viz.data.reading.single_values import Row, framed, no_rows, single, tabulate
from lstm_viz.data.reading.tables import Found, Source
from lstm_viz.errors import DataError
from lstm_viz.words import N_

Record = dict[str, Any]
VALUE_STARTS = b"[{,:\n"
"""One of these stands before each value but the first."""


def read_json(source: Source) -> Found:
    """The table in a JSON file. Raises DataError for JSON that is broken, or holds none.

    NaN and Infinity, which JSON has not and Python writes, are read.
    """
    count = sum(source.data.count(bytes([start])) for start in VALUE_STARTS)
    if count > MAX_VALUES:
        raise DataError(
            N_(
                "'{file}' has about {got:,} values and at most {most:,} can be read from JSON. "
                "Save the table as CSV or Parquet and upload that."
            ),
            file=source.filename,
            got=count,
            most=MAX_VALUES,
        )
    return _table(_parsed(source), source)


def _parsed(source: Source) -> Any:
    """The file's one value, or the list of its lines' values."""
    text = source.data.decode()
    try:
        return json.loads(text)
    except RecursionError:
        raise DataError(
            N_("'{file}' is nested too deep for a table. Upload a list of records instead."),
            file=source.filename,
        ) from None
    except ValueError as error:
        whole = error
    filled = [line for line in text.splitlines() if line.strip()]
    try:
        if len(filled) > 1:
            return [json.loads(line) for line in filled]
    except (ValueError, RecursionError):
        pass
    line = getattr(whole, "lineno", 1)
    raise DataError(
        N_("'{file}' is broken JSON in line {line:,}. Mend it there and upload it again."),
        file=source.filename,
        line=line,
    ) from None


def _table(value: Any, source: Source) -> Found:
    if isinstance(value, dict):
        return _from_object(value, source)
    if isinstance(value, list) and value:
        kinds = set(map(type, value))
        if kinds == {dict}:
            return _from_records(value, source)
        if kinds == {list}:
            return tabulate([_row(each) for each in value], source, encoding=source.encoding)
        if not kinds & {dict, list}:
            return _from_columns({"": value}, source, header=False)
    raise _no_table(source)


def _from_object(value: Record, source: Source) -> Found:
    data = value.get("data")
    if isinstance(value.get("columns"), list) and isinstance(data, list):
        return _from_split(value, source)
    if isinstance(data, list) and data and isinstance(data[0], dict | list):
        return _table(data, source)
    if value and all(isinstance(each, list) for each in value.values()):
        return _from_columns(value, source)
    if value and all(isinstance(each, dict) for each in value.values()):
        return _from_keyed(value, source)
    raise _no_table(source)


def _from_split(value: Record, source: Source) -> Found:
    """Pandas' "split": columns, index and data."""
    titles, rows = value["columns"], value["data"]
    if not all(isinstance(row, list) and len(row) == len(titles) for row in rows):
        raise _uneven(source)
    check_table(source.filename, len(rows), len(titles), MAX_VALUES)
    columns: dict[str, Row] = {}
    index = value.get("index")
    if isinstance(index, list) and len(index) == len(rows):
        columns["index"] = index
    for place, title in enumerate(titles):
        columns[_unlike(str(title), columns)] = [row[place] for row in rows]
    return _from_columns(columns, source)


def _from_keyed(value: Record, source: Source) -> Found:
    """Pandas' "columns": for each column, an object of index -> value."""
    index = list(dict.fromkeys(chain.from_iterable(value.values())))
    check_table(source.filename, len(index), len(value) + 1, MAX_VALUES)
    columns: dict[str, Row] = {_unlike("index", value): [_number(key) for key in index]}
    for title, cells in value.items():
        columns[title] = [cells.get(key) for key in index]
    return _from_columns(columns, source)


def _from_records(records: list[Record], source: Source) -> Found:
    titles = list(dict.fromkeys(chain.from_iterable(records)))
    check_table(source.filename, len(records), len(titles), MAX_VALUES)
    return _from_columns(
        {title: [record.get(title) for record in records] for title in titles}, source
    )


def _from_columns(value: dict[str, Row], source: Source, *, header: bool = True) -> Found:
    lengths = {len(cells) for cells in value.values()}
    if len(lengths) > 1:
        raise _uneven(source)
    if not lengths or lengths == {0}:
        raise no_rows(source.filename)
    check_table(source.filename, max(lengths), len(value), MAX_VALUES)
    columns = {place: _row(cells) for place, cells in enumerate(value.values())}
    return framed(list(value), columns, header=header, encoding=source.encoding)


def _row(cells: Row) -> Row:
    return [single(cell) for cell in cells]


def _number(key: str) -> object:
    """An index's key, which JSON can only write as words."""
    try:
        return int(key)
    except ValueError:
        return key


def _unlike(title: str, taken: Record) -> str:
    while title in taken:
        title += " "
    return title


def _uneven(source: Source) -> DataError:
    return DataError(
        N_("The columns of '{file}' are not equally long. Give every row a value in each."),
        file=source.filename,
    )


def _no_table(source: Source) -> DataError:
    return DataError(
        N_(
            "'{file}' is JSON and holds no table. Upload a list of records, or an object with a "
            "list of numbers for each column."
        ),
        file=source.filename,
    )
