"""The textbook experiments, each as data: what to learn from, with what, and what to see.

A new preset is one row of `PRESETS`; its page, its button and its tests need no change.
"""

from collections.abc import Mapping
from typing import Any

from lstm_viz.data.choice import DataChoice
from lstm_viz.data.windows import WindowSpec
from lstm_viz.experiments.preset import Preset
from lstm_viz.experiments.settings import Settings
from lstm_viz.words import N_

FORECASTS = N_("Forecasts")
LONG = N_("Long memory")
CLASSES = N_("Classification")
TEXT = N_("Text")
COURSE = ("sine", "adding", "race", "carousel", "characters")
"""The experiments that are taught first, in this order."""


def _series(name: str, window: int, **more: Any) -> DataChoice:
    return DataChoice("series", name, spec=WindowSpec(window=window, **more))


def _real(name: str, window: int, **more: Any) -> DataChoice:
    return DataChoice("real", name, spec=WindowSpec(window=window, **more))


def _task(name: str, **parameters: float) -> DataChoice:
    return DataChoice("task", name, parameters)


_NO_GATES = {"cell": "lstm_variant", "input_gate": False, "forget_gate": False}
_GATES_OF_1997 = {"cell": "lstm_variant", "forget_gate": False}

PRESETS: Mapping[str, Preset] = {
    "sine": Preset(
        N_("Sine, stacked LSTM"),
        N_("When does the forecast meet the true values?"),
        FORECASTS,
        _series("sine", 10),
        Settings.of(
            layers=2, hidden_size=50, learning_rate=1e-3, epochs=50, batch_size=32, clip_norm=0.0
        ),
    ),
    "noisy_cosine": Preset(
        N_("Noisy cosine, free-running RNN"),
        N_("Does it learn the wave or the noise?"),
        FORECASTS,
        _series("noisy_cosine", 30),
        Settings.of(
            cell="rnn_tanh",
            hidden_size=64,
            optimizer="sgd",
            learning_rate=0.01,
            epochs=1000,
            batch_size=8,
            clip_norm=0.0,
        ),
    ),
    "sunspots": Preset(
        N_("Sunspots"),
        N_("Does it beat the seasonal naive forecast?"),
        FORECASTS,
        _real("sunspots", 30),
        Settings.of(hidden_size=32, learning_rate=5e-3, epochs=150, patience=30),
        page="forecast",
    ),
    "co2": Preset(
        N_("CO₂ with gaps"),
        N_("The test set lies above the training range. Does the forecast follow?"),
        FORECASTS,
        _real("co2", 60),
        Settings.of(hidden_size=24, learning_rate=5e-3, epochs=20, batch_size=64, patience=8),
        page="forecast",
    ),
    "nile": Preset(
        N_("Nile flow"),
        N_("When does the validation loss rise?"),
        FORECASTS,
        _real("nile", 10),
        Settings.of(hidden_size=16, learning_rate=5e-3, epochs=300, batch_size=16, patience=60),
        page="forecast",
    ),
    "stocks": Preset(
        N_("Stock prices"),
        N_("Does it beat the naive forecast?"),
        FORECASTS,
        _real("stocks", 10),
        Settings.of(hidden_size=16, learning_rate=5e-3, epochs=200, batch_size=16, patience=50),
        page="forecast",
    ),
    "adding": Preset(
        N_("Adding problem"),
        N_("Which input gate opens at the marks only?"),
        LONG,
        _task("adding", length=50, count=3000),
        Settings.of(hidden_size=16, learning_rate=0.01, epochs=15),
    ),
    "copy_memory": Preset(
        N_("Copy memory"),
        N_("Which units carry the symbols through the blank?"),
        LONG,
        _task("copy_memory"),
        Settings.of(hidden_size=48, learning_rate=0.01, epochs=30),
    ),
    "temporal_order": Preset(
        N_("Temporal order"),
        N_("XX, XY, YX or YY, far apart?"),
        LONG,
        _task("temporal_order"),
        Settings.of(hidden_size=16, learning_rate=0.01, epochs=15),
    ),
    "two_sequence": Preset(
        N_("Two-sequence latch"),
        N_("Which units keep the class through the noise?"),
        LONG,
        _task("two_sequence"),
        Settings.of(hidden_size=8, learning_rate=0.01, forget_bias=3.0, epochs=10),
    ),
    "delayed_echo": Preset(
        N_("Delayed echo"),
        N_("How does the state hold several bits at once?"),
        LONG,
        _task("delayed_echo"),
        Settings.of(hidden_size=32, learning_rate=0.01, epochs=15),
    ),
    "parity": Preset(
        N_("Parity"),
        N_("Does the accuracy rise slowly or in a jump?"),
        LONG,
        _task("parity"),
        Settings.of(hidden_size=16, learning_rate=0.01, epochs=20),
    ),
    "anxbn": Preset(
        N_("Counting: aⁿXbⁿ"),
        N_("Which cell state counts every a, then every b?"),
        LONG,
        _task("anxbn"),
        Settings.of(hidden_size=8, learning_rate=0.01, epochs=15),
    ),
    "reber": Preset(
        N_("Continual embedded Reber grammar"),
        N_("Which units keep the second symbol, then forget it?"),
        LONG,
        _task("reber"),
        Settings.of(hidden_size=16, learning_rate=0.01, epochs=20),
    ),
    "carousel": Preset(
        N_("From the carousel to the GRU"),
        N_("How far back do the gradients of seven cells reach?"),
        LONG,
        _task("temporal_order", length=50, count=1500),
        Settings.of(hidden_size=8, learning_rate=0.02, epochs=15),
        variants={
            N_("Carousel alone: c = c + g"): {
                **_NO_GATES,
                "output_gate": False,
            },
            N_("With input and output gate (1997)"): _GATES_OF_1997,
            N_("With forget gate (2000)"): {"cell": "lstm_variant"},
            N_("With forget gate, bias 3"): {"cell": "lstm_variant", "forget_bias": 3.0},
            N_("With peepholes"): {"cell": "lstm_variant", "peepholes": True},
            N_("Coupled input and forget gate"): {"cell": "lstm_variant", "coupled": True},
            N_("GRU"): {"cell": "gru"},
        },
        page="compare",
    ),
    "race": Preset(
        N_("The race: RNN, LSTM and GRU"),
        N_("Which learns the order of two symbols far back?"),
        LONG,
        _task("temporal_order"),
        Settings.of(hidden_size=16, learning_rate=0.01, epochs=10),
        variants={
            N_("RNN (tanh)"): {"cell": "rnn_tanh"},
            "LSTM": {"cell": "lstm"},
            "GRU": {"cell": "gru"},
        },
        page="compare",
    ),
    "two_waveforms": Preset(
        N_("Which waveform?"),
        N_("Is a noisy wave a sine? Move the threshold."),
        CLASSES,
        _task("two_waveforms"),
        Settings.of(hidden_size=16, learning_rate=0.01, epochs=15),
        page="forecast",
    ),
    "first_symbol": Preset(
        N_("Which symbol came first?"),
        N_("Did X come before Y?"),
        CLASSES,
        _task("first_symbol"),
        Settings.of(hidden_size=16, learning_rate=0.01, epochs=15),
        page="forecast",
    ),
    "random_labels": Preset(
        N_("Random labels, memorised"),
        N_("Can be memorised, not learned: compare both losses."),
        CLASSES,
        _task("random_labels"),
        Settings.of(hidden_size=64, learning_rate=0.005, epochs=60),
    ),
    "characters": Preset(
        N_("Characters"),
        N_("It learns to write Python's own help."),
        TEXT,
        DataChoice("text", "topics", {"characters": 100_000}, spec=WindowSpec(window=50)),
        Settings.of(
            layers=2, hidden_size=128, dropout=0.2, learning_rate=5e-3, epochs=30, batch_size=32
        ),
        on_gpu={"hidden_size": 300},
    ),
}
"""Name -> experiment, in the order in which they are shown."""
