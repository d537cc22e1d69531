"""What takes minutes says so before it starts, with the size that takes one."""

from lstm_viz.errors import warn
from lstm_viz.words import N_

MINUTE = 60.0
LONG = 2 * MINUTE
"""Seconds from which on a measurement says how long it takes."""


def say_exponents(steps: int, states: int) -> None:
    """Of a QR decomposition of (S, S) at every step, on one core."""
    each = states**2 * (1e-7 + states * 1e-9)
    if steps * each > LONG:
        warn(
            N_("The exponents of {states:,} states over {steps:,} steps take about "
               "{minutes:,.0f} minutes. {most:,} steps take one."),
            states=states, steps=steps, minutes=steps * each / MINUTE, most=_most(each),
        )  # fmt: skip


def say_points(starts: int, states: int, iterations: int) -> None:
    """Of a system of S equations that every start solves again and again."""
    each = iterations * states**3 * 4e-10
    if starts * each > LONG:
        warn(
            N_("Fixed points of {states:,} states from {starts:,} starts take up to "
               "{minutes:,.0f} minutes. 'starts={most}' takes one."),
            states=states, starts=starts, minutes=starts * each / MINUTE, most=_most(each),
        )  # fmt: skip


def say_integral(points: int, steps: int, weights: int) -> None:
    """Of a pass forward and back at every point, over so many steps of all samples together."""
    each = steps * weights * 2e-9
    if points * each > LONG:
        warn(
            N_("Integrated gradients at {points:,} points take about {minutes:,.0f} minutes. "
               "'steps={most}' takes one."),
            points=points, minutes=points * each / MINUTE, most=_most(each),
        )  # fmt: skip


def _most(each: float) -> int:
    return max(1, int(MINUTE / each))
