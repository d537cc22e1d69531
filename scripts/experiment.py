"""A network trained on sequences that are made as they are needed: no epoch, no part."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Tensor, nn

from lstm_viz.data.dataset import Dataset
from lstm_viz.data.parameters import complete
from lstm_viz.data.tasks.catalogue import TASKS
from lstm_viz.experiments.settings import Settings
from lstm_viz.training import optimising, predicting
from lstm_viz.training.building import build

TRAINING_SEED, TEST_SEED = 1000, 999
TESTED = 1000
"""Fresh sequences on which a network is judged."""
POOL = 20_000
"""Sequences that are made at once; a fresh pool follows when they are used up."""


@dataclass(frozen=True)
class Experiment:
    """A network on a task, trained on fresh sequences for a number of iterations."""

    task: str
    parameters: dict[str, float]
    settings: Settings
    iterations: int
    change: Callable[[Dataset], Dataset] = field(default=lambda dataset: dataset)
    """Made of every pool of sequences."""
    prepare: Callable[[nn.Module], object] = field(default=lambda layer: layer)
    """Done to the untrained recurrent layer."""
    tested_on: dict[str, float] = field(default_factory=dict)
    """Parameters of the task that differ in the test."""
    halve_every: int = 0
    """Iterations after which the learning rate is halved; 0 for never."""

    def dataset(self, seed: int, count: int, **more: float) -> Dataset:
        """Sequences of the task."""
        parameters = {**self.parameters, **more, "count": count}
        return self.change(TASKS[self.task].dataset(parameters, seed))

    def batches(self, seed: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Fresh sequences without end."""
        size = self.settings.budget.batch_size
        for pool in range(10**9):
            task = TASKS[self.task]
            length = task.steps(complete(task.parameters, self.parameters))
            count = min(POOL, 4_000_000 // length // 10 * 10)
            data = self.dataset(TRAINING_SEED + 1000 * seed + pool, count)
            x, y = torch.from_numpy(data.values), torch.from_numpy(data.answers)
            for k in range(0, len(x) - size + 1, size):
                yield x[k : k + size], y[k : k + size]

    def run(self, seed: int) -> Iterator[tuple[int, Callable[[], float]]]:
        """Train; yields (iteration, what measures the score now) after each iteration.

        The score is the mean squared error, or the share of right answers.
        """
        settings = self.settings.changed(seed=seed)
        judge = self.dataset(TEST_SEED, TESTED, **self.tested_on)
        model = build(settings, judge)
        self.prepare(model.recurrent)
        optimizer = optimising.optimizer_of(settings, model)
        loss_of = optimising.loss_of(settings, judge)

        def score() -> float:
            output = predicting.outputs(model, judge.values)
            if judge.problem == "regression":
                return float(((output.numpy() - judge.answers) ** 2).mean())
            return predicting.accuracy(output, judge.answers, judge.problem, judge.judged)

        batches = self.batches(seed)
        for iteration in range(1, self.iterations + 1):
            x, y = next(batches)
            asked = optimising.scored(y, judge.problem)
            loss = optimising.mean_loss(loss_of(model(x), y), asked)
            optimizer.zero_grad()
            loss.backward()
            optimising.clip(model, settings)
            optimizer.step()
            if self.halve_every and iteration % self.halve_every == 0:
                for group in optimizer.param_groups:
                    group["lr"] /= 2
            yield iteration, score

    def final(self, seed: int) -> float:
        """The score after all iterations."""
        *_, (_iteration, score) = self.run(seed)
        return score()

    def solved_at(self, seed: int, solved: Callable[[float], bool], every: int) -> int | float:
        """First checked iteration with a score that solves the task, else the last score."""
        score = float("nan")
        for iteration, measure in self.run(seed):
            if iteration % every == 0:
                score = measure()
                if solved(score):
                    return iteration
        return score


def signed(dataset: Dataset) -> Dataset:
    """The adding problem with values in U(-1, 1) in place of U(0, 1)."""
    values = dataset.values * np.array([2, 1], np.float32) - np.array([1, 0], np.float32)
    assert dataset.answers is not None
    return replace(dataset, values=values, answers=2 * dataset.answers - 2)


@torch.no_grad()
def shut_input_gate(layer: nn.Module) -> None:
    """Input-gate bias -1: gates of 1997 packed input, candidate, output."""
    size = layer.hidden_size
    layer.bias_ih_l0[:size] = -1.0
    layer.bias_hh_l0[:size] = 0.0
