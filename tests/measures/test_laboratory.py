"""What the laboratory says is true of the network that was measured, and not said of others."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lstm_viz import attribution, gradient_map, jacobians, lyapunov_exponents
from lstm_viz.measures.laboratory import (
    leading_steps,
    map_shares,
    said_exponents,
    said_inputs,
    said_map,
    said_over_training,
)


def linear(factor: float, units: int = 2) -> nn.RNN:
    """h_t = factor·h_{t-1} + Σ x_t while x is positive."""
    rnn = nn.RNN(1, units, nonlinearity="relu", bias=False, batch_first=True)
    with torch.no_grad():
        rnn.weight_ih_l0.fill_(1.0)
        rnn.weight_hh_l0.copy_(factor * torch.eye(units))
    return rnn


def ones(steps: int) -> Tensor:
    return torch.ones(1, steps, 1)


def test_a_map_says_how_far_back_a_thousandth_arrives() -> None:
    vanishing, kept = (gradient_map(linear(each), ones(25)) for each in (0.5, 1.0))
    assert "under a thousandth arrives at t = s − 10." in said_map(vanishing)
    assert "of ‖∂L/∂h‖: a thousandth or more arrives back to t = s − 24." in said_map(kept)
    exploding = said_map(gradient_map(linear(2.0), ones(25)))
    assert "over a thousand times as large at t = s − 10: it explodes" in exploding
    assert "explodes" not in said_map(vanishing) + said_map(kept)
    turned = said_map(vanishing[::-1, ::-1], reverse=True)
    assert turned == said_map(vanishing).replace("s − 10", "s + 10")
    assert said_map(np.eye(1)) == said_map(np.zeros((4, 4)))
    assert "no number" not in said_map(vanishing)
    assert "not a number" in said_map(np.full((3, 3), np.nan))


def test_shares_are_of_what_enters_and_of_no_later_step() -> None:
    found = gradient_map(linear(0.5), ones(4)) * np.array([[2.0], [3.0], [0.0], [5.0]])
    shares = map_shares(found)
    assert np.isnan(shares[2]).all()
    np.testing.assert_allclose(shares[3], [0.125, 0.25, 0.5, 1.0])
    assert np.isnan(shares[0, 1:]).all()


class First(nn.Module):
    """Its answer is the first unit's last h."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.rnn = linear(factor)

    def forward(self, x: Tensor) -> Tensor:
        return self.rnn(x)[0][:, -1]


def test_steps_are_named_where_few_stand_out_and_only_there() -> None:
    x = torch.full((1, 20, 1), 0.01)
    x[0, [4, 11]] = torch.tensor([[2.0], [3.0]])

    def of(factor: float, method: str = "integrated") -> np.ndarray:
        return attribution(First(factor), x, target=0, method=method)[0]  # type: ignore[arg-type]

    assert leading_steps(of(1.0)) == (4, 11)
    assert "Steps 4, 11 carry 97% of the attribution" in said_inputs(of(1.0))
    plain = said_inputs(of(1.0, "gradient"))  # 1 at every step
    assert "No step stands out: half of the attribution spreads over 10 of 20" in plain
    assert "carry" not in plain
    assert "Step 19 carries" in said_inputs(of(0.01, "gradient"))
    assert "attribution is 0 throughout" in said_inputs(np.zeros((5, 2)))
    assert "not a number" in said_inputs(np.full((5, 2), np.nan))
    assert "only step" in said_inputs(np.ones((1, 2)))


def test_where_half_lies_on_few_steps_they_are_named() -> None:
    decaying = 0.6 ** np.arange(60.0)[:, None]  # 0.4, 0.24, 0.144 of it, and so on
    assert said_inputs(decaying) == ("Steps 0, 1 carry 64% of the attribution, step 2 14%.")
    assert said_inputs(np.array([[1.0], [-3.0], [2.0], [0.0]])) == (
        "Step 1 carries 50% of the attribution, step 2 33%."
    )
    for even in (2, 3, 4, 5, 6, 12):
        assert ("No step stands out" in said_inputs(np.ones((even, 1)))) == (even > 2)


def told(factor: float, steps: int, turning: float = 0.0) -> str:
    model = linear(factor)
    model.weight_hh_l0.data[0, 1] = turning
    product = np.linalg.multi_dot([np.eye(2), *jacobians(model, ones(steps))[::-1]])
    with np.errstate(divide="ignore"):
        growth = float(np.log10(np.linalg.norm(product, 2)))
    return said_exponents(lyapunov_exponents(model, ones(steps)), steps, growth)


@pytest.mark.parametrize(
    ("factor", "steps", "phrase"),
    [
        (0.5, 20, "−0.693 a step: a small change fades to 9.5·10⁻⁷"),
        (1.2, 40, "grows up to 1500 times over 40 steps"),
        (1.0, 40, "Edge of chaos: largest exponent 0 a step"),
        (1.0, 10, "too few to tell"),
        (1.009, 40, "Edge of chaos"),
        (1.02, 40, "grows"),
        (0.98, 40, "fades"),
        (0.0, 40, "every change of it is lost"),
    ],
)
def test_the_largest_exponent_is_told_as_what_it_does(
    factor: float, steps: int, phrase: str
) -> None:
    said = told(factor, steps)
    assert phrase in said
    assert ("Edge of chaos" in said) == (phrase.startswith("Edge"))
    assert ("fades" in said.replace("nor fades", "")) == ("fades" in phrase)


def test_what_an_exponent_would_make_of_a_change_is_said_where_it_differs() -> None:
    """Of J = [[0.5, 0.5], [0, 0.5]] J² has an entry of 0.5, and its diagonal, 0.25, is e^2λ."""
    largest = np.linalg.norm([[0.25, 0.5], [0.0, 0.25]], 2)
    said = told(0.5, 2, turning=0.5)
    assert f"fades to {largest:.2g} or less over 2 steps. " in said
    assert said.endswith("in the long run: 0.25.")
    assert "alone" not in told(0.5, 2)
    assert said_exponents(np.array([0.1]), 100, 6.0).endswith("in the long run: 22000.")


@pytest.mark.parametrize(
    ("first", "last", "phrase"),
    [
        (0.5, 0.9, "fades more slowly"),
        (0.9, 0.5, "fades faster"),
        (0.5, 1.2, "faded, and now grows"),
        (1.2, 0.5, "grew, and now fades"),
        (1.2, 1.5, "grows faster"),
        (1.5, 1.2, "grows more slowly"),
        (0.9, 0.905, "Hardly a change."),
        (0.9, 0.0, "At epoch 9.5 the state carries nothing on"),
        (0.0, 0.9, "At epoch 0.0 the state carried nothing on; at epoch 9.5 the largest"),
    ],
)
def test_how_the_largest_exponent_went_is_told_as_it_did(
    first: float, last: float, phrase: str
) -> None:
    largest = [lyapunov_exponents(linear(each), ones(40))[0] for each in (first, 3.0, last)]
    said = said_over_training([0.0, 1.0, 9.5], np.array(largest), 40)
    assert phrase in said
    assert ("at epoch 0.0, " in said) == ("nothing on" not in phrase)
    assert "diverged" in said_over_training([0.0, 1.0], np.array([0.1, np.nan]), 40)


def test_what_still_grew_is_not_said_to_fade() -> None:
    assert "up to 3.16 times as large over 50 steps: too few" in said_exponents(
        np.array([-0.05]), 50, 0.5
    )
    assert "Edge" not in said_exponents(np.array([0.001]), 50, 3.0)
    assert "diverged" in said_exponents(np.array([math.nan]), 50, 0.0)
