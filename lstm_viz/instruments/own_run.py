"""What the torch functions of a traced model do differently, in this thread and in no other."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import linear
from torch.overrides import TorchFunctionMode

from lstm_viz.errors import UnsupportedModelError
from lstm_viz.instruments.isolation import cast_in_graph
from lstm_viz.instruments.randomness import DrawingOperations, GlobalStreams, may_draw
from lstm_viz.words import N_

_FLOATING = frozenset(
    {torch.zeros, torch.ones, torch.empty, torch.rand, torch.randn, torch.eye, torch.linspace,
     torch.logspace, torch.empty_strided, torch.empty_permuted, torch.bartlett_window,
     torch.blackman_window, torch.hamming_window, torch.hann_window, torch.kaiser_window,
     torch.fft.fftfreq, torch.fft.rfftfreq}
)  # fmt: skip
"""Make floating numbers, in the default dtype where none is given."""
_INFERRING = frozenset(
    {torch.tensor, torch.as_tensor, torch.asarray, torch.scalar_tensor, torch.full, torch.arange}
)
"""Make them where they are given some."""
DERIVING = frozenset({torch.autograd.grad, torch.autograd.backward, torch.Tensor.backward})
"""Go through the graph."""
_property: Any = torch.Tensor.grad_fn
LOOKING = frozenset({torch.Tensor.register_hook, _property.__get__})
"""Give code a hold on the graph, to look at it or to change what goes through it."""
RECURRENT = frozenset(
    {torch.rnn_tanh, torch.rnn_relu, torch.lstm, torch.gru, torch.rnn_tanh_cell,
     torch.rnn_relu_cell, torch.lstm_cell, torch.gru_cell}
)  # fmt: skip
_TOLD = RECURRENT | DERIVING | LOOKING | {linear}


class OwnRun(TorchFunctionMode):
    """One run of a model in a dtype of its own, with random numbers of its own.

    - Tensors that the code makes without saying a dtype, its first hidden state or a mask, get
      `dtype`, as they would get the default dtype.
    - Where a function does not take floating tensors of two precisions, such as float32 class
      weights beside a float64 output, it gets them all in `dtype`.
    - Random numbers: see `randomness`.
    - `called(function, arguments)` is told of what layers are made of, and of what has to do with
      the graph, where it runs outside of `aside`; `made(function, arguments, result)` of everything
      there.
    """

    def __init__(
        self,
        dtype: torch.dtype,
        called: Callable[[Any, Any], None] = lambda _function, _arguments: None,
        made: Callable[[Any, Any, Any], None] = lambda _function, _arguments, _result: None,
    ) -> None:
        super().__init__()
        self.dtype = dtype
        self.drawing = DrawingOperations()
        self._called, self._made = called, made
        self._streams = GlobalStreams()
        self._aside = False

    def __exit__(self, *error: Any) -> None:
        super().__exit__(*error)  # type: ignore[no-untyped-call]
        alone = self._streams.put_back()
        self.drawing.put_back()
        if alone and self.drawing.strayed and error[0] is None:
            raise UnsupportedModelError(
                N_("The model draws from PyTorch's generator before it seeds it, so a trace "
                   "would draw other numbers. Seed it first, or draw from a torch.Generator.")
            )  # fmt: skip

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Around a layer that is recorded: there all functions are as they always are."""
        last = torch._C._len_torch_function_stack() - 1
        if last >= 0 and torch._C._get_function_stack_at(last) is self:
            torch._C._pop_torch_function_stack()  # asking each function costs more than most take
            try:
                yield
            finally:
                torch._C._push_on_torch_function_stack(self)
            return
        before, self._aside = self._aside, True  # under a mode of the model's own
        try:
            yield
        finally:
            self._aside = before

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if self._aside:
            return func(*args, **kwargs)
        if func in _TOLD:
            self._called(func, args)
        result = self._run(func, args, kwargs)
        self._made(func, (args, kwargs), result)
        return result

    def _run(self, func: Any, args: Any, kwargs: Any) -> Any:
        if func in _FLOATING and kwargs.get("dtype") is None and kwargs.get("out") is None:
            kwargs = {**kwargs, "dtype": self.dtype}
        try:
            result = self._drawn(func, args, kwargs)
        except RuntimeError:
            if len(_precisions([args, kwargs])) < 2:
                raise
            return self._drawn(func, *self._in_one_precision(func, args, kwargs))
        if func in _INFERRING and self._by_default(result, kwargs):
            return func(*args, **{**kwargs, "dtype": self.dtype})
        return result

    def _drawn(self, func: Any, args: Any, kwargs: Any) -> Any:
        if may_draw(getattr(func, "__name__", "")):
            with self.drawing:
                return func(*args, **kwargs)
        return func(*args, **kwargs)

    def _by_default(self, made: Tensor, kwargs: Any) -> bool:
        return kwargs.get("dtype") is None and made.dtype == torch.get_default_dtype() != self.dtype

    def _in_one_precision(self, func: Any, args: Any, kwargs: Any) -> tuple[Any, Any]:
        name = getattr(func, "__name__", "")
        writes = name.endswith("_") and not name.endswith("__") and args  # into its first argument
        dtype = args[0].dtype if writes else self.dtype
        return cast_in_graph(tuple(args), dtype), cast_in_graph(dict(kwargs), dtype)


def _precisions(values: Any) -> set[torch.dtype]:
    """The floating dtypes of the tensors in lists, tuples and dicts."""
    if isinstance(values, Tensor):
        return {values.dtype} if values.is_floating_point() else set()
    if isinstance(values, dict):
        values = values.values()
    elif not isinstance(values, list | tuple):
        return set()
    return {dtype for value in values for dtype in _precisions(value)}
