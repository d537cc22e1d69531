"""What is intervened in: a layer of a run's network in one moment, and an example."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from lstm_viz.experiments.intervention import Intervention, Place, parameters_of
from lstm_viz.figures.layer_film import LayerFilm
from lstm_viz.figures.layer_rows import gates_of
from lstm_viz.figures.palette import LOOKS
from lstm_viz.limits import Number
from lstm_viz.runs.frames import Answers, Frame, LayerFrame
from lstm_viz.ui.intervening.now import follow, now
from lstm_viz.ui.service import trainer
from lstm_viz.words import N_, Sentence


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
    def columns(self) -> int:
        return int(self.film.run.examples.inputs.shape[-1])

    @property
    def ends(self) -> dict[str, Number]:
        """Gate -> the values that it can have."""
        return {
            gate: Number(1.0, -1.0 if LOOKS[gate].signed else 0.0, 1.0)
            for gate in gates_of(self.layer)
        }

    @property
    def beginnings(self) -> Answers:
        """(B, T, D), the examples after whose last step a layer can begin: those of the run
        itself, also where another one of its dataset is shown.
        """
        run, runs = self.film.run, trainer().runs
        if not run.shows:
            return run.examples.inputs
        return runs.get(run.shows).examples.inputs if run.shows in runs else run.examples.inputs[:0]

    def fitted(self) -> tuple[Intervention, list[Sentence]]:
        """What of the reader's intervention there is in this network and example, and a sentence
        for each thing that there is not.
        """
        symbols = len(self.film.run.dataset.symbols)
        sizes = self.layer.hidden_size, self.steps, self.columns, len(self.beginnings)
        found, left = now().fitting(Place(self.ends, *sizes, symbols))
        if found.swap is not None and swapped(self, found) is None:
            found = replace(found, swap=None)
            left.append(Sentence(N_("No weights are swapped: the film keeps none of that moment.")))
        return found, left

    def effective(self) -> Intervention:
        """What of the reader's intervention there is in this network and example."""
        return self.fitted()[0]

    def change(self, **changes: Any) -> None:
        """Change more of what is in effect, or something of it back; what is not is forgotten."""
        follow(replace(self.effective(), **changes))


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
