import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from lstm_viz.data.generators import GENERATORS, generate
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
        # each parameter is in its range: only too few points for the cycles are refused
        known = {key: each.default for key, each in GENERATORS[name].parameters.items()}
        cycles = (known | parameters).get("cycles", 0)
        assert (known | parameters)["points"] < 8 * cycles + 1
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


def test_sine_is_the_textbook_one() -> None:
    expected = np.sin(np.linspace(0, 20 * np.pi, 1000))
    np.testing.assert_allclose(generate("sine").values[:, 0], expected, atol=1e-12)


def test_noisy_cosine_is_120_points_of_two_cycles_with_noise_of_0_3() -> None:
    angles = np.linspace(0, 4 * np.pi, 120)
    noises = [generate("noisy_cosine", seed=i).values[:, 0] - np.cos(angles) for i in range(50)]
    assert np.std(noises) == pytest.approx(0.3, rel=0.05)
    assert abs(np.mean(noises)) < 0.02


def test_damped_sine_shrinks_to_one_over_e_in_its_decay() -> None:
    wave = generate("damped_sine", {"points": 1001, "cycles": 10.0, "decay": 5.0}).values[:, 0]
    assert wave[25] * np.exp(-1) == pytest.approx(wave[525])  # five cycles on


def test_chirp_rises_evenly_to_its_sweep() -> None:
    settings = {"points": 20_000, "cycles": 50.0, "sweep": 4.0}
    wave = generate("chirp", settings).values[:, 0]
    ups = np.flatnonzero((wave[:-1] < 0) & (wave[1:] >= 0))[:49] / 19_999
    # frequency 20 + 60 u, four times as high at u = 1; its integral counts the cycles
    np.testing.assert_allclose(20 * ups + 30 * ups**2, np.arange(1, 50), atol=0.01)


def test_square_is_high_for_its_duty() -> None:
    wave = generate("square", {"points": 10_001, "cycles": 10.0, "duty": 0.25}).values
    assert set(np.unique(wave)) == {-1.0, 1.0}
    assert (wave == 1).mean() == pytest.approx(0.25, abs=1e-3)


def test_sawtooth_climbs_from_minus_one_to_one_and_falls() -> None:
    wave = generate("sawtooth", {"points": 101, "cycles": 2.0}).values[:, 0]
    assert wave[0] == wave[50] == -1  # exactly: no rounding moves the fall
    np.testing.assert_allclose(np.diff(wave[:50]), 0.04)


def test_random_walk_steps_with_its_drift_and_spread() -> None:
    walk = generate("random_walk", {"points": 20_000, "spread": 2.0, "drift": 0.5}).values[:, 0]
    assert np.diff(walk).std() == pytest.approx(2, rel=0.05)
    assert np.diff(walk).mean() == pytest.approx(0.5, abs=0.1)


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
