"""How windows are cut from a series, as a picture."""

from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt

from lstm_viz.figures.palette import BACKGROUND, LOOKS, MUTED, TEXT, Signal, theme
from lstm_viz.words import _

Numbers = npt.NDArray[np.floating]

WINDOWS_SHOWN = 4
GRID = "rgba(128,128,128,0.22)"


def windows(values: Numbers, *, window: int, horizon: int, y_title: str) -> Any:
    """How the first windows are cut, as a Plotly figure: each bar an example, below the rows.

    The window is what the network reads, the horizon what it has to predict; each example
    starts one row after the one before it. `values` is (N,), the target.
    """
    shown = min(WINDOWS_SHOWN, max(len(values) - window - horizon + 1, 1))
    rows = np.arange(min(window + horizon + shown + 1, len(values)))
    target = np.asarray(values, np.float64)[rows]
    figure = _figure(_("row of the series"), y_title)
    figure.add_scatter(
        x=rows,
        y=target,
        name=escape(y_title),
        mode="lines+markers" if len(rows) <= 150 else "lines",
        line={"color": _colour("truth"), "width": 1.6},
        marker={"size": 5},
        hovertemplate="%{y:.4g}",
        showlegend=False,
    )
    drawn: list[tuple[Signal, str, int, int]] = [
        ("series", _("window: what the network reads"), 0, window),
        ("prediction", _("horizon: what it predicts"), window, horizon),
    ]
    for signal, name, offset, length in drawn:
        figure.add_bar(
            x=[length] * shown,
            base=[k + offset - 0.5 for k in range(shown)],
            y=[_("example {number}").format(number=k + 1) for k in range(shown)],
            orientation="h",
            name=escape(name),
            marker={"color": _colour(signal), "line": {"width": 0}},
            width=0.62,
            yaxis="y2",
            hovertemplate=_("rows %{base:.0f} and on") + f"<extra>{escape(name)}</extra>",
        )
    figure.update_layout(
        barmode="overlay",
        yaxis={"domain": [0.42, 1]},
        yaxis2={
            "domain": [0, 0.32],
            "autorange": "reversed",
            "tickfont": _text(MUTED[theme()]),
        },
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1.02,
            "yanchor": "bottom",
            "traceorder": "normal",
        },
        xaxis={"range": [-1, len(rows)], "anchor": "y2"},
    )
    return figure


def _figure(x_title: str, y_title: str) -> Any:
    from plotly import graph_objects

    text = _text(MUTED[theme()])
    axis = {"gridcolor": GRID, "zerolinecolor": GRID, "linecolor": GRID, "tickfont": text}
    figure = graph_objects.Figure()
    figure.update_layout(
        height=340,
        margin={"l": 70, "r": 16, "t": 34, "b": 56},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        legend={"font": text, "traceorder": "reversed"},
        hoverlabel={"bgcolor": BACKGROUND[theme()], "font": _text(TEXT[theme()])},
        xaxis={**axis, "title": {"text": x_title, "font": text}},
        yaxis={**axis, "title": {"text": escape(y_title), "font": text}},
        dragmode="zoom",
    )
    return figure


def _text(colour: str) -> dict[str, Any]:
    return {"size": 13, "color": colour, "family": "Source Sans, sans-serif"}


def _colour(signal: Signal) -> str:
    return LOOKS[signal][theme()]
