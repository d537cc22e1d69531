"""The hooks of a watched model: what goes through its layers, and what comes back."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from weakref import ref

import torch
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from lstm_viz.errors import UnsupportedModelError
from lstm_viz.instruments.engine import accumulates, backward_pass, in_a_transform, tell
from lstm_viz.instruments.hooks import Hook
from lstm_viz.instruments.isolation import tensors_in
from lstm_viz.instruments.passes import History, Pass
from lstm_viz.instruments.readable import (
    Layer,
    draws_noise,
    own_forward,
    with_own_forward,
)
from lstm_viz.instruments.recording import Outputs, Recording, record, returned, separated
from lstm_viz.instruments.refusals import inside_a_transform
from lstm_viz.instruments.scaling import Scales, leave, listen
from lstm_viz.instruments.subclasses import WhileItRuns


class Listener:
    """Fills a history with the passes of a model."""

    def __init__(self, history: History) -> None:
        self._history = history
        self.handles: list[RemovableHandle] = []
        """Of the hooks, while it is attached."""
        self.passed_by: dict[str, UnsupportedModelError] = {}
        """Layers that were called where they may be unreadable, by their paths: subclasses with a
        'forward' of their own, and those inside of a transform."""
        self._scales = Scales()
        self._counted: int | None = None
        """The last backward pass that was found to add to `.grad`."""
        self._copied: dict[str, tuple[Sequence[tuple[Any, int]], Sequence[Tensor]]] = {}
        """Path -> the weights of the last call, as they stood, and their copies."""

    def attach(self, model: nn.Module, layers: Mapping[str, Layer]) -> None:
        listen(self._scales)
        self.handles = [
            model.register_forward_pre_hook(Hook(self._begin)),
            model.register_forward_hook(Hook(self._end), always_call=True),
        ]
        for path, layer in layers.items():
            if own_forward(layer):
                self._attach_below(path, layer)
                continue
            recorder = Hook(self._recorder(path))
            # Ahead of the user's hooks, which may change the output.
            self.handles.append(
                layer.register_forward_hook(recorder, with_kwargs=True, prepend=True)
            )
            keeper = Hook(self._keeper_of_random_state(path))
            self.handles.append(layer.register_forward_pre_hook(keeper))

    def _attach_below(self, path: str, layer: Layer) -> None:
        """Listen to what a layer's own `forward` calls."""
        record_it, keep = self._recorder(path), self._keeper_of_random_state(path)

        def run(forward: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
            keep(layer, ())
            output = forward(*args, **kwargs)
            instead = record_it(layer, args, kwargs, output)
            return output if instead is None else instead

        def begin(*given: Any) -> None:
            self.passed_by[path] = with_own_forward(path, layer)
            inside.begin(*given)

        inside = WhileItRuns(layer, run)
        self.handles += [
            layer.register_forward_pre_hook(Hook(begin)),
            layer.register_forward_hook(Hook(inside.end), prepend=True, always_call=True),
        ]

    def detach(self) -> None:
        leave(self._scales)
        for handle in self.handles:
            handle.remove()
        for each in self._history.alive:
            for handle in each.handles:
                handle.remove()
        self.handles = []

    def _begin(self, *_: object) -> None:
        if backward_pass() is None:  # in one, a checkpoint runs the model again
            self._history.start(by_model=True)

    def _end(self, *_: object) -> None:
        latest = self._history.calls.latest
        if latest is not None and backward_pass() is None:
            latest.open = False

    def _recorder(self, path: str) -> Callable[..., Outputs | None]:
        def hook(layer: Layer, args: Any, kwargs: Any, output: Any) -> Outputs | None:
            random_state = self._history.calls.random_states.pop(path, None)
            if backward_pass() is not None:  # in one, a checkpoint runs the layer again
                self._listen_inside(path, output)
                return None
            current = self._history.of_next_call()
            if current is None:
                return None
            recording = record(path, layer, args, kwargs, output)
            if in_a_transform(recording.outputs[0]):
                self.passed_by[path] = inside_a_transform(path, layer)
                return None
            recording.random_state = random_state
            return self._keep(current, recording)

        return hook

    def _keep(self, current: Pass, recording: Recording) -> Outputs | None:
        path = recording.layer
        if not self._history.room(current, path):
            return None
        self._listen(current, recording)
        self._history.connect(current, recording)
        current.recordings.append(recording)
        recording.copy_given()
        recording.weights = self._copied_weights(path, recording.weights)
        tensors = separated(recording)
        recording.outputs = tuple(output.detach() for output in recording.outputs)
        self._history.returned(current, recording, tensors)
        return returned(recording, tensors)

    def _copied_weights(self, path: str, weights: Sequence[Tensor]) -> Sequence[Tensor]:
        """Copies, the same ones as of the call before if nothing was written into them since."""
        if any(each.is_inference() for each in weights):  # they do not count what is written
            return _copies(weights)
        known, copies = self._copied.get(path, ((), ()))
        same = len(known) == len(weights) and all(
            seen() is each and version == each._version
            for (seen, version), each in zip(known, weights, strict=True)
        )
        # What is written into their '.data' is not counted either.
        if not same or not all(map(torch.equal, weights, copies)):
            copies = _copies(weights)
            self._copied[path] = [(ref(each), each._version) for each in weights], copies
        return copies

    def _listen(self, current: Pass, recording: Recording) -> None:
        """Have backward passes bring dL/d(outputs)."""
        outputs = recording.outputs
        if not any(output.requires_grad for output in outputs):
            return
        tensors = (*recording.weights, *recording.initial, recording.input)
        sources = [tensor for tensor in tensors if tensor.requires_grad]
        recording.gradients = [None] * len(outputs)
        for k, output in enumerate(outputs):
            if output.requires_grad:
                receive = self._receiver(current, recording, k, sources)
                current.handles.append(output.register_hook(receive))  # type: ignore[no-untyped-call]

    def _receiver(
        self, current: Pass, recording: Recording, k: int, sources: Sequence[Tensor]
    ) -> Callable[[Tensor | None], Tensor | None]:
        path, gradients = recording.layer, recording.gradients
        assert gradients is not None

        def told() -> None:
            if accumulates(sources):
                current.through_a_derivative = True

        def receive(gradient: Tensor | None) -> Tensor | None:
            if gradient is None:  # it is 0
                return None
            number = backward_pass()
            if number is not None and (number == self._counted or accumulates(sources)):
                self._counted = number
                own, before = self._scales.unscaled(gradient.detach(), number), gradients[k]
                gradients[k] = own if before is None else before + own
                self._history.arrive(current, path, number)
            else:
                current.only_asked = True
            # With create_graph=True somebody may differentiate what comes out.
            return tell(gradient, told, sources) if torch.is_grad_enabled() else None

        return receive

    def _listen_inside(self, path: str, output: Any) -> None:
        """Notice a reentrant checkpoint, whose second run is the one that is differentiated."""

        def receive(gradient: Tensor | None) -> None:
            if gradient is not None:
                self._history.arrive_inside_a_function(path)

        for tensor in tensors_in(output):
            if tensor.requires_grad:
                tensor.register_hook(receive)  # type: ignore[no-untyped-call]

    def _keeper_of_random_state(self, path: str) -> Callable[..., None]:
        def keep(layer: Layer, _: object) -> None:
            if draws_noise(layer) and next(layer.parameters()).device.type == "cpu":
                self._history.calls.random_states[path] = torch.get_rng_state()

        return keep


def _copies(tensors: Any) -> tuple[Tensor, ...]:
    return tuple(tensor.detach().clone() for tensor in tensors)
