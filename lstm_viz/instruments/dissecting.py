"""Take a step of a recurrent layer apart: each term of each sum, and each path of the gradient.

Nothing is worked out twice: the gates, the states and their total derivatives are those of
`trace`; here are the terms they are sums of.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from torch import nn

from lstm_viz.errors import ConfigError, UnsupportedModelError
from lstm_viz.instruments.anatomy import Anatomy, Array
from lstm_viz.instruments.isolation import LossFunction
from lstm_viz.instruments.level import NEW, Level, direct_part, last_cell_gradient, level_of
from lstm_viz.instruments.lstm_paths import PARTS, later, left, lstm_backward, lstm_forward
from lstm_viz.instruments.trace import recorded
from lstm_viz.models.lstm_variant import LSTMVariant
from lstm_viz.words import N_


def dissect(
    model: nn.Module,
    x: Any,
    *,
    layer: str,
    loss_fn: LossFunction | None = None,
    targets: Any = None,
) -> Anatomy:
    """What each step of one layer is made of, for the one sample of x (1, T, D).

    `layer` is a name that `trace` gives. The terms of every pre-activation sum to it, and the
    paths of the gradient to the total derivatives of `trace`. Raises ConfigError for an unknown
    layer, UnsupportedModelError for a nested LSTM and for what `trace` cannot trace.

    >>> lstm = nn.LSTM(1, 4, batch_first=True)
    >>> step = dissect(lstm, torch.rand(1, 9, 1), layer="l0").forward
    >>> a = step["forget.x"] + step["forget.u"] + step["forget.b"]
    >>> bool(np.allclose(1 / (1 + np.exp(-a)), step["forget"]))
    True
    """
    passes = recorded(model, x, loss_fn=loss_fn, targets=targets, dtype=torch.float64)
    found = next((each for each in passes if layer in each[1]), None)
    if found is None:
        raise ConfigError(
            N_("The model has no layer called '{layer}'. It has: {known}."),
            layer=layer,
            known=", ".join(name for _, traces in passes for name in traces),
        )
    recording, traces = found
    if recording.kind not in DISSECTIONS:
        raise UnsupportedModelError(
            N_("A nested LSTM holds a second LSTM in the place of its memory, which the diagram "
               "of a cell does not show. Its gates and states are on the pages beside this one.")
        )  # fmt: skip
    forward, backward = DISSECTIONS[recording.kind]
    with torch.no_grad(), np.errstate(over="ignore", invalid="ignore"):
        level = level_of(recording, traces, layer)
        steps = forward(level)
        back: Mapping[str, Array] = {}
        if loss_fn is not None:
            # Outside of the LSTM family there is no c_n.
            dc_n = last_cell_gradient(recording, layer) if level.cell is not None else None
            back = backward(level, steps, direct_part(recording, traces, layer), dc_n)
    H = level.hidden.shape[1]
    return Anatomy(
        kind=recording.kind,
        forward=steps,
        backward=back,
        input=level.x,
        units=np.arange(H),
        hidden_size=H,
        parts=_parts(recording.unrolled),
        reverse=layer.endswith("_reverse"),
    )


def _parts(layer: Any) -> dict[str, float]:
    """What of an LSTM variant is on; nothing for a cell that is not of parts."""
    if not isinstance(layer, LSTMVariant):
        return {}
    gates = {f"{gate}_gate": float(gate in layer.gates) for gate in ("input", "forget", "output")}
    return gates | {part: float(getattr(layer, part)) for part in PARTS}


def _rnn_forward(level: Level) -> dict[str, Array]:
    x, u, b = level.from_x[NEW], level.from_h[NEW], level.bias[NEW]
    return {
        "h_before": level.before,
        "new.x": x,
        "new.u": u,
        "new.b": b,
        "new.a": x + u + b,
        "h": level.hidden,
    }


def _rnn_backward(
    level: Level, steps: Mapping[str, Array], direct: Array, _dc_n: Array | None
) -> dict[str, Array]:
    assert level.grad_hidden is not None
    da, h = level.grad_gates[NEW], steps["h"]
    slope = 1.0 - h * h if level.kind == "rnn_tanh" else (h > 0.0).astype(np.float64)
    back = level.back({NEW: da})[NEW]
    factor = slope * level.own_weight
    return {
        "direct": direct,
        "later": later(back),
        "dh": level.grad_hidden,
        "slope.new": slope,
        "da.new": da,
        "back": back,
        "factor": factor,
        "left": left(factor),
    }


def _gru_forward(level: Level) -> dict[str, Array]:
    r, z, n = (level.gates[gate] for gate in ("reset", "update", "candidate"))
    steps = {"h_before": level.before, "reset": r, "update": z, "candidate": n}
    for gate in ("reset", "update", "candidate"):
        for term, values in (("x", level.from_x), ("u", level.from_h), ("b", level.bias)):
            steps[f"{gate}.{term}"] = values[gate]
    for gate in ("reset", "update"):
        steps[f"{gate}.a"] = np.sum([steps[f"{gate}.{term}"] for term in "xub"], axis=0)
    heard = r * steps["candidate.u"]
    return steps | {
        "heard": heard,
        "candidate.a": steps["candidate.x"] + steps["candidate.b"] + heard,
        "fresh": 1.0 - z,
        "kept": z * level.before,
        "added": (1.0 - z) * n,
        "h": level.hidden,
    }


def _gru_backward(
    level: Level, steps: Mapping[str, Array], direct: Array, _dc_n: Array | None
) -> dict[str, Array]:
    assert level.grad_hidden is not None
    r, z, n = steps["reset"], steps["update"], steps["candidate"]
    dh, da = level.grad_hidden, level.grad_gates
    through = {**da, "candidate": da["candidate"] * r}  # U_n h_{t-1} passes r_t first
    back = level.back(through)
    carry = dh * z
    whole = carry + sum(back.values())
    return {
        "direct": direct,
        "carry_in": later(carry),
        "later": later(whole),
        "dh": dh,
        "carry": carry,
        "d.update": dh * (level.before - n),
        "d.kept_gate": dh * level.before,
        "d.fresh": dh * n,
        "d.candidate": dh * (1.0 - z),
        "d.heard": da["candidate"],
        "d.reset": da["candidate"] * steps["candidate.u"],
        "d.u": through["candidate"],
        **{f"da.{gate}": da[gate] for gate in da},
        **{f"slope.{gate}": steps[gate] * (1.0 - steps[gate]) for gate in ("reset", "update")},
        "slope.candidate": 1.0 - n * n,
        **{f"back.{gate}": values for gate, values in back.items()},
        "gates_back": np.asarray(sum(back.values())),
        "back": whole,
        "factor": z,
        "left": left(z),
    }


Forward = Callable[[Level], dict[str, Array]]
Backward = Callable[[Level, Mapping[str, Array], Array, Array | None], dict[str, Array]]
DISSECTIONS: Mapping[str, tuple[Forward, Backward]] = {
    "rnn_tanh": (_rnn_forward, _rnn_backward),
    "rnn_relu": (_rnn_forward, _rnn_backward),
    "gru": (_gru_forward, _gru_backward),
    "lstm": (lstm_forward, lstm_backward),
    "lstm_variant": (lstm_forward, lstm_backward),
}
"""Kind -> how its steps are taken apart, forward and backward."""
