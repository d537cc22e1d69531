"""Which parts of a model can be read: whole layers, cells that are stepped by hand."""

from collections.abc import Iterable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.fx import GraphModule
from torch.nn.parameter import is_lazy

from lstm_viz.errors import ConfigError, UnsupportedModelError
from lstm_viz.instruments.kept_apart import kept_apart
from lstm_viz.instruments.own_cells import own_cell
from lstm_viz.instruments.refusals import in_a_list, of_ones_own, shown, stepped
from lstm_viz.models.unrolled import Unrolled
from lstm_viz.words import N_

Whole = nn.RNNBase | Unrolled
"""A layer that takes a sequence."""
Cell = nn.RNNCellBase
"""One that is stepped by hand."""
Layer = Whole | Cell

_FUSED = (nn.RNN, nn.LSTM, nn.GRU)
_OPERATIONS = ("aten.lstm", "aten.gru", "aten.rnn_")
_CELLS = (nn.RNNCell, nn.LSTMCell, nn.GRUCell)


def readable(
    model: nn.Module, *, subclasses: bool = False
) -> tuple[dict[str, Layer], dict[str, UnsupportedModelError]]:
    """Path -> each layer and each cell that can be read, and why each other one cannot.

    With `subclasses` those with a 'forward' of their own are read, too.
    Raises ConfigError for what is no module, UnsupportedModelError where nothing can be read.
    """
    left_out = _unreadable(model) | _apart(model)
    layers = layers_in(model)
    if subclasses:
        left_out = {
            p: e for p, e in left_out.items() if p not in layers or not own_forward(layers[p])
        }
    layers = {path: layer for path, layer in layers.items() if path not in left_out}
    if not layers:
        raise next(iter(left_out.values()), _no_layer(model))
    return layers, left_out


def recurrent_layers(model: nn.Module) -> dict[str, Whole]:
    """Path -> each whole layer of a model, for instruments that read one call of it.

    Raises ConfigError for what is no module, UnsupportedModelError where there is no such layer,
    or one that cannot be read.
    """
    for error in _unreadable(model).values():
        raise error
    layers = layers_in(model)
    own = {path: layer for path, layer in layers.items() if own_cell(layer)}
    cells = {path: layer for path, layer in layers.items() if isinstance(layer, Cell)}
    whole: dict[str, Any] = {p: each for p, each in layers.items() if p not in {*own, *cells}}
    if not whole:
        for path in own:
            raise of_ones_own(path)
        for path, cell in cells.items():
            raise stepped(path, cell)
        raise _no_layer(model)
    return whole


def all_layers(model: nn.Module) -> dict[str, Layer]:
    """Path -> each layer and each cell, for instruments that read what a model does with them.

    Raises as `recurrent_layers`, but for those that this does not give.
    """
    for error in _unreadable(model).values():
        raise error
    if not (layers := layers_in(model)):
        raise _no_layer(model)
    return layers


def layers_in(model: nn.Module) -> dict[str, Layer]:
    """Path -> each recurrent layer and cell of a model, also those that cannot be read."""
    kinds = (*_FUSED, *_CELLS, Unrolled)
    return {
        path: module
        for path, module in model.named_modules()
        if isinstance(module, kinds) or own_cell(module)
    }


def layers_apart(model: nn.Module) -> dict[str, Layer]:
    """Where each one is that the model keeps in a list or dict of Python's."""
    return {
        f"{place}.{path}".rstrip("."): layer
        for place, module in kept_apart(model).items()
        for path, layer in layers_in(module).items()
    }


def _apart(model: nn.Module) -> dict[str, UnsupportedModelError]:
    return {place: in_a_list(place, layer) for place, layer in layers_apart(model).items()}


def _no_layer(model: nn.Module) -> UnsupportedModelError:
    for error in _apart(model).values():
        return error
    graphs = [module.graph for module in model.modules() if isinstance(module, GraphModule)]
    if any(str(node.target).startswith(_OPERATIONS) for graph in graphs for node in graph.nodes):
        return UnsupportedModelError(
            N_("The model ({model}) was made by torch.export, which leaves operations in the place "
               "of layers. Trace the model that it was made of: the weights are the same."),
            model=type(model).__name__,
        )  # fmt: skip
    return UnsupportedModelError(
        N_("The model ({model}) has no recurrent layer. Give it an nn.RNN, nn.LSTM or nn.GRU, or "
           "tell the equations of a cell of your own: 'register_cell'."),
        model=type(model).__name__,
    )  # fmt: skip


def _unreadable(model: nn.Module) -> dict[str, UnsupportedModelError]:
    if not isinstance(model, nn.Module):
        raise ConfigError(
            N_("The 'model' must be a torch.nn.Module, got {got}."), got=type(model).__name__
        )
    found = {}
    for path, module in model.named_modules():
        _refuse_weights_without_values(path, module)
        error = _scripted(path, module) or _quantised(path, module) or _variant(path, module)
        if error is not None:
            found[path] = error
    return found


def _refuse_weights_without_values(path: str, module: nn.Module) -> None:
    if any(weight.is_meta for weight in module.parameters(recurse=False)):
        raise UnsupportedModelError(
            N_("The weights of {layer} are on the device 'meta', without values. Load the model "
               "onto another device."),
            layer=shown(path, module),
        )  # fmt: skip


def refuse_weights_to_come(model: nn.Module) -> None:
    """Of a model that is run as a copy, which would make its own."""
    for path, module in model.named_modules():
        if any(map(is_lazy, module.parameters(recurse=False))):
            raise UnsupportedModelError(
                N_("The weights of {layer} are made by its first call, which has not been. Call "
                   "the model once before it is traced."),
                layer=shown(path, module),
            )  # fmt: skip


def _scripted(path: str, module: nn.Module) -> UnsupportedModelError | None:
    names = {kind.__name__ for kind in (*_FUSED, *_CELLS)}
    name = getattr(module, "original_name", "")
    if not isinstance(module, torch.jit.ScriptModule) or name not in names:
        return None
    return UnsupportedModelError(
        N_("The layer {layer} was compiled by torch.jit, which hides what is inside. Give the "
           "module that it was made from."),
        layer=f"'{path}' ({name})" if path else name,
    )  # fmt: skip


def _quantised(path: str, module: nn.Module) -> UnsupportedModelError | None:
    names = {kind.__name__ for kind in (*_FUSED, *_CELLS)}
    if not (quantised(module) and names & {kind.__name__ for kind in type(module).__mro__}):
        return None
    return UnsupportedModelError(
        N_("The layer {layer} is quantised, and such weights are not read. Give the model as it "
           "was before."),
        layer=shown(path, module),
    )  # fmt: skip


def quantised(module: nn.Module) -> bool:
    """Whether it is one of PyTorch's quantised modules, which compute in no other precision."""
    return type(module).__module__.startswith("torch.ao.nn.quant")


def _variant(path: str, layer: nn.Module) -> UnsupportedModelError | None:
    if not isinstance(layer, (*_FUSED, *_CELLS)):
        return None
    return with_own_forward(path, layer) if own_forward(layer) else None


def own_forward(layer: nn.Module) -> bool:
    """Whether a subclass of PyTorch's layers does something else when it is called."""
    if own_cell(layer) or not isinstance(layer, (*_FUSED, *_CELLS)):
        return False
    return type(layer).forward is not kin(layer).forward


def kin(layer: nn.Module) -> type[nn.Module]:
    """PyTorch's own class of a layer."""
    return next(known for known in (*_FUSED, *_CELLS) if isinstance(layer, known))


def with_own_forward(path: str, layer: nn.Module) -> UnsupportedModelError:
    """The error for a subclass whose 'forward' is not PyTorch's."""
    return UnsupportedModelError(
        N_("The layer {layer} has a 'forward' of its own, which need not return h_t. Call "
           "'super().forward' in it, or hold an nn.RNN, nn.LSTM or nn.GRU in a module."),
        layer=shown(path, layer),
    )  # fmt: skip


def check_projection(path: str, layer: nn.Module) -> None:
    """Raises UnsupportedModelError for a layer whose h_t is projected."""
    if getattr(layer, "proj_size", 0) > 0:
        raise UnsupportedModelError(
            N_("The layer {layer} has proj_size={size}. An intervention reads layers without one."),
            layer=shown(path, layer), size=layer.proj_size,
        )  # fmt: skip


def kind_of(layer: Layer) -> str:
    """Its cell's, in `models.cells.CELLS`."""
    if own := own_cell(layer):
        return own.kind
    if isinstance(layer, nn.RNNBase):
        return str(layer.mode).lower()
    if isinstance(layer, nn.RNNCell):
        return f"rnn_{layer.nonlinearity}"
    if isinstance(layer, Unrolled):
        return layer.kind
    return "lstm" if isinstance(layer, nn.LSTMCell) else "gru"


def weights_of(layer: Layer) -> Sequence[Tensor]:
    """As the operation takes them, also where weight normalisation or pruning has put something
    else in the place of the parameters.
    """
    if own_cell(layer):
        return [*named_tensors(layer).values()]
    if isinstance(layer, Cell):
        given: Any = layer.weight_ih, layer.weight_hh, layer.bias_ih, layer.bias_hh
        return [weight for weight in given if weight is not None]
    flat: Any = layer._flat_weights
    weights: Sequence[Tensor] = flat
    return weights


def weights_to_be(layer: Layer) -> Sequence[Tensor]:
    """Those that its next call will take: PyTorch's layers look for new ones when they run."""
    if isinstance(layer, nn.RNNBase) and own_cell(layer) is None:
        found = (getattr(layer, name, None) for name in layer._flat_weights_names)
        return [weight for weight in found if weight is not None]
    return weights_of(layer)


def named_tensors(module: nn.Module) -> dict[str, Tensor]:
    """Its parameters and buffers by name."""
    return {**dict(module.named_parameters()), **dict(module.named_buffers())}


def largest(layers: Iterable[Layer], of: str = "hidden_size") -> int:
    """The largest size of this name; 1 where none says it, as a registered cell need not."""
    sizes = (getattr(layer, of, 1) for layer in layers)
    return max((size for size in sizes if isinstance(size, int)), default=1)


def draws_noise(layer: Layer) -> bool:
    """Whether a pass of it, as it is, draws random numbers: dropout between levels, zoneout."""
    if not layer.training or own_cell(layer) or isinstance(layer, Cell):
        return False
    if layer.dropout and layer.num_layers > 1:
        return True
    return isinstance(layer, Unrolled) and bool(getattr(layer, "zoneout", 0.0))
