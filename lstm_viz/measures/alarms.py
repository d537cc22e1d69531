"""What is wrong with a network as it trains, where something is: each alarm names its number."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from lstm_viz.limits import Number, Whole, check_fields, limited
from lstm_viz.measures.packed import is_reverse, measured_steps
from lstm_viz.measures.spelling import in_three_digits, share
from lstm_viz.words import N_, Sentence

Numbers = npt.NDArray[np.floating]


@dataclass(frozen=True)
class AlarmThresholds:
    """Where alarms begin. Raises ConfigError for a threshold out of its range."""

    near: float = limited(Number(1e-3, 1e-12, 0.5))
    """A gate this close to 0 or 1 is shut or open."""
    stuck_steps: float = limited(Number(0.99, 0.0, 1.0))
    """Share of all steps at which it must be so for a unit to be stuck."""
    stuck_units: float = limited(Number(0.5, 0.0, 1.0))
    """Share of a layer's units that must be stuck."""
    gradient: float = limited(Number(1e-12, 0.0, 1.0))
    """Share of the gradient below which nothing arrives."""
    dead_range: float = limited(Number(1e-6, 0.0, 1.0))
    """A unit whose h_t varies by no more, over all steps and examples, is dead."""
    dead_units: float = limited(Number(0.1, 0.0, 1.0))
    """Share of a layer's units that must be dead."""
    jump: float = limited(Number(10.0, 1.0, 1e9))
    """Times the median of the losses before; and beyond half the first loss."""
    before: int = limited(Whole(9, 1, 1000))
    """How many losses before it that median is of."""
    weight: float = limited(Number(100.0, 0.0, 1e12))
    """The largest |weight| beyond which weights exploded."""
    spread: float = limited(Number(1e-3, 0.0, 1.0))
    """Answers that differ by no more, scaled as the network sees them, are one constant."""

    def __post_init__(self) -> None:
        check_fields(self)


USUAL = AlarmThresholds()


@dataclass(frozen=True)
class Alarm:
    """One thing that is wrong.

    >>> str(Alarm("weights", 250.0, {"value": "250", "name": "readout.weight"}))
    'The weights exploded: the largest of readout.weight is 250.'
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
        "Layer {layer}: {share} of the hidden state's values are no finite numbers, "
        "the first at step {step}."
    ),
    "gate open": N_(
        "Layer {layer}: the gate '{gate}' is stuck open in {share} of the units "
        "(above {edge} at {steps} of the steps or more)."
    ),
    "gate shut": N_(
        "Layer {layer}: the gate '{gate}' is stuck shut in {share} of the units "
        "(below {edge} at {steps} of the steps or more)."
    ),
    "gradient": N_(
        "Layer {layer}: the gradient vanishes. Less than {least} of it arrives at "
        "{count} of {steps} steps: step {step} and those that ran before it."
    ),
    "dead": N_(
        "Layer {layer}: {share} of the units are dead: the same hidden state at all "
        "steps of all examples traced."
    ),
    "loss": N_("The {which} loss jumped to {value}, {times} times the median of those before it."),
    "loss not finite": N_("The {which} loss is no finite number."),
    "weights": N_("The weights exploded: the largest of {name} is {value}."),
    "weights not finite": N_("The weights exploded: those of {name} are no finite numbers."),
    "answer": N_("The answer is constant: all answers lie within {value} of each other."),
    "answer class": N_("The answer is constant: it is the same class for every example."),
}


def said_alarm(alarm: Alarm) -> str:
    """What is wrong, with its number, in one sentence."""
    return str(Sentence(SENTENCES[alarm.values.get("sentence", alarm.kind)], dict(alarm.values)))


def alarms(seen: Any, *, thresholds: AlarmThresholds = USUAL) -> tuple[Alarm, ...]:
    """What is wrong with a network: states, gates, gradient, units, loss, weights, answer.

    `seen`: what `trace` or `watcher.traces` gives, name -> LayerTrace; or the frames of a run so
    far, in order (`fit` yields them), of which the last one is judged and its losses held against
    those before it. A trace says nothing of losses and answers, of weights those of its layers,
    and of gradients only with a loss. An untrained network's answer is not judged.

    A gradient is measured where it enters and on its way back: of frames that of one step alone
    (`gradient_flow`), of traces the total one beside its largest, of the state that lasts
    longest. Pure: nothing is kept from call to call.

    >>> from lstm_viz.instruments.layer_trace import LayerTrace
    >>> open_gate = {"forget": np.ones((1, 9, 4))}
    >>> found = alarms({"l0": LayerTrace("lstm", np.ones((1, 9, 1)), np.random.rand(1, 9, 4),
    ...                                  np.random.rand(1, 9, 4), open_gate)})
    >>> print(*found)
    Layer l0: the gate 'forget' is stuck open in 100% of the units (above 0.999 at 99% of the steps
    or more).
    """
    if isinstance(seen, Mapping):
        step = getattr(seen, "step", None)
        found = [*_of_layers(seen, thresholds, step)]
        return (*found, *_of_weights(_traced_weights(seen), step, thresholds))
    frames: Sequence[Any] = seen if isinstance(seen, Sequence) else [seen]
    if not frames:
        return ()
    last = frames[-1]
    found = [
        *_of_layers(last.layers, thresholds, last.step),
        *_of_losses(frames, thresholds),
        *_of_weights(last.weights or {}, last.step, thresholds),
        *_of_answers(last, thresholds),
    ]
    return tuple(found)


def _of_layers(
    layers: Mapping[str, Any], thresholds: AlarmThresholds, step: int | None
) -> Iterator[Alarm]:
    for judge in (_not_finite, _stuck, _vanished, _dead):
        for name, layer in layers.items():
            for number, sentence, values in judge(name, layer, thresholds):
                kind = sentence.split()[0]
                filled = {"sentence": sentence, "layer": name, **values}
                yield Alarm(kind, number, filled, name, step)


Found = Iterator[tuple[float, str, dict[str, Any]]]
"""(number, which sentence, what fills it)."""


def _not_finite(name: str, layer: Any, _: AlarmThresholds) -> Found:
    """Hidden states that are NaN or infinite, and where they begin in the order of the run."""
    steps = measured_steps(layer)
    wrong = ~np.isfinite(layer.hidden) & steps[..., None]
    if wrong.any():
        at = np.flatnonzero(wrong.any(axis=(0, 2)))
        share = float(wrong[steps].mean())
        said = f"{share:.0%}" if share >= 0.01 else "<1%"
        step = int(at[-1] if is_reverse(name) else at[0])
        yield share, "state", {"share": said, "step": step}


def _stuck(_name: str, layer: Any, thresholds: AlarmThresholds) -> Found:
    """Gates that are open or shut at nearly all steps in many units."""
    near, steps = thresholds.near, measured_steps(layer)
    for gate, values in layer.gates.items():
        if gate.endswith("candidate"):
            continue
        for end, edge, there in (
            ("open", 1 - near, values > 1 - near),
            ("shut", near, values < near),
        ):
            share = float((there[steps].mean(axis=0) >= thresholds.stuck_steps).mean())
            if share > 0 and share >= thresholds.stuck_units:
                yield share, f"gate {end}", {
                    "gate": gate, "share": f"{share:.0%}", "edge": f"{edge:g}",
                    "steps": f"{thresholds.stuck_steps:.0%}",
                }  # fmt: skip


def _vanished(name: str, layer: Any, thresholds: AlarmThresholds) -> Found:
    """Steps at the beginning of the run at which nothing arrives, in any example."""
    measured = _gradient(name, layer)
    if measured is None:
        return
    norms, entered, reverse = measured
    T = norms.shape[1]
    largest = np.full(T, -np.inf)
    for each, s in zip(norms, entered, strict=True):
        if np.isfinite(each).all() and each[s] > 0:
            largest[: s + 1] = np.maximum(largest[: s + 1], each[: s + 1] / each[s])
    arrives = np.flatnonzero(largest >= thresholds.gradient)
    count = int(arrives[0]) if len(arrives) else 0
    if count and np.isfinite(largest[0]):
        place = T - count if reverse else count - 1
        yield float(count), "gradient", {
            "least": share(thresholds.gradient), "count": count, "steps": T, "step": place,
        }  # fmt: skip


def _gradient(name: str, layer: Any) -> tuple[Numbers, npt.NDArray[np.int64], bool] | None:
    """Norms (B, T) and where they enter (B,), in the order of the run; whether that is turned."""
    if hasattr(layer, "flow_norms"):
        if not layer.flow_norms:  # of a layer that is called step by step
            return None
        norms, entered, reverse = [*layer.flow_norms.values()][-1], layer.flow_from, layer.reverse
    elif layer.grad_hidden is None:
        return None
    else:
        norms = layer.grad_norm("hidden" if layer.grad_cell is None else "cell")
        norms = np.where(measured_steps(layer), norms, 0.0)  # nothing is beyond a sample's end
        entered, reverse = np.nan_to_num(norms).argmax(axis=1), is_reverse(name)
    if reverse:
        return norms[:, ::-1], norms.shape[1] - 1 - entered, True
    return norms, entered, False


def _dead(_name: str, layer: Any, thresholds: AlarmThresholds) -> Found:
    """Units whose hidden state never changes."""
    steps = measured_steps(layer)
    with np.errstate(invalid="ignore"):  # inf - inf
        ranges = np.ptp(layer.hidden[steps], axis=0)
    share = float((ranges <= thresholds.dead_range).mean())
    if steps.sum() > 1 and share > 0 and share >= thresholds.dead_units:
        yield share, "dead", {"share": f"{share:.0%}"}


def _of_losses(frames: Sequence[Any], thresholds: AlarmThresholds) -> Iterator[Alarm]:
    for which in ("training", "validation"):
        losses = np.array([frame.train_loss if which == "training" else frame.validation_loss
                           for frame in frames], np.float64)  # fmt: skip
        last, step = float(losses[-1]), int(frames[-1].step)
        if which == "training" and frames[-1].restored:
            continue  # nothing was learned since the weights were put back: there is no loss
        before = losses[:-1][np.isfinite(losses[:-1])]
        if not np.isfinite(last):
            if step > 0:
                yield Alarm("loss", last, {"sentence": "loss not finite", "which": which}, "", step)
            continue
        if not len(before):
            continue
        median = float(np.median(before[-thresholds.before :]))
        if last > thresholds.jump * median and last > 0.5 * before[0]:
            times = last / median if median else np.inf
            said = [in_three_digits(each) for each in (last, times)]
            values = {"which": which, "value": said[0], "times": said[1]}
            yield Alarm("loss", times, values, "", step)


def _of_weights(
    weights: Mapping[str, Numbers], step: int | None, thresholds: AlarmThresholds
) -> Iterator[Alarm]:
    for name, values in weights.items():
        largest = float(np.abs(values).max(initial=0.0))
        if not np.isfinite(largest):
            filled = {"sentence": "weights not finite", "name": name}
            yield Alarm("weights", largest, filled, "", step)
        elif largest > thresholds.weight:
            filled = {"name": name, "value": in_three_digits(largest)}
            yield Alarm("weights", largest, filled, "", step)


def _traced_weights(layers: Mapping[str, Any]) -> dict[str, Numbers]:
    """Of all layers of a trace, by the layer's name and their own."""
    return {
        f"{name}.{each}": values
        for name, layer in layers.items()
        for each, values in layer.weights.items()
    }


def _of_answers(frame: Any, thresholds: AlarmThresholds) -> Iterator[Alarm]:
    answers = np.asarray(frame.forecast)
    if frame.step == 0 or len(answers) < 2 or not np.isfinite(answers).all():
        return
    if answers.dtype.kind in "iu":
        if (answers == answers.flat[0]).all():
            yield Alarm("answer", 0.0, {"sentence": "answer class"}, "", frame.step)
        return
    spread = float(np.ptp(answers, axis=0).max())
    if spread <= thresholds.spread:
        yield Alarm("answer", spread, {"value": share(spread)}, "", frame.step)
