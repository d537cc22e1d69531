"""A trainer without a process: for tests and notebooks, advanced by whoever holds it."""

from contextlib import AbstractContextManager, nullcontext

from lstm_viz.runs.asking import Question
from lstm_viz.runs.keeping import Keeping
from lstm_viz.runs.messages import Request, SetPace
from lstm_viz.runs.place import Place
from lstm_viz.runs.trainer import Trainer
from lstm_viz.training.scheduler import Scheduler


class _Here(Place):
    def __init__(self, scheduler: Scheduler) -> None:
        super().__init__()
        self._scheduler = scheduler

    def send(self, request: Request) -> None:
        if not isinstance(request, SetPace):  # runs are as fast as whoever advances them
            self._scheduler.handle(request)

    def begin(self, seconds: float) -> float:  # noqa: ARG002
        return 0.0

    def give_up(self) -> None:
        """It answers before anybody could."""


class InProcessTrainer(Trainer):
    """Runs move only in `advance`, so a test decides how far they are.

    >>> from lstm_viz.data.tasks.catalogue import adding_problem
    >>> from lstm_viz.experiments.settings import Settings
    >>> trainer = InProcessTrainer()
    >>> run = trainer.submit(Settings.of(hidden_size=4, epochs=2), adding_problem(64, 8, seed=0))
    >>> trainer.advance()
    >>> trainer.run(run).state
    'finished'
    """

    def __init__(self, keeping: Keeping | None = None) -> None:
        super().__init__(keeping)
        self._scheduler = Scheduler(self._receive)
        self._here = _Here(self._scheduler)

    def _room_for(self, race: str, slow: bool) -> Place:  # noqa: ARG002 - there is one room
        return self._here

    def _answering(
        self,
        ends: float,  # noqa: ARG002 - at once
        question: Question,  # noqa: ARG002
    ) -> AbstractContextManager[Place]:
        return nullcontext(self._here)

    def close(self) -> None:
        """Nothing to end: the models go with this object."""

    def advance(self, slices: int | None = None) -> None:
        """Give the waiting runs this many slices in turn; all they need for None."""
        while self._scheduler.patience is not None and slices != 0:
            self._scheduler.advance()
            slices = None if slices is None else slices - 1
