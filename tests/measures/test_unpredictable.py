"""A random walk and white noise are told from what can be forecast."""

import numpy as np

from lstm_viz.data.generators.catalogue import generate
from lstm_viz.measures.unpredictable import (
    is_like_random_walk,
    is_like_white_noise,
    said_random_walk,
    said_white_noise,
)
from tests.measures.test_residuals import NOISE, SEASON, SINE, remembers


def test_a_random_walk_is_told_from_what_can_be_forecast() -> None:
    walks = [generate("random_walk", seed=seed).values[:, 0] for seed in range(20)]
    assert sum(map(is_like_random_walk, walks)) >= 17
    told = said_random_walk(walks[0], "a")
    assert "'a' cannot be told from a random walk" in told and "up to lag 24)" in told
    assert "no linear forecast from its past" in told, "another column may hold what comes"
    assert "up to lag 19)" in said_random_walk(walks[0][:60], "a")
    for series in (SINE, NOISE, SEASON, np.zeros(300), NOISE.cumsum() + np.arange(300.0)):
        assert said_random_walk(series, "a") == ""
    assert said_random_walk(np.arange(20.0), "a") == ""
    assert not any(is_like_random_walk(remembers(0.7, 120, seed)) for seed in range(20)), (
        "it returns"
    )
    monthly = [np.random.default_rng(seed).normal(size=240) for seed in range(20)]
    raised = 1.2 * np.where(np.arange(240) % 24, -1, 1) * (np.arange(240) % 12 == 0)
    yearly = [(0.3 * each + raised).cumsum() for each in monthly]
    repeated = [(each / 5 + np.tile(each[:30], 8)).cumsum() for each in monthly]
    stairs = np.repeat([0.0, 10.0, 4.0, 7.0, 9.0], 60)
    jump = np.random.default_rng(1).normal(size=300) / 10 + np.repeat([0.0, 10.0], 150)
    for series in (*yearly, *repeated, stairs, np.repeat([0.0, 10.0], 100), jump):
        assert not is_like_random_walk(series)
    chaos = np.full(300, 0.3)
    for k in range(299):  # without autocorrelation, and yet each value follows from the last
        chaos[k + 1] = 3.99 * chaos[k] * (1 - chaos[k])
    assert not is_like_random_walk((chaos - chaos.mean()).cumsum())


def test_white_noise_is_told_from_what_can_be_forecast() -> None:
    noises = [np.random.default_rng(seed).normal(5.0, size=300) for seed in range(20)]
    heavy = [np.random.default_rng(seed).standard_t(3, size=300) for seed in range(20)]
    for each in (noises, heavy):
        assert sum(map(is_like_white_noise, each)) >= 14
    told = said_white_noise(next(filter(is_like_white_noise, noises)), "a")
    assert "'a' cannot be told from white noise" in told and "up to lag 24)" in told
    assert "from its past beats its mean, " in told
    walks = [generate("random_walk", seed=seed).values[:, 0] for seed in range(20)]
    memories = [remembers(phi, 300, seed) for phi in (0.3, -0.3) for seed in range(20)]
    assert not any(map(is_like_white_noise, (*walks, *memories)))
    chaos = np.full(300, 0.3)
    for k in range(299):
        chaos[k + 1] = 3.99 * chaos[k] * (1 - chaos[k])
    moving = NOISE * np.repeat([1.0, 4.0], 150), NOISE + np.arange(300) / 100
    for series in (SINE, SEASON, chaos, *moving, np.zeros(300), NOISE[:20]):
        assert said_white_noise(series, "a") == ""
    assert not any(map(is_like_random_walk, noises))


def test_of_chaos_as_white_as_noise_no_more_is_said_than_that_linear_forecasts_fail() -> None:
    said = []
    for begin in np.random.default_rng(0).uniform(0.5, 2.5, 20):
        chaos = np.full(300, np.cos(begin))
        for k in range(299):  # each value follows from the last: 4 x^3 - 3 x
            chaos[k + 1] = 4 * chaos[k] ** 3 - 3 * chaos[k]
        said += [said_white_noise(chaos, "a"), said_random_walk(chaos.cumsum(), "a")]
    told = list(filter(None, said))
    assert told and all("no linear forecast" in each for each in told)
