"""What the laboratory's maps, attributions and exponents say, in numbers and in sentences."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from lstm_viz.measures.gradient_flow import EXPLODED, VANISHED
from lstm_viz.measures.spelling import percent, share
from lstm_viz.numerals import numeral
from lstm_viz.words import _, ngettext

Array = npt.NDArray[np.float64]

FEW, STANDS_OUT = 4, 3.0
"""So many steps are named at most; each carries so many times as much as any other one."""
EDGE, FEWEST_FOR_EDGE = 0.01, 30
"""A largest exponent that is this close to 0 is one of the edge of chaos, measured over at least so
many steps: over fewer, what a trajectory does at first decides."""
APART = math.log10(2.0)
"""How far apart, in powers of ten, what an exponent would make of a change and what becomes of it
may lie unsaid."""


def map_shares(found: Array, *, reverse: bool = False) -> Array:
    """(S, T): each row of a map relative to what entered there; NaN where nothing entered, and at
    the steps that ran after s.

    >>> map_shares(np.array([[2.0, 0.0], [1.0, 4.0]])).tolist()
    [[1.0, nan], [0.25, 1.0]]
    """
    entered = np.diagonal(found)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = np.where(entered > 0, found / entered, np.nan)
    s, t = np.indices(found.shape)
    return np.where(t < s if reverse else t > s, np.nan, shares)


def map_medians(found: Array, *, reverse: bool = False) -> Array:
    """(K,): 1 to K steps back the median, over the steps s, of the share that arrives there.

    >>> map_medians(np.array([[1.0, 0.0, 0.0], [0.5, 1.0, 0.0], [0.2, 0.1, 1.0]])).tolist()
    [0.3, 0.2]
    """
    shares = map_shares(found, reverse=reverse)
    back = [np.diagonal(shares, k if reverse else -k) for k in range(1, len(found))]
    entered = [each[~np.isnan(each)] for each in back]
    return np.array([np.median(each) for each in entered if each.size])


def said_map(found: Array, *, reverse: bool = False) -> str:
    """How far back the steps of a sequence are taught."""
    if not np.isfinite(found).all():
        return _("The gradient is not a number: the network has diverged.")
    medians = map_medians(found, reverse=reverse)
    most = len(medians)
    if not most:
        return _("No gradient has an earlier step to reach.")

    def place(back: int) -> str:
        return f"s + {back}" if reverse else f"s − {back}"

    below, above = (np.flatnonzero(each) for each in (medians < VANISHED, medians > EXPLODED))
    if above.size and not (below.size and below[0] < above[0]):
        return _(
            "Median over s of ‖∂L/∂h‖: over a thousand times as large at t = {place}: it explodes."
        ).format(place=place(int(above[0]) + 1))
    if below.size:
        return _("Median over s of ‖∂L/∂h‖: under a thousandth arrives at t = {place}.").format(
            place=place(int(below[0]) + 1)
        )
    return _("Median over s of ‖∂L/∂h‖: a thousandth or more arrives back to t = {place}.").format(
        place=place(most)
    )


def by_step(attributed: Array) -> Array:
    """(T,): |attribution| of a step, over its inputs (T, D)."""
    return np.asarray(np.abs(attributed).sum(axis=1))


def leading_steps(attributed: Array) -> tuple[int, ...]:
    """The fewest steps that stand out of an attribution (T, D): each carries at least three times
    as much as any other one, all together at least half; () where none do.

    >>> leading_steps(np.array([[0.0], [3.0], [0.1], [-2.0], [0.1], [0.0]]))
    (1, 3)
    """
    each = by_step(attributed)
    order = np.argsort(-each, kind="stable")
    ranked = each[order]
    for count in range(1, min(FEW, len(each) // 3) + 1):
        stand_out = ranked[count - 1] >= STANDS_OUT * ranked[count]
        if stand_out and ranked[:count].sum() >= ranked.sum() / 2 > 0:
            return tuple(sorted(order[:count].tolist()))
    return ()


def said_inputs(attributed: Array) -> str:
    """Which steps an attribution (T, D) leads to: they are named where few stand out."""
    each = by_step(attributed)
    total = float(each.sum())
    if not math.isfinite(total):
        return _("The attribution is not a number: the network has diverged.")
    if total == 0:
        return _("No input has an effect: the attribution is 0 throughout.")
    if len(each) == 1:
        return _("The only step carries all of the attribution.")
    ranked = np.argsort(-each, kind="stable").tolist()
    most = int(np.searchsorted(np.cumsum(each[ranked]), total / 2)) + 1
    if steps := leading_steps(attributed):
        words = ngettext(
            "Step {steps} carries {part} of the attribution; each other less than a third of that.",
            "Steps {steps} carry {part} of the attribution; each other less than a third "
            "of any of these.",
            len(steps),
        )
        return words.format(**_carried(each, steps))
    if most == 1 or (most <= FEW and 2 * most < len(each)):
        words = ngettext(
            "Step {steps} carries {part} of the attribution, step {next} {less}.",
            "Steps {steps} carry {part} of the attribution, step {next} {less}.",
            most,
        )
        after, less = ranked[most], percent(each[ranked[most]] / total)
        return words.format(**_carried(each, sorted(ranked[:most])), next=after, less=less)
    words = _("No step stands out: half of the attribution spreads over {count} of {steps}.")
    return words.format(count=most, steps=len(each))


def _carried(each: Array, steps: Sequence[int]) -> dict[str, str]:
    part = each[list(steps)].sum() / each.sum()
    return {"steps": ", ".join(map(str, steps)), "part": percent(part)}


def said_over_training(epochs: Sequence[float], largest: Array, steps: int) -> str:
    """How the largest exponent, measured along so many steps, went from first epoch to last.

    >>> said_over_training([0.0, 8.0], np.array([-0.5, -0.1]), 40)[-33:]
    'A small change fades more slowly.'
    """
    first, last = (float(largest[place]) for place in (0, -1))
    if any(math.isnan(each) or each == math.inf for each in (first, last)):
        return _("The exponents are not numbers: the network has diverged.")
    words = {
        "steps": steps,
        "first": _minus(first),
        "last": _minus(last),
        "begin": f"{epochs[0]:.1f}",
        "end": f"{epochs[-1]:.1f}",
    }
    if last == -math.inf:
        return _("At epoch {end} the state carries nothing on: every change of it is lost.").format(
            **words
        )
    if first == -math.inf:
        return _(
            "At epoch {begin} the state carried nothing on; at epoch {end} the largest exponent "
            "is {last} a step."
        ).format(**words)
    went = _(
        "Largest exponent a step: {first} at epoch {begin}, {last} at epoch {end}, "
        "along {steps} steps."
    ).format(**words)
    return f"{went} {_compared(first, last)}"


def _compared(first: float, last: float) -> str:
    if abs(last - first) <= EDGE:
        return _("Hardly a change.")
    if first <= 0 < last:
        return _("A small change faded, and now grows.")
    if last <= 0 < first:
        return _("A small change grew, and now fades.")
    if last <= 0:
        if last > first:
            return _("A small change fades more slowly.")
        return _("A small change fades faster.")
    if last > first:
        return _("A small change grows faster.")
    return _("A small change grows more slowly.")


def _minus(number: float) -> str:
    return numeral(number)


def _power(log: float) -> str:
    """10 to it, spelled."""
    return share(10**log if log < 308 else math.inf)


def said_exponents(exponents: Array, steps: int, growth: float) -> str:
    """What the largest Lyapunov exponent, measured along so many steps, says of a small change of
    the state; `growth`: log10 of the largest singular value of all their Jacobians' product.

    The exponent and the growth agree in the long run alone; where they differ, that is said.
    An exponent of few steps depends on how they began: that changes fade is said where no change
    grew, that they grow where one did.
    """
    largest = float(exponents[0])
    if math.isnan(largest) or largest == math.inf or math.isnan(growth):
        return _("The exponents are not numbers: the network has diverged.")
    if largest == -math.inf:
        return _("The state carries nothing on: every change of it is lost.")
    told = {
        "largest": _minus(largest),
        "steps": steps,
        "factor": _power(growth),
    }
    alone = largest * steps / math.log(10)
    long_run = _("By the exponent alone, which holds in the long run: {alone}.")
    apart = abs(alone - growth) > APART
    added = f" {long_run.format(alone=_power(alone))}" if apart else ""
    if abs(largest) <= EDGE and steps >= FEWEST_FOR_EDGE and abs(growth) <= 1:
        return _(
            "Edge of chaos: largest exponent {largest} a step; a small change neither grows nor "
            "fades for long."
        ).format(**told)
    if largest > 0 and growth > 0:
        said = _(
            "Largest exponent {largest} a step: a small change grows up to {factor} times over "
            "{steps} steps."
        ).format(**told)
        return f"{said}{added}"
    if largest < 0 and growth < 0:
        said = _(
            "Largest exponent {largest} a step: a small change fades to {factor} or less over "
            "{steps} steps."
        ).format(**told)
        return f"{said}{added}"
    return _(
        "Largest exponent {largest} a step; a small change becomes up to {factor} times as large "
        "over {steps} steps: too few to tell."
    ).format(**told)
