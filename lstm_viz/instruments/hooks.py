"""What hooks of a watched model are made of, and the memory that their copies take."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import torch


class Hook:
    """A hook of the watched model alone: in copies and pickles of the model it does nothing, and
    asks for no package but Python's own.
    """

    def __init__(self, call: Callable[..., Any]) -> None:
        self.call = call

    def __call__(self, *args: Any) -> Any:
        return self.call(*args)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[object, str]]:
        return getattr, (nullcontext(), "__exit__")  # takes whatever comes, and gives None


def keep_freed_memory() -> None:
    """Have freed memory stay with the process, where the C library is glibc.

    It gives the top of the heap back to the system when more of it is free than twice the largest
    block that was ever mapped and freed, of at most 32 MB. With the copies of a step that is soon
    the case, and then getting the memory anew, page by page, costs more than the copies.
    """
    torch.empty(31 * 2**20, dtype=torch.uint8, device="cpu")
