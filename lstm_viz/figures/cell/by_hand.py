"""The LSTM whose gates somebody sets: its diagram, and its gates beside learned ones."""

from dataclasses import replace

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
from lstm_viz.models.diagram import BUS, ROW, Diagram, Port, Telling, Way
from lstm_viz.models.lstm_diagram import lstm
from lstm_viz.models.lstm_ways import G
from lstm_viz.words import N_, _

HEIGHT = 210


def by_hand_diagram() -> Diagram:
    """The LSTM's diagram without what sets its gates: you do, and the candidate is x_t."""
    whole = lstm()
    letters = {"forget": "f", "input": "i", "output": "o"}
    operations = []
    for operation in whole.operations:
        if operation.id == "bus":
            continue
        if operation.id in letters:
            means = operation.forward.means
            set_by_you = Telling(f"{letters[operation.id]}_t", f"{{{operation.id}}}", means)
            operations.append(replace(operation, sign=N_("set"), forward=set_by_you))
        elif operation.id == "candidate":
            read = Telling("g_t = x_t", "{candidate}", N_("Here the candidate is the input."))
            operations.append(replace(operation, sign="=", forward=read))
        else:
            operations.append(operation)
    ways = [way for way in whole.ways if not way.id.endswith(".a")]
    ways = [way for way in ways if way.id not in ("h_before", "x")]
    read_in = Way("x", [(G, BUS + 24), (G, ROW + 32)], "candidate", look="candidate")
    ports = [port for port in whole.ports if port.id not in ("h_before", "x")]
    return replace(
        whole,
        title=N_("An LSTM cell whose gates you set"),
        operations=operations,
        ways=[*ways, read_in],
        ports=[*ports, Port("x", "x_t", (G, BUS + 46))],
    )


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
    x = alt.X("t:Q", title=_("time step t"), **linear_axis(nice=False))
    y = alt.Y("value:Q", title=title, **(linear_axis(domain=[0, 1]) if is_gate else linear_axis()))
    read = [
        alt.Tooltip("name:N"),
        alt.Tooltip("t:Q", title=_("time step")),
        alt.Tooltip("value:Q", title=title, format=".3g"),
    ]
    colours, dashes = dict.fromkeys(names, colour_of(signal)), dict.fromkeys(names[1:], DASHED)
    return framed(lines("gates", x, y, colours, read, dashes=dashes, dots=True), HEIGHT)
