"""The best constant answer: against a search over constants, and against closed forms."""

import math
from collections.abc import Callable, Mapping

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from lstm_viz.data.dataset import NOT_SCORED, VALIDATION_EXAMPLES
from lstm_viz.data.tasks.automata import Automaton, anxbn, embedded_reber
from lstm_viz.data.tasks.catalogue import make_task
from lstm_viz.data.text import text_dataset
from lstm_viz.measures.chance import chance, constant_answer
from tests.training.datasets import KINDS, of_kind, waves

RANDOM = np.random.default_rng(0)
OWN = {"regression": "mse", "binary": "bce", "classes": "cross_entropy"}
PLAIN: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "mse": np.square,
    "mae": np.abs,
    "huber": lambda r: np.where(np.abs(r) <= 1, r**2 / 2, np.abs(r) - 0.5),
}


@pytest.mark.parametrize("loss", PLAIN)
def test_no_constant_costs_less(loss: str) -> None:
    answers = RANDOM.exponential(3, size=(201, 2)) - [[0, 5]]
    found = constant_answer(answers, loss, "regression")

    def cost(column: int) -> float:
        y = answers[:, column]
        ends = (float(y.min()), float(y.max()))
        best = minimize_scalar(lambda c: PLAIN[loss](y - c).mean(), bounds=ends, method="bounded")
        return float(best.fun)

    assert found.loss == pytest.approx(np.mean([cost(0), cost(1)]), rel=1e-6)
    assert found.errors.mean == pytest.approx(np.abs(answers - np.median(answers, 0)).mean())
    assert math.isnan(found.accuracy)


@pytest.mark.parametrize(("loss", "cost"), [("mse", 1 / 6), ("mae", 1 / 3), ("huber", 1 / 12)])
def test_each_loss_of_the_adding_problem_has_its_own_chance(loss: str, cost: float) -> None:
    """Two uniform numbers: their sum has the variance 1/6, its mean distance from 1 is 1/3."""
    data = make_task("adding", {"count": 20_000, "length": 4})
    assert constant_answer(data.part("training")[1], loss, "regression").loss == pytest.approx(
        cost, rel=0.02
    )


def test_it_is_that_of_the_examples_themselves_and_not_of_the_distribution() -> None:
    """The 512 validation examples of the default task have a variance of 0.186, and not 1/6."""
    data = make_task("adding")
    answers = data.part("validation")[1][data.measured]
    found = chance(data, "mse")
    assert len(answers) == VALIDATION_EXAMPLES == len(found.losses.values)
    assert found.loss == pytest.approx(answers.astype(np.float64).var())
    assert found.loss == pytest.approx(0.186, abs=0.001)


# The grammars' and tasks' chances in closed form: (nats, share of right answers).
KNOWN = {
    "copy_memory": (math.log(8), 1 / 8),
    "two_sequence": (math.log(2), 1 / 2),
    "delayed_echo": (math.log(2), 1 / 2),
    "parity": (math.log(2), 1 / 2),
    "temporal_order": (math.log(4), 1 / 4),
    "first_symbol": (math.log(2), 1 / 2),
    "two_waveforms": (math.log(2), 1 / 2),
    "random_labels": (math.log(2), 1 / 2),
    "flip_flop": (math.log(8), 1 / 8),
}


@pytest.mark.parametrize("name", KNOWN)
def test_of_many_examples_it_is_what_is_known_of_the_task(name: str) -> None:
    data = make_task(name, {"count": 3000 if name == "parity" else 10_000})
    found = constant_answer(data.answers, OWN[data.problem], data.problem, data.judged)
    assert found.loss == pytest.approx(KNOWN[name][0], rel=0.005)
    assert found.accuracy == pytest.approx(KNOWN[name][1], abs=0.015)


@pytest.mark.parametrize(
    ("name", "grammar"), [("anxbn", anxbn(8)), ("reber", embedded_reber())], ids=["anxbn", "reber"]
)
def test_of_a_grammar_it_is_what_its_states_say(name: str, grammar: Automaton) -> None:
    data = make_task(name, {"count": 10_000})
    found = constant_answer(data.answers, "cross_entropy", "classes", data.judged)
    assert (found.loss, found.accuracy) == pytest.approx(chances(grammar, data.window), rel=0.01)


def chances(grammar: Automaton, steps: int) -> tuple[float, float]:
    """Nats and accuracy of the best constant answer to "what is next?", exactly.

    The distribution p of the states is moved from step to step: the loss is the entropy of all
    next symbols, the accuracy the share of the most frequent one where it is judged.
    """
    everywhere, judged = np.zeros((2, len(grammar.symbols)))
    p = moved(grammar, np.eye(1, len(grammar.shares))[0])  # after the first symbol
    for _ in range(steps):
        everywhere += said(grammar, p)
        judged += said(grammar, p * grammar.judged)
        p = moved(grammar, p)
    q = everywhere[everywhere > 0] / everywhere.sum()
    return float(-np.sum(q * np.log(q))), float(judged.max() / judged.sum())


def said(grammar: Automaton, p: np.ndarray) -> np.ndarray:
    weights = (p[:, None] * grammar.shares).ravel()
    return np.bincount(grammar.codes.ravel(), weights, len(grammar.symbols))


def moved(grammar: Automaton, p: np.ndarray) -> np.ndarray:
    return np.bincount(grammar.following.ravel(), (p[:, None] * grammar.shares).ravel(), len(p))


def test_where_nothing_is_asked_nothing_counts() -> None:
    answers = np.array([[0, 1, NOT_SCORED], [1, 1, NOT_SCORED]], np.int16)
    found = constant_answer(answers, "cross_entropy", "classes")
    assert found.loss == pytest.approx(-(3 * math.log(3 / 4) + math.log(1 / 4)) / 4)
    assert found.accuracy == 3 / 4
    judged = np.array([[True, False, False], [False, False, False]])
    assert constant_answer(answers, "cross_entropy", "classes", judged).accuracy == 1


def test_a_text_costs_the_entropy_of_its_characters() -> None:
    bits = "".join(np.random.default_rng(0).choice(list("01"), 50_000))
    found = chance(text_dataset(bits, "coin", window=40), "cross_entropy")
    assert found.loss == pytest.approx(math.log(2), rel=0.001)
    assert found.accuracy == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_data_has_one(kind: str) -> None:
    data = of_kind(kind)
    found = chance(data, OWN[data.problem])
    assert found.loss > 0
    assert len(found.losses.values) == len(found.errors.values) == len(data.measured)


def test_forecasts_of_a_series_depend_on_their_neighbours() -> None:
    assert chance(of_kind("numbers"), "mse").losses.in_order is False
    assert chance(waves(horizon=5, rows=400), "mse").losses.in_order


def test_of_no_examples_nothing_is_known() -> None:
    found = constant_answer(np.zeros((0, 1)), "mse", "regression")
    assert math.isnan(found.loss)


def test_at_several_steps_ahead_the_constant_answer_is_one_number_a_column() -> None:
    answers = np.array([[0.0, 5.0, 2.0, 5.0]] * 3)  # two steps of two columns
    assert constant_answer(answers, "mse", "regression", targets=2).loss == pytest.approx(0.5)
    assert constant_answer(answers, "mae", "regression", targets=2).loss == pytest.approx(0.5)
    assert constant_answer(answers, "mse", "regression").loss == 0.0
