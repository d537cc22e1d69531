"""What a generator of series is, and the parameters and steps that several of them share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from lstm_viz.data.parameters import Parameter
from lstm_viz.data.series import Rows
from lstm_viz.errors import ConfigError
from lstm_viz.words import N_

Parameters = Mapping[str, float]
MIN_POINTS_PER_CYCLE = 4
"""Fewer points than this draw another curve than the one that is named."""


@dataclass(frozen=True)
class Generator:
    """What makes a series; `label` and `help` are marked for translation."""

    label: str
    help: str
    parameters: Mapping[str, Parameter]
    make: Callable[[Parameters, np.random.Generator], Rows]
    """(N,) or (N, D) values, in raw units."""
    columns: tuple[str, ...] = (N_("value"),)


def points_of(default: int) -> Parameter:
    """How long a series becomes."""
    return Parameter(N_("Points"), default, 50, 20_000, 10, N_("Length of the series."))


def noise_of(default: float = 0.0) -> Parameter:
    """How noisy a series becomes."""
    help_noise = N_("Standard deviation of the normal noise.")
    return Parameter(N_("Noise"), default, 0.0, 2.0, 0.05, help_noise)


def wave_of(points: int = 1000, cycles: float = 10.0, noise: float = 0.0) -> dict[str, Parameter]:
    """What every wave has: points, cycles and noise."""
    help_cycles = N_("Full turns from first point to last.")
    return {
        "points": points_of(points),
        "cycles": Parameter(N_("Cycles"), cycles, 0.5, 500.0, 0.5, help_cycles),
        "noise": noise_of(noise),
    }


def turns(parameters: Parameters, fastest: float = 1.0) -> Rows:
    """(N,) cycles passed at each point: 0 to `cycles`, both ends included.

    `fastest` is the highest frequency in terms of the mean one. Raises ConfigError when a cycle
    has too few points.
    """
    points, cycles = int(parameters["points"]), parameters["cycles"]
    per_cycle = (points - 1) / (cycles * fastest)
    if per_cycle < MIN_POINTS_PER_CYCLE:
        raise ConfigError(
            N_(
                "The fastest cycle would have only {got:.2g} points and needs {least}. "
                "Take more points or fewer cycles."
            ),
            got=per_cycle,
            least=MIN_POINTS_PER_CYCLE,
        )
    # The product first: a whole number of cycles then ends on exactly a whole number.
    return np.arange(points) * cycles / (points - 1)


def noisy(values: Rows, parameters: Parameters, rng: np.random.Generator) -> Rows:
    """(N,) values and `noise` times N(0, 1)."""
    return values + parameters["noise"] * rng.standard_normal(len(values))
