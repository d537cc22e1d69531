"""The LSTM family's step, term by term, and the paths of its gradient.

With every part on: c_t = f_t c_{t-1} + i_t g_t, h_t = o_t tanh(c_t), and backward
dL/dc_t = f_{t+1} dL/dc_{t+1} + o_t (1 - tanh²(c_t)) dL/dh_t (Greff et al. 2017, section II).
"""

from collections.abc import Mapping

import numpy as np

from lstm_viz.instruments.anatomy import Array
from lstm_viz.instruments.level import Level

PARTS = ("peepholes", "coupled", "input_activation", "output_activation", "layer_norm", "zoneout")
"""The settings of a variant beside its gates."""


def lstm_forward(level: Level) -> dict[str, Array]:
    """Name -> (T, H); a gate that is off is 1, a coupled one 1 - f."""
    assert level.cell is not None and level.cell_before is not None
    layer, c_before, ones = level.unrolled, level.cell_before, np.ones_like(level.cell)
    f = level.gates.get("forget", ones)
    i = 1.0 - f if layer is not None and layer.coupled else level.gates.get("input", ones)
    o, g = level.gates.get("output", ones), level.gates["candidate"]
    kept, added = f * c_before, i * g
    c_new = kept + added
    shown = level.normalise(c_new, ones)[0] if level.normalise else c_new
    tanh_c = shown if layer is not None and not layer.output_activation else np.tanh(shown)
    steps = {
        "h_before": level.before,
        "c_before": c_before,
        "forget": f,
        "kept": kept,
        "input": i,
        "candidate": g,
        "added": added,
        "c_new": c_new,
        "c": level.cell,
        "shown": shown,
        "tanh_c": tanh_c,
        "output": o,
        "h_new": o * tanh_c,
        "h": level.hidden,
    }
    for gate in level.gates:
        steps |= _terms(level, gate, c_new if gate == "output" else c_before)
    return steps


def _terms(level: Level, gate: str, seen: Array) -> dict[str, Array]:
    """The terms of a pre-activation; `seen` is the c that its peephole looks at."""
    terms = {"x": level.from_x[gate], "u": level.from_h[gate], "b": level.bias[gate]}
    if gate in level.peepholes:
        terms["p"] = level.peepholes[gate] * seen
    terms["a"] = np.asarray(sum(terms.values()))
    if level.raw is not None:
        terms["x_raw"], terms["u_raw"] = level.raw[0][gate], level.raw[1][gate]
    return {f"{gate}.{term}": values for term, values in terms.items()}


def lstm_backward(
    level: Level, steps: Mapping[str, Array], direct: Array, dc_n: Array | None
) -> dict[str, Array]:
    """Name -> (T, H). `dc` is the gradient at the c that h_t is made of."""
    assert level.grad_hidden is not None and level.grad_cell is not None and dc_n is not None
    layer, da = level.unrolled, level.grad_gates
    keep = 0.0 if layer is None else layer.zoneout
    f, i, o, g = (steps[gate] for gate in ("forget", "input", "output", "candidate"))
    linear = layer is not None and not layer.output_activation
    slope = np.ones_like(f) if linear else 1.0 - steps["tanh_c"] ** 2
    dh, dc_state = level.grad_hidden, level.grad_cell
    dh_new = (1.0 - keep) * dh
    d_shown = dh_new * o * slope
    via_h = level.normalise(steps["c_new"], d_shown)[1] if level.normalise else d_shown
    peep_here = _peephole(level, "output")
    # With zoneout the state that goes on is a mixture, and h_t is made of what was before it.
    dc = dc_state if not keep else (1.0 - keep) * dc_state + via_h + peep_here
    peep_back = _peephole(level, "input") + _peephole(level, "forget")
    carry = dc * f
    back = level.back(da)
    gates_back = np.asarray(sum(back.values()))
    factor = keep + (1.0 - keep) * f
    return {
        "direct": direct,
        "later": later(gates_back + keep * dh),
        "dh": dh,
        "dh_new": dh_new,
        "d.output": dh_new * steps["tanh_c"],
        "d.tanh_c": dh_new * o,
        "slope.tanh_c": slope,
        "via_h": via_h,
        "peep_here": peep_here,
        "dc": dc,
        "dc_state": dc_state,
        "carry_in": later(carry + keep * dc_state + peep_back, dc_n),
        "carry": carry,
        "peep_back": peep_back,
        "d.forget": dc * (steps["c_before"] - g if layer and layer.coupled else steps["c_before"]),
        "d.input": dc * g,
        "d.candidate": dc * i,
        **{f"slope.{gate}": _slope(level, gate, steps[gate]) for gate in da},
        **{f"da.{gate}": values for gate, values in da.items()},
        **{f"back.{gate}": values for gate, values in back.items()},
        "back": gates_back + keep * dh,
        "factor": factor,
        "left": left(factor),
    }


def _peephole(level: Level, gate: str) -> Array:
    """What a gate's peephole sends to the c it looked at."""
    if gate not in level.peepholes:
        return np.zeros_like(level.hidden)
    return level.peepholes[gate] * level.grad_gates[gate]


def _slope(level: Level, gate: str, y: Array) -> Array:
    if gate != "candidate":
        return y * (1.0 - y)
    linear = level.unrolled is not None and not level.unrolled.input_activation
    return np.ones_like(y) if linear else 1.0 - y * y


def later(sent: Array, last: Array | None = None) -> Array:
    """What arrives at t is what step t + 1 sent back; at the last step, what is outside sends."""
    return np.concatenate((sent[1:], np.zeros_like(sent[:1]) if last is None else last[None]))


def left(factor: Array) -> Array:
    """The product of the factors of all later steps: what is left of 1 at the last step."""
    products = np.asarray(np.cumprod(factor[::-1], axis=0)[::-1], np.float64)
    return later(products, np.ones_like(factor[0]))
