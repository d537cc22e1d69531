"""Waves: functions of the cycles passed, and noise."""

from collections.abc import Mapping

import numpy as np

from lstm_viz.data.generators.generator import Generator, Parameters, noisy, turns, wave_of
from lstm_viz.data.parameters import Parameter
from lstm_viz.data.series import Rows
from lstm_viz.words import N_


def _sine(parameters: Parameters, rng: np.random.Generator) -> Rows:
    return noisy(np.sin(2 * np.pi * turns(parameters)), parameters, rng)


def _cosine(parameters: Parameters, rng: np.random.Generator) -> Rows:
    return noisy(np.cos(2 * np.pi * turns(parameters)), parameters, rng)


def _multi_sine(parameters: Parameters, rng: np.random.Generator) -> Rows:
    """Σ_k a_k sin 2πu c_k/c_1 with a_1 = 1, u the cycles passed and c_1 all of them."""
    cycles = parameters["cycles"]
    others = [(parameters[f"cycles_{k}"] / cycles, parameters[f"amplitude_{k}"]) for k in (2, 3)]
    passed = turns(parameters, fastest=max([1.0, *(speed for speed, size in others if size)]))
    waves = [size * np.sin(2 * np.pi * passed * speed) for speed, size in others]
    return noisy(np.sin(2 * np.pi * passed) + sum(waves), parameters, rng)


def _damped_sine(parameters: Parameters, rng: np.random.Generator) -> Rows:
    passed = turns(parameters)
    envelope = np.exp(-passed / parameters["decay"])
    return noisy(envelope * np.sin(2 * np.pi * passed), parameters, rng)


def _chirp(parameters: Parameters, rng: np.random.Generator) -> Rows:
    """The wave sin 2π∫f, f linear in time from f_0 to `sweep` f_0, `cycles` cycles in all."""
    sweep = parameters["sweep"]
    evenly = turns(parameters, fastest=2 * max(1.0, sweep) / (1 + sweep))
    u = evenly / parameters["cycles"]
    passed = parameters["cycles"] * (2 * u + (sweep - 1) * u**2) / (1 + sweep)
    return noisy(np.sin(2 * np.pi * passed), parameters, rng)


def _square(parameters: Parameters, rng: np.random.Generator) -> Rows:
    high = turns(parameters) % 1 < parameters["duty"]
    return noisy(np.where(high, 1.0, -1.0), parameters, rng)


def _sawtooth(parameters: Parameters, rng: np.random.Generator) -> Rows:
    return noisy(2 * (turns(parameters) % 1) - 1, parameters, rng)


def _triangle(parameters: Parameters, rng: np.random.Generator) -> Rows:
    """0 at each whole turn, 1 and -1 a quarter after and before it, straight between."""
    return noisy(triangle(turns(parameters)), parameters, rng)


def triangle(turned: Rows) -> Rows:
    """The triangle wave of a number of turns, from 0 to 1 to -1 to 0 in each, as the sine goes."""
    return np.asarray(1 - 4 * np.abs((turned + 0.25) % 1 - 0.5))


def _sinc(parameters: Parameters, rng: np.random.Generator) -> Rows:
    """sin(x) / x, x from -π to π times `cycles`: 1 in the middle."""
    centred = turns(parameters) - parameters["cycles"] / 2
    return noisy(np.sinc(2 * centred), parameters, rng)  # numpy's is sin(πx) / πx


def _second(cycles: float, amplitude: float, which: int) -> dict[str, Parameter]:
    """The parameters of a further sine."""
    help_cycles = N_("Full turns from first point to last.")
    help_amplitude = N_("Height, the first having 1. 0: none.")
    labels = {
        2: (N_("Cycles, second sine"), N_("Amplitude, second sine")),
        3: (N_("Cycles, third sine"), N_("Amplitude, third sine")),
    }
    label_cycles, label_amplitude = labels[which]
    return {
        f"cycles_{which}": Parameter(label_cycles, cycles, 0.5, 500.0, 0.5, help_cycles),
        f"amplitude_{which}": Parameter(label_amplitude, amplitude, 0.0, 3.0, 0.05, help_amplitude),
    }


WAVES: Mapping[str, Generator] = {
    "sine": Generator(N_("Sine"), N_("One sine wave."), wave_of(), _sine),
    "noisy_cosine": Generator(
        N_("Noisy cosine"),
        N_("A cosine with noise, which cannot be forecast."),
        wave_of(points=120, cycles=2.0, noise=0.3),
        _cosine,
    ),
    "multi_sine": Generator(
        N_("Sum of sines"),
        N_("Two or three sines of different frequencies."),
        wave_of() | _second(27.0, 0.5, 2) | _second(64.0, 0.0, 3),
        _multi_sine,
    ),
    "damped_sine": Generator(
        N_("Damped sine"),
        N_("A sine that fades."),
        wave_of()
        | {
            "decay": Parameter(
                N_("Decay"), 5.0, 0.5, 100.0, 0.5, N_("Cycles until the wave has shrunk to 1/e.")
            )
        },
        _damped_sine,
    ),
    "chirp": Generator(
        N_("Chirp"),
        N_("A sine of changing frequency."),
        wave_of()
        | {
            "sweep": Parameter(
                N_("Sweep"),
                4.0,
                0.1,
                10.0,
                0.1,
                N_("Frequency at the end over that at the start."),
            )
        },
        _chirp,
    ),
    "square": Generator(
        N_("Square wave"),
        N_("Constant stretches with jumps. A window within a stretch does not show the next."),
        wave_of()
        | {
            "duty": Parameter(
                N_("Duty cycle"), 0.5, 0.05, 0.95, 0.05, N_("Share of each cycle that is high.")
            )
        },
        _square,
    ),
    "sawtooth": Generator(
        N_("Sawtooth"),
        N_("A steady climb, a sudden fall."),
        wave_of(),
        _sawtooth,
    ),
    "triangle": Generator(
        N_("Triangle wave"),
        N_("Straight up and down."),
        wave_of(),
        _triangle,
    ),
    "sinc": Generator(
        N_("Sinc"),
        N_("It grows to its middle and fades: the second half mirrors the first."),
        wave_of(),
        _sinc,
    ),
}
