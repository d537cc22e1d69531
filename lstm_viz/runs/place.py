"""Where runs can be: a scheduler as the app knows it, by what it was given."""

import itertools
import threading
from abc import ABC, abstractmethod
from collections.abc import Collection

from lstm_viz.data.dataset import Dataset
from lstm_viz.runs.messages import Load, Request, Unload


class Place(ABC):
    """One scheduler, wherever it is. A dataset travels there once."""

    def __init__(self) -> None:
        self._loaded: dict[str, int] = {}
        """Fingerprint -> bytes, the last used last."""
        self._loading = threading.Lock()

    @abstractmethod
    def send(self, request: Request) -> None:
        """Hand it a request, without waiting. Raises TrainerError where it is gone."""

    @abstractmethod
    def begin(self, seconds: float) -> float:
        """Wait until it can work, for these seconds at most; how long that took."""

    @abstractmethod
    def give_up(self) -> None:
        """Nobody waits any more for the answer it is working on."""

    def load(self, dataset: Dataset) -> str:
        """See to it that it holds a dataset; returns its fingerprint."""
        fingerprint = dataset.fingerprint
        with self._loading:
            if fingerprint not in self._loaded:
                self.send(Load(fingerprint, dataset))
            self._loaded[fingerprint] = self._loaded.pop(fingerprint, dataset.nbytes)
        return fingerprint

    def unload(self, wanted: Collection[str]) -> None:
        """Let it forget all datasets but those of these fingerprints."""
        with self._loading:
            for fingerprint in [each for each in self._loaded if each not in wanted]:
                self.send(Unload(fingerprint))
                del self._loaded[fingerprint]

    def unload_older(self, newest: int, max_bytes: int) -> None:
        """Let it forget all datasets but the last used ones, as far as those fit into so much."""
        sizes = list(self._loaded.items())[::-1][:newest]
        total = itertools.accumulate(size for _fingerprint, size in sizes)
        self.unload(
            [each for (each, _), sum_ in zip(sizes, total, strict=True) if sum_ <= max_bytes]
        )
