"""Whether a watched pass can be shown, and what is missing from it."""

from collections.abc import Iterable, Mapping

from torch import nn

from lstm_viz.instruments.passes import Pass
from lstm_viz.instruments.recording import Layer, cells, layers_in
from lstm_viz.instruments.refusals import (
    called_again,
    in_steps,
    inside_a_function,
    none_ran,
    shown,
    through_a_derivative,
    twice,
    warn_added,
    warn_apart,
    warn_beside,
    warn_last_piece,
    warn_left_out,
    warn_missing,
)


def refuse(current: Pass, model: nn.Module, layers: Mapping[str, Layer]) -> None:
    """Raise the error for a pass that cannot be shown."""
    if current.repeated is not None:
        error = twice if current.by_model else called_again
        raise error(current.repeated, layers[current.repeated])
    if current.stepped is not None:
        raise in_steps(current.stepped, layers[current.stepped])
    if current.in_a_function is not None:
        raise inside_a_function(current.in_a_function, layers[current.in_a_function])
    if current.through_a_derivative:
        raise through_a_derivative()
    if not current.recordings:
        raise none_ran(model)


def warn_of(current: Pass, model: nn.Module, layers: Mapping[str, Layer]) -> None:
    """Warn of what the traces of a pass do not show, or may show wrongly."""

    def named(paths: Iterable[str]) -> list[str]:
        return [shown(path, layers[path]) for path in paths]

    now = layers_in(model)
    if added := [path for path in now if layers.get(path) is not now[path]]:
        warn_added(shown(path, now[path]) for path in added)
    if missing := [p for p in layers if p not in current.recordings and p not in added]:
        warn_missing(named(missing))
    if left_out := cells(model):
        warn_left_out(shown(path, cell) for path, cell in left_out.items())
    if apart := current.apart():
        warn_apart(named(apart))
    if current.went_on and not current.arrivals:
        warn_last_piece(named(current.went_on))
    elif current.beside:
        warn_beside()
