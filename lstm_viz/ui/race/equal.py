"""What several runs share and what they differ in, by their own settings."""

from collections.abc import Sequence

import numpy as np

from lstm_viz.data.dataset import Dataset
from lstm_viz.experiments.settings import differing
from lstm_viz.runs.registry import Run
from lstm_viz.words import N_, _

SETTINGS = {
    "cell": N_("the cell"),
    "input_gate": N_("the input gate"),
    "forget_gate": N_("the forget gate"),
    "output_gate": N_("the output gate"),
    "peepholes": N_("the peepholes"),
    "coupled": N_("the coupling of the gates"),
    "input_activation": N_("the tanh of the candidate"),
    "output_activation": N_("the tanh of the cell state"),
    "layer_norm": N_("the layer normalisation"),
    "zoneout": N_("the zoneout"),
    "layers": N_("the layers"),
    "hidden_size": N_("the hidden units"),
    "bidirectional": N_("the directions"),
    "dropout": N_("the dropout"),
    "readout": N_("the read-out"),
    "conv_channels": N_("the convolution's channels"),
    "conv_kernel": N_("the convolution's length"),
    "initialisation": N_("the initial W_hh"),
    "spectral_radius": N_("the spectral radius of W_hh"),
    "forget_bias": N_("the forget-gate bias"),
    "chrono": N_("the chrono initialisation"),
    "loss": N_("the loss"),
    "optimizer": N_("the optimiser"),
    "learning_rate": N_("the learning rate"),
    "schedule": N_("the learning-rate schedule"),
    "schedule_every": N_("the schedule's steps"),
    "schedule_factor": N_("the schedule's factor"),
    "clip_norm": N_("the clip norm"),
    "clip_value": N_("the clip value"),
    "l1": "L1",
    "l2": "L2",
    "epochs": N_("the epochs"),
    "batch_size": N_("the batch size"),
    "patience": N_("the patience of early stopping"),
    "truncate": N_("the length of truncated BPTT"),
    "seed": N_("the seed"),
    "device": N_("the device"),
}
"""Setting -> what a sentence calls it."""
BUDGET = ("seed", "epochs", "batch_size")
"""What a fair comparison holds equal, besides the data and the probe."""


def same_data(one: Dataset, other: Dataset) -> bool:
    """Whether two datasets ask the same: the same examples, cut the same way."""
    if one is other:
        return True
    plain = ("name", "window", "horizon", "split", "test_split", "scaler", "target_names")
    if any(getattr(one, each) != getattr(other, each) for each in plain):
        return False
    missing = one.values.dtype.kind == "f"
    if not np.array_equal(one.values, other.values, equal_nan=missing):
        return False
    if one.answers is None or other.answers is None:
        return one.answers is other.answers
    return np.array_equal(one.answers, other.answers)


def said_equal(runs: Sequence[Run]) -> str:
    """What was held equal, and what was not: one or two sentences, from the runs themselves."""
    first, different = runs[0], differing([run.settings for run in runs])
    shared, apart = [], []
    if all(same_data(first.dataset, run.dataset) for run in runs):
        shared.append(_("the data ({name})").format(name=_(first.dataset.name)))
    else:
        apart.append(_("the data"))
    for setting in BUDGET:
        if setting not in different:
            value = first.settings.flat()[setting]
            shared.append(_("{what} ({value})").format(what=_(SETTINGS[setting]), value=value))
    probes = [run.probe.inputs for run in runs if run.probe is not None]
    if probes and all(np.array_equal(probes[0], each) for each in probes):
        words = _("the {count} probe examples that the gradients are measured on")
        shared.append(words.format(count=len(probes[0])))
    apart += [_(SETTINGS[setting]) for setting in different]
    sentences = [_("Held equal: {these}.").format(these=listed(shared))] if shared else []
    if len(runs) > 1 and apart:
        sentences.append(_("Different: {these}.").format(these=listed(apart)))
    unfair = bool({*BUDGET, "loss"} & {*different}) or _("the data") in apart
    if unfair:
        sentences.append(_("So compare with care."))
    return " ".join(sentences)


def listed(words: Sequence[str]) -> str:
    """Words as a sentence lists them.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    if len(words) < 2:
        return "".join(words)
    return _("{most} and {last}").format(most=", ".join(words[:-1]), last=words[-1])
