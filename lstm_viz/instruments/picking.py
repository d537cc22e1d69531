"""Which number of a model's output is attributed to its inputs, and against which others."""

from collections.abc import Callable
from numbers import Integral
from typing import Any

import torch
from torch import Tensor

from lstm_viz.errors import ConfigError
from lstm_viz.words import N_

Target = int | tuple[int, ...] | Callable[[Any], Any]


def picked(output: Any, target: Target, *, batch_first: bool) -> Tensor:
    """Y of each sample."""
    if callable(target):
        y = target(output)
    else:
        first = output[0] if isinstance(output, tuple | list) and output else output
        place = target if isinstance(target, tuple) else (target,)
        if not isinstance(first, Tensor):
            raise _no_number(type(first).__name__)
        if not all(isinstance(k, Integral) and not isinstance(k, bool) for k in place):
            raise _no_number(repr(target))
        first = first if batch_first else first.transpose(0, 1)
        try:
            y = first[(slice(None), *place)]  # type: ignore[index]
        except IndexError as error:
            raise _no_number(f"{target!r} of {tuple(first.shape)}") from error
    if not isinstance(y, Tensor) or y.dim() > 1:
        raise _no_number(f"shape {tuple(y.shape)}" if isinstance(y, Tensor) else type(y).__name__)
    return y


def _no_number(got: object) -> ConfigError:
    return ConfigError(
        N_("The 'target' must be one number a sample: its place in the output after the batch, "
           "as 0 or (-1, 0), or a function to (B,) numbers. Got {got}."),
        got=got,
    )  # fmt: skip


def spread_baseline(baseline: Any, inputs: Tensor, *, batch_first: bool) -> Tensor:
    """X', of the inputs' shape. Raises ConfigError for what does not spread to it."""
    if baseline is None:
        return torch.zeros_like(inputs)
    try:
        given = torch.as_tensor(baseline).to(inputs)
        if not batch_first and given.dim() == 3:
            given = given.transpose(0, 1)
        return given.expand_as(inputs)
    except (RuntimeError, TypeError, ValueError) as error:
        raise ConfigError(
            N_("The 'baseline' must have the inputs' shape, {shape}, or spread to it: {reason}"),
            shape=tuple(inputs.shape), reason=str(error),
        ) from error  # fmt: skip
