"""The settings of a run that most runs leave as they are, folded away."""

import streamlit as st

from lstm_viz.data.dataset import Dataset
from lstm_viz.experiments.fitting import LOSSES
from lstm_viz.models.cells import cell_of
from lstm_viz.models.options import CHRONO
from lstm_viz.ui.session import setting, takes
from lstm_viz.ui.widgets import choice, number, options, switch, whole
from lstm_viz.words import _


def around_the_cell(dataset: Dataset | None) -> None:
    """What lies before, between and behind the recurrent layers, and how they start."""
    if dataset is not None and dataset.every_step:
        st.caption(
            _(
                "No bidirectional, mean or attention here: at every step it would read the steps "
                "to come."
            )
        )
    else:
        switch("bidirectional")
        choice("readout")
    number("dropout", step=0.05)
    whole("conv_channels")
    if setting("train.conv_channels"):
        whole("conv_kernel", most=min(31, dataset.window) if dataset else None)
    if cell_of(setting("train.cell")).recurrent_weights:
        choice("initialisation")
        number("spectral_radius", step=0.1)
    else:
        st.caption(_("This cell has no recurrent weights."))
    if takes("chrono"):
        switch("chrono")
    else:
        st.caption(_(CHRONO.missing))


def advanced_training(dataset: Dataset | None) -> None:
    """Loss, schedule, early stopping, clipping, penalties, truncation, seed."""
    losses = LOSSES[dataset.problem] if dataset else options("loss")[1:]
    if setting("train.loss") not in losses:
        st.session_state["train.loss"] = "auto"
    choice("loss", ("auto", *losses))
    choice("schedule")
    if setting("train.schedule") in ("step", "plateau"):
        whole("schedule_every")
        number("schedule_factor", step=0.1)
    whole("patience")
    number("clip_norm", step=0.5)
    number("clip_value", step=0.1)
    number("l1", step=1e-4)
    number("l2", step=1e-4)
    if setting("train.bidirectional"):
        st.session_state["train.truncate"] = 0
        st.caption(_("Truncated BPTT hands the state on; backward halves cannot take it."))
    else:
        if dataset and setting("train.truncate") >= dataset.window:
            st.session_state["train.truncate"] = 0
        whole("truncate", most=dataset.window - 1 if dataset else None)
    whole("seed")
