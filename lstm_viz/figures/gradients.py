"""Gradients through time, as rows of the film."""

from collections.abc import Sequence

import numpy as np

from lstm_viz.figures.drawn_frames import FLOOR, flow_of, norm_of
from lstm_viz.figures.packing import logarithm
from lstm_viz.figures.palette import ASIDE, THEMES, Signal
from lstm_viz.figures.rows import FLOAT32_FLOOR, Heat, Line, Lines, Row, Rule, Trained
from lstm_viz.measures.gradient_flow import lasting
from lstm_viz.runs.frames import LayerFrame
from lstm_viz.words import N_, _

GRADIENTS: dict[Signal, str] = {
    "grad_hidden": N_("total gradient |dL/dh|, unit by unit"),
    "grad_cell": N_("total gradient |dL/dc|, unit by unit"),
}
FLOOR_LABEL = N_("smallest float32 number: 1.4·10⁻⁴⁵")


def gradient_signals(layer: LayerFrame) -> list[Signal]:
    """The gradients that a layer has."""
    return ["grad_hidden"] if layer.cell is None else ["grad_hidden", "grad_cell"]


FLOWS: dict[Signal, str] = {"grad_hidden": flow_of("hidden"), "grad_cell": flow_of("cell")}
"""Gradient -> the signal of what of it enters at one step alone."""


def flow_row(
    layer: LayerFrame,
    sample: int,
    height: int = 150,
    *,
    to_floor: bool = False,
    ghosts: Sequence[Line] = (),
) -> Lines:
    """‖∂L_s/∂h_t‖ and ‖∂L_s/∂c_t‖ of the gradient that enters at step s alone, on a log axis."""
    lines = [Line(signal, source=FLOWS[signal]) for signal in gradient_signals(layer)]
    title = _("gradient that enters at step {s} alone").format(s=layer.flow_from[sample])
    return _on_a_log_axis([*lines, *ghosts], title, height, to_floor=to_floor)


def ghost(layer: LayerFrame, sample: int, name: str) -> Line:
    """The same of another network, in the state that lasts longest: it stands still, in grey."""
    state = lasting(layer.flow_norms, layer.flow_from)
    grey: dict[str, str] = {theme: ASIDE[theme] for theme in THEMES}
    values = logarithm(layer.flow_norms[state][sample])
    return Line("grad_hidden", values, name=name, dashed=True, colour=grey)


def enters_once(layer: LayerFrame, sample: int) -> bool:
    """Whether the loss enters at one step only, so that the total gradient is what enters there."""
    flow, total = layer.flow_norms["hidden"][sample], layer.grad_hidden_norm[sample]
    return bool(np.array_equal(flow, total, equal_nan=True))


def gradient_row(layer: LayerFrame, height: int = 150, *, to_floor: bool = False) -> Lines:
    """‖dL/dh_t‖ and ‖dL/dc_t‖ through time on a log axis, of the whole loss."""
    lines = [Line(signal, source=norm_of(signal)) for signal in gradient_signals(layer)]
    title = _("total gradient: of the whole loss")
    return _on_a_log_axis(lines, title, height, to_floor=to_floor)


def _on_a_log_axis(lines: list[Line], title: str, height: int, *, to_floor: bool) -> Lines:
    return Lines(
        lines,
        y=_("norm"),
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
    """The total norms in every frame of the training, epoch x time (or update x time)."""
    y = N_("epoch") if layer.reads is None else N_("update")
    return [
        Trained(signal, norm_of(signal), _(TRAINED[signal]), y)
        for signal in gradient_signals(layer)
    ]
