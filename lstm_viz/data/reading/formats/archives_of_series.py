"""Data sets for classification: ARFF files, and .ts files as the UEA and UCR archives have them."""

import io
import re

import numpy as np

from lstm_viz.data.reading.ceilings import check_table
from lstm_viz.data.reading.formats.containers import broken
from lstm_viz.data.reading.formats.variables import as_word
from lstm_viz.data.reading.found import Found, Sequences
from lstm_viz.data.reading.structure.rows import framed
from lstm_viz.errors import DataError
from lstm_viz.words import N_, Sentence

ARFF = re.compile(r"(?:\s*(?:%[^\n]*)?\n)*+\s*@relation\b", re.I)
TS = re.compile(
    r"(?:\s*(?:#[^\n]*)?\n)*+\s*@(?:problemname|timestamps|univariate|missing|dimensions)\b", re.I
)
MAX_STEPS = 20_000


def read_arff(text: str, filename: str) -> Found | Sequences:
    """A table, or a sequence a row where one attribute of words follows many of numbers."""
    from scipy.io import arff

    try:
        values, facts = arff.loadarff(io.StringIO(text))
    except NotImplementedError:
        raise DataError(
            N_(
                "'{file}' has attributes of words or relations, which are not read from ARFF. "
                "Save it as CSV, or as .ts where each case is a sequence."
            ),
            file=filename,
        ) from None
    except Exception as error:  # whatever a library makes of a hostile file is this one mistake
        raise _other_form(text, filename) or broken(filename) from error
    names, kinds = facts.names(), facts.types()
    check_table(filename, len(values), len(names))
    words = [place for place, kind in enumerate(kinds) if kind == "nominal"]
    if len(words) == 1 and words[0] in (0, len(names) - 1) and len(names) > 12:
        others = [name for place, name in enumerate(names) if place != words[0]]
        numbers = np.stack([values[name].astype(np.float64) for name in others], axis=1)
        return Sequences(numbers[:, :, None], values[names[words[0]]].astype(str))
    columns = [
        [*map(as_word, values[name])] if kind == "nominal" else values[name]
        for name, kind in zip(names, kinds, strict=True)
    ]
    return Found(framed(columns), tuple(names))


def _other_form(text: str, filename: str) -> DataError | None:
    """The refusal of what only begins like an ARFF table."""
    if re.search(r"(?mi)^@(?:frequency|horizon|equallength)\b", text):
        words = N_(
            "'{file}' is a .tsf file of the Monash archive, which is not read here. Save it as "
            "CSV with a column a series."
        )
    elif re.search(r"(?i)@data[ \t]*\n(?:[ \t]*(?:%[^\n]*)?\n)*+[ \t]*\{", text):
        words = N_(
            "'{file}' is a sparse ARFF file, which is not read here. Save it as "
            "CSV, zeros included."
        )
    else:
        return None
    return DataError(words, file=filename)


def read_ts(text: str, filename: str) -> Sequences:
    """The cases of a .ts file: dimensions between colons, values between commas, the class last.

    A number to be told of a case instead of a class is left out, and that is said. Cases of unlike
    lengths are filled up with NaN. Raises DataError for values with times of
    their own, and for a case that is none.
    """
    head, _, body = re.sub(r"(?m)^#.*\n?", "", text).partition("@data")
    told = dict(re.findall(r"(?mi)^@(\w+)[ \t]+(.+?)\s*$", head))
    lower = {name.lower(): value for name, value in told.items()}
    if lower.get("timestamps", "false").lower() == "true":
        raise DataError(
            N_("'{file}' has a time for each value, which is not read from .ts. Save it as CSV."),
            file=filename,
        )
    aimed = lower.get("targetlabel", "false").lower().startswith("true")
    labelled = lower.get("classlabel", str(not aimed)).lower().startswith("true")
    cases, labels = [], []
    for line in filter(None, map(str.strip, body.split("\n"))):
        parts = line.split(":")
        if labelled or aimed:
            labels.append(parts.pop())
        cases.append([np.array(part.replace("?", "nan").split(","), np.float64) for part in parts])
    dimensions = {len(case) for case in cases}
    if len(dimensions) != 1 or dimensions == {0}:
        raise broken(filename)
    longest = max(len(values) for case in cases for values in case)
    check_table(filename, len(cases) * longest, len(cases[0]))
    made = np.full((len(cases), longest, len(cases[0])), np.nan)
    for place, case in enumerate(cases):
        for dimension, values in enumerate(case):
            made[place, : len(values), dimension] = values
    words = N_(
        "The last number of each case is a target to be estimated, no class: it was left out."
    )
    notes = (Sentence(words),) if aimed and not labelled else ()
    return Sequences(made, np.array(labels) if labelled else None, notes=notes)
