"""Files as the tables that the app learns from."""

from typing import Any

from lstm_viz.data.reading.read import read
from lstm_viz.data.reading.tables import Table, table_of


def read_table(data: bytes, name: str = "it.csv", **how: Any) -> Table:
    return table_of(read(data, name=name, **how))
