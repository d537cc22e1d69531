"""What the numbers of a layer may be that a program gives: whole ones, and shares."""

from numbers import Integral, Real

from lstm_viz.errors import ConfigError
from lstm_viz.words import N_


def check_count(name: str, count: object, least: int) -> None:
    """Raise ConfigError for what is no whole number of at least `least`."""
    if isinstance(count, bool) or not isinstance(count, Integral) or count < least:
        raise ConfigError(
            N_("The '{name}' of a layer must be a whole number of at least {least}, got {got!r}."),
            name=name,
            least=least,
            got=count,
        )


def check_share(name: str, share: object) -> None:
    """Raise ConfigError for what is no number of at least 0 and below 1."""
    if isinstance(share, bool) or not isinstance(share, Real) or not 0 <= float(share) < 1:
        raise ConfigError(
            N_("The '{name}' of a layer must be at least 0 and below 1, got {got!r}."),
            name=name,
            got=share,
        )
