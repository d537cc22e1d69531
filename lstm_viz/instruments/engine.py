"""What autograd's engine is doing, asked from inside of it: which backward pass, and to what end.

Hooks on tensors run for `loss.backward()` and for `torch.autograd.grad(...)` alike. Only the first
adds to `.grad`, and only that is a step of somebody's training.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import FrameType
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import FunctionCtx
from torch.autograd.graph import Node, get_gradient_edge


def backward_pass() -> int | None:
    """The number of the backward pass in which this runs; None outside of one."""
    number: int = torch._C._current_graph_task_id()
    return None if number == -1 else number


def in_a_transform(tensor: Tensor) -> bool:
    """Whether this is a tensor of `torch.func`, whose derivatives are not those of a training."""
    try:
        tensor.untyped_storage()
    except NotImplementedError:
        return True
    return False


def accumulates(tensors: Iterable[Tensor]) -> bool:
    """Whether the running pass adds to the `.grad` of a leaf that these tensors come from.

    It does in `backward()`, with `inputs` or without; `autograd.grad` hands its results out.
    """
    for node in made_by(tensors):
        if not hasattr(node, "variable"):  # no leaf
            continue
        try:
            if torch._C._will_engine_execute_node(node):
                return True
        except RuntimeError:  # it is one of the results of autograd.grad
            return False
    return False


def made_by(
    tensors: Iterable[Tensor], stop: Callable[[Node], bool] | None = None
) -> Iterator[Node]:
    """Every node of the graph below these tensors, but for what lies below one that is a `stop`."""
    seen = set[Node]()
    for tensor in tensors:
        stack = [get_gradient_edge(tensor).node] if tensor.requires_grad else []
        while stack:
            node = stack.pop()
            if node in seen:
                continue
            seen.add(node)
            yield node
            if stop is None or not stop(node):
                stack += [next_node for next_node, _ in node.next_functions if next_node]


def tell(gradient: Tensor, told: Callable[[], None], tensors: Sequence[Tensor]) -> Tensor:
    """The same gradient; `told` is called when a backward pass goes through it, to `tensors`."""
    same: Tensor = _Tell.apply(gradient, told, *tensors)  # type: ignore[no-untyped-call]
    return same


class _Tell(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, gradient: Tensor, told: Callable[[], None], *tensors: Tensor) -> Tensor:
        ctx.told, ctx.others = told, len(tensors)
        return gradient.view_as(gradient)

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        ctx.told()
        return gradients[0], None, *(None for _ in range(ctx.others))


def in_an_autograd_function() -> bool:
    """Whether this runs in the `forward` of a `torch.autograd.Function`."""
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        code = frame.f_code
        if code.co_argcount and isinstance(frame.f_locals.get(code.co_varnames[0]), FunctionCtx):
            return True
        frame = frame.f_back
    return False
