"""Answers, accuracy and free-running forecasts, each against a plain loop over rows."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from lstm_viz.data.dataset import Dataset
from lstm_viz.errors import ConfigError
from lstm_viz.experiments.settings import Settings
from lstm_viz.models.network import Network
from lstm_viz.training import predicting
from lstm_viz.training.building import build
from tests.training.datasets import of_kind, wave, waves

SMALL = Settings.of(hidden_size=5, spectral_radius=1.5, device="cpu")
COLUMNS = ("a", "b", "c")


def model_of(dataset: Dataset, **settings) -> Network:
    return build(SMALL.changed(**settings), dataset)


@torch.no_grad()
def by_hand(model: Network, dataset: Dataset, origin: int, steps: int) -> np.ndarray:
    """A free run of one series, as its definition reads."""
    model.eval()
    rows = [torch.tensor(row) for row in dataset.values[:origin]]
    while len(rows) < origin + steps:
        answer = model(torch.stack(rows[-dataset.window :])[None])[0]
        rows.extend(answer.reshape(dataset.horizon, -1))
    return torch.stack(rows[origin : origin + steps]).numpy()


@pytest.mark.parametrize("horizon", [1, 4])
@pytest.mark.parametrize("settings", [{}, {"cell": "gru", "conv_channels": 3, "dropout": 0.5}])
def test_a_free_run_feeds_every_forecast_back(horizon: int, settings: dict) -> None:
    data = waves(horizon, COLUMNS)
    model = model_of(data, **settings)
    origins, steps = [data.window, 50, len(data.values)], 10
    runs = predicting.free_run(model, data, origins, steps)
    assert runs.shape == (3, steps, 3)
    for run, origin in zip(runs, origins, strict=True):
        np.testing.assert_allclose(run, by_hand(model, data, origin, steps), rtol=1e-4, atol=1e-6)


def test_of_no_more_steps_than_the_horizon_any_network_forecasts_all_at_once() -> None:
    data = replace(waves(4, COLUMNS), target_names=("a",))
    model = model_of(data, bidirectional=True)
    origins = [data.window, 41, len(data.values)]
    ahead = predicting.free_run(model, data, origins, 3)
    windows = np.stack([data.values[row - data.window : row] for row in origins])
    at_once = predicting.outputs(model, windows).numpy()
    np.testing.assert_array_equal(ahead[:, :, 0], at_once[:, :3])
    with pytest.raises(ConfigError, match="Train without 'bidirectional'"):
        predicting.free_run(model, data, origins, 5)


@pytest.mark.parametrize("horizon", [1, 4])
def test_a_free_run_never_reads_a_row_from_its_origin_on(horizon: int) -> None:
    data, origin = waves(horizon, COLUMNS), 60
    model = model_of(data)
    changed = data.values.copy()
    changed[origin:] = np.nan
    run, other = (
        predicting.free_run(model, each, [origin], 30)
        for each in (data, replace(data, values=changed))
    )
    np.testing.assert_array_equal(run, other)
    changed[origin - 1] += 1
    assert not np.array_equal(
        run, predicting.free_run(model, replace(data, values=changed), [origin], 30)
    )


@pytest.mark.parametrize(
    ("dataset", "settings", "origin", "fragment"),
    [
        (of_kind("numbers"), {}, 10, "Only a series"),
        (of_kind("text"), {}, 20, "Only a series"),
        (waves(), {}, 20, "Make them targets, or leave them out"),
        (wave(), {"bidirectional": True}, 20, "Train without 'bidirectional'"),
        (wave(), {}, 7, "at rows 8 to 80, .* got 7"),
        (wave(), {}, 81, "after a whole window of known ones, got 81"),
    ],
)
def test_a_free_run_that_cannot_be_is_refused_in_words(
    dataset: Dataset, settings: dict, origin: int, fragment: str
) -> None:
    with pytest.raises(ConfigError, match=fragment):
        predicting.free_run(model_of(dataset, **settings), dataset, [origin], 5)


@pytest.mark.parametrize("count", [0, 1, 3, 8])
def test_any_number_of_examples_is_answered_as_one_by_one(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = of_kind("numbers")
    model = model_of(data, dropout=0.5).train()
    monkeypatch.setattr(predicting, "evaluated_at_once", lambda _bytes_each: 3)
    x = data.values[:count]
    output = predicting.outputs(model, x)
    assert output.shape == (count, 1)
    assert model.training, "it is put back as it was"
    model.eval()
    for answer, example in zip(output, x, strict=True):
        torch.testing.assert_close(answer, model(torch.tensor(example)[None])[0].detach())


def test_answers_are_numbers_probabilities_or_codes() -> None:
    output = torch.tensor([[2.0], [-1.0]])
    np.testing.assert_array_equal(predicting.answers(output, "regression"), output.numpy())
    expected = 1 / (1 + np.exp(-output.numpy()))
    np.testing.assert_allclose(predicting.answers(output, "binary"), expected, rtol=1e-6)
    classes = torch.tensor([[0.1, 0.9, 0.3], [3.0, 0.0, -1.0]])
    assert predicting.answers(classes, "classes").tolist() == [[1], [0]]
    assert predicting.answers(classes[None], "classes").tolist() == [[1, 0]]


def test_accuracy_counts_what_is_judged() -> None:
    random = np.random.default_rng(0)
    output = torch.tensor(random.normal(size=(6, 7, 3)))
    truth = random.integers(-1, 3, size=(6, 7)).astype(np.int16)
    judged = (random.random((6, 7)) < 0.4) & (truth >= 0)
    for mask, of in ((judged, judged), (None, truth >= 0)):
        right = [
            int(output[s, t].argmax()) == truth[s, t]
            for s in range(6)
            for t in range(7)
            if of[s, t]
        ]
        counted = predicting.accuracy(output, truth, "classes", mask)
        assert counted == pytest.approx(sum(right) / len(right))


def test_two_classes_are_told_apart_at_one_half_and_numbers_have_no_accuracy() -> None:
    output, truth = torch.tensor([[2.0], [-1.0], [0.5], [-3.0]]), np.float32([[1], [1], [0], [0]])
    assert predicting.accuracy(output, truth, "binary", None) == 0.5
    assert np.isnan(predicting.accuracy(output, truth, "regression", None))
