"""A named experiment, with what to see in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lstm_viz.data.choice import DataChoice
from lstm_viz.experiments.experiment import Experiment
from lstm_viz.experiments.settings import Settings


@dataclass(frozen=True)
class Preset:
    """A named experiment; the words are marked for translation."""

    label: str
    see: str
    """What to watch for, in a sentence or two."""
    section: str
    data: DataChoice
    run: Settings
    variants: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Label -> what changes in `run`, where several runs are compared."""
    on_gpu: Mapping[str, Any] = field(default_factory=dict)
    """What changes in `run` where there is a GPU: the size the textbook has."""
    page: str = "train"
    """The page that shows best what there is to see."""

    @property
    def experiments(self) -> tuple[Experiment, ...]:
        """What it trains: one experiment, or several that are compared."""
        changes: list[Mapping[str, Any]] = [*self.variants.values()] or [{}]
        return tuple(Experiment(self.data, self.run.changed(**each)) for each in changes)
