"""How many of the frames that are due a run takes: as many as its training can bear."""

SHARE = 0.08
"""Of a run's time, at most, goes into frames."""
FEWEST = 40
"""Frames of a run, whatever they cost."""


class Governor:
    """Takes evenly spaced ones of the frames that are due.

    >>> cheap, dear = Governor(planned=100), Governor(planned=100)
    >>> sum(cheap.takes(1.0, 0.01) for _ in range(100)), sum(dear.takes(1.0, 9) for _ in range(100))
    (100, 40)
    """

    def __init__(self, planned: float, share: float = SHARE) -> None:
        self._least = FEWEST / max(planned, FEWEST)
        self._share = share / (1 - share)
        self._credit = 0.0

    def takes(self, trained: float, cost: float) -> bool:
        """Whether the frame that is due is taken: after so many seconds of training since the one
        that was due before, where a frame costs so many.
        """
        bearable = self._share * trained / cost if cost > 0 else 1.0
        self._credit += min(1.0, max(self._least, bearable))
        if self._credit < 1 - 1e-9:
            return False
        self._credit -= 1
        return True
