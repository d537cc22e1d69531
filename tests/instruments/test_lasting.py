"""What would take minutes or gigabytes says so before it starts, and offers the size that fits."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, ClassVar

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
    lyapunov_exponents,
)
from lstm_viz.instruments import fixed_points as points_module
from lstm_viz.instruments import gradient_map as map_module
from lstm_viz.instruments import jacobians as jacobians_module
from lstm_viz.instruments import lasting
from lstm_viz.instruments.lasting import say_exponents, say_integral, say_map, say_points


class StoppedError(Exception):
    """What is asked for would begin now."""


def stop(*_: Any, **__: Any) -> Any:
    raise StoppedError


MINUTES: list[tuple[Callable[[], object], str]] = [
    (
        lambda: say_exponents(2000, 1024),
        r"1,024 states over 2,000 steps take about 6 minutes\. 311 steps take one",
    ),
    (
        lambda: say_map(1000, 1024),
        r"1,000 steps of 1,024 states takes about 2 minutes\. 679 steps take one",
    ),
    (
        lambda: say_points(256, 1024, 300),
        r"1,024 states from 256 starts take up to 550 minutes\. 'starts=1' takes one",
    ),
    (
        lambda: say_integral(32, 2000, 1_056_768),
        r"at 32 points take about 2 minutes\. 'steps=14' takes one",
    ),
]


@pytest.mark.parametrize(("say", "words"), MINUTES)
def test_what_takes_minutes_is_told_with_the_size_that_takes_one(
    say: Callable[[], object], words: str
) -> None:
    """An LSTM of 512 units over 2,000 steps."""
    with pytest.warns(LstmVizWarning, match=words):
        say()


BEGINS: list[tuple[str, Callable[[nn.Module, torch.Tensor], object]]] = [
    ("lyapunov.exponents_of", lyapunov_exponents),
    ("gradient_map._map", gradient_map),
    ("fixed_points._minimised", lambda model, x: fixed_points(model, x[:1])),
    (
        "attribution._Answer._gradients",
        lambda model, x: attribution(model, x, target=(-1, 0), method="integrated"),
    ),
]


@pytest.mark.parametrize(("begins", "call"), BEGINS)
def test_it_is_told_before_it_begins(
    begins: str,
    call: Callable[[nn.Module, torch.Tensor], object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(f"lstm_viz.instruments.{begins}", stop)
    monkeypatch.setattr("lstm_viz.instruments.lasting.LONG", 0.0)
    with pytest.warns(LstmVizWarning, match="takes? (about|up to) 0 minutes"):  # noqa: SIM117
        with pytest.raises(StoppedError):
            call(nn.LSTM(2, 4, batch_first=True), torch.zeros(2, 5, 2))


class Bar:
    """As tqdm's, kept."""

    made: ClassVar[list["Bar"]] = []

    def __init__(self, *, total: int, unit: str) -> None:
        self.total, self.unit, self.done = total, unit, 0
        self.made.append(self)

    def __enter__(self) -> "Bar":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def update(self, count: int) -> None:
        self.done += count


@pytest.mark.parametrize("call", [call for _, call in BEGINS])
def test_of_what_takes_minutes_a_bar_says_how_far_it_is_and_of_nothing_else(
    call: Callable[[nn.Module, torch.Tensor], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lasting, "find_spec", bool)
    monkeypatch.setattr(lasting, "import_module", lambda _name: SimpleNamespace(tqdm=Bar))
    monkeypatch.setattr(Bar, "made", [])
    layer = nn.LSTM(2, 4, batch_first=True), torch.zeros(2, 5, 2)
    call(*layer)
    assert Bar.made == []
    monkeypatch.setattr("lstm_viz.instruments.lasting.LONG", 0.0)
    with pytest.warns(LstmVizWarning, match="take"):
        call(*layer)
    (bar,) = Bar.made
    assert bar.done == bar.total > 0, bar.unit


def test_a_map_holds_the_jacobians_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    layer, x = nn.LSTM(2, 4, batch_first=True), torch.rand(1, 9, 2)
    whole = gradient_map(layer, x)
    monkeypatch.setattr(jacobians_module, "CHUNK_BYTES", 2 * 8 * 8 * 8)
    monkeypatch.setattr(jacobians_module, "MAX_BYTES", 1)
    np.testing.assert_allclose(gradient_map(layer, x), whole, rtol=1e-12)
    monkeypatch.setattr(map_module, "MAX_BYTES", 8 * 8 * 8)
    with pytest.raises(ConfigError, match="Give at most 8 steps"):
        gradient_map(layer, x)


def test_of_what_takes_seconds_nothing_is_said() -> None:
    say_exponents(200, 128)
    say_map(200, 128)
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
