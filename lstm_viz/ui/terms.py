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
    "cell": Term(N_("Cell"), N_("The cell of every layer."), cell_name),
    **{
        name: Term(option.label, option.help)
        for spec in CELLS.values()
        for name, option in spec.options.items()
    },
    "layers": Term(
        N_("Layers"),
        N_("Each reads the hidden state of the one below."),
    ),
    "hidden_size": Term(
        N_("Hidden units"),
        N_("Size of h, in each layer."),
    ),
    "bidirectional": Term(
        N_("Bidirectional"),
        N_("Each layer has a twin that reads backward. The network cannot run free."),
    ),
    "dropout": Term(
        N_("Dropout"),
        N_("Share of values dropped between layers and before the read-out, in training."),
    ),
    "readout": Term(
        N_("Read-out"),
        N_("Which hidden states the answer is read from."),
        say(READOUT_NAMES),
    ),
    "conv_channels": Term(
        N_("Convolution channels"),
        N_("Channels of a 1-D convolution in front. 0: none."),
    ),
    "conv_kernel": Term(N_("Convolution length"), N_("Steps it sees at once.")),
    "initialisation": Term(
        N_("Initial W_hh"),
        N_("Orthogonal and identity keep lengths at first."),
        say(INITIALISATION_NAMES),
    ),
    "spectral_radius": Term(
        N_("Spectral radius of W_hh"),
        N_("Largest |eigenvalue| at first. 0: as is."),
    ),
    "loss": Term(
        N_("Loss"),
        N_("What training makes small."),
        say(LOSS_NAMES),
    ),
    "optimizer": Term(
        N_("Optimiser"),
        N_("How the gradient becomes a step."),
        say(OPTIMIZER_NAMES),
    ),
    "learning_rate": Term(
        N_("Learning rate"),
        N_("Too large, and the loss jumps or becomes infinite."),
    ),
    "schedule": Term(
        N_("Learning-rate schedule"),
        N_("How the rate changes over the epochs."),
        say(SCHEDULE_NAMES),
    ),
    "schedule_every": Term(
        N_("Schedule: epochs a step"), N_("Epochs between steps, or without progress.")
    ),
    "schedule_factor": Term(N_("Schedule: factor"), N_("The rate is multiplied by it.")),
    "clip_norm": Term(
        N_("Clip norm"),
        N_("A longer parameter gradient is shortened to this. 0: off."),
    ),
    "clip_value": Term(
        N_("Clip value"),
        N_("Limit of each element of the gradient. 0: off."),
    ),
    "l1": Term("L1", N_("Weight of Σ|θ| in the loss: draws weights to 0.")),
    "l2": Term("L2", N_("Weight decay: keeps the weights small.")),
    "truncate": Term(
        N_("Truncated BPTT"),
        N_("Steps that the gradient goes back. 0: all."),
    ),
    "epochs": Term(N_("Epochs"), N_("Passes over the training data.")),
    "batch_size": Term(N_("Batch size"), N_("Examples in one update.")),
    "patience": Term(
        N_("Early stopping after"),
        N_("Epochs without a better validation loss; the best weights return. 0: off."),
    ),
    "seed": Term(N_("Seed"), N_("Same seed, machine and device: same numbers.")),
    "device": Term(
        N_("Device"),
        N_("Automatic: a GPU where there is one, but for small cells run step by step."),
        lambda name: _(DEVICE_NAMES.get(name, name)),
    ),
}
"""Setting of a run -> its words."""
DATA_TERMS: Mapping[str, Term] = {
    "window": Term(N_("Window"), N_("Values read before the forecast.")),
    "horizon": Term(N_("Horizon"), N_("Values forecast.")),
    "scaling": Term(
        N_("Scaling"),
        N_("Computed on the training set. Forecasts are in original units."),
        say(SCALING_NAMES),
    ),
    "validation_share": Term(
        N_("Validation share"),
        N_("Judges the run while it trains."),
    ),
    "test_share": Term(
        N_("Test share"),
        N_("Not used in training. Choose no settings by it."),
    ),
    "targets": Term(N_("Forecast"), N_("Columns to forecast; their past is read, too.")),
    "features": Term(
        N_("Extra inputs"),
        N_("Read but not forecast. They rule out free running."),
    ),
    "missing": Term(
        N_("Missing values"),
        N_("A line uses later values, unknown to real forecasts."),
        say(MISSING_NAMES),
    ),
    "preparation": Term(
        N_("Preparing"),
        N_("Steps are fitted on the training set."),
        steps_in_words,
    ),
    "seed": Term(N_("Data seed"), N_("Same seed, same data.")),
}
"""Field of the data, or of how it is cut -> its words."""


def label(name: str) -> str:
    """What a setting is called, in the reader's language."""
    return _(TERMS[name].label)
