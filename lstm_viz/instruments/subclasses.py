"""Subclasses of PyTorch's layers with a `forward` of their own: read where that calls its super's.

A method that is called by `super()` is looked for in classes alone, never in the layer itself.
"""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from torch import nn

from lstm_viz.instruments.readable import kin

Run = Callable[..., Any]
"""Is called with PyTorch's own `forward` of the layer and with its arguments."""


def class_below(layer: nn.Module, run: Run) -> type[nn.Module]:
    """The layer's class, with `run` in the place of PyTorch's own `forward` below it."""
    base = kin(layer)

    def forward(self: Any, *args: Any, **kwargs: Any) -> Any:
        return run(partial(base.forward, self), *args, **kwargs)

    below = type(base.__name__, (base,), {"forward": forward})
    return type(type(layer).__name__, (type(layer), below), {})


class WhileItRuns:
    """Gives a layer such a class from where it is called until it returns, in every thread."""

    def __init__(self, layer: nn.Module, run: Run) -> None:
        self._own, self._other = type(layer), class_below(layer, run)
        self._running, self._lock = 0, threading.Lock()

    def begin(self, layer: nn.Module, *_: object) -> None:
        with self._lock:
            self._running += 1
            object.__setattr__(layer, "__class__", self._other)

    def end(self, layer: nn.Module, *_: object) -> None:
        with self._lock:
            self._running -= 1
            if not self._running:
                object.__setattr__(layer, "__class__", self._own)
