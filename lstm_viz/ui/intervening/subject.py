"""What is intervened in: a layer of a run's network in one moment, and an example."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from lstm_viz.experiments.intervention import Intervention, parameters_of
from lstm_viz.figures.layer_film import LayerFilm
from lstm_viz.runs.frames import Frame, LayerFrame
from lstm_viz.ui.intervening.now import now


@dataclass(frozen=True)
class Shown:
    """What is intervened in."""

    film: LayerFilm
    frame: Frame
    layer: LayerFrame

    @property
    def steps(self) -> int:
        return int(self.layer.hidden.shape[1])

    @property
    def examples(self) -> int:
        return len(self.film.run.examples.inputs)

    @property
    def columns(self) -> int:
        return int(self.film.run.examples.inputs.shape[-1])

    def effective(self) -> Intervention:
        """What of the reader's intervention there is in this network and example."""
        sizes = self.layer.hidden_size, self.steps, self.columns, self.examples
        found = now().fitting([*self.layer.gates], *sizes)
        if found.swap is not None and swapped(self, found) is None:
            found = replace(found, swap=None)
        return found


def swapped(shown: Shown, intervention: Intervention) -> Mapping[str, Any] | None:
    """The parameters of the other moment; None where there are none."""
    if intervention.swap is None:
        return None
    part, step = intervention.swap
    frame = shown.film.run.film.at(step)
    if frame is None or frame.weights is None:
        return None
    names = parameters_of([*frame.weights], shown.film.layer, part)
    return {name: frame.weights[name] for name in names} or None
