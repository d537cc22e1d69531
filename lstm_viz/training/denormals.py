"""Numbers below a float's normal range: exact, and slow on a CPU."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

_TINY = 2.0**-1060


def are_flushed() -> bool:
    """Whether this thread takes them as 0."""
    return _TINY * 1.0 == 0


@contextmanager
def flushed() -> Iterator[None]:
    """Inside, this thread takes them as 0; afterwards as it did before.

    >>> with flushed():
    ...     are_flushed()
    True
    >>> are_flushed()
    False
    """
    if are_flushed() or not torch.set_flush_denormal(True):
        yield
        return
    try:
        yield
    finally:
        torch.set_flush_denormal(False)
