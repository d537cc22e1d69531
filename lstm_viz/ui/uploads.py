"""What visitors brought along, and how much of it a server keeps, and for how long."""

import hashlib
import sys
import threading
import time
from dataclasses import dataclass, field

from lstm_viz.data.reading.naming import one_line
from lstm_viz.data.reading.reader import read
from lstm_viz.data.reading.tables import Table, Text, Told
from lstm_viz.errors import DataError
from lstm_viz.words import N_

MEGABYTE = 2**20


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

    content: Table | Text
    data: bytes
    """The file itself, to be read again when the user corrects how; empty where nothing can be."""
    name: str
    id: str
    """The same for the same file, read the same way."""

    @classmethod
    def of(cls, data: bytes, name: str, told: Told | None = None) -> "Upload":
        """Read a file. Raises DataError for one that cannot be read."""
        name = one_line(name)
        content = read(data, name, told)
        by_hand = isinstance(content, Text) or content.dialect is not None or content.sheets
        digest = hashlib.sha256(data + repr((name, told)).encode())
        return cls(content, data if by_hand else b"", name, digest.hexdigest()[:12])

    @property
    def size(self) -> int:
        """Bytes that are kept of it."""
        if isinstance(self.content, Text):
            return len(self.data) + sys.getsizeof(self.content.text)
        index = 0 if self.content.index is None else self.content.index.nbytes
        return len(self.data) + index + sum(each.values.nbytes for each in self.content.columns)


@dataclass
class Uploads:
    """One file a visitor at most; what takes its place, or whose visitor is gone, is let go of."""

    limits: UploadLimits = field(default_factory=UploadLimits)
    _kept: dict[str, Upload] = field(default_factory=dict)
    _gone: dict[str, float] = field(default_factory=dict)
    """Visitor -> since when their tab is closed."""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _reading: threading.Lock = field(default_factory=threading.Lock)

    def of(self, viewer: str) -> Upload | None:
        """What a visitor brought along."""
        return self._kept.get(viewer)

    def take(self, viewer: str, data: bytes, name: str, told: Told | None = None) -> Upload:
        """Read a file and keep it in the place of the former one, which stays if this one cannot.

        One at a time is read, since reading takes several times what is kept. Raises DataError
        for a file that cannot be read, or for which there is no room.
        """
        with self._reading:
            upload = Upload.of(data, name, told)
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
                        "There is no room for '{file}' now: other visitors' files take up what "
                        "this server keeps. Try again in a few minutes, or with a smaller file."
                    ),
                    file=upload.name,
                )
            self._kept[viewer] = upload
            self._gone.pop(viewer, None)

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
        """Let go of the files of those who cannot come back."""
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
                "'{file}' takes {got:,} MB when it is read and this server keeps at most {most:,} "
                "MB for each visitor. Keep the columns and rows you need and upload it again."
            ),
            file=upload.name,
            got=-(-upload.size // MEGABYTE),
            most=most // MEGABYTE,
        )
