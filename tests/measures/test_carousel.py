"""Which way a gradient came is said of networks where it did, and not of others."""

import numpy as np
import pytest
import torch
from torch import nn

from lstm_viz import carousel
from lstm_viz.measures.carousel import Ways, said_carousel, ways_of

STEPS = 12


def lstm(weights: float, forget_bias: float) -> Ways:
    """Of an LSTM whose W_hh is so many times PyTorch's."""
    torch.manual_seed(1)
    layer = nn.LSTM(1, 6, batch_first=True)
    with torch.no_grad():
        layer.weight_hh_l0.mul_(weights)
        layer.bias_ih_l0[6:12] = forget_bias
    found = carousel(layer, torch.randn(1, STEPS, 1))
    return ways_of(*(way[0, ::-1] for way in (found.total, found.once, found.alone)))


def told(ways: Ways) -> str:
    return said_carousel(ways, STEPS - 1, 0)


EXACTLY, NEARLY, PARTLY, HARDLY = CASES = (
    *("exactly", "over nine tenths rides"),
    *("rode the state;", "Hardly any rode"),
)


@pytest.mark.parametrize(
    ("weights", "forget_bias", "phrase"),
    [
        (0.0, 1.0, EXACTLY),
        (0.05, 3.0, NEARLY),
        (1.0, 1.0, "rode the state;"),
        (4.0, -3.0, HARDLY),
    ],
)
def test_the_way_is_told_as_the_gradient_came(
    weights: float, forget_bias: float, phrase: str
) -> None:
    said = told(lstm(weights, forget_bias))
    assert [each for each in CASES if each in said] == [phrase]


def by_hand(total: list[float], alone: list[float]) -> Ways:
    """Of a gradient of two units, at a step where it enters and one where it arrives."""
    entered = np.array([1.0, 0.0])
    way = np.array([entered, alone])
    return ways_of(np.array([entered, total]), way, way)


@pytest.mark.parametrize(
    ("total", "alone", "phrase"),
    [
        ([0.5, 0.0], [0.3, 0.0], "Of what arrives, 60% rode the state; 40%"),
        ([5e-5, 0.0], [3e-5, 0.0], "Of the little that arrives, 60%"),
        ([0.5, 0.0], [0.9, 0.0], "The two ways partly cancel"),
        ([0.5, 0.0], [-0.2, 0.0], "The two ways partly cancel"),
        ([0.5, 0.0], [-0.02, 0.0], HARDLY),
        ([1e-200, 0.0], [1e-200, 1e-203], NEARLY),
        ([0.5, 0.0], [np.nan, 0.0], "diverged"),
    ],
)
def test_parts_are_told_where_they_are_parts(
    total: list[float], alone: list[float], phrase: str
) -> None:
    said = said_carousel(by_hand(total, alone), 1, 0)
    assert phrase in said
    assert ("cancel" in said) == ("cancel" in phrase)


def test_what_arrives_is_told_beside_what_the_gates_alone_would_bring() -> None:
    said = said_carousel(by_hand([0.5, 0.0], [0.25, 0.0]), 49, 48)
    assert said.startswith(
        "The gradient from step 49 is 0.5 of its size at step 48; by the gates alone, 0.25 of "
        "its size."
    )
    grown = said_carousel(by_hand([6.46, 0.0], [0.25, 0.0]), 49, 48)
    assert grown.startswith("The gradient from step 49 is 6.46 times as large at step 48;")
    assert "no way back" in said_carousel(Ways(*[np.ones(1)] * 5), 0, 0)
    nothing = said_carousel(by_hand([0.0, 0.0], [0.0, 0.0]), 1, 0)
    assert "at step 0, 0." in nothing


def test_no_way_is_told_of_a_gradient_that_does_not_enter_the_state() -> None:
    total = np.array([[0.0, 0.0], [0.5, 0.1]])  # as with zoneout, where h reads c unmixed
    unmixed = ways_of(total, np.zeros((2, 2)), np.zeros((2, 2)))
    assert said_carousel(unmixed, 1, 0) == "At step 1 no gradient enters the state."
    assert "no gradient enters" not in said_carousel(by_hand([0.5, 0.0], [0.3, 0.0]), 1, 0)


def test_parts_of_all_ways_sum_to_one() -> None:
    rng = np.random.default_rng(0)
    total, alone = rng.standard_normal((2, 5, 3))
    one, other = (ways_of(total, each, each).part_alone for each in (alone, total - alone))
    np.testing.assert_allclose(one + other, 1.0)
