"""Whether a watched pass can be shown, and what is missing from it."""

from collections.abc import Container, Iterable, Mapping

from torch import nn

from lstm_viz.errors import UnsupportedModelError
from lstm_viz.instruments import doubts
from lstm_viz.instruments.doubts import BESIDE, CAME_LATER, NOT_CALLED, ONLY_ASKED
from lstm_viz.instruments.passes import MOST_CALLS, Pass
from lstm_viz.instruments.readable import Layer, layers_in
from lstm_viz.instruments.refusals import (
    inside_a_function,
    none_ran,
    shown,
    through_a_derivative,
    too_often,
)
from lstm_viz.words import Sentence


def refuse(
    current: Pass,
    model: nn.Module,
    layers: Mapping[str, Layer],
    passed_by: Mapping[str, UnsupportedModelError],
) -> None:
    """Raise the error for a pass that cannot be shown, perhaps since it went past PyTorch's own."""
    if current.too_often is not None:
        raise too_often(current.too_often, layers[current.too_often], MOST_CALLS)
    if current.in_a_function is not None:
        raise inside_a_function(current.in_a_function, layers[current.in_a_function])
    if current.through_a_derivative:
        raise through_a_derivative()
    if not current.recordings:
        raise next(iter(passed_by.values()), none_ran(model))


def doubts_of(
    current: Pass, model: nn.Module, layers: Mapping[str, Layer], unreadable: Container[str]
) -> tuple[list[Sentence], dict[str, str]]:
    """What the traces of a pass do not show, or may show wrongly; and what is missing, and why.

    A layer that is `unreadable` is not named here.
    """

    def named(paths: Iterable[str]) -> list[str]:
        return [shown(path, layers[path]) for path in paths]

    found = list[Sentence]()
    now, ran = layers_in(model), {path for each in current.whole for path in each.paths}
    if added := [p for p in now if layers.get(p) is not now[p] and p not in unreadable]:
        found.append(doubts.missing((shown(path, now[path]) for path in added), CAME_LATER))
    if missing := [p for p in layers if p not in {*ran, *added} and p not in unreadable]:
        found.append(doubts.missing(named(missing), NOT_CALLED))
    if apart := current.apart():
        found.append(doubts.apart(named(apart)))
    if current.only_asked and not current.arrivals:
        found.append(ONLY_ASKED)
    if current.went_on and not current.arrivals:
        found.append(doubts.last_piece(named(current.went_on)))
    elif current.beside:
        found.append(BESIDE)
    return found, {
        **dict.fromkeys(added, str(CAME_LATER)),
        **dict.fromkeys(missing, str(NOT_CALLED)),
    }
