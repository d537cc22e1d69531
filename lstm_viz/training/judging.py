"""What a model's answers to the measured validation examples are worth."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from lstm_viz.data.dataset import Dataset, Values
from lstm_viz.training import optimising, predicting


@dataclass(frozen=True, eq=False)
class Judgement:
    """Losses and errors of n examples."""

    loss: float
    """Mean over all answers that are asked for."""
    accuracy: float
    """Share of right answers among those judged; NaN where numbers are asked for."""
    mae: float
    """Mean absolute error; NaN where classes are asked for."""
    losses: Values
    """(n,) float32: each example's mean loss."""
    errors: Values
    """(n,) float32: each example's mean absolute error, or its share of wrong answers."""


class Judge:
    """Holds the examples `Dataset.measured` and their answers."""

    def __init__(self, dataset: Dataset, loss: optimising.Loss) -> None:
        self.places = dataset.measured
        _, y = dataset.part("validation")
        judged = dataset.judged_part("validation")
        self._answers: Values = y[self.places]
        self._judged = None if judged is None else judged[self.places]
        self._problem, self._loss = dataset.problem, loss

    def __call__(self, output: Tensor) -> Judgement:
        """What the network's output for them is worth, in their order."""
        truth = torch.from_numpy(self._answers)
        asked = optimising.scored(truth, self._problem)
        losses, errors = self._loss(output.double(), truth), self._errors(output)
        return Judgement(
            loss=optimising.mean_loss(losses, asked).item(),
            accuracy=predicting.accuracy(output, self._answers, self._problem, self._judged),
            losses=optimising.sample_losses(losses, asked).float().numpy(),
            mae=float(errors.mean()) if self._problem == "regression" else math.nan,
            errors=errors,
        )

    def _errors(self, output: Tensor) -> Values:
        given, truth = predicting.answers(output, self._problem), self._answers
        if self._problem == "regression":
            return np.asarray(np.abs(given - truth).mean(axis=1), np.float32)
        if self._problem == "binary":
            return np.asarray((given > 0.5) != (truth > 0.5), np.float32)[:, 0]
        counted = truth >= 0 if self._judged is None else self._judged
        wrong = ((given != truth) & counted).sum(axis=1)
        return np.asarray(wrong / np.maximum(counted.sum(axis=1), 1), np.float32)
