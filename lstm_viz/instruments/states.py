"""Which tensors of a run are the last states of a layer, or were made from them."""

from collections.abc import Mapping, Sequence
from typing import Any
from weakref import ReferenceType, ref

from torch import Tensor

from lstm_viz.instruments.isolation import tensors_in
from lstm_viz.instruments.recording import Recording

Origins = Mapping[str, Recording]
"""Path -> the latest call of that layer whose last state went into a tensor."""


_BY_EXAMPLE = frozenset({"to", "type_as", "expand_as", "view_as", "reshape_as"})
"""Take of their second argument no more than its shape or type."""


class States:
    """Follows the last states of every call through the functions that a model calls."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[ReferenceType[Tensor], Origins]] = {}

    def forget(self) -> None:
        """No tensor is known any more."""
        self._known.clear()

    def returned(self, recording: Recording, last: Sequence[Tensor]) -> None:
        """A call has returned these last states."""
        for tensor in last:
            self._note(tensor, {recording.layer: recording})

    def derive(self, function: Any, arguments: Any, result: Any) -> None:
        """A function was called with these arguments and gave this."""
        name = getattr(function, "__name__", "")
        if not self._known or name.endswith("_like") or name.startswith("new_"):
            return  # of a state these take no more than its shape
        if name in _BY_EXAMPLE:
            arguments = arguments[0][:1]
        origins: dict[str, Recording] = {}
        for tensor in tensors_in(arguments):
            origins.update(self._of(tensor))
        if origins:
            for tensor in tensors_in(result):
                self._note(tensor, origins)

    def origin(self, path: str, initial: Sequence[Tensor]) -> Recording | None:
        """The call of this layer in whose last state these first ones have their origin."""
        for tensor in initial:
            if path in (origins := self._of(tensor)):
                return origins[path]
        return None

    def _of(self, tensor: Tensor) -> Origins:
        known = self._known.get(id(tensor))
        return known[1] if known is not None and known[0]() is tensor else {}

    def _note(self, tensor: Tensor, origins: Origins) -> None:
        key = id(tensor)
        self._known[key] = ref(tensor, lambda _: self._known.pop(key, None)), origins
