"""Anatomies through a trainer: of a run's model, of settings, of kept weights."""

from pathlib import Path

import numpy as np
import pytest

from lstm_viz.data.dataset import Dataset
from lstm_viz.experiments.settings import Settings
from lstm_viz.instruments.anatomy import Anatomy
from lstm_viz.runs import recordings, wire
from lstm_viz.runs.film import size_of
from lstm_viz.runs.reduced import MAX_UNITS
from lstm_viz.runs.run import Run
from lstm_viz.training import loop, questions
from lstm_viz.training.inprocess import InProcessTrainer
from tests.training.datasets import KINDS, of_kind, wave

SMALL = Settings.of(hidden_size=5, epochs=1, batch_size=16, device="cpu")


def trained(dataset: Dataset, settings: Settings = SMALL) -> tuple[InProcessTrainer, Run]:
    trainer = InProcessTrainer()
    run = trainer.run(trainer.submit(settings, dataset))
    trainer.advance()
    return trainer, run


def about(run: Run) -> dict[str, object]:
    probe = run.examples
    return {"layer": "recurrent.l0", "inputs": probe.inputs[:1], "targets": probe.targets[:1]}


@pytest.mark.parametrize("kind", KINDS)
def test_an_anatomy_shows_what_the_newest_frame_shows(kind: str) -> None:
    trainer, run = trained(of_kind(kind))
    found: Anatomy = trainer.ask("anatomy", run=run.id, **about(run))
    layer = run.film.frames[-1].layers["recurrent.l0"]
    for gate, values in layer.gates.items():
        np.testing.assert_allclose(found.forward[gate], values[0], rtol=1e-5, atol=1e-6)
    norms = np.linalg.norm(found.backward["dc"], axis=1)
    np.testing.assert_allclose(norms, layer.grad_cell_norm[0], rtol=1e-6)


def test_kept_weights_give_the_trained_network_and_none_the_untrained_one() -> None:
    trainer, run = trained(wave())
    now = trainer.ask("anatomy", run=run.id, **about(run)).forward["c"]
    weights = trainer.ask("weights", run=run.id)
    settings = {"settings": run.settings, "dataset": run.dataset, **about(run)}
    kept = trainer.ask("anatomy_of", **settings, weights=weights).forward["c"]
    np.testing.assert_allclose(kept, now, rtol=1e-12)
    fresh = trainer.ask("anatomy_of", **settings).forward["c"]
    first = run.film.frames[0].layers["recurrent.l0"].cell
    np.testing.assert_allclose(fresh, first[0], rtol=1e-5, atol=1e-6)
    assert np.abs(fresh - now).max() > 1e-3


@pytest.mark.parametrize("kind", KINDS)
def test_a_moment_keeps_the_model_that_it_shows(kind: str) -> None:
    trainer, run = trained(of_kind(kind))
    before = trainer.ask("weights", run=run.id)
    settings = {"settings": run.settings, "dataset": run.dataset, **about(run)}
    for frame in (run.film.frames[0], run.film.frames[len(run.film.frames) // 2]):
        layer = frame.layers["recurrent.l0"]
        for found in (
            trainer.ask("anatomy", run=run.id, **about(run), weights=frame.weights),
            trainer.ask("anatomy_of", **settings, weights=frame.weights),
        ):
            np.testing.assert_allclose(found.forward["c"], layer.cell[0], rtol=1e-5, atol=1e-6)
            norms = np.linalg.norm(found.backward["dc"], axis=1)
            np.testing.assert_allclose(norms, layer.grad_cell_norm[0], rtol=1e-6)
    for name, values in trainer.ask("weights", run=run.id).items():
        np.testing.assert_array_equal(values, before[name], err_msg="asking changes nothing")


def test_the_weights_of_a_large_model_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = trained(wave())[1].film
    assert all(frame.weights is not None for frame in kept.frames)
    monkeypatch.setattr(loop, "MAX_WEIGHTS", 10)
    without = trained(wave())[1].film
    assert all(frame.weights is None for frame in without.frames)
    counted = sum(values.nbytes for values in kept.frames[0].weights.values())
    assert size_of(kept.frames[0]) == size_of(without.frames[0]) + counted


def test_a_recording_keeps_the_weights_of_every_moment(tmp_path: Path) -> None:
    _trainer, run = trained(wave())
    path = tmp_path / "wave.run.gz"
    recordings.save(run, path)
    for frame, loaded in zip(run.film.frames, recordings.load(path).film.frames, strict=True):
        assert loaded.weights is not None and loaded.weights.keys() == frame.weights.keys()
        for name, values in frame.weights.items():
            np.testing.assert_array_equal(loaded.weights[name], values)
            assert values.dtype == np.float32


def test_an_answer_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "MAX_STEPS", 3)
    settings = SMALL.changed(hidden_size=MAX_UNITS + 20)
    trainer, run = trained(wave(), settings)
    found: Anatomy = trainer.ask("anatomy", run=run.id, **about(run))
    units = run.film.frames[-1].layers["recurrent.l0"].units
    np.testing.assert_array_equal(found.units, units)
    assert (found.hidden_size, found.first) == (MAX_UNITS + 20, wave().window - 3)
    shapes = {values.shape for values in (*found.forward.values(), *found.backward.values())}
    assert shapes == {(3, MAX_UNITS)}
    kept = run.film.frames[-1].layers["recurrent.l0"].cell[0, -3:]
    np.testing.assert_allclose(found.forward["c"], kept, rtol=1e-5, atol=1e-6)


def test_an_anatomy_travels() -> None:
    trainer, run = trained(wave())
    found: Anatomy = trainer.ask("anatomy", run=run.id, **about(run))
    again = wire.unpack(wire.pack(found))
    assert again.forward.keys() == found.forward.keys()
    np.testing.assert_array_equal(again.backward["dc"], found.backward["dc"])
    assert (again.kind, again.first, again.reverse) == ("lstm", 0, False)
