"""The settings of a run, as controls: what a first run needs, and the rest folded away."""

import streamlit as st

from lstm_viz.data.dataset import Dataset
from lstm_viz.experiments.fitting import fitted
from lstm_viz.experiments.settings import Settings
from lstm_viz.models.cells import CELLS
from lstm_viz.ui.advanced import advanced_training, around_the_cell
from lstm_viz.ui.names import DEVICE_NAMES, OPTIMIZER_NAMES, cell_name, say
from lstm_viz.ui.service import trainer
from lstm_viz.ui.session import chosen_settings, remembered, setting, takes
from lstm_viz.ui.widgets import (
    bounds,
    choice,
    learning_rate,
    number,
    options,
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
    choice(
        _("Cell"),
        "cell",
        list(CELLS),
        _(
            "RNN: one state, no gates. GRU: two gates. LSTM: three gates and a cell state "
            "beside the hidden state. LSTM by its parts: switch each part on or off. Nested LSTM: "
            "its memory is an LSTM itself."
        ),
        cell_name,
    )
    if setting("train.cell") == "lstm_variant":
        with st.container(border=True):
            _parts()
    whole(
        _("Hidden units"),
        "hidden_size",
        _("Numbers in the hidden state h of each layer. More units remember more, slower."),
    )
    left, right = st.columns(2)
    with left:
        whole(
            _("Layers"),
            "layers",
            _("Recurrent layers stacked on each other; each reads the hidden state below it."),
        )
    with right:
        if takes("forget_bias"):
            _forget_bias()


def _forget_bias() -> None:
    number(
        _("Forget-gate bias"),
        "forget_bias",
        _(
            "The forget gate's bias before training: its two PyTorch bias vectors together. "
            "At 0 the gate starts half closed and the gradient vanishes like an RNN's; at 3 "
            "the cell keeps about 95 % a step."
        ),
        step=0.5,
    )


def _parts() -> None:
    """Each part of the LSTM family on or off; what excludes each other is not offered."""
    switch(_("Input gate"), "input_gate", _("What decides how much of the candidate enters."))
    switch(
        _("Forget gate"),
        "forget_gate",
        _("What decides how much of the cell state stays. Off: all of it, as in 1997."),
    )
    switch(_("Output gate"), "output_gate", _("What decides how much of the cell state shows."))
    if takes("peepholes"):
        switch(_("Peepholes"), "peepholes", _("The gates see the cell state, too."))
    else:
        st.caption(_("Peepholes need a gate to look through."))
    if takes("coupled"):
        switch(_("Coupled gates"), "coupled", _("The input gate is 1 - f: keep or write."))
    else:
        st.caption(_("Coupling needs an input and a forget gate."))
    switch(_("tanh of the candidate"), "input_activation", _("Off: the candidate is linear."))
    switch(_("tanh of the cell state"), "output_activation", _("Off: h = o · c."))
    switch(
        _("Layer normalisation"),
        "layer_norm",
        _("Brings what enters the gates to mean 0 and deviation 1, step by step."),
    )
    number(
        _("Zoneout"),
        "zoneout",
        _("Share of the units that keep their old value in a training step."),
        step=0.05,
    )


def _optimisation() -> None:
    left, right = st.columns(2)
    with left:
        whole(_("Epochs"), "epochs", _("Passes over the training data."))
        choice(
            _("Optimiser"),
            "optimizer",
            options("optimizer"),
            _("How the gradient becomes a change of the weights. Adam usually simply works."),
            say(OPTIMIZER_NAMES),
        )
    with right:
        whole(
            _("Batch size"),
            "batch_size",
            _("Examples averaged in one step of the optimiser."),
        )
        learning_rate(
            _("Learning rate"),
            remembered("train.learning_rate"),
            _("Size of one step. Too large, and the loss jumps or becomes infinite."),
        )
    choice(
        _("Device"),
        "device",
        ["auto", *(trainer().devices or ["cpu"])],
        _("Where the model trains. Fastest takes a GPU when this server has one."),
        say(DEVICE_NAMES),
    )
