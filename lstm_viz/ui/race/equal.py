"""What several runs share and what they differ in, by their own settings."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from lstm_viz.data.dataset import Dataset
from lstm_viz.experiments.settings import differing
from lstm_viz.runs.run import Run
from lstm_viz.ui.say import plain
from lstm_viz.ui.terms import label
from lstm_viz.words import _, listed

BUDGET = ("seed", "epochs", "batch_size")
"""What a fair comparison holds equal, besides the data and the probe."""


def same_data(one: Dataset, other: Dataset) -> bool:
    """Whether two datasets ask the same: the same examples, cut the same way."""
    if one is other:
        return True
    facts = (
        "name",
        "window",
        "horizon",
        "split",
        "test_split",
        "scaler",
        "target_names",
        "differences",
    )
    if any(getattr(one, each) != getattr(other, each) for each in facts):
        return False
    missing = one.values.dtype.kind == "f"
    if not np.array_equal(one.values, other.values, equal_nan=missing):
        return False
    return _same(one.levels, other.levels) and _same(one.answers, other.answers)


def _same(one: Any, other: Any) -> bool:
    return one is other if one is None or other is None else bool(np.array_equal(one, other))


def said_equal(runs: Sequence[Run], seeds: int = 1) -> str:
    """What was held equal, and what was not: one or two sentences, from the runs themselves.

    Each run has so many seeds, counted from its own.
    """
    first, different = runs[0], differing([run.settings for run in runs])
    shared, apart = [], []
    if all(same_data(first.dataset, run.dataset) for run in runs):
        shared.append(_("Data ({name})").format(name=plain(_(first.dataset.name))))
    else:
        apart.append(_("Data"))
    for setting in BUDGET:
        if setting not in different:
            value = first.settings.flat()[setting]
            if setting == "seed" and seeds > 1:
                words = _("Seeds ({first} to {last})")
                shared.append(words.format(first=value, last=value + seeds - 1))
            else:
                shared.append(_("{what} ({value})").format(what=label(setting), value=value))
    probes = [run.probe.inputs for run in runs if run.probe is not None]
    if probes and all(np.array_equal(probes[0], each) for each in probes):
        shared.append(_("Probe examples ({count})").format(count=len(probes[0])))
    apart += [label(setting) for setting in different]
    sentences = (
        [_("Held equal: {these}.").format(these=listed(shared))] if shared and len(runs) > 1 else []
    )
    if len(runs) > 1 and apart:
        sentences.append(_("Different: {these}.").format(these=listed(apart)))
    unfair = bool({*BUDGET, "loss"} & {*different}) or _("Data") in apart
    if unfair:
        sentences.append(_("So compare with care."))
    return " ".join(sentences)
