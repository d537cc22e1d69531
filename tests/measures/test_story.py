"""Each scene's sentence is true of the run on the stage, and short."""

import numpy as np
import pytest

from lstm_viz.measures.chance import BETTER
from lstm_viz.measures.gradient_flow import GradientFlow
from lstm_viz.measures.story import said_found_out, said_two_flows, said_untrained

MARKED = np.array([False, True, False, True])
MOST_WORDS = 20


def short(sentence: str) -> str:
    assert len([word for word in sentence.split() if word != "="]) <= MOST_WORDS
    return sentence


def test_gates_that_do_not_tell_marks_are_told_from_one_that_does() -> None:
    same = np.full((4, 3), 0.4)
    opening = same.copy()
    opening[MARKED, 1] = 0.9
    assert "at most 0.00" in short(said_untrained(same, MARKED))
    assert "one of the LSTM's input gates differs by 0.50" in short(said_untrained(opening, MARKED))


def test_finding_out_is_told_where_the_loss_leaves_guessing_for_good() -> None:
    epochs = [0.0, 1.0, 2.0, 3.0, 4.0]
    found = said_found_out([1.0, 0.5, 1.1, BETTER, 0.01], epochs, constant=1.0)
    assert "the LSTM beats the best constant answer from epoch 3.0 on" in short(found)


@pytest.mark.parametrize(
    ("losses", "said"),
    [
        ([1.0, 0.5, 0.95], "does not beat"),
        ([1.0, 0.5, float("nan")], "does not beat"),
        ([1.0, 1.0, 1.2], "does not beat"),
        ([0.1, 0.2, 0.1], "throughout"),
    ],
)
def test_finding_out_is_not_told_of_losses_that_come_back_or_never_leave(
    losses: list[float], said: str
) -> None:
    assert said in short(said_found_out(losses, [0.0, 1.0, 2.0], constant=1.0))


def test_what_arrives_in_two_networks_is_read_at_the_step_named() -> None:
    dying = GradientFlow(0.5 ** np.arange(11.0), entered=10, state="hidden", reverse=False)
    steady = GradientFlow(np.full(11, 3.0), entered=10, state="cell", reverse=False)
    said = short(said_two_flows(("RNN", "LSTM"), (dying, steady), 4))
    assert said == (
        "From t = 10 to 4, the gradient is multiplied by 0.016 in the RNN, by 1 in the LSTM."
    )
    grown = GradientFlow(1.1 ** np.arange(11.0), entered=10, state="cell", reverse=False)
    said = short(said_two_flows(("RNN (tanh)", "LSTM"), (dying, grown), 4))
    assert "by 1.77 in the LSTM" in said
    none = GradientFlow(np.zeros(11), entered=10, state="hidden", reverse=False)
    assert "no gradient enters" in short(said_two_flows(("RNN", "LSTM"), (none, steady), 4))
