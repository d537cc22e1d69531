"""Long-memory tasks: separate sequences whose answer lies far back. One table, one signature."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from lstm_viz.data.dataset import Dataset, Scaler, Values
from lstm_viz.data.parameters import Parameter, complete, find, random_source
from lstm_viz.data.windows import WindowSpec, split_row
from lstm_viz.errors import ConfigError
from lstm_viz.words import N_

MAX_STEPS = 5_000_000
"""Sequences x length: what one task may hold in all."""


@dataclass(frozen=True)
class Task:
    """A task with a known answer; `label`, `help` and the names are marked for translation."""

    label: str
    help: str
    parameters: Mapping[str, Parameter]
    """`count` and `length` at least."""
    make: Callable[[Mapping[str, float], np.random.Generator], tuple[Values, Values]]
    """(S, T, D) sequences and (S, P) answers."""
    input_names: tuple[str, ...]
    target_name: str
    chance: float
    """Mean squared error of the best answer that ignores the input."""


def make_task(
    name: str,
    parameters: Mapping[str, float] | None = None,
    seed: int = 0,
    validation_share: float = 0.2,
) -> Dataset:
    """The sequences of a task, unscaled; the last ones are the validation part.

    Equal arguments give equal numbers. Raises ConfigError when the task or a parameter is not
    known, a value is out of its range, or the sequences are too many for their length.
    """
    task = find(TASKS, name, N_("There is no task called '{name}'. Choose one of: {known}."))
    chosen = complete(task.parameters, parameters)
    share = WindowSpec(validation_share=validation_share).validation_share
    count, length = int(chosen["count"]), int(chosen["length"])
    if count * length > MAX_STEPS:
        raise ConfigError(
            N_(
                "{count:,} sequences of {length:,} steps are more than the {most:,} steps that "
                "fit. Take fewer or shorter ones."
            ),
            count=count,
            length=length,
            most=MAX_STEPS,
        )
    values, answers = task.make(chosen, random_source(seed))
    return Dataset(
        name=task.label,
        values=values,
        answers=answers,
        window=length,
        horizon=answers.shape[1],
        split=split_row(count, share),
        scaler=Scaler(),
        input_names=task.input_names,
        target_name=task.target_name,
        chance=task.chance,
    )


def adding_problem(
    count: int, length: int, seed: int = 0, validation_share: float = 0.2
) -> Dataset:
    """Sequences of U[0, 1] values, two of them marked; the answer is the sum of the marked ones.

    One mark lies in each half. Inputs (S, T, 2): value and marker; answers (S, 1). Who ignores
    the input best answers 1, with a mean squared error of Var(u + v) = 1/6. Raises ConfigError
    as `make_task` does.

    Source: Hochreiter and Schmidhuber 1997, experiment 4, here with values from 0 to 1.

    >>> data = adding_problem(count=100, length=50)
    >>> data.values.shape, data.answers.shape, data.split
    ((100, 50, 2), (100, 1), 80)
    """
    return make_task("adding", {"count": count, "length": length}, seed, validation_share)


def _adding(parameters: Mapping[str, float], rng: np.random.Generator) -> tuple[Values, Values]:
    count, length = int(parameters["count"]), int(parameters["length"])
    values = rng.random((count, length), np.float32)
    markers = np.zeros_like(values)
    each = np.arange(count)
    early = rng.integers(0, length // 2, count)
    late = rng.integers(length // 2, length, count)
    markers[each, early] = markers[each, late] = 1
    answers = values[each, early] + values[each, late]
    return np.stack([values, markers], axis=2), answers[:, None]


TASKS: Mapping[str, Task] = {
    "adding": Task(
        N_("Adding problem"),
        N_("Remember two marked values among many and add them: the further back, the harder."),
        {
            "length": Parameter(
                N_("Length"), 50, 4, 1000, 1, N_("Steps of a sequence: how far back it must see.")
            ),
            "count": Parameter(
                N_("Sequences"), 1000, 10, 20_000, 10, N_("How many there are in all.")
            ),
        },
        _adding,
        (N_("value"), N_("marker")),
        N_("sum"),
        1 / 6,
    ),
}
