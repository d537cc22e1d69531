"""How the Jacobians and Lyapunov exponents of a network went over its training."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from lstm_viz.experiments.cost import (
    LABORATORY_SECONDS,
    check_laboratory,
    seconds_of_laboratory,
)
from lstm_viz.figures import laboratory as figures
from lstm_viz.measures.laboratory import said_over_training
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.run import Run
from lstm_viz.ui import components
from lstm_viz.ui.laboratory.measuring import measured, size_of
from lstm_viz.ui.say import look_for
from lstm_viz.ui.segments import one_of
from lstm_viz.words import N_, _

WHEN = "laboratory.when"
"""In the session: of which moment the Jacobians are."""
MOST_FRAMES = 12
"""Checkpoints whose networks are measured, evenly spaced."""
MOMENTS = {"now": N_("At this moment"), "training": N_("Over the training")}


def is_asked() -> bool:
    """Whether the reader wants the whole training, in place of the moment shown."""
    return one_of(_("Moment"), MOMENTS, WHEN, "now") == "training"


def _measured(run: Run, layer: str, sample: int) -> tuple[list[float], Mapping[str, Any]] | None:
    """The epochs of some frames, and what "jacobians over training" gives of their networks; None
    of a run whose frames keep no weights.

    Raises as `measured` does.
    """
    frames = [frame for frame in run.film.frames if frame.weights is not None]
    if len(frames) < 2:
        return None
    size = size_of(frames[-1], layer)
    check_laboratory("jacobians", *size)
    fit = int(LABORATORY_SECONDS / max(seconds_of_laboratory("jacobians", *size), 1e-3))
    places = np.unique(np.linspace(0, len(frames) - 1, min(max(2, fit), MOST_FRAMES)).astype(int))
    chosen = [frames[place] for place in places.tolist()]
    found = measured(
        run,
        chosen[-1],
        "jacobians over training",
        layer,
        sample,
        asked=tuple(frame.step for frame in chosen),
        several=[frame.weights for frame in chosen],
    )
    return [frame.epoch for frame in chosen], found


def draw(run: Run, frame: Frame, layer: str, sample: int) -> None:
    """Measured at some checkpoints, on the example shown. Raises as `measured` does."""
    found = _measured(run, layer, sample)
    if found is None:
        st.info(
            _(
                "No training here: a single checkpoint, or none with weights. Choose 'At this "
                "moment'."
            )
        )
        return
    epochs, taken = found
    exponents = taken["exponents"]
    drawn = figures.over_training(epochs, exponents, taken["singular"], taken["bound"])
    if np.isfinite(exponents).any():
        components.charts([*drawn], columns=2, key="laboratory.over_training")
    steps = frame.layers[layer].hidden.shape[1]
    st.markdown(said_over_training(epochs, exponents[:, 0], steps))
    look_for(
        _("Left: mean growth a step. Right: the first state's change at the last."),
        _(
            "Each point: a checkpoint, same example. Left, 0: edge of chaos. Pascanu's bound: "
            "$\\ln\\sigma_{max}(W_{hh})$, plain RNN only. What is lost has no point."
        ),
    )
