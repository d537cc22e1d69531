"""Gradients through time: the film's rows, and how much of one step's gradient arrives."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from lstm_viz.figures.palette import CATEGORIES, MUTED, Signal, theme
from lstm_viz.figures.rows import FLOAT32_FLOOR, Heat, Line, Lines, Row, Rule, Trained
from lstm_viz.figures.tracks import FLOOR, FLOW_SHARE, flow_of, norm_of
from lstm_viz.figures.vega import (
    FONT_SIZE,
    Spec,
    colour_of,
    decades,
    figure,
    layer,
    linear_axis,
    lines,
    name,
    quantity,
    rule,
)
from lstm_viz.measures.gradient_flow import THOUSANDTH, GradientFlow, power_of_ten
from lstm_viz.runs.frames import LayerFrame
from lstm_viz.words import N_, _

GRADIENTS: dict[Signal, str] = {
    "grad_hidden": N_("total gradient |dL/dh|, unit by unit"),
    "grad_cell": N_("total gradient |dL/dc|, unit by unit"),
}
MOST_TICKS = 8
FLOOR_LABEL = N_("smallest float32 number: 1.4e-45")


def gradient_signals(layer: LayerFrame) -> list[Signal]:
    """The gradients that a layer has."""
    return ["grad_hidden"] if layer.cell is None else ["grad_hidden", "grad_cell"]


FLOWS: dict[Signal, str] = {"grad_hidden": flow_of("hidden"), "grad_cell": flow_of("cell")}
"""Gradient -> the track of what of it enters at one step alone."""


def flow_row(layer: LayerFrame, sample: int, height: int = 150, *, to_floor: bool = False) -> Lines:
    """‖∂L_s/∂h_t‖ and ‖∂L_s/∂c_t‖ of the gradient that enters at step s alone, on a log axis."""
    lines = [Line(signal, track=FLOWS[signal]) for signal in gradient_signals(layer)]
    title = _("gradient that enters at step {s} alone").format(s=layer.flow_from[sample])
    return _on_a_log_axis(lines, title, height, to_floor=to_floor)


def flow_trained(layer: LayerFrame) -> Row:
    """The same at every moment of the training, epoch x time, in the state that lasts longest."""
    signal = gradient_signals(layer)[-1]
    return Trained(signal, FLOW_SHARE, _("share of it that arrives, over the training"))


def enters_once(layer: LayerFrame, sample: int) -> bool:
    """Whether the loss enters at one step only, so that the total gradient is what enters there."""
    return bool(np.array_equal(layer.flow_norms["hidden"][sample], layer.grad_hidden_norm[sample]))


def gradient_row(layer: LayerFrame, height: int = 150, *, to_floor: bool = False) -> Lines:
    """‖dL/dh_t‖ and ‖dL/dc_t‖ through time on a log axis: every step's own loss is in them."""
    lines = [Line(signal, track=norm_of(signal)) for signal in gradient_signals(layer)]
    title = _("total gradient: every step's own loss included")
    return _on_a_log_axis(lines, title, height, to_floor=to_floor)


def _on_a_log_axis(lines: list[Line], title: str, height: int, *, to_floor: bool) -> Lines:
    return Lines(
        lines,
        y=_("2-norm over units"),
        scale="log",
        low=FLOOR if to_floor else None,
        high=0.0 if to_floor else None,
        widens=True,
        rules=[Rule(FLOAT32_FLOOR, _(FLOOR_LABEL))],
        title=title,
        height=height,
    )


def gradient_maps(layer: LayerFrame, height: int | None = None) -> list[Row]:
    """|dL/dh_t| and |dL/dc_t|, unit x time, as powers of ten."""
    return [
        Heat(signal, title=_(GRADIENTS[signal]), height=height)
        for signal in gradient_signals(layer)
    ]


TRAINED: dict[Signal, str] = {
    "grad_hidden": N_("total gradient ‖dL/dh‖₂ over the training"),
    "grad_cell": N_("total gradient ‖dL/dc‖₂ over the training"),
}


def gradients_trained(layer: LayerFrame) -> Sequence[Row]:
    """The total norms at every moment of the training, epoch x time."""
    return [
        Trained(signal, norm_of(signal), _(TRAINED[signal])) for signal in gradient_signals(layer)
    ]


@dataclass(frozen=True)
class FlowLine:
    """One network at one moment, in the chart of what arrives."""

    flow: GradientFlow
    name: str
    network: int | None = None
    """The networks' own colours are told apart by this number; None where there is one alone."""
    untrained: bool = False
    """Drawn dashed."""


def flow_chart(drawn: Sequence[FlowLine], height: int = 290) -> Spec:
    """The share of a gradient that arrives k steps back from where it entered, on a log axis.

    Where it is exactly 0, which a log axis has no place for, words at the bottom say so.
    """
    table = pd.concat([_flow_table(each) for each in drawn], ignore_index=True)
    alive = table[np.isfinite(table["value"]) & (table["value"] > 0)]
    low, high = decades(alive["value"], THOUSANDTH, 1.0)
    axis = _powers_of_ten(low, high)
    x = quantity("back", _steps_title(drawn), **linear_axis(nice=False))
    y = quantity("value", _("share that arrives"), **axis)
    tips = [
        name("name", _("network")),
        quantity("back", _("steps back"), format="d"),
        quantity("value", _("share"), format=".3~g"),
    ]
    dashed = [each.name for each in drawn if each.untrained]
    layers = [
        *rule(THOUSANDTH, _("a thousandth")),
        *lines("flow", x, y, _flow_colours(drawn), tips, dashed, dots=len(table) <= 3 * len(drawn)),
    ]
    tables = {"flow": alive}
    zeros = table[table["value"] == 0].groupby("name", sort=False).first().reset_index()
    if len(zeros):
        tables["zeros"] = zeros.assign(value=low, label=_("exactly 0 from here on"))
        where = {"x": x, "y": y, "color": {"value": MUTED[theme()]}}
        text = {"align": "left", "baseline": "bottom", "dx": 4, "dy": -3, "fontSize": FONT_SIZE}
        layers += [
            layer("zeros", "point", where, shape="triangle-down", filled=True, size=70, yOffset=-5),
            layer("zeros", "text", {**where, "text": {"field": "label"}}, **text),
        ]
    return figure(layers, tables, height)


def _powers_of_ten(low: float, high: float) -> Spec:
    """A log scale with 1 and every so many powers of ten named as such."""
    ends = int(np.floor(np.log10(low))), int(np.ceil(np.log10(high)))
    every = -(-(ends[1] - ends[0]) // MOST_TICKS)
    exponents = [k for k in range(ends[0], ends[1] + 1) if k % every == 0]
    values = json.dumps([10.0**k for k in exponents])
    names = json.dumps([power_of_ten(k) if k else "1" for k in exponents])
    axis = {"values": json.loads(values), "labelExpr": f"{names}[indexof({values}, datum.value)]"}
    return {"scale": {"type": "log", "domain": [low, high], "nice": False}, "axis": axis}


def _flow_table(line: FlowLine) -> pd.DataFrame:
    shares = line.flow.shares
    return pd.DataFrame({"back": np.arange(len(shares)), "value": shares, "name": line.name})


def _steps_title(drawn: Sequence[FlowLine]) -> str:
    entered = {each.flow.entered for each in drawn}
    if len(entered) > 1:
        return _("steps back from where the gradient enters")
    return _("steps back from step {s}, where the gradient enters").format(s=entered.pop())


def _flow_colours(drawn: Sequence[FlowLine]) -> Mapping[str, str]:
    own: Signal = "grad_hidden" if drawn[0].flow.state == "hidden" else "grad_cell"
    return {
        each.name: colour_of(own) if each.network is None else CATEGORIES[theme()][each.network]
        for each in drawn
    }
