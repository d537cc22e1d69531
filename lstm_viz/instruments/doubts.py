"""What is missing from traces, or may be shown wrongly, in sentences that name the way out."""

from collections.abc import Iterable

from lstm_viz.errors import UnsupportedModelError, warn
from lstm_viz.words import N_, Sentence

NOT_WHOLE = Sentence(
    N_("What is traced is a layer or a cell that is called as a module: nn.RNN, nn.LSTM, nn.GRU, "
       "their cells, or a layer of this package."),
    {},
)  # fmt: skip
NOT_CALLED = Sentence(
    N_("The pass that is shown did not run it as a module. If it should have, call it as "
       "'self.lstm(x)', not as 'self.lstm.forward(x)', in the model's own 'forward'."),
    {},
)  # fmt: skip
CAME_LATER = Sentence(
    N_("The model got it after the watcher was started. Start the watcher when the model is "
       "complete."),
    {},
)  # fmt: skip
BESIDE = Sentence(
    N_("The backward pass went through more than one forward pass of the model. Only the last "
       "one is shown: what the others add to '.grad' is not in its derivatives. Put the "
       "inputs into one batch to see all of them."),
    {},
)  # fmt: skip
ONLY_ASKED = Sentence(
    N_("There are no derivatives: torch.autograd.grad went through this pass, and what is shown "
       "is what a backward pass adds to '.grad'. Call 'loss.backward()', and take the gradients "
       "from '.grad' of the parameters."),
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
        N_("Nothing connects {layers} with the other layers: no tensor, and no backward pass "
           "through both. Called from outside of the model's own 'forward', this may be part of "
           "another pass. Call all layers in the model's own 'forward'."),
        {"layers": ", ".join(layers)},
    )  # fmt: skip


def last_piece(layers: Iterable[str]) -> Sentence:
    """A sequence of which only the last piece is shown."""
    return Sentence(
        N_("Only the last call of {layers} is shown. It went on from the state that the call "
           "before returned. Give the layer its whole sequence in one call to see all of it."),
        {"layers": ", ".join(layers)},
    )  # fmt: skip
