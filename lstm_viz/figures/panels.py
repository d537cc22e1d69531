"""Small panels that share one chart, which stays as wide as its container.

Vega-Lite can facet, but a facet cannot be as wide as its container, and its panels would not
wrap. Here every panel is a stretch of the chart's two axes, and the axes' labels say what the
values are within it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lstm_viz.figures.palette import MUTED, theme
from lstm_viz.figures.tracks import round_step
from lstm_viz.figures.vega import FONT_SIZE, Spec, by_name, figure, layer, name, quantity
from lstm_viz.words import _

Ends = tuple[float, float]
Numbers = npt.NDArray[np.floating]

GAP = (0.06, 0.2)
"""Between panels, across and down, in panels; below, it holds the next panel's title."""


@dataclass(frozen=True)
class Panels:
    """`titles` panels in rows of `columns`; every panel has `x`, and each row of them its `y`."""

    titles: Sequence[str]
    columns: int
    x: Ends
    y: Sequence[Ends]
    """One for each row, the topmost first."""

    @property
    def rows(self) -> int:
        return -(-len(self.titles) // self.columns)

    def across(self, panel: int, values: npt.NDArray[Any]) -> Numbers:
        """Where values of x stand in the chart."""
        return _left(panel % self.columns) + _share(values, self.x)

    def up(self, panel: int, values: npt.NDArray[Any]) -> Numbers:
        """Where values of y stand in the chart; NaN outside the panel."""
        row = panel // self.columns
        share = _share(values, self.y[row])
        inside = np.isfinite(share) & (share >= -1e-9) & (share <= 1 + 1e-9)
        return np.where(inside, self._bottom(row) + share, np.nan)

    def _bottom(self, row: int) -> float:
        return (self.rows - 1 - row) * (1 + GAP[1])

    def x_axis(self, title: str) -> Spec:
        """The channel of `across`."""
        ticks = _ticks(self.x, parts=2)
        places = [_left(k) + _share(ticks, self.x) for k in range(self.columns)]
        width = _left(self.columns - 1) + 1
        return _axis("across", title, width, places, [ticks] * self.columns)

    def y_axis(self, title: str) -> Spec:
        """The channel of `up`; there is room for a title above the topmost panels."""
        ticks = [_ticks(ends, parts=2) for ends in self.y]
        places = [self._bottom(k) + _share(ticks[k], ends) for k, ends in enumerate(self.y)]
        return _axis("up", title, self._bottom(0) + 1 + GAP[1], places, ticks)

    def frames(self, x: Spec, y: Spec) -> tuple[list[Spec], pd.DataFrame]:
        """The layers that frame and name the panels, and their table, called "panels"."""
        corners = [
            {
                "across": _left(panel % self.columns),
                "right": _left(panel % self.columns) + 1,
                "up": self._bottom(panel // self.columns),
                "top": self._bottom(panel // self.columns) + 1,
                "title": title,
            }
            for panel, title in enumerate(self.titles)
        ]
        ink = MUTED[theme()]
        box = {"x": x, "x2": {"field": "right"}, "y": y, "y2": {"field": "top"}}
        above = {"x": x, "y": {**y, "field": "top"}, "text": {"field": "title"}}
        text = {"align": "left", "baseline": "bottom", "dy": -3, "dx": 1, "fontSize": FONT_SIZE}
        return [
            layer("panels", "rect", box, stroke=ink, strokeOpacity=0.35, fillOpacity=0),
            layer("panels", "text", above, color=ink, **text),
        ], pd.DataFrame(corners)


@dataclass(frozen=True)
class Drawn:
    """A line in a panel."""

    panel: int
    name: str
    rows: npt.NDArray[Any]
    values: Numbers


def panel_figure(
    panels: Panels,
    drawn: Sequence[Drawn],
    colours: Mapping[str, str],
    y_title: str,
    height: int,
) -> Spec:
    """Lines in panels over rows of a series, a colour for each name."""
    table = pd.concat([_table(panels, each) for each in drawn], ignore_index=True)
    x, y = panels.x_axis(_("row of the series")), panels.y_axis(y_title)
    # Lines are told apart by number: two panels may have the same title.
    where = {"x": x, "y": y, "color": by_name(colours), "detail": name("panel")}
    tips = [
        name("title", _("panel")),
        name("name", _("what")),
        quantity("row", _("row")),
        quantity("value", _("value"), format=".4g"),
    ]
    frames, corners = panels.frames(x, y)
    layers = [
        *frames,
        layer("lines", "line", where, strokeWidth=1.7),
        layer("lines", "point", {**where, "tooltip": tips}, size=120, opacity=0),
    ]
    return figure(layers, {"panels": corners, "lines": table}, height)


def _table(panels: Panels, line: Drawn) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "across": panels.across(line.panel, line.rows),
            "up": panels.up(line.panel, line.values),
            "row": line.rows,
            "value": line.values,
            "name": line.name,
            "panel": line.panel,
            "title": panels.titles[line.panel],
        }
    )


def round_ends(low: float, high: float) -> Ends:
    """Round ends of an axis that leave some room above.

    >>> round_ends(-7.0, 39.0)
    (-10.0, 40.0)
    """
    step = round_step((high - low) or abs(high) or 1.0)
    bottom, top = np.floor(low / step), np.floor(high / step) + 1
    return float(bottom * step), float(top * step)


def _left(column: int) -> float:
    return column * (1 + GAP[0])


def _share(values: Any, ends: Ends) -> Numbers:
    low, high = ends
    return np.asarray((np.asarray(values, np.float64) - low) / (high - low))


def _ticks(ends: Ends, parts: int) -> Numbers:
    low, high = ends
    step = round_step(high - low, parts)
    numbers = np.arange(np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9) + 1)
    return numbers * step + 0.0  # no "-0"


def _axis(
    field: str, title: str, width: float, places: Sequence[Numbers], ticks: Sequence[Numbers]
) -> Spec:
    at = [float(place) for each in places for place in each]
    said = json.dumps([f"{tick:.6g}" for each in ticks for tick in each])
    axis = {
        "values": at,
        "labelExpr": f"{said}[indexof({json.dumps(at)}, datum.value)]",
        "labelOverlap": "greedy",
        "grid": False,
        "domain": False,
    }
    scale = {"domain": [0.0, width], "nice": False, "zero": False}
    return quantity(field, title, scale=scale, axis=axis)
