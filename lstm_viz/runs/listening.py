"""Who hears of what happens to runs."""

import threading
from collections.abc import Callable, Iterable

Listener = Callable[[str, object], None]


class Listeners:
    """Functions that are called with a run's id and what happened to it.

    >>> listeners = Listeners()
    >>> stop = listeners.listen(print)
    >>> listeners.tell(["a"], "began")
    a began
    >>> stop()
    >>> listeners.tell(["a"], "ended")
    """

    _joining = threading.Lock()
    _listeners: tuple[Listener, ...] = ()

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` from now on, after what happened, in any thread and under no lock.

        Returns what ends that.
        """
        with self._joining:
            self._listeners = (*self._listeners, listener)

        def stop() -> None:
            with self._joining:
                self._listeners = tuple(each for each in self._listeners if each is not listener)

        return stop

    def tell(self, runs: Iterable[str], event: object) -> None:
        """Say to all that this happened to these runs."""
        for run in runs:
            for listener in self._listeners:
                listener(run, event)
