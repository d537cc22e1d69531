"""The laboratory below the stage: one figure at a time, of the network and the example shown."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import streamlit as st

from lstm_viz.errors import LstmVizError
from lstm_viz.figures import laboratory as figures
from lstm_viz.figures.clock import place_of
from lstm_viz.figures.layer_rows import visible
from lstm_viz.measures.laboratory import map_shares, said_exponents, said_inputs, said_map
from lstm_viz.numerals import numeral
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.run import Run
from lstm_viz.ui import components
from lstm_viz.ui.address import LABORATORY
from lstm_viz.ui.cell.diagram import doubts
from lstm_viz.ui.laboratory import carousel, over_training
from lstm_viz.ui.laboratory.measuring import measured
from lstm_viz.ui.live import still
from lstm_viz.ui.say import look_for, plain, say_error
from lstm_viz.ui.segments import one_of
from lstm_viz.ui.session import remembered
from lstm_viz.words import N_, _, ngettext

METHOD = "laboratory.method"
"""In the session: how inputs are attributed to."""
TITLES = {
    "map": N_("Who teaches whom"),
    "inputs": N_("Which inputs mattered"),
    "carousel": N_("Constant error carousel"),
    "jacobians": N_("Jacobians and Lyapunov exponents"),
}
METHODS = {
    "gradient": N_("gradient"),
    "input_gradient": N_("gradient × input"),
    "integrated": N_("integrated gradients"),
}


def show(run: Run, frame: Frame, layer: str, sample: int) -> None:
    """What the reader has opened of it, measured on this frame."""
    st.subheader(_("Laboratory"), anchor=False)
    chosen = st.segmented_control(
        _("What is measured"),
        list(TITLES),
        format_func=lambda each: _(TITLES[each]),
        key=remembered(LABORATORY, None),
        persist_state="session",
        label_visibility="collapsed",
    )
    if chosen is None:
        return
    still([run], place_of(frame))
    for doubt in doubts(run):
        st.caption(doubt)
    with st.container(key=f"figure-laboratory-{chosen}"):
        try:
            if frame.layers[layer].hidden.shape[1] < 2 and chosen != "inputs":
                st.info(_("A sequence of one step has no earlier step."))
                return
            if chosen == "jacobians" and over_training.is_asked():
                over_training.draw(run, frame, layer, sample)
                return
            if chosen == "carousel" and not carousel.there_is(frame.layers[layer]):
                return
            found = measured(run, frame, chosen, layer, sample)
            _DRAWN[chosen](run, frame, layer, found, sample)
        except LstmVizError as error:
            say_error(error)


def _map(_run: Run, frame: Frame, layer: str, found: Mapping[str, Any], _sample: int) -> None:
    reverse = frame.layers[layer].reverse
    if np.isfinite(found["map"]).all():
        shares = map_shares(found["map"], reverse=reverse)
        components.chart(figures.teaching_map(shares), key="laboratory.map")
    st.markdown(said_map(found["map"], reverse=reverse))
    entering = (
        _("Enters at s: what the loss sends to this layer there.")
        if found["of_loss"]
        else _("Enters at each s: a gradient of length 1.")
    )
    look_for(
        entering,
        _(
            "Row s: $\\|\\partial L_s/\\partial h_t\\|_2$ of what enters at s alone, relative "
            "to it, "
            "back through this layer's own recurrence."
        ),
    )


def _inputs(run: Run, _frame: Frame, _layer: str, found: Mapping[str, Any], sample: int) -> None:
    method = one_of(_("Method"), METHODS, METHOD, "integrated")
    attributed = found["methods"][method]
    dataset = run.dataset
    read = run.examples.inputs[sample][:, 0]
    signs = [visible(dataset.symbols[int(code)]) for code in read] if dataset.symbols else None
    names = [_("character read")] if signs else [_(name) for name in dataset.input_names]
    if np.isfinite(attributed).all():
        chart = figures.attribution_bars(attributed, names, signs)
        components.chart(chart, key="laboratory.inputs")
    st.markdown(said_inputs(attributed))
    look_for(
        _about(run, found),
        _(
            "Gradient: $\\partial y/\\partial x$. Gradient × input: $x\\,\\partial y/\\partial "
            "x$. Integrated gradients: $x\\int_0^1 \\partial y/\\partial x$ from 0 to x, "
            "which sum to $y(x) - y(0)$."
        ),
    )


def _about(run: Run, found: Mapping[str, Any]) -> str:
    """Which number is attributed."""
    if not math.isfinite(found["answer"]):
        return _("In float32 the network's answer is not finite; this is measured in float64.")
    words = {"answer": numeral(found["answer"]), "t": found["t"]}
    if run.dataset.problem == "binary":
        return _("Answer: the score of the second class, {answer}.").format(**words)
    if run.dataset.problem == "classes" and found["t"] is None:
        name = plain(_(run.dataset.classes[found["place"]]))
        return _("Answer: the score of the class '{name}', {answer}.").format(**words, name=name)
    if run.dataset.problem == "classes":
        return _("Answer: the largest score at step {t}, {answer}.").format(**words)
    return _("Answer: the first number of the output, {answer}.").format(**words)


def _jacobians(_run: Run, frame: Frame, layer: str, found: Mapping[str, Any], _sample: int) -> None:
    exponents, steps = found["exponents"], frame.layers[layer].hidden.shape[1]
    if np.isfinite(exponents).any() and not np.isnan(exponents).any():
        fan = figures.singular_fan(found["back"], found["singular"], found["bound"])
        components.charts([fan, figures.spectrum(exponents)], columns=2, key="laboratory.jacobians")
    gone = int(np.isneginf(exponents).sum())
    words = ngettext(
        "{count} of {all} directions is lost (exponent −∞).",
        "{count} of {all} directions are lost (exponent −∞).",
        gone,
    )
    lost = words.format(count=gone, all=len(exponents)) if 0 < gone < len(exponents) else ""
    st.markdown(
        f"{said_exponents(exponents, steps, float(found['singular'][-1, 0]))} {lost}".strip()
    )
    look_for(
        _("Left: growth of a change. Right: its mean a step, by direction."),
        _(
            "$\\partial s_T/\\partial s_t = J_T \\cdots J_{t+1}$, s = h, for an LSTM (h, c). "
            "$\\lambda_i$ by QR (Benettin et al. 1980), natural logarithm a step. "
            "Pascanu's bound: $\\sigma_{max}(W_{hh})$ a step, plain RNN only. Singular "
            "values below 10⁻¹³ of the largest are left out."
        ),
    )


_DRAWN: Mapping[str, Callable[[Run, Frame, str, Mapping[str, Any], int], None]] = {
    "map": _map,
    "inputs": _inputs,
    "carousel": carousel.draw,
    "jacobians": _jacobians,
}
