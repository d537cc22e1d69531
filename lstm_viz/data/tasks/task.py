"""What a task is: separate sequences with a known answer, and how they become a dataset."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lstm_viz.data.dataset import Dataset, Problem, Scaler, Values
from lstm_viz.data.parameters import Parameter, complete, random_source
from lstm_viz.data.windows import WindowSpec, splits
from lstm_viz.errors import ConfigError
from lstm_viz.words import N_

MAX_STEPS = 5_000_000
"""Sequences x length: what one task may hold in all."""

Parameters = Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Sequences:
    """S sequences of T steps and what they ask for, as `Dataset` describes them."""

    values: Values
    """(S, T, D) float32, or (S, T, 1) uint8 codes of the task's symbols."""
    answers: Values
    """(S, P) float32; (S, 1) float32 of 0 and 1; or codes, (S, 1) or (S, T), int16."""
    judged: npt.NDArray[np.bool_] | None = None
    """(S, T) the steps that the score looks at; None for all that are scored."""


@dataclass(frozen=True)
class Task:
    """A task with a known answer; `label`, `help` and the names are marked for translation."""

    label: str
    help: str
    """What is asked, and why it is hard."""
    parameters: Mapping[str, Parameter]
    """`count` (sequences) at least, and what makes the task longer: its lag or length."""
    steps: Callable[[Parameters], int]
    """T, how long the sequences become."""
    make: Callable[[Parameters, np.random.Generator], Sequences]
    input_names: tuple[str, ...] = (N_("symbol"),)
    target_names: tuple[str, ...] = (N_("answer"),)
    problem: Problem = "regression"
    every_step: bool = False
    symbols: tuple[str, ...] = ()
    """What the codes of the input stand for; empty where it is numbers."""
    classes: tuple[str, ...] = ()
    """What the answers stand for; two of a binary problem."""

    def dataset(
        self,
        parameters: Parameters | None = None,
        seed: int = 0,
        validation_share: float = 0.2,
        test_share: float = 0.1,
    ) -> Dataset:
        """The sequences, unscaled; the last ones are the test part, those before validation.

        Equal arguments give equal numbers. Raises ConfigError when a parameter is not known, a
        value is out of its range, or the sequences are too many for their length.
        """
        chosen = complete(self.parameters, parameters)
        spec = WindowSpec(validation_share=validation_share, test_share=test_share)
        count, length = int(chosen["count"]), self.steps(chosen)
        if count * length > MAX_STEPS:
            raise ConfigError(
                N_(
                    "{count:,} sequences of {length:,} steps are more than the {most:,} steps "
                    "that fit. Take fewer or shorter ones."
                ),
                count=count,
                length=length,
                most=MAX_STEPS,
            )
        made = self.make(chosen, random_source(seed))
        split, test_split = splits(count, spec)
        return Dataset(
            name=self.label,
            values=made.values,
            answers=made.answers,
            window=length,
            horizon=1,
            split=split,
            test_split=test_split,
            scaler=Scaler(),
            input_names=self.input_names,
            target_names=self.target_names,
            problem=self.problem,
            every_step=self.every_step,
            symbols=self.symbols,
            classes=self.classes,
            judged=made.judged,
        )


def count_of(default: int = 3000) -> Parameter:
    """How many sequences a task makes."""
    return Parameter(N_("Sequences"), default, 10, 20_000, 10, N_("How many there are in all."))
