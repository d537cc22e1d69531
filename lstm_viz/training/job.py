"""A run in a trainer: its model once it is built, and how far it is."""

import math
import time
from dataclasses import dataclass, field, replace
from functools import cached_property

from lstm_viz.data.dataset import Dataset
from lstm_viz.experiments.settings import Settings
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.freed import give_back
from lstm_viz.runs.messages import Started, StateChanged
from lstm_viz.training.governor import Governor
from lstm_viz.training.loop import Training
from lstm_viz.training.pacing import Pacing

SPARSER = 2
"""A contender of a race gives this many times fewer frames within an epoch: there are several."""
FRAMES_BEHIND = 4
"""Frames of a contender's further seed after its first; between them its losses are measured alone,
and more sparsely than those of the one that is watched."""


@dataclass
class Job:
    """A run as the scheduler knows it."""

    run_id: str
    settings: Settings
    dataset: Dataset
    race: str = ""
    """What its contenders share."""
    follows: str = ""
    """The run of which it is a further seed; empty for one that is watched."""
    place: int = 0
    """Which further seed of it, from 1; 0 for one that is watched."""
    begun: bool = False
    """Whether its model was built: that of a further seed is when its first turn comes."""
    stop_at: float = math.inf
    """Step at which a single-stepped epoch ends."""
    measured: int = 0
    """How often it was measured since its first frame."""
    growth: int = 0
    """Bytes by which the process grew in its turns."""
    frame_share: float | None = None
    """Of its time that may go into frames; None takes every one that is due."""
    governor: Governor | None = None
    framing: float = 0.0
    """Seconds spent in frames so far."""
    framed: int = 0
    due_at: float = 0.0
    """Seconds of training at the frame that was due last."""
    reported_at: float = field(default_factory=time.monotonic)
    reported_step: int = 0
    rate: float = 0.0
    """Optimizer updates a second, over the last report's span."""
    pacing: Pacing = field(default_factory=Pacing)

    @cached_property
    def training(self) -> Training:
        """Raises ConfigError where it cannot be built."""
        training = Training(self.settings, self.dataset)
        if self.race and training.frame_every < training.steps_per_epoch:
            training.frame_every *= SPARSER
        if self.follows:
            training.frame_every *= SPARSER
        return training

    @property
    def step_number(self) -> int:
        return self.training.step_number if self.begun else 0

    @property
    def progress(self) -> float:
        """The share of its training that is done."""
        return self.step_number / self.training.total_steps if self.begun else 0.0

    def start(self) -> Started:
        """Build the model, and say what it is. Raises ConfigError where it cannot be built."""
        training = self.training
        self.begun = True
        return Started(
            self.run_id,
            probe=training.probe,
            device=training.device.type,
            parameters=training.parameters,
            steps_per_epoch=training.steps_per_epoch,
            total_steps=training.total_steps,
        )

    def reached(self, changed: StateChanged) -> StateChanged:
        """The same, with how far it is once it is built."""
        if not self.begun:
            return changed
        training = self.training
        return replace(
            changed,
            step=training.step_number,
            total_steps=training.total_steps,
            seconds=training.seconds,
        )

    def release(self) -> None:
        """Let the model go, and the memory that it had."""
        self.begun = False
        if self.__dict__.pop("training", None) is not None:
            give_back()

    def frame(self) -> Frame:
        """The run as it stands; what it took is counted."""
        began = time.perf_counter()
        frame = self.training.frame()
        self.framing += time.perf_counter() - began
        self.framed += 1
        return frame

    def is_governed_away(self) -> bool:
        """Whether its training cannot bear to be measured at this moment, which is due.

        A race is always measured: its contenders are compared at the same steps.
        """
        if self.frame_share is None or self.race:
            return False
        if self.governor is None:
            planned = self.training.total_steps / self.training.frame_every
            self.governor = Governor(planned, self.frame_share)
        trained, self.due_at = self.training.seconds - self.due_at, self.training.seconds
        return not self.governor.takes(trained, self.framing / max(1, self.framed))

    @property
    def frame_is_due(self) -> bool:
        """Whether more than its losses is wanted of this moment."""
        all_of_them = self.training.total_steps / self.training.frame_every
        return not self.follows or self.measured % max(1, round(all_of_them / FRAMES_BEHIND)) == 0
