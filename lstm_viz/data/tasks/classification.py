"""Tasks that ask for the class of a whole sequence."""

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from lstm_viz.data.generators.waves import triangle
from lstm_viz.data.parameters import Parameter
from lstm_viz.data.tasks.task import Parameters, Sequences, Task, count_of
from lstm_viz.words import N_

Places = npt.NDArray[np.int64]

DISTRACTORS = ("a", "b", "c", "d")
FIRST = (*DISTRACTORS, "X", "Y")
ORDER = ("E", "B", *DISTRACTORS, "X", "Y")
"""A sequence begins with E and ends with B, as in the paper."""
FEWEST_CYCLES, MOST_CYCLES = 2.0, 5.0


def _distractors(
    symbols: tuple[str, ...], shape: tuple[int, int], rng: np.random.Generator
) -> Places:
    """(S, T) codes of distractors among `symbols`."""
    first = symbols.index(DISTRACTORS[0])
    return rng.integers(first, first + len(DISTRACTORS), shape)


def _temporal_order(parameters: Parameters, rng: np.random.Generator) -> Sequences:
    """X or Y at two places t_1 in [T/10, T/5] and t_2 in [T/2, 3T/5]: XX, XY, YX or YY?

    Hochreiter and Schmidhuber 1997, experiment 6a, whose T varies from 100 to 110.
    """
    count, length = int(parameters["count"]), int(parameters["length"])
    each = np.arange(count)
    values = _distractors(ORDER, (count, length), rng)
    values[:, 0], values[:, -1] = ORDER.index("E"), ORDER.index("B")
    first, second = rng.integers(0, 2, (2, count))
    early = rng.integers(length // 10, length // 5 + 1, count)
    late = rng.integers(length // 2, 3 * length // 5 + 1, count)
    values[each, early] = ORDER.index("X") + first
    values[each, late] = ORDER.index("X") + second
    answers = (2 * first + second)[:, None].astype(np.int16)
    return Sequences(values[:, :, None].astype(np.uint8), answers)


def _first_symbol(parameters: Parameters, rng: np.random.Generator) -> Sequences:
    """One X and one Y anywhere: the answer is 1 where X comes first."""
    count, length = int(parameters["count"]), int(parameters["length"])
    each = np.arange(count)
    values = _distractors(FIRST, (count, length), rng)
    x = rng.integers(0, length, count)
    y = (x + rng.integers(1, length, count)) % length  # anywhere but there
    values[each, x] = FIRST.index("X")
    values[each, y] = FIRST.index("Y")
    answers = (x < y)[:, None].astype(np.float32)
    return Sequences(values[:, :, None].astype(np.uint8), answers)


def _two_waveforms(parameters: Parameters, rng: np.random.Generator) -> Sequences:
    """A sine, or a square or triangle wave (the answer is 1), of random phase and frequency.

    All three have a mean square of 1, so that loudness does not tell them apart.
    """
    count, length = int(parameters["count"]), int(parameters["length"])
    cycles = rng.uniform(FEWEST_CYCLES, MOST_CYCLES, (count, 1))
    turned = cycles * np.arange(length) / length + rng.random((count, 1))
    sine = math.sqrt(2) * np.sin(2 * np.pi * turned)
    square = np.where(turned % 1 < 0.5, 1.0, -1.0)
    answers = rng.integers(0, 2, (count, 1))
    other = np.where(rng.random((count, 1)) < 0.5, square, math.sqrt(3) * triangle(turned))
    values = np.where(answers == 0, sine, other)
    values = values + parameters["noise"] * rng.standard_normal(values.shape)
    return Sequences(values[:, :, None].astype(np.float32), answers.astype(np.float32))


def _random_labels(parameters: Parameters, rng: np.random.Generator) -> Sequences:
    """N(0, 1) values, and a fair coin's answer that has nothing to do with them.

    Zhang, Bengio, Hardt, Recht and Vinyals 2017, section 2.
    """
    count, length = int(parameters["count"]), int(parameters["length"])
    answers = rng.integers(0, 2, (count, 1)).astype(np.float32)
    return Sequences(rng.standard_normal((count, length, 1), np.float32), answers)


def _length(parameters: Parameters) -> int:
    return int(parameters["length"])


def _length_of(default: int, low: int) -> Parameter:
    return Parameter(N_("Length"), default, low, 1000, 1, N_("Steps of a sequence."))


CLASSIFICATION_TASKS: Mapping[str, Task] = {
    "temporal_order": Task(
        N_("Temporal order"),
        N_("X or Y at two places among distractors: XX, XY, YX or YY?"),
        {"length": _length_of(40, 20), "count": count_of()},
        _length,
        _temporal_order,
        target_names=(N_("order"),),
        problem="classes",
        symbols=ORDER,
        classes=("XX", "XY", "YX", "YY"),
    ),
    "first_symbol": Task(
        N_("Which symbol came first?"),
        N_("Among distractors, did X come before Y?"),
        {"length": _length_of(40, 15), "count": count_of()},
        _length,
        _first_symbol,
        target_names=(N_("X first"),),
        problem="binary",
        symbols=FIRST,
        classes=(N_("Y first"), N_("X first")),
    ),
    "two_waveforms": Task(
        N_("Which waveform?"),
        N_("Is a noisy wave a sine, or square or triangle? Phase and frequency vary."),
        {
            "length": _length_of(50, 20),
            "noise": Parameter(
                N_("Noise"), 0.1, 0.0, 1.0, 0.05, N_("Standard deviation, the wave's own being 1.")
            ),
            "count": count_of(),
        },
        _length,
        _two_waveforms,
        (N_("value"),),
        (N_("no sine"),),
        problem="binary",
        classes=(N_("sine"), N_("no sine")),
    ),
    "random_labels": Task(
        N_("Random labels"),
        N_("Random labels can be memorised, not predicted."),
        {"length": _length_of(20, 1), "count": count_of(300)},
        _length,
        _random_labels,
        (N_("value"),),
        (N_("label"),),
        problem="binary",
        classes=(N_("heads"), N_("tails")),
    ),
}
