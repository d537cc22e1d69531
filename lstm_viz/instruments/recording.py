"""What passes through a model's recurrent layers, kept as it goes by.

PyTorch runs a recurrent layer as one fused operation that shows nothing of its inside. A
`Recording` keeps what goes in and what comes out; `replay` works out the rest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from weakref import ReferenceType

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pad_packed_sequence

from lstm_viz.errors import ConfigError, UnsupportedModelError
from lstm_viz.instruments.layer_trace import Lengths
from lstm_viz.instruments.refusals import shown
from lstm_viz.models.unrolled import Unrolled
from lstm_viz.words import N_

Outputs = tuple[Tensor | PackedSequence, Tensor | tuple[Tensor, ...]]
Layer = nn.RNNBase | Unrolled

_FUSED = (nn.RNN, nn.LSTM, nn.GRU)
_CELL_BY_CELL = nn.RNNCellBase
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
    unrolled: Unrolled | None = None
    """The layer, if it is one of this package: asked for its equations, not for its weights."""
    noisy: bool = False
    """Whether an unrolled layer drew random numbers in this pass."""
    autocast: torch.dtype | None = None
    """The half precision that the pass ran in inside, whatever the dtype of its output."""
    packing: Packing | None = None
    """Of a packed sequence."""
    follows: "ReferenceType[Recording] | None" = None
    """The call of the same layer from whose last state this one went on, as far as was seen."""
    number: int = 1
    """Of the sequences that went through the layer, which one this call is of."""
    calls: int = 1
    """Of the sequence, where this stands for all of it."""

    @property
    def names(self) -> tuple[str, ...]:
        """Keys of its traces, in the order in which the levels and directions run."""
        names = names_of(self.layer, self.num_layers, bidirectional=self.bidirectional)
        return tuple(name + self._numbered for name in names)

    @property
    def place(self) -> str:
        """The path of its layer, and which of its sequences it is."""
        return self.layer + self._numbered

    @property
    def _numbered(self) -> str:
        return f"#{self.number}" if self.number > 1 else ""


def names_of(path: str, num_layers: int, *, bidirectional: bool) -> tuple[str, ...]:
    """As `trace` names the levels and directions of a layer, in the order of their runs."""
    begin = f"{path}." if path else ""
    directions = ("", "_reverse") if bidirectional else ("",)
    return tuple(f"{begin}l{k}{d}" for k in range(num_layers) for d in directions)


def recurrent_layers(model: nn.Module) -> dict[str, Layer]:
    """Path -> each layer of a model that can be traced.

    Raises ConfigError for what is no module, UnsupportedModelError where there is no such layer,
    or one that cannot be traced.
    """
    if not isinstance(model, nn.Module):
        raise ConfigError(
            N_("The 'model' must be a torch.nn.Module, got {got}."), got=type(model).__name__
        )
    for path, module in model.named_modules():
        _refuse_scripts_and_weights_without_values(path, module)
        if isinstance(module, _FUSED):
            _refuse_variants(path, module)
    layers = layers_in(model)
    if not layers:
        _refuse_without_layers(model)
    return layers


def layers_in(model: nn.Module) -> dict[str, Layer]:
    """Path -> each whole recurrent layer of a model, also those that cannot be traced."""
    kinds = (*_FUSED, Unrolled)
    return {path: module for path, module in model.named_modules() if isinstance(module, kinds)}


def _refuse_scripts_and_weights_without_values(path: str, module: nn.Module) -> None:
    names = {kind.__name__ for kind in (*_FUSED, nn.RNNCell, nn.LSTMCell, nn.GRUCell)}
    name = (
        getattr(module, "original_name", "") if isinstance(module, torch.jit.ScriptModule) else ""
    )
    if name in names:
        raise UnsupportedModelError(
            N_("The layer {layer} was compiled by torch.jit, and what is inside cannot be seen. "
               "Give the module that it was made from."),
            layer=f"'{path}' ({name})" if path else name,
        )  # fmt: skip
    if any(weight.is_meta for weight in module.parameters(recurse=False)):
        raise UnsupportedModelError(
            N_("The weights of {layer} are on the device 'meta', where they have no values. Load "
               "the model onto another device first."),
            layer=shown(path, module),
        )  # fmt: skip


def _refuse_variants(path: str, layer: nn.RNNBase) -> None:
    if layer.proj_size > 0:
        raise UnsupportedModelError(
            N_("The layer {layer} has proj_size={size}, which cannot be traced. Use proj_size=0, "
               "and an nn.Linear after it where h_t must be smaller."),
            layer=shown(path, layer), size=layer.proj_size,
        )  # fmt: skip
    if not any(type(layer).forward is fused.forward for fused in _FUSED):
        raise UnsupportedModelError(
            N_("The layer {layer} has a 'forward' of its own, so its output need not be h_t. "
               "Make it a module that holds an nn.RNN, nn.LSTM or nn.GRU instead."),
            layer=shown(path, layer),
        )  # fmt: skip


def cells(model: nn.Module) -> dict[str, nn.Module]:
    """Path -> each `nn.LSTMCell` and the like, which is stepped from outside and not traced."""
    return {p: module for p, module in model.named_modules() if isinstance(module, _CELL_BY_CELL)}


def _refuse_without_layers(model: nn.Module) -> None:
    for path, module in cells(model).items():
        raise UnsupportedModelError(
            N_("The model steps {layer} by itself, which cannot be traced. Use the layer that "
               "takes a whole sequence: nn.RNN, nn.LSTM or nn.GRU."),
            layer=shown(path, module),
        )  # fmt: skip
    raise UnsupportedModelError(
        N_("The model ({model}) has no recurrent layer. Give it an nn.RNN, nn.LSTM or nn.GRU."),
        model=type(model).__name__,
    )


def record(
    path: str, layer: Layer, args: Sequence[Any], kwargs: Mapping[str, Any], output: Any
) -> Recording:
    """Keep one call of a layer. Tensors are kept as they are, not copied.

    Raises UnsupportedModelError for an unbatched sequence.
    """
    x, initial = received(*args, **kwargs)
    packing = None
    if isinstance(x, PackedSequence):
        packing = Packing(x.batch_sizes, x.sorted_indices, x.unsorted_indices)
        x = x.data
    elif x.dim() != 3:
        raise UnsupportedModelError(
            N_("The layer {layer} received one unbatched sequence, of shape {shape}. Give it a "
               "batch of one: x.unsqueeze({axis})."),
            layer=shown(path, layer), shape=tuple(x.shape), axis=0 if layer.batch_first else 1,
        )  # fmt: skip
    # `_flat_weights` is what the operation was given, also where weight normalisation
    # or pruning has put something else in the place of the parameters.
    weights: Any = layer._flat_weights
    held = vars(layer).get(HELD)
    given = () if initial is None else states(initial)
    return Recording(
        layer=path,
        kind=layer.kind if isinstance(layer, Unrolled) else layer.mode.lower(),
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
        autocast=_autocast(x.device.type),
        packing=packing,
    )


def _autocast(device: str) -> torch.dtype | None:
    return torch.get_autocast_dtype(device) if torch.is_autocast_enabled(device) else None


def draws_noise(layer: Layer) -> bool:
    """Whether a pass of this layer draws random numbers: dropout between levels, zoneout."""
    return layer.training and can_draw_noise(layer)


def can_draw_noise(layer: Layer) -> bool:
    """Whether a pass in training mode does."""
    if layer.dropout and layer.num_layers > 1:
        return True
    return isinstance(layer, Unrolled) and bool(getattr(layer, "zoneout", 0.0))


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


def separated(recording: Recording, outputs: Sequence[Tensor]) -> Outputs:
    """A layer's outputs in tensors of their own, for the model to go on with.

    The model may write into what it gets; the recording, and the derivatives with respect to
    what was recorded, stay what they were.
    """
    output, *last = (tensor.clone() for tensor in outputs)
    packed = output if recording.packing is None else recording.packing.of(output)
    return packed, (tuple(last) if len(last) > 1 else last[0])


def time_major(recording: Recording, sequence: Tensor) -> Tensor:
    """(T, B, ...) of what a layer received or gave; of a packed one with zeros beyond each end."""
    if recording.packing is not None:
        return pad_packed_sequence(recording.packing.of(sequence))[0]
    return sequence.transpose(0, 1) if recording.batch_first else sequence
