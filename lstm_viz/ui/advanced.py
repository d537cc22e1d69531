"""The settings of a run that most runs leave as they are, folded away."""

import streamlit as st

from lstm_viz.data.dataset import Dataset
from lstm_viz.experiments.fitting import LOSSES
from lstm_viz.ui.names import INITIALISATION_NAMES, LOSS_NAMES, READOUT_NAMES, SCHEDULE_NAMES, say
from lstm_viz.ui.session import setting, takes
from lstm_viz.ui.widgets import choice, number, options, switch, whole
from lstm_viz.words import _


def around_the_cell(dataset: Dataset | None) -> None:
    """What lies before, between and behind the recurrent layers, and how they start."""
    if dataset is not None and dataset.every_step:
        st.caption(
            _(
                "Bidirectional, and a mean or attention read-out, are not offered here: an answer "
                "is asked for at every step, and they would read it in the steps to come."
            )
        )
    else:
        switch(
            _("Bidirectional"),
            "bidirectional",
            _("A second half reads the sequence from its end. It cannot run free."),
        )
        choice(
            _("Read-out"),
            "readout",
            options("readout"),
            _("Which hidden states the answer is read from. Attention weighs the steps itself."),
            say(READOUT_NAMES),
        )
    number(
        _("Dropout"),
        "dropout",
        _("Share of values dropped between the layers and before the read-out, in training."),
        step=0.05,
    )
    whole(
        _("Convolution channels"),
        "conv_channels",
        _("Channels of a 1-D convolution in front, over the present and earlier steps. 0: none."),
    )
    if setting("train.conv_channels"):
        most = min(31, dataset.window) if dataset else 31
        whole(_("Convolution length"), "conv_kernel", _("Steps it sees at once."), most=most)
    choice(
        _("Initial W_hh"),
        "initialisation",
        options("initialisation"),
        _("How the recurrent weights start. Orthogonal and identity keep lengths at first."),
        say(INITIALISATION_NAMES),
    )
    number(
        _("Spectral radius of W_hh"),
        "spectral_radius",
        _("Scales the recurrent weights so that their largest eigenvalue is this. 0: as they are."),
        step=0.1,
    )
    if not takes("chrono"):
        st.caption(_("Chrono initialisation needs a gate that says how long the cell keeps."))
    else:
        switch(
            _("Chrono initialisation"),
            "chrono",
            _(
                "Gate biases for time constants up to the sequence's length (Tallec & Ollivier "
                "2018), in place of the forget-gate bias."
            ),
        )


def advanced_training(dataset: Dataset | None) -> None:
    """Loss, schedule, early stopping, clipping, penalties, truncation, seed."""
    losses = LOSSES[dataset.problem] if dataset else options("loss")[1:]
    if setting("train.loss") not in losses:
        st.session_state["train.loss"] = "auto"
    choice(
        _("Loss"),
        "loss",
        ("auto", *losses),
        _("What is made small. Huber is squared near 0 and absolute beyond 1."),
        say(LOSS_NAMES),
    )
    _schedule()
    whole(
        _("Early stopping after"),
        "patience",
        _("Epochs without a better validation loss; the best weights come back. 0: never."),
    )
    number(
        _("Clip norm"),
        "clip_norm",
        _(
            "A parameter gradient longer than this is shortened to it, which tames exploding "
            "gradients. 0 leaves it as it is."
        ),
        step=0.5,
    )
    number(
        _("Clip value"),
        "clip_value",
        _("No element of the gradient may be larger than this. 0 leaves it as it is."),
        step=0.1,
    )
    number(_("L1"), "l1", _("Weight of the sum of |θ| in the loss: many weights become 0."), 1e-4)
    number(_("L2"), "l2", _("Weight decay: keeps the weights small, against overfitting."), 1e-4)
    if setting("train.bidirectional"):
        st.session_state["train.truncate"] = 0
        st.caption(_("Truncated BPTT hands the state on, which a backward half cannot take."))
    else:
        whole(
            _("Truncated BPTT"),
            "truncate",
            _("Steps that the gradient goes back in training. 0: through the whole sequence."),
            most=dataset.window - 1 if dataset else None,
        )
    whole(_("Seed"), "seed", _("Same seed, same machine, same device: the same numbers."))


def _schedule() -> None:
    choice(
        _("Learning-rate schedule"),
        "schedule",
        options("schedule"),
        _("How the learning rate changes over the epochs."),
        say(SCHEDULE_NAMES),
    )
    if setting("train.schedule") in ("step", "plateau"):
        whole(
            _("Every"),
            "schedule_every",
            _("Epochs between steps, or without progress before one."),
        )
        number(_("Factor"), "schedule_factor", _("What the rate is multiplied with."), step=0.1)
