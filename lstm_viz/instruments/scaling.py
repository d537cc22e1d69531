"""What `torch.amp.GradScaler` multiplies a loss by, so that it can be taken out again."""

from collections.abc import Callable
from threading import Lock
from typing import Any
from weakref import WeakSet

import torch
from torch import Tensor
from torch.amp import GradScaler

from lstm_viz.instruments.engine import backward_pass
from lstm_viz.instruments.isolation import tensors_in


class Scales:
    """The factors of the backward passes that began at a scaled loss, while it listens."""

    def __init__(self) -> None:
        self._latest: tuple[int, Tensor] | None = None

    def unscaled(self, gradient: Tensor, number: int) -> Tensor:
        """A derivative as it is of the loss itself; at least in float32, where it fits."""
        if self._latest is None or self._latest[0] != number:
            return gradient
        whole = gradient.float() if gradient.element_size() < 4 else gradient
        return whole / self._latest[1].to(whole.device)

    def noted(self, factor: Tensor) -> Callable[[Tensor], None]:
        """The hook of a scaled loss, at which a backward pass comes by before all layers."""

        def note(_: Tensor) -> None:
            number = backward_pass()
            if number is not None:
                self._latest = number, factor

        return note


_LISTENING: WeakSet[Scales] = WeakSet()
_LOCK = Lock()
_scale: Any = GradScaler.scale


def listen(scales: Scales) -> None:
    """Have it told of every scaled loss, until `leave`."""
    with _LOCK:
        _LISTENING.add(scales)
        GradScaler.scale = _scale_and_tell  # type: ignore[method-assign]


def leave(scales: Scales) -> None:
    """No more of it; after the last one PyTorch's class is as it was."""
    with _LOCK:
        _LISTENING.discard(scales)
        if not _LISTENING:
            GradScaler.scale = _scale  # type: ignore[method-assign]


def _scale_and_tell(self: GradScaler, outputs: Any) -> Any:
    scaled = _scale(self, outputs)
    if self.is_enabled():
        for each in tensors_in(scaled):
            if each.requires_grad:
                # As a tensor of its own: the scaler's is written into, and reading it would wait.
                factor = _scale(self, torch.ones((), device=each.device))
                for scales in tuple(_LISTENING):
                    each.register_hook(scales.noted(factor))  # type: ignore[no-untyped-call]
    return scaled
