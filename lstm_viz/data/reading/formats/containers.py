"""Packed files: gzip, bzip2, xz and zip, with one table in them or several to choose from.

What their libraries raise of a damaged one, `read_bytes` makes one sentence of.
"""

import bz2
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from typing import IO, Any

from lstm_viz.data.reading.ceilings import MAX_UNPACKED, check_bytes
from lstm_viz.data.reading.how import How
from lstm_viz.errors import DataError
from lstm_viz.words import N_, Sentence

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
PACKED: tuple[tuple[bytes, Callable[[IO[bytes]], Any], tuple[str, ...]], ...] = (
    (b"\x1f\x8b", lambda file: gzip.GzipFile(fileobj=file), (".gz", ".gzip")),
    (b"BZh", bz2.BZ2File, (".bz2",)),
    (b"\xfd7zXZ", lzma.LZMAFile, (".xz",)),
)
"""How each begins -> what unpacks it, and the endings it is called by."""
CHUNK = 2**20
ENCRYPTED = 1
"""Bit of a member's flags."""


def broken(filename: str) -> DataError:
    """The refusal of a file whose inside does not hold together."""
    return DataError(
        N_(
            "'{file}' is damaged or cut off and cannot be read. Save it anew from the program it "
            "comes from."
        ),
        file=filename,
    )


def locked(filename: str) -> DataError:
    """The refusal of what only a password opens."""
    return DataError(
        N_("'{file}' is protected by a password. Remove the password."),
        file=filename,
    )


def unpacked(data: bytes, filename: str) -> tuple[bytes, str] | None:
    """(what a packed file holds, its name); None of one that is not packed."""
    for start, opened, endings in PACKED:
        if data.startswith(start):
            with opened(io.BytesIO(data)) as file:
                inner = _read(file, filename)
            ending = next((e for e in endings if filename.lower().endswith(e)), "")
            return inner, filename[: len(filename) - len(ending)]
    return None


def _read(file: Any, filename: str) -> bytes:
    chunks, size = [], 0
    while chunk := file.read(CHUNK):
        size += len(chunk)
        check_bytes(filename, size, MAX_UNPACKED)
        chunks.append(chunk)
    return b"".join(chunks)


class Archive:
    """A zip archive's files."""

    def __init__(self, data: bytes, filename: str) -> None:
        self.filename = filename
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self.names = tuple(
            each.filename
            for each in self._zip.infolist()
            if not each.is_dir()
            and not each.filename.startswith("__MACOSX/")
            and not PurePosixPath(each.filename).name.startswith(".")
        )

    def check(self) -> None:
        """Raise DataError where all together say that they are too large, or one is locked."""
        members = self._zip.infolist()
        check_bytes(self.filename, sum(each.file_size for each in members), MAX_UNPACKED)
        if any(each.flag_bits & ENCRYPTED for each in members):
            raise locked(self.filename)

    def read(self, name: str) -> bytes:
        """A member's bytes. Raises DataError for one that is damaged, locked or too large."""
        member = self._zip.getinfo(name)
        if member.flag_bits & ENCRYPTED:
            raise locked(self.filename)
        with self._zip.open(member) as file:
            return _read(file, self.filename)

    def member(self, how: How, readable: Callable[[str], bool]) -> str:
        """The file that is told, or the largest that may be a table. Raises DataError for none."""
        if how.member:
            if how.member in self.names:
                return how.member
            raise DataError(
                N_("'{file}' holds no file called '{member}'. Choose another."),
                file=self.filename,
                member=how.member,
            )
        tables = [name for name in self.names if readable(name)]
        if not tables:
            raise DataError(
                N_("'{file}' is a zip archive without a table in it. Upload a table itself."),
                file=self.filename,
            )
        return max(tables, key=lambda name: self._zip.getinfo(name).file_size)


def said_of_others(words: str, name: str, names: Iterable[str]) -> tuple[Sentence, ...]:
    """Which of several was read; `words` are marked and have {name} and {others}."""
    others = ", ".join([each for each in names if each != name][:10])
    return (Sentence(words, {"name": name, "others": others}),) if others else ()
