"""How fast a run may go: as fast as it can, or as slowly as a reader wants to follow it."""


class Pacing:
    """When the next optimizer update of a run may be made, by the caller's clock.

    >>> pacing = Pacing()
    >>> pacing.next_after(5.0)  # at once
    5.0
    >>> pacing.slow_down(rate=4.0)
    >>> pacing.next_after(5.0), pacing.next_after(5.01)
    (5.25, 5.5)
    >>> pacing.next_after(9.0)  # what was missed is not made up for
    9.0
    """

    def __init__(self) -> None:
        self._pause = 0.0
        self._due = -1.0

    def slow_down(self, rate: float) -> None:
        """At most `rate` updates a second from now on; 0 for as many as there can be."""
        self._pause = 1 / rate if rate > 0 else 0.0
        self._due = -1.0

    def next_after(self, now: float) -> float:
        """When the update may follow that comes after the one made now."""
        if not self._pause:
            return now
        due = now + self._pause if self._due < 0 else self._due + self._pause
        self._due = max(due, now)
        return self._due
