"""The film of a run: its frames, thinned evenly so that any training fits in a stated memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from lstm_viz.measures.alarm_thresholds import USUAL, AlarmThresholds
from lstm_viz.measures.alarms import Alarm, alarms
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.updates import Updates

MAX_FRAMES = 120
MAX_BYTES = 64 * 2**20
RINGING = 8
"""One frame of so many may stay because an alarm begins in it."""

History = dict[str, npt.NDArray[np.float64]]
UPDATES = "update_norms"
SCALARS = tuple(field.name for field in fields(Frame) if field.type in (float, int))


def size_of(frame: Frame) -> int:
    """Bytes of a frame's arrays."""
    records = [frame, *frame.layers.values()]
    arrays = [value for record in records for value in vars(record).values()]
    for layer in frame.layers.values():
        arrays += [*layer.gates.values(), *layer.flow_norms.values()]
    arrays += (frame.weights or {}).values()
    return sum(array.nbytes for array in arrays if isinstance(array, np.ndarray))


@dataclass(frozen=True, eq=False)
class _Kept:
    number: int
    frame: Frame
    size: int
    rings: bool = False
    """Whether it stays because an alarm begins in it."""


class Film:
    """Frames of a whole run, at most `max_frames` of them and `max_bytes` of arrays.

    When one more would not fit, every second kept frame goes: those left stay evenly spaced, and
    between them the frames in which alarms begin, the first of them, as far as there is room.
    The first and the newest frame are always there. The scalars of all frames stay in `history`,
    the gradient norms of all optimizer updates in `updates`.
    """

    def __init__(
        self,
        max_frames: int = MAX_FRAMES,
        max_bytes: int = MAX_BYTES,
        thresholds: AlarmThresholds = USUAL,
    ) -> None:
        self.max_frames = max_frames
        self.thresholds = thresholds
        self.max_bytes = max_bytes
        self._stride = 1
        self._count = 0
        self._kept: list[_Kept] = []
        self._history: list[tuple[float, ...]] = []
        self._alarms = WeakKeyDictionary[Frame, tuple[Alarm, ...]]()
        self.updates = Updates()

    @classmethod
    def kept(cls, frames: Sequence[Frame], history: History, updates: Updates) -> "Film":
        """One of these frames, none of which goes, and of this history."""
        film = cls(max(MAX_FRAMES, len(frames)), 2**40)
        for frame in frames:
            film.append(frame)
        film.updates = updates
        film._history = [*zip(*(history[name].tolist() for name in SCALARS), strict=True)]
        return film

    def append(self, frame: Frame) -> None:
        """Add the newest frame."""
        kept = self._kept
        if kept and self._goes(kept[-1]):  # the last was kept only for being the newest
            kept = self._without([kept[-1]])
        self._kept = [*kept, _Kept(self._count, frame, size_of(frame))]  # readers see a whole list
        self._count += 1
        if not frame.restored:  # its losses are those of an earlier moment
            self.note({name: getattr(frame, name) for name in (*SCALARS, UPDATES)})
        while len(self._kept) > 2 and (
            len(self._kept) > self.max_frames or self.size > self.max_bytes
        ):
            self.thin()

    def note(self, scalars: Mapping[str, Any]) -> None:
        """Add what was measured at a step of which there is no frame."""
        norms = scalars.get(UPDATES)
        if norms is not None:
            self.updates.append(int(scalars["step"]), norms)
        self._history.append(tuple(scalars[name] for name in SCALARS))

    def thin(self) -> None:
        """Let every second kept frame go; where none does, those in which an alarm begins."""
        self._stride *= 2
        older = self._kept[:-1]
        left = self._without([each for each in older if self._goes(each)])
        if len(left) == len(self._kept):
            left = [each for each in left if each.number % self._stride == 0 or each not in older]
        self._kept = left

    def _goes(self, kept: _Kept) -> bool:
        return kept.number % self._stride != 0 and not kept.rings

    def _without(self, going: Sequence[_Kept]) -> list[_Kept]:
        """The kept frames without these; but those in which an alarm begins stay, the first of
        them, as far as there is room.
        """
        room = self.max_frames // RINGING - sum(each.rings for each in self._kept)
        left = list[_Kept]()
        for k, each in enumerate(self._kept):
            if each not in going:
                left.append(each)
            elif room > 0 and self._begins(k):
                left.append(replace(each, rings=True))
                room -= 1
        return left

    def _begins(self, place: int) -> bool:
        """Whether something is wrong in a kept frame that was not in the one before it."""
        pair = self._kept[max(0, place - 1) : place + 1]
        *before, now = ({each.what for each in self.alarms(kept.frame)} for kept in pair)
        return not now <= (before[0] if before else set())

    def alarms(self, frame: Frame) -> tuple[Alarm, ...]:
        """What is wrong in one of its frames, its losses held against those before it: judged
        once, whoever asks and however often.
        """
        found = self._alarms.get(frame)
        if found is None:
            before = [each for each in self.frames if each.step <= frame.step]
            found = self._alarms[frame] = alarms(before, thresholds=self.thresholds)
        return found

    @property
    def frames(self) -> list[Frame]:
        """The kept frames, oldest first."""
        return [kept.frame for kept in self._kept]

    @property
    def size(self) -> int:
        """Bytes of the kept frames' arrays."""
        return sum(kept.size for kept in self._kept)

    @property
    def keeps_weights(self) -> bool:
        """Whether the network can be had in every frame."""
        return all(frame.weights is not None for frame in self.frames)

    def network(self, frame: Frame) -> Frame:
        """The frame that holds the network of this one: the last, where this keeps no weights. That
        has none either where nothing is kept of the network.
        """
        return self.frames[-1] if frame.weights is None else frame

    @property
    def stride(self) -> int:
        """Every so many frames are kept, and the newest."""
        return self._stride

    @property
    def measured(self) -> int:
        """How many times were ever measured."""
        return len(self._history)

    @property
    def history(self) -> History:
        """Scalar name -> (times ever measured,): epoch, step, losses, parameter-gradient norms."""
        table = np.array(self._history, dtype=np.float64).reshape(-1, len(SCALARS))
        return {name: table[:, column] for column, name in enumerate(SCALARS)}

    def at(self, step: int | None) -> Frame | None:
        """The newest kept frame not after `step`; the newest of all for None."""
        frames = self.frames
        if step is None or not frames:
            return frames[-1] if frames else None
        return max((f for f in frames if f.step <= step), key=lambda f: f.step, default=frames[0])

    def since(self, step: int) -> list[Frame]:
        """The kept frames after `step`."""
        return [frame for frame in self.frames if frame.step > step]
