"""The numbers of traces for a logger: TensorBoard, Weights & Biases, Lightning."""

from collections.abc import Callable
from typing import Any

from lstm_viz.errors import ConfigError
from lstm_viz.instruments.traces import Traces
from lstm_viz.words import N_

Write = Callable[[Any, dict[str, float], int | None], object]

_WRITES: dict[str, Write] = {
    "add_scalar": lambda to, numbers, step: [
        to.add_scalar(name, number, step) for name, number in numbers.items()
    ],
    "log_metrics": lambda to, numbers, step: to.log_metrics(numbers, step=step),
    "log_dict": lambda to, numbers, _: to.log_dict(numbers),
    "log": lambda to, numbers, step: to.log(numbers, step=step),
}
"""A method that a logger has -> how it is given numbers; the first one that it has."""


def log(traces: Traces, to: Any, *, step: int | None = None) -> dict[str, float]:
    """Write `traces.scalars()` to a logger, and give them.

    - `to`: a `SummaryWriter` of TensorBoard, a run of Weights & Biases (or `wandb` itself), a
      logger of Lightning, or a LightningModule, inside of its `training_step`.
    - `step`: of the training; if not said, that at which a watcher kept the traces.

    Raises ConfigError for what is no traces, or no logger.

    >>> class Printer:
    ...     def add_scalar(self, name, number, step):
    ...         print(name, number, step)
    >>> import torch
    >>> from lstm_viz import trace
    >>> numbers = log(trace(torch.nn.RNN(1, 2), torch.rand(5, 1, 1)), Printer(), step=50)
    l0/dead_units 0.0 50
    """
    if not isinstance(traces, Traces):
        raise ConfigError(
            N_("What is logged is what 'trace' and 'watch' give, got {got}."),
            got=type(traces).__name__,
        )
    write = next((_WRITES[method] for method in _WRITES if hasattr(to, method)), None)
    if write is None:
        raise ConfigError(
            N_("{got} is no logger of TensorBoard, Weights & Biases or Lightning: it has none of "
               "{known}."),
            got=type(to).__name__, known=", ".join(_WRITES),
        )  # fmt: skip
    numbers = traces.scalars()
    write(to, numbers, traces.step if step is None else step)
    return numbers
