"""The knobs of untrained networks, as links hold them: what each may be."""

from collections.abc import Mapping
from typing import Any

from lstm_viz.errors import LstmVizError
from lstm_viz.limits import Choice, Limit, Number, Whole

STARTS = ("default", "orthogonal", "identity", "chrono")
KNOBS: Mapping[str, Limit] = {
    "bias": Number(0.0, -3.0, 8.0),
    "radius": Number(None, 0.1, 2.0),
    "scale": Number(1.0, 0.1, 4.0),
    "length": Whole(100, 10, 300),
    "start": Choice("default", STARTS),
    "nonlinearity": Choice("tanh", ("tanh", "relu")),
}
"""b_f of the LSTM; the spectral radius of each block of W_hh (None: as it starts); the factor of
all other weights and biases; T; the initialisation; of the RNN."""
START: Mapping[str, Any] = {name: limit.default for name, limit in KNOBS.items()}


def turned(values: Mapping[str, Any]) -> dict[str, Any]:
    """The knobs that are not where they start, each within its limits; what is not is left out.

    >>> turned({"bias": 5, "length": 100, "scale": "x", "radius": None, "wormholes": 2})
    {'bias': 5.0}
    """
    found: dict[str, Any] = {}
    for name, limit in KNOBS.items():
        try:
            value = limit.check(name, values.get(name, limit.default))
        except LstmVizError:
            continue
        if value != limit.default:
            found[name] = value
    return found
