"""A run as the app knows it: what it was asked to do, how far it is, and its film."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from lstm_viz.data.choice import DataChoice
from lstm_viz.data.dataset import Dataset
from lstm_viz.experiments.experiment import Experiment
from lstm_viz.experiments.fitting import loss_in_use
from lstm_viz.experiments.settings import Settings
from lstm_viz.instruments.anatomy import Anatomy
from lstm_viz.measures.chance import Chance, chance
from lstm_viz.runs.film import Film
from lstm_viz.runs.frames import Probe
from lstm_viz.runs.messages import (
    FrameTaken,
    Measured,
    Progress,
    Refused,
    Released,
    RunEvent,
    Scored,
    Started,
    StateChanged,
)
from lstm_viz.runs.mishaps import OUT_OF_MEMORY
from lstm_viz.words import N_, Sentence

ACTIVE = ("waiting", "training", "paused")
"""States from which a run can still go on by itself or by a click."""

SHELF = "shelf"
"""The viewer that never leaves: recorded runs are always looked at."""

NOT_HERE = N_(
    "This run's network is a module of its owner's, whose code is not in the file: nothing can "
    "be measured anew."
)

BEFORE_ITS_END = ("stopped", "diverged", "failed", "lost")

DIVERGED = N_("This training diverged at update {step}: its loss or gradient was no longer finite.")

LOST = N_(
    "The trainer ended unexpectedly at step {step} (out of memory, or killed). The frames so far "
    "are kept; press Train to begin anew."
)


@dataclass
class Run:
    """One run as the app knows it."""

    id: str
    settings: Settings
    dataset: Dataset
    film: Film
    state: str = "waiting"
    """waiting, training, paused, finished, stopped, diverged, failed, lost or recorded."""
    message: Sentence | None = None
    """What the user should know about the state."""
    step: int = 0
    total_steps: int = 0
    steps_per_epoch: int = 1
    rate: float = 0.0
    """Optimizer updates a second."""
    pace: float = 0.0
    """Optimizer updates a second that it may make at most; 0 for as many as there can be."""
    seconds: float = 0.0
    """Spent in optimizer updates, without what watching and other runs cost."""
    device: str = ""
    parameters: int = 0
    memory: int = 0
    """Bytes that one step of training keeps, as `memory.step_bytes` counts; 0 until measured."""
    probe: Probe | None = None
    resident: bool = True
    """Whether the trainer still holds the model, so that it can be trained further."""
    settled: bool = True
    """Whether the last command has taken effect."""
    ending: bool = False
    """Whether that command was to stop."""
    data: DataChoice | None = None
    """What its dataset was made of; None where the dataset was given as it is."""
    label: str = ""
    """What it is called beside others, marked for translation; made of its settings if empty."""
    ended: str = ""
    """How a run that was opened from a file had ended before its end: stopped, diverged, failed or
    lost; empty for any other."""
    file: str = ""
    """The file that it was opened from, as its visitor calls it; empty for one of this server's."""
    module: bool = False
    """Whether its network is a module of somebody's own, whose code is not here: its settings do
    not say what it computes."""
    anatomies: Mapping[str, Anatomy] = field(default_factory=dict)
    """Layer and example, "l0/2" -> what each step was made of at the last moment, of a module."""
    race: str = ""
    """The same for all runs that were started together; empty for one started alone."""
    follows: str = ""
    """The run of its race of which it is a further seed; empty for one that is watched."""
    shows: str = ""
    """The run of which it shows another example; empty for a run of its own."""
    example: str = ""
    """Which one: a part of the data and a place in it, such as "test-12"."""
    thinned: bool = False
    """Whether frames of it went for want of room on the server, besides what one film may hold."""
    owner: str = ""
    """Who may command it; nobody if empty. It never leaves this process."""
    viewers: set[str] = field(default_factory=set)
    unseen_since: float = field(default_factory=time.monotonic)

    @property
    def experiment(self) -> Experiment | None:
        """What starts the same run again; None where its dataset was given as it is."""
        return None if self.data is None else Experiment(self.data, self.settings)

    @property
    def examples(self) -> Probe:
        """The probe of a run that has a frame."""
        assert self.probe is not None
        return self.probe

    @cached_property
    def chance(self) -> Chance:
        """The best constant answer to the validation examples that its frames are measured on."""
        return chance(self.dataset, loss_in_use(self.settings, self.dataset))

    @property
    def watched(self) -> bool:
        """Whether it is the history of somebody's own loop, without data and losses."""
        newest = self.film.at(None)
        return newest is not None and newest.watched

    @property
    def training(self) -> bool:
        return self.state in ("waiting", "training")

    @property
    def busy(self) -> bool:
        """Whether it trains or is about to, and was not told to stop."""
        return self.training and not self.over

    @property
    def over(self) -> bool:
        """Whether it has ended, or was told to."""
        return self.state not in ACTIVE or (self.ending and not self.settled)

    @property
    def own(self) -> str:
        """The run whose network it is: itself, or the one of which it shows another example."""
        return self.shows or self.id

    @property
    def group(self) -> str:
        """The run that is watched of it and its further seeds."""
        return self.follows or self.id

    @property
    def seconds_left(self) -> float | None:
        """At the present rate; None while that is unknown."""
        return (self.total_steps - self.step) / self.rate if self.rate else None

    @property
    def seconds_per_epoch(self) -> float | None:
        """As measured; None before the first step."""
        return self.seconds / self.step * self.steps_per_epoch if self.step else None

    @property
    def size(self) -> int:
        """Bytes that it holds besides its dataset."""
        return self.film.size + sum(anatomy.nbytes for anatomy in self.anatomies.values())

    @property
    def recorded(self) -> bool:
        """Whether it ships with the app."""
        return self.state == "recorded" and not self.file

    def apply(self, event: RunEvent) -> None:
        """Take in what the trainer says of it."""
        match event:
            case Started():
                self.probe, self.device = event.probe, event.device
                self.parameters, self.total_steps = event.parameters, event.total_steps
                self.steps_per_epoch = event.steps_per_epoch
            case Measured():
                self.memory = event.memory
            case FrameTaken():
                self.film.append(event.frame)
                self.step = event.frame.step
            case Scored():
                self.film.note(event.scalars)
                self.step = int(event.scalars["step"])
            case Progress():
                self.step, self.rate, self.seconds = event.step, event.rate, event.seconds
            case StateChanged():
                self._change_state(event)
            case Released():
                self.resident = False
                if self.state in ACTIVE:
                    self.state, self.message = "lost", Sentence(OUT_OF_MEMORY)
            case Refused():
                self.message, self.settled = event.message, True

    def lose(self) -> None:
        """Its trainer is gone."""
        self.resident, self.settled = False, True
        if self.state in ACTIVE:
            self.state, self.message = "lost", Sentence(LOST, {"step": self.step})

    def _change_state(self, event: StateChanged) -> None:
        self.state, self.message = event.state, event.message
        self.settled, self.resident = True, self.resident and event.resident
        if event.step is not None:
            self.step = event.step
        if event.total_steps is not None:
            self.total_steps = event.total_steps
        if event.seconds is not None:
            self.seconds = event.seconds
