"""Which calls of a watched model's layers make up one forward pass, and what became of it."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple, cast
from weakref import ReferenceType, WeakSet, ref

import torch
from torch import Tensor
from torch.autograd.graph import Node
from torch.utils.hooks import RemovableHandle

from lstm_viz.instruments.engine import made_by
from lstm_viz.instruments.recording import Recording
from lstm_viz.instruments.sequences import handed_on

MOST_CALLS = 2000
"""Of one layer in one pass from outside of the model: a loop without a backward pass has no end."""
Storages = list[ReferenceType[torch.UntypedStorage]]


@dataclass(eq=False)
class Pass:
    """A call of the model; or calls of its layers from outside of it, up to a backward pass.

    All in one thread.
    """

    number: int
    calls: "Calls"
    """Of the thread that it runs in."""
    by_model: bool
    """Whether it is a call of the model itself."""
    differentiable: bool
    """Whether it began with gradients on."""
    open: bool = True
    """Whether the next call of a layer belongs to it."""
    recordings: list[Recording] = field(default_factory=list)
    """Every call of a layer, in order; below, layers are named by their paths."""
    too_often: str | None = None
    """A layer that was called more often than is kept."""
    in_a_function: str | None = None
    """A layer into which autograd does not see."""
    parts: list["Pass"] = field(default_factory=list)
    """Earlier passes from whose state this one went on, one backward pass through both."""
    through_a_derivative: bool = False
    """Whether a backward pass went through a derivative of it."""
    went_on: set[str] = field(default_factory=set)
    """Layers that went on from a state that they had returned in an earlier pass."""
    connected: list[set[str]] = field(default_factory=list)
    """Pairs of layers of which one handed a tensor to the other."""
    only_asked: bool = False
    """Whether `torch.autograd.grad` went through it: no backward pass, if nothing has arrived."""
    arrivals: int = 0
    """Gradients received so far; the pass had a backward pass if there are any."""
    reached: dict[int, set[str]] = field(default_factory=dict)
    """Backward pass -> the layers that it has reached."""
    beside: bool = False
    """Whether a backward pass went through another forward pass as well."""
    handles: list[RemovableHandle] = field(default_factory=list)
    _earlier: dict[str, ReferenceType["Pass"]] = field(default_factory=dict)
    _later: dict[str, "Pass"] = field(default_factory=dict)

    @property
    def paths(self) -> list[str]:
        """The layers that were called, each once."""
        return list(dict.fromkeys(recording.layer for recording in self.recordings))

    @property
    def whole(self) -> list["Pass"]:
        """With all earlier ones that are parts of it, in order."""
        found, stack = dict[int, Pass](), [self]
        while stack:
            each = stack.pop()
            if each.number not in found:
                found[each.number] = each
                stack += each.parts
        return [found[number] for number in sorted(found)]

    def goes_on_from(self, earlier: "Pass | None", path: str) -> None:
        """A layer begins here with a state that it returned there."""
        self.went_on.add(path)
        if earlier is not None:
            self._earlier[path] = ref(earlier)
            earlier._later[path] = self

    def arrive(self, path: str, backward_pass: int) -> bool:
        """A gradient has reached an output of a layer.

        Gives whether the backward pass is new here and came through no pass that it is part of.
        """
        self.arrivals += 1
        if backward_pass in self.reached:
            self.reached[backward_pass].add(path)
            return False
        self.reached[backward_pass] = {path}
        alone = True
        for later in self._later.values():
            if backward_pass in later.reached:
                later.parts.append(self)
                alone = False
        for earlier in self._earlier.values():
            if (known := earlier()) is not None and backward_pass in known.reached:
                self.parts.append(known)
                alone = False
        return alone

    def apart(self) -> list[str]:
        """Layers called from outside that nothing connects with the last one: no tensor, and no
        backward pass.
        """
        if self.by_model or not self.arrivals:
            return []
        together, groups = {self.paths[-1]}, [*self.connected, *self.reached.values()]
        for _ in groups:
            together |= set[str]().union(*(group for group in groups if group & together))
        return [path for path in self.paths if path not in together]


class Returned(NamedTuple):
    """What a call of a layer returned, and in which pass."""

    of_pass: ReferenceType[Pass]
    call: ReferenceType[Recording]
    storages: Storages


class Calls:
    """What the calls of one thread have come to."""

    def __init__(self) -> None:
        self.latest: Pass | None = None
        self.returned: dict[str, Returned] = {}
        """Path -> what the layer returned last."""
        self.random_states: dict[str, Tensor] = {}
        """Path -> the CPU's generator just before the layer runs, where it may draw from it."""
        self.swept: tuple[int, ReferenceType[Pass]] | None = None
        """The latest backward pass, and the first of the passes here that it reached."""


class History:
    """The passes of a watched model, as far as they are still of use."""

    def __init__(self) -> None:
        self.before_a_pass: Callable[[], None] = nothing
        self.with_backward: Pass | None = None
        """The last one that a backward pass reached."""
        self.alive: WeakSet[Pass] = WeakSet()
        self._latest: Pass | None = None
        """Of any thread."""
        self._numbers = count()
        self._threads = threading.local()

    @property
    def calls(self) -> Calls:
        """Those of this thread."""
        if not hasattr(self._threads, "calls"):
            self._threads.calls = Calls()
        calls: Calls = self._threads.calls
        return calls

    @property
    def shown(self) -> Pass | None:
        return self.with_backward or self.calls.latest or self._latest

    def start(self, *, by_model: bool) -> Pass:
        self.before_a_pass()
        calls = self.calls
        new = Pass(next(self._numbers), calls, by_model, torch.is_grad_enabled())
        calls.latest = self._latest = new
        self.alive.add(new)
        return new

    def of_next_call(self) -> Pass | None:
        """The pass to which a layer's call belongs that comes now.

        None for one that is never shown: validation, which can have no backward pass.
        """
        latest = self.calls.latest
        latest = latest if latest is not None and latest.open else None
        in_model = latest is not None and latest.by_model
        differentiable = latest.differentiable if latest and in_model else torch.is_grad_enabled()
        if self.with_backward is not None and not differentiable:
            return None
        return latest or self.start(by_model=False)

    def room(self, current: Pass, path: str) -> bool:
        """Whether one more call of a layer is kept."""
        if current.too_often is None and (current.by_model or len(current.recordings) < MOST_CALLS):
            return True
        current.too_often = path
        current.recordings.clear()
        return False

    def arrive(self, at: Pass, path: str, backward_pass: int) -> None:
        """A gradient has reached an output of a layer in a pass."""
        alone = at.arrive(path, backward_pass)
        if self.with_backward is None or self.with_backward.number < at.number:
            self.with_backward = at
        calls = at.calls  # not of this thread: a device's backward pass has one of its own
        if calls.latest is not None and not calls.latest.by_model:
            calls.latest.open = False  # calls from outside that follow are another pass
        if calls.swept is None or calls.swept[0] != backward_pass:
            calls.swept = backward_pass, ref(at)
        elif alone and (first := calls.swept[1]()) is not at:
            at.beside = True
            if first is not None:
                first.beside = True

    def arrive_inside_a_function(self, path: str) -> None:
        """A gradient has reached a layer in a part of the model that runs again, unseen before."""
        number = next(self._numbers)
        self.with_backward = Pass(number, self.calls, True, True, in_a_function=path)

    def connect(self, current: Pass, recording: Recording) -> None:
        """Note from where a layer's input and first states come."""
        path, received = recording.layer, (recording.input, *recording.initial)
        returned = current.calls.returned
        if not current.by_model:
            storages = _storages(received)
            for giver in current.paths:
                last = returned.get(giver)
                if last and last.of_pass() is current and _common(last.storages, storages):
                    current.connected.append({giver, path})
        if recording.initial and (origin := self._origin(returned.get(path), recording)):
            recording.follows = origin.call
            if origin.of_pass() is not current:
                current.goes_on_from(origin.of_pass(), path)

    def _origin(self, last: Returned | None, recording: Recording) -> Returned | None:
        """The call of the same layer from whose last state one goes on."""
        if last is not None and _common(last.storages, _storages(recording.initial)):
            return last
        graph = [t for t in recording.initial if t.requires_grad and not t.is_leaf]
        for node in made_by(graph, stop=self._marked):
            origin: Returned | None = _metadata(node).get(self, {}).get(recording.layer)
            if origin is not None:
                return origin
        call = None if last is None else last.call()
        if call is None or call.input.device.type != "cpu":  # elsewhere, looking would wait
            return None
        return last if handed_on(recording.initial, call.last) else None

    def returned(self, current: Pass, recording: Recording, tensors: Sequence[Tensor]) -> None:
        """Mark what a layer returned, to know it when it comes in again."""
        given = Returned(ref(current), ref(recording), _storages(tensors))
        current.calls.returned[recording.layer] = given
        for tensor in tensors:
            if tensor.grad_fn is not None:
                _metadata(tensor.grad_fn)[self] = {recording.layer: given}

    def _marked(self, node: Node) -> bool:
        return self in _metadata(node)


def nothing() -> None:
    """Before a pass, where nothing is kept."""


def _metadata(node: Node) -> dict[Any, Any]:
    """What anybody may keep with a node of the graph, as long as the graph is there."""
    metadata: Any = node.metadata
    return cast("dict[Any, Any]", metadata)


def _storages(tensors: Sequence[Tensor]) -> Storages:
    """What tells a tensor and its views and detached copies from all others."""
    return [ref(tensor.untyped_storage()) for tensor in tensors]


def _common(storages: Storages, others: Storages) -> bool:
    return any(one() is not None and one() is other() for one in storages for other in others)
