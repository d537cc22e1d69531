"""A few visitors at once, who train, follow, switch pages, leave and come back."""

import asyncio

from bench.load import LINK, crowd
from bench.visitors import shares
from tests.serving import App

VISITORS, SECONDS = 5, 12.0


def test_visitors_at_once_lose_no_run_and_share_the_trainer_fairly(app: App) -> None:
    asyncio.run(crowd(app.url, 1, 1.0))  # what is loaded for the first one takes no time from them
    seen = asyncio.run(crowd(app.url, VISITORS, SECONDS, LINK))
    assert seen.errors == []
    assert len(seen.phases) == VISITORS
    assert {phase.split("/")[0] for phase in seen.phases.values()} <= {"training", "finished"}
    rates = shares(seen.steps)
    assert 0 < max(rates.values()) <= 2 * min(rates.values())
    assert seen.frames > VISITORS
