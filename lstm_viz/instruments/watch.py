"""See inside a model's recurrent layers from one's own training loop."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from types import TracebackType
from typing import Any, Self
from weakref import WeakSet

import torch
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from lstm_viz.instruments.layer_trace import LayerTrace
from lstm_viz.instruments.recording import (
    Layer,
    Outputs,
    Recording,
    record,
    recurrent_layers,
    separated,
    twice,
)
from lstm_viz.instruments.replay import replay


def watch(model: nn.Module) -> "Watcher":
    """See inside a model's recurrent layers while it trains, at the loop's own speed.

    A step pays for keeping copies of what the layers receive, of what they return and of their
    weights. What happened inside is worked out when `watcher.traces` is read. The numbers of
    the training are bit for bit those of an unwatched one. Raises UnsupportedModelError for a
    model that cannot be traced.

    >>> lstm = nn.LSTM(input_size=1, hidden_size=4, batch_first=True)
    >>> with watch(lstm) as watcher:
    ...     for _ in range(3):
    ...         lstm(torch.rand(2, 30, 1))[0][:, -1].square().mean().backward()
    >>> watcher.traces["l0"].grad_norm("hidden").shape
    (2, 30)
    """
    return Watcher(model)


@dataclass(eq=False)
class _Pass:
    """One forward pass of the watched model."""

    number: int
    inside_model: bool
    """While the model's own forward runs; False for layers called from outside of it."""
    recordings: dict[str, Recording] = field(default_factory=dict)
    repeated: str | None = None
    """A layer that ran twice."""
    arrivals: int = 0
    """Gradients received so far; the pass had a backward pass if there are any."""
    handles: list[RemovableHandle] = field(default_factory=list)


class Watcher:
    """What `watch` gives: `traces`, readable at any time, also after the block."""

    def __init__(self, model: nn.Module) -> None:
        # What torch.compile wraps, so that the keys are those of the model itself.
        self._model: nn.Module = getattr(model, "_orig_mod", model)
        self._layers = recurrent_layers(self._model)
        self._handles: list[RemovableHandle] = []
        self._numbers = count()
        self._alive: WeakSet[_Pass] = WeakSet()
        self._latest: _Pass | None = None
        self._with_backward: _Pass | None = None
        self._random_states: dict[str, Tensor] = {}
        self._read: tuple[_Pass, int, Mapping[str, LayerTrace]] | None = None

    @property
    def traces(self) -> dict[str, LayerTrace]:
        """The traces of the last forward pass that had a backward pass, keyed as by `trace`.

        Before the first backward pass: of the last forward pass, without derivatives; before
        that, empty. The derivatives are of what `backward` was called on; several calls over
        one forward pass add up, as they do in `.grad`. A layer whose weights and input are
        all frozen gets none, as PyTorch computes none. Raises UnsupportedModelError for a
        layer that ran twice in the pass, or dropped out between its levels or zoned out on a
        GPU.
        """
        shown = self._with_backward or self._latest
        if shown is None:
            return {}
        if shown.repeated is not None:
            raise twice(shown.repeated, self._layers[shown.repeated])
        if self._read is None or self._read[:2] != (shown, shown.arrivals):
            self._read = shown, shown.arrivals, _replayed(shown)
        return dict(self._read[2])

    def __enter__(self) -> Self:
        model = self._model
        self._handles = [
            model.register_forward_pre_hook(_Hook(self._begin)),
            model.register_forward_hook(_Hook(self._end), always_call=True),
        ]
        for path, layer in self._layers.items():
            recorder = _Hook(self._recorder(path))
            # Ahead of the user's hooks, which may change the output.
            self._handles.append(
                layer.register_forward_hook(recorder, with_kwargs=True, prepend=True)
            )
            if (layer.dropout and layer.num_layers > 1) or getattr(layer, "zoneout", 0.0):
                keeper = _Hook(self._keeper_of_random_state(path))
                self._handles.append(layer.register_forward_pre_hook(keeper))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for handle in self._handles:
            handle.remove()
        for each in self._alive:
            for handle in each.handles:
                handle.remove()
        self._handles = []

    def _begin(self, *_: object) -> None:
        self._start(inside_model=True)

    def _end(self, *_: object) -> None:
        if self._latest is not None:
            self._latest.inside_model = False

    def _start(self, *, inside_model: bool) -> _Pass:
        self._latest = _Pass(next(self._numbers), inside_model)
        self._alive.add(self._latest)
        return self._latest

    def _recorder(self, path: str) -> Callable[..., Outputs | None]:
        def hook(layer: Layer, args: Any, kwargs: Any, output: Any) -> Outputs | None:
            if self._with_backward is not None and not torch.is_grad_enabled():
                return None  # validation: it can have no backward pass, so it is never shown
            recording = record(path, layer, args, kwargs, output)
            recording.random_state = self._random_states.pop(path, None)
            return self._keep(recording)

        return hook

    def _keep(self, recording: Recording) -> Outputs:
        current, path = self._latest, recording.layer
        if current is None or not (current.inside_model or path not in current.recordings):
            current = self._start(inside_model=False)
        if path in current.recordings:
            current.repeated = path
        current.recordings[path] = recording
        outputs = recording.outputs
        # The loop may overwrite these: the optimizer does, and so do preallocated batches.
        recording.input = recording.input.detach().clone()
        recording.initial = _copies(recording.initial)
        recording.weights = _copies(recording.weights)
        recording.outputs = tuple(output.detach() for output in outputs)
        if any(output.requires_grad for output in outputs):
            recording.gradients = [None] * len(outputs)
            for k, output in enumerate(outputs):
                if output.requires_grad:
                    receive = self._receiver(current, recording.gradients, k)
                    current.handles.append(output.register_hook(receive))  # type: ignore[no-untyped-call]
        return separated(outputs)

    def _receiver(
        self, of_pass: _Pass, gradients: list[Tensor | None], k: int
    ) -> Callable[[Tensor], None]:
        def receive(gradient: Tensor) -> None:
            gradient, before = gradient.detach(), gradients[k]
            gradients[k] = gradient if before is None else before + gradient
            of_pass.arrivals += 1
            if self._with_backward is None or self._with_backward.number < of_pass.number:
                self._with_backward = of_pass

        return receive

    def _keeper_of_random_state(self, path: str) -> Callable[..., None]:
        def keep(layer: Layer, _: object) -> None:
            if layer.training and next(layer.parameters()).device.type == "cpu":
                self._random_states[path] = torch.get_rng_state()

        return keep


def _copies(tensors: Any) -> tuple[Tensor, ...]:
    return tuple(tensor.detach().clone() for tensor in tensors)


def _replayed(shown: _Pass) -> dict[str, LayerTrace]:
    recordings = list(shown.recordings.values())
    if not shown.arrivals:
        recordings = [replace(recording, gradients=None) for recording in recordings]
    return {name: t for recording in recordings for name, t in replay(recording).items()}


class _Hook:
    """A hook of the watched model alone: in copies and pickles of the model it does nothing."""

    def __init__(self, call: Callable[..., Any]) -> None:
        self.call = call

    def __call__(self, *args: Any) -> Any:
        return self.call(*args)

    def __reduce__(self) -> tuple[type["_Hook"], tuple[Callable[..., None]]]:
        return _Hook, (_nothing,)


def _nothing(*_: object) -> None:
    pass
