import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy.signal import lfilter

from lstm_viz.data.generators.catalogue import generate
from lstm_viz.data.generators.processes import LARGEST_ROOT
from lstm_viz.errors import ConfigError

AR = {"points": 20_000, "phi_1": 0.6, "phi_2": -0.5, "phi_3": 0.3, "spread": 2.0}


def autoregressive(**chosen: float) -> np.ndarray:
    return generate("autoregressive", AR | chosen, seed=4).values[:, 0]


def test_random_walk_steps_with_its_drift_and_spread() -> None:
    walk = generate("random_walk", {"points": 20_000, "spread": 2.0, "drift": 0.5}).values[:, 0]
    assert np.diff(walk).std() == pytest.approx(2, rel=0.05)
    assert np.diff(walk).mean() == pytest.approx(0.5, abs=0.1)


def test_what_the_weights_leave_of_an_autoregressive_process_is_white_noise() -> None:
    x = autoregressive()
    shocks = lfilter([1, -0.6, 0.5, -0.3], [1], x)[3:]  # the inverse of the recurrence
    assert shocks.std() == pytest.approx(2, rel=0.02)
    for lag in range(1, 6):
        assert np.corrcoef(shocks[lag:], shocks[:-lag])[0, 1] == pytest.approx(0, abs=0.03)


def test_autocorrelations_solve_the_yule_walker_equations() -> None:
    x = autoregressive()
    r1, r2, r3 = (np.corrcoef(x[lag:], x[:-lag])[0, 1] for lag in (1, 2, 3))
    weights = np.linalg.solve([[1, r1, r2], [r1, 1, r1], [r2, r1, 1]], [r1, r2, r3])
    np.testing.assert_allclose(weights, [0.6, -0.5, 0.3], atol=0.03)


def test_an_autoregressive_process_starts_as_spread_as_it_goes_on() -> None:
    chosen = {"points": 50, "phi_1": 0.9, "phi_2": 0.0, "spread": 1.0}
    starts = [generate("autoregressive", chosen, seed).values[0, 0] for seed in range(2000)]
    assert np.std(starts) == pytest.approx(1 / np.sqrt(1 - 0.9**2), rel=0.05)


def fades(weights: tuple[float, ...]) -> bool:
    """Whether a shock of 1 is gone after many steps, by the recurrence and not by its roots."""
    x = [0.0, 0.0, 1.0]
    for _ in range(6000):
        x.append(sum(weight * x[-k] for k, weight in enumerate(weights, start=1)))
        if abs(x[-1]) > 1e6:
            return False
    return max(map(abs, x[-100:])) < 1e-3


@given(some.tuples(some.floats(-3, 3), some.floats(-3, 3), some.floats(-1, 1)))
def test_only_a_process_that_forgets_its_shocks_is_made(weights: tuple[float, ...]) -> None:
    chosen = {f"phi_{k}": weight for k, weight in enumerate(weights, start=1)}
    try:
        generate("autoregressive", chosen)
    except ConfigError:
        # At the edge the roots decide, a little on the safe side of 1.
        root = max(abs(np.roots([1, *(-weight for weight in weights)])))
        assert root > LARGEST_ROOT
    else:
        assert fades(weights)


def test_a_random_walk_is_no_stationary_process() -> None:
    with pytest.raises(ConfigError) as refused:
        generate("autoregressive", {"phi_1": 1.0, "phi_2": 0.0})
    assert "With φ = (1, 0, 0) the process" in str(refused.value)
    assert "its largest root is 1.000 and may be 0.995. Take weights closer" in str(refused.value)


def test_trend_and_season_are_what_is_left_without_noise() -> None:
    chosen = {"points": 121, "trend": 6.0, "period": 12, "amplitude": 2.0, "noise": 0.0}
    values = generate("trend_season", chosen).values[:, 0]
    np.testing.assert_allclose(values[12:] - values[:-12], 12 * 6 / 120, atol=1e-12)
    season = (values - np.linspace(0, 6, 121))[:12]
    assert season.max() == pytest.approx(2)
    np.testing.assert_allclose(season[:6], -season[6:], atol=1e-12)


def test_noise_lies_on_trend_and_season() -> None:
    chosen = {"points": 20_000, "noise": 0.5}
    noise = (
        generate("trend_season", chosen).values
        - generate("trend_season", chosen | {"noise": 0.0}).values
    )
    assert noise.std() == pytest.approx(0.5, rel=0.03)
