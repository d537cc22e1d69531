"""What came of choices of data: made once for all sessions, and kept while there is room."""

import threading
from collections import OrderedDict
from collections.abc import Hashable

import numpy as np

from lstm_viz.data.resolved import Resolved

MOST_BYTES = 128 * 2**20
MOST = 64
UNASKED = 4
"""How often it is tidied until what nobody asked for meanwhile goes."""


class Resolving:
    """The choices that were resolved last; those not asked for longest go."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self._kept: OrderedDict[Hashable, Resolved] = OrderedDict()
        self._unasked: dict[Hashable, int] = {}
        """How often it was tidied since each was asked for."""
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def of(self, key: Hashable, otherwise: Resolved) -> Resolved:
        """The same object for the same key, as long as it is kept."""
        with self._lock:
            found = self._kept.setdefault(key, otherwise)
            self._kept.move_to_end(key)
            self._unasked[key] = 0
            while len(self._kept) > 1 and (len(self._kept) > MOST or self.size > self.most_bytes):
                self._kept.popitem(last=False)
            return found

    def tidy(self) -> None:
        """Let go of what nobody has asked for in a while."""
        with self._lock:
            self._unasked = {key: 1 + self._unasked[key] for key in self._kept}
            for key in [key for key, times in self._unasked.items() if times >= UNASKED]:
                del self._kept[key], self._unasked[key]

    @property
    def size(self) -> int:
        """Bytes of what was made so far: each choice makes its parts when they are asked for."""
        return sum(map(_size_of, list(self._kept.values())))


def _size_of(resolved: Resolved) -> int:
    made = vars(resolved)
    each = [*made.get("each", {}).values()]
    parts = [*each, *(one.result for one in each), *filter(None, [made.get("dataset")])]
    return sum(
        value.nbytes
        for part in parts
        for value in vars(part).values()
        if isinstance(value, np.ndarray)
    )
