"""What takes minutes says so before it starts, with the size that takes one, and how far it is.

Each `say_` gives whether it was said.
"""

from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from importlib.util import find_spec
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
    return _say(
        N_("The exponents of {states:,} states over {steps:,} steps take about "
           "{minutes:,.0f} minutes. {most:,} steps take one."),
        steps * each, steps, states=states, steps=steps,
    )  # fmt: skip


def say_map(steps: int, states: int) -> bool:
    """Of the product of all later gradients with its Jacobian at every step."""
    return _say(
        N_("The gradient map of {steps:,} steps of {states:,} states takes about "
           "{minutes:,.0f} minutes. {most:,} steps take one."),
        seconds_of_map(steps, states), steps, power=2, states=states, steps=steps,
    )  # fmt: skip


def seconds_of_map(steps: int, states: int) -> float:
    """About so long the Jacobians of a gradient map take, and its products."""
    return steps * states**2 * 2e-8 + steps**2 * states * (4e-9 + states * 1e-10)


def say_points(starts: int, states: int, iterations: int) -> bool:
    """Of a system of S equations that every start solves again and again."""
    each = iterations * states**3 * 4e-10
    return _say(
        N_("Fixed points of {states:,} states from {starts:,} starts take up to "
           "{minutes:,.0f} minutes. 'starts={most}' takes one."),
        starts * each, starts, states=states, starts=starts,
    )  # fmt: skip


def say_integral(points: int, steps: int, weights: int) -> bool:
    """Of a pass forward and back at every point, over so many steps of all samples together."""
    each = steps * weights * 2e-9
    return _say(
        N_("Integrated gradients at {points:,} points take about {minutes:,.0f} minutes. "
           "'steps={most}' takes one."),
        points * each, points, points=points,
    )  # fmt: skip


def _say(words: str, seconds: float, count: int, *, power: int = 1, **sizes: int) -> bool:
    """Whether it takes so long that it was said; a `count` costs as much as its `power`."""
    if seconds > LONG:
        most = max(1, int(count * (MINUTE / seconds) ** (1 / power)))
        warn(words, minutes=seconds / MINUTE, most=most, **sizes)
    return seconds > LONG
