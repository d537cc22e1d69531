import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.interpolate import CubicSpline

from lstm_viz.data.generators.catalogue import generate
from lstm_viz.data.generators.chaos import lorenz_path


@pytest.mark.parametrize("tau", [5, 17, 30])
@pytest.mark.parametrize("seed", [0, 1])
def test_mackey_glass_solves_its_equation(tau: int, seed: int) -> None:
    x = generate("mackey_glass", {"points": 1000, "tau": tau}, seed).values[:, 0]
    # x(t+1) = e^-0.1 x(t) + ∫ e^-0.1(1-s) rise(t+s-τ) ds: between its points x is smooth
    s, weights = np.polynomial.legendre.leggauss(5)
    s, weights = (s + 1) / 2, weights / 2
    t = np.arange(tau + 2, 990)
    delayed = CubicSpline(np.arange(1000), x)(t[:, None] + s - tau)
    rise = 0.2 * delayed / (1 + delayed**10)
    solved = np.exp(-0.1) * x[t] + (np.exp(-0.1 * (1 - s)) * rise) @ weights
    np.testing.assert_allclose(x[t + 1], solved, atol=2e-3)
    assert np.abs(x[t + 1] - solved).mean() < 1e-4


def test_mackey_glass_is_periodic_with_a_short_delay_and_not_with_a_long_one() -> None:
    def closest_return(tau: int) -> float:
        x = generate("mackey_glass", {"points": 2000, "tau": tau}).values[:, 0]
        spline = CubicSpline(np.arange(2000), x)
        t = np.arange(100.0, 400)
        shifts = np.arange(20, 120, 0.05)
        return min(np.abs(spline(t + shift) - spline(t)).max() for shift in shifts)

    assert closest_return(10) < 0.01
    assert closest_return(17) > 0.05


def test_lorenz_path_is_the_one_a_fine_solver_finds() -> None:
    def slope(_: float, state: np.ndarray) -> list[float]:
        x, y, z = state
        return [10 * (y - x), x * (28 - z) - y, x * y - 8 / 3 * z]

    path = lorenz_path((1.0, 2.0, 20.0), 300, 0.01)
    fine = solve_ivp(
        slope, (0, 3), [1.0, 2.0, 20.0], t_eval=np.arange(301) / 100, rtol=1e-10, atol=1e-10
    )
    np.testing.assert_allclose(path, fine.y.T, atol=3e-3)


def test_lorenz_points_lie_the_time_step_apart_on_one_path() -> None:
    x = {h: generate("lorenz", {"points": 2000, "time_step": h}).values[:, 0] for h in (0.01, 0.1)}
    np.testing.assert_allclose(x[0.1][:200], x[0.01][::10], atol=1e-3)
    assert -22 < x[0.1].min() < -12
    assert 12 < x[0.1].max() < 22


def test_lorenz_rests_nowhere_near_its_three_fixed_points() -> None:
    x = generate("lorenz", {"points": 20_000}).values[:, 0]
    assert np.count_nonzero(np.diff(np.sign(x))) > 100
    assert x.std() == pytest.approx(7.9, abs=0.3)  # of the attractor at ρ = 28


@pytest.mark.parametrize("r", [3.0, 3.5, 3.9, 4.0])
def test_logistic_map_follows_its_rule_exactly(r: float) -> None:
    x = generate("logistic", {"r": r}, seed=3).values[:, 0]
    np.testing.assert_array_equal(x[1:], r * x[:-1] * (1 - x[:-1]))
    assert x.min() >= 0
    assert x.max() <= 1


def test_logistic_map_repeats_after_four_values_at_3_5() -> None:
    x = generate("logistic", {"r": 3.5}).values[:, 0]
    np.testing.assert_allclose(x[4:], x[:-4], atol=1e-9)
    assert len(np.unique(x.round(6))) == 4


@pytest.mark.parametrize("name", ["mackey_glass", "lorenz", "logistic"])
def test_noise_lies_on_the_course_and_does_not_change_it(name: str) -> None:
    chosen = {"points": 2000}
    noise = generate(name, chosen | {"noise": 0.5}).values - generate(name, chosen).values
    assert noise.std() == pytest.approx(0.5, rel=0.1)
    assert np.corrcoef(noise[1:, 0], noise[:-1, 0])[0, 1] == pytest.approx(0, abs=0.1)
