"""The data page's pictures of a series: the whole of it, and how windows are cut from it."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt

from lstm_viz.data.thinning import thin
from lstm_viz.figures.palette import BACKGROUND, LOOKS, MUTED, TEXT, Signal, theme
from lstm_viz.words import _

Numbers = npt.NDArray[np.floating]

MAX_POINTS = 4000
"""Points a drawn series has at most; of a longer one, each stretch keeps its extremes."""
WINDOWS_SHOWN = 4
GRID = "rgba(128,128,128,0.22)"


def series(
    values: Numbers,
    *,
    split: int,
    window: int,
    horizon: int,
    y_title: str,
    names: Sequence[str] | None = None,
) -> Any:
    """The whole series as a Plotly figure: its two parts shaded, the first window boxed.

    `values` is (N,) or (N, D), in the data's own unit, the target first; `split` the first row
    of the validation part.
    """
    columns = np.atleast_2d(np.asarray(values, np.float64).T)
    names = names if names is not None else [y_title]
    figure = _figure(_("row of the series"), y_title)
    for k, (column, name) in reversed(list(enumerate(zip(columns, names, strict=True)))):
        at = thin(column, MAX_POINTS)
        figure.add_scatter(
            x=at,
            y=column[at],
            name=escape(name),
            mode="lines",
            line={"color": _colour("truth" if k == 0 else "series"), "width": 1.6 if k == 0 else 1},
            opacity=1 if k == 0 else 0.6,
            hovertemplate="%{y:.4g}",
        )
    count = columns.shape[1]
    _part(figure, 0, split, "train_loss", _("training"), split / count)
    _part(figure, split, count, "validation_loss", _("validation"), 1 - split / count)
    _box(figure, -0.5, window - 0.5, "series")
    _box(figure, window - 0.5, window + horizon - 0.5, "prediction")
    figure.update_layout(hovermode="x unified", showlegend=len(columns) > 1)
    return figure


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


def _part(figure: Any, start: int, stop: int, signal: Signal, name: str, share: float) -> None:
    figure.add_vrect(
        x0=start - 0.5,
        x1=stop - 0.5,
        fillcolor=_colour(signal),
        opacity=0.09,
        line_width=0,
        layer="below",
    )
    figure.add_annotation(
        x=(start + stop) / 2,
        y=1,
        yref="paper",
        yanchor="bottom",
        text=f"{name} {share:.0%}",
        showarrow=False,
        font=_text(_colour(signal)),
    )


def _box(figure: Any, start: float, stop: float, signal: Signal) -> None:
    figure.add_vrect(
        x0=start, x1=stop, fillcolor=_colour(signal), opacity=0.3, line_width=0, layer="below"
    )


def _text(colour: str) -> dict[str, Any]:
    return {"size": 13, "color": colour, "family": "Source Sans, sans-serif"}


def _colour(signal: Signal) -> str:
    return LOOKS[signal][theme()]
