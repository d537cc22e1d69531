import math
import re
from typing import Any

import pytest

from lstm_viz.errors import ConfigError
from lstm_viz.experiments.config import (
    CELLS,
    CHOICES,
    EXCLUDED,
    LIMITS,
    LOSSES,
    UNFIT,
    RunConfig,
    has_forget_gate,
)
from tests.training.datasets import of_kind, wave

GATES = ("input_gate", "forget_gate", "output_gate")
WITHOUT_GATES = {"cell": "lstm_variant", **dict.fromkeys(GATES, False)}

IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    ({"bidirectional": True, "truncate": 3}, "backward half"),
    ({"cell": "lstm_variant", "coupled": True, "input_gate": False}, "both gates are needed"),
    ({"cell": "lstm_variant", "coupled": True, "forget_gate": False}, "both gates are needed"),
    ({**WITHOUT_GATES, "peepholes": True}, "there is no gate"),
    ({"cell": "rnn_tanh", "chrono": True}, "this cell has none"),
    ({"cell": "lstm_variant", "forget_gate": False, "chrono": True}, "this cell has none"),
]
"""(settings that exclude each other, fragment of the reason)."""

MISFITS: list[tuple[str, dict[str, Any], str]] = [
    ("numbers", {"loss": "bce"}, "loss does not fit"),
    ("binary", {"loss": "mse"}, "loss does not fit"),
    ("classes", {"loss": "bce"}, "loss does not fit"),
    ("text", {"loss": "huber"}, "loss does not fit"),
    ("classes at every step", {"bidirectional": True}, "steps to come"),
    ("text", {"bidirectional": True}, "steps to come"),
    ("text", {"readout": "mean"}, "for the whole sequence"),
    ("classes at every step", {"readout": "attention"}, "for the whole sequence"),
    ("numbers", {"truncate": 10}, "cut within the sequence"),
    ("series", {"conv_channels": 2, "conv_kernel": 10}, "convolution is longer"),
]
"""(kind of problem, settings that do not fit it, fragment of the reason)."""

REMEDY = re.compile(r"\. (Turn|Choose|Shorten) ")


@pytest.mark.parametrize(
    ("settings", "fragment"),
    [
        ({"hidden_size": 0}, "between 1 and 512, got 0"),
        ({"layers": 9}, "between 1 and 4, got 9"),
        ({"learning_rate": math.nan}, "got nan"),
        ({"learning_rate": -1.0}, "'learning_rate'"),
        ({"clip_norm": -0.5}, "between 0 and 1000"),
        ({"hidden_size": 3.5}, "'hidden_size' must be a whole number, got 3.5"),
        ({"seed": 1.0}, "whole number"),
        ({"cell": "transformer"}, "one of rnn_tanh, rnn_relu, lstm, gru"),
        ({"optimizer": "lion"}, "one of adam, adamw, rmsprop, momentum, sgd"),
    ],
)
def test_a_bad_setting_is_named_with_what_would_fit(settings: dict, fragment: str) -> None:
    with pytest.raises(ConfigError, match=fragment):
        RunConfig(**settings)


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_is_the_last_value_that_is_taken(name: str) -> None:
    for limit, beyond in zip(LIMITS[name], (-1, 1), strict=True):
        assert getattr(RunConfig(**{name: limit}), name) == limit
        with pytest.raises(ConfigError, match=f"'{name}' must be between"):
            RunConfig(**{name: limit + beyond})


@pytest.mark.parametrize("name", CHOICES)
def test_an_unknown_choice_is_answered_with_the_known_ones(name: str) -> None:
    with pytest.raises(ConfigError, match=f"'{name}' must be one of {', '.join(CHOICES[name])}"):
        RunConfig(**{name: "unheard of"})


@pytest.mark.parametrize(("settings", "fragment"), IMPOSSIBLE)
def test_settings_that_exclude_each_other_are_refused_with_reason_and_remedy(
    settings: dict, fragment: str
) -> None:
    with pytest.raises(ConfigError, match=fragment) as refusal:
        RunConfig(**settings)
    assert REMEDY.search(str(refusal.value))


@pytest.mark.parametrize(("kind", "settings", "fragment"), MISFITS)
def test_settings_that_do_not_fit_the_data_are_refused_with_reason_and_remedy(
    kind: str, settings: dict, fragment: str
) -> None:
    with pytest.raises(ConfigError, match=fragment) as refusal:
        RunConfig(**settings).check(of_kind(kind))
    assert REMEDY.search(str(refusal.value))


def test_every_rule_has_its_case() -> None:
    rules = [sentence for _, sentence in (*EXCLUDED, *UNFIT)]
    fragments = [case[-1] for case in (*IMPOSSIBLE, *MISFITS)]
    assert all(any(fragment in rule for fragment in fragments) for rule in rules)


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("numbers", {"truncate": 9}),
        ("series", {"conv_channels": 2, "conv_kernel": 9}),
        ("numbers", {"bidirectional": True, "readout": "attention"}),
        ("binary", {"loss": "bce"}),
        ("text", {"cell": "lstm_variant", "coupled": True, "peepholes": True}),
        ("classes", {"cell": "gru", "chrono": True}),
    ],
)
def test_what_just_fits_is_taken(kind: str, settings: dict) -> None:
    RunConfig(**settings).check(of_kind(kind))


def test_parts_of_a_variant_mean_nothing_to_another_cell() -> None:
    RunConfig(cell="lstm", coupled=True, input_gate=False, peepholes=True).check(wave())


@pytest.mark.parametrize("cell", CELLS)
def test_a_forget_bias_is_for_cells_with_a_forget_gate(cell: str) -> None:
    assert has_forget_gate(cell, forget_gate=True) == ("lstm" in cell)
    assert has_forget_gate(cell, forget_gate=False) == (cell in ("lstm", "nested_lstm"))


def test_every_problem_has_a_loss_and_every_loss_a_problem() -> None:
    assert {loss for fitting in LOSSES.values() for loss in fitting} == {*CHOICES["loss"]} - {
        "auto"
    }


def other(name: str, value: Any) -> Any:
    """Another value that the setting may have."""
    if name in CHOICES:
        return next(choice for choice in CHOICES[name] if choice != value)
    if isinstance(value, bool):
        return not value
    return "cpu" if name == "device" else next(limit for limit in LIMITS[name] if limit != value)


@pytest.mark.parametrize("name", RunConfig().to_dict())
def test_every_setting_comes_back_from_data(name: str) -> None:
    changed = other(name, getattr(RunConfig(), name))
    config = RunConfig(**{name: changed})
    assert config.to_dict()[name] == changed
    assert RunConfig.from_dict(config.to_dict()) == config != RunConfig()


def test_a_setting_from_the_future_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match="wormholes"):
        RunConfig.from_dict({"wormholes": 2})


def test_every_limit_and_choice_is_a_setting() -> None:
    assert {*LIMITS, *CHOICES} <= set(RunConfig().to_dict())
