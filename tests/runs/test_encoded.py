"""What the feed remembers of what it sent."""

import asyncio
import tracemalloc
from functools import partial

from lstm_viz.runs.encoded import Messages
from lstm_viz.runs.phases import state_message
from lstm_viz.runs.topics import Topic


def test_what_is_remembered_costs_no_more_than_is_counted() -> None:
    async def story() -> None:
        messages, several = Messages(), 3000
        await messages.get("warm", lambda: "warm")
        tracemalloc.start()
        for k in range(several):
            topic = Topic.read(f"state/{k}")
            make = partial(state_message, topic, ())
            await messages.get((topic, (), ()), make)
        taken, _peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        messages.close()
        assert messages.encoded == several + 1
        assert taken < messages.kept_bytes

    asyncio.run(story())
