"""What a screen reader and the arrow keys read on a chart and on its marks.

Vega would read out the fields by which a mark is drawn, such as a place moved aside or the name of
a shape, in twelve digits. A mark says instead what the pointer reads on it.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from lstm_viz.figures.written import as_read
from lstm_viz.words import _

JOINER = "\u2060"
DATES = "%b %d, %Y"
"""How Vega-Lite writes a date in a tooltip that does not say how."""
SILENT = ("line", "area", "rule", "point", "bar", "rect", "tick")
"""Marks that say nothing where the pointer reads nothing; a text says itself."""
Part = dict[str, Any]


def make_heard(spec: Part) -> None:
    """Let a chart say what is drawn, and each of its marks what the pointer reads there."""
    _say(spec)
    spec["description"] = _what_is_drawn(spec)


def _say(part: Any) -> None:
    for value in part.values() if isinstance(part, dict) else part:
        if isinstance(value, dict | list):
            _say(value)
    if isinstance(part, dict) and isinstance(mark := part.get("mark"), dict):
        tips = part.get("encoding", {}).get("tooltip")
        if isinstance(tips, list):
            part["encoding"]["description"] = {"value": {"expr": read(tips)}}
            _say_tooltips_plainly(tips)
        elif mark.get("type") in SILENT:
            mark["aria"] = False


def _say_tooltips_plainly(tips: list[Part]) -> None:
    """Vega would show what is called "image" as a picture and "title" as a heading."""
    for tip in tips:
        if tip.get("title") in ("image", "title"):
            tip["title"] += JOINER


def pointed(part: Any) -> Any:
    """A chart whose tooltips write their numbers as everything else does.

    >>> pointed({"tooltip": [{"field": "n", "title": "units", "type": "quantitative"}]})
    {'tooltip': {'value': {'expr': '{"units": format(datum["n"], "")}'}}}
    """
    if isinstance(part, list):
        return [pointed(each) for each in part]
    if not isinstance(part, dict):
        return part
    whole = {name: pointed(each) for name, each in part.items() if name != "datasets"}
    if isinstance(tips := part.get("tooltip"), list):
        shown = {tip.get("title", tip["field"]): _value(tip) for tip in tips}
        read = ", ".join(f"{_quoted(title)}: {value}" for title, value in shown.items())
        whole["tooltip"] = {"value": {"expr": f"{{{read}}}"}}
    return {**part, **whole}


def read(tips: list[Part]) -> str:
    """The expression of what the pointer reads: each field's title and value.

    >>> read([{"field": "t", "title": "step", "type": "quantitative", "format": "d"}])
    '"step: " + format(datum["t"], "d")'
    """
    return ' + "; " + '.join(f"{_title(tip)} + {_value(tip)}" for tip in tips)


def _title(tip: Part) -> str:
    return _quoted(f"{tip.get('title', tip['field'])}: ")


def _value(tip: Mapping[str, Any]) -> str:
    """A field's value, in the form that the chart gives it."""
    field = f"datum[{_quoted(tip['field'])}]"
    if tip["type"] == "quantitative":
        return as_read(field, tip.get("format", ""))
    if tip["type"] == "temporal":
        return f"timeFormat({field}, {_quoted(tip.get('format', DATES))})"
    return f'(isValid({field}) ? {field} : "")'


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _what_is_drawn(spec: Part) -> str:
    """What a screen reader calls a chart: the titles of its axes."""
    across, up = (list(dict.fromkeys(_titles(spec, axis))) for axis in "xy")
    if not across or not up:
        return ", ".join([*up, *across])
    return _("Chart: {up}, by {across}.").format(up=", ".join(up), across=", ".join(across))


def _titles(part: Any, axis: str) -> Iterator[str]:
    for name, value in part.items() if isinstance(part, dict) else enumerate(part):
        if name == axis and isinstance(value, dict) and isinstance(value.get("title"), str):
            yield value["title"]
        elif isinstance(value, dict | list):
            yield from _titles(value, axis)
