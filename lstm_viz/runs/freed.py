"""Memory that was freed, and that the C library keeps for later."""

import contextlib
import ctypes


def give_back() -> None:
    """Hand it back to the system; glibc alone keeps it, and takes some milliseconds for this."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
