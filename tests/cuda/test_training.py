"""Runs on a GPU: the same numbers twice, nearly the CPU's, and nobody else's run disturbed."""

from typing import Any

import numpy as np
import pytest
import torch

from lstm_viz.errors import TrainerError
from lstm_viz.experiments.presets import PRESETS
from lstm_viz.models.cells import CELLS
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.mishaps import OUT_OF_MEMORY
from lstm_viz.training import questions
from lstm_viz.training.fit import frames_with
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.training.loop import Training
from tests.runs.pools import goes_on, pool, training
from tests.runs.waiting import LONG, ended, until
from tests.training.datasets import KINDS, of_kind, wave
from tests.training.test_loop import SMALL, numbers

CUDA = SMALL.changed(device="cuda")


def assert_alike(runs: list[list[Frame]], **tolerance: float) -> None:
    for one, other in zip(*runs, strict=True):
        for a, b in zip(numbers(one), numbers(other), strict=True):
            np.testing.assert_allclose(a, b, **tolerance)


@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_gives_the_same_numbers_twice_and_nearly_the_cpus(cell: str) -> None:
    settings = CUDA.changed(cell=cell, epochs=2, layers=2)
    once, again, cpu = (
        list(frames_with(settings.changed(device=name), wave())) for name in ("cuda", "cuda", "cpu")
    )
    assert_alike([once, again], rtol=0, atol=0)
    assert_alike([once, cpu], rtol=2e-2, atol=1e-3)


@pytest.mark.parametrize(
    "changes",
    [
        {"dropout": 0.5, "layers": 2},
        {"cell": "lstm_variant", "zoneout": 0.3, "forget_bias": 1.0},
        {"readout": "attention", "bidirectional": True},
        {"readout": "mean", "cell": "gru", "optimizer": "rmsprop", "loss": "mae"},
        {"patience": 1, "schedule": "plateau", "l1": 1e-4, "clip_norm": 0.1},
    ],
)
def test_a_run_depends_on_no_neighbour_and_leaves_the_process_its_numbers(
    changes: dict[str, Any],
) -> None:
    settings = CUDA.changed(epochs=2, **changes)
    alone, neighbours = Training(settings, wave()), [Training(settings, wave()) for _ in range(2)]
    before = torch.cuda.get_rng_state()
    while not alone.finished:
        alone.step()
    while not all(each.finished for each in neighbours):
        for each in neighbours:
            if not each.finished:
                each.step()
    assert torch.equal(before, torch.cuda.get_rng_state())
    wanted = alone.model.state_dict()
    for each in neighbours:
        assert all(torch.equal(part, wanted[key]) for key, part in each.model.state_dict().items())


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_problem_is_trained_and_asked(kind: str) -> None:
    data = of_kind(kind)
    trainer = InProcessTrainer()
    untrained = trainer.ask("untrained", settings=CUDA, dataset=data)
    assert untrained["device"] == "cuda" and untrained["seconds"] > 0
    run = trainer.run(trainer.submit(CUDA.changed(epochs=1), data))
    trainer.advance()
    assert (run.state, run.device) == ("finished", "cuda")
    assert len(trainer.ask("predict", run=run.id, part="validation"))
    frame = run.film.since(-1)[-1]
    inputs, targets = run.probe.inputs[:1], run.probe.targets[:1]
    layer = next(iter(frame.layers))
    anatomy = trainer.ask("anatomy", run=run.id, layer=layer, inputs=inputs, targets=targets)
    np.testing.assert_allclose(anatomy.forward["h"], frame.layers[layer].hidden[0], atol=1e-5)


@pytest.mark.parametrize("name", PRESETS)
def test_the_experiments_are_as_large_as_they_are_on_a_gpu(name: str) -> None:
    """Untrained, and three steps: each fits."""
    from lstm_viz.data.resolved import dataset_of

    preset = PRESETS[name]
    settings = preset.run.changed(**preset.on_gpu, device="cuda")
    found = questions.untrained(settings, dataset_of(preset.data))
    assert found["diverged"] is None and np.isfinite(found["frame"].validation_loss)


def test_memory_of_the_gpu_that_runs_out_ends_that_run_alone() -> None:
    trainer = InProcessTrainer()
    small = trainer.run(trainer.submit(LONG.changed(device="cuda"), wave()))
    trainer.advance(slices=1)
    torch.cuda.empty_cache()
    total = torch.cuda.get_device_properties(0).total_memory
    torch.cuda.set_per_process_memory_fraction((torch.cuda.memory_reserved() + 32e6) / total)
    try:
        large = CUDA.changed(hidden_size=512, layers=4, batch_size=64, epochs=50)
        run = trainer.run(trainer.submit(large, wave(4000, 400)))
        until(trainer, lambda: ended(run))
        assert (run.state, run.message.template) == ("failed", OUT_OF_MEMORY)
        with pytest.raises(TrainerError, match="more memory"):
            trainer.ask("untrained", settings=large, dataset=wave(4000, 400))
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
    goes_on(trainer, small)


def test_trainers_in_processes_use_it_side_by_side_under_their_ceilings() -> None:
    with pool(workers=2) as trainer:
        runs = [training(trainer, device="cuda", seed=seed) for seed in range(4)]
        assert trainer.devices[0] == "cuda"
        for run in runs:
            goes_on(trainer, run)
        wide = training(trainer, device="cuda", hidden_size=256, layers=2, dataset=wave(900, 100))
        found = trainer.ask("untrained", settings=CUDA, dataset=wave(), seconds=100)
        assert found["device"] == "cuda"
        done = trainer.run(trainer.submit(CUDA, wave()))
        until(trainer, lambda: ended(done))
        assert done.state == "finished"
        for run in (*runs, wide):
            goes_on(trainer, run)
