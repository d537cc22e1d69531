"""What cannot be traced or is left out, said in sentences that name the layer and the way out."""

from collections.abc import Iterable

from torch import nn

from lstm_viz.errors import ConfigError, UnsupportedModelError, warn
from lstm_viz.words import N_, Sentence


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


def piece_by_piece(name: str) -> UnsupportedModelError:
    """The error for an instrument that reads one call of a layer that was called in pieces."""
    return UnsupportedModelError(
        N_("The layer '{layer}' was called piece by piece, and this instrument reads one call. "
           "Give it the layer itself, with the whole sequence: the 'input' of its trace."),
        layer=name,
    )  # fmt: skip


def too_often(path: str, layer: nn.Module, calls: int) -> UnsupportedModelError:
    """The error for more calls than are kept of what no backward pass has reached."""
    return UnsupportedModelError(
        N_("The layer {layer} was called more than {calls} times from outside of the model's own "
           "'forward' without a backward pass. Call 'backward' after each sequence, or call the "
           "model under torch.no_grad() where it is not trained."),
        layer=shown(path, layer), calls=calls,
    )  # fmt: skip


def inside_a_function(path: str, layer: nn.Module) -> UnsupportedModelError:
    """The error for a layer of whose derivatives autograd does not know."""
    return UnsupportedModelError(
        N_("The layer {layer} runs inside of an autograd function, such as a checkpoint with "
           "use_reentrant=True, where its derivatives cannot be traced. Use "
           "checkpoint(..., use_reentrant=False)."),
        layer=shown(path, layer),
    )  # fmt: skip


def in_the_original(path: str, layer: nn.Module) -> UnsupportedModelError:
    """The error for a copy of a model that runs a layer of the model itself."""
    return UnsupportedModelError(
        N_("A trace runs a copy of the model, but the copy called {layer} of the model itself. "
           "Something in the model holds it from outside, as a lambda with 'self' in it does. Make "
           "it a method."),
        layer=shown(path, layer),
    )  # fmt: skip


def again_in_the_loss(path: str, layer: nn.Module) -> ConfigError:
    """The error for a loss that runs the model a second time."""
    return ConfigError(
        N_("The 'loss_fn' runs the model again ({layer}). That pass is not traced, and what it "
           "adds to the derivatives would be missing. Compute the loss from the first argument of "
           "'loss_fn', the output. Where the model gives a target, call it under "
           "torch.no_grad()."),
        layer=shown(path, layer),
    )  # fmt: skip


def through_a_derivative() -> UnsupportedModelError:
    """The error for a backward pass through a derivative."""
    return UnsupportedModelError(
        N_("The backward pass went through a derivative of the model (create_graph=True), as a "
           "gradient penalty does. It then enters the layers from inside of their own backward "
           "pass, where it cannot be seen. Take the penalty on a forward pass of its own, before "
           "the one that is to be shown.")
    )  # fmt: skip


NOT_WHOLE = Sentence(
    N_("What is traced is a layer or a cell that is called as a module: nn.RNN, nn.LSTM, nn.GRU, "
       "their cells, or a layer of this package."),
    {},
)  # fmt: skip


def warn_left_out(layers: Iterable[str]) -> None:
    """Warn of what runs and is not traced, each as `shown` names it."""
    names = ", ".join(layers)
    warn(N_("Left out of the traces: {layers}. {reason}"), layers=names, reason=NOT_WHOLE)


def warn_unreadable(path: str, reason: UnsupportedModelError) -> None:
    """Warn of one layer that cannot be shown beside those that can."""
    warn(N_("Left out of the traces: {layers}. {reason}"), layers=repr(path), reason=reason)


NOT_CALLED = Sentence(
    N_("What is traced is what the pass that is shown called as a module: 'self.lstm(x)', not "
       "'self.lstm.forward(x)', in the model's own 'forward'."),
    {},
)  # fmt: skip
CAME_LATER = Sentence(
    N_("The model got it after the watcher was started. Start the watcher when the model is "
       "complete."),
    {},
)  # fmt: skip


def warn_missing(layers: Iterable[str], reason: Sentence) -> None:
    """Warn of layers that the pass that is shown did not run as modules, or did not have."""
    names = ", ".join(layers)
    warn(N_("Missing from the traces: {layers}. {reason}"), layers=names, reason=reason)


def warn_beside() -> None:
    """Warn of a backward pass through more than the pass that is shown."""
    warn(
        N_("The backward pass went through more than one forward pass of the model. Only the last "
           "one is shown: what the others add to '.grad' is not in its derivatives. Put the "
           "inputs into one batch to see all of them.")
    )  # fmt: skip


def warn_apart(layers: Iterable[str]) -> None:
    """Warn of layers that may belong to another pass than those beside them."""
    warn(
        N_("Nothing connects {layers} with the other layers: no tensor, and no backward pass "
           "through both. Called from outside of the model's own 'forward', this may be part of "
           "another pass. Call all layers in the model's own 'forward'."),
        layers=", ".join(layers),
    )  # fmt: skip


def warn_last_piece(layers: Iterable[str]) -> None:
    """Warn of a sequence of which only the last piece is shown."""
    warn(
        N_("Only the last call of {layers} is shown. It went on from the state that the call "
           "before returned. Give the layer its whole sequence in one call to see all of it."),
        layers=", ".join(layers),
    )  # fmt: skip
