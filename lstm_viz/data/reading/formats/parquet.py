"""Parquet and Arrow (Feather) files, by pyarrow: flat columns; lists and structs are left out."""

import re
from typing import TYPE_CHECKING, Any

from lstm_viz.data.reading.ceilings import MAX_UNPACKED, check_bytes, check_table
from lstm_viz.data.reading.found import Found, no_rows
from lstm_viz.data.reading.structure.rows import framed
from lstm_viz.errors import DataError
from lstm_viz.words import N_

if TYPE_CHECKING:
    import pandas as pd

INDEX = re.compile(r"__index_level_\d+__")
"""What pandas calls an index without a name."""


def read_parquet(data: bytes, filename: str) -> Found:
    """The table of a Parquet file. Raises DataError for one that says that it is too large."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(pa.BufferReader(data), pre_buffer=False)
    facts = file.metadata
    check_table(filename, facts.num_rows, facts.num_columns)
    groups = [facts.row_group(place) for place in range(facts.num_row_groups)]
    check_bytes(filename, sum(group.total_byte_size for group in groups), MAX_UNPACKED)
    wanted = _wanted(file.schema_arrow, filename)
    # words stay in their dictionary: a long one, named in each row, would grow without end
    words = [f.name for f in file.schema_arrow if _is_words(f.type)]
    file = pq.ParquetFile(pa.BufferReader(data), read_dictionary=words, pre_buffer=False)
    return _found(file.read(columns=wanted, use_threads=False), file.schema_arrow.names, filename)


def read_arrow(data: bytes, filename: str) -> Found:
    """The table of an Arrow file, as Feather is."""
    import pyarrow as pa

    file = pa.ipc.open_file(pa.BufferReader(data))
    wanted = _wanted(file.schema, filename)
    table = file.read_all()
    check_table(filename, table.num_rows, table.num_columns)
    return _found(table.select(wanted), file.schema.names, filename)


def _wanted(schema: Any, filename: str) -> list[str]:
    wanted = [field.name for field in schema if _plain(field.type)]
    if not wanted or len(set(schema.names)) < len(schema.names):
        raise DataError(
            N_("'{file}' has no plain columns of different names. Write a table of numbers to it."),
            file=filename,
        )
    return wanted


def _found(table: Any, names: list[str], filename: str) -> Found:
    if not table.num_rows:
        raise no_rows(filename)
    wanted = table.column_names
    ordered = sorted(wanted, key=lambda name: INDEX.fullmatch(name) is None)
    titles = ["index" if INDEX.fullmatch(name) else name for name in ordered]
    columns: list[Any] = [_cells(table.column(name)) for name in ordered]
    left_out = tuple(name for name in names if name not in wanted)
    return Found(framed(columns), tuple(titles), left_out=left_out)


def _is_words(form: Any) -> bool:
    import pyarrow.types as forms

    return bool(forms.is_string(form) or forms.is_large_string(form))


def _plain(form: Any) -> bool:
    import pyarrow.types as forms

    if forms.is_dictionary(form):
        return _plain(form.value_type)
    return _is_words(form) or any(
        test(form)
        for test in (
            forms.is_integer,
            forms.is_floating,
            forms.is_boolean,
            forms.is_decimal,
            forms.is_date,
            forms.is_timestamp,
        )
    )


def _cells(column: Any) -> "pd.Series":
    """A column as pandas has it, words as objects shared between the rows."""
    import pyarrow as pa
    import pyarrow.types as forms

    if forms.is_decimal(column.type):
        column = column.cast(pa.float64())
    elif forms.is_date(column.type):
        column = column.cast(pa.timestamp("s" if forms.is_date32(column.type) else "ms"))
    made: pd.Series = column.to_pandas()
    if str(made.dtype) == "category":
        words = _is_words(column.type.value_type)
        made = made.astype(object) if words else made.astype(object).infer_objects()
    return made
