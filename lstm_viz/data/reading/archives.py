"""Zip archives, which `.xlsx` and `.npz` files are, unpacked within bounds.

An archive's own word about its sizes is not taken: what is unpacked is counted.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator

from lstm_viz.data.reading.ceilings import MAX_SHEET_CELLS, MAX_UNPACKED, check_bytes
from lstm_viz.errors import DataError
from lstm_viz.words import N_

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
CHUNK = 2**16
MAX_MEMBERS = 10_000
MAX_TAGS = 6 * MAX_SHEET_CELLS
"""A cell has two or three."""
ENCRYPTED = 1
"""Bit of a member's flags."""


def broken(filename: str) -> DataError:
    """The refusal of a file whose inside does not hold together."""
    return DataError(
        N_(
            "'{file}' is damaged or cut off and cannot be read. Save it anew from the program it "
            "comes from and upload it again."
        ),
        file=filename,
    )


class Archive:
    """A zip archive's members; raises DataError for one that is damaged."""

    def __init__(self, data: bytes, filename: str) -> None:
        self.filename = filename
        self.left = MAX_UNPACKED
        """Bytes that may still be unpacked."""
        self.tags_left = MAX_TAGS
        """Tags of XML that may still be walked through."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise broken(filename) from error
        self.names = tuple(self._zip.namelist())
        claimed = sum(member.file_size for member in self._zip.infolist())
        check_bytes(filename, claimed, MAX_UNPACKED)
        if len(self.names) > MAX_MEMBERS:
            raise broken(filename)

    def chunks(self, name: str) -> Iterator[bytes]:
        """A member's bytes, a little at a time.

        Raises DataError for one that is missing, damaged, encrypted, or larger than it says.
        """
        member = self._zip.NameToInfo.get(name)
        if member is None:
            raise broken(self.filename)
        if member.flag_bits & ENCRYPTED:
            raise DataError(
                N_("'{file}' is protected by a password. Remove it and upload the file again."),
                file=self.filename,
            )
        # bzip2 and LZMA are unpacked by zipfile a whole block at a time, however large
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise broken(self.filename)
        try:
            with self._zip.open(member) as file:
                while chunk := file.read(CHUNK):
                    self.left -= len(chunk)
                    if self.left < 0:
                        check_bytes(self.filename, MAX_UNPACKED + 1, MAX_UNPACKED)
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
            raise broken(self.filename) from error

    def read(self, name: str) -> bytes:
        """A member's bytes, whole."""
        return b"".join(self.chunks(name))
