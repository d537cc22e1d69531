"""Gates that somebody set beside learned ones."""

import altair as alt
import numpy as np

from lstm_viz.figures.axes import linear_axis
from lstm_viz.figures.palette import LOOKS, Signal
from lstm_viz.figures.vega import (
    DASHED,
    Spec,
    built_once,
    colour_of,
    fed,
    framed,
    lines,
    long_table,
    name_of,
)
from lstm_viz.words import _

HEIGHT = 210


def beside(signal: Signal, yours: np.ndarray, learned: np.ndarray | None) -> Spec:
    """One gate (T,) as you set it, and as the network has learned it, on the same input."""
    series = {_("yours"): yours}
    if learned is not None:
        series[_("learned")] = learned
    return fed(
        _beside(signal, tuple(series)), gates=long_table({"t": np.arange(len(yours))}, series)
    )


@built_once
def _beside(signal: Signal, names: tuple[str, ...]) -> alt.LayerChart:
    title, is_gate = name_of(signal), not LOOKS[signal].signed
    x = alt.X("t:Q", title=_("time step t"), **linear_axis(6, "d", nice=False))
    y = alt.Y("value:Q", title=title, **(linear_axis(domain=[0, 1]) if is_gate else linear_axis()))
    read = [
        alt.Tooltip("name:N"),
        alt.Tooltip("t:Q", title=_("time step")),
        alt.Tooltip("value:Q", title=title, format=".3g"),
    ]
    colours, dashes = dict.fromkeys(names, colour_of(signal)), dict.fromkeys(names[1:], DASHED)
    return framed(lines("gates", x, y, colours, read, dashes=dashes, dots=True), HEIGHT)
