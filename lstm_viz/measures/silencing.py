"""What a unit is worth: how much larger the loss is where nobody hears it."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from lstm_viz.numerals import numeral
from lstm_viz.words import _, ngettext

Array = npt.NDArray[np.float64]

LITTLE = 0.1
"""A unit that costs at most this share of what the dearest one costs counts as worth little."""
LEAST = 0.01
"""By so much of itself the loss must change before a unit is said to be worth anything."""


def said_silencing(
    whole: float, each: Array, units: Sequence[int], examples: int, size: int
) -> str:
    """Which unit costs most, and how many cost little; `each` (U,) is the loss without it."""
    if not np.isfinite(whole) or not np.isfinite(each).all():
        return _("The loss is not finite: the network has diverged.")
    cost = each - whole
    part = (
        _("Silenced: {count} of {size} units, evenly spaced.").format(count=len(units), size=size)
        if len(units) < size
        else ""
    )
    dearest = int(cost.argmax())
    if cost[dearest] <= LEAST * whole:
        words = ngettext(
            "On {count} validation example no silenced unit raises the loss by 1%.",
            "On {count} validation examples no silenced unit raises the loss by 1%.",
            examples,
        ).format(count=examples)
        return f"{part} {words}".strip()
    words = ngettext(
        "On {count} validation example unit {unit} costs most: silenced, it raises the loss from "
        "{whole} to {each}.",
        "On {count} validation examples unit {unit} costs most: silenced, it raises "
        "the loss from {whole} to {each}.",
        examples,
    ).format(
        count=examples,
        unit=units[dearest],
        whole=numeral(whole),
        each=numeral(float(each[dearest])),
    )
    little = int((cost <= LITTLE * cost[dearest]).sum())
    words = f"{part} {words}".strip()
    if not little:
        return words
    others = ngettext(
        "{count} unit costs at most a tenth of that.",
        "{count} units cost at most a tenth of that.",
        little,
    ).format(count=little)
    return f"{words} {others}"
