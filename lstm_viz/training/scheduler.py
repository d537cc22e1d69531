"""Many runs, advanced in turn: first come first served, a slice of about 30 ms each.

It knows no process, no thread and no session: requests come in and events go out as messages.
The worker process and the in-process trainer both wrap this one class.
"""

import math
import os
import time
from collections.abc import Callable

from lstm_viz.data.dataset import Dataset
from lstm_viz.errors import DivergenceError, TrainerError
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.messages import (
    Alive,
    Answer,
    Ask,
    Bound,
    Command,
    Drop,
    Event,
    Extend,
    FrameTaken,
    Load,
    Measured,
    Pause,
    Ping,
    Progress,
    Ready,
    Released,
    Request,
    Resume,
    Scored,
    SetPace,
    Snapshot,
    StateChanged,
    Step,
    Stop,
    Submit,
    Unload,
)
from lstm_viz.runs.mishaps import in_words, is_out_of_memory, logged
from lstm_viz.training.ceiling import Ceiling, resident_bytes
from lstm_viz.training.devices import devices
from lstm_viz.training.fairness import Accounts
from lstm_viz.training.framing import weights_of
from lstm_viz.training.job import Job
from lstm_viz.training.questions import answer
from lstm_viz.training.refusing import refusal
from lstm_viz.training.step_memory import step_bytes
from lstm_viz.training.turns import Turns
from lstm_viz.words import N_, Sentence

SLICE_SECONDS = 0.03
PROGRESS_SECONDS = 0.25


class Scheduler:
    """Holds the models of all runs and advances those that train."""

    def __init__(
        self,
        emit: Callable[[Event], None],
        slice_seconds: float = SLICE_SECONDS,
        frame_share: float | None = None,
    ) -> None:
        """At most `frame_share` of a run's time goes into frames; None takes all that are due."""
        self._emit = emit
        self._frame_share = frame_share
        self._slice = slice_seconds
        self._jobs: dict[str, Job] = {}
        self._turns: Turns[Job] = Turns()
        self._accounts = Accounts(slice_seconds)
        self._datasets: dict[str, Dataset] = {}
        self._ceiling = Ceiling()
        emit(Ready(tuple(devices()), os.getpid()))

    @property
    def patience(self) -> float | None:
        """Seconds for which no run needs to be advanced; None where none waits for it."""
        wakes = 0.0 if len(self._turns) else self._turns.wakes
        return None if wakes is None else max(0.0, wakes - time.monotonic())

    def handle(self, request: Request) -> None:
        """Do what one request says; a mistake in it becomes an event, never an exception."""
        try:
            self._follow(request)
        except Exception as error:  # noqa: BLE001 - one run must not end the others
            with logged("a refusal"):
                self._emit(refusal(request, error))

    def advance(self) -> None:
        """Give the run whose turn it is its slice; then it waits behind all others."""
        self._turns.wake(time.monotonic())
        if not len(self._turns):
            return
        job = self._accounts.take(self._turns)
        before, began = resident_bytes(), time.monotonic()
        try:
            self._turn(job)
        except Exception as error:  # noqa: BLE001 - one run must not end the others
            self._end(job, error)
        self._accounts.charge(job, time.monotonic() - began, self._turns.waiting)
        job.growth += resident_bytes() - before
        self._make_room()

    def _make_room(self) -> None:
        """Beyond the ceiling, the run that grew most goes, and no other."""
        if not self._jobs or not self._ceiling.passed:
            return
        job = max(self._jobs.values(), key=lambda each: each.growth)
        if job.run_id in self._turns:
            self._end(job, MemoryError())
            return
        self._forget(job.run_id)
        self._emit(Released(job.run_id))

    def _turn(self, job: Job) -> None:
        ends = time.monotonic() + self._slice
        self._begin(job)
        going, due = True, 0.0
        while going and due <= time.monotonic() < ends:
            going = self._advance_once(job)
            due = job.pacing.next_after(time.monotonic())
        if going and due > time.monotonic():
            self._turns.rest(job, due)
        elif going:
            self._turns.enter(job)
        if time.monotonic() - job.reported_at > PROGRESS_SECONDS:
            self._progress(job)

    def _end(self, job: Job, error: Exception) -> None:
        """A run's turn went wrong: it waits no longer, and says why."""
        with logged("a run's place among those that wait"):
            self._turns.leave(job.run_id)
        diverged, resident = isinstance(error, DivergenceError), not is_out_of_memory(error)
        if diverged:
            with logged("the frame of a divergence"):
                if job.training.has_news:
                    self._frame(job, job.frame())
        with logged("the end of a run"):
            state = "diverged" if diverged else "failed"
            self._state(job, state, in_words(error).sentence, resident)
        if not resident:
            self._forget(job.run_id)

    def _advance_once(self, job: Job) -> bool:
        """One optimizer update; False when the run has reached where it should halt."""
        training = job.training
        due = training.advance()
        halt = training.finished or training.step_number >= job.stop_at
        if training.before_restoring is not None:
            self._emit(Scored(job.run_id, training.before_restoring))
            training.before_restoring = None
        if halt or (due and not job.is_governed_away()):
            job.measured += 1
            if halt or job.frame_is_due:
                self._frame(job, job.frame())
            else:
                self._emit(Scored(job.run_id, training.scalars()))
        if halt:
            self._state(job, "finished" if training.finished else "paused", training.stopped_early)
        return not halt

    def _follow(self, request: Request) -> None:
        match request:
            case Bound():
                if devices() == ["cpu"]:  # what trains on a GPU is left to that
                    self._ceiling.set(request.max_bytes)
            case Load():
                self._datasets[request.fingerprint] = request.dataset
            case Unload():
                self._datasets.pop(request.fingerprint, None)
            case Submit():
                self._submit(request)
            case Ping():
                self._emit(Alive())
            case Snapshot():
                weights = weights_of(self._begun(request.run_id).training.model)
                self._emit(Answer(request.number, weights))
            case Ask():
                self._emit(Answer(request.number, answer(request, self._datasets)))
            case _:
                self._command(request)

    def _command(self, command: Command) -> None:
        match command:
            case Pause():
                self._halt(command.run_id, "paused")
            case Stop():
                self._halt(command.run_id, "stopped")
            case Step():
                self._step(self._begun(command.run_id))
            case Resume():
                self._resume(self._job(command.run_id))
            case Extend():
                job = self._begun(command.run_id)
                job.training.extend(command.epochs)
                self._resume(job)
            case SetPace():
                job = self._job(command.run_id)
                job.pacing.slow_down(command.rate)
                self._accounts.open(job, self._turns.waiting)  # what it left to others is theirs
            case Drop():
                self._forget(command.run_id)

    def _forget(self, run_id: str) -> None:
        self._turns.leave(run_id)
        job = self._jobs.pop(run_id, None)
        if job is not None:
            self._accounts.close(job, self._jobs.values())
            job.release()

    def _submit(self, request: Submit) -> None:
        """A further seed of a run is built when its turn comes."""
        place = 0
        if request.follows:
            self._job(request.follows)
            others = [job for job in self._jobs.values() if job.follows == request.follows]
            place = 1 + len(others)
        dataset = self._datasets[request.fingerprint]
        of = request.race, request.follows, place
        job = Job(request.run_id, request.settings, dataset, *of, frame_share=self._frame_share)
        before = resident_bytes()
        if not request.follows:
            self._begin(job)
            self._emit(Measured(job.run_id, step_bytes(job.training)))
        job.growth = resident_bytes() - before
        self._jobs[job.run_id] = job
        if request.hold:
            self._state(job, "paused")
        else:
            self._enter(job)

    def _begin(self, job: Job) -> None:
        """Build the model of a run, once; say what it is, and what it does untrained."""
        if job.begun:
            return
        started = job.start()
        self._emit(started)
        self._frame(job, job.frame())
        if job.follows:
            self._state(job, "training")

    def _halt(self, run_id: str, state: str) -> None:
        job = self._job(run_id)
        if run_id in self._turns:
            self._turns.leave(run_id)
            if job.begun and job.training.has_news:
                self._frame(job, job.frame())
        self._state(job, state)

    def _step(self, job: Job) -> None:
        if job.training.finished:
            job.training.extend(1)
        per_epoch = job.training.steps_per_epoch
        job.stop_at = (job.training.step_number // per_epoch + 1) * per_epoch
        self._enter(job)

    def _resume(self, job: Job) -> None:
        job.stop_at = math.inf
        if not (job.begun and job.training.finished):
            self._enter(job)

    def _enter(self, job: Job) -> None:
        """Let a run wait for its turn; one whose turn has not come yet is about to start."""
        self._accounts.open(job, self._turns.waiting)
        self._turns.enter(job)
        job.reported_at, job.reported_step = time.monotonic(), job.step_number
        self._state(job, "training" if job.begun else "waiting")

    def _job(self, run_id: str) -> Job:
        if run_id not in self._jobs:
            raise TrainerError(N_("The trainer no longer holds this run's model. Train it anew."))
        return self._jobs[run_id]

    def _begun(self, run_id: str) -> Job:
        """The same, with its model."""
        job = self._job(run_id)
        self._begin(job)
        return job

    def _frame(self, job: Job, frame: Frame) -> None:
        self._emit(FrameTaken(job.run_id, frame))

    def _progress(self, job: Job) -> None:
        now, step = time.monotonic(), job.step_number
        job.rate = (step - job.reported_step) / (now - job.reported_at)
        job.reported_at, job.reported_step = now, step
        self._emit(Progress(job.run_id, step, job.rate, job.training.seconds))

    def _state(
        self, job: Job, state: str, message: Sentence | None = None, resident: bool = True
    ) -> None:
        changed = StateChanged(job.run_id, state, message, resident)
        with logged("how far a run is"):  # the state is said whatever else goes wrong
            changed = job.reached(changed)
        self._emit(changed)
