"""See inside a model's recurrent layers from one's own training loop."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, Self
from weakref import ref

import torch
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from lstm_viz.errors import ConfigError, UnsupportedModelError, warn
from lstm_viz.instruments.completeness import refuse, warn_of
from lstm_viz.instruments.engine import (
    accumulates,
    backward_pass,
    in_a_transform,
    tell,
)
from lstm_viz.instruments.hooks import Hook, keep_freed_memory
from lstm_viz.instruments.isolation import uncompiled
from lstm_viz.instruments.layer_trace import LayerTrace
from lstm_viz.instruments.passes import History, Pass
from lstm_viz.instruments.readable import Layer, can_draw_noise, readable
from lstm_viz.instruments.recording import (
    Outputs,
    Recording,
    record,
    returned,
    separated,
)
from lstm_viz.instruments.refusals import warn_unreadable
from lstm_viz.instruments.sequences import passes_of
from lstm_viz.instruments.states import tensors_in
from lstm_viz.instruments.traces import Traces
from lstm_viz.words import N_

Layers = Mapping[str, LayerTrace]
Unreadable = Mapping[str, UnsupportedModelError]


def watch(model: nn.Module) -> "Watcher":
    """See inside a model's recurrent layers while it trains, at the loop's own speed.

    A step pays for keeping copies of what the layers receive, of what they return and of their
    weights. What happened inside is worked out when `watcher.traces` is read; there stands what
    is shown, refused and warned of. The numbers of the training are bit for bit those of an
    unwatched one. Raises UnsupportedModelError for a model of which nothing can be watched.

    >>> lstm = nn.LSTM(input_size=1, hidden_size=4, batch_first=True)
    >>> with watch(lstm) as watcher:
    ...     for _ in range(3):
    ...         lstm(torch.rand(2, 30, 1))[0][:, -1].square().mean().backward()
    >>> watcher.traces["l0"].grad_norm("hidden").shape
    (2, 30)
    """
    return Watcher(model)


class Watcher:
    """What `watch` gives: `traces`, readable at any time, also after the block."""

    def __init__(self, model: nn.Module) -> None:
        # What torch.compile wraps, so that the keys are those of the model itself.
        self._model = uncompiled(model)
        self._layers, self._unreadable = readable(self._model)
        self._started = False
        self._handles: list[RemovableHandle] = []
        self._history = History()
        self._counted: int | None = None
        """The last backward pass that was found to add to `.grad`."""
        self._copied: dict[str, tuple[list[tuple[Any, int]], Sequence[Tensor]]] = {}
        """Path -> the weights of the last call, as they stood, and their copies."""
        self._read: tuple[Pass, int, Layers, Unreadable] | None = None

    @property
    def traces(self) -> Traces:
        """The traces of the last forward pass that a backward pass reached, keyed as by `trace`.

        Before the first one: of the last forward pass, without derivatives. A forward pass is a
        call of the model; or the calls of its layers from outside of it, up to a backward pass;
        in one thread. Validation beside it, under `no_grad`, is no part of it.

        Calls of a layer that go on from its last state, in a pass or in several under one
        backward pass, are one sequence; others are passes of their own: see `trace`.

        The derivatives are those of `backward`, as this pass adds them to `.grad` of the weights
        and of inputs that are leaves, in one call or several, with or without `inputs`. What
        `torch.autograd.grad` or `torch.func` is asked for is no part of them. A layer whose
        weights and input are all frozen has none, and one that the loss does not reach has 0.
        In half precision or autocast h_t and c_t are as the layer rounded them, step by step; an
        LSTM is run once more for that, which takes time. Two readings give the same arrays.

        - Raises ConfigError for a watcher that was never started.
        - Raises UnsupportedModelError for a layer inside of a reentrant checkpoint; a backward pass
          through a derivative of the model; a pass without any layer; calls from outside of the
          model without an end; and where no layer can be shown: dropout or zoneout inside of it
          on a GPU, an output or last state that does not follow from its equations.
        - Warns (LstmVizWarning) of all that is missing, and says it in `left_out`: one layer of
          several that cannot be shown; the whole before the model ran, layers
          that were not called as modules in this pass or came into the model later,
          other forward passes that the backward pass went through, what came before
          the last piece of a sequence without one; and of layers that were called from outside
          of the model and may belong to another pass.
        """
        if not self._started:
            raise ConfigError(
                N_("This watcher was never started, so it has seen nothing. Start it before the "
                   "loop: 'with watch(model) as watcher:'.")
            )  # fmt: skip
        current = self._history.shown
        if current is None:
            warn(
                N_("The watched model has not run yet, so there is nothing to show. Call it "
                   "inside of the 'with' block.")
            )  # fmt: skip
            return Traces({})
        refuse(current, self._model, self._layers)
        if self._read is None or self._read[:2] != (current, current.arrivals):
            self._read = current, current.arrivals, *_replayed(current)
        *_, traces, of_pass = self._read
        unreadable = {**self._unreadable, **of_pass}
        for path, reason in unreadable.items():
            warn_unreadable(path, reason)
        missing = warn_of(current, self._model, self._layers, self._unreadable)
        reasons = {path: str(reason) for path, reason in unreadable.items()}
        return Traces(traces, {**missing, **reasons})

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> Self:
        """Begin to watch, as the `with` block does. Raises ConfigError where it is running."""
        if self._handles:
            raise ConfigError(
                N_("This watcher is running already. Leave its first 'with' block before it is "
                   "started again, or take another one: 'watch(model)'.")
            )  # fmt: skip
        model = self._model
        self._layers, self._unreadable = readable(model)  # it may have got others since `watch`
        self._started = True
        self._handles = [
            model.register_forward_pre_hook(Hook(self._begin)),
            model.register_forward_hook(Hook(self._end), always_call=True),
        ]
        for path, layer in self._layers.items():
            recorder = Hook(self._recorder(path))
            # Ahead of the user's hooks, which may change the output.
            self._handles.append(
                layer.register_forward_hook(recorder, with_kwargs=True, prepend=True)
            )
            if can_draw_noise(layer):
                keeper = Hook(self._keeper_of_random_state(path))
                self._handles.append(layer.register_forward_pre_hook(keeper))
        keep_freed_memory()
        return self

    def stop(self) -> None:
        """Leave the model as it was. What was seen stays; a watcher that does not run stays so."""
        for handle in self._handles:
            handle.remove()
        for each in self._history.alive:
            for handle in each.handles:
                handle.remove()
        self._handles = []

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
        # The loop may overwrite these: the optimizer does, and so do preallocated batches.
        recording.input = recording.input.detach().clone()
        recording.initial = _copies(recording.initial)
        recording.weights = self._copied_weights(path, recording.weights)
        tensors = separated(recording)
        recording.outputs = tuple(output.detach() for output in recording.outputs)
        self._history.returned(current, recording, tensors)
        return returned(recording, tensors)

    def _copied_weights(self, path: str, weights: Sequence[Tensor]) -> Sequence[Tensor]:
        """Copies, the same ones as of the call before if nothing was written into them since."""
        if any(each.is_inference() for each in weights):  # they do not count what is written
            return _copies(weights)
        now = [(ref(each), each._version) for each in weights]
        known, copies = self._copied.get(path, ([], ()))
        # What is written into their '.data' is not counted either.
        if known != now or not all(map(torch.equal, weights, copies)):
            copies = _copies(weights)
            self._copied[path] = now, copies
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
                own, before = gradient.detach(), gradients[k]
                gradients[k] = own if before is None else before + own
                self._history.arrive(current, path, number)
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
            if layer.training and next(layer.parameters()).device.type == "cpu":
                self._history.calls.random_states[path] = torch.get_rng_state()

        return keep


def _copies(tensors: Any) -> tuple[Tensor, ...]:
    return tuple(tensor.detach().clone() for tensor in tensors)


def _replayed(current: Pass) -> tuple[Layers, Unreadable]:
    recordings = [recording for each in current.whole for recording in each.recordings]
    if not current.arrivals:
        recordings = [replace(recording, gradients=None) for recording in recordings]
    found, left_out = passes_of(recordings, reached=bool(current.arrivals) and not current.by_model)
    return {name: each.trace for _, of in found for name, each in of.items()}, left_out
