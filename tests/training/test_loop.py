import math

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from lstm_viz.errors import ConfigError, DivergenceError
from lstm_viz.experiments.settings import Settings
from lstm_viz.instruments.trace import trace
from lstm_viz.models.cells import CELLS
from lstm_viz.runs.film import MAX_FRAMES
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.reduced import MAX_UNITS
from lstm_viz.training.building import build
from lstm_viz.training.fit import frames_with
from lstm_viz.training.framing import frame_every
from lstm_viz.training.loop import Training
from tests.training.datasets import wave

SMALL = Settings.of(hidden_size=5, epochs=3, batch_size=16, device="cpu")


def to_the_end(training: Training) -> None:
    while not training.finished:
        training.step()


def numbers(frame: Frame) -> list[np.ndarray]:
    layer = frame.layers["recurrent.l0"]
    scalars = np.array([frame.train_loss, frame.validation_loss, frame.grad_norm])
    return [scalars, layer.hidden, layer.grad_hidden_norm, frame.forecast]


@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_learns_the_wave(cell: str) -> None:
    training = Training(SMALL.changed(cell=cell, epochs=30, learning_rate=0.02), wave())
    training.frame_every = 10**9
    first = training.frame()
    to_the_end(training)
    assert training.frame().validation_loss < first.validation_loss / 4


def test_same_seed_gives_the_same_numbers_and_another_seed_others() -> None:
    runs = [list(frames_with(SMALL.changed(seed=seed), wave())) for seed in (1, 1, 2)]
    for one, other in zip(runs[0], runs[1], strict=True):
        for a, b in zip(numbers(one), numbers(other), strict=True):
            np.testing.assert_array_equal(a, b)
    assert not np.array_equal(runs[0][-1].forecast, runs[2][-1].forecast)


def test_training_equals_a_plain_pytorch_loop() -> None:
    data = wave()
    training = Training(SMALL.changed(clip_norm=0.1, optimizer="sgd"), data)
    model = build(training.settings, data)
    optimizer = torch.optim.SGD(model.parameters(), lr=training.settings.optimiser.learning_rate)
    x, y = (torch.tensor(part.copy()) for part in data.part("training"))
    shuffle = np.random.default_rng(training.settings.budget.seed)
    norms = []
    for _ in range(2):
        for batch in torch.tensor(shuffle.permutation(len(x))).split(
            training.settings.budget.batch_size
        ):
            optimizer.zero_grad()
            functional.mse_loss(model(x[batch]), y[batch]).backward()
            norms.append(nn.utils.clip_grad_norm_(model.parameters(), 0.1).item())
            optimizer.step()
            training.step()
    for mine, plain in zip(training.model.parameters(), model.parameters(), strict=True):
        torch.testing.assert_close(mine, plain)


def test_a_frame_reports_the_clipping_of_the_steps_since_the_last() -> None:
    training, each = (Training(SMALL.changed(clip_norm=0.01), wave()) for _ in range(2))
    training.frame_every = each.frame_every = 10**9
    norms = []
    for _ in range(3):
        training.step()
        each.step()
        norms.append(each.frame().grad_norm)
    frame = training.frame()
    assert frame.grad_norm == pytest.approx(np.mean(norms))
    assert frame.update_norms is not None
    np.testing.assert_allclose(frame.update_norms[:, 0], norms, rtol=1e-6)
    np.testing.assert_allclose(frame.update_norms[:, 1], 0.01, rtol=1e-6)
    assert frame.clipped_grad_norm == pytest.approx(0.01)


def test_a_frame_is_the_trace_of_the_model_that_is_training() -> None:
    training = Training(SMALL.changed(layers=2), wave())
    training.step()
    frame = training.frame()
    expected = trace(
        training.model,
        torch.tensor(training.probe.inputs),
        loss_fn=training.probe_loss,
        targets=torch.tensor(training.probe.targets),
    )
    assert set(frame.layers) == set(expected) == {"recurrent.l0", "recurrent.l1"}
    for name, layer in expected.items():
        kept = frame.layers[name]
        np.testing.assert_allclose(kept.hidden, layer.hidden, rtol=1e-6)
        np.testing.assert_allclose(kept.gates["forget"], layer.gates["forget"], rtol=1e-6)
        np.testing.assert_array_equal(kept.grad_cell_norm, layer.grad_norm("cell"))


def test_a_samples_gradient_does_not_depend_on_the_other_samples() -> None:
    training = Training(SMALL, wave())
    inputs, targets = training.probe.inputs, training.probe.targets
    together = training.seen(inputs, targets)["layers"]["recurrent.l0"].grad_hidden_norm
    alone = training.seen(inputs[:1], targets[:1])["layers"]["recurrent.l0"].grad_hidden_norm
    np.testing.assert_allclose(together[:1], alone, rtol=1e-9)


def test_taking_frames_changes_nothing_in_the_training() -> None:
    watched, plain = Training(SMALL, wave()), Training(SMALL, wave())
    plain.frame_every = 10**9
    for _ in range(6):
        watched.step()
        watched.frame()
        plain.step()
    for one, other in zip(watched.model.parameters(), plain.model.parameters(), strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=0)


def test_the_global_random_state_is_left_alone() -> None:
    before = torch.get_rng_state()
    list(frames_with(SMALL, wave()))
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize("bias", [-1.0, 0.0, 3.0])
def test_the_forget_bias_is_one_number(bias: float) -> None:
    lstm = build(SMALL.changed(forget_bias=bias, layers=2), wave()).recurrent
    for layer in range(2):
        total = getattr(lstm, f"bias_ih_l{layer}") + getattr(lstm, f"bias_hh_l{layer}")
        assert total[5:10].detach().numpy() == pytest.approx(bias)


@pytest.mark.parametrize("optimizer", ["adam", "rmsprop", "sgd"])
def test_divergence_says_when_and_what_to_change_and_keeps_good_weights(optimizer: str) -> None:
    settings = SMALL.changed(
        cell="rnn_relu", optimizer=optimizer, learning_rate=10.0, clip_norm=0.0, epochs=2000
    )
    training = Training(settings, wave())
    with pytest.raises(DivergenceError, match=r"at update \d+ .*learning rate below 10"):
        to_the_end(training)
    assert all(bool(p.isfinite().all()) for p in training.model.parameters())


def test_a_run_can_be_trained_further() -> None:
    training = Training(SMALL, wave())
    to_the_end(training)
    training.extend(2)
    to_the_end(training)
    assert training.step_number == 5 * training.steps_per_epoch


@pytest.mark.parametrize(
    ("epochs", "per_epoch", "frames"),
    [
        (1, 1, 1),
        (1, 1000, 59),
        (10, 31, 52),
        (60, 25, 60),
        (119, 9, 119),
        (1000, 11, 100),
        (5000, 1, 100),
    ],
)
def test_a_plan_gives_a_bounded_number_of_frames(epochs: int, per_epoch: int, frames: int) -> None:
    assert math.ceil(epochs * per_epoch / frame_every(epochs, per_epoch)) == frames
    assert frames + 1 <= MAX_FRAMES, "with the frame of step 0"


def test_a_wide_layer_keeps_evenly_spaced_units_and_norms_over_all() -> None:
    training = Training(SMALL.changed(hidden_size=200, epochs=1), wave())
    layer = training.frame().layers["recurrent.l0"]
    assert layer.hidden.shape[-1] == len(layer.units) == MAX_UNITS
    assert (layer.units[0], layer.units[-1]) == (0, 199)
    assert set(np.diff(layer.units)) <= {3, 4}


def test_a_device_the_machine_lacks_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match="no device 'abacus'"):
        Training(SMALL.changed(device="abacus"), wave())
