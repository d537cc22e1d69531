"""What is missing from traces, or may be shown wrongly, in sentences that name the way out."""

from collections.abc import Iterable

from lstm_viz.errors import UnsupportedModelError, warn
from lstm_viz.words import N_, Sentence

NOT_WHOLE = Sentence(
    N_("What is traced is a layer or a cell called as a module: nn.RNN, nn.LSTM, nn.GRU, their "
       "cells, or a layer of this package."),
    {},
)  # fmt: skip
NOT_CALLED = Sentence(
    N_("The pass shown did not run it as a module. If it should have, call 'self.lstm(x)', not "
       "'self.lstm.forward(x)', in the model's own 'forward'."),
    {},
)  # fmt: skip
CAME_LATER = Sentence(
    N_("It was added after the watcher started. Start the watcher when the model is complete."),
    {},
)  # fmt: skip
BESIDE = Sentence(
    N_("The backward pass went through several forward passes, of which only the last is shown: "
       "its derivatives lack what the others add to '.grad'. Put the inputs into one batch to "
       "see all."),
    {},
)  # fmt: skip
ONLY_ASKED = Sentence(
    N_("There are no derivatives: a watcher sees backward passes alone, not torch.autograd.grad. "
       "Call 'loss.backward()' and read '.grad' of the parameters."),
    {},
)  # fmt: skip


def say(doubts: Iterable[Sentence]) -> None:
    """Issue each as an LstmVizWarning at the line that called into this package."""
    for doubt in doubts:
        warn(doubt.template, **doubt.values)


def left_out(layers: Iterable[str]) -> Sentence:
    """What runs and is not traced, each as `shown` names it."""
    values = {"layers": ", ".join(layers), "reason": NOT_WHOLE}
    return Sentence(N_("Left out of the traces: {layers}. {reason}"), values)


def unreadable(path: str, reason: UnsupportedModelError) -> Sentence:
    """One layer that cannot be shown beside those that can."""
    values = {"layers": repr(path), "reason": reason}
    return Sentence(N_("Left out of the traces: {layers}. {reason}"), values)


def missing(layers: Iterable[str], reason: Sentence) -> Sentence:
    """Layers that the pass that is shown did not run as modules, or did not have."""
    values = {"layers": ", ".join(layers), "reason": reason}
    return Sentence(N_("Missing from the traces: {layers}. {reason}"), values)


def apart(layers: Iterable[str]) -> Sentence:
    """Layers that may belong to another pass than those beside them."""
    return Sentence(
        N_("Nothing connects {layers} with the other layers: this may be part of another pass. "
           "Call all layers in the model's own 'forward'."),
        {"layers": ", ".join(layers)},
    )  # fmt: skip


def last_piece(layers: Iterable[str]) -> Sentence:
    """A sequence of which only the last piece is shown."""
    return Sentence(
        N_("Only the last call of {layers} is shown, which went on from the state of the call "
           "before. Give the layer its whole sequence in one call to see all of it."),
        {"layers": ", ".join(layers)},
    )  # fmt: skip
