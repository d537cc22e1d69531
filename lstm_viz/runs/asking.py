"""Who is answered next: neither an owner nor long questions keep others from an answer."""

from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from lstm_viz.runs.place import Place


@dataclass(eq=False)
class Question:
    """A question as it waits to be asked."""

    owner: str = ""
    """Whose it is."""
    viewer: str = ""
    """For which of their tabs it is asked."""
    long: bool = False
    """Whether its answer takes long."""
    called_off: bool = False
    """Whether nobody waits any more for the answer."""


@dataclass(frozen=True)
class Awaited:
    """An answer that somebody still waits for."""

    answer: Future[Any]
    place: Place
    """Where it is made."""
    viewer: str


class Queue:
    """Questions that wait for one of several places, and those that have one.

    Owners take turns, and who has fewest places comes first. Of two places or more, one is left by
    whatever a single owner asks, and by all long questions together.
    """

    def __init__(self, places: int) -> None:
        self._places, self._most = places, max(1, places - 1)
        self._waiting: dict[str, list[Question]] = {}
        """Owner -> their questions; the owner whose turn was last comes last."""
        self._asked: list[Question] = []

    def enter(self, question: Question) -> None:
        """A question waits, behind those of the same owner."""
        self._waiting.setdefault(question.owner, []).append(question)

    def next(self) -> Question | None:
        """The question whose turn it is; None where none that waits may have a place."""
        waiting = [each for several in self._waiting.values() for each in several]
        able = [each for each in waiting if self._may_begin(each)]
        return min(able, key=lambda each: self._places_of(each.owner), default=None)

    def begin(self, question: Question) -> None:
        """A question that waits gets a place; its owner's next one waits behind all others."""
        self._leave_waiting(question)
        others = self._waiting.pop(question.owner, None)
        if others:
            self._waiting[question.owner] = others
        self._asked.append(question)

    def leave(self, question: Question) -> None:
        """A question waits no longer, and has no place any more."""
        if question in self._asked:
            self._asked.remove(question)
        else:
            self._leave_waiting(question)

    def call_off(self, viewer: str) -> None:
        """Nobody waits any more for what this viewer waits to ask."""
        for several in self._waiting.values():
            for each in several:
                each.called_off |= each.viewer == viewer

    def _leave_waiting(self, question: Question) -> None:
        several = self._waiting[question.owner]
        several.remove(question)
        if not several:
            del self._waiting[question.owner]

    def _places_of(self, owner: str) -> int:
        return sum(each.owner == owner for each in self._asked)

    def _may_begin(self, question: Question) -> bool:
        return (
            len(self._asked) < self._places
            and self._places_of(question.owner) < self._most
            and not (question.long and sum(each.long for each in self._asked) >= self._most)
        )
