"""Units that respond to a stretch of time, against a search step by step."""

import numpy as np
import pytest
import torch

from lstm_viz import ConfigError, responding, trace
from tests.instruments.layers import B, H, T, made


def is_on(states: np.ndarray, t: int, unit: int, side: int) -> bool:
    return bool(0 <= t < len(states) and side * states[t, unit] >= 0.05)


@pytest.mark.parametrize("kind", ["lstm", "gru"])
@pytest.mark.parametrize("before", [False, True])
def test_units_and_windows_are_those_of_a_search_step_by_step(kind: str, before: bool) -> None:
    layer, x = made(kind)
    (seen,) = trace(layer, x).values()
    states = seen.hidden if seen.cell is None else np.tanh(seen.cell)
    some = 0
    for first in range(T):
        last = min(T - 1, first + 1)
        how = {"threshold": 0.05, "sample": 1, "before": before, "after": False}
        found = responding(layer, x, stretch=(first, last), **how)
        expected = {
            unit: side
            for unit in range(H)
            for side in (1, -1)
            if all(is_on(states[1], t, unit, side) for t in range(first, last + 1))
            and not (before and is_on(states[1], first - 1, unit, side))
        }
        assert dict(zip(found.units.tolist(), found.sides.tolist(), strict=True)) == expected
        some += len(expected)
        for sample in range(B):
            for t in range(T):
                on = sum(is_on(states[sample], t, unit, side) for unit, side in expected.items())
                assert found.together[sample, t] == on
        for window in found.windows:
            assert window.example != 1
            inside = found.together[window.example, window.first : window.last + 1]
            assert (inside == window.units).all() and window.units == inside.max() > 0
    assert some


@pytest.mark.parametrize("stretch", [(3, 2), (-1, 2), (0, T), (0.5, 2), 3, (1, 2, 3)])
def test_a_stretch_that_is_none_is_refused(stretch: object) -> None:
    layer, x = made("gru")
    with pytest.raises(ConfigError, match="The 'stretch' must be the first and the last step"):
        responding(layer, x, stretch=stretch)  # type: ignore[arg-type]


def test_a_threshold_that_every_unit_passes_is_refused() -> None:
    layer, x = made("gru")
    for threshold in (0.0, float("nan")):
        with pytest.raises(ConfigError, match="'threshold' must be above 0"):
            responding(layer, x, stretch=(1, 2), threshold=threshold)


def test_what_lies_beyond_a_samples_end_responds_to_nothing() -> None:
    layer, x = made("lstm")
    packed = torch.nn.utils.rnn.pack_padded_sequence(x, [T, *[T - 2] * (B - 1)], batch_first=True)
    found = responding(layer, packed, stretch=(T - 2, T - 1), threshold=1e-6, sample=1)
    assert not len(found.units) and not found.together[1].any()
