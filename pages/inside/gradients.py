"""How far back the error reaches: gradient norms through time, and through the training."""

import streamlit as st

from lstm_viz.figures import charts
from lstm_viz.figures.layers import gradient_maps, gradient_row, gradients_trained, input_rows
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.registry import Run
from lstm_viz.ui import components, film
from lstm_viz.ui.inside import look_inside
from lstm_viz.ui.say import look_for
from lstm_viz.ui.session import remembered
from lstm_viz.words import _


def draw(run: Run, frame: Frame) -> None:
    reel = film.reel_of(run, frame)
    layer, inputs = reel.of(frame), run.examples.inputs[reel.sample]
    to_floor = st.toggle(
        _("Axis down to where float32 ends"),
        key=remembered("gradients.to_floor", False),
        persist_state="session",
        help=_("A fixed axis from 1e-50 to 1, for comparing runs; off, the axis fits the curve."),
    )
    rows = [
        *input_rows(run.dataset, inputs),
        gradient_row(layer, to_floor),
        *gradient_maps(layer),
        *gradients_trained(layer),
    ]
    film.show(reel, rows, key="film.gradients")
    if run.settings.optimiser.truncate:
        st.caption(
            _(
                "Drawn is the whole gradient. This run trains with truncated BPTT: it uses only "
                "the part from the last {steps} steps of each stretch."
            ).format(steps=run.settings.optimiser.truncate)
        )
    norm, name = layer.grad_cell_norm, "‖dL/dc‖"  # what a cell state is for
    if norm is None:
        norm, name = layer.grad_hidden_norm, "‖dL/dh‖"
    first, last = norm[reel.sample][0], norm[reel.sample][-1]
    look_for(
        _("Read the curves from right to left, as the error travels.")
        + f" {name}: "
        + verdict(float(first), float(last), layer.hidden.shape[1])
        + " "
        + _("In the maps, a strongly coloured row is a unit through which the error travels."),
        _(
            "$\\|dL/dh_t\\|_2$ over the units: the total derivative, through the output and every "
            "later step, of the loss L of this example. Computed in float64; float32 "
            "would read exactly 0 below 1.4e-45."
        ),
    )
    st.subheader(_("Parameter gradient over the training"), anchor=False)
    components.chart(
        charts.parameter_gradients(run.film.history, run.settings.optimiser.clip_norm),
        key="gradients.parameters",
    )
    clipped = _(
        "Clipping cuts them; each point is a mean over steps, of which some may be clipped."
    )
    look_for(
        " ".join(
            [
                _("The gradient of all weights together. Peaks are explosions."),
                *([clipped] if run.settings.optimiser.clip_norm else []),
            ]
        ),
        _("$\\|dL/d\\theta\\|_2$ over all parameters, mean over the steps since the last frame."),
    )


def verdict(first: float, last: float, steps: int) -> str:
    """What the measured ratio says, in words."""
    if not (first > 0 and last > 0):
        return _("at one of its ends the gradient is exactly 0.")
    ratio = first / last
    rate = ratio ** (1 / max(1, steps - 1))
    share = f"{ratio:.0%}" if 0.1 < ratio < 10 else f"{ratio:.2g}"
    numbers = {"ratio": share, "steps": steps - 1, "rate": f"{rate:.3f}"}
    if ratio < 1e-3:
        words = _(
            "over {steps} steps back it shrinks to {ratio}, a factor of {rate} a step: what "
            "happened early can hardly be learned from. It vanishes."
        )
    elif ratio > 1e3:
        words = _("over {steps} steps back it grows {ratio} times, {rate} a step: it explodes.")
    else:
        words = _(
            "over {steps} steps back {ratio} of it is left, a factor of {rate} a step: the error "
            "reaches the first step."
        )
    return words.format(**numbers)


look_inside(
    _("Gradients"),
    _(
        "Training sends the error back through time. Where its gradient fades to nothing, the "
        "network cannot learn from what happened there."
    ),
    draw,
)
