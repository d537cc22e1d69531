"""What a chart shows now, in words, for those who hear a page instead of seeing it.

A chart already says what its marks stand for: its axes and tooltips name every column of its
tables. So the words follow from any chart that is fed, and none has to be told twice.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lstm_viz.figures.vega import DIAGONAL, LEVELS, Spec
from lstm_viz.measures.spelling import percent
from lstm_viz.numerals import numeral
from lstm_viz.words import _

MOST_ROWS, MOST_SERIES = 6, 6
"""Rows up to which each is read out; series of which each is."""
DRAWN = ("line", "area", "point", "bar", "rect", "rule", "tick")
EXACT = 1e15
"""Below it every whole number is said in all its digits."""
Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Marks:
    """Marks of one table: what they are drawn by, and what a pointer reads on them."""

    table: str
    kind: str
    encoding: Mapping[str, Fields]
    tips: tuple[Fields, ...]

    def channel(self, name: str) -> Fields:
        """Where marks stand, in the words of the pointer where it reads the same column."""
        channel = self.encoding.get(name, {})
        same = [tip for tip in self.tips if tip["field"] == channel.get("field")]
        return same[0] if same else channel


def told(spec: Spec) -> str:
    """A chart's numbers in whole sentences; "" of a chart without any."""
    sentences: list[str] = []
    drawn = _marks(spec)
    several = len({each.channel("y").get("title") for each in drawn if each.tips}) > 1
    for marks in drawn:
        table = spec["datasets"][marks.table]
        if marks.table == LEVELS:
            sentences += _levels(table)
        elif marks.tips:  # what no pointer reads only shows where something is
            sentences += _read_out(table, marks, several=several)
    return " ".join(dict.fromkeys(sentences))


def _marks(spec: Spec) -> list[Marks]:
    """The marks of each table: those that say most of it."""
    best: dict[str, Marks] = {}
    for each in _units(spec, None):
        here = best.get(each.table)
        if here is None or (len(each.tips), "y" in each.encoding) > (
            len(here.tips), "y" in here.encoding
        ):  # fmt: skip
            kind = here.kind if here and here.kind == "line" else each.kind
            best[each.table] = Marks(each.table, kind, each.encoding, each.tips)
    fed = {name for name, table in spec["datasets"].items() if len(table)} - {DIAGONAL}
    return [each for each in best.values() if each.table in fed]


def _units(part: Spec, data: str | None) -> Iterator[Marks]:
    data = part.get("data", {}).get("name", data)
    for each in (*part.get("vconcat", ()), *part.get("layer", ())):
        yield from _units(each, data)
    mark = part.get("mark", {})
    kind = mark if isinstance(mark, str) else mark.get("type")
    if data and kind in DRAWN:
        encoding = part.get("encoding", {})
        tips = encoding.get("tooltip", [])
        named = [tip for tip in (tips if isinstance(tips, list) else [tips]) if "title" in tip]
        yield Marks(data, kind, encoding, tuple(named))


def _levels(table: pd.DataFrame) -> list[str]:
    return [
        _("{name}: {value}.").format(name=name, value=_spelled(value, ".3~g"))
        for name, value in zip(table["name"], table["value"], strict=True)
        if name
    ]


def _read_out(table: pd.DataFrame, marks: Marks, *, several: bool) -> list[str]:
    """Each row of a short table; of a longer one, for each series, its ends and its extremes; what
    is measured is named where `several` things are.
    """
    if len(table) <= MOST_ROWS:
        rows = table.to_dict("records")
        return [f"{_row(row, marks.tips)}." for row in rows]
    value, across = marks.channel("y"), marks.channel("x")
    if marks.kind == "rect" or value.get("type") != "quantitative":
        value = next((tip for tip in marks.tips[::-1] if tip["type"] == "quantitative"), {})
    if "field" not in value or "title" not in value:
        return []
    colour = marks.encoding.get("color", {})
    by = colour.get("field") if colour.get("type") == "nominal" else None
    groups = table.groupby(by, sort=False, observed=True) if by in table else [("", table)]
    read = {tip["field"] for tip in marks.tips}
    moved = len(read) > 1 and across.get("field") not in read  # drawn beside where it belongs
    where = marks.tips if moved or marks.kind == "rect" or "field" not in across else (across,)
    where = tuple(
        each for each in where if each["field"] not in (value["field"], by) and "title" in each
    )
    said = (
        _series(_called(str(name), value, several), rows, value, where, marks.kind == "line")
        for name, rows in list(groups)[:MOST_SERIES]
    )
    return [each for each in said if each]


def _called(name: str, value: Fields, several: bool) -> str:
    """What a series is called: by its own name, and by what is measured."""
    return f"{value['title']}, {name}" if name and several else name or value["title"]


def _series(
    name: str, table: pd.DataFrame, value: Fields, where: tuple[Fields, ...], ordered: bool
) -> str:
    """What one series comes to: from where to where, least and greatest."""
    rows = table[np.isfinite(table[value["field"]].to_numpy(np.float64))]
    if rows.empty:
        return ""
    if ordered and where:
        rows = rows.sort_values(where[0]["field"], kind="stable")
    numbers = rows[value["field"]].to_numpy()
    low, high = int(numbers.argmin()), int(numbers.argmax())

    def at(place: int) -> str:
        row = dict(zip(rows.columns, rows.iloc[place], strict=True))
        number = _spelled(row[value["field"]], value.get("format"))
        return f"{number} ({_row(row, where)})" if where else number

    if ordered:
        return _("{name}: first {first}, last {last}, least {least}, greatest {greatest}.").format(
            name=name, first=at(0), last=at(-1), least=at(low), greatest=at(high)
        )
    return _("{name}: least {least}, greatest {greatest}.").format(
        name=name, least=at(low), greatest=at(high)
    )


def _row(row: Mapping[Any, Any], fields: tuple[Fields, ...]) -> str:
    """A row as a pointer reads it."""
    said = {each["title"]: _spelled(row[each["field"]], each.get("format")) for each in fields}
    return ", ".join(
        value if title in value.split() else f"{title} {value}" for title, value in said.items()
    )  # "forget gate f" says of itself that it is a gate


def _spelled(value: Any, how: str | None) -> str:
    """A value in the digits of the chart's own format; a moment without what is zero.

    >>> [_spelled(7.28e116, ".3~g"), _spelled(0.9997, ".1%"), _spelled(1900.0, "~f")]
    ['7.28·10¹¹⁶', '> 99.9%', '1900']
    """
    if isinstance(value, pd.Timestamp) and not pd.isna(value):
        return value.strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00").removesuffix(" 00:00")
    if not isinstance(value, float | int | np.floating | np.integer):
        return str(value)
    number = float(value)
    if np.isnan(number):
        return _("missing")
    if how is None and number.is_integer() and abs(number) < EXACT:
        how = "d"
    kind, digits = (how or ".4g")[-1], (how or ".4g")[:-1].strip("~,").removeprefix(".")
    if kind in "eg" or np.isinf(number):
        return numeral(number, int(digits or 6) + (kind == "e"))
    if kind == "%":
        return percent(number, int(digits or 0))
    said = format(round(number) if kind == "d" else number, (how or "").replace("~", ""))
    if "~" in (how or "") and "." in said:
        said = said.rstrip("0").rstrip(".")
    return said.removeprefix("-") if not said.strip("-0.") else said.replace("-", "−")
