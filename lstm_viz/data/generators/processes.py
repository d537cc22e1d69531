"""Random processes: what comes next is drawn, and the last values tell only so much of it."""

from collections.abc import Mapping

import numpy as np

from lstm_viz.data.generators.generator import Generator, Parameters, noise_of, points_of
from lstm_viz.data.parameters import Parameter
from lstm_viz.data.series import Rows
from lstm_viz.errors import ConfigError
from lstm_viz.words import N_

LARGEST_ROOT = 0.995
"""Beyond it the start of an autoregressive process is felt for more than a thousand steps."""
FORGOTTEN = 1e-6
"""What is left of the start of an autoregressive process at the first point that is kept."""


def _random_walk(parameters: Parameters, rng: np.random.Generator) -> Rows:
    steps = rng.standard_normal(int(parameters["points"])) * parameters["spread"]
    return np.asarray(np.cumsum(steps + parameters["drift"]))


def _autoregressive(parameters: Parameters, rng: np.random.Generator) -> Rows:
    """x_t = φ_1 x_{t-1} + φ_2 x_{t-2} + φ_3 x_{t-3} + ε_t, ε_t ~ N(0, spread²).

    It starts from its stationary distribution. Box and Jenkins 1970, section 3.2.
    """
    weights = [parameters[f"phi_{k}"] for k in (1, 2, 3)]
    # Stationary where all roots of z³ - φ_1 z² - φ_2 z - φ_3 lie inside the unit circle.
    root = float(np.abs(np.roots([1.0, *(-weight for weight in weights)])).max(initial=0.0))
    if root > LARGEST_ROOT:
        raise ConfigError(
            N_(
                "With φ = ({weights}) the process grows without end, or hardly forgets: its "
                "largest root is {root:.3f} and may be {largest}. Take weights closer to 0."
            ),
            weights=", ".join(f"{weight:g}" for weight in weights),
            root=root,
            largest=LARGEST_ROOT,
        )
    # Three equal roots fade like t² rootᵗ: the square of the steps that one root takes is ample.
    warm_up = 3 + (int(np.log(FORGOTTEN) / np.log(root)) * 2 if root > 0 else 0)
    drawn = parameters["spread"] * rng.standard_normal(warm_up + int(parameters["points"]))
    first, second, third = weights
    x = [0.0, 0.0, 0.0]
    for shock in drawn.tolist():
        x.append(first * x[-1] + second * x[-2] + third * x[-3] + shock)
    return np.array(x[3 + warm_up :])


def _trend_and_season(parameters: Parameters, rng: np.random.Generator) -> Rows:
    """y_t = trend t/(N-1) + amplitude sin(2πt/period) + noise N(0, 1), t = 0..N-1."""
    t = np.arange(int(parameters["points"]))
    season = parameters["amplitude"] * np.sin(2 * np.pi * t / parameters["period"])
    noise = parameters["noise"] * rng.standard_normal(len(t))
    return np.asarray(parameters["trend"] * t / (len(t) - 1) + season + noise)


def _phi(label: str, default: float, largest: float) -> Parameter:
    help_phi = N_("How much of it goes into the next value.")
    return Parameter(label, default, -largest, largest, 0.05, help_phi)


PROCESSES: Mapping[str, Generator] = {
    "random_walk": Generator(
        N_("Random walk"),
        N_(
            "The last value plus a random step. The best forecast is the last value plus the drift."
        ),
        {
            "points": points_of(1000),
            "spread": Parameter(
                N_("Spread"), 1.0, 0.1, 10.0, 0.1, N_("Standard deviation of one step.")
            ),
            "drift": Parameter(N_("Drift"), 0.0, -5.0, 5.0, 0.05, N_("Mean of one step.")),
        },
        _random_walk,
    ),
    "autoregressive": Generator(
        N_("Autoregressive process"),
        N_("A weighted sum of the last three values plus a random shock."),
        {
            "points": points_of(1000),
            # The largest weights that a stationary process of order 3 can have.
            "phi_1": _phi(N_("φ₁, of the last value"), 1.6, 3.0),
            "phi_2": _phi(N_("φ₂, of the one before"), -0.8, 3.0),
            "phi_3": _phi(N_("φ₃, of the third last"), 0.0, 1.0),
            "spread": Parameter(
                N_("Shock"), 1.0, 0.1, 10.0, 0.1, N_("Standard deviation of a shock.")
            ),
        },
        _autoregressive,
    ),
    "trend_season": Generator(
        N_("Trend and season"),
        N_("A season on a trend."),
        {
            "points": points_of(600),
            "trend": Parameter(
                N_("Trend"), 4.0, -20.0, 20.0, 0.5, N_("Change from the first point to the last.")
            ),
            "period": Parameter(N_("Period"), 12, 4, 500, 1, N_("Steps of one season.")),
            "amplitude": Parameter(
                N_("Amplitude"), 1.0, 0.0, 10.0, 0.1, N_("Height of the season above the trend.")
            ),
            "noise": noise_of(0.2),
        },
        _trend_and_season,
    ),
}
