"""A leader is named where the examples show one, and else nobody is."""

import numpy as np

from lstm_viz.measures.comparison import Sample
from lstm_viz.measures.ranking import numbers, ranking, said_chance, said_ranking


def wrong(count: int, of: int = 512) -> Sample:
    """So many wrong answers, all of them to examples that the others get wrong as well."""
    return Sample((np.arange(of) < count).astype(np.float64))


def test_ninety_nine_percent_against_a_quarter_is_a_lead() -> None:
    found = ranking({"RNN": wrong(384), "LSTM": wrong(5), "GRU": wrong(128)})
    assert (found.leaders, found.others) == (("LSTM",), ("GRU", "RNN"))


def test_one_example_in_512_is_none() -> None:
    found = ranking({"GRU": wrong(4), "LSTM": wrong(5), "RNN": wrong(300)})
    assert (found.leaders, found.others) == (("GRU", "LSTM"), ("RNN",))


def test_equal_runs_share_the_lead() -> None:
    assert ranking({"A": wrong(0), "B": wrong(0)}).leaders == ("A", "B")


def test_a_lead_is_told_with_both_scores_and_none_where_it_is_none() -> None:
    told = said_ranking({"RNN": wrong(384), "LSTM": wrong(5)}, "accuracy")
    assert told == "Best accuracy: LSTM (99.0%). Behind: RNN (25.0%)."
    told = said_ranking({"GRU": wrong(4), "LSTM": wrong(5)}, "accuracy")
    assert told.startswith("Too close to call in accuracy: ")
    assert "Best" not in told


def test_only_what_the_examples_show_is_better_than_a_constant_answer() -> None:
    constant = wrong(384)
    told = said_chance({"LSTM": wrong(5), "GRU": wrong(9)}, constant, "accuracy")
    assert told == "All beat the best constant answer (accuracy 25.0%)."
    told = said_chance({"LSTM": wrong(5), "RNN": wrong(383)}, constant, "accuracy")
    assert told == "Not measurably better than the best constant answer (accuracy 25.0%): RNN."


def test_what_is_worse_than_a_constant_answer_is_not_called_alike() -> None:
    constant = Sample(np.linspace(0.1, 0.2, 512))
    runs = {"A": constant.like(40 * constant.values), "B": constant, "C": Sample(np.zeros(512))}
    assert said_chance(runs, constant, "loss") == (
        "Worse than the best constant answer (loss 0.15): A. "
        "Not measurably better than the best constant answer (loss 0.15): B."
    )
    assert "Worse" not in said_chance({"B": constant}, constant, "loss")


def test_what_has_no_number_for_a_score_is_not_ranked() -> None:
    samples = {"fine": Sample(np.ones(9)), "broken": Sample(np.full(9, np.nan))}
    assert list(numbers(samples)) == ["fine"]


def test_of_seven_equal_contenders_nobody_is_left_behind() -> None:
    behind = 0
    for seed in range(200):
        losses = np.random.default_rng(seed).normal(size=(7, 512))
        found = ranking({str(k): Sample(each) for k, each in enumerate(losses)})
        behind += found.others != ()
    assert behind / 200 < 0.1
