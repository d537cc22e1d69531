"""What training came to: whether it was memorised, and on how many seeds it holds."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lstm_viz.measures.comparison import Sample, margin
from lstm_viz.measures.spelling import percent
from lstm_viz.numerals import numeral
from lstm_viz.words import N_, _

TWICE = 2.0
"""How much smaller the error on rows that were trained on is, and how far two sets are alike."""
NAMES: Mapping[str, str] = {
    "naive": N_("naive forecast (last value)"),
    "seasonal": N_("seasonal naive forecast"),
}


@dataclass(frozen=True)
class Errors:
    """Absolute errors on one set, in the data's unit: a network's, and those of simple forecasts.

    Those are the naive forecast, and a constant, the median of the training set.
    """

    network: Sample
    naive: Sample
    constant: Sample


def memorised(training: Errors, validation: Errors) -> bool:
    """Whether a network fitted the rows it was trained on, and misses new ones of the same kind.

    Its error on the training set is below half of that of either simple forecast there; its error
    on the validation set is more than twice as large, by more than chance; and the sets are alike:
    neither simple forecast is twice as good on one as on the other. Where they are not, as after
    a change of level or pace, errors tell nothing of memorising.
    """
    simple = (
        (training.naive.mean, validation.naive.mean),
        (training.constant.mean, validation.constant.mean),
    )
    if not all(0 < new < TWICE * old and old < TWICE * new for old, new in simple):
        return False
    seen, new = (
        each.network.minus(each.network.like(np.zeros(len(each.network.values))))
        for each in (training, validation)
    )
    if not (math.isfinite(seen.error) and math.isfinite(new.error)):
        return False
    if TWICE * seen.mean >= min(old for old, _new in simple):
        return False
    error = math.hypot(seen.error, new.error)
    apart = margin(min(seen.freedom, new.freedom)) * error
    return new.mean > TWICE * seen.mean and new.mean - seen.mean > apart


def said_memorised(training: Errors, validation: Errors) -> str:
    """That a network memorised; nothing where it did not."""
    if not memorised(training, validation):
        return ""
    return _(
        "Memorised: MAE {seen} times the naive one's on the training set, {new} times on the "
        "validation set."
    ).format(
        seen=numeral(training.network.mean / training.naive.mean, 2),
        new=numeral(validation.network.mean / validation.naive.mean, 2),
    )


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
    return _("It beats the {rule} by {gain} on {count} of {all} seeds.").format(
        rule=_(NAMES[name]), gain=percent(gain), count=better, all=len(seeds)
    )
