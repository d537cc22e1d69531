"""Parquet files, by pyarrow, after their own account of their size was checked."""

import re
from typing import TYPE_CHECKING, Any

from lstm_viz.data.reading.ceilings import MAX_UNPACKED, check_bytes, check_table
from lstm_viz.data.reading.naming import unique
from lstm_viz.data.reading.parquet_pages import check_pages
from lstm_viz.data.reading.single_values import framed, no_rows
from lstm_viz.data.reading.tables import Found, Source
from lstm_viz.errors import DataError
from lstm_viz.words import N_

if TYPE_CHECKING:
    import pandas as pd

INDEX = re.compile(r"__index_level_\d+__")
"""What pandas calls an index without a name."""
MAX_METADATA = 16 * 2**20


def read_parquet(source: Source) -> Found:
    """The flat columns of numbers, dates, truth values and words; lists and structs are left out.

    Raises DataError for a file that says, or whose pages say, that it is too large.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = _checked(source)
    wanted = [field.name for field in schema if _plain(field.type)]
    if not wanted or len(set(schema.names)) < len(schema.names):
        raise DataError(
            N_(
                "'{file}' has no plain columns of different names. Write a table of numbers to it "
                "and upload it again."
            ),
            file=source.filename,
        )
    words = [field.name for field in schema if _is_words(field.type)]
    # words stay in their dictionary: a long one, named in each row, would grow without end
    file = pq.ParquetFile(pa.BufferReader(source.data), read_dictionary=words, pre_buffer=False)
    table = file.read(columns=wanted, use_threads=False)
    ordered = sorted(wanted, key=lambda name: INDEX.fullmatch(name) is None)
    columns = {place: _cells(table.column(name)) for place, name in enumerate(ordered)}
    titles = ["index" if INDEX.fullmatch(name) else name for name in ordered]
    left_out = unique([name for name in schema.names if name not in wanted])
    return framed(titles, columns, left_out=left_out)


def _checked(source: Source) -> Any:
    """The schema of a file that is not too large by its own account."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(
        pa.BufferReader(source.data),
        thrift_string_size_limit=MAX_METADATA,
        thrift_container_size_limit=1_000_000,
        pre_buffer=False,
    )
    facts = file.metadata
    check_table(source.filename, facts.num_rows, facts.num_columns)
    groups = [facts.row_group(place) for place in range(facts.num_row_groups)]
    check_bytes(source.filename, sum(group.total_byte_size for group in groups), MAX_UNPACKED)
    if sum(group.num_rows for group in groups) != facts.num_rows:
        raise ValueError("row groups and rows differ")
    if not facts.num_rows:
        raise no_rows(source.filename)
    check_pages(source, groups)
    return file.schema_arrow


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
