"""What the pages of a Parquet file say they unpack to, before anything is.

A page's header stands before it in Thrift's compact protocol; a reader makes room for as many
bytes as it claims. Sources: parquet-format, README and parquet.thrift (PageHeader: 2 is
uncompressed_page_size, 3 is compressed_page_size); Thrift compact protocol specification.
"""

from collections.abc import Iterable
from typing import Any

from lstm_viz.data.reading.ceilings import MAX_UNPACKED, check_bytes
from lstm_viz.data.reading.tables import Source

MAX_PAGES = 100_000
MAX_DEPTH = 20
TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)


def check_pages(source: Source, groups: Iterable[Any]) -> None:
    """Raise DataError where the pages claim more than `MAX_UNPACKED`.

    `groups` are pyarrow's row groups. Raises IndexError or ValueError for headers that are none.
    """
    unpacked, pages = 0, 0
    for group in groups:
        for place in range(group.num_columns):
            chunk = group.column(place)
            start = chunk.data_page_offset
            if chunk.has_dictionary_page and chunk.dictionary_page_offset is not None:
                start = min(start, chunk.dictionary_page_offset)
            end = start + chunk.total_compressed_size
            if not 0 < start <= end <= len(source.data):
                raise ValueError("a column lies outside the file")
            while start < end:
                header = _Thrift(source.data, start)
                sizes = header.whole_numbers()
                start = header.place + sizes[3]
                unpacked, pages = unpacked + sizes[2], pages + 1
                if min(sizes[2], sizes[3]) < 0 or pages > MAX_PAGES:
                    raise ValueError("a page of no sense")
                check_bytes(source.filename, unpacked, MAX_UNPACKED)


class _Thrift:
    """A reader of one struct in the compact protocol."""

    def __init__(self, data: bytes, place: int) -> None:
        self.data, self.place = data, place

    def whole_numbers(self, depth: int = 0) -> dict[int, int]:
        """The fields of a struct that are whole numbers; others are passed over."""
        if depth > MAX_DEPTH:
            raise ValueError("nested too deep")
        found: dict[int, int] = {}
        field = 0
        while kind := self._byte():
            step, kind = kind >> 4, kind & 15
            field = field + step if step else self._signed()
            if kind in (I16, I32, I64):
                found[field] = self._signed()
            elif kind not in (TRUE, FALSE):
                self._pass_over(kind, depth)
        return found

    def _byte(self) -> int:
        self.place += 1
        return self.data[self.place - 1]

    def _unsigned(self) -> int:
        number, shift = 0, 0
        while shift < 70:
            byte = self._byte()
            number |= (byte & 127) << shift
            if byte < 128:
                return number
            shift += 7
        raise ValueError("a number without end")

    def _signed(self) -> int:
        number = self._unsigned()
        return number >> 1 ^ -(number & 1)

    def _pass_over(self, kind: int, depth: int) -> None:
        match kind:
            case 1 | 2 | 3:
                self.place += 1
            case 4 | 5 | 6:
                self._unsigned()
            case 7:
                self.place += 8
            case 8:
                length = self._unsigned()
                self.place += length
            case 9 | 10:
                self._pass_over_list(depth)
            case 12:
                self.whole_numbers(depth + 1)
            case _:
                raise ValueError("no such kind of field in a page's header")

    def _pass_over_list(self, depth: int) -> None:
        head = self._byte()
        count = head >> 4 if head >> 4 < 15 else self._unsigned()
        if count > MAX_PAGES:
            raise ValueError("a list without end")
        for _ in range(count):
            self._pass_over(head & 15, depth + 1)
