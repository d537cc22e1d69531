"""What a chart says to a reader: its marks, axes, levels and tables, wherever Altair wrote them."""

import json
from collections.abc import Iterator
from typing import Any

import pandas as pd

from lstm_viz.figures.vega import LEVELS, Spec


def views(chart: Spec) -> list[Spec]:
    """The charts in a chart: itself, unless it is several below each other."""
    return list(chart.get("vconcat", [chart]))


def layers(chart: Spec) -> Iterator[Spec]:
    """All marks with the name of their table."""
    for view in views(chart):
        shared = view.get("data", chart.get("data"))
        for layer in view["layer"]:
            yield {"data": shared, **layer}


def layer_of(chart: Spec, mark: str) -> Spec:
    """The first layer with this kind of mark."""
    return next(each for each in layers(chart) if each["mark"]["type"] == mark)


def axis_titles(chart: Spec) -> set[str]:
    channels = [each["encoding"].get(axis, {}) for each in layers(chart) for axis in "xy"]
    return {channel["title"] for channel in channels if channel.get("title")}


def table_of(chart: Spec, name: str | None = None) -> pd.DataFrame:
    """A table by its name; without one, the only table but the levels and the diagonal."""
    if name is None:
        (name,) = set(chart["datasets"]) - {LEVELS, "diagonal"}
    table: pd.DataFrame = chart["datasets"][name]
    return table


def rows(chart: Spec, name: str | None = None) -> list[dict[str, Any]]:
    return table_of(chart, name).to_dict("records")


def levels(chart: Spec) -> dict[str, float]:
    """What lies across the chart, as the legend names it."""
    if LEVELS not in chart["datasets"]:
        return {}
    table = chart["datasets"][LEVELS]
    assert set(table["name"]) <= set(legend(chart))
    return dict(zip(table["name"], table["value"], strict=True))


def legend(chart: Spec) -> list[str]:
    """The names in the legend, in its order."""
    colours = [each["encoding"].get("color", {}) for each in layers(chart)]
    found: list[str] = next(each["scale"]["domain"] for each in colours if each.get("legend"))
    return found


def look_of(chart: Spec) -> str:
    """All but the data, as text."""
    return json.dumps({key: part for key, part in chart.items() if key != "datasets"})
