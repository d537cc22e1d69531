"""What takes minutes says so before it starts, with the size that takes one, and how far it is."""

from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from importlib.util import find_spec
from math import sqrt
from typing import Any

from lstm_viz.errors import warn
from lstm_viz.words import N_

MINUTE = 60.0
LONG = 2 * MINUTE
"""Seconds from which on a measurement says how long it takes."""


def progress_bar(wanted: bool, total: int, unit: str) -> AbstractContextManager[Any]:
    """A bar of tqdm; None where it is not wanted, or not installed."""
    if not wanted or find_spec("tqdm") is None:
        return nullcontext()
    bar: AbstractContextManager[Any] = import_module("tqdm").tqdm(total=total, unit=unit)
    return bar


def advance(bar: Any, count: int = 1) -> None:
    """So much further, where there is a bar."""
    if bar is not None:
        bar.update(count)


def say_exponents(steps: int, states: int) -> bool:
    """Of a QR decomposition of (S, S) at every step, on one core."""
    each = states**2 * (3e-8 + states * 1.5e-10)
    if steps * each > LONG:
        warn(
            N_("The exponents of {states:,} states over {steps:,} steps take about "
               "{minutes:,.0f} minutes. {most:,} steps take one."),
            states=states, steps=steps, minutes=steps * each / MINUTE, most=_most(each),
        )  # fmt: skip
    return steps * each > LONG


def say_map(steps: int, states: int) -> bool:
    """Of the product of all later gradients with its Jacobian at every step."""
    each = states**2 * 2e-8 + steps * states * (4e-9 + states * 1e-10)
    if steps * each > LONG:
        warn(
            N_("The gradient map of {steps:,} steps of {states:,} states takes about "
               "{minutes:,.0f} minutes. {most:,} steps take one."),
            steps=steps, states=states, minutes=steps * each / MINUTE,
            most=max(1, int(sqrt(MINUTE / (states * (4e-9 + states * 1e-10))))),
        )  # fmt: skip
    return steps * each > LONG


def say_points(starts: int, states: int, iterations: int) -> bool:
    """Of a system of S equations that every start solves again and again."""
    each = iterations * states**3 * 4e-10
    if starts * each > LONG:
        warn(
            N_("Fixed points of {states:,} states from {starts:,} starts take up to "
               "{minutes:,.0f} minutes. 'starts={most}' takes one."),
            states=states, starts=starts, minutes=starts * each / MINUTE, most=_most(each),
        )  # fmt: skip
    return starts * each > LONG


def say_integral(points: int, steps: int, weights: int) -> bool:
    """Of a pass forward and back at every point, over so many steps of all samples together."""
    each = steps * weights * 2e-9
    if points * each > LONG:
        warn(
            N_("Integrated gradients at {points:,} points take about {minutes:,.0f} minutes. "
               "'steps={most}' takes one."),
            points=points, minutes=points * each / MINUTE, most=_most(each),
        )  # fmt: skip
    return points * each > LONG


def _most(each: float) -> int:
    return max(1, int(MINUTE / each))
