"""What a run learns from: windows of a series, or sequences of a task, as data."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

Values = npt.NDArray[np.float32]
Part = Literal["training", "validation"]
Scaling = Literal["standard", "minmax", "none"]


@dataclass(frozen=True)
class Scaler:
    """scaled = (raw - offset) / scale, fitted on the training part only."""

    offset: float = 0.0
    scale: float = 1.0

    def apply(self, raw: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
        return (raw - self.offset) / self.scale

    def invert(self, scaled: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
        return scaled * self.scale + self.offset


@dataclass(frozen=True)
class Dataset:
    """Examples (x, y), kept as what they are cut from, so that a million rows stay small.

    A series has `answers=None`: x is each `window` of consecutive rows, y the `horizon` values
    that follow. A task of separate sequences brings its answers along.
    """

    name: str
    values: Values
    """(N, D) a scaled series, or (S, T, D) separate sequences."""
    answers: Values | None
    """(S, P) what each sequence asks for; None for a series."""
    window: int
    """T, time steps the model reads."""
    horizon: int
    """P, values it predicts."""
    split: int
    """First row (or sequence) of the validation part."""
    scaler: Scaler
    """Undoes the scaling of targets and predictions."""
    input_names: tuple[str, ...]
    target_name: str
    chance: float | None = None
    """Mean squared error (scaled) of the best answer that ignores the input, where known."""

    def part(self, part: Part) -> tuple[Values, Values]:
        """(examples, T, D) inputs and (examples, P) targets of one part, as views.

        No training window reaches past the split, in its input or its target. Validation
        targets begin at the split; their inputs may read the rows just before it.
        """
        if self.answers is not None:
            chosen = slice(None, self.split) if part == "training" else slice(self.split, None)
            return self.values[chosen], self.answers[chosen]
        start, stop = (0, self.split) if part == "training" else (self.split - self.window, None)
        rows = self.values[start:stop]
        spans = sliding_window_view(rows, self.window + self.horizon, axis=0)  # (n, D, T + P)
        return spans[:, :, : self.window].transpose(0, 2, 1), spans[:, 0, self.window :]
