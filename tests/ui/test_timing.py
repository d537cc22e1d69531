"""How long presets take is measured while nobody waits, and kept for the next start."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from lstm_viz.experiments.preset import Preset
from lstm_viz.experiments.presets import PRESETS
from lstm_viz.runs.registry import Keeping
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui import presets, service, timing
from lstm_viz.ui.service import Service

SMALL: Mapping[str, Preset] = {name: PRESETS[name] for name in ("adding", "nile")}


class Asked(InProcessTrainer):
    """Answers at once, and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(Keeping())
        self.questions: list[str] = []

    def ask(self, question: str, **about: object) -> dict[str, float]:
        self.questions.append(question)
        return {"seconds": 3.0}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Service]:
    """A service on which nobody has ever done anything."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(timing, "PRESETS", SMALL)
    monkeypatch.setattr(timing, "QUIET_SECONDS", 0.0)
    monkeypatch.setattr(timing, "LOOK_SECONDS", 0.0)
    trainer = Asked()
    monkeypatch.setattr(presets, "trainer", lambda: trainer)
    yield Service(trainer)
    service.close()


def asked(of: Service) -> list[str]:
    assert isinstance(of.trainer, Asked)
    return of.trainer.questions


def test_presets_are_measured_while_nobody_waits_and_known_at_the_next_start(
    made: Service,
) -> None:
    timing.measure(made)
    runs = {name: len(presets.runs_of(preset)) for name, preset in SMALL.items()}
    assert made.seconds == {name: 3.0 * count for name, count in runs.items()}
    assert len(asked(made)) == sum(runs.values())
    then = Service(Asked())
    timing.measure(then)
    assert then.seconds == made.seconds
    assert asked(then) == []


def test_nothing_is_measured_while_somebody_does_something(
    made: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timing, "QUIET_SECONDS", 1000.0)
    made.come("ada", "session")
    assert timing.duration(made, SMALL["adding"]) is None
    assert asked(made) == []


def test_nothing_is_measured_while_something_trains(
    made: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(made.trainer.runs), "any_trains", True)
    assert timing.duration(made, SMALL["adding"]) is None
    assert asked(made) == []


def test_a_preset_is_given_up_when_somebody_comes(
    made: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    idle = iter([True, False])
    monkeypatch.setattr(made, "is_idle", lambda _seconds: next(idle))
    several = next(preset for preset in PRESETS.values() if len(presets.runs_of(preset)) > 1)
    assert timing.duration(made, several) is None
    assert len(asked(made)) == 1


def test_times_of_another_machine_are_not_taken(
    made: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    timing.measure(made)
    monkeypatch.setattr(timing, "machine", lambda: "another one")
    then = Service(Asked())
    timing.measure(then)
    assert asked(then) == asked(made)
    assert len(timing.known()) == 2 * len(SMALL)


@pytest.mark.parametrize("content", ["", "[1]", '{"a": "b"}', "{", "\x00"])
def test_a_file_that_cannot_be_read_is_measured_anew(made: Service, content: str) -> None:
    timing.file().parent.mkdir(parents=True)
    timing.file().write_text(content)
    assert timing.known() == {}
    timing.measure(made)
    assert made.seconds.keys() == SMALL.keys()
    assert json.loads(timing.file().read_text())


def test_where_nothing_can_be_written_times_are_still_known(made: Service) -> None:
    timing.file().parent.parent.joinpath("lstm_viz").write_text("a file in the folder's place")
    timing.measure(made)
    assert made.seconds.keys() == SMALL.keys()


def test_the_file_does_not_grow_without_end(made: Service) -> None:
    timing.keep({f"key {number}": 1.0 for number in range(timing.KEPT + 50)})
    assert len(timing.known()) == timing.KEPT
    assert f"key {timing.KEPT + 49}" in timing.known()


def test_what_is_measured_leaves_no_run_behind(
    made: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Service(InProcessTrainer(Keeping()))
    seconds = timing.duration(made, PRESETS["nile"])
    assert seconds is not None and seconds > 0
    assert not made.trainer.runs.any_trains
