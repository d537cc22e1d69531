"""A hostile file, and what must come of it."""

import struct
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import NamedTuple

READS = "reads"


class Case(NamedTuple):
    """A file that must be read, or refused in one sentence."""

    what: str
    name: str
    """Its file name, which may lie."""
    make: Callable[[], bytes]
    said: str = READS
    """A fragment of the refusal."""


def rows(header: str, row: str, count: int = 12) -> bytes:
    """A header and rows made from their number."""
    return "\n".join([header, *(row.format(i) for i in range(count))]).encode()


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


def claiming(archive: bytes, size: int, crc: int | None = None, flags: int = 0) -> bytes:
    """An archive whose first member says in the directory that it has another size."""
    changed = bytearray(archive)
    place = changed.index(b"PK\x01\x02")
    struct.pack_into("<L", changed, place + 24, size)
    if crc is not None:
        struct.pack_into("<L", changed, place + 16, crc)
    if flags:
        struct.pack_into("<H", changed, place + 8, flags)
        struct.pack_into("<H", changed, changed.index(b"PK\x03\x04") + 6, flags)
    return bytes(changed)
