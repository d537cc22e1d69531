"""Which settings a cell takes, and which of its parts they need."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lstm_viz.errors import ConfigError
from lstm_viz.limits import Limit, Number, Switch
from lstm_viz.words import N_


@dataclass(frozen=True)
class Option:
    """One setting of a cell, and the switches without which it has no effect."""

    limit: Limit
    needs: tuple[tuple[str, ...], ...] = ()
    """Of each group of switches, one must be on."""
    without: tuple[str, ...] = ()
    """Switches that must be off."""


FORGET_BIAS = Number(1.0, -10.0, 10.0)
KEEPING = {
    "forget_bias": Option(FORGET_BIAS, without=("chrono",)),
    "chrono": Option(Switch(False)),
}
"""Of a cell that always has a forget gate: the sum of its two PyTorch bias vectors at the start, or
biases from time constants up to the sequence's length."""
VARIANT = {
    "input_gate": Option(Switch(True)),
    "forget_gate": Option(Switch(True)),
    "output_gate": Option(Switch(True)),
    "peepholes": Option(Switch(False), needs=(("input_gate", "forget_gate", "output_gate"),)),
    "coupled": Option(Switch(False), needs=(("input_gate",), ("forget_gate",))),
    "input_activation": Option(Switch(True)),
    "output_activation": Option(Switch(True)),
    "layer_norm": Option(Switch(False)),
    "zoneout": Option(Number(0.0, 0.0, 0.9)),
    "forget_bias": Option(FORGET_BIAS, needs=(("forget_gate",),), without=("chrono",)),
    "chrono": Option(Switch(False), needs=(("forget_gate",),)),
}
OPTIONS: Mapping[str, Mapping[str, Option]] = {
    "rnn_tanh": {},
    "rnn_relu": {},
    "lstm": KEEPING,
    "gru": {"chrono": Option(Switch(False))},
    "lstm_variant": VARIANT,
    "nested_lstm": KEEPING,
}
CELLS = tuple(OPTIONS)
ALL_OPTIONS: Mapping[str, Limit] = {
    name: option.limit for options in OPTIONS.values() for name, option in options.items()
}
"""Every setting that some cell takes."""


def options_of(kind: str, chosen: Mapping[str, Any]) -> dict[str, Limit]:
    """Setting -> limit, of those that have an effect on this cell beside the chosen ones.

    >>> list(options_of("lstm", {"chrono": True}))
    ['chrono']
    """
    if kind not in OPTIONS:
        raise ConfigError(
            N_("There is no cell called '{cell}'. Choose one of: {known}."),
            cell=kind,
            known=", ".join(OPTIONS),
        )
    return {
        name: option.limit
        for name, option in OPTIONS[kind].items()
        if not _missing(kind, chosen, option) and not _barring(kind, chosen, option)
    }


def refusal(kind: str, chosen: Mapping[str, Any], name: str) -> ConfigError:
    """Why a cell does not take a setting beside the chosen ones, and the way out."""
    option = OPTIONS[kind].get(name)
    if option is None:
        return ConfigError(
            N_("The cell '{cell}' takes no '{setting}'. It takes: {known}."),
            cell=kind,
            setting=name,
            known=", ".join(options_of(kind, {})) or "–",
        )
    missing = _missing(kind, chosen, option)
    if missing:
        return ConfigError(
            N_("Without '{needed}' the setting '{setting}' has no effect. Turn that on, or leave "
               "'{setting}' out."),
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
    return bool(chosen.get(name, OPTIONS[kind][name].limit.default))
