"""Plain texts, to learn letter by letter."""

from lstm_viz.data.reading.ceilings import MAX_LETTERS
from lstm_viz.data.reading.reading import Reading
from lstm_viz.errors import DataError
from lstm_viz.words import N_, Sentence

LEAST_LETTERS = 0.2
"""Share of letters from which on a text that is no table is meant to be read as a text."""
SAMPLE = 100_000


def read_text(text: str, filename: str, encoding: str, notes: tuple[Sentence, ...] = ()) -> Reading:
    """A plain text. Raises DataError for one that is too long."""
    import pandas as pd

    if len(text) > MAX_LETTERS:
        raise DataError(
            N_(
                "'{file}' has {got:,} letters and at most {most:,} can be read. "
                "Keep a part of it and upload that."
            ),
            file=filename,
            got=len(text),
            most=MAX_LETTERS,
        )
    layout = {"format": "text", "encoding": encoding, "units": {}}
    return Reading(filename, pd.DataFrame(), text=text, layout=layout, sentences=notes)


def looks_like_prose(text: str) -> bool:
    """Whether letters rather than numbers make up a text, so far as a sample shows."""
    sample = "".join(text[:SAMPLE].split())
    return sum(map(str.isalpha, sample)) > LEAST_LETTERS * len(sample)
