"""What a reader may change in a film and ask "what if": an example, and who answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lstm_viz.data.dataset import Dataset, Scaler
from lstm_viz.data.marks import MARKER
from lstm_viz.experiments.settings import Settings
from lstm_viz.figures.layer_rows import visible
from lstm_viz.figures.packing import pack
from lstm_viz.figures.palette import LOOKS, Signal, role_of
from lstm_viz.figures.weights import model_of
from lstm_viz.figures.worked import is_sum
from lstm_viz.models.cells import cell_of
from lstm_viz.models.options import Gate
from lstm_viz.runs.frames import Answers
from lstm_viz.words import N_, _

WORDS = {
    "whatIf": N_("What if"),
    "back": N_("Back to the run"),
    "value": N_("{name} at t = {t}: {now} instead of {before}"),
    "mark": N_("mark at {now} instead of {before}"),
    "text": N_("The input: {now}"),
    "silent": N_("unit {unit} is silent"),
    "gate": N_("{gate} of unit {unit} at t = {t}: {now}"),
    "gates": N_("{gate} of unit {unit} at all time steps: {now}"),
    "set": N_("Set by you to {now}."),
    "everywhere": N_("At all time steps"),
    "unheard": N_("But unit {unit} is silent: its h is read as 0."),
    "more": N_("and {count} more changes"),
    "answer": N_("The network says {now} instead of {before}."),
    "same": N_("The network still says {now}."),
    "waiting": N_("This moment's weights are on their way."),
    "asking": N_("The server is asked."),
    "standing": N_("asked of the network as it stands"),
    "down": N_("No connection to the server with this moment's weights."),
    "stale": N_("measured without the change"),
    "drag": N_("Drag it: what if?"),
    "silence": N_("Silence this unit: h = 0 at every step, for all that reads it"),
    "type": N_("Type another input"),
    "unknown": N_("The network does not know {characters}."),
    "keys": N_(
        "What if: drag a value or mark of the input. Page up, down: the value under the cursor. "
        "Comma, period: the nearest mark. S: silence the unit. In the diagram, drag a gate up or "
        "down; with shift, at all time steps. Escape: back to the run."
    ),
    "sum": N_("{sum} {equals} {target}, the network says {answer}"),
    "target": N_("The true example's target is {target}, the network says {answer}"),
}


@dataclass(frozen=True)
class Touch:
    """One example of a run that is shown, and the network that reads another one in its place."""

    key: str
    """Names the example: what shows the same one shares what the reader changed."""
    topic: str
    """The feed's: of the weights of the run's frames, or of the answers of a trainer, with "{step}"
    in the place of a training step."""
    in_browser: bool
    """Whether the browser answers, and not a trainer."""
    standing: bool
    """Whether it is the network as it stands that answers, and not that of the frame shown."""
    layer: str
    """The one that is drawn."""
    swapped: bool
    """Whether its update gate is drawn as 1 - z."""
    settings: Settings
    dataset: Dataset
    inputs: Answers
    """(T, D), or (T, 1) codes."""
    target: npt.NDArray[Any]
    others: Sequence[int] = ()
    """Training steps of frames that the run has, and not the film that shows the example."""
    place: str = ""
    """Of several places of a page each keeps what was changed there: a notebook's films, say."""


def describe_touch(touch: Touch, arrays: list[npt.NDArray[Any]]) -> dict[str, Any]:
    """As the browser reads it; the example is added to `arrays`."""
    dataset, inputs = touch.dataset, touch.inputs
    numbers = not dataset.symbols
    arrays.append(np.asarray(inputs, np.float32 if numbers else np.uint8))
    names = [_(name) for name in dataset.input_names]
    marked = MARKER in dataset.input_names
    asked = dataset.problem == "regression" and len(touch.target) == 1
    return {
        "key": touch.key,
        "place": touch.place,
        "topic": touch.topic,
        "others": list(touch.others),
        "inBrowser": touch.in_browser,
        "standing": touch.standing,
        "layer": touch.layer,
        "swapped": touch.swapped,
        "model": model_of(touch.settings, dataset),
        "everyStep": dataset.every_step,
        "inputs": len(arrays) - 1,
        "gates": {gate.name: _name(gate) for gate in cell_of(touch.settings.cell.kind).gates},
        "names": names if len(names) > 1 else ["x"],
        "symbols": list(dataset.symbols) if dataset.symbols else None,
        "signs": [visible(symbol) for symbol in dataset.symbols],
        "classes": [_(name) for name in dataset.classes] or None,
        "marker": dataset.input_names.index(MARKER) if marked else None,
        "sums": is_sum(dataset, inputs, touch.target),
        "target": float(touch.target[0]) if asked and dataset.scaler == Scaler() else None,
        "words": {key: _(word) for key, word in WORDS.items()},
    }


def _name(gate: Gate) -> str:
    signal: Signal = gate.name  # type: ignore[assignment]
    return _(gate.label or LOOKS[role_of(signal)].name)


def answer_message(topic: str, asked: int, found: Mapping[str, Any]) -> bytes:
    """What a trainer says to the question of this number, as `training.what_if` gives it."""
    signals: Mapping[str, npt.NDArray[Any]] = found["signals"]
    header = {
        "topic": topic,
        "asked": asked,
        "units": [int(unit) for unit in found["units"]],
        "names": list(signals),
    }
    return pack(header, [np.asarray(found["answer"], np.float32), *signals.values()])
