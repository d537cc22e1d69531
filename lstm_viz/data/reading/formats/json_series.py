"""JSON that holds one series beside the other: pairs of a time and a value, JSON-stat's cubes."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise, product
from math import prod
from typing import Any

from lstm_viz.data.reading.ceilings import MAX_COLUMNS, MAX_VALUES, check_table
from lstm_viz.data.reading.cells.kinds import kind_of
from lstm_viz.errors import DataError
from lstm_viz.words import N_

LEAST_PAIRS = 4
MAX_DEPTH = 6
NAMES = ("name", "target", "label", "title", "id", "key", "symbol", "metric", "host", "tags")
"""What a series' own name is called beside its pairs."""
MILLISECONDS = 10**11
"""Numbers from there on may be milliseconds since 1970; from 1973 on they are."""
MICROSOFT = re.compile(r"/Date\((-?\d{1,15})(?:([+-])(\d\d)(\d\d))?\)/")


def pairs_side_by_side(value: Any) -> tuple[list[str], list[list[Any]]] | None:
    """(names, columns) of the pairs of a time and a value in a file, with all times that any has.

    None where there are none, or they have no names. CoinGecko, Prometheus, Grafana and Highcharts
    write them.
    """
    series: dict[str, dict[Any, Any]] = {}
    for name, rows in _pairs(value, "", 0):
        if len(series) == MAX_COLUMNS:
            return None
        cells = {row[0]: row[1] for row in rows}
        again = name in series or not name
        series[f"{name} ({len(series) + 1})".strip() if again else name] = cells
    if not any(series) or (len(series) == 1 and next(iter(series)) in ("", "(1)")):
        return None
    times = next(iter(series.values())).keys()
    if any(each.keys() != times for each in series.values()):
        times = dict.fromkeys(sorted({time for each in series.values() for time in each})).keys()
    columns = [[cells.get(time) for time in times] for cells in series.values()]
    return ["time", *series], [list(times), *columns]


def _pairs(value: Any, name: str, depth: int) -> Iterator[tuple[str, list[Any]]]:
    """The lists of pairs, each with its name."""
    if isinstance(value, list) and _are_pairs(value):
        yield name, _time_first(value)
    elif isinstance(value, dict) and depth < MAX_DEPTH:
        own = next((_said(value[each]) for each in NAMES if each in value), "")
        inner = {key: each for key, each in value.items() if isinstance(each, dict | list)}
        several = sum(isinstance(each, list) and _are_pairs(each) for each in inner.values()) > 1
        for key, each in inner.items():
            title = (f"{own} {key}".strip() if several else own) or key
            yield from _pairs(each, title, depth + 1)
    elif isinstance(value, list) and depth < MAX_DEPTH and len(value) <= MAX_COLUMNS:
        for each in value if all(isinstance(each, dict) for each in value) else ():
            yield from _pairs(each, name if len(value) == 1 else "", depth + 1)


def _said(told: Any) -> str:
    """A name; of labels, as Prometheus has them, their values."""
    if isinstance(told, dict):
        return " · ".join(str(each) for each in told.values() if isinstance(each, str | int))
    return str(told) if isinstance(told, str | int) else ""


def _are_pairs(rows: list[Any]) -> bool:
    """Whether each of several lists has a moment and a value, and moments run on."""
    if len(rows) < LEAST_PAIRS or not all(isinstance(r, list) and len(r) == 2 for r in rows):
        return False
    times = [row[0] for row in _time_first(rows)]
    if all(isinstance(time, str) for time in times):
        return all(kind_of(time) == "time" for time in times)
    if not all(type(time) in (int, float) for time in times):
        return False
    return times[0] > 0 and all(a < b for a, b in pairwise(times))


def _time_first(rows: list[Any]) -> list[Any]:
    """Pairs of a value and its moment in milliseconds, as Grafana writes them, turned round."""
    if all(type(row[1]) is int and row[1] > MILLISECONDS for row in rows):
        later = all(a[1] < b[1] for a, b in pairwise(rows))
        if later and not all(type(row[0]) is int and row[0] > MILLISECONDS for row in rows):
            return [row[::-1] for row in rows]
    return rows


def cube_of(value: Any, filename: str) -> tuple[list[str], list[list[Any]]] | None:
    """(names, columns) of JSON-stat, version 1 or 2: a row for each cell of its cube.

    None of what is none. Raises DataError for one that does not hold together.
    """
    for each in [value, *(value.values() if isinstance(value, dict) else ())]:
        dimension = each.get("dimension") if isinstance(each, dict) else None
        if isinstance(dimension, dict) and "value" in each:
            ids, sizes = (each.get(k, dimension.get(k)) for k in ("id", "size"))
            if ids is None and sizes is None:
                continue
            return _cells(dimension, ids, sizes, each["value"], filename)
    return None


def _cells(
    dimension: dict[str, Any], ids: Any, sizes: Any, values: Any, filename: str
) -> tuple[list[str], list[list[Any]]]:
    names = [
        _categories(dimension.get(str(each))) for each in (ids if isinstance(ids, list) else ())
    ]
    if not names or [len(each) for each in names] != sizes:
        raise _unfit(filename)
    check_table(filename, count := prod(sizes), len(names) + 1, MAX_VALUES)
    if isinstance(values, dict):
        values = [values.get(str(place)) for place in range(count)]
    if not isinstance(values, list) or len(values) != count:
        raise _unfit(filename)
    several = [place for place, each in enumerate(names) if len(each) > 1]
    told = zip(*product(*names), strict=True)
    columns = [list(each) for place, each in enumerate(told) if place in several]
    titles = [str(dimension[ids[p]].get("label", ids[p])) for p in several]
    single = " ".join(each[0] for each in names if len(each) == 1)
    return [*titles, single or "value"], [*columns, list(values)]


def _unfit(filename: str) -> DataError:
    return DataError(
        N_(
            "'{file}' is JSON-stat whose sizes do not fit its categories and values. Mend 'size' "
            "there."
        ),
        file=filename,
    )


def _categories(dimension: Any) -> list[str]:
    """What stands along one side of a cube: by its code where that is a date, by its label else."""
    category = dimension.get("category", {}) if isinstance(dimension, dict) else {}
    labels, index = category.get("label", {}), category.get("index")
    codes = list(labels) if index is None else index
    if isinstance(codes, dict):
        codes = sorted(codes, key=codes.__getitem__)
    dates = all(kind_of(str(code)) == "time" for code in codes)
    return [str(code if dates else labels.get(code, code)) for code in codes]


def dated(cell: str) -> str:
    """A date as Microsoft writes it in JSON, in the usual way; any other cell as it is.

    >>> dated("/Date(1700000000000)/"), dated("/Date(1700000000000+0900)/")
    ('2023-11-14T22:13:20+00:00', '2023-11-15T07:13:20+09:00')
    """
    found = MICROSOFT.fullmatch(cell)
    if found is None:
        return cell
    east = timedelta(hours=int(found[3] or 0), minutes=int(found[4] or 0))
    zone = timezone(-east if found[2] == "-" else east) if found[2] else UTC
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(found[1]))
    return moment.astimezone(zone).isoformat()
