"""Each run its own random numbers, so that runs advanced in turn do not disturb each other."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch


class Noise:
    """The random states that dropout and zoneout of one run draw from."""

    def __init__(self, seed: int, device: torch.device) -> None:
        self._cuda = [device] if device.type == "cuda" else []
        with torch.random.fork_rng(devices=self._cuda):
            torch.manual_seed(seed)
            self._states = self._present()

    @contextmanager
    def drawn(self) -> Iterator[None]:
        """Draw from this run's states; the process' own are put back afterwards."""
        with torch.random.fork_rng(devices=self._cuda):
            torch.set_rng_state(self._states[0])
            for device, state in zip(self._cuda, self._states[1:], strict=True):
                torch.cuda.set_rng_state(state, device)
            yield
            self._states = self._present()

    def _present(self) -> list[torch.Tensor]:
        return [torch.get_rng_state(), *(torch.cuda.get_rng_state(each) for each in self._cuda)]
