"""Which layer of a model, and which sample of a batch, an instrument is asked about."""

from collections.abc import Mapping, Sequence
from numbers import Integral

from torch import nn

from lstm_viz.errors import ConfigError
from lstm_viz.instruments.isolation import uncompiled
from lstm_viz.instruments.layer_pass import LayerPass
from lstm_viz.instruments.own_layer import OwnLayer
from lstm_viz.instruments.readable import Whole, recurrent_layers
from lstm_viz.instruments.recording import Recording, names_of
from lstm_viz.instruments.refusals import not_one_length, of_ones_own, piece_by_piece
from lstm_viz.measures.packed import is_reverse
from lstm_viz.words import N_

Passes = Sequence[tuple[Recording, Mapping[str, LayerPass]]]


def chosen(passes: Passes, layer: object) -> tuple[str, tuple[Recording, LayerPass]]:
    """(name, (what was recorded, its pass)) of a layer; for None of the last forward one, or of
    the last one where all are reverse.

    Raises ConfigError for a name that `trace` does not give.
    """
    found = {name: (recording, each) for recording, of in passes for name, each in of.items()}
    name = known_name(layer, found)
    check_readable(name, found[name][0])
    return name, found[name]


def check_readable(name: str, recording: Recording) -> None:
    """Raises UnsupportedModelError for what is no one call on samples of one length, or has no
    state of one size.
    """
    if isinstance(recording.unrolled, OwnLayer):
        raise of_ones_own(name)
    if recording.calls > 1:
        raise piece_by_piece(name)
    if recording.packing is not None and len(set(recording.packing.lengths)) > 1:
        raise not_one_length(name)


def known_name(layer: object, known: Mapping[str, object]) -> str:
    """The same of the names alone."""
    if not known:
        raise ConfigError(N_("The trace holds no layer. Give one that does."))
    if layer is None:
        return ([name for name in known if not is_reverse(name)] or [*known])[-1]
    if not isinstance(layer, str) or layer not in known:
        raise no_layer(layer, known)
    return layer


def named_layers(model: nn.Module) -> dict[str, tuple[str, Whole, int]]:
    """Name -> (path, module, number of the run in it), without running the model."""
    return {
        name: (path, layer, run)
        for path, layer in recurrent_layers(uncompiled(model)).items()
        for run, name in enumerate(
            names_of(path, layer.num_layers, bidirectional=layer.bidirectional)
        )
    }


def no_layer(layer: object, known: Mapping[str, object]) -> ConfigError:
    """The error for a name that no layer has."""
    return ConfigError(
        N_("The model has no layer called '{layer}'. It has: {known}."),
        layer=layer,
        known=", ".join(known),
    )


def check_sample(sample: object, samples: int) -> int:
    """The number of a sample. Raises ConfigError where the batch has not so many."""
    whole = isinstance(sample, Integral) and not isinstance(sample, bool)
    if not whole or not -samples <= int(sample) < samples:  # type: ignore[call-overload]
        raise ConfigError(
            N_("The 'sample' must be a whole number between {first} and {last}, got {got!r}."),
            first=-samples,
            last=samples - 1,
            got=sample,
        )
    return int(sample) % samples  # type: ignore[call-overload,no-any-return]
