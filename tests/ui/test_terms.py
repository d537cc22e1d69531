"""The words of the settings: one table, complete, and free of exponents."""

import pytest

from lstm_viz.experiments.settings import LIMITS, Settings
from lstm_viz.ui.terms import TERMS


def test_every_setting_has_its_words() -> None:
    assert {*TERMS} == {"cell", *LIMITS} - {"kind"}
    assert all(term.label and term.help for term in TERMS.values())


def test_no_two_settings_are_called_the_same() -> None:
    assert len({term.label for term in TERMS.values()}) == len(TERMS)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("learning_rate", 1e-5, "0.00001"),
        ("epochs", 15, "15"),
        ("peepholes", True, "on"),
        ("cell", "gru", "GRU"),
        ("readout", "mean", "Mean over the time steps"),
        ("device", "cuda:1", "cuda:1"),
    ],
)
def test_a_value_is_said_as_its_widget_says_it(name: str, value: object, said: str) -> None:
    assert TERMS[name].said(value) == said


def test_every_value_of_the_default_settings_can_be_said() -> None:
    for name, value in Settings.of().flat().items():
        assert TERMS[name].said(value)
