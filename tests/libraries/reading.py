"""How tests ask for a library, and hold what is read of its models against plain loops."""

import copy
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from lstm_viz import trace, watch
from lstm_viz.instruments.traces import Traces
from tests.instruments.whole_models import assert_reads

REASON = "`make libraries` installs it"
QUIET: dict[str, Any] = {
    "max_epochs": 1, "accelerator": "cpu", "logger": False, "enable_progress_bar": False,
    "enable_checkpointing": False, "enable_model_summary": False,
}  # fmt: skip


def library(name: str) -> Any:
    # Each asks for others, whose own failures to load are no success of ours.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip(name, reason=REASON, exc_type=ImportError)


def cast(value: Any, dtype: torch.dtype) -> Any:
    if isinstance(value, Tensor):
        return value.detach().to(dtype) if value.is_floating_point() else value
    if isinstance(value, dict):
        return type(value)({name: cast(each, dtype) for name, each in value.items()})
    if isinstance(value, tuple | list):
        each = [cast(part, dtype) for part in value]
        return type(value)(*each) if hasattr(value, "_fields") else type(value)(each)
    return value


class CopiesValues(TorchFunctionMode):
    """Copies what models keep of their last pass as values."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func is Tensor.__deepcopy__ and not args[0].is_leaf:
            return args[0].detach().clone()
        return func(*args, **(kwargs or {}))


def copied(model: nn.Module) -> nn.Module:
    with CopiesValues():
        return copy.deepcopy(model)


def both_read(
    model: nn.Module,
    args: Any,
    loss: Callable[[Any], Tensor],
    *,
    trains_in: torch.dtype = torch.float64,
    **kwargs: Any,
) -> Traces:
    """What `trace` gives of one call, after that and `watch` were held against the loops."""
    args, kwargs = cast((tuple(args), kwargs), torch.float64)
    model = copied(model).double().eval()

    def run(model: nn.Module) -> Tensor:
        given, named = cast((args, kwargs), next(model.parameters()).dtype)
        return loss(model(*given, **named))

    found = trace(model, *args, loss_fn=lambda output, _: loss(output), **kwargs)
    assert_reads(copied(model), run, found)
    with watch(trained := copied(model).to(trains_in)) as watcher:
        run(trained).backward()
    near = 1e-10 if trains_in == torch.float64 else 1e-5
    assert_reads(model, run, watcher.traces, tolerance=near)
    assert not found.left_out and not watcher.traces.left_out
    return found


@contextmanager
def last_call(model: nn.Module) -> Iterator[list[Any]]:
    """The arguments of the model's last call, and a copy of it from just before."""
    kept: list[Any] = []

    def keep(_: nn.Module, args: Any) -> None:
        if torch.is_grad_enabled():
            kept[:] = [copy.deepcopy(model.state_dict()), args]

    handle = model.register_forward_pre_hook(keep)
    yield kept
    handle.remove()
