"""Each alarm with a network of which it must be said, and one of which it must not."""

from dataclasses import fields, replace

import numpy as np
import pytest
import torch
from torch import nn

from lstm_viz import PRESETS, ConfigError, Settings, adding_problem, alarms, fit, trace
from lstm_viz import frames as moments
from lstm_viz.data.tasks.catalogue import make_task
from lstm_viz.instruments.layer_trace import LayerTrace
from lstm_viz.measures.alarm_thresholds import AlarmThresholds
from lstm_viz.measures.alarms import Alarm, said_alarm
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.recordings import load_recordings

B, T, D, H = 4, 30, 2, 8


def last_of(output, _targets):
    return output[0][:, -1].square().sum()


def kinds(found: tuple[Alarm, ...]) -> list[str]:
    return [alarm.kind for alarm in found]


def traces_of(layer: nn.Module, steps: int = T, loss_fn=last_of):
    torch.manual_seed(0)
    return trace(layer, torch.randn(B, steps, D), loss_fn=loss_fn)


def lstm(bias: float, gate: int = 1, **more) -> nn.LSTM:
    torch.manual_seed(0)
    layer = nn.LSTM(D, H, batch_first=True, **more)
    with torch.no_grad():
        layer.bias_ih_l0[gate * H : (gate + 1) * H] = bias
    return layer


@pytest.mark.parametrize(
    ("bias", "gate", "words"),
    [
        (20.0, 1, "the forget gate is stuck open in 100% of the units (above 0.999"),
        (-20.0, 3, "the output gate is stuck shut in 100% of the units (below 0.001"),
    ],
)
def test_a_gate_that_is_stuck_is_named_and_one_that_is_only_wide_open_is_not(
    bias: float, gate: int, words: str
) -> None:
    (stuck, *_) = alarms(traces_of(lstm(bias, gate)))
    assert (stuck.kind, stuck.number, stuck.layer) == ("gate", 1.0, "l0")
    assert words in said_alarm(stuck) and "at 99% of the steps or more" in str(stuck)
    assert "gate" not in kinds(alarms(traces_of(lstm(bias / 4, gate))))
    assert "gate" in kinds(
        alarms(traces_of(lstm(bias / 4, gate)), thresholds=AlarmThresholds(near=0.05))
    )


def test_a_gate_is_called_as_the_pages_call_it() -> None:
    shut = replace(traces_of(lstm(5.0))["l0"], gates={"inner_forget": np.zeros((B, T, H))})
    assert "l0: the inner forget gate is stuck shut" in " ".join(map(str, alarms(shut)))


@pytest.mark.parametrize("reverse", [False, True])
def test_a_gradient_that_vanishes_says_from_which_step_on(reverse: bool) -> None:
    torch.manual_seed(0)
    layer = nn.RNN(D, H, batch_first=True, bidirectional=reverse)
    name = "l0_reverse" if reverse else "l0"
    place = 0 if reverse else -1
    found = traces_of(layer, 80, lambda output, _: output[0][:, place].square().sum())[name]
    norms = found.grad_norm("hidden")
    share = (norms / norms.max(axis=1, keepdims=True)).max(axis=0)
    nothing = np.flatnonzero(share < 1e-12)
    assert 0 < len(nothing) < 80
    (vanished,) = alarms({name: found})
    assert (vanished.kind, vanished.number) == ("gradient", len(nothing))
    last = nothing.min() if reverse else nothing.max()
    words = f"Less than 10⁻¹² arrives at {len(nothing)} of 80 steps: step {last} and those"
    assert words in said_alarm(vanished)
    assert alarms({name: traces_of(lstm(5.0), 80)["l0"]}) == ()
    assert alarms(trace(layer, torch.randn(B, T, D))) == ()  # without a loss there is none


def test_units_that_never_change_are_dead_and_quiet_ones_are_not() -> None:
    torch.manual_seed(0)
    relu = nn.RNN(D, H, nonlinearity="relu", batch_first=True)
    assert "dead" not in kinds(alarms(traces_of(relu)))
    with torch.no_grad():
        relu.bias_ih_l0[:2] = -50.0
    (dead,) = [alarm for alarm in alarms(traces_of(relu)) if alarm.kind == "dead"]
    assert dead.number == 0.25 and "25% of the units are dead" in said_alarm(dead)
    hidden = np.zeros((1, 9, 500))
    hidden[..., 0] = np.arange(9)
    gates = {"forget": np.where(hidden == 0, 1.0, 0.5)}
    said = " ".join(map(str, alarms({"l0": LayerTrace("lstm", hidden, hidden, hidden, gates)})))
    assert "> 99% of the units are dead" in said and "stuck open in > 99% of the units" in said


@pytest.mark.parametrize("reverse", [False, True])
def test_states_that_are_no_numbers_are_told_and_not_counted_as_healthy(reverse: bool) -> None:
    layer, x = lstm(0.0, bidirectional=True), torch.randn(B, T, D)
    name = "l0_reverse" if reverse else "l0"
    assert "state" not in kinds(alarms(trace(layer, x)))
    x[1, 12] = np.nan
    traces = trace(layer, x)
    (found,) = [each for each in alarms(traces) if each.layer == name]
    share = ((13 if reverse else T - 12) / T) / B
    assert found.kind == "state" and found.number == pytest.approx(share)
    assert f"{share:.0%} of the hidden" in str(found) and str(found).endswith("at step 12.")
    row = traces.summary().set_index("layer").loc[name]
    assert row[["saturation", "dead_units", "time_constant_median"]].isna().all()
    assert f"{name}/dead_units" not in traces.scalars()
    assert f"{name}/forget_left" not in traces.scalars()


@pytest.fixture(scope="module")
def frames() -> list[Frame]:
    settings = Settings.of(cell="lstm", hidden_size=8, epochs=3, device="cpu")
    return list(fit(settings, adding_problem(200, 10)))


def test_of_a_training_that_goes_well_nothing_is_said(frames: list[Frame]) -> None:
    for k in range(1, len(frames) + 1):
        assert alarms(frames[:k]) == ()
    assert alarms([]) == () and alarms(frames[0]) == ()


def test_on_the_recorded_runs_no_alarm_is_false() -> None:
    rung = 0
    for run in load_recordings():
        for k, frame in enumerate(run.film.frames, start=1):
            for alarm in alarms(run.film.frames[:k]):
                assert alarm.kind == "gradient"
                layer = frame.layers[alarm.layer]
                (norms,) = layer.flow_norms.values()
                shares = norms / norms[np.arange(len(norms)), layer.flow_from, None]
                assert shares[:, : alarm.values["count"]].max() < 1e-12
                rung += 1
        assert run.settings.cell.kind == "rnn_tanh" or not rung
    assert rung


TEXTBOOK = {"sine": 2, "noisy_cosine": 20, "adding": 1, "copy_memory": 2, "temporal_order": 1}
"""Experiment -> epochs of its beginning; `make validate` trains them whole."""


@pytest.mark.parametrize("name", TEXTBOOK)
def test_on_the_textbook_runs_no_alarm_is_false(name: str) -> None:
    (experiment,) = PRESETS[name].experiments
    seen: list[Frame] = []
    for frame in moments(experiment):
        if frame.epoch > TEXTBOOK[name]:
            break
        seen.append(frame)
        assert alarms(seen) == ()
    assert len(seen) >= 3


@pytest.mark.parametrize(
    ("constant_at", "said_at"),
    [
        ("*.*.*", []),  # for moments only
        ("*..***", [2.5]),
        ("******", [1.0, 1.5, 2.0, 2.5]),
        (".*****", [1.0, 1.5, 2.0, 2.5]),  # an untrained network's answers are not judged
        ("..****", [2.0, 2.5]),
    ],
)
def test_an_answer_is_constant_where_it_was_for_a_whole_epoch(
    frames: list[Frame], constant_at: str, said_at: list[float]
) -> None:
    codes = np.arange(6)[:, None] % 2
    seen, said = list[Frame](), list[float]()
    for k, mark in enumerate(constant_at):
        answers = np.zeros_like(codes) if mark == "*" else codes
        seen.append(replace(frames[0], epoch=k / 2, step=k, train_loss=1.0, forecast=answers))
        said += [k / 2] * len(alarms(seen))
    assert said == said_at


class Looked(Frame):
    """A frame that counts how often its losses are looked at."""

    def __getattribute__(self, name: str) -> object:
        if name.endswith("_loss"):
            LOOKED.append(name)
        return super().__getattribute__(name)


LOOKED: list[str] = []


def test_the_losses_of_a_long_run_are_not_all_looked_at_again_at_every_frame(
    frames: list[Frame],
) -> None:
    values = {each.name: getattr(frames[-1], each.name) for each in fields(Frame)}
    LOOKED.clear()
    assert alarms([Looked(**values)] * 1000) == ()
    assert len(LOOKED) <= 2 * (AlarmThresholds().before + 2)


def test_a_loss_that_jumps_and_one_that_is_no_number_are_told(frames: list[Frame]) -> None:
    validation = np.median([frame.validation_loss for frame in frames])
    jumped = replace(frames[-1], validation_loss=50 * validation)
    (jump,) = alarms([*frames, jumped])
    assert jump.kind == "loss" and jump.number > 10 and jump.step == jumped.step
    assert f"validation loss jumped to {50 * validation:.3g}" in said_alarm(jump)
    (broken,) = alarms([*frames, replace(frames[-1], train_loss=np.nan)])
    assert said_alarm(broken) == "The training loss is not finite."
    assert alarms([*frames, replace(frames[-1], train_loss=np.nan, restored=True)]) == ()
    first = frames[0].validation_loss
    settled = [replace(frame, validation_loss=1e-5 * first) for frame in frames]
    wandering = replace(frames[-1], validation_loss=1e-3 * first)  # far below where it began
    assert alarms([frames[0], *settled, wandering]) == ()


def test_weights_that_exploded_and_answers_that_are_constant_are_told(frames: list[Frame]) -> None:
    last = frames[-1]
    name = next(iter(last.weights))
    for value, words in ((250.0, f"up to 250 in {name}"), (np.inf, "is not finite")):
        weights = {**last.weights, name: np.full_like(last.weights[name], value)}
        (exploded,) = alarms(replace(last, weights=weights))
        assert exploded.kind == "weights" and words in said_alarm(exploded)
    constant = replace(last, forecast=np.full_like(last.forecast, 0.5))
    (answer,) = alarms(constant)
    assert answer.kind == "answer" and "lie within 0 of each other" in said_alarm(answer)
    assert alarms(replace(constant, epoch=0.9)) == ()  # it has not seen all examples once
    codes = np.ones((5, 1), np.int16)
    assert "one class for every" in said_alarm(alarms(replace(last, forecast=codes))[0])
    codes[2] = 0
    assert alarms(replace(last, forecast=codes)) == ()


def test_a_threshold_out_of_its_range_is_refused() -> None:
    with pytest.raises(ConfigError, match="near"):
        AlarmThresholds(near=0.7)


def test_a_run_of_texts_and_classes_is_judged_too() -> None:
    settings = Settings.of(cell="gru", hidden_size=6, epochs=1, device="cpu")
    (*_, last) = fit(settings, make_task("delayed_echo", {"count": 60, "bits": 10, "lag": 2}))
    assert set(kinds(alarms(last))) <= {"answer"}


def test_alarms_are_told_of_a_result_and_of_a_watchers_history() -> None:
    data = adding_problem(64, 8)
    result = fit(cell="lstm", hidden_size=4, epochs=1, dataset=data, progress=False)
    few = AlarmThresholds(weight=0.0)
    assert alarms(result, thresholds=few) == alarms([*result], thresholds=few) != ()
    stuck = traces_of(lstm(20.0))
    assert alarms((traces_of(lstm(5.0)), stuck)) == alarms(stuck) != ()
    for nothing in (nn.LSTM(D, H), 3, "frames"):
        with pytest.raises(ConfigError, match="of traces or of the frames of a run, got"):
            alarms(nothing)
