"""Chaos: rules without chance whose course cannot be foreseen for long."""

from collections.abc import Mapping

import numpy as np

from lstm_viz.data.generators.generator import Generator, Parameters, noise_of, noisy, points_of
from lstm_viz.data.parameters import Parameter
from lstm_viz.data.series import Rows
from lstm_viz.words import N_

State = tuple[float, float, float]

MACKEY_GLASS_STEPS = 10
"""Runge-Kutta steps for each unit of time, from one point to the next."""
MACKEY_GLASS_WARM_UP = 500
LORENZ_STEP = 0.01
LORENZ_WARM_UP = 30.0
LOGISTIC_WARM_UP = 500
"""What passes before the first point, so that it lies on the attractor."""


def _mackey_glass(parameters: Parameters, rng: np.random.Generator) -> Rows:
    """dx/dt = 0.2 x(t-τ) / (1 + x(t-τ)^10) - 0.1 x(t), one point for each unit of time.

    Runge-Kutta of order 4 with steps of 0.1, the delayed rise taken as the mean of its
    neighbours between two steps; before the start, x is a constant drawn from 0.5 to 1.3.
    Mackey and Glass 1977, equation 4b.
    """
    per_unit, h = MACKEY_GLASS_STEPS, 1 / MACKEY_GLASS_STEPS
    delay = per_unit * int(parameters["tau"])
    steps = per_unit * (MACKEY_GLASS_WARM_UP + int(parameters["points"]))
    now = rng.uniform(0.5, 1.3)
    x = [now] * (delay + 1)
    before = 0.2 * now / (1 + now**10)
    for k in range(1, steps):
        delayed = x[k]
        after = 0.2 * delayed / (1 + delayed**10)
        between = (before + after) / 2
        k1 = before - 0.1 * now
        k2 = between - 0.1 * (now + h / 2 * k1)
        k3 = between - 0.1 * (now + h / 2 * k2)
        k4 = after - 0.1 * (now + h * k3)
        now += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        x.append(now)
        before = after
    kept = x[delay + per_unit * MACKEY_GLASS_WARM_UP :: per_unit]
    return noisy(np.array(kept), parameters, rng)


def _lorenz(parameters: Parameters, rng: np.random.Generator) -> Rows:
    """The x of dx/dt = 10 (y - x), dy/dt = x (ρ - z) - y, dz/dt = x y - 8/3 z. Lorenz 1963.

    Runge-Kutta of order 4 with steps of at most 0.01, started near (1, 1, 1).
    """
    points, every = int(parameters["points"]), parameters["time_step"]
    within = int(np.ceil(every / LORENZ_STEP - 1e-9))
    start: State = tuple(1 + 0.1 * rng.standard_normal(3))
    settled = lorenz_path(start, int(LORENZ_WARM_UP / LORENZ_STEP), LORENZ_STEP, parameters["rho"])
    begin: State = tuple(settled[-1].tolist())
    path = lorenz_path(begin, within * (points - 1), every / within, parameters["rho"])
    return noisy(path[::within, 0], parameters, rng)


def lorenz_path(start: State, steps: int, h: float, rho: float = 28.0) -> Rows:
    """(steps + 1, 3) x, y, z of the Lorenz equations from `start` on, h of time apart."""

    def slope(x: float, y: float, z: float) -> State:
        return 10 * (y - x), x * (rho - z) - y, x * y - 8 / 3 * z

    def moved(state: State, by: float, along: State) -> State:
        (x, y, z), (dx, dy, dz) = state, along
        return x + by * dx, y + by * dy, z + by * dz

    path = [start]
    for _ in range(steps):
        now = path[-1]
        k1 = slope(*now)
        k2 = slope(*moved(now, h / 2, k1))
        k3 = slope(*moved(now, h / 2, k2))
        k4 = slope(*moved(now, h, k3))
        now = moved(now, h / 6, k1)
        now = moved(now, h / 3, k2)
        now = moved(now, h / 3, k3)
        path.append(moved(now, h / 6, k4))
    return np.array(path)


def _logistic(parameters: Parameters, rng: np.random.Generator) -> Rows:
    """x_{t+1} = r x_t (1 - x_t), started between 0.1 and 0.9. May 1976."""
    r, x = parameters["r"], rng.uniform(0.1, 0.9)
    values = np.empty(LOGISTIC_WARM_UP + int(parameters["points"]))
    for t in range(len(values)):
        values[t] = x
        x = r * x * (1 - x)
    return noisy(values[LOGISTIC_WARM_UP:], parameters, rng)


CHAOS: Mapping[str, Generator] = {
    "mackey_glass": Generator(
        N_("Mackey-Glass"),
        N_("The change depends on the value τ steps ago."),
        {
            "points": points_of(1500),
            "tau": Parameter(
                N_("Delay τ"), 17, 5, 100, 1, N_("Periodic up to about 16, chaotic from about 17.")
            ),
            "noise": noise_of(),
        },
        _mackey_glass,
    ),
    "lorenz": Generator(
        N_("Lorenz, x"),
        N_("It circles two centres and switches between them irregularly."),
        {
            "points": points_of(1500),
            "rho": Parameter(N_("Drive ρ"), 28.0, 25.0, 60.0, 0.5, N_("Lorenz used 28.")),
            "time_step": Parameter(
                N_("Time step"), 0.05, 0.01, 0.1, 0.01, N_("Time from one point to the next.")
            ),
            "noise": noise_of(),
        },
        _lorenz,
    ),
    "logistic": Generator(
        N_("Logistic map"),
        N_("x ← r x (1 - x). Nothing in it is random."),
        {
            "points": points_of(1000),
            "r": Parameter(
                N_("Growth r"),
                3.9,
                3.0,
                4.0,
                0.01,
                N_("Periodic up to 3.57, mostly chaotic beyond."),
            ),
            "noise": noise_of(),
        },
        _logistic,
    ),
}
