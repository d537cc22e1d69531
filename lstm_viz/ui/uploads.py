"""What visitors brought along, and how much of it a server keeps, and for how long."""

import hashlib
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.naming import one_line
from lstm_viz.data.reading.process import Reader
from lstm_viz.data.reading.reading import Reading
from lstm_viz.data.reading.tables import Labelled, Stacked, Table, Text, content_of
from lstm_viz.errors import DataError
from lstm_viz.words import N_

MEGABYTE = 2**20
READER_SECONDS = 300.0
"""So long the process that reads files waits for the next one."""


@dataclass(frozen=True)
class UploadLimits:
    """How much of what visitors bring along is kept, in bytes as read, and for how long."""

    upload_bytes: int = 128 * MEGABYTE
    """Of one visitor."""
    uploads_bytes: int = 256 * MEGABYTE
    """Of all together."""
    upload_seconds: float = 120.0
    """After a tab was closed. So long Streamlit keeps the session of a dropped connection; then
    nobody can come back to it."""


@dataclass(frozen=True, eq=False)
class Upload:
    """What a visitor brought along."""

    reading: Reading
    content: Table | Text | Labelled
    """What of it is learned from where nothing else is chosen."""
    data: bytes
    """The file itself, to be read again when the user corrects how."""
    how: How
    """What the user told."""
    _taken: dict[tuple[Stacked, str], Table | Text | Labelled] = field(
        default_factory=dict, repr=False
    )
    """What of it was last learned from."""

    @property
    def name(self) -> str:
        """The file's name."""
        return self.reading.name

    @cached_property
    def id(self) -> str:
        """The same for the same file, read the same way."""
        told = repr((self.name, self.how)).encode()
        return hashlib.sha256(self.data + told).hexdigest()[:12]

    @classmethod
    def of(
        cls,
        data: bytes,
        name: str,
        how: How | None,
        read: Callable[[bytes, str, How], Reading],
    ) -> "Upload":
        """Read a file. Raises DataError for one that cannot be read."""
        how = how or How()
        reading = read(data, one_line(name), how)
        return cls(reading, content_of(reading), data, how)

    def series_of(self, stacked: Stacked, entity: str) -> tuple[Stacked, str]:
        """What is learned from of the series that are stacked in it, where that is asked for."""
        names = self.reading.entities
        if not names:
            return "one", ""
        return stacked, entity if stacked == "one" and entity in names else ""

    def taken(self, stacked: Stacked, entity: str) -> Table | Text | Labelled:
        """What of it is learned from then."""
        key = self.series_of(stacked, entity)
        if key == ("one", ""):
            return self.content
        if key not in self._taken:
            self._taken.clear()
            self._taken[key] = content_of(self.reading, key[1], key[0])
        return self._taken[key]

    @property
    def size(self) -> int:
        """Bytes that are kept of it."""
        text = sys.getsizeof(self.reading.text) if self.reading.text is not None else 0
        frames = (each for each in (self.reading.frame, self.reading.stacked) if each is not None)
        arrays = (self.reading.sequences, self.reading.codes)
        held = sum(each.nbytes for each in arrays if each is not None)
        return len(self.data) + text + held + sum(_bytes(each) for each in frames)


def _bytes(frame: Any) -> int:
    counted = getattr(frame.index, "dtype", None) == "int64"
    return int(frame.memory_usage(index=not counted).sum())


@dataclass
class Uploads:
    """One file a visitor at most; what takes its place, or whose visitor is gone, is let go of."""

    limits: UploadLimits = field(default_factory=UploadLimits)
    reader: Reader = field(default_factory=Reader)
    _kept: dict[str, Upload] = field(default_factory=dict)
    _gone: dict[str, float] = field(default_factory=dict)
    """Visitor -> since when their tab is closed."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, viewer: str) -> Upload | None:
        """What a visitor brought along."""
        return self._kept.get(viewer)

    def take(self, viewer: str, data: bytes, name: str, how: How | None = None) -> Upload:
        """Read a file and keep it in the place of the former one, which stays if this one cannot.

        One at a time is read, in a process of its own. Raises DataError for a file that cannot be
        read, or for which there is no room.
        """
        upload = Upload.of(data, name, how, self.reader.read)
        self.keep(viewer, upload)
        return upload

    def keep(self, viewer: str, upload: Upload) -> None:
        """Raises DataError where there is no room for it."""
        with self._lock:
            _check(upload, self.limits.upload_bytes)
            others = sum(each.size for who, each in self._kept.items() if who != viewer)
            for gone in sorted(self._gone, key=self._gone.__getitem__):
                if others + upload.size <= self.limits.uploads_bytes:
                    break
                if gone != viewer:
                    others -= self._forget(gone)
            if others + upload.size > self.limits.uploads_bytes:
                raise DataError(
                    N_(
                        "No room for '{file}' now: other visitors' files fill this server. Try "
                        "again in a few minutes, or with a smaller file."
                    ),
                    file=upload.name,
                )
            self._kept[viewer] = upload
            self._gone.pop(viewer, None)

    def expect(self) -> None:
        """A file may come: have the process that reads it started."""
        self.reader.start()

    def close(self) -> None:
        """End the process that reads."""
        self.reader.close()

    def drop(self, viewer: str) -> None:
        """Let go of what a visitor brought along."""
        with self._lock:
            self._forget(viewer)

    def come(self, viewer: str) -> None:
        """A visitor is here."""
        self._gone.pop(viewer, None)

    def leave(self, viewer: str, now: float | None = None) -> None:
        """A visitor's tab was closed, or lost its connection."""
        if viewer in self._kept:
            self._gone.setdefault(viewer, time.monotonic() if now is None else now)

    def tidy(self, now: float | None = None) -> None:
        """Let go of the files of those who cannot come back, and of a reader that has no work."""
        self.reader.rest(READER_SECONDS)
        now = time.monotonic() if now is None else now
        with self._lock:
            for viewer, since in list(self._gone.items()):
                if now - since >= self.limits.upload_seconds:
                    self._forget(viewer)

    @property
    def size(self) -> int:
        """Bytes of all together."""
        return sum(each.size for each in list(self._kept.values()))

    def _forget(self, viewer: str) -> int:
        self._gone.pop(viewer, None)
        forgotten = self._kept.pop(viewer, None)
        return forgotten.size if forgotten else 0


def _check(upload: Upload, most: int) -> None:
    if upload.size > most:
        raise DataError(
            N_(
                "'{file}' takes {got:,} MB when read; this server keeps {most:,} MB a visitor. "
                "Keep the columns and rows you need."
            ),
            file=upload.name,
            got=-(-upload.size // MEGABYTE),
            most=most // MEGABYTE,
        )
