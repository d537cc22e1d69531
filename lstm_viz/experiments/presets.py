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
        N_(
            "1,000 points of a sine, two layers of 50 units, windows of 10. Watch the forecast "
            "settle on the truth within a few epochs, and both layers' states swing with the wave."
        ),
        FORECASTS,
        _series("sine", 10),
        Settings.of(
            layers=2, hidden_size=50, learning_rate=1e-3, epochs=50, batch_size=32, clip_norm=0.0
        ),
    ),
    "noisy_cosine": Preset(
        N_("Noisy cosine, free-running RNN"),
        N_(
            "120 noisy points of a cosine. Every hundred epochs the network forecasts from its own "
            "forecasts: first a flat line, then a wave. Does it learn wave or noise? Switch "
            "to an LSTM, to relu or to two layers."
        ),
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
        N_(
            "Yearly sunspot numbers. The cycle of about eleven years is easy, the height of each "
            "peak is not. On the Forecast page, see whether the network beats the naive forecasts."
        ),
        FORECASTS,
        _real("sunspots", 30),
        Settings.of(hidden_size=32, learning_rate=5e-3, epochs=150, patience=30),
        page="forecast",
    ),
    "co2": Preset(
        N_("CO₂ with gaps"),
        N_(
            "Weekly CO₂ at Mauna Loa, with missing values. It rises out of the range that training "
            "saw: watch the forecast fall behind on the test part."
        ),
        FORECASTS,
        _real("co2", 60),
        Settings.of(hidden_size=24, learning_rate=5e-3, epochs=20, batch_size=64, patience=8),
        page="forecast",
    ),
    "nile": Preset(
        N_("Nile flow"),
        N_(
            "A hundred years of the Nile. So little data and so little pattern: the network "
            "memorises, and early stopping ends it. By how much does it beat the last value?"
        ),
        FORECASTS,
        _real("nile", 10),
        Settings.of(hidden_size=16, learning_rate=5e-3, epochs=300, batch_size=16, patience=60),
        page="forecast",
    ),
    "stocks": Preset(
        N_("Stock prices"),
        N_(
            "Two years of weekly prices, and at their end higher ones than training ever saw. "
            "Repeating the last value is hard to beat: by how much is the network worse?"
        ),
        FORECASTS,
        _real("stocks", 10),
        Settings.of(hidden_size=16, learning_rate=5e-3, epochs=200, batch_size=16, patience=50),
        page="forecast",
    ),
    "adding": Preset(
        N_("Adding problem"),
        N_(
            "Remember two marked values of fifty and add them. Watch a unit's input gate open at "
            "the marks, and its cell state become a stair."
        ),
        LONG,
        _task("adding", length=50, count=3000),
        Settings.of(hidden_size=16, learning_rate=0.01, epochs=15),
    ),
    "copy_memory": Preset(
        N_("Copy memory"),
        N_(
            "Read symbols, wait, and say them again. Watch which units carry them through the "
            "blank, and the accuracy rise from chance."
        ),
        LONG,
        _task("copy_memory"),
        Settings.of(hidden_size=48, learning_rate=0.01, epochs=30),
    ),
    "temporal_order": Preset(
        N_("Temporal order"),
        N_(
            "Two symbols among distractors: which came first? Their order lies far back, and a "
            "plain RNN stays at chance where the LSTM answers every time."
        ),
        LONG,
        _task("temporal_order"),
        Settings.of(hidden_size=16, learning_rate=0.01, epochs=15),
    ),
    "two_sequence": Preset(
        N_("Two-sequence latch"),
        N_(
            "The first few values tell the class, and noise follows. Watch the state latch at the "
            "beginning and hold against the noise."
        ),
        LONG,
        _task("two_sequence"),
        Settings.of(hidden_size=8, learning_rate=0.01, forget_bias=3.0, epochs=10),
    ),
    "delayed_echo": Preset(
        N_("Delayed echo"),
        N_(
            "Say each bit again some steps later: the state has to hold several bits at once, "
            "like a conveyor belt."
        ),
        LONG,
        _task("delayed_echo"),
        Settings.of(hidden_size=32, learning_rate=0.01, epochs=15),
    ),
    "parity": Preset(
        N_("Parity"),
        N_(
            "Is the number of ones odd? One flipped bit flips the answer, so nothing is learned "
            "for a while, and then everything at once."
        ),
        LONG,
        _task("parity"),
        Settings.of(hidden_size=16, learning_rate=0.01, epochs=20),
    ),
    "anxbn": Preset(
        N_("Counting: aⁿXbⁿ"),
        N_(
            "As many b as there were a. Watch a unit's cell state climb with every a and fall "
            "with every b, or the other way round: it counts."
        ),
        LONG,
        _task("anxbn"),
        Settings.of(hidden_size=8, learning_rate=0.01, epochs=15),
    ),
    "reber": Preset(
        N_("Continual embedded Reber grammar"),
        N_(
            "A stream of strings whose last letter but one depends on the second. Watch units hold "
            "it through the string, and forget gates close where the next string begins."
        ),
        LONG,
        _task("reber"),
        Settings.of(hidden_size=16, learning_rate=0.01, epochs=20),
    ),
    "carousel": Preset(
        N_("From the carousel to the GRU"),
        N_(
            "The same task and seed for six cells, from the bare constant error carousel of 1997 "
            "to the GRU. Compare how far back their gradients reach before training, what each "
            "part costs, and which of them solve the task. Then raise the forget-gate bias to 3."
        ),
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
            N_("With peepholes"): {"cell": "lstm_variant", "peepholes": True},
            N_("Coupled input and forget gate"): {"cell": "lstm_variant", "coupled": True},
            N_("GRU"): {"cell": "gru"},
        },
        page="compare",
    ),
    "race": Preset(
        N_("The race: RNN, LSTM and GRU"),
        N_(
            "Three cells on one clock, with the same data and seed: who finds the order of two "
            "symbols far back? Before training, the plain RNN's gradient is gone long before it "
            "reaches them. Watch the LSTM and the GRU leave the line of guessing."
        ),
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
        N_(
            "Is a noisy stretch a sine or not? Watch accuracy and the ROC curve rise, then move "
            "the threshold on the Forecast page."
        ),
        CLASSES,
        _task("two_waveforms"),
        Settings.of(hidden_size=16, learning_rate=0.01, epochs=15),
        page="forecast",
    ),
    "first_symbol": Preset(
        N_("Which symbol came first?"),
        N_("Two symbols among distractors; the answer is a yes or no about their order."),
        CLASSES,
        _task("first_symbol"),
        Settings.of(hidden_size=16, learning_rate=0.01, epochs=15),
        page="forecast",
    ),
    "random_labels": Preset(
        N_("Random labels, memorised"),
        N_(
            "The labels are drawn by lot, so there is nothing to learn. The training loss falls "
            "all the same and the validation loss rises: pure overfitting. Dropout, L2 and early "
            "stopping are the cures."
        ),
        CLASSES,
        _task("random_labels"),
        Settings.of(hidden_size=64, learning_rate=0.005, epochs=60),
    ),
    "characters": Preset(
        N_("Characters"),
        N_(
            "Character by character, the network learns to write Python's own help. Watch noise "
            "turn into words, then colour the text by a unit on the Forecast page."
        ),
        TEXT,
        DataChoice("text", "topics", {"characters": 100_000}, spec=WindowSpec(window=50)),
        Settings.of(
            layers=2, hidden_size=128, dropout=0.2, learning_rate=5e-3, epochs=30, batch_size=32
        ),
        on_gpu={"hidden_size": 300},
    ),
}
"""Name -> experiment, in the order in which they are shown."""
