import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from lstm_viz.data.generators.catalogue import GENERATORS, generate
from lstm_viz.data.parameters import Parameter, random_source
from lstm_viz.errors import ConfigError
from lstm_viz.words import Sentence

every_generator = pytest.mark.parametrize("name", GENERATORS)


@some.composite
def choices(draw: some.DrawFn) -> tuple[str, dict[str, float], int]:
    """A generator, some of its parameters anywhere in their ranges, and a seed."""
    name = draw(some.sampled_from(sorted(GENERATORS)))
    chosen = {}
    for key, parameter in GENERATORS[name].parameters.items():
        number = some.integers if parameter.whole else some.floats
        if draw(some.booleans()):
            chosen[key] = draw(number(parameter.low, parameter.high))
    return name, chosen, draw(some.integers(0, 2**31 - 1))


@given(choices())
def test_any_series_is_finite_and_the_same_again_or_refused_in_words(
    chosen: tuple[str, dict[str, float], int],
) -> None:
    name, parameters, _ = chosen
    try:
        series = generate(*chosen)
    except ConfigError:
        # each parameter is in its range: refused are only too few points for the fastest cycle,
        # and weights with which a process grows without end
        known = {
            key: each.default for key, each in GENERATORS[name].parameters.items()
        } | parameters
        fastest = max(known.get(cycles, 0) for cycles in ("cycles", "cycles_2", "cycles_3"))
        weights = sum(abs(known.get(f"phi_{k}", 0)) for k in (1, 2, 3))
        assert known["points"] < 8 * fastest + 1 or weights > 0.98
        return
    assert np.isfinite(series.values).all()
    assert series.values.dtype == np.float64
    assert series.values.shape[1] == len(series.columns)
    np.testing.assert_array_equal(series.values, generate(*chosen).values)


@every_generator
def test_another_seed_is_another_noise(name: str) -> None:
    noise = {"noise": 0.5} if "noise" in GENERATORS[name].parameters else {}
    first, second = (generate(name, noise, seed).values for seed in (0, 1))
    assert not np.array_equal(first, second)


@every_generator
def test_parameters_describe_themselves(name: str) -> None:
    for parameter in GENERATORS[name].parameters.values():
        numbers = (parameter.default, parameter.low, parameter.high, parameter.step)
        assert len({type(number) for number in numbers}) == 1, "a widget takes one type of number"
        assert parameter.low <= parameter.default <= parameter.high
        assert parameter.label
        assert parameter.help.endswith(".")


BAD = [
    ("tan", {}, 0, "no series called 'tan'. Choose one of: sine, "),
    ("sine", {"pitch": 1}, 0, "no parameter called 'pitch'. Choose one of: points, cycles, noise"),
    ("sine", {"points": 10}, 0, "'points' must be between 50 and 20000, got 10"),
    ("sine", {"points": 100.5}, 0, "'points' must be a whole number, got 100.5"),
    ("sine", {"noise": float("nan")}, 0, "'noise' must be between 0 and 2, got nan"),
    ("sine", {"noise": "loud"}, 0, "'noise' must be between 0 and 2, got loud"),
    ("sine", {"noise": True}, 0, "'noise' must be between 0 and 2, got True"),
    ("sine", {"points": 50, "cycles": 100.0}, 0, "Take more points or fewer cycles"),
    ("multi_sine", {"points": 250, "cycles_3": 64.0, "amplitude_3": 0.1}, 0, "fewer cycles"),
    ("chirp", {"points": 110, "cycles": 20.0}, 0, "Take more points or fewer cycles"),
    ("sine", {}, -1, "'seed' must be between 0 and 2.14748e+09, got -1"),
]


@pytest.mark.parametrize(("name", "parameters", "seed", "message"), BAD)
def test_bad_parameters_are_refused_with_a_remedy(
    name: str, parameters: dict[str, float], seed: int, message: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        generate(name, parameters, seed)
    assert message in str(refused.value)


def test_numpy_numbers_are_numbers() -> None:
    parameter = Parameter("n", 1, 0, 10, 1, "")
    assert parameter.check("n", np.float32(3)) == 3
    assert isinstance(parameter.check("n", np.int64(3)), int)
    assert random_source(np.int64(7)).random() == random_source(7).random()


def test_the_words_are_marked_not_translated_where_they_are_made() -> None:
    assert generate("sine").name == GENERATORS["sine"].label == str(Sentence("Sine"))
