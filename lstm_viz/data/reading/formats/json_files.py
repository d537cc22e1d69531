"""JSON as a table: the largest list in it that has rows or columns, and JSON lines."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from lstm_viz.data.reading.ceilings import MAX_VALUES, check_table
from lstm_viz.data.reading.formats.json_series import cube_of, dated, pairs_side_by_side
from lstm_viz.data.reading.found import Found, no_rows
from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.structure.rows import framed, tabulate
from lstm_viz.errors import DataError
from lstm_viz.words import N_, Sentence

Record = dict[str, Any]
VALUE_STARTS = "[{,:\n"
"""One of these stands before each value but the first."""
MOST_OUTER = 20
"""Records that are looked into for a table; more of them are one."""
MAX_DEPTH = 6
"""How deep a table may lie."""
LEAST_APART = 4
"""Cells of a list that is a column."""
TIME_WORDS = re.compile(r"time|date|stamp|^ts$|zeit|datum", re.I)


def read_json(text: str, filename: str, how: How) -> Found:
    """The table in a JSON file. Raises DataError for JSON that is broken, or holds none.

    NaN and Infinity, which JSON has not and Python writes, are read.
    """
    count = sum(map(text.count, VALUE_STARTS))
    if count > MAX_VALUES:
        raise DataError(
            N_(
                "'{file}' has about {got:,} values and at most {most:,} can be read from JSON. "
                "Save the table as CSV or Parquet."
            ),
            file=filename,
            got=count,
            most=MAX_VALUES,
        )
    value = _parsed(text, filename)
    if (cube := cube_of(value, filename)) is not None:
        return _framed(*cube, filename)
    tables = sorted(_tables(value), key=_size, reverse=True)
    named = pairs_side_by_side(value)
    if named is not None and sum(map(len, named[1])) >= max(map(_size, tables), default=0):
        return _framed(*named, filename)
    if not tables:
        raise _no_table(filename)
    if (apart := _columns_apart(value, tables[0])) is not None:
        return _framed(list(apart), list(apart.values()), filename)
    found = _table(tables[0], filename, how)
    others = sum(_size(each) == _size(tables[0]) for each in tables[1:])
    if not others or tables[0] is value:
        return found
    words = N_(
        "Tables of the same size that the file holds besides, and that were left out: {count}."
    )
    return replace(found, notes=(*found.notes, Sentence(words, {"count": others})))


def _parsed(text: str, filename: str) -> Any:
    """The file's one value, or the list of its lines' values."""
    try:
        return json.loads(text)
    except RecursionError:
        raise DataError(
            N_("'{file}' is nested too deep for a table. Upload a list of records instead."),
            file=filename,
        ) from None
    except ValueError as error:
        whole = error
    filled = [line for line in text.split("\n") if line.strip()]
    try:
        if len(filled) > 1:
            return [json.loads(line) for line in filled]
    except (ValueError, RecursionError):
        pass
    line = getattr(whole, "lineno", 1)
    raise DataError(
        N_("'{file}' is broken JSON in line {line:,}. Mend it there."),
        file=filename,
        line=line,
    ) from None


def _tables(value: Any, depth: int = 0) -> Iterator[Any]:
    """All that may be a table, the outermost first."""
    if isinstance(value, list):
        kinds = set(map(type, value))
        if kinds == {list} and all(isinstance(each, dict) for rows in value for each in rows):
            value = [each for rows in value for each in rows]  # a list of records for each series
            kinds = set(map(type, value))
        if value and (len(kinds) == 1 or not kinds & {dict, list}):
            yield value
        inner = [each for record in value for each in record.values()] if kinds == {dict} else []
        if len(value) > MOST_OUTER:
            return
        if kinds == {dict, list}:  # what is said of the records, and they
            inner = [each for each in value if isinstance(each, list)]
    elif isinstance(value, dict):
        if _has_columns(value):
            yield value
            if "columns" in value:
                return
        inner = list(value.values())
    else:
        return
    for each in inner if depth < MAX_DEPTH else ():
        yield from _tables(each, depth + 1)


def _columns_apart(value: Any, table: Any) -> dict[str, list[Any]] | None:
    """Lists as long as those of the largest table, and not beside it, with moments among them."""
    lists = list(_lists(value))
    if isinstance(table, dict):
        inside = [each for each in table.values() if isinstance(each, list)]
    else:
        inside = [table] if any(each is table for _, each in lists) else []
    if not inside:
        return None
    alike = [(name, each) for name, each in lists if len(each) == len(inside[0])]
    names = [name for name, _ in alike]
    timed = isinstance(table, dict) and any(map(TIME_WORDS.search, table))
    twice = len({*names}) < len(names) or len(names) == len(inside)
    if timed or twice or not any(map(TIME_WORDS.search, names)):
        return None
    return dict(alike)


def _lists(value: Any, depth: int = 0) -> Iterator[tuple[str, list[Any]]]:
    """The lists of single cells in objects, with their names."""
    inner = value.values() if isinstance(value, dict) else value
    for name, each in value.items() if isinstance(value, dict) else ():
        if (
            isinstance(each, list)
            and len(each) >= LEAST_APART
            and not isinstance(each[0], dict | list)
        ):
            yield name, each
    for each in inner if depth < MAX_DEPTH and len(value) <= MOST_OUTER else ():
        if isinstance(each, dict | list):
            yield from _lists(each, depth + 1)


def _is_split(value: Record) -> bool:
    return isinstance(value.get("columns"), list) and isinstance(value.get("data"), list)


def _has_columns(value: Record) -> bool:
    """Whether an object is a table: of lists side by side, of keyed cells, or pandas' "split"."""
    if _is_split(value):
        return True
    lists = [each for each in value.values() if isinstance(each, list)]
    flat = [each for each in lists if not any(isinstance(c, dict | list) for c in each[:5])]
    if flat and (len(flat) == len(value) or len(flat) > 1):
        return True
    return bool(value) and all(isinstance(e, dict) for e in value.values()) and _alike(value)


def _alike(value: Record) -> bool:
    """Whether objects in an object hold single cells, under the same names."""
    first, *others = value.values()
    if any(isinstance(cell, dict | list) for cell in first.values()):
        return False
    return not others or bool(set(first) & set(others[0]))


def _size(table: Any) -> int:
    """Cells of what may be a table."""
    if isinstance(table, list):
        first = table[0]
        return len(table) * (len(first) if isinstance(first, dict | list) else 1)
    if "columns" in table and isinstance(table.get("data"), list):
        return len(table["data"]) * max(1, len(table["columns"]))
    return sum(len(each) for each in table.values() if isinstance(each, list | dict))


def _table(value: Any, filename: str, how: How) -> Found:
    if isinstance(value, list):
        first = value[0]
        if isinstance(first, dict):
            return _from_records(value, filename)
        if isinstance(first, list):
            check_table(filename, len(value), max(map(len, value)), MAX_VALUES)
            rows = [[_single(cell) for cell in row] for row in value]
            return tabulate(rows, filename, how)
        return _framed([""], [value], filename)
    if _is_split(value):
        return _from_split(value, filename)
    lists = {name: each for name, each in value.items() if isinstance(each, list)}
    if lists:
        lengths = [len(each) for each in lists.values()]
        usual = max(set(lengths), key=lambda length: (lengths.count(length), length))
        if len(lists) == len(value) and len(set(lengths)) > 1 and lengths.count(usual) == 1:
            raise _uneven(filename)
        alike = {name: each for name, each in lists.items() if len(each) == usual}
        return _framed(list(alike), list(alike.values()), filename)
    return _from_keyed(value, filename)


def _from_split(value: Record, filename: str) -> Found:
    """Pandas' "split": columns, index and data."""
    titles, rows = value["columns"], value["data"]
    if rows and all(isinstance(row, dict) for row in rows):
        return _from_records(rows, filename)
    if not all(isinstance(row, list) and len(row) == len(titles) for row in rows):
        raise _uneven(filename)
    check_table(filename, len(rows), len(titles), MAX_VALUES)
    names = [str(t.get("name", t.get("id", ""))) if isinstance(t, dict) else str(t) for t in titles]
    columns = [[row[place] for row in rows] for place in range(len(titles))]
    index = value.get("index")
    if isinstance(index, list) and len(index) == len(rows):
        names, columns = ["index", *names], [index, *columns]
    return _framed(names, columns, filename)


def _from_keyed(value: Record, filename: str) -> Found:
    """Pandas' "columns", an object of index -> value for each; or "index", one of name -> value."""
    inner = list(value.values())
    keys = list(dict.fromkeys(key for each in inner for key in each))
    if len(keys) < len(value) and _moments(value) >= _moments(keys):
        records = [{"index": _number(key), **each} for key, each in value.items()]
        return _from_records(records, filename)
    check_table(filename, len(keys), len(value) + 1, MAX_VALUES)
    columns = [[_number(key) for key in keys]]
    columns += [[cells.get(key) for key in keys] for cells in inner]
    return _framed(["index", *value], columns, filename)


def _moments(keys: Any) -> bool:
    """Whether keys are dates or numbers rather than names."""
    return all(str(key)[:1].isdigit() for key in list(keys)[:20])


def _from_records(records: list[Record], filename: str) -> Found:
    if any(isinstance(cell, dict) for record in records[:100] for cell in record.values()):
        check_table(filename, len(records), 1, MAX_VALUES)
        flat = pd.json_normalize(records, max_level=4)
        titles = [str(each) for each in flat.columns]
        columns = [flat.iloc[:, place].tolist() for place in range(flat.shape[1])]
    else:
        titles = list(dict.fromkeys(key for record in records for key in record))
        check_table(filename, len(records), len(titles), MAX_VALUES)
        columns = [[record.get(title) for record in records] for title in titles]
    return _framed(titles, columns, filename)


def _framed(names: list[str], columns: list[list[Any]], filename: str) -> Found:
    if not columns or not all(columns):
        raise no_rows(filename)
    check_table(filename, len(columns[0]), len(columns), MAX_VALUES)
    cells = [[_single(cell) for cell in column] for column in columns]
    return Found(framed(cells), tuple(names))


SINGLE = (str, int, float, bool, type(None))


def _single(value: object) -> object:
    """A cell's value, or words for a list or an object within a cell."""
    if isinstance(value, str):  # JSON can write half of a letter
        return dated(value if value.isascii() else value.encode(errors="replace").decode())
    return value if isinstance(value, SINGLE) else "[...]"


def _number(key: str) -> object:
    """An index's key, which JSON can only write as words."""
    try:
        return int(key)
    except ValueError:
        return key


def _uneven(filename: str) -> DataError:
    return DataError(
        N_("The columns of '{file}' are not equally long. Give every row a value in each."),
        file=filename,
    )


def _no_table(filename: str) -> DataError:
    return DataError(
        N_(
            "'{file}' is JSON and holds no table. Upload a list of records, or an object with a "
            "list of numbers for each column."
        ),
        file=filename,
    )
