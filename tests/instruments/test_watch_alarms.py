"""A watcher tells what goes wrong, when it begins, and nothing of a training that is well."""

import warnings
from typing import Any

import pytest
import torch
from torch import nn

from lstm_viz import Alarm, AlarmThresholds, ConfigError, LstmVizWarning, alarms, trace, watch

B, T, D, H = 2, 8, 3, 4


class BrokenError(Exception):
    """What somebody's own function raises."""


def train(model: nn.LSTM, breaks: dict[int, float], **how: Any) -> Any:
    """Six steps, before some of which the biases of the forget gate are set."""
    torch.manual_seed(0)
    x = torch.randn(6, B, T, D)
    with watch(model, every=1, **how) as watcher:
        for step, batch in enumerate(x, start=1):
            if step in breaks:
                with torch.no_grad():
                    model.bias_hh_l0[H : 2 * H] = breaks[step]
            model.zero_grad()
            model(batch)[0].square().mean().backward()
    return watcher


def lstm() -> nn.LSTM:
    torch.manual_seed(1)
    return nn.LSTM(D, H, batch_first=True)


def test_an_alarm_is_told_when_it_begins_and_again_after_it_had_ended() -> None:
    told: list[Alarm] = []
    watcher = train(lstm(), {3: 30.0, 5: 0.0, 6: 30.0}, on_alarm=told.append)
    assert [(a.kind, a.layer, a.step, a.values["gate"]) for a in told] == [
        ("gate", "l0", 3, "forget"),
        ("gate", "l0", 6, "forget"),
    ]
    assert watcher.alarms == tuple(told)
    assert str(told[0]).startswith("Layer l0: the forget gate is stuck open in 100% of the units")
    history = {traces.step: alarms(traces) for traces in watcher.history}
    assert [step for step, found in history.items() if found] == [3, 4, 6]


def test_without_a_function_it_is_a_warning_at_the_line_of_the_loop() -> None:
    with pytest.warns(LstmVizWarning, match="At step 3: Layer l0: the forget gate") as caught:
        train(lstm(), {3: 30.0})
    assert [each.filename for each in caught] == [__file__]


def test_of_a_training_that_is_well_nothing_is_told() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert train(lstm(), {}).alarms == ()


def test_an_exception_of_the_function_ends_the_loop_and_leaves_the_model_alone() -> None:
    def stop(alarm: Alarm) -> None:
        raise BrokenError(str(alarm))

    model = lstm()
    with pytest.raises(BrokenError, match="stuck open"):
        train(model, {2: 30.0}, on_alarm=stop)
    assert not model._forward_hooks and not model._forward_pre_hooks


def test_exploded_weights_are_told_of_a_trace_too() -> None:
    model, x = lstm(), torch.randn(B, T, D)
    assert not [each for each in alarms(trace(model, x)) if each.kind == "weights"]
    with torch.no_grad():
        model.weight_ih_l0[0, 0] = -250.0
    (found,) = [each for each in alarms(trace(model, x)) if each.kind == "weights"]
    assert str(found) == "The weights exploded: up to 250 in l0.weight_ih."


def test_thresholds_say_where_alarms_begin() -> None:
    wide = AlarmThresholds(stuck_units=0.0, near=0.5, stuck_steps=0.0)
    assert train(lstm(), {}, on_alarm=lambda _: None, thresholds=wide).alarms
    strict = AlarmThresholds(near=1e-12)
    assert train(lstm(), {3: 20.0}, thresholds=strict).alarms == ()


def test_a_mistake_is_told() -> None:
    with pytest.raises(ConfigError, match="'on_alarm' of a watcher must be a function"):
        watch(lstm(), every=1, on_alarm=3)  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="'thresholds' must be a AlarmThresholds"):
        watch(lstm(), every=1, thresholds=1e-3)  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="keeps no history"):
        _ = watch(lstm()).alarms
