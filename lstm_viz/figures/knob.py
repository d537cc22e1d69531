"""What the component of the knobs is given: what each may be, words, colours, thresholds."""

from collections.abc import Mapping
from typing import Any

from lstm_viz.experiments.knobs import KNOBS, START, STARTS
from lstm_viz.figures.palette import CATEGORIES, THEMES
from lstm_viz.figures.rows import FLOAT32_FLOOR
from lstm_viz.limits import Number
from lstm_viz.measures.gradient_flow import EXPLODED, FEWEST_TO_CUT, UNDIMINISHED, VANISHED
from lstm_viz.words import N_, _

NAMES = {"rnn": "RNN", "lstm": "LSTM", "gru": "GRU"}
STEPS = {"bias": 0.25, "radius": 0.01, "scale": 0.1, "length": 1}
"""How far a slider moves at once."""
VERDICTS = {
    "zero": N_("{name}: exactly 0 arrives from {zero} steps back on."),
    "vanishes": N_("{name}: {share} arrives {steps} steps back: it vanishes."),
    "cut": N_("{name}: {share} arrives {steps} steps back."),
    "less": N_("{name}: {share} arrives {steps} steps back."),
    "nearly": N_("{name}: {share} arrives {steps} steps back, nearly undiminished."),
    "undiminished": N_("{name}: arrives undiminished {steps} steps back."),
    "more": N_("{name}: {share} times as large {steps} steps back."),
    "explodes": N_("{name}: {share} times as large {steps} steps back: it explodes."),
}
"""Verdict -> sentence, as `assets/components/knob/says.js` finds it."""
LABELS = {
    "bias": N_("Forget bias of the LSTM"),
    "radius": N_("Spectral radius ρ of W_hh"),
    "scale": N_("Weight scale"),
    "length": N_("Sequence length T"),
    "start": N_("Initialisation"),
    "nonlinearity": N_("RNN nonlinearity"),
}
STARTS_IN_WORDS = {
    "default": N_("default"),
    "orthogonal": N_("orthogonal"),
    "identity": N_("identity"),
    "chrono": N_("chrono"),
}
WORDS = {
    "x": N_("steps back from the last one, where the gradient enters"),
    "y": N_("share of the gradient that arrives"),
    "thousandth": N_("a thousandth"),
    "floor": N_("smallest float32 number"),
    "zero": N_("exactly 0"),
    "reset": N_("Reset the knobs"),
    "free": N_("as initialised"),
    "chrono": N_("set by chrono"),
}


def knob_view(knobs: Mapping[str, Any], *, named: bool) -> dict[str, Any]:
    """As the component reads it. `knobs` are those that were turned; `named` is whether a link
    names them, so that the page goes there.
    """
    sliders = {
        name: {"low": limit.low, "high": limit.high, "step": STEPS[name]}
        for name, limit in KNOBS.items()
        if isinstance(limit, Number)
    }
    return {
        "knobs": {**START, **knobs},
        "start": dict(START),
        "named": named,
        "sliders": sliders,
        "starts": {name: _(STARTS_IN_WORDS[name]) for name in STARTS},
        "names": NAMES,
        "colours": {theme: dict(zip(NAMES, CATEGORIES[theme], strict=False)) for theme in THEMES},
        "labels": {name: _(label) for name, label in LABELS.items()},
        "words": {name: _(word) for name, word in WORDS.items()},
        "verdicts": {name: _(sentence) for name, sentence in VERDICTS.items()},
        "floor": FLOAT32_FLOOR,
        "thresholds": {
            "vanished": VANISHED,
            "exploded": EXPLODED,
            "undiminished": UNDIMINISHED,
            "fewest": FEWEST_TO_CUT,
        },
    }
