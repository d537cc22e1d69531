"""Which inputs an answer follows from: gradients of one number of the output by every input."""

from collections.abc import Iterator, Sequence
from functools import partial
from numbers import Integral
from typing import Any, Literal, get_args

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from lstm_viz.errors import ConfigError, UnsupportedModelError, warn
from lstm_viz.instruments.isolation import (
    carried,
    cast_in_graph,
    device_for,
    private_copy,
    quiet_thread,
    threads_for,
    uncompiled,
)
from lstm_viz.instruments.lasting import advance, progress_bar, say_integral
from lstm_viz.instruments.layer_trace import Array
from lstm_viz.instruments.own_run import OwnRun
from lstm_viz.instruments.picking import Target, picked, spread_baseline
from lstm_viz.instruments.readable import (
    Layer,
    Whole,
    all_layers,
    largest,
    refuse_weights_to_come,
)
from lstm_viz.instruments.refusals import none_ran, shown, stepped
from lstm_viz.instruments.retraced import Seen, asked_of
from lstm_viz.words import N_

Method = Literal["gradient", "input_gradient", "integrated"]

AT_ONCE = 2**21
"""States (points, samples, steps, units) that go through the model in one batch."""
COMPLETE = 0.01
"""Share of y(x) - y(x') that integrated gradients may miss without a warning."""


def attribution(
    model: Seen,
    x: Any = None,
    *,
    target: Target,
    method: Method = "gradient",
    steps: int = 32,
    baseline: Any = None,
) -> Array:
    """(B, T, D): how much of the answer y follows from every input, in float64.

    - `"gradient"`: ∂y/∂x (Simonyan, Vedaldi & Zisserman 2014), what a small change would do.
    - `"input_gradient"`: x ∂y/∂x (Shrikumar, Greenside & Kundaje 2017).
    - `"integrated"`: (x - x') ∫₀¹ ∂y/∂x at x' + α (x - x') dα (Sundararajan, Taly & Yan 2017),
      at `steps` points of a Gauss-Legendre rule. It is complete: over T and D it sums to
      y(x) - y(x'); a warning (LstmVizWarning) says where the rule misses more than 1 % of it.
      Minutes are told before (LstmVizWarning), with a bar where tqdm is installed.

    - `model`, `x`: as for `trace`, batch-first; or a trace that carries its weights in the place of
      both, whose layer is then the model. Where x holds codes, such as the symbols of a
      text, the inputs are what the first recurrent layer received: one-hot symbols or embeddings.
    - `target`: y of each sample, by its place in the output after the batch (`0`, or `(-1, 2)` for
      number 2 at the last step), or a function of the output that gives (B,) numbers. Of a
      tuple, as a bare layer gives, a place is meant in its first part.
    - `baseline`: x', of the inputs' shape or one that spreads to it; 0 if not said.

    Dropout is off, and the model stays as it was. Raises ConfigError for a target that is not one
    number a sample or does not depend on the inputs, for another method, and for `steps` below
    1; UnsupportedModelError as `trace` does.

    >>> class Sum(nn.Module):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.rnn = nn.RNN(1, 1, nonlinearity="relu", bias=False, batch_first=True)
    ...         for weight in self.rnn.parameters():
    ...             nn.init.ones_(weight)
    ...     def forward(self, x):
    ...         return self.rnn(x)[0][:, -1]
    >>> x = torch.tensor([[[1.0], [0.0], [4.0]]])
    >>> attribution(Sum(), x, target=0, method="integrated").ravel()
    array([1., 0., 4.])
    """
    if method not in get_args(Method):
        raise ConfigError(
            N_("The 'method' must be one of {known}, got {got!r}."),
            known=", ".join(get_args(Method)),
            got=method,
        )
    if not isinstance(steps, Integral) or isinstance(steps, bool) or steps < 1:
        raise ConfigError(
            N_("The 'steps' must be a whole number of at least 1, got {got!r}."), got=steps
        )
    read, x, _ = asked_of(model, x, None)
    read = uncompiled(read)
    layers = all_layers(read)
    refuse_weights_to_come(read)
    device = device_for(read, torch.float64)
    with quiet_thread(device), threads_for(largest(layers.values())):
        own_run = OwnRun(torch.float64)
        with own_run, torch.enable_grad():
            twin, _ = private_copy(read, None, device, torch.float64)
            answer = _Answer(twin, carried(x, device, torch.float64), target, own_run)
            found = answer.attribution(method, int(steps), baseline)
    values = found.detach().cpu().numpy()
    return values if answer.batch_first else np.ascontiguousarray(values.swapaxes(0, 1))


class _Answer:
    """y of a private copy of the model, as a function of its inputs."""

    def __init__(self, model: nn.Module, x: Any, target: Target, own_run: OwnRun) -> None:
        self._model, self._x, self._target, self._own_run = model, x, target, own_run
        self._bare = getattr(model, "batch_first", True)
        """Whether the model's own x and output are batch-first: all but a bare layer's are."""
        self._layer: str | None = None
        """The recurrent layer whose input is meant; None where x itself is."""
        self._given: Tensor | PackedSequence | None = None
        self._first: tuple[str, Layer] | None = None
        layers = all_layers(model)
        self._largest = largest(layers.values())
        for path, layer in layers.items():
            layer.forward = partial(self._run, path, layer, layer.forward)  # type: ignore[method-assign]
        self._inputs = self._find_inputs()

    @property
    def batch_first(self) -> bool:
        """Whether what is attributed to is (B, T, D) as it is."""
        if self._layer is None:
            return bool(self._bare)
        assert self._first is not None
        return bool(self._first[1].batch_first)

    def attribution(self, method: Method, steps: int, baseline: Any) -> Tensor:
        inputs = self._inputs
        if method == "gradient":
            return self._gradient(inputs)
        if method == "input_gradient":
            return inputs * self._gradient(inputs)
        start = spread_baseline(baseline, inputs, batch_first=self.batch_first)
        samples = inputs.numel() // inputs.shape[-1]
        weights = sum(weight.numel() for weight in self._model.parameters())
        long = say_integral(steps, samples, weights)
        points, shares = np.polynomial.legendre.leggauss(steps)
        along = [start + point * (inputs - start) for point in (points + 1) / 2]
        mean = torch.zeros_like(inputs)
        with progress_bar(long, steps, "point") as bar:
            for share, gradient in zip(shares / 2, self._gradients(along), strict=True):
                mean += share * gradient
                advance(bar)
        found = (inputs - start) * mean
        self._warn_unless_complete(found, start)
        return found

    def _warn_unless_complete(self, found: Tensor, start: Tensor) -> None:
        with torch.no_grad():
            difference = self._at(self._inputs) - self._at(start)
        axes = [1, 2] if self.batch_first else [0, 2]
        sums = found.sum(axes) if difference.dim() else found.sum()
        scale = max(float(difference.abs().max()), COMPLETE * float(found.abs().sum()))
        apart = float((sums - difference).abs().max()) / (scale or 1.0)
        if apart > COMPLETE:
            warn(
                N_("The integrated gradients miss the change of the answer by {share:.0%}. Take "
                   "more 'steps', or another 'baseline'."),
                share=apart,
            )  # fmt: skip

    def _find_inputs(self) -> Tensor:
        """X where y depends on its values, else what the first recurrent layer receives."""
        if isinstance(self._x, Tensor) and self._x.is_floating_point():
            leaf = self._x.clone().requires_grad_()
            y = self._y(leaf).sum()
            if y.requires_grad:
                (gradient,) = torch.autograd.grad(y, leaf, allow_unused=True)
                if gradient is not None:
                    return self._x
        else:
            self._y(self._x)
        assert self._first is not None
        if not isinstance(self._first[1], Whole):
            raise stepped(*self._first)
        assert self._given is not None
        if isinstance(self._given, PackedSequence):
            raise UnsupportedModelError(
                N_("The layer {layer} received a PackedSequence, which has no attribution. Give "
                   "the model padded sequences, and have it pack them."),
                layer=shown(*self._first),
            )  # fmt: skip
        self._layer = self._first[0]
        return self._given.detach()

    def _gradients(self, points: list[Tensor]) -> Iterator[Tensor]:
        """`_gradient` at each, many in one batch where the model takes them so."""
        size = points[0].numel() // points[0].shape[-1] * self._largest
        each = max(1, AT_ONCE // size)
        first = self._gradient(points[0])
        yield first
        together = self._together(points[:2]) if each > 1 and len(points) > 1 else None
        if together is None or not torch.allclose(together[0], first, 1e-6, 1e-9):
            each = 1  # a batch of another size is something else to this model
        for k in range(1, len(points), each):
            part = points[k : k + each]
            found = self._together(part) if len(part) > 1 else None
            yield from [self._gradient(point) for point in part] if found is None else found

    def _together(self, points: list[Tensor]) -> Sequence[Tensor] | None:
        """The gradients at all of them; None where they do not go into one batch."""
        if not isinstance(self._x, Tensor):
            return None
        axis = 0 if self.batch_first else 1
        leaf = torch.cat(points, axis).requires_grad_()
        try:
            x = torch.cat([self._x] * len(points), 0 if self._bare else 1)
            y = self._at(leaf, x)
        except (RuntimeError, ValueError, IndexError, TypeError):
            return None
        if y.shape != (leaf.shape[axis],) or not y.requires_grad:
            return None
        return torch.autograd.grad(y.sum(), leaf)[0].chunk(len(points), axis)

    def _gradient(self, inputs: Tensor) -> Tensor:
        """∂y/∂(inputs), of all samples at once: no sample's y depends on another's input."""
        leaf = inputs.detach().clone().requires_grad_()
        y = self._at(leaf).sum()
        gradient = None
        if y.requires_grad:
            (gradient,) = torch.autograd.grad(y, leaf, allow_unused=True)
        if gradient is None:
            raise ConfigError(
                N_("The 'target' does not depend on the inputs. Take a number of the output.")
            )
        return gradient

    def _at(self, inputs: Tensor, x: Any = None) -> Tensor:
        """Y at these inputs; where they are a layer's, in a run on x."""
        if self._layer is None:
            return self._y(inputs)
        self._given = inputs
        return self._y(self._x if x is None else x)

    def _y(self, x: Any) -> Tensor:
        """Of each sample."""
        self._first = None
        output = self._model(x)
        if self._first is None:
            raise none_ran(self._model)
        return picked(output, self._target, batch_first=bool(self._bare))

    def _run(self, path: str, layer: Layer, forward: Any, *args: Any, **kwargs: Any) -> Any:
        dtype = next((weight.dtype for weight in layer.parameters()), torch.float64)
        args, kwargs = cast_in_graph(args, dtype), cast_in_graph(kwargs, dtype)
        if self._first is None:
            self._first = path, layer
            if not isinstance(layer, Whole):
                return self._aside(forward, args, kwargs)
            name = next((name for name in ("input", "x") if name in kwargs), None)
            received = args[0] if name is None else kwargs[name]
            if isinstance(received, Tensor) and received.dim() == 2:
                raise UnsupportedModelError(
                    N_("The layer {layer} received a sequence without a batch. Give the model a "
                       "batch of one."), layer=shown(path, layer))  # fmt: skip
            if self._layer is None:
                self._given = received
            elif name is None:
                args = (self._given, *args[1:])
            else:
                kwargs = {**kwargs, name: self._given}
        return self._aside(forward, args, kwargs)

    def _aside(self, forward: Any, args: Any, kwargs: Any) -> Any:
        with self._own_run.aside():
            return forward(*args, **kwargs)
