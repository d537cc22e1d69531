"""The table of tasks with known answers. A new one is one function and one row of a table."""

from collections.abc import Mapping

from lstm_viz.data.dataset import Dataset
from lstm_viz.data.parameters import find
from lstm_viz.data.tasks.classification import CLASSIFICATION_TASKS
from lstm_viz.data.tasks.grammar import GRAMMAR_TASKS
from lstm_viz.data.tasks.memory import MEMORY_TASKS
from lstm_viz.data.tasks.task import Parameters, Task
from lstm_viz.words import N_

TASKS: Mapping[str, Task] = {**MEMORY_TASKS, **GRAMMAR_TASKS, **CLASSIFICATION_TASKS}


def make_task(
    name: str,
    parameters: Parameters | None = None,
    seed: int = 0,
    validation_share: float = 0.2,
    test_share: float = 0.1,
) -> Dataset:
    """The sequences of a task; see `Task.dataset`. Raises ConfigError for an unknown name."""
    task = find(TASKS, name, N_("There is no task called '{name}'. Choose one of: {known}."))
    return task.dataset(parameters, seed, validation_share, test_share)


def adding_problem(
    count: int, length: int, seed: int = 0, validation_share: float = 0.2, test_share: float = 0.1
) -> Dataset:
    """Sequences of U[0, 1] values, two of them marked; the answer is the sum of the marked ones.

    One mark lies in each half. Inputs (S, T, 2): value and marker; answers (S, 1). Who ignores
    the input best answers 1, with a mean squared error of Var(u + v) = 1/6. Raises ConfigError
    as `make_task` does.

    Source: Hochreiter and Schmidhuber 1997, experiment 4, here with values from 0 to 1.

    >>> data = adding_problem(count=100, length=50)
    >>> data.values.shape, data.answers.shape, data.split, data.test_split
    ((100, 50, 2), (100, 1), 70, 90)
    """
    chosen = {"count": count, "length": length}
    return make_task("adding", chosen, seed, validation_share, test_share)
