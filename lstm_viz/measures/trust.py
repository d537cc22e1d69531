"""Whether the instruments agree with PyTorch on a network: what `verify` found, in words."""

import math
from collections.abc import Mapping
from typing import Any

from lstm_viz.measures.spelling import share
from lstm_viz.numerals import numeral
from lstm_viz.words import N_, _

CHECKS = {
    "replay": N_("Replay against the layer's own output"),
    "backward": N_("Backward recursion against finite differences"),
    "jacobian": N_("Product of the Jacobians against autograd"),
}
"""What is compared -> its name."""
REASONS = {
    "replay": N_("the replayed steps differ from the layer's own output"),
    "backward": N_("the backward recursion differs from finite differences"),
    "jacobian": N_("the product of the Jacobians differs from autograd"),
}


def broken_checks(found: Mapping[str, Any]) -> list[str]:
    """The checks that do not hold; one of values that are not finite compares nothing.

    >>> limits = {"replay": 1e-5, "jacobian": 1e-7}
    >>> found = {"residuals": {"replay": 1.0, "jacobian": math.nan}, "tolerances": limits}
    >>> broken_checks(found | {"reason": ""})
    ['replay']
    """
    return [
        name
        for name, residual in found["residuals"].items()
        if residual > found["tolerances"][name] and (found["reason"] or math.isfinite(residual))
    ]


def is_verified(found: Mapping[str, Any]) -> bool:
    """Whether all checks hold."""
    residuals, tolerances = found["residuals"], found["tolerances"]
    return all(residuals[name] <= tolerances[name] for name in residuals)


def said_verified(found: Mapping[str, Any]) -> str:
    """Whether what is shown of a network is so, and if not why."""
    broken = broken_checks(found)
    if broken:
        return _("Do not trust what is shown: {reasons}.").format(
            reasons="; ".join(_(REASONS[name]) for name in broken)
        )
    if is_verified(found):
        return _("Checked: what is shown agrees with PyTorch's own operations.")
    return _("Not to be checked: this network's values are not finite.")


def residual_rows(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each check with its residual and what it may be, and the share that was checked."""
    broken = broken_checks(found)
    words = _("{residual} (at most {most})")
    rows = [
        {
            "name": _(CHECKS[name]),
            "value": words.format(
                residual=numeral(residual, 2),
                most=share(found["tolerances"][name]),
            ),
            "broken": name in broken,
        }
        for name, residual in found["residuals"].items()
    ]
    checked = {
        "name": _("Gradient coordinates (t, unit) checked"),
        "value": f"{numeral(100 * found['share_checked'], 2)}%",
        "broken": False,
    }
    return [*rows, checked]
