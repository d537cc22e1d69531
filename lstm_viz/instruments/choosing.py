"""Which layer of a model, and which sample of a batch, an instrument is asked about."""

from collections.abc import Mapping, Sequence
from numbers import Integral

from lstm_viz.errors import ConfigError
from lstm_viz.instruments.layer_pass import LayerPass
from lstm_viz.instruments.recording import Recording
from lstm_viz.words import N_

Passes = Sequence[tuple[Recording, Mapping[str, LayerPass]]]


def chosen(passes: Passes, layer: object) -> tuple[str, tuple[Recording, LayerPass]]:
    """(name, (what was recorded, its pass)) of a layer; of the last forward one for None.

    Raises ConfigError for a name that `trace` does not give.
    """
    found = {name: (recording, each) for recording, of in passes for name, each in of.items()}
    if layer is None:
        layer = next(name for name in reversed(found) if not name.endswith("_reverse"))
    if not isinstance(layer, str) or layer not in found:
        raise no_layer(layer, found)
    return layer, found[layer]


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
