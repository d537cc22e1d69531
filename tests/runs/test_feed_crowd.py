"""What many who watch one run cost."""

import asyncio
from collections.abc import Sequence

import pytest

from lstm_viz.runs import feed as feed_module
from lstm_viz.runs.run import Run
from lstm_viz.runs.topics import Topic
from tests.runs.feeding import Browser, feeding, new_run, registry, takes_frame


def test_how_a_run_stands_is_read_once_however_many_watch_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(feed_module, "PAUSE", 0.0)
    read: list[Topic] = []

    def version_of(topic: Topic, runs: Sequence[Run]) -> int:
        read.append(topic)
        return runs[0].step

    monkeypatch.setattr(feed_module, "version_of", version_of)

    async def story() -> None:
        runs, browsers = registry(), [Browser() for _ in range(30)]
        run = new_run(runs)
        async with feeding(runs, browsers):
            for browser in browsers:
                browser.watch(Topic("progress", (run.id,)).text)
            for browser in browsers:
                await browser.until(lambda browser=browser: len(browser.taken) == 1)
            read.clear()
            takes_frame(runs, run, 7)
            for browser in browsers:
                await browser.until(lambda browser=browser: browser.taken[-1]["at"] == [7])
            assert len(read) == 1

    asyncio.run(story())
