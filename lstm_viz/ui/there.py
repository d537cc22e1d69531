"""What of all that a link names there is in the network that it is opened on."""

from collections.abc import Mapping, Sequence
from typing import Any

from lstm_viz.experiments.experiment import Experiment
from lstm_viz.runs.run import ACTIVE, Run
from lstm_viz.ui.examples import name_of
from lstm_viz.words import _


def what_is_there(
    shown: Run | Experiment | None, named: Mapping[str, Any], units: Sequence[int]
) -> tuple[dict[str, Any], list[str]]:
    """Of the moment, layer, examples and `units` that a link names those that there are, as a
    selection; the others, in sentences. Of what has not begun to train the units alone are known.
    """
    there = {name: named.get(name) for name in ("step", "t", "layer", "example")}
    there |= {"layer": there["layer"] or None, "sample": named.get("sample", 0)}
    missing = _missing(shown, there) if isinstance(shown, Run) else {}
    sentences = [*missing.values()]
    size = shown.settings.network.hidden_size if shown else 0
    words = _("The network has no unit {unit}: left out.")
    sentences += [words.format(unit=unit) for unit in dict.fromkeys(units) if unit >= size]
    kept = tuple(unit for unit in dict.fromkeys(units) if unit < size)
    nothing = {name: 0 if name == "sample" else None for name in missing}
    return there | nothing | {"units": kept or None}, sentences


def _missing(run: Run, named: Mapping[str, Any]) -> dict[str, str]:
    """What a run does not have, with a sentence each."""
    step, t, layer, sample, example = (
        named[name] for name in ("step", "t", "layer", "sample", "example")
    )
    frame, missing = run.film.at(None), {}
    if example is not None and example[1] >= len(run.dataset.part(example[0])[0]):
        words = _("The data has no '{example}': left out.")
        missing["example"] = words.format(example=name_of(example))
    if run.probe is not None and sample >= len(run.probe.inputs):
        words = _("The run has no example {number}: left out.")
        missing["sample"] = words.format(number=sample + 1)
    if frame is None:
        return missing
    if step is not None and step > (run.total_steps if run.state in ACTIVE else frame.step):
        missing["step"] = _("The run has no update {step}: left out.").format(step=step)
    if t is not None and frame.layers and t >= frame.top_layer.hidden.shape[1]:
        missing["t"] = _("The run's examples have no time step {t}: left out.").format(t=t)
    if layer is not None and layer not in frame.layers:
        missing["layer"] = _("The network has no layer '{layer}': left out.").format(layer=layer)
    return missing
