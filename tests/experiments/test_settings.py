import math
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from lstm_viz.errors import ConfigError
from lstm_viz.experiments.fitting import LOSSES, UNFIT, check_fit
from lstm_viz.experiments.settings import (
    LIMITS,
    CellSettings,
    Settings,
    differing,
    settings_that_fit,
)
from lstm_viz.limits import Choice, Number, Switch
from lstm_viz.models.cells import CELLS
from tests.training.datasets import of_kind

GATES = ("input_gate", "forget_gate", "output_gate")
WITHOUT_GATES = {"cell": "lstm_variant", **dict.fromkeys(GATES, False)}

IGNORED: list[tuple[dict[str, Any], str]] = [
    ({"cell": "gru", "forget_bias": 3.0}, "'gru' takes no 'forget_bias'"),
    ({"cell": "lstm", "peepholes": True}, "'lstm' takes no 'peepholes'"),
    ({"cell": "lstm", "zoneout": 0.5}, "'lstm' takes no 'zoneout'"),
    ({"cell": "rnn_tanh", "chrono": True}, "'rnn_tanh' takes no 'chrono'"),
    ({"cell": "lstm_variant", "coupled": True, "input_gate": False}, "Without 'input_gate'"),
    ({"cell": "lstm_variant", "coupled": True, "forget_gate": False}, "Without 'forget_gate'"),
    ({**WITHOUT_GATES, "peepholes": True}, "Without 'input_gate | forget_gate | output_gate'"),
    ({"cell": "lstm_variant", "forget_gate": False, "chrono": True}, "Without 'forget_gate'"),
    ({"cell": "lstm", "forget_bias": 3.0, "chrono": True}, "Beside 'chrono'"),
]
"""(settings that the cell would ignore, how they are refused)."""

IMPOSSIBLE: list[tuple[dict[str, Any], str]] = [
    ({"bidirectional": True, "truncate": 3}, "backward half"),
]
"""(settings that exclude each other, fragment of the reason)."""

MISFITS: list[tuple[str, dict[str, Any], str]] = [
    ("numbers", {"loss": "bce"}, "loss does not fit"),
    ("binary", {"loss": "mse"}, "loss does not fit"),
    ("classes", {"loss": "bce"}, "loss does not fit"),
    ("text", {"loss": "huber"}, "loss does not fit"),
    ("classes at every step", {"bidirectional": True}, "steps to come"),
    ("text", {"bidirectional": True}, "steps to come"),
    ("text", {"readout": "mean"}, "one answer a sequence"),
    ("classes at every step", {"readout": "attention"}, "one answer a sequence"),
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
        Settings.of(**settings)


@pytest.mark.parametrize("settings", [
    {"hidden_size": "32"}, {"hidden_size": None}, {"hidden_size": [3]}, {"hidden_size": True},
    {"bidirectional": "no"}, {"bidirectional": 1}, {"dropout": "0.5"}, {"loss": 3}, {"cell": None},
    {"cell": "lstm_variant", "input_gate": "off"}, {"device": 7}, {"seed": {}},
])  # fmt: skip
def test_a_value_of_a_wrong_type_is_refused_in_a_sentence(settings: dict) -> None:
    with pytest.raises(ConfigError, match=r"The 'cell'|must be (a|one of|True)"):
        Settings.of(**settings)


def test_a_group_of_a_wrong_type_is_refused_in_a_sentence() -> None:
    with pytest.raises(ConfigError, match="'network' must be a NetworkSettings"):
        Settings(network={"layers": 2})  # type: ignore[arg-type]


def test_numpy_numbers_become_plain_ones() -> None:
    settings = Settings.of(hidden_size=np.int64(8), dropout=np.float32(0.5), learning_rate=1)
    assert settings == Settings.of(hidden_size=8, dropout=0.5, learning_rate=1.0)
    assert type(settings.network.hidden_size) is int
    assert type(settings.optimiser.learning_rate) is float


def with_setting(name: str, value: Any) -> Settings:
    """A network to which the setting matters."""
    beside = {"conv_kernel": {"conv_channels": 2}, "peepholes": {"output_gate": True}}
    beside |= {each: {"schedule": "step"} for each in ("schedule_every", "schedule_factor")}
    cell = next((cell for cell in reversed(CELLS) if name in CELLS[cell].options), "lstm")
    return Settings.of(**{"cell": cell, **beside.get(name, {}), name: value})


NUMBERS = {name: limit for name, limit in LIMITS.items() if isinstance(limit, Number)}


@pytest.mark.parametrize("name", NUMBERS)
def test_a_limit_is_the_last_value_that_is_taken(name: str) -> None:
    for limit, beyond in ((NUMBERS[name].low, -1), (NUMBERS[name].high, 1)):
        assert with_setting(name, limit).flat()[name] == limit
        with pytest.raises(ConfigError, match=f"'{name}' must be between"):
            with_setting(name, limit + beyond)


@pytest.mark.parametrize(
    "name", [name for name, limit in LIMITS.items() if isinstance(limit, Choice)]
)
def test_an_unknown_choice_is_answered_with_the_known_ones(name: str) -> None:
    known = ", ".join(LIMITS[name].options)  # type: ignore[attr-defined]
    with pytest.raises(ConfigError, match=f"must be one of {known}, got 'unheard of'"):
        Settings.of(**{"cell" if name == "kind" else name: "unheard of"})


@pytest.mark.parametrize(("settings", "fragment"), IGNORED)
def test_what_a_cell_would_ignore_is_refused_with_the_way_out(
    settings: dict, fragment: str
) -> None:
    with pytest.raises(ConfigError, match=re.escape(fragment)) as refusal:
        Settings.of(**settings)
    assert re.search(r"It takes: |leave .* out|Leave one", str(refusal.value))


@given(some.sampled_from(list(CELLS)), some.data())
def test_a_cell_holds_exactly_what_it_takes(cell: str, data: some.DataObject) -> None:
    """Whatever a form remembers, what has an effect is kept, and nothing else."""
    wanted = {
        name: data.draw(some.booleans())
        for options in (spec.options for spec in CELLS.values())
        for name, option in options.items()
        if isinstance(option.limit, Switch)
    }
    settings = settings_that_fit(cell, wanted)
    for name in CELLS[cell].options:
        if name in settings.cell.options and name in wanted:
            assert settings.cell.options[name] == wanted[name]
    on = [name for name, value in settings.cell.options.items() if value is True]
    for name in settings.cell.options:
        option = CELLS[cell].options[name]
        assert all(any(each in on for each in group) for group in option.needs)
        assert not set(option.without) & set(on)
    assert CellSettings(cell, settings.cell.options) == settings.cell


def test_a_new_cell_keeps_of_the_old_one_what_it_takes() -> None:
    old = Settings.of(cell="lstm_variant", chrono=True, zoneout=0.3, layers=2)
    assert old.changed(cell="gru") == Settings.of(cell="gru", chrono=True, layers=2)
    assert old.changed(cell="gru").changed(cell="lstm") == Settings.of(chrono=True, layers=2)
    with pytest.raises(ConfigError, match="takes no 'zoneout'"):
        old.changed(cell="gru", zoneout=0.3)


def test_settings_without_effect_do_not_tell_equal_experiments_apart() -> None:
    assert Settings.of(conv_kernel=9) == Settings.of()
    assert Settings.of(schedule="cosine", schedule_every=3) == Settings.of(schedule="cosine")
    assert Settings.of(conv_channels=2, conv_kernel=9) != Settings.of(conv_channels=2)
    assert hash(Settings.of(cell="gru", seed=4)) == hash(Settings.of(seed=4).changed(cell="gru"))


def test_differing_settings_are_those_that_both_have() -> None:
    variant = Settings.of(cell="lstm_variant")
    assert differing([Settings.of(cell="gru"), Settings.of(forget_bias=3.0)]) == ["cell"]
    assert differing([Settings.of(), Settings.of(conv_kernel=9)]) == []
    assert differing([variant, variant.changed(peepholes=True, seed=2)]) == ["peepholes", "seed"]


@pytest.mark.parametrize(("settings", "fragment"), IMPOSSIBLE)
def test_settings_that_exclude_each_other_are_refused_with_reason_and_remedy(
    settings: dict, fragment: str
) -> None:
    with pytest.raises(ConfigError, match=fragment) as refusal:
        Settings.of(**settings)
    assert REMEDY.search(str(refusal.value))


@pytest.mark.parametrize(("kind", "settings", "fragment"), MISFITS)
def test_settings_that_do_not_fit_the_data_are_refused_with_reason_and_remedy(
    kind: str, settings: dict, fragment: str
) -> None:
    with pytest.raises(ConfigError, match=fragment) as refusal:
        check_fit(Settings.of(**settings), of_kind(kind))
    assert REMEDY.search(str(refusal.value))


def test_every_rule_has_its_case() -> None:
    rules = [sentence for _, sentence in UNFIT]
    fragments = [case[-1] for case in MISFITS]
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
    check_fit(Settings.of(**settings), of_kind(kind))


def test_every_problem_has_a_loss_and_every_loss_a_problem() -> None:
    assert {loss for fitting in LOSSES.values() for loss in fitting} == {
        *LIMITS["loss"].options
    } - {"auto"}  # type: ignore[attr-defined]


NAMED = [name for name in LIMITS if name != "kind"]


@pytest.mark.parametrize("name", NAMED)
def test_every_setting_comes_back_from_its_flat_names(name: str) -> None:
    limit = LIMITS[name]
    others: dict[type, Any] = {Switch: not limit.default}
    if isinstance(limit, Choice):
        others[Choice] = limit.options[-1]
    if isinstance(limit, Number):
        others[type(limit)] = next(
            each for each in (limit.high, limit.low) if each != limit.default
        )
    settings = with_setting(name, others.get(type(limit), "cpu"))
    assert settings.flat()[name] != limit.default
    assert Settings.of(**settings.flat()) == settings != Settings.of(cell=settings.cell.kind)
    assert limit.read(name, limit.write(settings.flat()[name])) == settings.flat()[name]


def test_a_setting_from_the_future_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match="wormholes"):
        Settings.of(wormholes=2)
