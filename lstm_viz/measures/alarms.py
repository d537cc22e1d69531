"""What is wrong with a network as it trains, where something is: each alarm names its number."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from math import inf, isfinite
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt

from lstm_viz.errors import ConfigError
from lstm_viz.measures.alarm_thresholds import USUAL, AlarmThresholds
from lstm_viz.measures.layer_alarms import JUDGES
from lstm_viz.measures.spelling import share
from lstm_viz.numerals import numeral
from lstm_viz.words import N_, Sentence

Numbers = npt.NDArray[np.floating]


@dataclass(frozen=True)
class Alarm:
    """One thing that is wrong.

    >>> str(Alarm("weights", 250.0, {"value": "250", "name": "readout.weight"}))
    'The weights exploded: up to 250 in readout.weight.'
    """

    kind: str
    """`"state"`, `"gate"`, `"gradient"`, `"dead"`, `"loss"`, `"weights"` or `"answer"`."""
    number: float
    """The number that it is about: a share of units, a number of steps, times a loss, a weight, a
    spread."""
    values: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """What its sentence is filled with."""
    layer: str = ""
    """By the name that `trace` gives; empty where it is about the whole network."""
    step: int | None = None
    """Optimizer updates at the frame in which it was seen, of what a watcher kept its step; None
    of another trace."""

    @property
    def what(self) -> tuple[object, ...]:
        """What tells it from another one, whatever its number."""
        return self.layer, *(
            self.values.get(name) for name in ("sentence", "gate", "name", "which")
        )

    def __str__(self) -> str:
        return said_alarm(self)


SENTENCES = {
    "state": N_(
        "{layer}: {share} of the hidden state's values are not finite, the first at step {step}."
    ),
    "gate open": N_(
        "{layer}: the {gate} gate is stuck open in {share} of the units (above {edge} at {steps} "
        "of the steps or more)."
    ),
    "gate shut": N_(
        "{layer}: the {gate} gate is stuck shut in {share} of the units (below {edge} at {steps} "
        "of the steps or more)."
    ),
    "gradient": N_(
        "{layer}: the gradient vanishes. Less than {least} arrives at {count} of {steps} "
        "steps: step {step} and those run before it."
    ),
    "dead": N_(
        "{layer}: {share} of the units are dead: one hidden state at all steps of all "
        "examples traced."
    ),
    "loss": N_("The {which} loss jumped to {value}, {times} times the median before it."),
    "loss not finite": N_("The {which} loss is not finite."),
    "weights": N_("The weights exploded: up to {value} in {name}."),
    "weights not finite": N_("The weights exploded: {name} is not finite."),
    "answer": N_("The answer is constant: all lie within {value} of each other."),
    "answer class": N_("The answer is constant: one class for every example."),
}


def said_alarm(alarm: Alarm, layer: str = "") -> str:
    """What is wrong, with its number, in one sentence; in what a page calls the `layer`."""
    return str(sentence_of(alarm, layer))


def sentence_of(alarm: Alarm, layer: str = "") -> Sentence:
    """The same, not yet in the reader's language."""
    called = layer or Sentence(N_("Layer {number}"), {"number": alarm.layer})
    words = {**alarm.values, "layer": called}
    return Sentence(SENTENCES[alarm.values.get("sentence", alarm.kind)], words)


def alarms(seen: Any, *, thresholds: AlarmThresholds = USUAL) -> tuple[Alarm, ...]:
    """What is wrong with a network: states, gates, gradient, units, loss, weights, answer.

    `seen`: what `trace` or `watcher.traces` gives, name -> LayerTrace, or one LayerTrace; or the
    frames of a run so far, in order, or what `fit` gives, of which the last one is judged and its
    losses held against those before it; or a watcher's `history`, of which the last one is judged.
    A trace says nothing of losses and answers, of weights those of its layers, and of gradients
    only with a loss. An answer is constant where it was for a whole epoch: for a moment many a
    network that learns gives one answer to all.

    A gradient is measured where it enters and on its way back: of frames that of one step alone
    (`gradient_flow`), of traces the total one beside its largest, of the state that lasts
    longest. Pure: nothing is kept from call to call. Raises ConfigError for what is none of these.

    >>> from lstm_viz.instruments.layer_trace import LayerTrace
    >>> open_gate = {"forget": np.ones((1, 9, 4))}
    >>> found = alarms({"l0": LayerTrace("lstm", np.ones((1, 9, 1)), np.random.rand(1, 9, 4),
    ...                                  np.random.rand(1, 9, 4), open_gate)})
    >>> print(*found)
    Layer l0: the forget gate is stuck open in 100% of the units (above 0.999 at 99% of the steps or
    more).
    """
    if hasattr(seen, "hidden"):  # one LayerTrace
        seen = {"l0_reverse" if seen.reverse else "l0": seen}
    if isinstance(seen, Mapping):
        step = getattr(seen, "step", None)
        found = [*_of_layers(seen, thresholds, step)]
        return (*found, *_of_weights(_traced_weights(seen), step, thresholds))
    if not (frames := _listed(seen)):
        return ()
    last = frames[-1]
    if isinstance(last, Mapping):
        return alarms(last, thresholds=thresholds)
    if not hasattr(last, "layers"):
        raise ConfigError(
            N_("Alarms are told of traces or of the frames of a run, got {got}."),
            got=type(last).__name__,
        )
    found = [
        *_of_layers(last.layers, thresholds, last.step),
        *(() if last.watched else _of_losses(frames, thresholds)),  # of whose losses nobody knows
        *_of_weights(last.weights or {}, last.step, thresholds),
        *_of_answers(frames, thresholds),
    ]
    return tuple(found)


def _listed(seen: Any) -> Sequence[Any]:
    """The frames, or the traces, in order."""
    if isinstance(seen, Sequence):
        return seen
    return [*seen] if isinstance(seen, Iterable) and not hasattr(seen, "layers") else [seen]


def _of_layers(
    layers: Mapping[str, Any], thresholds: AlarmThresholds, step: int | None
) -> Iterator[Alarm]:
    for judge in JUDGES:
        for name, layer in layers.items():
            for number, sentence, values in judge(name, layer, thresholds):
                kind = sentence.split()[0]
                filled = {"sentence": sentence, **values}
                yield Alarm(kind, number, filled, name, step)


def _of_losses(frames: Sequence[Any], thresholds: AlarmThresholds) -> Iterator[Alarm]:
    now, step = frames[-1], int(frames[-1].step)
    for which, name in (("training", "train_loss"), ("validation", "validation_loss")):
        if which == "training" and now.restored:
            continue  # nothing was learned since the weights were put back: there is no loss
        last = float(getattr(now, name))
        if not isfinite(last):
            if step > 0:
                yield Alarm("loss", last, {"sentence": "loss not finite", "which": which}, "", step)
            continue
        first = [*islice(_finite(frames[:-1], name), 1)]
        if not first:
            continue
        before = islice(_finite(frames[-2::-1], name), thresholds.before)
        middle = median(before)
        if last > thresholds.jump * middle and last > 0.5 * first[0]:
            times = last / middle if middle else inf
            said = [numeral(each) for each in (last, times)]
            values = {"which": which, "value": said[0], "times": said[1]}
            yield Alarm("loss", times, values, "", step)


def _finite(frames: Sequence[Any], name: str) -> Iterator[float]:
    return (loss for frame in frames if isfinite(loss := float(getattr(frame, name))))


def _of_weights(
    weights: Mapping[str, Numbers], step: int | None, thresholds: AlarmThresholds
) -> Iterator[Alarm]:
    for name, values in weights.items():
        largest = float(np.abs(values).max(initial=0.0))
        if not np.isfinite(largest):
            filled = {"sentence": "weights not finite", "name": name}
            yield Alarm("weights", largest, filled, "", step)
        elif largest > thresholds.weight:
            filled = {"name": name, "value": numeral(largest)}
            yield Alarm("weights", largest, filled, "", step)


def _traced_weights(layers: Mapping[str, Any]) -> dict[str, Numbers]:
    """Of all layers of a trace, by the layer's name and their own."""
    return {
        f"{name}.{each}": values
        for name, layer in layers.items()
        for each, values in layer.weights.items()
    }


def _of_answers(frames: Sequence[Any], thresholds: AlarmThresholds) -> Iterator[Alarm]:
    now = frames[-1]
    spread = _spread(now, thresholds)
    if now.epoch < 1 or spread is None:
        return
    for frame in frames[-2::-1]:
        if frame.step and _spread(frame, thresholds) is None:
            return
        if frame.epoch <= now.epoch - 1:
            break
    if np.asarray(now.forecast).dtype.kind in "iu":
        yield Alarm("answer", 0.0, {"sentence": "answer class"}, "", now.step)
    else:
        yield Alarm("answer", spread, {"value": share(spread)}, "", now.step)


def _spread(frame: Any, thresholds: AlarmThresholds) -> float | None:
    """How far all answers lie from each other; None where they are not one constant."""
    answers = np.asarray(frame.forecast)
    if len(answers) < 2 or not np.isfinite(answers).all():
        return None
    if answers.dtype.kind in "iu":
        return None if (answers != answers.flat[0]).any() else 0.0
    spread = float(np.ptp(answers, axis=0).max())
    return spread if spread <= thresholds.spread else None
