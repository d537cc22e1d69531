"""Who is answered next: neither an owner nor long questions keep others from an answer."""

import itertools
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from lstm_viz.errors import TrainerError
from lstm_viz.runs.messages import Answer, Request
from lstm_viz.runs.place import Place
from lstm_viz.words import N_

TOO_LATE = N_("The trainer did not answer in time. Try again in a moment.")
CANCELLED = N_("This question was called off.")
ENDED = N_("The trainer ended before it could answer. Try again in a moment.")


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
        """Nobody waits any more for what this viewer asked, or waits to ask."""
        for several in (*self._waiting.values(), self._asked):
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


@dataclass(frozen=True)
class _Awaited:
    answer: Future[Any]
    place: Place
    """Where it is made."""
    viewer: str


class Answers:
    """Those that somebody still waits for."""

    def __init__(self) -> None:
        self._awaited: dict[int, _Awaited] = {}
        self._ids = itertools.count()

    def __len__(self) -> int:
        return len(self._awaited)

    @property
    def viewers(self) -> set[str]:
        """For whom they are."""
        return {each.viewer for each in list(self._awaited.values())}

    def answer(
        self, place: Place, request: Callable[[int], Request], ends: float, viewer: str
    ) -> Any:
        """What is answered to a request before the clock says `ends`; later it is dropped."""
        number, answer = next(self._ids), Future[Any]()
        self._awaited[number] = _Awaited(answer, place, viewer)
        try:
            place.send(request(number))
            return answer.result(max(0.0, ends - time.monotonic()))
        except TimeoutError:
            place.give_up()
            raise TrainerError(TOO_LATE) from None
        finally:
            self._awaited.pop(number, None)

    def take_in(self, answer: Answer) -> None:
        """An answer came, perhaps too late: then nobody waits for it."""
        awaited = self._awaited.pop(answer.number, None)
        if awaited is not None and answer.error is not None:
            awaited.answer.set_exception(answer.error)
        elif awaited is not None:
            awaited.answer.set_result(answer.value)

    def cancel(self, viewer: str) -> None:
        """Nobody waits any more for what was asked for this viewer."""
        for number, awaited in list(self._awaited.items()):
            if awaited.viewer == viewer:
                self.take_in(Answer(number, error=TrainerError(CANCELLED)))
                awaited.place.give_up()

    def lose(self, place: Place) -> None:
        """A place is gone with what it was asked."""
        for number, awaited in list(self._awaited.items()):
            if awaited.place is place:
                self.take_in(Answer(number, error=TrainerError(ENDED)))
