"""The settings of a run, as controls."""

import math

import streamlit as st

from lstm_viz.training.config import CELLS, LIMITS, OPTIMIZERS, RunConfig
from lstm_viz.ui.service import trainer
from lstm_viz.ui.settings import remembered, run_config
from lstm_viz.words import N_, _

CELL_NAMES = {
    "rnn_tanh": N_("RNN (tanh)"),
    "rnn_relu": N_("RNN (relu)"),
    "lstm": "LSTM",
    "gru": "GRU",
}
OPTIMIZER_NAMES = {"adam": "Adam", "rmsprop": "RMSprop", "sgd": "SGD"}
DEVICE_NAMES = {
    "auto": N_("Fastest"),
    "cuda": N_("GPU (CUDA)"),
    "mps": N_("GPU (Metal)"),
    "cpu": "CPU",
}
LEARNING_RATES = [float(f"{m}e{e}") for e in range(-5, 1) for m in (1, 2, 5)]
BATCH_SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]


def slower(rate: float) -> float:
    """The learning rate on offer that is nearest to a tenth of this one."""
    return min(LEARNING_RATES, key=lambda offered: abs(math.log(offered * 10 / rate)))


def run_settings() -> RunConfig:
    """Draw the controls and return what they say."""
    _network()
    _optimisation()
    return run_config()


def _network() -> None:
    st.selectbox(
        _("Cell"),
        CELLS,
        format_func=lambda cell: _(CELL_NAMES[cell]),
        key=remembered("train.cell"),
        persist_state="session",
        help=_(
            "RNN: one state, no gates. GRU: two gates. LSTM: three gates and a cell state "
            "beside the hidden state."
        ),
    )
    st.slider(
        _("Hidden units"),
        1,
        128,
        key=remembered("train.hidden_size"),
        persist_state="session",
        help=_("Numbers in the hidden state h of each layer. More units remember more, slower."),
    )
    st.slider(
        _("Layers"),
        *_bounds("layers"),
        key=remembered("train.layers"),
        persist_state="session",
        help=_("Recurrent layers stacked on each other; each reads the hidden state below it."),
    )
    if st.session_state["train.cell"] == "lstm":
        st.slider(
            _("Forget-gate bias"),
            -2.0,
            5.0,
            step=0.5,
            key=remembered("train.forget_bias"),
            persist_state="session",
            help=_(
                "The forget gate's bias before training: its two PyTorch bias vectors together. "
                "At 0 the gate starts half closed and the gradient vanishes like an RNN's; at 3 "
                "the cell keeps about 95 % a step."
            ),
        )


def _optimisation() -> None:
    left, right = st.columns(2)
    left.number_input(
        _("Epochs"),
        *_bounds("epochs"),
        key=remembered("train.epochs"),
        persist_state="session",
        help=_("Passes over the training data."),
    )
    right.selectbox(
        _("Batch size"),
        BATCH_SIZES,
        key=remembered("train.batch_size"),
        persist_state="session",
        help=_("Examples averaged in one step of the optimiser."),
    )
    left.selectbox(
        _("Optimiser"),
        OPTIMIZERS,
        format_func=OPTIMIZER_NAMES.__getitem__,
        key=remembered("train.optimizer"),
        persist_state="session",
        help=_("How the gradient becomes a change of the weights. Adam usually simply works."),
    )
    right.selectbox(
        _("Learning rate"),
        LEARNING_RATES,
        format_func=lambda rate: f"{rate:g}",
        key=remembered("train.learning_rate"),
        persist_state="session",
        help=_("Size of one step. Too large, and the loss jumps or becomes infinite."),
    )
    left.number_input(
        _("Clip norm"),
        *LIMITS["clip_norm"],
        step=0.5,
        format="%g",
        key=remembered("train.clip_norm"),
        persist_state="session",
        help=_(
            "A parameter gradient longer than this is shortened to it, which tames exploding "
            "gradients. 0 leaves it as it is."
        ),
    )
    right.number_input(
        _("Seed"),
        *_bounds("seed"),
        key=remembered("train.seed"),
        persist_state="session",
        help=_("Same seed, same machine, same device: the same numbers."),
    )
    st.selectbox(
        _("Device"),
        ["auto", *(trainer().devices or ["cpu"])],
        format_func=lambda device: _(DEVICE_NAMES[device]),
        key=remembered("train.device"),
        persist_state="session",
        help=_("Where the model trains. Fastest takes a GPU when this server has one."),
    )


def _bounds(name: str) -> tuple[int, int]:
    low, high = LIMITS[name]
    return int(low), int(high)
