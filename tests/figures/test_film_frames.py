"""Heat maps as codes: what they stand for, and what is exactly 0."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra.numpy import arrays

from lstm_viz.figures.drawn_frames import DrawnFrame, DrawnSignal
from lstm_viz.figures.film_frames import describe_signals
from lstm_viz.figures.packing import LEVELS

NEGATIVE_INFINITY = -np.inf
LOGS = some.floats(-320, 300, width=32) | some.sampled_from([NEGATIVE_INFINITY, np.nan])


def coded(values: np.ndarray, scale: str) -> tuple[np.ndarray, np.ndarray]:
    """(U, T) codes and the values in the middle of their levels."""
    packed: list[np.ndarray] = []
    signal = DrawnSignal(values, -3.0, 0.0, scale)  # type: ignore[arg-type]
    found = describe_signals([DrawnFrame(0, {"grad_cell": signal})], packed)["grad_cell"]
    codes, ends = packed[found["array"]][0], packed[found["rows"]][0].astype(np.float64)
    each = (ends[:, 1:] - ends[:, :1]) / LEVELS
    return codes, ends[:, :1] + (codes - 0.5) * each


@given(arrays(np.float32, (3, 5), elements=LOGS))
def test_on_a_log_scale_the_first_code_is_0_and_nothing_else(values: np.ndarray) -> None:
    codes, restored = coded(values, "log")
    np.testing.assert_array_equal(codes == 1, np.isneginf(values))
    np.testing.assert_array_equal(codes == 0, np.isnan(values))
    finite = np.isfinite(values)
    for k in range(3):
        own = values[k][finite[k]].astype(np.float64)
        if own.size:
            bound = max(np.ptp(own), 1e-6 * max(abs(own.min()), 1e-3)) / (LEVELS - 2) + 1e-4
            assert np.abs(restored[k][finite[k]] - own).max() <= bound


def test_a_map_of_zeros_alone_is_all_first_codes() -> None:
    codes, _restored = coded(np.full((2, 4), NEGATIVE_INFINITY), "log")
    assert (codes == 1).all()
    assert (coded(np.zeros((2, 4)), "linear")[0] >= 1).all()
