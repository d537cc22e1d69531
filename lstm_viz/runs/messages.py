"""What the app and a trainer say to each other: requests one way, events the other.

All of it is data, so that a trainer may live in this process, in another one, or on another
machine. A dataset travels once, under its fingerprint; whatever needs it names that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lstm_viz.data.dataset import Dataset, Values
from lstm_viz.errors import LstmVizError
from lstm_viz.experiments.settings import Settings
from lstm_viz.runs.frames import Frame, Probe
from lstm_viz.words import Sentence


@dataclass(frozen=True)
class Bound:
    """Take no more memory than this beyond what is taken now; 0 for as much as there is."""

    max_bytes: int
    nice: int = 0
    """By how much more to let other processes go first."""


@dataclass(frozen=True)
class Load:
    """Hold a dataset, for the requests to come."""

    fingerprint: str
    dataset: Dataset


@dataclass(frozen=True)
class Unload:
    """Let a dataset go: no further request names it. Runs that train on it keep it."""

    fingerprint: str


@dataclass(frozen=True)
class Submit:
    """Build a run and train it, or `hold` it paused."""

    run_id: str
    settings: Settings
    fingerprint: str
    """Of its dataset."""
    hold: bool = False
    race: str = ""
    """What its contenders share."""
    follows: str = ""
    """The run of which it is a further seed: it is built when its turn comes."""


@dataclass(frozen=True)
class Pause:
    """Hold a run where it is."""

    run_id: str


@dataclass(frozen=True)
class Step:
    """Train a run to the end of an epoch."""

    run_id: str


@dataclass(frozen=True)
class Resume:
    """Let a run go on."""

    run_id: str


@dataclass(frozen=True)
class Stop:
    """End a run; its model stays."""

    run_id: str


@dataclass(frozen=True)
class Extend:
    """Train a run that has ended further."""

    run_id: str
    epochs: int


@dataclass(frozen=True)
class SetPace:
    """Train a run no faster than this; 0 for as fast as it can."""

    run_id: str
    rate: float
    """Optimizer updates a second."""


@dataclass(frozen=True)
class Drop:
    """Forget a run and its model."""

    run_id: str


@dataclass(frozen=True)
class Ping:
    """Answer `Alive` at once, also in the middle of a step."""


@dataclass(frozen=True)
class Snapshot:
    """Answer with every parameter of a run's model, as it stands."""

    number: int
    run_id: str


@dataclass(frozen=True)
class Ask:
    """Answer one of `training.questions`."""

    number: int
    question: str
    about: Mapping[str, Any]
    """What the question takes besides the model."""
    settings: Settings | None = None
    fingerprint: str = ""
    """Of the dataset."""
    weights: Mapping[str, Values] | None = None
    """Of the model that is asked about; None for an untrained one."""


Command = Pause | Step | Resume | Stop | Extend | SetPace | Drop
"""What is asked of a run that is there."""
Request = Bound | Load | Unload | Submit | Command | Ping | Snapshot | Ask


@dataclass(frozen=True)
class Ready:
    """The trainer is there, and can train on these devices."""

    devices: tuple[str, ...]
    pid: int = 0
    """Of its process."""


@dataclass(frozen=True)
class Alive:
    """The process runs."""


@dataclass(frozen=True)
class Started:
    """A run's model is built."""

    run_id: str
    probe: Probe
    device: str
    parameters: int
    steps_per_epoch: int
    total_steps: int


@dataclass(frozen=True)
class Measured:
    """Bytes that one step of a run keeps, as `step_memory.step_bytes` counts."""

    run_id: str
    memory: int


@dataclass(frozen=True)
class FrameTaken:
    """A run has one more frame."""

    run_id: str
    frame: Frame


@dataclass(frozen=True)
class Scored:
    """The single numbers of a step of which there is no frame."""

    run_id: str
    scalars: Mapping[str, Any]
    """And the norms of the updates since the last time, `Frame.update_norms`."""


@dataclass(frozen=True)
class Progress:
    """How far a run is."""

    run_id: str
    step: int
    rate: float
    """Optimizer updates a second."""
    seconds: float
    """Spent in optimizer updates."""


@dataclass(frozen=True)
class StateChanged:
    """A run is in another state."""

    run_id: str
    state: str
    message: Sentence | None = None
    resident: bool = True
    """Whether the trainer still holds its model."""
    step: int | None = None
    """None, like the two below, of a run that is not built."""
    total_steps: int | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class Released:
    """The trainer let a run's model go, for want of memory."""

    run_id: str


@dataclass(frozen=True)
class Refused:
    """A command could not be followed; the run stays as it is."""

    run_id: str
    message: Sentence


@dataclass(frozen=True)
class Answer:
    """To a question: its value, or the error that it raises in whoever asked."""

    number: int
    value: Any = None
    error: LstmVizError | None = None


RunEvent = Started | Measured | FrameTaken | Scored | Progress | StateChanged | Released | Refused
"""What happens to one run."""
Event = Ready | Alive | Answer | RunEvent
MESSAGES: tuple[type, ...] = (
    *(Bound, Load, Unload, Submit, Pause, Step, Resume, Stop, Extend, SetPace, Drop),
    *(Ping, Snapshot, Ask),
    *(
        Ready,
        Alive,
        Started,
        Measured,
        FrameTaken,
        Scored,
        Progress,
        StateChanged,
        Released,
        Refused,
        Answer,
    ),
)
