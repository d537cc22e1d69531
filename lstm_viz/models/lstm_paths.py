"""The LSTM family's step, term by term, and the paths of its gradient.

With every part on: c_t = f_t c_{t-1} + i_t g_t, h_t = o_t tanh(c_t), and backward
dL/dc_t = f_{t+1} dL/dc_{t+1} + o_t (1 - tanh²(c_t)) dL/dh_t (Greff et al. 2017, section II).
"""

from collections.abc import Mapping

import numpy as np

from lstm_viz.models.cell import Array
from lstm_viz.models.dissection import Blocks, OpenLayer, next_step, product_since, terms
from lstm_viz.models.lstm_parts import Parts


def step_of(
    gates: Blocks, c_before: Array, parts: Parts, layer: OpenLayer | None = None
) -> dict[str, Array]:
    """What flows through a step whose gates are known. A gate that is off is 1, or 1 - f.

    Zoneout comes after it: `c_new` and `h_new` are what it mixes with the old states.
    """
    ones = np.ones_like(c_before)
    f = gates.get("forget", ones)
    i = 1.0 - f if parts.coupled else gates.get("input", ones)
    o, g = gates.get("output", ones), gates["candidate"]
    kept, added = f * c_before, i * g
    c_new = kept + added
    shown = c_new if layer is None else layer.shown_cell(c_new)
    tanh_c = np.tanh(shown) if parts.output_activation else shown
    return {
        "c_before": c_before,
        "forget": f,
        "kept": kept,
        "input": i,
        "candidate": g,
        "added": added,
        "c_new": c_new,
        "shown": shown,
        "tanh_c": tanh_c,
        "output": o,
        "h_new": o * tanh_c,
    }


def lstm_forward(layer: OpenLayer, parts: Parts) -> dict[str, Array]:
    """Name -> (T, H): what flows through each step, and the terms of every pre-activation."""
    measured = layer.measured
    steps = step_of(measured.gates, measured.before["cell"], parts, layer)
    steps |= {
        "h_before": measured.before["hidden"],
        "c": measured.states["cell"],
        "h": measured.states["hidden"],
    }
    for gate in measured.gates:
        steps |= terms(layer, gate)
        peephole = layer.weights.get(f"peephole_{gate}")
        if peephole is not None:  # an output gate's sees the new c
            seen = steps["c_new" if gate == "output" else "c_before"]
            steps[f"{gate}.p"] = peephole * seen
            steps[f"{gate}.a"] = steps[f"{gate}.a"] + steps[f"{gate}.p"]
    return steps


def lstm_backward(
    layer: OpenLayer,
    steps: Mapping[str, Array],
    direct: Array,
    dc_n: Array | None,
    parts: Parts,
    factor: Array,
) -> dict[str, Array]:
    """Name -> (T, H). `dc` is the gradient at the c that h_t is made of, `factor` what c_t keeps.

    `carry_in` comes from the next step: along the path of c, and through the peepholes of its
    input and forget gate; `from_later` is what of it reaches `dc`.
    """
    measured, keep = layer.measured, parts.zoneout
    da, dh, dc_state = measured.grad_gates, measured.grad["hidden"], measured.grad["cell"]
    f, i, o, g = (steps[gate] for gate in ("forget", "input", "output", "candidate"))
    c_before, tanh_c = steps["c_before"], steps["tanh_c"]
    slope = 1.0 - tanh_c**2 if parts.output_activation else np.ones_like(f)
    dh_new = (1.0 - keep) * dh
    d_shown = dh_new * o * slope
    via_h = layer.through_shown_cell(steps["c_new"], d_shown)
    peep_here = _through_peepholes(layer, "output")
    peep_back = _through_peepholes(layer, "input", "forget")
    # With zoneout the state that goes on is a mixture, and h_t is made of what was before it.
    dc = dc_state if not keep else (1.0 - keep) * dc_state + via_h + peep_here
    carry = dc * f
    belt_back = carry + keep * dc_state
    carry_in = next_step(belt_back + peep_back, dc_n)
    back = layer.to_hidden(da)
    gates_back = np.asarray(sum(back.values()))
    return {
        "direct": direct,
        "later": next_step(gates_back + keep * dh),
        "dh": dh,
        "dh_new": dh_new,
        "d.output": dh_new * tanh_c,
        "d.tanh_c": dh_new * o,
        "slope.tanh_c": slope,
        "d.shown": d_shown,
        "via_h": via_h,
        "peep_here": peep_here,
        "dc": dc,
        "dc_state": dc_state,
        "carry_in": carry_in,
        "from_later": (1.0 - keep) * carry_in,
        "carry": carry,
        "belt_back": belt_back,
        "peep_back": peep_back,
        "d.forget": dc * (c_before - g if parts.coupled else c_before),
        "d.input": dc * g,
        "d.candidate": dc * i,
        **{f"slope.{gate}": _slope(gate, steps[gate], parts) for gate in da},
        **{f"da.{gate}": values for gate, values in da.items()},
        **{f"back.{gate}": values for gate, values in back.items()},
        "gates_back": gates_back,
        "skip_h": keep * dh,
        "back": gates_back + keep * dh,
        "factor": factor,
        "gain": product_since(factor),
    }


def _through_peepholes(layer: OpenLayer, *gates: str) -> Array:
    """What these gates' peepholes send to the c that they look at."""
    sent = np.zeros_like(layer.measured.states["cell"])
    for gate in gates:
        peephole = layer.weights.get(f"peephole_{gate}")
        if peephole is not None:
            sent = sent + peephole * layer.measured.grad_gates[gate]
    return sent


def _slope(gate: str, y: Array, parts: Parts) -> Array:
    """σ' = y (1 - y), tanh' = 1 - y², and 1 of a linear candidate."""
    if gate != "candidate":
        return y * (1.0 - y)
    return 1.0 - y * y if parts.input_activation else np.ones_like(y)
