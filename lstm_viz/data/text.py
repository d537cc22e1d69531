"""Texts, read letter by letter: a text as a dataset, and texts that every Python brings along."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lstm_viz.data.dataset import Dataset, Scaler
from lstm_viz.data.parameters import Parameter, complete, find
from lstm_viz.data.reading.ceilings import MAX_LETTERS
from lstm_viz.data.windows import WindowSpec, splits
from lstm_viz.errors import DataError
from lstm_viz.words import N_

Codes = npt.NDArray[np.uint8]

MIN_WINDOWS = 10
MAX_SYMBOLS = 255
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
"""What stands for the rarest characters of a text that has more kinds than fit."""


def text_dataset(
    text: str,
    name: str,
    window: int = 50,
    validation_share: float = 0.2,
    test_share: float = 0.1,
) -> Dataset:
    """Windows of a text, one after the other: after each character, which one is next?

    A text of more than 255 kinds of characters keeps the 254 most frequent; a `REPLACEMENT`
    stands for the others. Chance is the answer of who knows how frequent each character is, and
    nothing else: its cross-entropy -Σ q ln p in nats, and the share of the most frequent one,
    both known from the training part (p, with 1 added to each count so that none is 0) and
    measured on the validation part (q). Raises DataError for a text that is too short, too long
    or always the same character, ConfigError for a setting out of range.

    >>> data = text_dataset("the cat sat on the mat. " * 50, "cats", window=20)
    >>> data.symbols, data.part("training")[0].shape
    ((' ', '.', 'a', 'c', 'e', 'h', 'm', 'n', 'o', 's', 't'), (41, 20, 1))
    """
    spec = WindowSpec(window=window, validation_share=validation_share, test_share=test_share)
    _check_length(text, name, spec)
    symbols = _symbols_of(text)
    if len(symbols) == 1:
        raise DataError(
            N_("'{name}' is one character throughout: there is nothing to learn. Take another."),
            name=name,
        )
    codes = encode(text, symbols)
    split, test_split = splits(len(codes), spec)
    return Dataset(
        name=name,
        values=codes[:, None],
        answers=None,
        window=window,
        horizon=1,
        split=split,
        test_split=test_split,
        scaler=Scaler(),
        input_names=(N_("character"),),
        target_names=(N_("next character"),),
        problem="classes",
        every_step=True,
        symbols=symbols,
        classes=symbols,
        stride=window,
    )


def _check_length(text: str, name: str, spec: WindowSpec) -> None:
    """Raise DataError unless there are `MIN_WINDOWS`, and one in each part."""
    later = min(share for share in (spec.validation_share, spec.test_share) if share)
    # One row more for the last answer, and one that the rounding of the others may take.
    training = (spec.window + 2) / (1 - spec.validation_share - spec.test_share)
    need = max(MIN_WINDOWS * spec.window, math.ceil(spec.window / later), math.ceil(training))
    if len(text) < need:
        raise DataError(
            N_(
                "'{name}' has {got:,} characters, and windows of {window} need at least {need:,}. "
                "Shorten the window or take a longer text."
            ),
            name=name,
            got=len(text),
            window=spec.window,
            need=need,
        )
    if len(text) > MAX_LETTERS:
        raise DataError(
            N_(
                "'{name}' has {got:,} characters and at most {most:,} can be read. "
                "Take a part of it."
            ),
            name=name,
            got=len(text),
            most=MAX_LETTERS,
        )


def _symbols_of(text: str) -> tuple[str, ...]:
    """The characters of a text in order, the rarest replaced where they are too many."""
    counts = Counter(text)
    if len(counts) <= MAX_SYMBOLS:
        return tuple(sorted(counts))
    del counts[REPLACEMENT]  # it has its place anyway
    frequent = sorted(counts, key=lambda character: (-counts[character], character))
    return tuple(sorted([*frequent[: MAX_SYMBOLS - 1], REPLACEMENT]))


def encode(text: str, symbols: Sequence[str]) -> Codes:
    """(T,) the place of each character among `symbols`; unknown ones become `REPLACEMENT`.

    Raises DataError, with the characters' names, where `symbols` has no replacement for them.

    >>> encode("abba", ("a", "b"))
    array([0, 1, 1, 0], dtype=uint8)
    """
    places = {symbol: code for code, symbol in enumerate(symbols)}
    unknown = sorted(set(text) - set(places))
    if unknown and REPLACEMENT not in places:
        raise DataError(
            N_(
                "The text that was learned has no {characters}. "
                "Write with the characters that it has."
            ),
            characters=", ".join(repr(character) for character in unknown[:10]),
        )
    for character in unknown:
        places[character] = places[REPLACEMENT]
    return np.fromiter((places[character] for character in text), np.uint8, len(text))


def decode(codes: npt.NDArray[Any], symbols: Sequence[str]) -> str:
    """The text of (T,) codes.

    >>> decode(np.array([0, 1, 1, 0]), ("a", "b"))
    'abba'
    """
    return "".join(symbols[code] for code in codes)


@dataclass(frozen=True)
class Corpus:
    """A text that is there without a download; `label` and `note` are marked for translation."""

    label: str
    note: str
    read: Callable[[], str]
    parameters: Mapping[str, Parameter]


def corpus(name: str, characters: int = 100_000) -> str:
    """The first `characters` of a corpus. Raises ConfigError for an unknown name or a number out
    of range, DataError where this Python came without the text.
    """
    known = N_("There is no text called '{name}'. Choose one of: {known}.")
    entry = find(CORPORA, name, known)
    chosen = complete(entry.parameters, {"characters": characters})
    try:
        text = entry.read()
    except (ImportError, OSError) as missing:
        raise DataError(
            N_("This Python came without the text of '{name}'. Take another one."), name=name
        ) from missing
    return text[: int(chosen["characters"])]


MODULES = ("dataclasses", "functools", "inspect", "pathlib", "statistics", "typing")
"""Of the standard library: plain Python with many words in it."""


def _topics() -> str:
    topics: Mapping[str, str] = import_module("pydoc_data.topics").topics
    return "\n".join(topics[key] for key in sorted(topics))


def _source_code() -> str:
    return "\n".join(_source_of(module) for module in MODULES)


def _source_of(module: str) -> str:
    spec = find_spec(module)
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        raise ImportError(module)
    path = Path(spec.origin)
    if path.name == "__init__.py":  # a package's own file may hold nothing but imports
        path = max(path.parent.glob("*.py"), key=lambda each: each.stat().st_size)
    return path.read_text(encoding="utf-8")


_CHARACTERS = {
    "characters": Parameter(
        N_("Characters"), 100_000, 10_000, 500_000, 10_000, N_("How much is read.")
    )
}

CORPORA: Mapping[str, Corpus] = {
    "topics": Corpus(
        N_("Python's help, in English"),
        N_("The language reference of this Python."),
        _topics,
        _CHARACTERS,
    ),
    "source_code": Corpus(
        N_("Python's own source code"),
        N_("This Python's standard library: brackets, indents, words."),
        _source_code,
        _CHARACTERS,
    ),
}
