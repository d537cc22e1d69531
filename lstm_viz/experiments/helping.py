"""What may help against an alarm: what to try, as a sentence, and as settings to begin with."""

import math
from collections.abc import Callable, Mapping
from functools import lru_cache

from lstm_viz.data.dataset import Dataset
from lstm_viz.errors import ConfigError
from lstm_viz.experiments.cell_options import options_of
from lstm_viz.experiments.cost import LABORATORY_SECONDS, TOO_LONG, seconds_of_attribution
from lstm_viz.experiments.settings import LIMITS, Settings
from lstm_viz.limits import Number
from lstm_viz.measures.alarms import Alarm
from lstm_viz.words import N_, Sentence

KEEPS = 3.0
"""A forget bias with which a gate begins at 95%."""
STUCK = 4.0
"""From which on it begins so near to open that it hardly moves."""
OTHERWISE = N_("Try another seed, or fewer units.")
PASSES = 10
"""To attribute an answer takes so many times as long as to follow one gradient back."""
CHANGES: Mapping[str, str] = {
    "bias": N_("forget bias 3"),
    "chrono": N_("chrono initialisation"),
    "orthogonal": N_("orthogonal W_hh"),
    "identity": N_("W_hh begins as the identity"),
    "lstm": N_("an LSTM with forget bias 3"),
}
"""What is changed to help a gradient on its way back, by its name."""


@lru_cache(64)
def changed(settings: Settings) -> Mapping[str, Settings]:
    """Name of a change -> these settings with it: other beginnings, with which more of a gradient
    may arrive. Only what changes something.

    >>> list(changed(Settings.of(cell="rnn_relu"))), list(changed(Settings.of(cell="lstm")))
    (['orthogonal', 'identity', 'lstm'], ['bias', 'chrono', 'orthogonal'])
    """
    kind, takes = settings.cell.kind, options_of(settings.cell.kind, settings.cell.options)
    known = settings.flat()
    found: dict[str, Settings] = {}
    if "forget_bias" in takes and known.get("forget_bias", 0.0) < KEEPS:
        found["bias"] = settings.changed(forget_bias=KEEPS)
    if "chrono" in takes and not known.get("chrono"):
        found["chrono"] = settings.changed(chrono=True)
    if not kind.startswith("min_") and known["initialisation"] != "orthogonal":
        found["orthogonal"] = settings.changed(initialisation="orthogonal")
    if kind == "rnn_relu" and known["initialisation"] != "identity":
        found["identity"] = settings.changed(initialisation="identity")
    if kind.startswith("rnn_"):
        found["lstm"] = settings.changed(cell="lstm", forget_bias=KEEPS)
    return found


def check_helping(settings: Settings, dataset: Dataset) -> None:
    """Raise ConfigError where it takes too long to measure what each change would do."""
    seconds = len(changed(settings)) * seconds_of_attribution(settings, dataset) / PASSES
    if seconds > LABORATORY_SECONDS:
        raise ConfigError(
            TOO_LONG,
            seconds=seconds, most=max(1, int(dataset.window * LABORATORY_SECONDS / seconds)),
        )  # fmt: skip


def what_to_try(alarm: Alarm, settings: Settings) -> Sentence:
    """What may help against this alarm in a training with these settings."""
    return _TRIED[alarm.kind](alarm, settings)


def calmer(settings: Settings) -> Sentence:
    """What may keep a training from growing too fast, and is not set already."""
    clipped, rate = settings.optimiser.well_clipped, settings.optimiser.learning_rate
    known = LIMITS["learning_rate"]
    if isinstance(known, Number) and rate <= known.low:
        return Sentence(OTHERWISE if clipped else N_("Clip the gradient norm at 1."), {})
    words = (
        N_("Try a learning rate below {rate}.")
        if clipped
        else N_("Try a learning rate below {rate}, or clip the gradient norm at 1.")
    )
    return Sentence(words, {"rate": rate})


def _calmer(_alarm: Alarm, settings: Settings) -> Sentence:
    return calmer(settings)


def _gate(alarm: Alarm, settings: Settings) -> Sentence:
    known = settings.flat()
    bias = 0.0 if known.get("chrono") else known.get("forget_bias", 0.0)
    if alarm.values.get("gate") == "forget" and abs(bias) >= STUCK:
        words = N_("Its bias begins at {bias}, the gate near {begins:.2%}; 1 begins near 73%.")
        return Sentence(words, {"bias": bias, "begins": 1 / (1 + math.exp(-bias))})
    words = N_("Try a learning rate below {rate}, or some L2 penalty on the weights.")
    return Sentence(words, {"rate": settings.optimiser.learning_rate})


def _dead(_alarm: Alarm, settings: Settings) -> Sentence:
    if settings.cell.kind == "rnn_relu":
        words = N_(
            "A ReLU that is never above 0 has no gradient. Try tanh, or a learning rate below "
            "{rate}."
        )
        return Sentence(words, {"rate": settings.optimiser.learning_rate})
    return Sentence(OTHERWISE, {})


def _answer(_alarm: Alarm, _settings: Settings) -> Sentence:
    return Sentence(N_("Try another learning rate, or train further."), {})


def _measured(_alarm: Alarm, settings: Settings) -> Sentence:
    if not changed(settings):
        return Sentence(N_("Try shorter sequences."), {})
    return Sentence(N_("The page Gradients measures what would help."), {})


_TRIED: Mapping[str, Callable[[Alarm, Settings], Sentence]] = {
    "state": _calmer,
    "gate": _gate,
    "gradient": _measured,
    "dead": _dead,
    "loss": _calmer,
    "weights": _calmer,
    "answer": _answer,
}
"""Kind of an alarm -> what to try."""
