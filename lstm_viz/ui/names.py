"""What the settings' values are called."""

from collections.abc import Callable, Mapping, Sequence

from lstm_viz.data.preparing.step import Step
from lstm_viz.models.cells import cell_of
from lstm_viz.words import N_, _, ngettext

OPTIMIZER_NAMES = {
    "adam": "Adam",
    "adamw": "AdamW",
    "rmsprop": "RMSprop",
    "momentum": N_("SGD with momentum 0.9"),
    "sgd": "SGD",
}
LOSS_NAMES = {
    "auto": N_("Automatic"),
    "mse": N_("Mean squared error"),
    "mae": N_("Mean absolute error"),
    "huber": "Huber",
    "bce": N_("Binary cross-entropy"),
    "cross_entropy": N_("Cross-entropy"),
}
READOUT_NAMES = {
    "last": N_("Last time step"),
    "mean": N_("Mean over the time steps"),
    "attention": N_("Attention"),
}
INITIALISATION_NAMES = {
    "default": N_("PyTorch's own (uniform)"),
    "orthogonal": N_("Orthogonal"),
    "identity": N_("Identity"),
}
SCHEDULE_NAMES = {
    "constant": N_("Constant"),
    "step": N_("Stepwise"),
    "cosine": N_("Cosine to 0"),
    "plateau": N_("Reduce on plateau"),
}
SCALING_NAMES = {
    "standard": N_("Standard (mean 0, deviation 1)"),
    "minmax": N_("From 0 to 1"),
    "robust": N_("Robust (median 0, quartiles 1 apart)"),
    "none": N_("None"),
}
MISSING_NAMES = {
    "interpolate": N_("fill: a line between neighbours"),
    "previous": N_("fill: the last known value"),
    "mean": N_("fill: the mean"),
    "drop": N_("leave these rows out"),
}
DEVICE_NAMES = {
    "auto": N_("Automatic"),
    "cuda": N_("GPU (CUDA)"),
    "mps": N_("GPU (Metal)"),
    "cpu": "CPU",
}


def steps_in_words(steps: Sequence[Step]) -> str:
    """The steps of a preparation, in the reader's language, with their values.

    >>> from lstm_viz.data.preparing.difference import Difference
    >>> steps_in_words([Difference("log", 12)]), steps_in_words([])
    ('Differences (log, 12)', 'nothing')
    """
    said = []
    for step in steps:
        values = [value or "…" for value in step.write().split(",")[1:]]
        said.append(_(step.label) + (f" ({', '.join(values)})" if values else ""))
    return ", ".join(said) or _("nothing")


def say(names: Mapping[str, str]) -> Callable[[str], str]:
    """How a widget shows these values, in the reader's language."""
    return lambda name: _(names[name])


def cell_name(kind: str) -> str:
    """What a cell is called, in the reader's language."""
    return _(cell_of(kind).label)


def units_in_words(count: int) -> str:
    """How many units, in a name.

    >>> units_in_words(1), units_in_words(16)
    ('1 unit', '16 units')
    """
    return ngettext("{count} unit", "{count} units", count).format(count=count)
