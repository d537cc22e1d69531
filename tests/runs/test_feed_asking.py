"""What the feed asks a trainer for: nothing else waits for it, and it is asked for sparingly."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from lstm_viz.runs import feed as feed_module
from lstm_viz.runs.encoded import Message
from lstm_viz.runs.run import Run
from lstm_viz.runs.topics import CELL, Topic
from tests.runs.feeding import Browser, Plain, feeding, film, new_run, registry, rested, takes_frame


def test_what_a_trainer_is_asked_for_holds_up_nothing_and_the_newest_follows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(feed_module, "PAUSE", 0.02)
    monkeypatch.setattr(feed_module, "REST_AFTER", 0.0)
    answers, plainly = threading.Event(), Plain.picture

    def slowly(self: Plain, topic: Topic, runs: Sequence[Run]) -> Message:
        if topic.name == CELL:
            answers.wait(60)
        return plainly(self, topic, runs)

    monkeypatch.setattr(Plain, "picture", slowly)

    def at(browser: Browser, name: str) -> list[object]:
        return [each["at"] for each in browser.taken if each["topic"].startswith(name)]

    async def story() -> None:
        runs, browser, other = registry(), Browser(), Browser()
        run = new_run(runs)
        takes_frame(runs, run, 0)
        async with feeding(runs, [browser, other]):
            browser.watch(Topic(CELL, (run.id,)).text)
            browser.watch(Topic("progress", (run.id,)).text)
            other.watch(film(run))
            for step in range(1, 9):
                takes_frame(runs, run, step)
            await browser.until(lambda: at(browser, "progress")[-1:] == [[8]])
            await other.until(lambda: len(other.steps()) == 9)
            assert at(browser, CELL) == []
            answers.set()
            await browser.until(lambda: at(browser, CELL)[-1:] == [[8]])
            await rested()
        assert len(at(browser, CELL)) <= 2

    asyncio.run(story())


def test_of_the_steps_that_somebody_scrubs_over_the_last_one_is_asked_for_after_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    answers = threading.Event()
    plainly = Plain.picture

    def slowly(self: Plain, topic: Topic, runs: Sequence[Run]) -> Message:
        asked.append(topic.view[-2])
        answers.wait(60)
        return plainly(self, topic, runs)

    monkeypatch.setattr(Plain, "picture", slowly)

    async def story() -> None:
        runs, browser = registry(), Browser()
        run = new_run(runs)
        takes_frame(runs, run, 0)
        topics = [Topic(CELL, (run.id,), ("l0", "0", str(step), "en")).text for step in range(5)]
        async with feeding(runs, [browser]):
            for topic in topics[:-1]:
                browser.watch(topic)
                await rested()
                browser.leave(topic)
            browser.watch(topics[-1])
            await rested()
            answers.set()
            await browser.until(lambda: any(each["topic"] == topics[-1] for each in browser.taken))
            takes_frame(runs, run, 1)
            await rested()

    asyncio.run(story())
    assert asked == ["0", "4"], "one question at a time, and that step stays as it is"


def test_what_is_asked_about_one_owners_runs_holds_up_no_answer_about_anothers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers, plainly = threading.Event(), Plain.picture
    asked: list[Run] = []

    def slowly(self: Plain, topic: Topic, runs: Sequence[Run]) -> Message:
        asked.append(runs[0])
        if runs[0].owner == "ada":
            answers.wait(60)
        return plainly(self, topic, runs)

    monkeypatch.setattr(Plain, "picture", slowly)

    async def story() -> None:
        runs, browsers = registry(), [Browser() for _ in range(4)]
        several = [new_run(runs) for _ in browsers]
        for run, owner in zip(several, ("ada", "ada", "ada", "bo"), strict=True):
            run.owner = owner
            takes_frame(runs, run, 0)
        async with feeding(runs, browsers):
            for browser, run in zip(browsers, several, strict=True):
                browser.watch(Topic(CELL, (run.id,)).text)
            await browsers[-1].until(lambda: len(browsers[-1].taken) == 1)
            assert [run.owner for run in asked] == ["ada", "bo"], "one at a time of one owner's"
            answers.set()
            for browser in browsers:
                await browser.until(lambda browser=browser: len(browser.taken) == 1)

    asyncio.run(story())
