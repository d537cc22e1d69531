"""Series made on the spot: one table, one signature `(parameters, rng) -> values`.

A new generator is one function and one row of `GENERATORS`; the pages need no change.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from lstm_viz.data.parameters import Parameter, complete, find, random_source
from lstm_viz.data.series import Rows, Series
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


def generate(name: str, parameters: Parameters | None = None, seed: int = 0) -> Series:
    """The series of a generator; parameters left out take their defaults.

    Equal arguments give equal numbers. Raises ConfigError when the generator or a parameter is
    not known, or a value is out of its range.

    >>> generate("sine").values.shape
    (1000, 1)
    """
    known = N_("There is no series called '{name}'. Choose one of: {known}.")
    generator = find(GENERATORS, name, known)
    values = generator.make(complete(generator.parameters, parameters), random_source(seed))
    return Series(generator.label, values.reshape(len(values), -1), generator.columns)


def _turns(parameters: Parameters, fastest: float = 1.0) -> Rows:
    """(N,) cycles passed at each point: 0 to `cycles`, both ends included.

    `fastest` is the highest frequency in terms of the mean one.
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


def _noisy(values: Rows, parameters: Parameters, rng: np.random.Generator) -> Rows:
    return values + parameters["noise"] * rng.standard_normal(len(values))


def _sine(parameters: Parameters, rng: np.random.Generator) -> Rows:
    return _noisy(np.sin(2 * np.pi * _turns(parameters)), parameters, rng)


def _cosine(parameters: Parameters, rng: np.random.Generator) -> Rows:
    return _noisy(np.cos(2 * np.pi * _turns(parameters)), parameters, rng)


def _damped_sine(parameters: Parameters, rng: np.random.Generator) -> Rows:
    turns = _turns(parameters)
    envelope = np.exp(-turns / parameters["decay"])
    return _noisy(envelope * np.sin(2 * np.pi * turns), parameters, rng)


def _chirp(parameters: Parameters, rng: np.random.Generator) -> Rows:
    """The wave sin 2π∫f, f linear in time from f_0 to `sweep` f_0, `cycles` cycles in all."""
    sweep = parameters["sweep"]
    turns = _turns(parameters, fastest=2 * max(1.0, sweep) / (1 + sweep))
    u = turns / parameters["cycles"]
    passed = parameters["cycles"] * (2 * u + (sweep - 1) * u**2) / (1 + sweep)
    return _noisy(np.sin(2 * np.pi * passed), parameters, rng)


def _square(parameters: Parameters, rng: np.random.Generator) -> Rows:
    high = _turns(parameters) % 1 < parameters["duty"]
    return _noisy(np.where(high, 1.0, -1.0), parameters, rng)


def _sawtooth(parameters: Parameters, rng: np.random.Generator) -> Rows:
    return _noisy(2 * (_turns(parameters) % 1) - 1, parameters, rng)


def _random_walk(parameters: Parameters, rng: np.random.Generator) -> Rows:
    steps = rng.standard_normal(int(parameters["points"])) * parameters["spread"]
    return np.asarray(np.cumsum(steps + parameters["drift"]))


def _points(default: int) -> Parameter:
    return Parameter(N_("Points"), default, 50, 20_000, 10, N_("How long the series is, in steps."))


def _wave(points: int = 1000, cycles: float = 10.0, noise: float = 0.0) -> dict[str, Parameter]:
    help_cycles = N_("Full turns of 2π from the first point to the last.")
    help_noise = N_("Standard deviation of the normal noise added to every point.")
    return {
        "points": _points(points),
        "cycles": Parameter(N_("Cycles"), cycles, 0.5, 500.0, 0.5, help_cycles),
        "noise": Parameter(N_("Noise"), noise, 0.0, 2.0, 0.05, help_noise),
    }


GENERATORS: Mapping[str, Generator] = {
    "sine": Generator(
        N_("Sine"),
        N_("Ten smooth cycles: the first series of many a tutorial, and soon learned."),
        _wave(),
        _sine,
    ),
    "noisy_cosine": Generator(
        N_("Noisy cosine"),
        N_("Two cycles in few, noisy points: does the network learn the wave or the noise?"),
        _wave(points=120, cycles=2.0, noise=0.3),
        _cosine,
    ),
    "damped_sine": Generator(
        N_("Damped sine"),
        N_("A wave that dies away: the validation part is smaller than all that was trained on."),
        _wave()
        | {
            "decay": Parameter(
                N_("Decay"), 5.0, 0.5, 100.0, 0.5, N_("Cycles until the wave has shrunk to 1/e.")
            )
        },
        _damped_sine,
    ),
    "chirp": Generator(
        N_("Chirp"),
        N_("A wave that gets faster: the validation part is faster than all that was trained on."),
        _wave()
        | {
            "sweep": Parameter(
                N_("Sweep"), 4.0, 0.1, 10.0, 0.1, N_("Frequency at the end, in terms of the first.")
            )
        },
        _chirp,
    ),
    "square": Generator(
        N_("Square wave"),
        N_("Long stretches of nothing new: to foresee the jump, the network has to count."),
        _wave()
        | {
            "duty": Parameter(
                N_("Duty"), 0.5, 0.05, 0.95, 0.05, N_("Share of each cycle that is high.")
            )
        },
        _square,
    ),
    "sawtooth": Generator(
        N_("Sawtooth"),
        N_("A steady climb and a sudden fall: watch the gates at the fall."),
        _wave(),
        _sawtooth,
    ),
    "random_walk": Generator(
        N_("Random walk"),
        N_("Nothing to learn but the last value: no network does better than repeating it."),
        {
            "points": _points(1000),
            "spread": Parameter(
                N_("Spread"), 1.0, 0.1, 10.0, 0.1, N_("Standard deviation of one step.")
            ),
            "drift": Parameter(N_("Drift"), 0.0, -5.0, 5.0, 0.05, N_("Mean of one step.")),
        },
        _random_walk,
    ),
}
