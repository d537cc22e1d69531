"""Every cell, and the LSTM variant with each of its parts and each pair of them."""

from collections.abc import Mapping
from itertools import combinations
from typing import Any

from lstm_viz.models.cells import CELLS

ONE_PART: list[dict[str, Any]] = [
    {"input_gate": False},
    {"forget_gate": False},
    {"output_gate": False},
    {"peepholes": True},
    {"coupled": True},
    {"input_activation": False},
    {"output_activation": False},
    {"layer_norm": True},
    {"zoneout": 0.3},
]
NO_GATES = {"input_gate": False, "forget_gate": False, "output_gate": False}


def _possible(parts: Mapping[str, Any]) -> bool:
    return not (parts.get("coupled") and parts.keys() & {"input_gate", "forget_gate"})


PAIRS = [one | other for one, other in combinations(ONE_PART, 2) if _possible(one | other)]
VARIANTS: list[dict[str, Any]] = [{}, *ONE_PART, *PAIRS, NO_GATES]
EVERY: list[tuple[str, dict[str, Any]]] = [
    *((kind, {}) for kind in CELLS if kind != "lstm_variant"),
    *(("lstm_variant", parts) for parts in VARIANTS),
]
"""(kind, options)."""


def said(value: object) -> str:
    """A test's name."""
    return ",".join(value) or "plain" if isinstance(value, dict) else str(value)
