"""A leader is named where the examples show one, and else nobody is."""

import numpy as np

from lstm_viz.measures.comparison import Sample
from lstm_viz.measures.ranking import ranking


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
