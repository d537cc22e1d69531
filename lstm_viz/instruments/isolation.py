"""Run somebody's model and leave no mark on it: a private copy, and this thread's own state."""

import _thread
import copy
import dataclasses
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence
from torch.overrides import TorchFunctionMode

from lstm_viz.errors import UnsupportedModelError
from lstm_viz.instruments.kept_apart import kept_apart
from lstm_viz.words import N_

LossFunction = Callable[[Any, Any], Tensor]

SMALL_LAYER = 128
"""Hidden units up to which one core is enough for a step."""


def uncompiled(model: nn.Module) -> nn.Module:
    """The model itself, where `torch.compile` has wrapped it."""
    inside: nn.Module = getattr(model, "_orig_mod", model)
    return inside


class _Copying(TorchFunctionMode):
    """Lets `deepcopy` copy tensors that belong to a graph, as their values.

    Models keep such tensors: the last hidden state, the weights that weight_norm computes. And
    lets `Module.to` leave complex tensors complex.
    """

    def __init__(self, device: torch.device, dtype: torch.dtype) -> None:
        super().__init__()
        self.place = device, dtype

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func is torch.Tensor.__deepcopy__:
            tensor, memo = args
            memo[id(tensor)] = values = carried(tensor, *self.place)
            return values
        if func is torch.Tensor.to and args[0].is_complex():
            return carried(args[0], *self.place)
        return func(*args, **(kwargs or {}))


def private_copy(
    model: nn.Module,
    loss_fn: LossFunction | None,
    device: torch.device,
    dtype: torch.dtype,
    *,
    train: bool = False,
) -> tuple[nn.Module, LossFunction | None]:
    """The model in eval mode or that of training, in `dtype`, without gradients; and the loss, if
    it is a module.

    A loss that is a method of the model becomes the method of the copy.
    """
    has_parts = isinstance(getattr(loss_fn, "__self__", loss_fn), nn.Module)
    try:
        with torch.no_grad(), _Copying(device, dtype):  # scripted parts copy by operations
            twin, loss_twin = copy.deepcopy((model, loss_fn if has_parts else None))
    except Exception as error:
        raise UnsupportedModelError(
            N_("A trace runs on a copy, and the model cannot be copied: {reason}. Keep out of it "
               "what copy.deepcopy cannot copy."),
            reason=str(error),
        ) from error  # fmt: skip
    for module in (twin, loss_twin):
        if isinstance(module, nn.Module):
            _settle(module, device, dtype, train=train)
    return twin, loss_twin if has_parts else loss_fn


def _settle(module: nn.Module, device: torch.device, dtype: torch.dtype, *, train: bool) -> None:
    module.requires_grad_(requires_grad=False)
    module.train(train)  # first: in training mode, `to` moves the state of spectral_norm
    with _Copying(device, dtype):
        module.to(device=device, dtype=dtype)
        for other in kept_apart(module).values():
            other.requires_grad_(requires_grad=False).to(device=device, dtype=dtype)
    for part in module.modules():
        # The user's backward hooks are for the user's backward passes. Forward hooks stay:
        # they may be part of what the model computes, as those of weight_norm are.
        part._backward_hooks.clear()
        part._backward_pre_hooks.clear()
        if isinstance(part, nn.RNNBase) and device.type == "cuda" and not train:
            # cuDNN differentiates a recurrent layer in training mode only.
            part.train()
            part.dropout = 0.0


def copy_with(
    known: Mapping[int, Tensor], module: nn.Module, device: torch.device, dtype: torch.dtype
) -> nn.Module:
    """A copy of a module with other tensors in the place of those of these ids."""
    with torch.no_grad(), _Copying(device, dtype):
        return copy.deepcopy(module, dict(known))


def carried(value: Any, device: torch.device, dtype: torch.dtype) -> Any:
    """A copy of an argument: tensors detached and moved, those with a fraction as `dtype`."""
    if isinstance(value, Tensor):
        if value.is_complex():
            dtype = torch.complex128 if dtype == torch.float64 else torch.complex64
        elif not value.is_floating_point():
            dtype = value.dtype
        return value.detach().to(device=device, dtype=dtype, copy=True)
    if isinstance(value, PackedSequence):
        return value.to(device, dtype)  # type: ignore[arg-type]
    if isinstance(value, dict):
        parts = {name: carried(part, device, dtype) for name, part in value.items()}
        return _filled(value, parts) if type(value) is not dict else parts
    if isinstance(value, list | tuple):
        each = [carried(part, device, dtype) for part in value]
        return type(value)(*each) if hasattr(value, "_fields") else type(value)(each)
    if is_batch(value):
        another = copy.copy(value)
        for name, part in _attributes(value).items():  # past a frozen one's own __setattr__
            object.__setattr__(another, name, carried(part, device, dtype))
        return another
    return value


def _filled(mapping: Any, parts: dict[Any, Any]) -> Any:
    """A mapping of the same class with other values, such as an OrderedDict or a batch."""
    another = copy.copy(mapping)
    for name, part in parts.items():
        another[name] = part
    return another


def is_batch(value: Any) -> bool:
    """Whether an argument is an object that carries tensors: a dataclass, a loader's batch."""
    if isinstance(value, type | nn.Module):
        return False
    return dataclasses.is_dataclass(value) or any(
        isinstance(part, Tensor | list | tuple | dict) and _holds_tensor(part)
        for part in _attributes(value).values()
    )


def _attributes(value: Any) -> dict[str, Any]:
    """By name, also those that a dataclass keeps in slots."""
    found = dict(getattr(value, "__dict__", {}))
    if dataclasses.is_dataclass(value):
        names = (field.name for field in dataclasses.fields(value))
        found |= {name: getattr(value, name) for name in names if hasattr(value, name)}
    return found


def _holds_tensor(value: Any) -> bool:
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list | tuple):
        return isinstance(value, Tensor)
    return any(map(_holds_tensor, value))


def tensors_in(values: Any) -> Iterator[Tensor]:
    """Those in lists, tuples, dicts and packed sequences."""
    if isinstance(values, Tensor):
        yield values
    elif isinstance(values, PackedSequence):
        yield values.data
    elif isinstance(values, list | tuple):
        for value in values:
            yield from tensors_in(value)
    elif isinstance(values, dict):
        yield from tensors_in(list(values.values()))


def replaced(value: Any, by: Mapping[int, Tensor]) -> Any:
    """The same with other tensors in the place of those of these ids."""
    if isinstance(value, Tensor):
        return by.get(id(value), value)
    if isinstance(value, dict):
        return _filled(value, {name: replaced(part, by) for name, part in value.items()})
    if isinstance(value, list | tuple):
        each = [replaced(part, by) for part in value]
        return type(value)(*each) if hasattr(value, "_fields") else type(value)(each)
    return value


def cast_in_graph(value: Any, dtype: torch.dtype) -> Any:
    """A layer's arguments in its own dtype, differentiably."""
    if isinstance(value, Tensor):
        return value.to(dtype) if value.is_floating_point() else value
    if isinstance(value, PackedSequence):
        return value.to(dtype)
    if isinstance(value, dict):
        return {name: cast_in_graph(part, dtype) for name, part in value.items()}
    if type(value) in (tuple, list):
        return type(value)(cast_in_graph(part, dtype) for part in value)
    return value


def all_in(value: Any, dtype: torch.dtype) -> bool:
    """Whether `cast_in_graph` has nothing to do."""
    if isinstance(value, PackedSequence):
        value = value.data
    if isinstance(value, Tensor):
        return value.dtype == dtype or not value.is_floating_point()
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, (tuple, list)):
        return True
    for part in value:  # noqa: SIM110 - asked at every step, where a generator takes longer
        if not all_in(part, dtype):
            return False
    return True


def device_for(model: nn.Module, dtype: torch.dtype) -> torch.device:
    """Where the model is; the CPU for float64 on Apple's GPU, which has none."""
    first = next(model.parameters(), None)
    device = torch.device("cpu") if first is None else first.device
    return torch.device("cpu") if device.type == "mps" and dtype == torch.float64 else device


@contextmanager
def quiet_thread(device: torch.device) -> Iterator[None]:
    """Autocast and inference mode off, for this thread alone."""
    with ExitStack() as stack:
        stack.enter_context(torch.inference_mode(mode=False))
        # Leaving autocast empties a cache that all threads share, so it is left alone if off.
        if torch.is_autocast_enabled(device.type):
            stack.enter_context(torch.autocast(device.type, enabled=False))
        yield


@contextmanager
def threads_for(hidden_size: int) -> Iterator[None]:
    """One thread for layers up to `SMALL_LAYER`, for what this thread computes.

    More threads gain nothing on steps so small, and when another process uses a core they
    wait for each other at every step: measured, a pass takes 1400 ms in the place of 19 ms.
    """
    threads = torch.get_num_threads()
    if hidden_size > SMALL_LAYER or threads == 1:
        yield
        return
    _set_own_threads(1, threads)
    try:
        yield
    finally:
        _set_own_threads(threads, threads)


def _set_own_threads(count: int, everywhere_else: int) -> None:
    """`torch.set_num_threads` for the calling thread.

    PyTorch keeps one number for each thread, and one that new threads begin with and that some
    libraries read. The call sets both; another thread puts the second one back.
    """
    torch.set_num_threads(count)
    if count != everywhere_else:
        _other_thread().set_num_threads(everywhere_else)


class _OtherThread:
    """A thread that waits to be told a number of threads, and does nothing else."""

    def __init__(self) -> None:
        self._in_turn, self._told, self._done = (_thread.allocate_lock() for _ in range(3))
        self._told.acquire()
        self._done.acquire()
        self._count = 0
        _thread.start_new_thread(self._serve, ())

    def set_num_threads(self, count: int) -> None:
        with self._in_turn:
            self._count = count
            self._told.release()
            self._done.acquire()

    def _serve(self) -> None:
        while True:
            self._told.acquire()
            torch.set_num_threads(self._count)
            self._done.release()


_other_thread = cache(_OtherThread)
if hasattr(os, "register_at_fork"):  # a forked process has not this thread
    os.register_at_fork(after_in_child=_other_thread.cache_clear)
