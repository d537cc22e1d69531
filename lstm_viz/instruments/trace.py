"""Run a model once and see inside its recurrent layers."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any, cast

import torch
from torch import Tensor, nn

from lstm_viz.errors import ConfigError, UnsupportedModelError
from lstm_viz.instruments.isolation import (
    LossFunction,
    carried,
    cast_in_graph,
    device_for,
    private_copy,
    quiet_process,
    threads_for,
)
from lstm_viz.instruments.layer_pass import LayerPass
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
from lstm_viz.instruments.replay import passes
from lstm_viz.words import N_


def trace(
    model: nn.Module,
    x: Any,
    *,
    loss_fn: LossFunction | None = None,
    targets: Any = None,
    dtype: torch.dtype = torch.float64,
) -> dict[str, LayerTrace]:
    """What happened inside every recurrent layer at every time step of `model(x)`.

    The model runs as a copy of itself, in eval mode and in `dtype`, so that the caller's stays
    as it was. Equations and derivatives are worked out in float64 whatever `dtype` is.

    - `model`: a module that is or holds `nn.RNN`, `nn.LSTM`, `nn.GRU` or this package's layers.
    - `x`: the one argument of its `forward`, batched; tensors may lie in tuples, lists, dicts.
    - `loss_fn(output, targets)` gives one number L; with it the derivatives of L are traced.
      `targets` is passed on as it is given, None included. What the model detaches has
      derivative 0.

    Returns `"<module path>.l<k>"`, with `"_reverse"` for the backward direction, -> LayerTrace,
    in the order in which the layers ran. Raises UnsupportedModelError for what cannot be
    traced, ConfigError for a loss that is not one number or a `dtype` that is not floating.

    >>> lstm = nn.LSTM(input_size=1, hidden_size=4, batch_first=True)
    >>> def loss_fn(output, targets):
    ...     return (output[0][:, -1] - targets).square().mean()
    >>> traces = trace(lstm, torch.rand(2, 30, 1), loss_fn=loss_fn, targets=torch.zeros(2, 4))
    >>> traces["l0"].gates["forget"].shape, traces["l0"].grad_norm("cell").shape
    ((2, 30, 4), (2, 30))
    """
    found = recorded(model, x, loss_fn=loss_fn, targets=targets, dtype=dtype)
    return {name: traced for _, traces in found for name, traced in traces.items()}


def recorded(
    model: nn.Module, x: Any, *, loss_fn: LossFunction | None, targets: Any, dtype: torch.dtype
) -> list[tuple[Recording, dict[str, LayerTrace]]]:
    """The same, layer by layer, each with what was recorded of it: its weights among others."""
    found = recorded_passes(model, x, loss_fn=loss_fn, targets=targets, dtype=dtype)
    return [
        (recording, {name: each.trace for name, each in layers.items()})
        for recording, layers in found
    ]


def recorded_passes(
    model: nn.Module, x: Any, *, loss_fn: LossFunction | None, targets: Any, dtype: torch.dtype
) -> list[tuple[Recording, dict[str, LayerPass]]]:
    """The same, with the way back through every layer."""
    if not getattr(dtype, "is_floating_point", False):
        raise ConfigError(
            N_("The 'dtype' of a trace must be a floating one, such as torch.float64, got {got}."),
            got=dtype,
        )
    model = cast("nn.Module", getattr(model, "_orig_mod", model))  # what torch.compile wraps
    largest = max(layer.hidden_size for layer in recurrent_layers(model).values())
    device = device_for(model, dtype)
    with quiet_process(device, dtype), threads_for(largest):
        twin, loss_twin = private_copy(model, loss_fn, device, dtype)
        recorder = _Recorder()
        with torch.set_grad_enabled(loss_twin is not None), recorder.attached(twin):
            output = twin(carried(x, device, dtype))
            recorder.finish(model)
            if loss_twin is not None:
                loss = loss_twin(output, carried(targets, device, dtype))
                _differentiate(loss, recorder.recordings)
        return [(recording, passes(recording)) for recording in recorder.recordings]


class _Recorder:
    """Records every recurrent layer of a model while it runs once."""

    def __init__(self) -> None:
        self.recordings: list[Recording] = []
        self.finished = False

    @contextmanager
    def attached(self, model: nn.Module) -> Iterator[None]:
        with ExitStack() as hooks:
            for path, layer in recurrent_layers(model).items():
                given = layer.register_forward_pre_hook(_in_its_own_dtype, with_kwargs=True)
                # Ahead of the user's hooks, which may change the output.
                gave = layer.register_forward_hook(
                    partial(self._record, path), with_kwargs=True, prepend=True
                )
                hooks.callback(given.remove)
                hooks.callback(gave.remove)
            yield

    def _record(self, path: str, layer: Layer, args: Any, kwargs: Any, output: Any) -> Outputs:
        recording = record(path, layer, args, kwargs, output)
        if torch.is_grad_enabled():
            for tensor in recording.outputs:
                tensor.requires_grad_()
        if not self.finished:  # a checkpointed layer runs again in the backward pass
            if any(path == other.layer for other in self.recordings):
                raise twice(path, layer)
            self.recordings.append(recording)
        return separated(recording.outputs)

    def finish(self, model: nn.Module) -> None:
        self.finished = True
        if not self.recordings:
            raise UnsupportedModelError(
                N_("No recurrent layer of the model ({model}) ran. Call the layers themselves, "
                   "'self.lstm(x)', not their 'forward'."),
                model=type(model).__name__,
            )  # fmt: skip


def _in_its_own_dtype(layer: Layer, args: Any, kwargs: Any) -> tuple[Any, Any]:
    """What the model makes in float32 while it runs, such as a first hidden state, follows."""
    dtype = next(w.dtype for w in layer._flat_weights if w is not None)
    return cast_in_graph(args, dtype), cast_in_graph(kwargs, dtype)


def _differentiate(loss: Any, recordings: list[Recording]) -> None:
    """Give each recording dL/d(its outputs); 0 where the loss does not reach."""
    if not isinstance(loss, Tensor) or loss.numel() != 1:
        raise ConfigError(
            N_("The 'loss_fn' must return one number as a tensor, got {got}. Take the mean."),
            got=f"shape {tuple(loss.shape)}" if isinstance(loss, Tensor) else type(loss).__name__,
        )
    reached = [t for recording in recordings for t in recording.outputs if t.requires_grad]
    found: dict[int, Tensor | None] = {}
    if loss.requires_grad and reached:
        gradients = torch.autograd.grad(loss.sum(), reached, allow_unused=True)
        found = {id(t): gradient for t, gradient in zip(reached, gradients, strict=True)}
    for recording in recordings:
        recording.gradients = [found.get(id(tensor)) for tensor in recording.outputs]
