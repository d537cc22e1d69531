"""Tasks that ask for what was there long ago: to keep it, to say it again, to count it."""

import math
from collections.abc import Mapping
from itertools import product

import numpy as np
import numpy.typing as npt

from lstm_viz.data.dataset import NOT_SCORED
from lstm_viz.data.marks import MARKER
from lstm_viz.data.parameters import Parameter
from lstm_viz.data.tasks.repeats import different_words, repeated_first
from lstm_viz.data.tasks.task import Parameters, Sequences, Task, count_of
from lstm_viz.errors import ConfigError
from lstm_viz.words import N_

BITS = ("0", "1")
COPIED = ("a", "b", "c", "d", "e", "f", "g", "h")
BLANK, DELIMITER = len(COPIED), len(COPIED) + 1
ONCE = 0.4
"""Share of words that must come only once: more than validation and test usually take."""
LATCH_NOISE = math.sqrt(0.2)
FLIP_FLOPS = 3


def _adding(parameters: Parameters, rng: np.random.Generator) -> Sequences:
    """The answer is the sum of the two marked values, one in each half."""
    count, length, low = int(parameters["count"]), int(parameters["length"]), parameters["low"]
    values = np.float32(low) + np.float32(1 - low) * rng.random((count, length), np.float32)
    markers = np.zeros_like(values)
    each = np.arange(count)
    early = rng.integers(0, length // 2, count)
    late = rng.integers(length // 2, length, count)
    markers[each, early] = markers[each, late] = 1
    answers = values[each, early] + values[each, late]
    return Sequences(np.stack([values, markers], axis=2), answers[:, None])


def _last_marked(parameters: Parameters, rng: np.random.Generator) -> Sequences:
    """The answer is the value marked last: one early mark, and a later one in every second."""
    count, length = int(parameters["count"]), int(parameters["length"])
    values = rng.random((count, length), np.float32)
    markers = np.zeros_like(values)
    each = np.arange(count)
    early = rng.integers(0, length // 2, count)
    late = rng.integers(length // 2, length - 1, count)
    last = np.where(each % 2, late, early)
    markers[each, early] = markers[each, last] = 1
    return Sequences(np.stack([values, markers], axis=2), values[each, last][:, None])


def _copy_memory(parameters: Parameters, rng: np.random.Generator) -> Sequences:
    """`items` symbols, lag - 1 blanks, a delimiter, blanks while the symbols are said again.

    Arjovsky, Shah and Bengio 2016, section 5.1, whose ten items are fewer here; the steps before
    the delimiter, where the answer would be a blank, are not scored.
    """
    count, items, lag = (int(parameters[key]) for key in ("count", "items", "lag"))
    kept = different_words(len(COPIED), items, count, rng)
    values = np.full((count, items + lag + items, 1), BLANK, np.uint8)
    values[:, :items, 0] = kept
    values[:, items + lag - 1] = DELIMITER
    answers = np.full(values.shape[:2], NOT_SCORED, np.int16)
    answers[:, items + lag :] = kept
    return Sequences(values, answers)


def _delayed_echo(parameters: Parameters, rng: np.random.Generator) -> Sequences:
    """Step t asks for the bit of step t - lag, from t = lag on."""
    count, bits, lag = (int(parameters[key]) for key in ("count", "bits", "lag"))
    values = different_words(2, bits + lag, count, rng)
    answers = np.full(values.shape, NOT_SCORED, np.int16)
    answers[:, lag:] = values[:, :bits]
    return Sequences(values[:, :, None], answers)


def _parity(parameters: Parameters, rng: np.random.Generator) -> Sequences:
    """The answer is 1 where the number of ones is odd, which it is in every second sequence.

    Any number of ones is drawn as often as any other: of fair coins' words hardly one has few
    enough zeros or ones to begin to learn from, and nothing is learned. Words that were drawn
    more than once come first, so that what is trained on is not asked for again. Raises
    ConfigError where these are too many.
    """
    count, length = int(parameters["count"]), int(parameters["length"])
    values = np.empty((count, length), np.uint8)
    for odd in (0, 1):
        place = np.arange(odd, count, 2)
        ones = np.arange(odd, length + 1, 2)
        _check_most_once(ones, length, count)
        drawn = rng.choice(ones, (len(place), 1))
        words = (rng.random((len(place), length)).argsort(axis=1) < drawn).astype(np.uint8)
        values[place] = words[repeated_first(words)]
    odd_ones = values.sum(axis=1) % 2
    return Sequences(values[:, :, None], odd_ones[:, None].astype(np.float32))


def _check_most_once(ones: npt.NDArray[np.int64], length: int, count: int) -> None:
    """Raise ConfigError where too few of count / 2 words with such numbers of ones come once."""
    # A word of k ones, one of (T over k), is drawn again with this chance each other time.
    again = [1 / (len(ones) * math.comb(length, int(k))) for k in ones]
    if np.mean([(1 - chance) ** (count / 2 - 1) for chance in again]) < ONCE:
        raise ConfigError(
            N_(
                "{count:,} sequences of {length} bits would repeat each other in all parts. "
                "Take fewer or longer ones."
            ),
            count=count,
            length=length,
        )


def _two_sequence(parameters: Parameters, rng: np.random.Generator) -> Sequences:
    """`signal` values of 1 or of -1, then noise N(0, 0.2): the answer is 1 after ones.

    Bengio, Simard and Frasconi 1994, section IV, as Hochreiter and Schmidhuber 1997, experiment
    3a, set it up.
    """
    count, signal, lag = (int(parameters[key]) for key in ("count", "signal", "lag"))
    answers = rng.integers(0, 2, (count, 1)).astype(np.float32)
    values = LATCH_NOISE * rng.standard_normal((count, signal + lag), np.float32)
    values[:, :signal] = 2 * answers - 1
    return Sequences(values[:, :, None].astype(np.float32), answers)


def _flip_flop(parameters: Parameters, rng: np.random.Generator) -> Sequences:
    """Three channels of pulses, 1 or -1, mostly silent; step t asks for the last pulse of each.

    Sussillo and Barak 2013, section 4.1, here as eight classes. The first step has a pulse on
    every channel, so that there is an answer from then on.
    """
    count, length, share = int(parameters["count"]), int(parameters["length"]), parameters["pulses"]
    pulses = rng.choice(np.array([-1, 1], np.float32), (count, length, FLIP_FLOPS))
    sent = rng.random(pulses.shape, np.float32) < share
    sent[:, 0] = True
    last = np.maximum.accumulate(np.where(sent, np.arange(length)[:, None], 0), axis=1)
    held = np.take_along_axis(pulses, last, axis=1) > 0
    codes = held @ (1 << np.arange(FLIP_FLOPS)[::-1])
    return Sequences(np.where(sent, pulses, np.float32(0)), codes.astype(np.int16))


def _length(parameters: Parameters) -> int:
    return int(parameters["length"])


MEMORY_TASKS: Mapping[str, Task] = {
    "adding": Task(
        N_("Adding problem"),
        N_("Two values are marked. What is their sum?"),
        {
            "length": Parameter(N_("Length"), 50, 4, 1000, 1, N_("Time steps of a sequence.")),
            "low": Parameter(
                N_("Smallest value"), 0.0, -1.0, 0.0, 1.0, N_("The values lie from it to 1.")
            ),
            "count": count_of(),
        },
        _length,
        _adding,
        (N_("value"), MARKER),
        (N_("sum"),),
    ),
    "copy_memory": Task(
        N_("Copy memory"),
        N_("Read symbols, wait, and repeat them in order after the sign ▷."),
        {
            "items": Parameter(N_("Symbols"), 5, 1, 20, 1, N_("How many to remember.")),
            "lag": Parameter(
                N_("Lag"),
                10,
                1,
                500,
                1,
                N_("Steps between the last symbol and the first answer."),
            ),
            "count": count_of(),
        },
        lambda parameters: int(2 * parameters["items"] + parameters["lag"]),
        _copy_memory,
        problem="classes",
        every_step=True,
        symbols=(*COPIED, "·", "▷"),
        classes=COPIED,
    ),
    "two_sequence": Task(
        N_("Two-sequence latch"),
        N_("The first values are all 1 or all -1; noise follows. Which were they?"),
        {
            "signal": Parameter(N_("Signal"), 3, 1, 20, 1, N_("Values that tell the class.")),
            "lag": Parameter(N_("Lag"), 20, 1, 980, 1, N_("Steps of noise until the answer.")),
            "count": count_of(),
        },
        lambda parameters: int(parameters["signal"] + parameters["lag"]),
        _two_sequence,
        (N_("value"),),
        (N_("began with 1"),),
        problem="binary",
        classes=(N_("began with -1"), N_("began with 1")),
    ),
    "delayed_echo": Task(
        N_("Delayed echo"),
        N_("Repeat each bit after a delay, while new bits arrive."),
        {
            "bits": Parameter(N_("Bits"), 20, 5, 500, 1, N_("How many are said again.")),
            "lag": Parameter(N_("Lag"), 5, 1, 100, 1, N_("Steps until a bit is said again.")),
            "count": count_of(),
        },
        lambda parameters: int(parameters["bits"] + parameters["lag"]),
        _delayed_echo,
        (N_("bit"),),
        problem="classes",
        every_step=True,
        symbols=BITS,
        classes=BITS,
    ),
    "parity": Task(
        N_("Parity"),
        N_("Is the number of ones odd?"),
        {
            "length": Parameter(N_("Length"), 14, 10, 100, 1, N_("Bits of a sequence.")),
            "count": count_of(),
        },
        _length,
        _parity,
        (N_("bit"),),
        (N_("odd"),),
        problem="binary",
        symbols=BITS,
        classes=(N_("even"), N_("odd")),
    ),
    "flip_flop": Task(
        N_("3-bit flip-flop"),
        N_("Three channels send pulses. Which sign had the last one of each?"),
        {
            "length": Parameter(N_("Length"), 30, 5, 500, 1, N_("Time steps of a sequence.")),
            "pulses": Parameter(
                N_("Pulses"), 0.2, 0.02, 1.0, 0.02, N_("Share of the steps with one, by channel.")
            ),
            "count": count_of(),
        },
        _length,
        _flip_flop,
        (N_("bit 1"), N_("bit 2"), N_("bit 3")),
        problem="classes",
        every_step=True,
        classes=tuple("".join(signs) for signs in product("-+", repeat=FLIP_FLOPS)),
    ),
    "last_marked": Task(
        N_("Last marked value"),
        N_("Which marked value was the last?"),
        {
            "length": Parameter(N_("Length"), 10, 4, 1000, 1, N_("Steps of a sequence.")),
            "count": count_of(2000),
        },
        _length,
        _last_marked,
        (N_("value"), MARKER),
        (N_("value marked last"),),
    ),
}
