"""A few visitors at once, who train, follow, switch pages, leave and come back."""

import asyncio

from bench.load import LINK, crowd
from bench.visitors import shares
from tests.serving import App

VISITORS = 5
STAYS = (12.0, 30.0, 90.0)
"""Seconds that they stay; longer where a busy machine told too little of their runs before."""
ENOUGH = 150
"""Training steps of each run: a frame tells of tens of them at once."""


def test_visitors_at_once_lose_no_run_and_share_the_trainer_fairly(app: App) -> None:
    asyncio.run(crowd(app.url, 1, 1.0))  # what is loaded for the first one takes no time from them
    for seconds in STAYS:
        seen = asyncio.run(crowd(app.url, VISITORS, seconds, LINK))
        assert seen.errors == []
        assert len(seen.phases) == VISITORS
        assert {phase.split("/")[0] for phase in seen.phases.values()} <= {"training", "finished"}
        rates = shares(seen.steps).values()
        if min(rates) * seconds >= ENOUGH:
            break
    assert 0 < max(rates) <= 2 * min(rates)
    assert seen.frames > VISITORS
