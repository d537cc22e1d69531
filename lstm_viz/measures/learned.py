"""What training came to: whether it was memorised, and on how many seeds it holds."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from lstm_viz.measures.comparison import Sample, margin
from lstm_viz.words import N_, _

TWICE = 2.0
"""How much worse the validation set must be forecast, relative to the naive forecast."""
NAMES: Mapping[str, str] = {
    "naive": N_("naive forecast (last value)"),
    "seasonal": N_("seasonal naive forecast"),
}


def memorised(training: Sample, validation: Sample) -> bool:
    """Whether the errors on new rows are at least twice those on rows that were trained on.

    Both are absolute errors in those of the naive forecast on their own set, so that a set which
    is harder for anyone is no sign of it; and they differ by more than chance.
    """
    zero = Sample(np.zeros(len(training.values)), in_order=True)
    other = Sample(np.zeros(len(validation.values)), in_order=True)
    seen, new = training.minus(zero), validation.minus(other)
    if not (math.isfinite(seen.error) and math.isfinite(new.error)) or seen.mean >= 1:
        return False
    error = math.hypot(seen.error, new.error)
    apart = margin(min(seen.freedom, new.freedom)) * error
    return new.mean > TWICE * seen.mean and new.mean - seen.mean > apart


def said_memorised(training: Sample, validation: Sample) -> str:
    """That a network memorised; nothing where it did not. Errors as in `memorised`."""
    if not memorised(training, validation):
        return ""
    return _(
        "It memorised: its MAE is {seen:.2g} times that of the naive forecast on the training set, "
        "and {new:.2g} times on the validation set."
    ).format(seen=training.mean, new=validation.mean)


def said_beaten(seeds: Sequence[Sample], rule: Sample, name: str) -> str:
    """On how many seeds the errors lie below those of a simple `rule` called `name` in `NAMES`.

    Nothing of a single seed, or where the rule is exact or no number.
    """
    if len(seeds) < 2 or not rule.mean > 0 or not math.isfinite(rule.mean):
        return ""
    better = sum(each.better_than(rule) for each in seeds)
    if not better:
        return _("It beats the {rule} measurably on none of {all} seeds.").format(
            rule=_(NAMES[name]), all=len(seeds)
        )
    gain = 1 - float(np.median([each.mean for each in seeds if each.better_than(rule)])) / rule.mean
    return _("It beats the {rule} by {gain:.0%} on {count} of {all} seeds.").format(
        rule=_(NAMES[name]), gain=gain, count=better, all=len(seeds)
    )
