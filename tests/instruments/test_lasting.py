"""What would take minutes or gigabytes says so before it starts, and offers the size that fits."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from lstm_viz import (
    ConfigError,
    LstmVizWarning,
    attribution,
    fixed_points,
    gradient_map,
    jacobians,
    lyapunov_exponents,
)
from lstm_viz.instruments import fixed_points as points_module
from lstm_viz.instruments.lasting import say_exponents, say_integral, say_points

T, H = 2000, 512


class StoppedError(Exception):
    """What is asked for would begin now."""


def stop(*_: Any, **__: Any) -> Any:
    raise StoppedError


@pytest.mark.parametrize("instrument", [jacobians, gradient_map])
def test_what_takes_gigabytes_is_refused(instrument: Callable[..., object]) -> None:
    with pytest.raises(ConfigError, match=r"16\.8 GB\. Give at most 256 steps"):
        instrument(nn.LSTM(2, H, batch_first=True), torch.zeros(1, T, 2))


MINUTES: list[tuple[str, Callable[[nn.Module], object], str]] = [
    (
        "lyapunov.exponents_of",
        lambda model: lyapunov_exponents(model, torch.zeros(1, T, 2)),
        r"1,024 states over 2,000 steps take about 39 minutes\. 50 steps take one",
    ),
    (
        "fixed_points._minimised",
        lambda model: fixed_points(model, [0.0, 0.0]),
        r"1,024 states from 256 starts take up to 550 minutes\. 1 starts? take",
    ),
    (
        "attribution._Answer._gradients",
        lambda model: attribution(model, torch.zeros(1, T, 2), target=(-1, 0), method="integrated"),
        r"at 32 points take about 2 minutes\. 14 points take one",
    ),
]


@pytest.mark.parametrize(("begins", "call", "words"), MINUTES)
def test_what_takes_minutes_is_told_before_it_begins(
    begins: str, call: Callable[[nn.Module], object], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"lstm_viz.instruments.{begins}", stop)
    with pytest.warns(LstmVizWarning) as told, pytest.raises(StoppedError):
        call(nn.LSTM(2, H, batch_first=True))
    assert re.search(words, str(told[0].message))


def test_of_what_takes_seconds_nothing_is_said() -> None:
    say_exponents(200, 128)
    say_points(256, 32, 300)
    say_integral(32, 800, 5000)


def test_many_starts_are_led_in_parts_to_the_same_points(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    layer = nn.LSTM(2, 3, batch_first=True)
    whole = fixed_points(layer, [0.0, 0.0], starts=20)
    monkeypatch.setattr(points_module, "PART_BYTES", 8 * 36 * 3)
    parts = fixed_points(layer, [0.0, 0.0], starts=20)
    assert parts.kind == whole.kind and len(whole.kind)
    np.testing.assert_allclose(parts.states, whole.states, atol=1e-9)
    np.testing.assert_allclose(parts.eigenvalues, whole.eigenvalues, atol=1e-9)
