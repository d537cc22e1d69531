"""Every message survives the wire; what fails, comes late or never comes leaves nothing behind."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lstm_viz.data.dataset import Dataset
from lstm_viz.errors import ConfigError, DivergenceError, LstmVizError, TrainerError
from lstm_viz.experiments.settings import Settings
from lstm_viz.runs import messages, wire
from lstm_viz.runs.frames import Probe
from lstm_viz.runs.messages import Answer, Load, Request, Submit, Unload
from lstm_viz.runs.trainer import Trainer
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.words import Sentence
from tests.runs.test_wire import same
from tests.runs.waiting import SMALL
from tests.training.datasets import KINDS, of_kind, wave
from tests.training.frames_for_tests import frame

PATIENCE = 90.0  # s that a process may take to begin on a busy machine

ARRAY = np.arange(6, dtype=np.float32).reshape(2, 3)
EXAMPLES = (
    messages.Bound(1000),
    messages.Load("abc", wave()),
    messages.Unload("abc"),
    messages.SetPace("run", 20.0),
    messages.Submit("run", SMALL, "abc", hold=True, race="race", follows="other"),
    messages.Pause("run"),
    messages.Step("run"),
    messages.Resume("run"),
    messages.Stop("run"),
    messages.Extend("run", 3),
    messages.Drop("run"),
    messages.Ping(),
    messages.Snapshot(4, "run"),
    messages.Ask(5, "trace", {"inputs": ARRAY, "none": None}, SMALL, "abc", {"a.b": ARRAY}),
    messages.Ready(("cuda", "cpu"), 12),
    messages.Alive(),
    messages.Started("run", Probe(ARRAY, ARRAY, ARRAY), "cpu", 7, 8, 9),
    messages.Measured("run", 10),
    messages.FrameTaken("run", frame(3)),
    messages.Scored("run", {"step": 3, "train_loss": float("nan")}),
    messages.Progress("run", 3, 4.5, 6.0),
    messages.StateChanged("run", "failed", Sentence("{a}", {"a": 1}), resident=False, step=2),
    messages.Released("run"),
    messages.Refused("run", Sentence("No.")),
    messages.Answer(5, {"value": [ARRAY, "text"]}),
)


@pytest.mark.parametrize("message", EXAMPLES, ids=lambda each: type(each).__name__)
def test_every_message_survives_a_round_trip(message: Any) -> None:
    back = wire.unpack(wire.pack(message))
    assert type(back) is type(message)
    assert same(message, back)


def test_there_is_an_example_of_every_message() -> None:
    assert {type(each) for each in EXAMPLES} == set(messages.MESSAGES)


@pytest.mark.parametrize("kind", wire.ERRORS)
def test_an_error_keeps_its_class_and_its_words(kind: type[LstmVizError]) -> None:
    error = kind("The {what} of {count:g}.", what="name", count=np.float64(2.5))
    back = wire.unpack(wire.pack(Answer(1, error=error))).error
    assert type(back) is kind
    assert str(back) == "The name of 2.5."


def test_an_error_about_anything_at_all_can_be_sent() -> None:
    class OwnError(ConfigError):
        pass

    back = wire.unpack(wire.pack(OwnError("Got {got}.", got=object)))
    assert type(back) is ConfigError
    assert str(back) == f"Got {object}."


def test_whoever_asks_gets_the_error_of_its_class(trainer: Trainer) -> None:
    with pytest.raises(ConfigError, match="Only a series"):
        run = trainer.submit(SMALL, of_kind("numbers"), hold=True)
        trainer.ask("free_run", run=run, origins=[20], steps=3, seconds=PATIENCE)
    with pytest.raises(TrainerError, match="unexpected error"):
        trainer.ask("untrained", settings=SMALL, dataset=wave(), colour="red", seconds=PATIENCE)


class Hooked(InProcessTrainer):
    """Keeps what it was sent, and sends it on where `hook` lets it pass."""

    def __init__(self, hook: Callable[[Request], bool] = lambda _: True) -> None:
        super().__init__()
        self.sent: list[Request] = []
        send = self._here.send

        def hooked(request: Request) -> None:
            self.sent.append(request)
            if hook(request):
                send(request)

        self._here.send = hooked  # type: ignore[method-assign]


def refusing(*kinds: type) -> Callable[[Request], bool]:
    def hook(request: Request) -> bool:
        if isinstance(request, kinds):
            raise TrainerError("The trainer is gone.")
        return True

    return hook


def silent() -> Hooked:
    return Hooked(lambda _: False)


def test_an_answer_that_comes_too_late_is_dropped() -> None:
    trainer = silent()
    for _ in range(3):
        with pytest.raises(TrainerError, match="in time"):
            trainer.ask("untrained", settings=SMALL, dataset=wave(), seconds=0.01)
    assert not trainer._awaited
    for request in trainer.sent:
        if isinstance(request, messages.Ask):
            trainer._receive(Answer(request.number, "too late"))
    assert not trainer._awaited


def test_a_trainer_that_is_lost_ends_the_questions_it_was_asked() -> None:
    trainer = silent()
    asked = threading.Timer(0.1, trainer._lose, [trainer._here])
    asked.start()
    with pytest.raises(TrainerError, match="before it could answer"):
        trainer.ask("untrained", settings=SMALL, dataset=wave(), seconds=60)
    assert not trainer._awaited


def test_a_question_can_be_called_off() -> None:
    trainer = silent()
    off = threading.Timer(0.1, trainer.cancel, ["ada"])
    off.start()
    with pytest.raises(TrainerError, match="called off"):
        trainer.ask("untrained", settings=SMALL, dataset=wave(), seconds=60, viewer="ada")
    assert not trainer._awaited


def test_an_event_that_cannot_be_taken_in_does_not_stop_the_next() -> None:
    trainer = InProcessTrainer()
    run = trainer.run(trainer.submit(SMALL, wave(), hold=True))
    trainer._receive(messages.Scored(run.id, {}))
    trainer._receive(messages.Progress(run.id, 7, 1.0, 1.0))
    assert run.step == 7


@pytest.mark.parametrize("refused", [Load, Submit])
def test_a_submit_that_cannot_be_sent_leaves_nothing_behind(refused: type) -> None:
    trainer = Hooked(refusing(refused))
    with pytest.raises(TrainerError, match="gone"):
        trainer.submit(SMALL, wave())
    assert trainer.runs.all == []
    assert trainer._places == {}


def test_tidying_goes_on_when_a_run_cannot_be_stopped() -> None:
    trainer = Hooked(refusing(messages.Stop, messages.Drop, Unload))
    runs = [trainer.run(trainer.submit(SMALL, wave())) for _ in range(2)]
    for run in runs:
        run.unseen_since -= 100
    trainer.tidy()
    runs[0].unseen_since -= 10_000
    trainer.tidy()
    assert trainer.runs.all == runs[1:]


def test_a_dataset_travels_once_and_is_held_once_while_a_run_has_it() -> None:
    trainer = Hooked()
    first = trainer.run(trainer.submit(SMALL, wave()))
    second = trainer.run(trainer.submit(SMALL.changed(seed=1), wave()))
    trainer.ask("untrained", settings=SMALL, dataset=wave())
    assert second.dataset is first.dataset
    assert [type(each) for each in trainer.sent].count(Load) == 1
    held = trainer._scheduler
    assert {id(job.dataset) for job in held._jobs.values()} == {id(first.dataset)}
    assert trainer.runs.size == first.film.size + second.film.size + first.dataset.nbytes
    first.unseen_since -= 10_000
    trainer.tidy()
    assert len(held._datasets) == 1
    second.unseen_since -= 10_000
    trainer.tidy()
    assert len(held._datasets) == 0
    trainer.submit(SMALL, wave())
    assert [type(each) for each in trainer.sent].count(Load) == 2, (
        "once it is gone it travels again"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_fingerprint_is_that_of_the_content(kind: str) -> None:
    data = of_kind(kind)
    again: Dataset = wire.unpack(wire.pack(data))
    assert again.fingerprint == data.fingerprint
    changed = data.values.copy()
    changed.flat[-1] += 1
    others = [
        replace(data, values=changed),
        replace(data, name="other"),
        replace(data, split=data.split - 1),
        replace(data, values=data.values.astype(np.float64)),
    ]
    assert len({each.fingerprint for each in (data, *others)}) == 5


def test_the_dates_of_a_series_are_part_of_its_fingerprint() -> None:
    days = np.datetime64("2020-01-01") + np.arange(80)
    one, other = replace(wave(), index=days), replace(wave(), index=days + 1)
    assert len({each.fingerprint for each in (wave(), one, other)}) == 3


def test_a_diverging_text_says_so_to_whoever_lets_it_write() -> None:
    trainer = InProcessTrainer()
    settings = Settings.of(hidden_size=3, learning_rate=10.0, optimizer="sgd", clip_norm=0.0)
    run = trainer.submit(settings, of_kind("text"), hold=True)
    trainer._scheduler._jobs[run].training.model.readout.bias.data.fill_(float("nan"))
    with pytest.raises(DivergenceError, match="cannot write"):
        trainer.ask("write", run=run, beginning="the", length=3, temperature=1.0, seed=0)
