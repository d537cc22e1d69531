"""What cannot be traced, said in errors that name the layer and the way out."""

from torch import nn

from lstm_viz.errors import ConfigError, UnsupportedModelError
from lstm_viz.words import N_


def shown(path: str, module: nn.Module) -> str:
    """A layer as messages name it: `'encoder.lstm' (LSTM)`."""
    kind = type(module).__name__
    return f"'{path}' ({kind})" if path else kind


def none_ran(model: nn.Module) -> UnsupportedModelError:
    """The error for a model that ran without any of its recurrent layers."""
    return UnsupportedModelError(
        N_("No recurrent layer of the model ({model}) ran as a module on whole sequences. Call "
           "the layers themselves, 'self.lstm(x)'."),
        model=type(model).__name__,
    )  # fmt: skip


def in_a_list(place: str, layer: nn.Module) -> UnsupportedModelError:
    """The error for a layer that is no part of the model."""
    return UnsupportedModelError(
        N_("The layer {layer} is in a plain list or dict, where PyTorch does not see it: "
           "'parameters()' lacks its weights. Use nn.ModuleList or nn.ModuleDict."),
        layer=shown(place, layer),
    )  # fmt: skip


def stepped(path: str, cell: nn.Module) -> UnsupportedModelError:
    """The error for an instrument that reads layers and not cells."""
    return UnsupportedModelError(
        N_("The model steps {layer} by itself. This instrument reads nn.RNN, nn.LSTM and "
           "nn.GRU; 'trace' and 'watch' read both."),
        layer=shown(path, cell),
    )  # fmt: skip


def piece_by_piece(name: str) -> UnsupportedModelError:
    """The error for a loss whose own part in a gradient cannot be told in a sequence of calls."""
    return UnsupportedModelError(
        N_("The layer '{layer}' was called piece by piece: what the loss sends to one of its calls "
           "cannot be told from what comes back through the next. Leave 'loss_fn' out."),
        layer=name,
    )  # fmt: skip


def not_one_length(name: str) -> UnsupportedModelError:
    """The error for an instrument that reads samples of one length."""
    return UnsupportedModelError(
        N_("The layer '{layer}' received sequences of several lengths, which only "
           "'trace' and 'watch' read. Give it samples of one length, such as one sample."),
        layer=name,
    )  # fmt: skip


def of_ones_own(name: str) -> UnsupportedModelError:
    """The error for an instrument that reads no cell of somebody's own."""
    return UnsupportedModelError(
        N_("The layer '{layer}' is a cell of your own. Only 'trace' and 'watch' read those."),
        layer=name,
    )  # fmt: skip


def state_changed(name: str, step: int) -> UnsupportedModelError:
    """The error for what a model does to a state between the calls of a layer."""
    return UnsupportedModelError(
        N_("The model changes the state of the layer '{layer}' between its calls, first before "
           "step {step}, so that its steps are not one sequence of its equations. Give an input "
           "that ends there, or read 'trace', which shows all of it."),
        layer=name, step=step,
    )  # fmt: skip


def weights_changed(name: str) -> UnsupportedModelError:
    """The error for calls that are not of one layer as it ended."""
    return UnsupportedModelError(
        N_("The layer '{layer}' was called piece by piece, under an intervention or with weights "
           "that changed between its calls. Only 'trace' and 'watch' read that."),
        layer=name,
    )  # fmt: skip


def under_an_intervention(name: str) -> UnsupportedModelError:
    """The error for a trace of something else than its layer."""
    return UnsupportedModelError(
        N_("The trace of the layer '{layer}' does not follow from its weights and its input: it "
           "was made under an intervention, or changed since. Give the model and its input."),
        layer=name,
    )  # fmt: skip


def another_way(name: str) -> UnsupportedModelError:
    """The error for a trace whose roundings grew."""
    return UnsupportedModelError(
        N_("Run again in float64, the layer '{layer}' leaves the states of its trace, which was "
           "made in lower precision. Give the model and its input."),
        layer=name,
    )  # fmt: skip


def too_often(path: str, layer: nn.Module, calls: int) -> UnsupportedModelError:
    """The error for more calls than are kept of what no backward pass has reached."""
    return UnsupportedModelError(
        N_("The layer {layer} was called more than {calls} times from outside the model's "
           "'forward' without a backward pass. Call 'backward' after each sequence, or the model "
           "under torch.no_grad()."),
        layer=shown(path, layer), calls=calls,
    )  # fmt: skip


def inside_a_function(path: str, layer: nn.Module) -> UnsupportedModelError:
    """The error for a layer of whose derivatives autograd does not know."""
    return UnsupportedModelError(
        N_("The layer {layer} runs inside an autograd function, where its derivatives cannot be "
           "traced. Call it outside; where it is a checkpoint, with use_reentrant=False."),
        layer=shown(path, layer),
    )  # fmt: skip


def inside_a_transform(path: str, layer: nn.Module) -> UnsupportedModelError:
    """The error for a layer whose tensors are those of a transform."""
    return UnsupportedModelError(
        N_("The layer {layer} runs inside of a transform of torch.func, such as vmap or grad, "
           "where it cannot be read. Call it outside, on the whole batch, and 'backward' on the "
           "loss."),
        layer=shown(path, layer),
    )  # fmt: skip


def in_the_original(path: str, layer: nn.Module) -> UnsupportedModelError:
    """The error for a copy of a model that runs a layer of the model itself."""
    return UnsupportedModelError(
        N_("A trace runs a copy of the model, but the copy called the original's {layer}, "
           "perhaps through a lambda with 'self' in it. Make that a method."),
        layer=shown(path, layer),
    )  # fmt: skip


def again_in_the_loss(path: str, layer: nn.Module) -> ConfigError:
    """The error for a loss that runs the model a second time."""
    return ConfigError(
        N_("The 'loss_fn' runs the model again ({layer}), and that pass is not traced. Compute "
           "the loss from its first argument, the output. Where the model gives a target, call "
           "it under torch.no_grad()."),
        layer=shown(path, layer),
    )  # fmt: skip


def a_derivative_in_the_loss() -> UnsupportedModelError:
    """The error for a loss that is made of a derivative through a layer."""
    return UnsupportedModelError(
        N_("The loss holds a derivative of the model (create_graph=True), as a gradient penalty "
           "is, whose backward pass cannot be traced. Leave that part out of 'loss_fn'.")
    )  # fmt: skip


def through_a_derivative() -> UnsupportedModelError:
    """The error for a backward pass through a derivative."""
    return UnsupportedModelError(
        N_("The backward pass went through a derivative of the model (create_graph=True), as of "
           "a gradient penalty, which cannot be traced. Take the penalty on a forward pass of "
           "its own, before the one to be shown.")
    )  # fmt: skip
