"""What can be watched of runs, as a browser names it.

A page makes a topic and hands its text to the browser, which brings it back: the browser puts
nothing together. A run's id cannot be guessed, so who can name a topic was given it.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

FILM, STATE, CELL, WEIGHTS = "film", "state", "cell", "weights"
WHAT_IF, TRUST, ALARMS = "what_if", "trust", "alarms"
"""The frames of one run as one layer is drawn on one example; how runs stand; what each step of a
layer is made of in one frame, for which a trainer is asked; the network in each frame; what a
network makes of a changed example, and whether the instruments agree with PyTorch on it, for which
a trainer is asked, too; what is wrong in each frame."""
NEWEST_CELL = ("layer", "example", "language")
"""What the topic of a cell names in its newest frame; before the language it may name the training
step of another frame."""
FRAMES = (FILM, WEIGHTS, ALARMS)
"""What has a message for each frame of one run."""
ASKED = (CELL, WHAT_IF, TRUST)
"""What a trainer is asked for."""
MOST_RUNS = 48
"""In a topic: a race of eight contenders with five seeds each, and some room."""
LONGEST_TEXT = 1024
LONGEST_WISH = 8192
MOST_HAVE = 512
"""Frames that a browser says it has: more than a film keeps."""

_NAME = re.compile(r"[a-z_]{1,24}")
_RUN = re.compile(r"[\w-]{1,40}", re.ASCII)
_VIEW = re.compile(r"[\w.-]{0,80}", re.ASCII)


class RefusedError(ValueError):
    """A watcher broke the feed's rules: its own socket is closed, and nothing else."""


@dataclass(frozen=True)
class Topic:
    """Something that is watched of one run, or of several together.

    >>> film = Topic("film", ("Zx8-", ), ("recurrent.l0", "2"))
    >>> film.text, Topic.read(film.text) == film
    ('film/Zx8-/recurrent.l0/2', True)
    """

    name: str
    runs: tuple[str, ...]
    view: tuple[str, ...] = ()
    """What of them, as the name asks for."""
    what: str = ""
    """What a browser asks about it, as JSON; no part of the text."""

    @cached_property
    def text(self) -> str:
        return "/".join([self.name, ",".join(self.runs), *self.view])

    @classmethod
    def read(cls, text: str) -> "Topic":
        """The topic of a text. Raises RefusedError for what is none."""
        name, _slash, rest = text[: LONGEST_TEXT + 1].partition("/")
        runs, *view = rest.split("/")
        topic = cls(name, tuple(runs.split(",")), tuple(view))
        known = (
            len(text) <= LONGEST_TEXT
            and _NAME.fullmatch(name)
            and len(topic.runs) <= MOST_RUNS
            and len(view) <= 4
            and all(map(_RUN.fullmatch, topic.runs))
            and all(map(_VIEW.fullmatch, view))
        )
        if not known or (name in FRAMES and len(topic.runs) != 1):
            raise RefusedError("no topic")
        return topic


@dataclass(frozen=True)
class Watch:
    """A browser wants a topic, from what it has on."""

    topic: Topic
    have: frozenset[int] = frozenset()
    """Training steps of the film's frames that it has."""


@dataclass(frozen=True)
class Leave:
    """A browser wants no more of a topic."""

    topic: Topic


def read_wish(message: object) -> Watch | Leave:
    """What a browser's message asks for. Raises RefusedError for anything else.

    >>> read_wish('{"watch": "state/Zx8-", "have": []}')
    Watch(topic=Topic(name='state', runs=('Zx8-',), view=(), what=''), have=frozenset())
    """
    if not isinstance(message, str) or len(message) > LONGEST_WISH:
        raise RefusedError("a message is a text, and short")
    try:
        wish = json.loads(message)
    except (ValueError, RecursionError) as error:
        raise RefusedError("a message is JSON") from error
    match wish:
        case {"watch": str(text), "have": list(have), **more} if not more:
            return Watch(Topic.read(text), _steps(have))
        case {"watch": str(text), "have": [], "what": dict(what), **more} if not more:
            return Watch(replace(Topic.read(text), what=json.dumps(what, sort_keys=True)))
        case {"leave": str(text), **more} if not more:
            return Leave(Topic.read(text))
        case _:
            raise RefusedError("a message watches or leaves")


def _steps(have: Iterable[Any]) -> frozenset[int]:
    steps = list(have)
    if len(steps) > MOST_HAVE or any(type(step) is not int for step in steps):
        raise RefusedError("no training steps")
    return frozenset(steps)
