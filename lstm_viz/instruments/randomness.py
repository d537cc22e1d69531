"""Random numbers for code that must not disturb the process's generators.

A trace runs the model beside whatever else draws: a training thread, a data loader. PyTorch's
draws come from generators of its own; Python's and NumPy's global ones are put back, and so is a
generator that the model is holding on to.
"""

import random
import re
import threading
import time
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from lstm_viz.errors import UnsupportedModelError
from lstm_viz.words import N_

_NAMES_THAT_DRAW = re.compile(
    "rand|normal|dropout|bernoulli|multinomial|poisson|binomial|uniform|exponential|cauchy|"
    "geometric|gumbel|rrelu|attention|gamma|dirichlet|fractional|kaiming|xavier|orthogonal"
)


@cache
def may_draw(name: str) -> bool:
    """Whether a torch function of this name may draw random numbers."""
    return _NAMES_THAT_DRAW.search(name) is not None


class PrivateDraws(TorchFunctionMode):
    """Under it this thread's torch functions draw from generators of their own.

    They start where the process's stand, or on the CPU at `state`, so that what is drawn is what
    would have been drawn without this.
    """

    def __init__(self, state: Tensor | None = None) -> None:
        super().__init__()
        self.operations = DrawingOperations(state)

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if may_draw(getattr(func, "__name__", "")):
            with self.operations:
                return func(*args, **(kwargs or {}))
        return func(*args, **(kwargs or {}))


class DrawingOperations(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Gives every drawing operation a generator; to be entered around what may draw."""

    def __init__(self, state: Tensor | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._generators: dict[torch.device, torch.Generator] = {}
        self._given: dict[torch.Generator, Tensor] = {}
        """Generators that the code names itself, and where they stood."""
        self._began: Tensor | None = None
        """Where the process's generator on the CPU stood when its copy was made."""
        self.strayed = False
        """Whether it stood elsewhere at a later draw: somebody seeded it or drew from it."""
        self.closed = False
        """Once the forward pass is over: what is drawn then, a checkpoint draws a second time."""
        if state is not None:
            self._generators[torch.device("cpu")] = torch.Generator().set_state(state)

    def generator(self, device: torch.device) -> torch.Generator:
        if device.type == "cuda" and device.index is None:
            device = torch.device("cuda", torch.cuda.current_device())
        if device not in self._generators:
            generator = self._generators[device] = torch.Generator(device)
            if device.type == "cpu":
                self._began = torch.get_rng_state()
                generator.set_state(self._began)
            else:
                generator.set_state(torch.get_device_module(device).get_rng_state(device))
        elif self._began is not None and not torch.equal(torch.get_rng_state(), self._began):
            self.strayed = True
        return self._generators[device]

    def put_back(self) -> None:
        """Every generator that the code itself named."""
        for generator, state in self._given.items():
            generator.set_state(state)
        self._given.clear()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if torch.Tag.nondeterministic_seeded not in func.tags:
            return func(*args, **kwargs)
        if (given := kwargs.get("generator")) is not None:
            if given not in self._given:
                self._given[given] = given.get_state()
            return func(*args, **kwargs)
        drawing = _with_generator(func)
        device = kwargs.get("device") or next(
            (a.device for a in args if isinstance(a, Tensor)), None
        )
        if drawing is None or device is None or device.type == "meta":
            return func(*args, **kwargs)
        if self.closed:
            raise UnsupportedModelError(
                N_("The model draws random numbers inside a checkpoint, others in its backward "
                   "pass. Turn the checkpoint off for a trace.")
            )  # fmt: skip
        return drawing(*args, **{**kwargs, "generator": self.generator(device)})


def _dropout(
    x: Tensor, p: float, train: bool | None, *, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """`native_dropout`, the one drawing operation that takes no generator."""
    if train is False or p == 0.0:
        return x.clone(), torch.ones_like(x, dtype=torch.bool)
    kept = torch.empty_like(x, dtype=torch.bool).bernoulli_(1.0 - p, generator=generator)
    return x * kept * (0.0 if p == 1.0 else 1.0 / (1.0 - p)), kept


@cache
def _with_generator(func: Any) -> Any:
    """The same operation in the form that takes a generator; None where there is no such form."""
    if func is torch.ops.aten.native_dropout.default:
        return _dropout
    names = [argument.name for argument in func._schema.arguments]
    if "generator" in names:
        return func
    for name in func.overloadpacket.overloads():
        other = getattr(func.overloadpacket, name)
        others = [argument.name for argument in other._schema.arguments]
        if "generator" in others and [n for n in others if n != "generator"] == names:
            return other
    return None


class GlobalStreams:
    """The process's own generators around code that may draw from them: put back if it did.

    Python's and NumPy's cannot be replaced for one thread, and PyTorch's not for code that seeds
    it. Where another thread ran Python meanwhile, what moved may be what that one drew, and is
    left as it is.
    """

    def __init__(self) -> None:
        self._others = _clocks_of_others()
        self._python, self._numpy, self._torch = _states()

    def put_back(self) -> bool:
        """Whether no other thread ran meanwhile, so that they stand where they stood."""
        python, numpy, cpu = _states()
        moved_python, moved_numpy = python != self._python, _plain(numpy) != _plain(self._numpy)
        moved_torch = not torch.equal(cpu, self._torch)
        if self._others is None or _clocks_of_others() != self._others:
            return False
        if moved_python:
            random.setstate(self._python)
        if moved_numpy:
            np.random.set_state(self._numpy)  # noqa: NPY002 - models draw from it
        if moved_torch:
            torch.set_rng_state(self._torch)
        return True


def _states() -> tuple[Any, Any, Tensor]:
    return random.getstate(), np.random.get_state(legacy=False), torch.get_rng_state()  # noqa: NPY002


def _clocks_of_others() -> Mapping[int, int] | None:
    """Native id -> nanoseconds that each other thread of Python's has computed.

    A thread that waits stands still in it to the nanosecond. Those that PyTorch computes with
    draw nothing and are not in it. None where the system has no such clocks and there are others.
    """
    own = threading.get_native_id()
    others = [each.native_id for each in threading.enumerate() if each.native_id not in (own, None)]
    try:
        return {number: time.clock_gettime_ns(_clock_of(number)) for number in others if number}
    except (AttributeError, OSError):  # not Linux, or the thread has just ended
        return None


def _clock_of(native_id: int) -> int:
    """Linux's number of a thread's CPU clock.

    `pthread_getcpuclockid` gives the same, but reads freed memory for a thread that has ended.
    """
    return ~native_id << 3 | 0b110


def _plain(value: Any) -> object:
    """In a form that compares."""
    if isinstance(value, Mapping):
        return tuple((name, _plain(part)) for name, part in value.items())
    return value.tobytes() if isinstance(value, np.ndarray) else value
