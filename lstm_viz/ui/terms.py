"""What every setting is called and what it means: the one table of widgets and sentences."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lstm_viz.models.cells import CELLS
from lstm_viz.ui.names import (
    DEVICE_NAMES,
    INITIALISATION_NAMES,
    LOSS_NAMES,
    MISSING_NAMES,
    OPTIMIZER_NAMES,
    READOUT_NAMES,
    SCALING_NAMES,
    SCHEDULE_NAMES,
    cell_name,
    say,
    steps_in_words,
)
from lstm_viz.ui.say import decimal
from lstm_viz.words import N_, _


@dataclass(frozen=True)
class Term:
    """A setting's name and meaning, marked for translation."""

    label: str
    help: str
    names: Callable[[Any], str] | None = None
    """What its values are called, in the reader's language; None for numbers and switches."""

    def said(self, value: Any) -> str:
        """A value as a sentence says it."""
        if isinstance(value, bool):
            return _("on") if value else _("off")
        if isinstance(value, int | float):
            return decimal(value)
        if self.names:
            return self.names(value)
        if isinstance(value, tuple):
            return ", ".join(value) or _("the proposed column")
        return str(value)

    def change(self, before: Any, after: Any) -> str:
        """Another value, as a sentence lists it."""
        return changed(_(self.label), self.said(before), self.said(after))


def changed(setting: str, before: str, after: str) -> str:
    """A setting with another value, as a sentence lists it."""
    return _("{setting}: {before} → {after}").format(setting=setting, before=before, after=after)


TERMS: Mapping[str, Term] = {
    "cell": Term(N_("Cell"), N_("The recurrent cell of every layer."), cell_name),
    **{
        name: Term(option.label, option.help)
        for spec in CELLS.values()
        for name, option in spec.options.items()
    },
    "layers": Term(
        N_("Layers"),
        N_("Recurrent layers stacked on each other; each reads the hidden state below it."),
    ),
    "hidden_size": Term(
        N_("Hidden units"),
        N_("Numbers in the hidden state h of each layer. More units remember more, slower."),
    ),
    "bidirectional": Term(
        N_("Bidirectional"),
        N_("A second half reads the sequence from its end. It cannot run free."),
    ),
    "dropout": Term(
        N_("Dropout"),
        N_("Share of values dropped between the layers and before the read-out, in training."),
    ),
    "readout": Term(
        N_("Read-out"),
        N_("Which hidden states the answer is read from. Attention weighs the steps itself."),
        say(READOUT_NAMES),
    ),
    "conv_channels": Term(
        N_("Convolution channels"),
        N_("Channels of a 1-D convolution in front, over the present and earlier steps. 0: none."),
    ),
    "conv_kernel": Term(N_("Convolution length"), N_("Steps it sees at once.")),
    "initialisation": Term(
        N_("Initial W_hh"),
        N_("How the recurrent weights start. Orthogonal and identity keep lengths at first."),
        say(INITIALISATION_NAMES),
    ),
    "spectral_radius": Term(
        N_("Spectral radius of W_hh"),
        N_("Scales the recurrent weights so that their largest eigenvalue is this. 0: as is."),
    ),
    "loss": Term(
        N_("Loss"),
        N_("What is made small. Huber is squared near 0 and absolute beyond 1."),
        say(LOSS_NAMES),
    ),
    "optimizer": Term(
        N_("Optimiser"),
        N_("How the gradient becomes a change of the weights. Adam usually simply works."),
        say(OPTIMIZER_NAMES),
    ),
    "learning_rate": Term(
        N_("Learning rate"),
        N_("Size of one step. Too large, and the loss jumps or becomes infinite."),
    ),
    "schedule": Term(
        N_("Learning-rate schedule"),
        N_("How the learning rate changes over the epochs."),
        say(SCHEDULE_NAMES),
    ),
    "schedule_every": Term(
        N_("Schedule: epochs a step"), N_("Epochs between steps, or without progress before one.")
    ),
    "schedule_factor": Term(N_("Schedule: factor"), N_("What the rate is multiplied with.")),
    "clip_norm": Term(
        N_("Clip norm"),
        N_(
            "A parameter gradient longer than this is shortened to it, which tames exploding "
            "gradients. 0 leaves it as it is."
        ),
    ),
    "clip_value": Term(
        N_("Clip value"),
        N_("No element of the gradient may be larger than this. 0 leaves it as it is."),
    ),
    "l1": Term("L1", N_("Weight of the sum of |θ| in the loss: many weights become 0.")),
    "l2": Term("L2", N_("Weight decay: keeps the weights small, against overfitting.")),
    "truncate": Term(
        N_("Truncated BPTT"),
        N_("Steps that the gradient goes back in training. 0: through the whole sequence."),
    ),
    "epochs": Term(N_("Epochs"), N_("Passes over the training data.")),
    "batch_size": Term(N_("Batch size"), N_("Examples averaged in one step of the optimiser.")),
    "patience": Term(
        N_("Early stopping after"),
        N_("Epochs without a better validation loss; the best weights come back. 0: never."),
    ),
    "seed": Term(N_("Seed"), N_("Same seed, same machine, same device: the same numbers.")),
    "device": Term(
        N_("Device"),
        N_("Where the model trains. Fastest takes a GPU when this server has one."),
        lambda name: _(DEVICE_NAMES.get(name, name)),
    ),
}
"""Setting of a run -> its words."""
DATA_TERMS: Mapping[str, Term] = {
    "window": Term(N_("Window"), N_("Values that the network reads before it forecasts.")),
    "horizon": Term(N_("Horizon"), N_("Values that it forecasts.")),
    "scaling": Term(
        N_("Scaling"),
        N_("Computed on the training set only. Forecasts are shown in original units."),
        say(SCALING_NAMES),
    ),
    "validation_share": Term(
        N_("Validation share"),
        N_("Not used for training; used to judge the run while it trains."),
    ),
    "test_share": Term(
        N_("Test share"),
        N_("Not used for training or early stopping. Choose no settings by it."),
    ),
    "targets": Term(N_("Forecast"), N_("The columns to forecast; the network reads their past.")),
    "features": Term(
        N_("Extra inputs"),
        N_("Columns that are read but not forecast. They rule out free-running forecasts."),
    ),
    "missing": Term(
        N_("Missing values"),
        N_("A line uses later values, which a real forecast would not know."),
        say(MISSING_NAMES),
    ),
    "preparation": Term(
        N_("Preparing"),
        N_("Steps between reading and windows. What they fit they fit on the training set."),
        steps_in_words,
    ),
    "seed": Term(N_("Data seed"), N_("Same seed, same random numbers.")),
}
"""Field of the data, or of how it is cut -> its words."""


def label(name: str) -> str:
    """What a setting is called, in the reader's language."""
    return _(TERMS[name].label)
