"""PyTorch without its compiler: 800 modules and 70 MB, which the first optimiser would load."""

import importlib
import sys
from types import ModuleType
from typing import Any

import torch

COMPILER = "torch._dynamo"


class _NotLoaded(ModuleType):
    """Stands for the compiler until something of it is asked for that only the compiler can do."""

    @staticmethod
    def disable(function: Any = None, *_how: Any, **_more: Any) -> Any:
        """A function that is not to be compiled, as it is; without one, what leaves each so."""
        return (lambda each: each) if function is None else function

    @staticmethod
    def graph_break() -> None:
        """Where a compiled function would be cut."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__path__":
            raise AttributeError(name)  # what Python itself looks up, as in any module
        if sys.modules.get(COMPILER) is self:
            del sys.modules[COMPILER]
        return getattr(importlib.import_module(COMPILER), name)


def leave_compiler_out() -> None:
    """Have optimisers do without the compiler in this process, which compiles nothing.

    They ask it to leave their methods as they are, and to cut around each step, whether anything is
    compiled or not. What asks it for more gets it. Nothing changes where it is loaded already.
    """
    if COMPILER not in sys.modules:
        sys.modules[COMPILER] = torch._dynamo = _NotLoaded(COMPILER)
