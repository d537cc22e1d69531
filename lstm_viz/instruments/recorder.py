"""Records every recurrent layer of a private copy of a model while it runs once."""

import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from functools import partial
from typing import Any
from weakref import ref

import torch
from torch import Tensor, nn

from lstm_viz.errors import LstmVizError, UnsupportedModelError
from lstm_viz.instruments.engine import in_a_transform, in_an_autograd_function, tell
from lstm_viz.instruments.isolation import all_in, cast_in_graph, tensors_in
from lstm_viz.instruments.last_call import LastCall
from lstm_viz.instruments.one_node import Sweep, run_as_one
from lstm_viz.instruments.own_cells import own_cell
from lstm_viz.instruments.own_run import DERIVING, LOOKING, RECURRENT, OwnRun
from lstm_viz.instruments.readable import (
    Layer,
    draws_noise,
    layers_apart,
    own_forward,
    quantised,
    readable,
    weights_of,
    weights_to_be,
    with_own_forward,
)
from lstm_viz.instruments.recording import (
    Outputs,
    Recording,
    received,
    record,
    returned,
    separated,
    states,
)
from lstm_viz.instruments.refusals import (
    a_derivative_in_the_loss,
    again_in_the_loss,
    in_the_original,
    inside_a_function,
    inside_a_transform,
    none_ran,
    shown,
)
from lstm_viz.instruments.states import States
from lstm_viz.instruments.subclasses import class_below
from lstm_viz.models.unrolled import Unrolled


class Recorder:
    """Stands in for the `forward` of every recurrent layer of a copy, so that no way of calling
    a layer passes it by.
    """

    def __init__(
        self, originals: Mapping[str, Layer], dtype: torch.dtype, *, differentiates: bool
    ) -> None:
        self.recordings: list[Recording] = []
        self.left_out: dict[str, str] = {}
        """What ran and is not recorded: its path -> its name in messages."""
        self.passed_by: dict[str, UnsupportedModelError] = {}
        """Subclasses whose own 'forward' went past that of PyTorch's layer, by their paths."""
        self._states = States()
        self._last_calls: dict[str, LastCall] = {}
        """By the paths of their layers."""
        self.own_run = OwnRun(dtype, self._called, self._states.derive)
        self.sweep = Sweep(self.own_run.aside)
        self.in_loss = False
        """Whether the model has run, and the loss is at work."""
        self.through_a_derivative = False
        """Whether a backward pass went through a derivative of a layer."""
        self._originals = originals
        """The layers of which those that run are copies."""
        self._differentiates = differentiates
        self._finished = False
        self._listened: set[int] = set()
        """Recordings at whose outputs derivatives are noticed, by id."""
        self._owners: dict[int, tuple[str, nn.Module]] = {}
        self._apart = set[int]()
        """Weights, by id, of layers in lists and dicts of Python's."""

    @contextmanager
    def attached(self, model: nn.Module) -> Iterator[None]:
        for path, module in model.named_modules():
            for parameter in module.parameters(recurse=False):
                self._owners[id(parameter)] = path, module
        self._apart = {id(w) for layer in layers_apart(model).values() for w in layer.parameters()}
        with ExitStack() as stack:
            for module in filter(quantised, model.modules()):
                vars(module)["forward"] = partial(_in_float32, module.forward, self.own_run.dtype)
                stack.callback(vars(module).pop, "forward")
            for path, layer in readable(model, subclasses=True)[0].items():
                if own_forward(layer):
                    other: Any = class_below(layer, partial(self._run, path, layer))
                    layer.__class__ = other
                    continue
                before = vars(layer).get("forward")
                stand_in = partial(self._run, path, layer, layer.forward)
                layer.forward = stand_in  # type: ignore[method-assign]
                stack.callback(_put_back, layer, before)
            try:
                yield
            except LstmVizError:
                raise
            except Exception as error:
                # The precision is not that of the original, which therefore often fails.
                for path, layer in self._originals.items():
                    if _ran_in(layer, error):
                        raise self._original_ran(path, layer) from error
                raise

    def finish(self, model: nn.Module) -> None:
        """From now on layers run again in the backward pass only, where they are checkpointed."""
        self._finished = self.own_run.drawing.closed = True
        self._last_calls.clear()
        recorded = {recording.layer for recording in self.recordings}
        for path, layer in self._originals.items():
            if own_forward(layer) and path not in recorded:
                self.passed_by[path] = with_own_forward(path, layer)
        if not self.recordings:
            raise next(iter(self.passed_by.values()), none_ran(model))

    def close(self) -> None:
        """Let go of what was recorded: nodes of the graph know their recorder, and no garbage
        collector sees through the graph back to itself.
        """
        self.recordings, self._last_calls = [], {}
        self._states.forget()
        self.sweep.aside = nullcontext

    def refuse(self) -> None:
        """Raise the error for a backward pass whose derivatives are not all."""
        if self.through_a_derivative:
            raise a_derivative_in_the_loss()

    def _run(
        self, path: str, layer: Layer, forward: Callable[..., Any], *args: Any, **kwargs: Any
    ) -> Outputs:
        with self.own_run.aside():
            before = self._last_calls.get(path)
            if before and self.sweep.allowed and before.is_like(layer, args, kwargs):
                return self._handed_out(before, before.next(forward, self.sweep, args[0]))
            # What the model makes in float32 while it runs, such as a first hidden state, follows.
            weights, dtype = weights_to_be(layer), self.own_run.dtype
            for weight in weights:
                if weight.is_floating_point():
                    dtype = weight.dtype
                    break
            if all_in((args, kwargs), dtype):
                return self._recorded(path, layer, weights, forward, args, kwargs)
        args, kwargs = cast_in_graph(args, dtype), cast_in_graph(kwargs, dtype)
        with self.own_run.aside():
            return self._recorded(path, layer, weights, forward, args, kwargs)

    def _recorded(
        self,
        path: str,
        layer: Layer,
        weights: Sequence[Tensor],
        forward: Callable[..., Any],
        args: Any,
        kwargs: Any,
    ) -> Outputs:
        noisy = draws_noise(layer)
        drawing = self.own_run.drawing
        state = drawing.generator(torch.device("cpu")).get_state() if noisy else None
        x, initial = received(*args, **kwargs)
        given = () if initial is None else states(initial)
        before = self._last_calls.get(path)
        swept = (
            before is not None
            and before.hands_on(given)
            and self.sweep.can_take(layer, weights, x, given)
            and before.has(weights)
        )
        if swept:
            output, on_its_way = run_as_one(forward, self.sweep, x, given), True
        else:
            tensors = (*weights, *tensors_in((args, kwargs)))
            on_its_way = not any(t.requires_grad for t in tensors)
            with drawing if noisy else nullcontext():
                output = forward(*args, **kwargs)
        recording = record(path, layer, args, kwargs, output, taken=weights, one_node=swept)
        if torch._C._are_functorch_transforms_active() and in_a_transform(recording.outputs[0]):
            raise inside_a_transform(path, layer)
        recording.swept = swept
        if recording.input.device.type == "cpu":
            recording.random_state = state
        self._prepare(recording, layer)
        if self._finished:
            return returned(recording, separated(recording))
        origin = self._states.origin(path, recording.initial)
        recording.follows = None if origin is None else ref(origin)
        recording.copy_given()
        before = self._last_calls[path] = LastCall(layer, recording, weights)
        return self._handed_out(before, recording, on_its_way=on_its_way)

    def _handed_out(
        self, call: LastCall, recording: Recording, *, on_its_way: bool = True
    ) -> Outputs:
        """What the model gets of a call, which is kept."""
        self.recordings.append(recording)
        given_back = separated(recording)
        last = given_back[-len(recording.last) :]
        self._states.returned(recording, last)
        call.gave(last if on_its_way and recording.packing is None else ())
        return returned(recording, given_back)

    def _prepare(self, recording: Recording, layer: Layer) -> None:
        """Make the outputs what the loss is differentiated by."""
        if torch.is_grad_enabled():
            for tensor in recording.outputs:
                tensor.requires_grad_()
        elif self._differentiates and in_an_autograd_function():
            raise inside_a_function(recording.layer, layer)

    def _listen(self, recording: Recording) -> None:
        """Notice a derivative that is made into a part of the loss.

        Such a one is asked for by a torch function, so before the first no hook is needed.
        """
        if id(recording) in self._listened:
            return
        self._listened.add(id(recording))
        known = ref(recording)  # its tensors would hold themselves

        def told() -> None:
            self.through_a_derivative = True

        def receive(gradient: Tensor | None) -> Tensor | None:
            own = known()
            if gradient is None or own is None or not torch.is_grad_enabled():
                return None
            return tell(gradient, told, own.outputs)

        for tensor in recording.outputs:
            if tensor.requires_grad and not in_a_transform(tensor):
                tensor.register_hook(receive)  # type: ignore[no-untyped-call]

    def _called(self, func: Any, arguments: Any) -> None:
        """Refuse a layer of the original, and note what else is recurrent, and what derives."""
        if func in DERIVING or func in LOOKING:
            self.sweep.allowed = False
            for recording in self.recordings if func in DERIVING else ():
                self._listen(recording)
            return
        given = {id(tensor) for tensor in tensors_in(arguments)}
        for path, layer in self._originals.items():
            # A layer of this package is made of linear functions and no recurrent one.
            fused = not isinstance(layer, Unrolled) and own_cell(layer) is None
            if fused is (func in RECURRENT) and any(
                id(weight) in given for weight in weights_of(layer)
            ):
                if self.in_loss and not torch.is_grad_enabled():
                    return  # a constant of the loss
                raise self._original_ran(path, layer)
        if func in RECURRENT:
            self._leave_out(func, arguments)

    def _original_ran(self, path: str, layer: Layer) -> LstmVizError:
        return again_in_the_loss(path, layer) if self.in_loss else in_the_original(path, layer)

    def _leave_out(self, func: Any, arguments: Any) -> None:
        for tensor in tensors_in(arguments):
            if id(tensor) in self._apart:
                return  # it is said already
            if id(tensor) in self._owners:
                path, module = self._owners[id(tensor)]
                self.left_out[path] = shown(path, module)
                return
        name = f"torch.{func.__name__}"
        self.left_out[name] = name


def _in_float32(forward: Callable[..., Any], dtype: torch.dtype, *args: Any, **kwargs: Any) -> Any:
    """A quantised module within a model of another precision."""
    given = cast_in_graph((args, kwargs), torch.float32)
    return cast_in_graph(forward(*given[0], **given[1]), dtype)


def _ran_in(layer: nn.Module, error: Exception) -> bool:
    """Whether the error came out of a method of this layer."""
    frames = (frame for frame, _ in traceback.walk_tb(error.__traceback__))
    return any(frame.f_locals.get("self") is layer for frame in frames)


def _put_back(layer: nn.Module, forward: Any) -> None:
    if forward is None:
        del layer.forward
    else:
        layer.forward = forward
