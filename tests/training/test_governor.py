"""How many frames are taken: as many as the training can bear, evenly, and never too few."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from lstm_viz.experiments.settings import Settings
from lstm_viz.runs.messages import Event, FrameTaken, Load, Submit
from lstm_viz.training.governor import FEWEST, SHARE, Governor
from lstm_viz.training.job import Job
from lstm_viz.training.scheduler import Scheduler
from tests.training.datasets import wave

LONG = Settings.of(hidden_size=1, epochs=60, batch_size=64, device="cpu")


@given(planned=some.integers(1, 121), cost=some.floats(1e-4, 100.0))
def test_frames_keep_to_their_share_or_are_the_fewest_there_may_be(
    planned: int, cost: float
) -> None:
    governor = Governor(planned)
    taken = [governor.takes(1.0, cost) for _ in range(planned)]
    frames = sum(taken)
    assert frames >= min(planned, FEWEST) - 1
    if frames > FEWEST:
        assert frames * cost <= (SHARE / (1 - SHARE)) * planned + cost
    gaps = np.diff(np.flatnonzero(taken))
    assert len(gaps) == 0 or gaps.max() - gaps.min() <= 1, "evenly"


def steps_of(frame_share: float | None, race: str = "") -> list[int]:
    steps: list[int] = []

    def keep(event: Event) -> None:
        if isinstance(event, FrameTaken):
            steps.append(event.frame.step)

    scheduler = Scheduler(keep, frame_share=frame_share)
    scheduler.handle(Load("wave", wave()))
    scheduler.handle(Submit("run", LONG, "wave", race=race))
    while scheduler.patience is not None:
        scheduler.advance()
    return steps


def test_a_run_whose_steps_are_cheap_takes_fewer_frames_first_and_last_among_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    all_of_them = steps_of(None)
    assert len(all_of_them) == 61
    governed = steps_of(1e-9)
    assert FEWEST <= len(governed) <= FEWEST + 2
    assert (governed[0], governed[-1]) == (0, all_of_them[-1])
    assert steps_of(1 - 1e-9) == all_of_them
    monkeypatch.setattr(Job, "is_governed_away", lambda _: True)
    assert steps_of(1e-9) == [0, all_of_them[-1]], "those two are taken whatever it says"


def test_contenders_of_a_race_are_measured_at_all_their_steps() -> None:
    assert steps_of(1e-9, race="one") == steps_of(None, race="one")
