"""How much memory this process may take, and how much it has."""

import contextlib
import os
from pathlib import Path

from lstm_viz.runs.freed import give_back
from lstm_viz.runs.mishaps import logged

_SIZES = Path("/proc/self/statm")
_PAGES = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_RESIDENT, _OF_FILES, _DATA = 1, 2, 5
SPARE = 1.25
"""Beyond how many times the ceiling the system refuses: a single step may overshoot it."""


def resident_bytes() -> int:
    """What this process has in memory now, besides what is read of files, such as libraries.

    0 where the system does not say.
    """
    return _bytes(_RESIDENT) - _bytes(_OF_FILES)


def _bytes(column: int) -> int:
    with contextlib.suppress(OSError, IndexError):
        return int(_SIZES.read_text().split()[column]) * _PAGES
    return 0


class Ceiling:
    """Says when a process has grown too large; far beyond that the system refuses it memory.

    Either is for Linux alone, where `/proc` says what a process has.
    """

    def __init__(self) -> None:
        self._most = 0

    def set(self, max_bytes: int) -> None:
        """Count from now on; 0 lifts the ceiling."""
        self._most = resident_bytes() + max_bytes if max_bytes and resident_bytes() else 0
        if self._most:
            with logged("a limit of memory"):
                import resource

                limit = _bytes(_DATA) + int(max_bytes * SPARE)
                hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
                resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))

    @property
    def passed(self) -> bool:
        """Whether it has grown too large, also once what was freed is given back."""
        if not self._most or resident_bytes() <= self._most:
            return False
        give_back()
        return resident_bytes() > self._most
