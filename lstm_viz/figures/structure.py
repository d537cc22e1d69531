"""Charts of a series before anything is learned: its parts, its scaling, what repeats in it."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from lstm_viz.data.thinning import thin
from lstm_viz.figures.axes import linear_axis, log_axis
from lstm_viz.figures.packing import Numbers
from lstm_viz.figures.palette import CATEGORIES, Signal, theme
from lstm_viz.figures.timeline import ROWS, TimeAxis, Timeline
from lstm_viz.figures.vega import (
    Spec,
    below,
    built_once,
    colour_of,
    coloured,
    fed,
    framed,
    hover,
    layered,
    lines,
    long_table,
    marks,
    unlabelled,
    upright,
)
from lstm_viz.words import _, ngettext

Ends = tuple[float, float]

MAX_POINTS = 2000
"""Points of a line; of a longer one, each stretch keeps its extremes."""
SHADE = 0.16
"""Opacity of what lies behind a series."""
STEMS = 150
"""Lags up to which each has a stem."""


def autocorrelation(acf: Numbers, window: int, band: float) -> Spec:
    """r_k over the lags (lags + 1,), ± `band` shaded, with a line where the window ends."""
    kept = thin(acf, MAX_POINTS)
    table = pd.DataFrame({"lag": kept, "r": np.asarray(acf, np.float64)[kept]})
    low = min(-0.2, float(np.floor(np.nanmin(acf, initial=0.0) * 5) / 5))
    label = ngettext("window: {window} row", "window: {window} rows", window).format(window=window)
    return fed(
        _autocorrelation(low, len(acf) <= STEMS),
        lags=table,
        band=pd.DataFrame({"low": [-band], "high": [band]}),
        window=pd.DataFrame({"lag": [window], "label": [label]}),
    )


@built_once
def _autocorrelation(low: float, stems: bool) -> alt.LayerChart:
    x = alt.X("lag:Q", title=_("lag (rows)"), **linear_axis(8, ",d", nice=False))
    title, scale = _("autocorrelation (no unit)"), alt.Scale(domain=[low, 1])
    y = alt.Y("r:Q", title=title, scale=scale)
    read = [
        alt.Tooltip("lag:Q", title=_("lag")),
        alt.Tooltip("r:Q", title=_("autocorrelation"), format=".3f"),
    ]
    colour = colour_of("truth")
    shade = marks("band").mark_rect(color=colour_of("series"), opacity=0.22)
    where = marks("lags").encode(x, y)
    drawn = (
        where.mark_rule(color=colour, strokeWidth=2).encode(y2=alt.datum(0))
        if stems
        else where.mark_line(color=colour, strokeWidth=1.6)
    )
    low_edge = alt.Y("low:Q", title=title, scale=scale)
    return framed(
        [shade.encode(low_edge, alt.Y2("high")), drawn, hover(where, read), *upright("window", x)]
    )


def spectrum(periods: Numbers, power: Numbers, season: int | None = None) -> Spec:
    """Power at each period (M,) on a log axis of periods, with a line at the season."""
    kept = thin(power, MAX_POINTS)
    table = pd.DataFrame({"period": periods[kept], "power": power[kept]})
    ends = (float(periods.min()), float(periods.max())) if len(periods) else (2.0, 20.0)
    look = _spectrum(ends, season is not None)
    if season is None:
        return fed(look, spectrum=table)
    label = _("season: {season} rows").format(season=season)
    return fed(look, spectrum=table, season=pd.DataFrame({"period": [season], "label": [label]}))


@built_once
def _spectrum(ends: Ends, seasonal: bool) -> alt.LayerChart:
    x = alt.X("period:Q", title=_("period (rows), long to the right"), **log_axis(*ends))
    y = alt.Y(
        "power:Q", title=_("power (squared unit × rows)"), **linear_axis(5, zero=True, nice=True)
    )
    read = [
        alt.Tooltip("period:Q", title=_("period (rows)"), format=".4g"),
        alt.Tooltip("power:Q", title=_("power"), format=".3g"),
    ]
    where, colour = marks("spectrum").encode(x, y), colour_of("truth")
    return framed(
        [
            where.mark_area(color=colour, opacity=0.14),
            where.mark_line(color=colour, strokeWidth=1.6),
            hover(where, read),
            *(upright("season", x) if seasonal else []),
        ]
    )


def parts(
    values: Numbers, split: int, test_split: int, y_title: str, timeline: Timeline = ROWS
) -> Spec:
    """(N,) values in time, shaded by what a run does with them: learn, be judged, be tested.

    `split` and `test_split` are the first rows of the validation and the test part.
    """
    when = timeline.at(np.arange(len(values)))
    kept = thin(values, MAX_POINTS)
    table = pd.DataFrame({"when": when[kept], "value": np.asarray(values, np.float64)[kept]})
    shades = _shades(when, split, test_split)
    look = _parts(y_title, timeline.axis, tuple(shades["name"]))
    return fed(look, parts=shades, values=table)


@built_once
def _parts(y_title: str, axis: TimeAxis, names: tuple[str, ...]) -> alt.LayerChart:
    x, start = axis.x("when"), axis.x("start")
    where = marks("values").encode(x, alt.Y("value:Q", title=y_title, **linear_axis()))
    signals: dict[str, Signal] = {
        _("training"): "train_loss",
        _("validation"): "validation_loss",
        _("test"): "test",
    }
    colours = {name: colour_of(signals[name]) for name in names}
    # A legend that is pale as what it explains.
    shade = coloured(colours, symbol="square", symbolOpacity=3 * SHADE)
    read = [axis.tip("when"), alt.Tooltip("value:Q", title=y_title, format=".4g")]
    return framed(
        [
            marks("parts").mark_rect(opacity=SHADE).encode(start, alt.X2("stop"), shade),
            where.mark_line(color=colour_of("truth"), strokeWidth=1.6),
            hover(where, read),
        ]
    )


def _shades(when: npt.NDArray[Any], split: int, test_split: int) -> pd.DataFrame:
    """From where to where each part reaches."""
    last = len(when) - 1
    reach = {
        _("training"): (0, split),
        _("validation"): (split, test_split),
        _("test"): (test_split, last + 1),
    }
    there = {name: (start, stop) for name, (start, stop) in reach.items() if start < stop}
    return pd.DataFrame(
        {
            "start": [when[start] for start, _stop in there.values()],
            "stop": [when[min(stop, last)] for _start, stop in there.values()],
            "name": list(there),
        }
    )


def scaled_against_raw(
    raw: Numbers,
    scaled: Numbers,
    y_title: str,
    names: Sequence[str] | None = None,
    timeline: Timeline = ROWS,
) -> Spec:
    """Two charts below each other: (N,) or (N, D) columns as they are, and as the network reads.

    Scaling moves and stretches each column for itself; on the lower axis they can be compared.
    """
    pair = [np.asarray(values, np.float64).reshape(len(values), -1) for values in (raw, scaled)]
    said = tuple(names) if names is not None else (y_title,)
    kept = np.unique(
        np.concatenate([thin(column, max(MAX_POINTS // len(said), 100)) for column in pair[1].T])
    )
    when = {"row": timeline.at(kept)}
    tables = [
        long_table(when, {name: values[kept, k] for k, name in enumerate(said)}) for values in pair
    ]
    look = _scaled_against_raw(said, y_title, timeline.axis)
    return fed(look, measured=tables[0], scaled=tables[1])


@built_once
def _scaled_against_raw(names: tuple[str, ...], y_title: str, axis: TimeAxis) -> alt.VConcatChart:
    palette = CATEGORIES[theme()] if len(names) > 1 else (colour_of("truth"),)
    colours = {each: palette[k % len(palette)] for k, each in enumerate(names)}
    titles = {
        "measured": (_("as measured"), y_title),
        "scaled": (_("scaled, as the network reads it"), _("scaled (no unit)")),
    }
    charts = []
    x = {"measured": unlabelled(axis.x("row")), "scaled": axis.x("row")}
    for table, (title, unit) in titles.items():
        y = alt.Y("value:Q", title=unit, **linear_axis(4))
        read = [
            alt.Tooltip("name:N", title=_("what")),
            axis.tip("row"),
            alt.Tooltip("value:Q", title=unit, format=".4g"),
        ]
        drawn = lines(table, x[table], y, colours, read)
        charts.append(layered(drawn, height=150, title=title))
    return below(charts)
