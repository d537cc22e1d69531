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
    """Which unit costs most, how many cost little, and how many do harm; `each` (U,) is the loss
    without it.
    """
    if not np.isfinite(whole) or not np.isfinite(each).all():
        return _("The loss is not finite: the network has diverged.")
    cost, said = each - whole, list[str]()
    if len(units) < size:
        words = _("Silenced: {count} of {size} units, evenly spaced.")
        said.append(words.format(count=len(units), size=size))
    dearest = int(cost.argmax())
    if cost[dearest] <= LEAST * whole:
        words = ngettext(
            "On {count} validation example no silenced unit raises the loss by 1%.",
            "On {count} validation examples no silenced unit raises the loss by 1%.",
            examples,
        )
        said.append(words.format(count=examples))
    else:
        words = ngettext(
            "On {count} validation example unit {unit} costs most: silenced, it raises the loss "
            "from {whole} to {each}.",
            "On {count} validation examples unit {unit} costs most: silenced, it raises the loss "
            "from {whole} to {each}.",
            examples,
        )
        loss = numeral(float(each[dearest]))
        unit = units[dearest]
        said.append(words.format(count=examples, unit=unit, whole=numeral(whole), each=loss))
        if little := int((cost <= LITTLE * cost[dearest]).sum()):
            words = ngettext(
                "{count} unit costs at most a tenth of that.",
                "{count} units cost at most a tenth of that.",
                little,
            )
            said.append(words.format(count=little))
    if lower := int((cost < -LEAST * whole).sum()):
        words = _("Units whose silence lowers the loss by more than 1%: {count}.")
        said.append(words.format(count=lower))
    return " ".join(said)
