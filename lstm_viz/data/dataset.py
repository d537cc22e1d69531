"""What a run learns from: windows of a series or text, or sequences of a task, as data."""

import hashlib
import math
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from lstm_viz.data.preparing.difference import Difference

Values = npt.NDArray[Any]
"""float32, or codes (uint8) of symbols."""
Part = Literal["training", "validation", "test"]
PARTS: tuple[Part, ...] = get_args(Part)
Problem = Literal["regression", "binary", "classes"]
Scaling = Literal["standard", "minmax", "robust", "none"]

KEPT_DIGITS = 6
"""Decimal digits of a column's scale that float32 keeps of its values."""
NOT_SCORED = -1
"""The answer at a step that no loss and no score looks at."""
VALIDATION_EXAMPLES = 512
"""Validation losses and scores are means over at most this many evenly spaced examples."""


@dataclass(frozen=True)
class Scaler:
    """scaled = (raw - offset) / scale, column by column, fitted on the training part only."""

    offsets: tuple[float, ...] = (0.0,)
    scales: tuple[float, ...] = (1.0,)

    def apply(self, raw: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
        """(..., D) raw to scaled."""
        return np.asarray((raw - np.array(self.offsets)) / np.array(self.scales))

    def invert(self, scaled: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
        """(..., K) back to raw units, K the first columns: the targets."""
        count = scaled.shape[-1]
        if len(self.scales) == 1:
            return np.asarray(scaled * self.scales[0] + self.offsets[0])
        return np.asarray(scaled * np.array(self.scales[:count]) + np.array(self.offsets[:count]))


@dataclass(frozen=True)
class Dataset:
    """Examples (x, y), kept as what they are cut from, so that a million rows stay small.

    A series or a text has `answers=None`: x is each `window` of consecutive rows, y what
    follows. A task of separate sequences brings its answers along.
    """

    name: str
    values: Values
    """(N, D) a scaled series, the targets' columns first; (N, 1) the codes of a text; or
    (S, T, D) separate sequences, D = 1 where they are codes."""
    answers: Values | None
    """What each sequence asks for; None for a series or a text.

    regression: (S, P) float32; binary: (S, 1) float32 of 0 and 1; classes: (S, 1) codes, or
    (S, T) codes for an answer at every step, `NOT_SCORED` where none is asked for.
    """
    window: int
    """T, time steps the model reads."""
    horizon: int
    """Steps it predicts ahead; 1 for a task."""
    split: int
    """First row (or sequence) of the validation part."""
    scaler: Scaler
    """Undoes the scaling of targets and predictions."""
    input_names: tuple[str, ...]
    target_names: tuple[str, ...]
    """K names; of a series they are its first K columns."""
    test_split: int
    """First row (or sequence) of the test part, which no training decision ever sees."""
    problem: Problem = "regression"
    every_step: bool = False
    """Whether an answer is asked for at every step, and not after the last one alone."""
    symbols: tuple[str, ...] = ()
    """What the codes in `values` stand for; empty where they are numbers."""
    classes: tuple[str, ...] = ()
    """What the answers stand for; two of a binary problem."""
    judged: npt.NDArray[np.bool_] | None = None
    """(S, T) the steps that the score looks at; None for all that are scored."""
    stride: int = 1
    """Rows from the start of one window to the next."""
    index_name: str = ""
    index: npt.NDArray[Any] | None = None
    """(N,) float64 or datetime64 labels of a series' rows; None counts them."""
    differences: tuple[Difference, ...] = ()
    levels: npt.NDArray[np.float64] | None = None
    """As in `Series`: the targets before steps changed them, which undoes the steps."""

    @cached_property
    def fingerprint(self) -> str:
        """The same for the same content, wherever it was made."""
        digest = hashlib.blake2b(digest_size=16)
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, np.ndarray):
                digest.update(f"{each.name}{value.dtype.str}{value.shape}".encode())
                digest.update(np.ascontiguousarray(value).reshape(-1).view(np.uint8).data)
            else:
                digest.update(f"{each.name}{value!r}".encode())
        return digest.hexdigest()

    @property
    def nbytes(self) -> int:
        """Bytes of its arrays."""
        arrays = (getattr(self, each.name) for each in fields(self))
        return sum(array.nbytes for array in arrays if isinstance(array, np.ndarray))

    @property
    def entities(self) -> tuple[str, ...]:
        """Whose series it holds, where it holds several."""
        return ()

    def alone(self, place: int = 0) -> "Dataset":
        """One of its series; itself where it is one."""
        return (self,)[place]

    @property
    def is_series(self) -> bool:
        """Whether rows follow each other in time and are numbers."""
        return self.answers is None and not self.symbols

    @property
    def is_text(self) -> bool:
        """Whether it is symbols, each of which is to be followed by the next."""
        return self.answers is None and bool(self.symbols)

    @property
    def input_size(self) -> int:
        """D as the network sees it: symbols arrive one-hot."""
        return len(self.symbols) or int(self.values.shape[-1])

    @property
    def output_size(self) -> int:
        """Numbers the network gives per answer."""
        if self.problem == "classes":
            return len(self.classes)
        if self.answers is None:
            return self.horizon * len(self.target_names)
        return int(self.answers.shape[1])

    @property
    def raw(self) -> npt.NDArray[np.floating]:
        """(N, D) a series as it was cut, not scaled: its differences where they were taken."""
        raw = self.scaler.invert(self.values.astype(np.float64))
        for column, scale in zip(np.moveaxis(raw, -1, 0), self.scaler.scales, strict=False):
            # What float32 has added behind the last digit of a file's numbers goes.
            column[...] = np.round(column, min(KEPT_DIGITS - math.floor(math.log10(scale)), 300))
        return raw

    def rows(self, part: Part) -> slice:
        """The rows (or sequences) whose answers belong to a part."""
        ends = {"training": (0, self.split), "validation": (self.split, self.test_split)}
        return slice(*ends.get(part, (self.test_split, len(self.values))))

    def origins(self, part: Part) -> npt.NDArray[np.int64]:
        """(n,) the row that each example of a series is first asked for."""
        rows = self.rows(part)
        start = self.window if part == "training" else rows.start
        return np.arange(start, rows.stop - self.horizon + 1, self.stride, dtype=np.int64)

    def count(self, part: Part) -> int:
        """How many examples a part has."""
        return len(self.part(part)[0])

    def part(self, part: Part) -> tuple[Values, Values]:
        """(examples, T, D) inputs and their answers, of one part, as views where possible.

        No training window reaches past the split, in its input or its target. Validation and
        test targets of a series begin at their part's first row; their inputs may read the rows
        just before.
        Answers are (examples, P) with P = horizon · K, step by step; (examples, T) codes of the
        next symbol for a text; as in `answers` for a task.
        """
        rows = self.rows(part)
        if self.answers is not None:
            return self.values[rows], self.answers[rows]
        # Of a text each step is asked for the next one: a part's first window begins one before.
        lead = 0 if part == "training" else 1 if self.symbols else self.window
        if rows.stop - rows.start + lead < self.window + self.horizon:  # a part without rows
            width = self.window if self.symbols else self.horizon * len(self.target_names)
            shape = 0, self.window, self.values.shape[1]
            return np.empty(shape, self.values.dtype), np.empty((0, width), self.values.dtype)
        spans = sliding_window_view(
            self.values[rows.start - lead : rows.stop], self.window + self.horizon, axis=0
        )[:: self.stride]  # (n, D, T + P)
        x = spans[:, :, : self.window].transpose(0, 2, 1)
        if self.symbols:
            return x, spans[:, 0, 1:]
        targets = len(self.target_names)
        if targets == 1:
            return x, spans[:, 0, self.window :]
        y = spans[:, :targets, self.window :].transpose(0, 2, 1)
        return x, y.reshape(len(y), self.horizon * targets)

    @property
    def measured(self) -> npt.NDArray[np.int64]:
        """(n,) the places, among the validation examples, of those that a run is measured on."""
        return evenly(self.count("validation"), VALIDATION_EXAMPLES)

    def judged_part(self, part: Part) -> npt.NDArray[np.bool_] | None:
        """(examples, T) the steps that the score looks at; None for all that are scored."""
        return None if self.judged is None else self.judged[self.rows(part)]

    @property
    def known_targets(self) -> npt.NDArray[np.float64]:
        """(N, K) a series' targets as they were observed, in their own unit."""
        if self.levels is not None:
            return self.levels[0, -len(self.values) :]
        return np.asarray(self.raw[:, : len(self.target_names)], np.float64)

    @property
    def unclipped(self) -> npt.NDArray[np.float64]:
        """(N, K) a series' targets as it was cut, or their differences, had nothing been clipped.

        A target is as in `raw` where what was clipped has no logarithm.
        """
        raw = np.asarray(self.raw[:, : len(self.target_names)], np.float64)
        if self.levels is None:
            return raw
        values: npt.NDArray[Any] = self.levels[0]
        for difference in self.differences:
            values = difference.take(values)
        values = values[-len(raw) :]
        return np.where(np.isfinite(values).all(axis=0), values, raw)

    def in_raw_units(
        self, answers: Values, origins: npt.NDArray[np.integer]
    ) -> npt.NDArray[np.floating]:
        """(n, horizon, K) scaled answers or predictions of a series, in the series' own unit.

        `answers` are (n, P), or (n, steps, K); `origins` (n,) the row that each begins at, from the
        window's end to N: differences are added to what was known before it.
        """
        steps = answers.reshape(len(answers), -1, len(self.target_names))
        raw = self.scaler.invert(steps.astype(np.float64))
        if self.levels is None:
            return raw
        first = self.levels.shape[1] - len(self.values) + np.asarray(origins, np.int64)
        for difference, level in reversed([*zip(self.differences, self.levels[1:], strict=True)]):
            before = first[:, None] + np.arange(-difference.lag, 0)
            raw = difference.undo(raw, level[before])
        return raw


def evenly(count: int, most: int) -> npt.NDArray[np.int64]:
    """At most `most` evenly spaced places among `count`.

    >>> evenly(9, 3)
    array([0, 4, 8])
    """
    return np.unique(np.linspace(0, count - 1, min(most, count)).astype(np.int64))
