"""The settings of a run, as controls: what a first run needs, and the rest folded away."""

from collections.abc import Mapping

import streamlit as st

from lstm_viz.data.dataset import Dataset
from lstm_viz.experiments.cell_options import parts_of
from lstm_viz.experiments.fitting import fitted
from lstm_viz.experiments.settings import Settings
from lstm_viz.limits import Switch
from lstm_viz.models.options import Option
from lstm_viz.ui.advanced import advanced_training, around_the_cell
from lstm_viz.ui.service import trainer
from lstm_viz.ui.session import chosen_settings, setting, takes
from lstm_viz.ui.widgets import (
    bounds,
    choice,
    learning_rate,
    number,
    switch,
    whole,
)
from lstm_viz.words import _


def slower(rate: float) -> float | None:
    """A tenth of a learning rate, or the smallest there is; None where it is that already.

    >>> slower(0.07), slower(5e-6), slower(1e-6)
    (0.007, 1e-06, None)
    """
    low, _high = bounds("learning_rate")
    return None if rate <= low else max(low, float(f"{rate / 10:.6g}"))


def run_settings(dataset: Dataset | None) -> Settings:
    """Draw the controls and return what they say, as far as it fits the dataset."""
    _network()
    _optimisation()
    with st.expander(_("More about the network"), icon=":material/account_tree:"):
        around_the_cell(dataset)
    with st.expander(_("More about the training"), icon=":material/tune:"):
        advanced_training(dataset)
    settings = chosen_settings()
    return settings if dataset is None else fitted(settings, dataset)


def _network() -> None:
    choice("cell")
    parts = parts_of(setting("train.cell"))
    if parts:
        with st.container(border=True):
            _parts(parts)
    whole("hidden_size")
    left, right = st.columns(2)
    with left:
        whole("layers")
    with right:
        if takes("forget_bias"):
            number("forget_bias", step=0.5)


def _parts(parts: Mapping[str, Option]) -> None:
    """Each part of a cell; what has no effect beside the others is not offered."""
    for name, option in parts.items():
        if not takes(name):
            st.caption(_(option.missing))
        elif isinstance(option.limit, Switch):
            switch(name)
        else:
            number(name, step=0.05)


def _optimisation() -> None:
    left, right = st.columns(2)
    with left:
        whole("epochs")
        choice("optimizer")
    with right:
        whole("batch_size")
        learning_rate()
    choice("device", ["auto", *(trainer().devices or ["cpu"])])
