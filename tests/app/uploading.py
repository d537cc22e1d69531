"""Files that visitors brought along, read in the tests' own process."""

from lstm_viz.data.reading.read import read_bytes
from lstm_viz.ui.uploads import Upload


def upload_of(data: bytes, name: str) -> Upload:
    return Upload.of(data, name, None, read_bytes)
