"""Which settings a cell takes, and which of its parts they need."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any

from lstm_viz.errors import ConfigError
from lstm_viz.limits import Limit
from lstm_viz.models.cells import CELLS, cell_of
from lstm_viz.models.options import Option
from lstm_viz.words import N_

ALL_OPTIONS: Mapping[str, Limit] = {
    name: option.limit for spec in CELLS.values() for name, option in spec.options.items()
}
"""Every setting that some cell takes."""


def parts_of(kind: str) -> dict[str, Option]:
    """The settings that change what a cell is, not how its weights start.

    >>> parts_of("lstm"), list(parts_of("lstm_variant"))[:2]
    ({}, ['input_gate', 'forget_gate'])
    """
    options = cell_of(kind).options
    return {name: option for name, option in options.items() if not option.starts}


def options_of(kind: str, chosen: Mapping[str, Any]) -> dict[str, Limit]:
    """Setting -> limit, of those that have an effect on this cell beside the chosen ones.

    >>> list(options_of("lstm", {"chrono": True}))
    ['chrono']
    """
    return {
        name: option.limit
        for name, option in cell_of(kind).options.items()
        if not _missing(kind, chosen, option) and not _barring(kind, chosen, option)
    }


def misspelt(name: str, known: Collection[str]) -> ConfigError | None:
    """The error for a setting that there is under a name much like this one, or that begins a word
    of some.

    >>> print(misspelt("clip", ["clip_norm", "clip_value", "epochs"]))
    There is no setting 'clip'. Did you mean one of clip_norm, clip_value?
    """
    if name in known:
        return None
    meant = get_close_matches(name, known, 1, 0.75) or [
        each for each in known if len(name) > 2 and f"_{name}" in f"_{each}"
    ]
    if len(meant) > 1:
        return ConfigError(
            N_("There is no setting '{setting}'. Did you mean one of {meant}?"),
            setting=name,
            meant=", ".join(meant),
        )
    return (
        ConfigError(
            N_("There is no setting '{setting}'. Did you mean '{meant}'?"),
            setting=name,
            meant=meant[0],
        )
        if meant
        else None
    )


def refusal(kind: str, chosen: Mapping[str, Any], name: str) -> ConfigError:
    """Why a cell does not take a setting beside the chosen ones, and the way out."""
    option = cell_of(kind).options.get(name)
    known = ", ".join(options_of(kind, {}))
    if option is None and not known:
        return ConfigError(
            N_("The cell '{cell}' takes no '{setting}': leave it out."),
            cell=kind,
            setting=name,
        )
    if option is None:
        return ConfigError(
            N_("The cell '{cell}' takes no '{setting}'. It takes: {known}."),
            cell=kind,
            setting=name,
            known=known,
        )
    missing = _missing(kind, chosen, option)
    if missing:
        return ConfigError(
            N_("Without '{needed}' the setting '{setting}' has no effect. Turn that on, or leave "
               "this out."),
            setting=name,
            needed=" | ".join(missing[0]),
        )  # fmt: skip
    return ConfigError(
        N_("Beside '{other}' the setting '{setting}' has no effect. Leave one of them out."),
        setting=name,
        other=_barring(kind, chosen, option)[0],
    )


def _missing(kind: str, chosen: Mapping[str, Any], option: Option) -> list[tuple[str, ...]]:
    """The groups of switches of which none is on."""
    return [each for each in option.needs if not any(_is_on(kind, chosen, name) for name in each)]


def _barring(kind: str, chosen: Mapping[str, Any], option: Option) -> list[str]:
    return [name for name in option.without if _is_on(kind, chosen, name)]


def _is_on(kind: str, chosen: Mapping[str, Any], name: str) -> bool:
    return bool(chosen.get(name, cell_of(kind).options[name].limit.default))
