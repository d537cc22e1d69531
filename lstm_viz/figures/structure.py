"""Charts of a series before anything is learned: its parts, its scaling, what repeats in it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lstm_viz.data.thinning import thin
from lstm_viz.figures.palette import CATEGORIES, Signal, theme
from lstm_viz.figures.panels import Drawn, Ends, Panels, panel_figure, round_ends
from lstm_viz.figures.timeline import ROWS, Timeline
from lstm_viz.figures.vega import (
    Side,
    Spec,
    by_name,
    colour_of,
    figure,
    layer,
    linear_axis,
    log_axis,
    quantity,
    upright,
)
from lstm_viz.words import _

Numbers = npt.NDArray[np.floating]

MAX_POINTS = 2000
"""Points of a line; of a longer one, each stretch keeps its extremes."""
SHADE = 0.16
"""Opacity of what lies behind a series."""
STEMS = 150
"""Lags up to which each has a stem."""


def autocorrelation(acf: Numbers, window: int, band: float) -> Spec:
    """r_k over the lags (lags + 1,), ± `band` shaded, with a rule where the window ends."""
    lags = np.arange(len(acf))
    kept = thin(acf, MAX_POINTS)
    table = pd.DataFrame({"lag": lags[kept], "r": np.asarray(acf, np.float64)[kept]})
    low = min(-0.2, float(np.floor(np.nanmin(acf, initial=0.0) * 5) / 5))
    x = quantity("lag", _("lag (rows)"), scale={"nice": False}, axis={"tickCount": 8})
    y = quantity("r", _("autocorrelation (no unit)"), scale={"domain": [low, 1]})
    tips = [quantity("lag", _("lag")), quantity("r", _("autocorrelation"), format=".3f")]
    where, colour = {"x": x, "y": y}, colour_of("truth")
    noise = pd.DataFrame({"low": [-band], "high": [band]})
    shade = {"y": {**y, "field": "low"}, "y2": {"field": "high"}}
    stems = {**where, "y2": {"datum": 0}}
    drawn = (
        layer("lags", "rule", stems, color=colour, strokeWidth=2)
        if len(acf) <= STEMS
        else layer("lags", "line", where, color=colour, strokeWidth=1.6)
    )
    hover = layer("lags", "point", {**where, "tooltip": tips}, size=120, opacity=0)
    side: Side = "left" if window < len(acf) / 2 else "right"
    ends = upright(window, _("window: {window} rows").format(window=window), side)
    return figure(
        [
            layer("band", "rect", shade, color=colour_of("series"), opacity=0.22),
            drawn,
            hover,
            *ends,
        ],
        {"lags": table, "band": noise},
    )


def spectrum(periods: Numbers, power: Numbers, season: int | None = None) -> Spec:
    """Power at each period (M,) on a log axis of periods, with a rule at the season."""
    kept = thin(power, MAX_POINTS)
    table = pd.DataFrame({"period": periods[kept], "power": power[kept]})
    ends = (float(periods.min()), float(periods.max())) if len(periods) else (2.0, 20.0)
    x = quantity("period", _("period (rows), long to the right"), **log_axis(*ends))
    y = quantity("power", _("power (squared unit × rows)"), axis={"tickCount": 5, "format": ".2~s"})
    tips = [
        quantity("period", _("period (rows)"), format=".4g"),
        quantity("power", _("power"), format=".3g"),
    ]
    where, colour = {"x": x, "y": y}, colour_of("truth")
    layers = [
        layer("spectrum", "area", where, color=colour, opacity=0.14),
        layer("spectrum", "line", where, color=colour, strokeWidth=1.6),
        layer("spectrum", "point", {**where, "tooltip": tips}, size=120, opacity=0),
    ]
    if season is not None:
        side: Side = "left" if season < np.sqrt(ends[0] * ends[1]) else "right"
        layers += upright(season, _("season: {season} rows").format(season=season), side)
    return figure(layers, {"spectrum": table})


def parts(
    values: Numbers, split: int, test_split: int, y_title: str, timeline: Timeline = ROWS
) -> Spec:
    """(N,) values in time, shaded by what a run does with them: learn, be judged, be tested.

    `split` and `test_split` are the first rows of the validation and the test part.
    """
    when = timeline.at(np.arange(len(values)))
    kept = thin(values, MAX_POINTS)
    table = pd.DataFrame({"when": when[kept], "value": np.asarray(values, np.float64)[kept]})
    shades, colours = _shades(when, split, test_split)
    x = timeline.channel("when")
    where = {"x": x, "y": quantity("value", y_title, **linear_axis())}
    shade = {
        "x": {**x, "field": "start"},
        "x2": {"field": "stop"},
        "color": _pale(by_name(colours, symbol="square")),
    }
    tips = [timeline.tip("when"), quantity("value", y_title, format=".4g")]
    return figure(
        [
            layer("parts", "rect", shade, opacity=SHADE),
            layer("values", "line", where, color=colour_of("truth"), strokeWidth=1.6),
            layer("values", "point", {**where, "tooltip": tips}, size=120, opacity=0),
        ],
        {"parts": shades, "values": table},
    )


def _pale(colour: Spec) -> Spec:
    """A legend that is pale as what it explains."""
    legend = colour["legend"] and {**colour["legend"], "symbolOpacity": 3 * SHADE}
    return {**colour, "legend": legend}


def _shades(
    when: npt.NDArray[Any], split: int, test_split: int
) -> tuple[pd.DataFrame, dict[str, str]]:
    """From where to where each part reaches, and its colour."""
    last = len(when) - 1
    named: dict[str, tuple[Signal, int, int]] = {
        _("training"): ("train_loss", 0, split),
        _("validation"): ("validation_loss", split, test_split),
        _("test"): ("test", test_split, last + 1),
    }
    shown = {each: part for each, part in named.items() if part[1] < part[2]}
    table = pd.DataFrame(
        {
            "start": [when[start] for _signal, start, _stop in shown.values()],
            "stop": [when[min(stop, last)] for _signal, _start, stop in shown.values()],
            "name": list(shown),
        }
    )
    return table, {each: colour_of(signal) for each, (signal, _start, _stop) in shown.items()}


def scaled_against_raw(
    raw: Numbers, scaled: Numbers, y_title: str, names: Sequence[str] | None = None
) -> Spec:
    """Two panels above each other: (N,) or (N, D) columns as they are, and as the network reads.

    Scaling moves and stretches each column for itself; on the lower axis they can be compared.
    """
    pair = [np.asarray(values, np.float64).reshape(len(values), -1) for values in (raw, scaled)]
    said = list(names) if names is not None else [y_title]
    titles = [_("as measured"), _("scaled, as the network reads it")]
    kept = np.unique(
        np.concatenate([thin(column, max(MAX_POINTS // len(said), 100)) for column in pair[1].T])
    )
    ends = (0.0, float(max(len(raw) - 1, 1)))
    panels = Panels(titles, 1, ends, [_around(values) for values in pair])
    drawn = [
        Drawn(panel, said[k], kept, values[kept, k])
        for panel, values in enumerate(pair)
        for k in range(len(said))
    ]
    palette = CATEGORIES[theme()] if len(said) > 1 else [colour_of("truth")]
    colours = {each: palette[k % len(palette)] for k, each in enumerate(said)}
    title = _("{unit} above, scaled below").format(unit=y_title)
    return panel_figure(panels, drawn, colours, title, height=420)


def _around(values: Numbers) -> Ends:
    """Round ends of an axis around all finite values."""
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    return round_ends(low, high)
