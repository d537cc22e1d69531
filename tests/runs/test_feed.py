"""What the feed sends to whom: each frame once, the newest first, and never a queue."""

import asyncio
import json
from collections.abc import Sequence

import pytest

from lstm_viz.runs import encoded
from lstm_viz.runs import feed as feed_module
from lstm_viz.runs.messages import FrameTaken, Measured, StateChanged
from lstm_viz.runs.run import Run
from lstm_viz.runs.topics import RefusedError, Topic, read_wish
from tests.runs.feeding import (
    Browser,
    Plain,
    feeding,
    film,
    frame,
    new_run,
    registry,
    rested,
    takes_frame,
)


def test_thirty_browsers_get_every_frame_once_and_it_is_encoded_once() -> None:
    async def story() -> None:
        runs, browsers = registry(), [Browser() for _ in range(30)]
        run = new_run(runs)
        takes_frame(runs, run, 0)
        async with feeding(runs, browsers) as feed:
            for browser in browsers:
                browser.watch(film(run))
            for step in range(1, 40):
                takes_frame(runs, run, step)
                await asyncio.sleep(0.001)
            for browser in browsers:
                await browser.until(lambda browser=browser: len(browser.steps()) >= 40)
            await rested()
            assert all(sorted(browser.steps()) == list(range(40)) for browser in browsers)
            assert feed.messages.encoded == 40

    asyncio.run(story())


def test_a_browser_that_comes_back_gets_what_it_missed_the_newest_first() -> None:
    async def story() -> None:
        runs, browser = registry(), Browser()
        run = new_run(runs)
        for step in range(10):
            takes_frame(runs, run, step)
        async with feeding(runs, [browser]):
            browser.watch(film(run), have=[0, 1, 2, 5])
            await browser.until(lambda: len(browser.steps()) == 6)
            await rested()
        assert browser.steps() == [9, 3, 4, 6, 7, 8]

    asyncio.run(story())


def test_a_slow_browser_gets_the_newest_next_and_none_that_was_thinned_out() -> None:
    async def story() -> None:
        runs, slow = registry(frames=8), Browser(room=asyncio.Semaphore(1))
        run = new_run(runs)
        takes_frame(runs, run, 0)
        async with feeding(runs, [slow]):
            slow.watch(film(run))
            await slow.until(lambda: slow.steps() == [0])
            for step in range(1, 100):  # the first of them waits in its line, the others nowhere
                takes_frame(runs, run, step)
                await asyncio.sleep(0)
            await rested()
            for _ in range(200):
                slow.room.release()
            kept = [each.step for each in run.film.frames]
            await slow.until(lambda: set(slow.steps()) >= set(kept))
        first, waiting, *later = slow.steps()
        assert (first, later[0]) == (0, 99)
        assert set(later) == set(kept) - {0, waiting}
        assert len(slow.steps()) == len(set(slow.steps()))

    asyncio.run(story())


def test_a_slow_browser_holds_up_nobody() -> None:
    async def story() -> None:
        runs, stuck, quick = registry(), Browser(room=asyncio.Semaphore(0)), Browser()
        run = new_run(runs)
        async with feeding(runs, [stuck, quick]):
            stuck.watch(film(run))
            quick.watch(film(run))
            for step in range(20):
                takes_frame(runs, run, step)
            await quick.until(lambda: len(quick.steps()) == 20)
            assert stuck.taken == []

    asyncio.run(story())


def test_of_a_state_only_the_newest_is_sent_and_a_change_of_phase_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(feed_module, "PAUSE", 1000.0)

    async def story() -> None:
        runs, browser = registry(), Browser()
        run = new_run(runs)
        topic = Topic("state", (run.id,)).text
        async with feeding(runs, [browser]):
            browser.watch(topic)
            await browser.until(lambda: len(browser.taken) == 1)
            takes_frame(runs, run, 0)  # the first frame is a change of what the page is
            await browser.until(lambda: len(browser.taken) == 2)
            for step in range(1, 20):
                takes_frame(runs, run, step)
            await rested()
            assert len(browser.taken) == 2
            runs.apply(StateChanged(run.id, "finished"))
            await browser.until(lambda: len(browser.taken) == 3)
        waiting, training, finished = (each["runs"][run.id] for each in browser.taken)
        assert (waiting["steps"], training["steps"]) == ([], [0])
        assert (finished["training"], finished["steps"]) == (False, list(range(20)))
        assert len({each["phase"] for each in (waiting, training, finished)}) == 3

    asyncio.run(story())


def test_after_a_pause_the_newest_picture_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_module, "PAUSE", 0.05)

    async def story() -> None:
        runs, browser = registry(), Browser()
        run = new_run(runs)
        takes_frame(runs, run, 0)
        async with feeding(runs, [browser]):
            browser.watch(Topic("progress", (run.id,)).text)
            await browser.until(lambda: len(browser.taken) == 1)
            for step in range(1, 30):
                takes_frame(runs, run, step)
            await browser.until(lambda: browser.taken[-1]["at"] == [29])
            assert len(browser.taken) == 2

    asyncio.run(story())


def test_who_watches_a_run_hears_when_it_is_dropped() -> None:
    async def story() -> None:
        runs, browser = registry(), Browser()
        run = new_run(runs)
        async with feeding(runs, [browser]):
            browser.watch(Topic("state", (run.id,)).text)
            await browser.until(lambda: len(browser.taken) == 1)
            runs.tidy(now=run.unseen_since + 2 * runs.keeping.drop_after)
            await browser.until(lambda: len(browser.taken) == 2)
        assert [list(each["runs"]) for each in browser.taken] == [[run.id], []]

    asyncio.run(story())


def test_who_leaves_a_topic_hears_no_more_of_it() -> None:
    async def story() -> None:
        runs, browser = registry(), Browser()
        run, other = new_run(runs), new_run(runs)
        async with feeding(runs, [browser]):
            browser.watch(film(run))
            browser.said.put_nowait(json.dumps({"leave": film(run)}))
            browser.watch(film(other))
            takes_frame(runs, run, 0)
            takes_frame(runs, other, 1)
            await browser.until(lambda: browser.steps() == [1])
            await rested()
            assert browser.steps() == [1]

    asyncio.run(story())


def test_encoded_messages_are_forgotten_beyond_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoded, "KEPT_BYTES", 5000)

    async def story() -> None:
        runs, first, second = registry(), Browser(), Browser()
        run = new_run(runs)
        for step in range(50):
            takes_frame(runs, run, step)
        async with feeding(runs, [first, second]) as feed:
            first.watch(film(run))
            await first.until(lambda: len(first.steps()) == 50)
            assert feed.messages.kept_bytes <= 5000
            second.watch(film(run))
            await second.until(lambda: len(second.steps()) == 50)

    asyncio.run(story())


HOSTILE = [
    b"bytes",
    "",
    "{",
    "[" * 5000,
    "null",
    json.dumps({"watch": "film/x/whole"}),
    json.dumps({"watch": "film/x/whole", "have": [], "more": 1}),
    json.dumps({"watch": "film/x/whole", "have": ["1"]}),
    json.dumps({"watch": "film/x/whole", "have": [True]}),
    json.dumps({"watch": "film/x/whole", "have": list(range(600))}),
    json.dumps({"watch": ["film"], "have": []}),
    json.dumps({"watch": "film/a,b/whole", "have": []}),
    json.dumps({"watch": "../../etc/passwd", "have": []}),
    json.dumps({"watch": "film/" + "x" * 2000, "have": []}),
    json.dumps({"watch": "film/x/é", "have": []}),
    json.dumps({"leave": 5}),
    json.dumps({"watch": "state/" + ",".join(["x"] * 49), "have": []}),
    '{"watch": "film/x/whole", "have": [], "pad": "' + "x" * 9000 + '"}',
]


@pytest.mark.parametrize("message", HOSTILE)
def test_what_is_no_wish_is_refused(message: object) -> None:
    with pytest.raises(RefusedError):
        read_wish(message)


def test_a_hostile_browser_ends_its_own_socket_alone() -> None:
    async def story() -> None:
        runs, good = registry(), Browser()
        run = new_run(runs)
        takes_frame(runs, run, 0)
        async with feeding(runs, [good]) as feed:
            good.watch(film(run))
            await good.until(lambda: good.steps() == [0])
            many = [json.dumps({"watch": f"state/run{k}", "have": []}) for k in range(30)]
            often = [json.dumps({"leave": "state/a"})] * 100
            strange = [json.dumps({"watch": f"film/{run.id}/other", "have": []})]
            for messages in (many, often, strange, [HOSTILE[0]]):
                bad = Browser()
                for message in messages:
                    bad.said.put_nowait(message)
                with pytest.raises(RefusedError):
                    await feed.serve(bad)
            takes_frame(runs, run, 1)
            await good.until(lambda: good.steps() == [0, 1])

    asyncio.run(story())


def test_what_cannot_be_drawn_ends_the_socket_that_asked_for_it_alone(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Plain, topic: Topic, runs: Sequence[Run]) -> bytes:
        raise ZeroDivisionError

    monkeypatch.setattr(Plain, "picture", broken)

    async def story() -> None:
        runs, good, bad = registry(), Browser(), Browser()
        run = new_run(runs)
        async with feeding(runs, [good]) as feed:
            good.watch(film(run))
            bad.watch(Topic("progress", (run.id,)).text)
            with pytest.raises(RefusedError):
                await feed.serve(bad)
            takes_frame(runs, run, 0)
            await good.until(lambda: good.steps() == [0])

    asyncio.run(story())
    assert "could not be made" in caplog.text


def test_a_browser_that_takes_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_module, "PATIENCE", 0.05)

    async def story() -> None:
        runs, stuck = registry(), Browser(room=asyncio.Semaphore(0))
        run = new_run(runs)
        takes_frame(runs, run, 0)
        async with feeding(runs, []) as feed:
            stuck.watch(film(run))
            with pytest.raises(TimeoutError):
                await feed.serve(stuck)
            assert feed.watchers == 0

    asyncio.run(story())


def test_a_listener_hears_after_the_event_under_no_lock_until_it_stops() -> None:
    runs = registry()
    run, heard = new_run(runs), []

    def listener(run_id: str, _event: object) -> None:
        runs.apply(Measured("nobody's", 1))  # takes the lock
        heard.append((run_id, len(run.film.frames)))

    stop = runs.listen(listener)
    runs.apply(FrameTaken(run.id, frame(0)))
    runs.lose_all()
    stop()
    runs.apply(FrameTaken(run.id, frame(1)))
    assert heard == [(run.id, 1), (run.id, 1)]
