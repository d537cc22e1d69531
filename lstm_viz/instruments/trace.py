"""Run a model once and see inside its recurrent layers."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.autograd import Variable

from lstm_viz.errors import ConfigError, UnsupportedModelError
from lstm_viz.instruments import doubts
from lstm_viz.instruments.choosing import Passes
from lstm_viz.instruments.isolation import (
    LossFunction,
    carried,
    device_for,
    private_copy,
    quiet_thread,
    threads_for,
    uncompiled,
)
from lstm_viz.instruments.readable import largest, readable, refuse_weights_to_come
from lstm_viz.instruments.recorder import Recorder
from lstm_viz.instruments.recording import Recording
from lstm_viz.instruments.sequences import passes_of
from lstm_viz.instruments.traces import Traces
from lstm_viz.words import N_


def trace(
    model: nn.Module,
    *inputs: Any,
    loss_fn: LossFunction | None = None,
    targets: Any = None,
    dtype: torch.dtype = torch.float64,
    train: bool = False,
    **kwargs: Any,
) -> Traces:
    """What happened inside every recurrent layer at every time step of `model(*inputs, **kwargs)`.

    The model runs as a copy of itself, in eval mode and in `dtype`, so that the caller's stays
    as it was, and so does what other threads use: default dtype, random numbers, threads.
    Equations and derivatives are worked out in float64 whatever `dtype` is; in half precision
    around h_t and c_t as the layer rounded them, step by step. Two marks can stay:

    - What the code of the model, its forward hooks and the loss write outside of the copy (a list,
      a file, a global) is written as in any call of them.
    - Where another thread runs meanwhile (elsewhere than on Linux: where there is one), Python's
      and NumPy's global generators stay where the model's draws left them, and PyTorch's where
      the model seeds it: their numbers cannot be told from the other thread's. What the model
      draws from PyTorch's leaves no mark at any time.

    - `model`: a module that is or holds `nn.RNN`, `nn.LSTM`, `nn.GRU`, cells such as `nn.LSTMCell`
      that it steps by hand, this package's layers, or cells of your own (`register_cell`).
    - `inputs`, `kwargs`: the arguments of its `forward`; one tuple is one argument.
      Tensors may lie in tuples, lists, dicts, dataclasses and objects that hold a batch.
    - `loss_fn(output, targets)` gives one number L; with it the derivatives of L are traced.
      `targets` is passed on as it is given, None included. A layer that the loss does not reach,
      or that the model detaches, has derivative 0. Constants in float32 take part in `dtype`.
    - `train`: in training mode, as after `model.train()`: for a model that computes something else
      there. Dropout is on, and draws what the model itself would draw next.

    Returns `"<module path>.l<k>"`, with `"_reverse"` for the backward direction, -> LayerTrace,
    in the order in which the layers ran, however they were called.

    - A cell's key is its module's path; of a bare one, `"cell"`.
    - A packed batch is padded: arrays hold NaN beyond each sample's `lengths`.
    - Calls of a layer that go on from the last state of another call of it, handed on, detached or
      set back in some samples, are one sequence; `calls` says at which step each begins. So are
      those of a batch that loses its last samples as they end, padded as a packed one. Other calls
      are passes of their own, `"lstm.l0"`, `"lstm.l0#2"`, ...; so are packed ones.
    - `left_out` says what ran and is not in it, and why.

    - Raises ConfigError for a loss that is not one number, reaches no layer at all, or runs the
      model again; for a `dtype` that is not floating, for a `model` that is no module, and for
      NumPy arrays that the model cannot read.
    - Raises UnsupportedModelError for a model of which nothing can be traced: no recurrent layer,
      a layer inside of a reentrant checkpoint whose derivatives are asked
      for, random numbers inside of a checkpoint or before the model seeds PyTorch's generator, a
      copy that runs its original, a loss made of a derivative of the model, and where no layer's
      output and last state follow from its equations.
    - Warns (LstmVizWarning) of what is in `left_out`: one layer of several that cannot be read, and
      layers called as functions.

    >>> lstm = nn.LSTM(input_size=1, hidden_size=4, batch_first=True)
    >>> def loss_fn(output, targets):
    ...     return (output[0][:, -1] - targets).square().mean()
    >>> traces = trace(lstm, torch.rand(2, 30, 1), loss_fn=loss_fn, targets=torch.zeros(2, 4))
    >>> traces["l0"].gates["forget"].shape, traces["l0"].grad_norm("cell").shape
    ((2, 30, 4), (2, 30))
    """
    found, left_out = recorded(
        model, *inputs, loss_fn=loss_fn, targets=targets, dtype=dtype, train=train, **kwargs
    )
    for path, reason in left_out.items():
        if isinstance(reason, UnsupportedModelError):
            doubts.say([doubts.unreadable(path, reason)])
    layers = {name: each.trace for _, of in found for name, each in of.items()}
    return Traces(layers, {path: str(reason) for path, reason in left_out.items()})


def recorded_passes(model: nn.Module, *inputs: Any, **how: Any) -> Passes:
    """The same, layer by layer: what was recorded of it, and the way back through it.

    Raises UnsupportedModelError for a layer that `trace` would leave out as unreadable.
    """
    found, left_out = recorded(model, *inputs, **how)
    for reason in left_out.values():
        if isinstance(reason, UnsupportedModelError):
            raise reason
    return found


def recorded(
    model: nn.Module,
    *inputs: Any,
    loss_fn: LossFunction | None = None,
    targets: Any = None,
    dtype: torch.dtype = torch.float64,
    train: bool = False,
    **kwargs: Any,
) -> tuple[Passes, dict[str, object]]:
    """The same; and by path why a layer is not in it: an error or a sentence."""
    if loss_fn is not None and not callable(loss_fn):
        raise ConfigError(
            N_("The 'loss_fn' must be a function of the output and the targets, got {got}."),
            got=type(loss_fn).__name__,
        )
    if not getattr(dtype, "is_floating_point", False):
        raise ConfigError(
            N_("The 'dtype' of a trace must be a floating one, such as torch.float64, got {got}."),
            got=dtype,
        )
    model = uncompiled(model)
    layers, static = readable(model, subclasses=True)
    refuse_weights_to_come(model)
    device = device_for(model, dtype)
    with quiet_thread(device), threads_for(largest(layers.values())):
        recorder = Recorder(layers, dtype, differentiates=loss_fn is not None)
        recordings, differentiated = recorder.recordings, loss_fn is not None
        with closing(recorder), recorder.own_run, torch.set_grad_enabled(differentiated):
            twin, loss_twin = private_copy(model, loss_fn, device, dtype, train=train)
            args, named = carried((inputs, kwargs), device, dtype)
            with recorder.attached(twin):
                with _said_of_arrays(inputs):
                    output = twin(*args, **named)
                recorder.in_loss = True
                if loss_twin is not None:
                    loss = loss_twin(output, carried(targets, device, dtype))
                recorder.finish(model)
                if loss_twin is not None:
                    recorder.through_a_derivative = False  # before, it was the model's own affair
                    recorder.sweep.over(
                        recordings,
                        partial(differentiate, loss, recordings, model, recorder.refuse),
                    )
        found, unreadable = passes_of(recordings)
    if recorder.left_out:
        doubts.say([doubts.left_out(recorder.left_out.values())])
    return found, {
        **static,
        **recorder.passed_by,
        **unreadable,
        **dict.fromkeys(recorder.left_out, doubts.NOT_WHOLE),
    }


@contextmanager
def _said_of_arrays(inputs: Sequence[Any]) -> Iterator[None]:
    """Around a model that may read tensors alone."""
    try:
        yield
    except (AttributeError, TypeError) as error:
        if any(isinstance(each, np.ndarray) for each in inputs):
            raise ConfigError(
                N_("Given a NumPy array, the model says: {reason}. If it reads tensors, give it "
                   "one: 'torch.as_tensor(x)'."),
                reason=str(error),
            ) from error  # fmt: skip
        raise


def differentiate(
    loss: Any,
    recordings: list[Recording],
    model: nn.Module,
    refuse: Callable[[], None] = lambda: None,
) -> None:
    """Give each recording dL/d(its outputs); None where the loss does not reach.

    `refuse` raises for a way back that cannot be seen, once it was gone.
    """
    if not isinstance(loss, Tensor) or loss.numel() != 1:
        raise ConfigError(
            N_("The 'loss_fn' must return one number as a tensor, got {got}. Take the mean."),
            got=f"shape {tuple(loss.shape)}" if isinstance(loss, Tensor) else type(loss).__name__,
        )
    with torch._C.DisableTorchFunction():  # a mode would look at each of them
        outputs = [t for recording in recordings for t in recording.outputs if t.requires_grad]
    gradients: Sequence[Tensor | None] = ()
    if loss.requires_grad and outputs:
        again = any(recording.swept for recording in recordings)
        gradients = _gradients(loss.sum(), outputs, again=again)
        refuse()
    if all(gradient is None for gradient in gradients):
        raise ConfigError(
            N_("The loss does not depend on the recurrent layers of the model ({model}). Compute "
               "it from the first argument of 'loss_fn', without detaching it, or leave "
               "'loss_fn' out."),
            model=type(model).__name__,
        )  # fmt: skip
    found = {id(t): gradient for t, gradient in zip(outputs, gradients, strict=True)}
    for recording in recordings:
        recording.gradients = [found.get(id(tensor)) for tensor in recording.outputs]


def _gradients(loss: Tensor, outputs: Sequence[Tensor], *, again: bool) -> Sequence[Tensor | None]:
    """`torch.autograd.grad`, with None for what the loss does not depend on; maybe once `again`.

    That one is a torch function, so what checkpoints run again inside of it would run without
    the mode around it, in another precision.
    """
    run: Any = Variable._execution_engine.run_backward
    gradients: Sequence[Tensor | None] = run(
        (loss,), (torch.ones_like(loss),), again, False, tuple(outputs),
        allow_unreachable=True, accumulate_grad=False,
    )  # fmt: skip
    return gradients
