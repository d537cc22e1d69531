"""The laboratory's charts, given numbers and what is none: (what, the chart, its axes' titles)."""

import numpy as np

from lstm_viz.figures import laboratory
from lstm_viz.figures.carousel import both_ways
from lstm_viz.figures.responding import Strip, strips_of
from lstm_viz.figures.vega import Spec
from lstm_viz.measures.carousel import Ways

RATE, PRODUCT = "Lyapunov exponent (per step)", "log₁₀ singular value of ∂s_T/∂s_0"
X = np.array([1.0, 3.0, 2.0, 5.0])
BAD = np.array([np.nan, np.inf, -np.inf, 1e300])
BACK = "steps back from step 3, where the gradient enters"
WAYS = ("share of the gradient's norm", "part that rides the state")

LABORATORY: list[tuple[str, Spec, set[str]]] = [
    (
        "who teaches whom",
        laboratory.teaching_map(np.array([[1.0, np.nan], [0.0, 1.0]])),
        {"step t, at which it arrives", "step s, where it enters"},
    ),
    *[
        (
            f"attribution {signs}",
            laboratory.attribution_bars(np.ones((4, 9)), [*"abcdefghi"], signs),
            {"step t", "attribution"},
        )
        for signs in (None, [*"cats"])
    ],
    *[
        (
            f"fan of {units}",
            laboratory.singular_fan(
                np.array([1, 2]), np.array([[1.0] * units, [np.nan] * units]), bound
            ),
            {"steps back from the last one", "log₁₀ singular value of ∂s_T/∂s_t"},
        )
        for units, bound in ((1, 0.5), (2, None), (8, 0.5))
    ],
    *[
        (f"{name}, carousel", drawn, {BACK, axis})
        for name, known in {"": [X] * 5, "bad": [BAD] * 5, "one": [X[:1]] * 5}.items()
        for drawn, axis in zip(both_ways(Ways(*known), 3, "cell"), WAYS, strict=True)
    ],
    *[
        (f"{title}, {len(table)}", drawn, {"epoch", title})
        for table, bound in ((np.array([X, BAD]), None), (X[:, None], X))
        for title, drawn in zip(
            (RATE, PRODUCT),
            laboratory.over_training([*range(len(table))], table, table, bound),
            strict=True,
        )
    ],
    *[
        (
            f"responding, {read[0]}",
            strips_of(
                [
                    Strip("shown", "", 1, 2, np.array([0, 2, 2, 1]), read, marked=marked),
                    Strip("other", "", 3, 3, np.array([0, 0, 1, 2]), read, 7),
                ],
                2,
                "cell",
                picks=bool(marked),
            ),
            {"time steps from where the window begins", "example"},
        )
        for read, marked in ((X, [1]), (BAD, []), ([*"cats"], []))
    ],
    ("spectrum", laboratory.spectrum(BAD), {"rank", "Lyapunov exponent (per step)"}),
]
