"""A run of each kind of problem: frames of the documented shapes, which survive the wire."""

from functools import cache

import numpy as np
import pytest
import torch
from torch.nn import functional

from lstm_viz.data.dataset import NOT_SCORED, Dataset, Part
from lstm_viz.data.tasks.catalogue import make_task
from lstm_viz.experiments.settings import Settings
from lstm_viz.models.network import Network
from lstm_viz.runs import wire
from lstm_viz.runs.frames import Frame, Probe
from lstm_viz.training import loop, predicting
from lstm_viz.training.building import build
from lstm_viz.training.fit import frames_with
from lstm_viz.training.framing import PROBE_SAMPLES
from lstm_viz.training.loop import WRITTEN, Training
from tests.runs.test_wire import same
from tests.training.datasets import KINDS, of_kind, wave, waves

SMALL = Settings.of(hidden_size=5, epochs=2, batch_size=16, learning_rate=0.02, device="cpu")


@cache
def run_of(kind: str) -> tuple[Training, list[Frame]]:
    training = Training(SMALL, of_kind(kind))
    frames = [training.frame()]
    while not training.finished:
        frame = training.step()
        frames += [] if frame is None else [frame]
    return training, frames


@pytest.mark.parametrize("kind", KINDS)
def test_frames_have_the_documented_shapes(kind: str) -> None:
    training, frames = run_of(kind)
    data, probe = of_kind(kind), training.probe
    x, y = data.part("validation")
    B, T = PROBE_SAMPLES, data.window
    assert probe.inputs.shape == (B, T, data.values.shape[-1])
    assert probe.targets.shape == (B, y.shape[1])
    assert len(frames) > 2
    for frame in frames:
        layer = frame.layers["recurrent.l0"]
        assert layer.hidden.shape == layer.cell.shape == (B, T, 5)
        assert {gate.shape for gate in layer.gates.values()} == {(B, T, 5)}
        assert layer.grad_hidden_norm.shape == layer.grad_cell_norm.shape == (B, T)
        assert frame.forecast.shape == probe.forecast_targets.shape
        assert np.isfinite(frame.validation_loss)
        assert frame.attention is None
    assert len(frames[0].forecast) == min(len(x), 20 if data.every_step else 200)


@pytest.mark.parametrize("kind", KINDS)
def test_frames_and_probe_survive_the_wire(kind: str) -> None:
    training, frames = run_of(kind)
    for value in (training.probe, *frames):
        assert same(value, wire.unpack(wire.pack(value)))


@pytest.mark.parametrize("kind", KINDS)
def test_forecasts_are_answers_of_their_kind(kind: str) -> None:
    data, forecast = of_kind(kind), run_of(kind)[1][-1].forecast
    if data.problem == "classes":
        assert forecast.dtype == np.int16
        assert set(np.unique(forecast)) <= set(range(len(data.classes)))
    elif data.problem == "binary":
        assert ((forecast > 0) & (forecast < 1)).all()
    else:
        assert forecast.dtype == np.float32


def scores(model: Network, data: Dataset, part: Part) -> tuple[float, float]:
    """(loss, accuracy) over a whole part, by PyTorch and plain counting."""
    x, y = (torch.tensor(array.copy()) for array in data.part(part))
    with torch.no_grad():
        output = model.eval()(x).double()
    match data.problem:
        case "regression":
            return functional.mse_loss(output, y.double()).item(), np.nan
        case "binary":
            loss = functional.binary_cross_entropy_with_logits(output, y.double())
            return loss.item(), ((output > 0) == (y == 1)).double().mean().item()
    answers = y.long().flatten()
    output = output.flatten(0, -2)
    asked = answers != NOT_SCORED
    right = output.argmax(dim=-1)[asked] == answers[asked]
    loss = functional.cross_entropy(output[asked], answers[asked])
    return loss.item(), right.double().mean().item()


@pytest.mark.parametrize("kind", KINDS)
def test_validation_is_pytorchs_loss_and_plain_counting(kind: str) -> None:
    training, frames = run_of(kind)
    loss, accuracy = scores(training.model, training.dataset, "validation")
    assert frames[-1].validation_loss == pytest.approx(loss, rel=1e-5)
    assert frames[-1].validation_accuracy == pytest.approx(accuracy, nan_ok=True)


@pytest.mark.parametrize("kind", KINDS)
def test_two_epochs_teach_something(kind: str) -> None:
    data = of_kind(kind)
    before, after = (
        scores(model, data, "training")[0] for model in (build(SMALL, data), run_of(kind)[0].model)
    )
    assert after < before


@pytest.mark.parametrize("kind", KINDS)
def test_a_probes_gradient_ends_where_its_last_answer_is_asked(kind: str) -> None:
    training, frames = run_of(kind)
    norms = frames[0].layers["recurrent.l0"].grad_hidden_norm
    assert (norms[:, -1] > 0).all()
    assert np.isfinite(norms).all()
    data = training.dataset
    inputs = training.probe.inputs
    if data.every_step:  # ask at the third step alone: what comes after has no part in it
        asked = np.full((len(inputs), data.window), NOT_SCORED, np.int16)
        asked[:, 2] = 0
        norms = training.seen(inputs, asked)["layers"]["recurrent.l0"].grad_hidden_norm
        assert (norms[:, :3] > 0).all()
        assert (norms[:, 3:] == 0).all()


@pytest.mark.parametrize("kind", KINDS)
def test_only_a_text_writes_and_only_a_series_runs_free(kind: str) -> None:
    _, frames = run_of(kind)
    assert {len(frame.written) for frame in frames} == {WRITTEN if kind == "text" else 0}
    assert frames[-1].free_running is None, "of three columns only two are forecast"


def test_a_series_runs_free_at_the_start_at_the_end_and_some_times_between(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loop, "FREE_RUNS", 3)
    data = waves(horizon=2, targets=("a", "b", "c"))
    frames = list(frames_with(SMALL, data))
    kept = [number for number, frame in enumerate(frames) if frame.free_running is not None]
    assert len(frames) == 1 + 14
    assert kept == [0, 5, 10, 14]
    assert frames[-1].free_running.shape == (len(data.values) - data.split, 3)


def test_a_free_run_of_a_frame_starts_at_the_split() -> None:
    training = Training(SMALL, wave())
    expected = predicting.free_run(training.model, wave(), [60], 20)[0]
    np.testing.assert_array_equal(training.frame().free_running, expected)


@pytest.mark.parametrize("bidirectional", [False, True])
def test_attention_of_a_frame_is_the_networks_own(bidirectional: bool) -> None:
    settings = SMALL.changed(readout="attention", bidirectional=bidirectional, layers=2)
    training = Training(settings, of_kind("numbers"))
    kept = training.frame().attention
    model = training.model.eval()
    with torch.no_grad():
        hidden = model.recurrent(torch.tensor(training.probe.inputs))[0]
        expected = model.attention(hidden).numpy()
    np.testing.assert_allclose(kept, expected, rtol=1e-4)
    np.testing.assert_allclose(kept.sum(axis=1), 1, rtol=1e-6)


def test_a_probe_is_validation_and_evenly_spread() -> None:
    data = of_kind("numbers")
    probe: Probe = Training(SMALL, data).probe
    x, y = data.part("validation")
    index = [0, 3, 7, 11]
    np.testing.assert_array_equal(probe.inputs, x[index])
    np.testing.assert_array_equal(probe.targets, y[index])
    np.testing.assert_array_equal(probe.forecast_targets, y)
    assert probe.judged is None
    reber = make_task("reber", {"count": 60, "length": 20})
    judged = Training(SMALL, reber).probe.judged
    np.testing.assert_array_equal(judged, reber.judged_part("validation")[index])
