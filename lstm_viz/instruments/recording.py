"""What passes through a model's recurrent layers, kept as it goes by.

PyTorch runs a recurrent layer as one fused operation that shows nothing of its inside. A
`Recording` keeps what goes in and what comes out; `replay` works out the rest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple
from weakref import ReferenceType

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence, pad_packed_sequence

from lstm_viz.instruments.isolation import replaced
from lstm_viz.instruments.layer_trace import Lengths
from lstm_viz.instruments.own_cells import own_cell
from lstm_viz.instruments.own_layer import OwnLayer
from lstm_viz.instruments.readable import (
    Cell,
    Layer,
    draws_noise,
    kind_of,
    named_tensors,
    weights_of,
)
from lstm_viz.models.unrolled import Unrolled

Outputs = Tensor | tuple[Tensor | PackedSequence | tuple[Tensor, ...], ...]
HELD = "held_by_lstm_viz"
"""The attribute of a layer under `intervene` that runs in its place."""


class Packing(NamedTuple):
    """How a PackedSequence holds its samples: all that it is but for its numbers."""

    batch_sizes: Tensor
    sorted_indices: Tensor | None
    unsorted_indices: Tensor | None

    def of(self, numbers: Tensor) -> PackedSequence:
        """These numbers, packed so."""
        order = [None if each is None else each.to(numbers.device) for each in self[1:]]
        return PackedSequence(numbers, self.batch_sizes, *order)

    @property
    def lengths(self) -> Lengths:
        """(B,): of each sample, in the order of the batch."""
        sizes = self.batch_sizes.cpu().numpy()
        lengths = (sizes[:, None] > np.arange(sizes[0])).sum(axis=0)
        order = self.unsorted_indices
        found = lengths if order is None else lengths[order.cpu().numpy()]
        return np.asarray(found, np.int64)


@dataclass
class Recording:
    """One forward pass of one recurrent layer, and what the backward pass brought to it."""

    layer: str
    """Its path in the model; empty for a bare layer."""
    kind: str
    """Its cell's, in `models.cells.CELLS`."""
    num_layers: int
    bidirectional: bool
    batch_first: bool
    dropout: float
    """Between the levels of this pass; 0 where dropout was off."""
    input: Tensor
    """Of a packed sequence, here and in the output, the numbers alone: (Σ lengths, .)."""
    initial: tuple[Tensor, ...]
    """(h_0,) or (h_0, c_0, ...); empty when none were given, which means zeros."""
    outputs: tuple[Tensor, ...]
    """(output, h_n) or (output, h_n, c_n, ...)."""
    weights: Sequence[Tensor]
    """As the operation took them: level by level, direction by direction."""
    gradients: list[Tensor | None] | None = None
    """dL/d(outputs), from outside the layer; None for an output that the loss does not reach."""
    random_state: Tensor | None = None
    """Of the CPU's generator just before the pass, where dropout or zoneout drew from it."""
    unrolled: Unrolled | OwnLayer | None = None
    """The layer, if it is no PyTorch's: asked for its equations, not for its weights."""
    noisy: bool = False
    """Whether an unrolled layer drew random numbers in this pass."""
    autocast: torch.dtype | None = None
    """The half precision that the pass ran in inside, whatever the dtype of its output."""
    graph: bool = True
    """Whether autograd was on: without it, some CPUs round float16 elsewhere."""
    packing: Packing | None = None
    """Of a packed sequence."""
    follows: "ReferenceType[Recording] | None" = None
    """The call of the same layer from whose last state this one went on, as far as was seen."""
    form: Literal["layer", "sequence", "cell", "own"] = "layer"
    """Of one sequence without a batch, of a step of a cell, and of a sequence through somebody's
    own layer, tensors are as they were given."""
    gave: Any = None
    """What somebody's own layer returned, until it is returned again."""
    swept: bool = False
    """Whether what it hands back to the call before it is not in the gradients of that one."""
    number: int = 1
    """Of the sequences that went through the layer, which one this call is of."""
    calls: int = 1
    """Of the sequence, where this stands for all of it."""

    @property
    def names(self) -> tuple[str, ...]:
        """Keys of its traces, in the order in which the levels and directions run."""
        if isinstance(self.unrolled, OwnLayer) or self.form == "cell":
            return (self.place,)
        names = names_of(self.layer, self.num_layers, bidirectional=self.bidirectional)
        return tuple(name + self._numbered for name in names)

    @property
    def place(self) -> str:
        """The path of its layer, and which of its sequences it is."""
        bare = {"cell": "cell", "own": "l0"}
        return (self.layer or bare.get(self.form, "")) + self._numbered

    @property
    def shown(self) -> str:
        """As messages name its layer; a bare one by its first key."""
        return repr(self.layer or self.names[0])

    @property
    def last(self) -> tuple[Tensor, ...]:
        """The last states that were returned: (h_n,) or (h_n, c_n, ...)."""
        return self.outputs[self.form != "cell" :]

    def copy_given(self) -> None:
        """What was given may be overwritten: batches and states are made once, and filled anew."""
        self.input = self.input.detach().clone()
        self.initial = tuple(state.detach().clone() for state in self.initial)

    @property
    def _numbered(self) -> str:
        return f"#{self.number}" if self.number > 1 else ""


def names_of(path: str, num_layers: int, *, bidirectional: bool) -> tuple[str, ...]:
    """As `trace` names the levels and directions of a layer, in the order of their runs."""
    begin = f"{path}." if path else ""
    directions = ("", "_reverse") if bidirectional else ("",)
    return tuple(f"{begin}l{k}{d}" for k in range(num_layers) for d in directions)


def record(
    path: str,
    layer: Layer,
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    output: Any,
    *,
    taken: Sequence[Tensor] | None = None,
    one_node: bool = False,
) -> Recording:
    """Keep one call of a layer or a cell. Tensors are kept as they are, not copied.

    What was made as `one_node` needs no copies for derivatives of its own. Of a cell the weights
    that it has `taken` may be known.
    """
    if own := own_cell(layer):
        return _own(OwnLayer(path, layer, own), path, args, kwargs, output)
    weights = taken if taken is not None and isinstance(layer, Cell) else weights_of(layer)
    x, initial = received(*args, **kwargs)
    given = () if initial is None else states(initial)
    if isinstance(layer, Cell):
        # On a CPU h_t is made of the very c_t that is returned; what is done with c_t afterwards
        # has a gradient of its own in a copy.
        outputs = states(output)
        if not one_node:
            outputs = tuple(tensor.clone() for tensor in outputs)
        return Recording(
            path, kind_of(layer), 1, False, False, 0.0, x, given, outputs, weights,
            autocast=autocast_in(x.device.type), graph=torch.is_grad_enabled(), form="cell",
        )  # fmt: skip
    packing = None
    if isinstance(x, PackedSequence):
        packing = Packing(x.batch_sizes, x.sorted_indices, x.unsorted_indices)
        x = x.data
    held = vars(layer).get(HELD)
    return Recording(
        layer=path,
        kind=kind_of(layer),
        num_layers=layer.num_layers,
        bidirectional=layer.bidirectional,
        batch_first=layer.batch_first,
        dropout=layer.dropout if layer.training else 0.0,
        input=x,
        initial=given if held is None else held.begins_from(given, x),
        outputs=(numbers(output[0]), *states(output[1])),
        weights=weights,
        unrolled=layer if held is None and isinstance(layer, Unrolled) else held,
        noisy=draws_noise(layer),
        autocast=autocast_in(x.device.type),
        graph=torch.is_grad_enabled(),
        packing=packing,
        form="sequence" if packing is None and x.dim() == 2 else "layer",
    )


def _own(
    layer: OwnLayer, path: str, args: Sequence[Any], kwargs: Mapping[str, Any], output: Any
) -> Recording:
    module = layer.module
    x, initial, results = layer.read(args, kwargs, output)
    weights = [*named_tensors(module).values()]
    form: Literal["cell", "own"] = "own" if layer.spec.sequence else "cell"
    first = form == "own" and bool(getattr(module, "batch_first", False))
    outputs = tuple(tensor.clone() for tensor in results)
    return Recording(
        path, layer.kind, 1, False, first, 0.0, x, tuple(initial), outputs, weights,
        unrolled=layer, autocast=autocast_in(x.device.type), form=form, gave=(output, results),
    )  # fmt: skip


def autocast_in(device: str) -> torch.dtype | None:
    """The half precision that operations on a device run in inside; None where they do not."""
    return torch.get_autocast_dtype(device) if torch.is_autocast_enabled(device) else None


def received(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
    """The sequence and the initial states; PyTorch calls the first `input`, our layers `x`."""
    sequence = args[0] if args else kwargs.get("input", kwargs.get("x"))
    return sequence, args[1] if len(args) > 1 else kwargs.get("hx")


def states(state: Tensor | tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    """(h,) or (h, c), from what PyTorch takes and gives: h or (h, c)."""
    return (state,) if isinstance(state, Tensor) else tuple(state)


def numbers(sequence: Tensor | PackedSequence) -> Tensor:
    """All of a sequence, also of a packed one."""
    return sequence.data if isinstance(sequence, PackedSequence) else sequence


def returned(recording: Recording, tensors: Sequence[Tensor]) -> Outputs:
    """What the layer returns, made of these in the place of its own outputs."""
    if recording.gave is not None:
        (output, results), recording.gave = recording.gave, None
        again: Outputs = replaced(output, dict(zip(map(id, results), tensors, strict=True)))
        return again
    first, *last = tensors
    if recording.form == "cell":
        return (first, *last) if last else first
    packed = first if recording.packing is None else recording.packing.of(first)
    return packed, (tuple(last) if len(last) > 1 else last[0])


def separated(recording: Recording) -> list[Tensor]:
    """A layer's outputs in tensors of their own, for the model to go on with.

    The model may write into what it gets; the recording, and the derivatives with respect to
    what was recorded, stay what they were.
    """
    return [tensor.clone() for tensor in recording.outputs]


def time_major(recording: Recording, sequence: Tensor) -> Tensor:
    """(T, B, ...) of what a layer received or gave; of a packed one with zeros beyond each end."""
    if recording.packing is not None:
        return pad_packed_sequence(recording.packing.of(sequence))[0]
    return sequence.transpose(0, 1) if recording.batch_first else sequence
