"""What can go wrong, said to the person who can mend it.

LstmVizError (a ValueError)
├── ConfigError            a setting out of range, or settings that exclude each other
├── DataError              a series or file that cannot be read or cut into windows
├── UnsupportedModelError  a model whose recurrent layers cannot be traced
├── DivergenceError        training reached a NaN or infinite loss
├── MissingExtraError      a package that one of the extras brings is not installed
└── TrainerError           the trainer is gone, or does not know the run it was asked about

LstmVizWarning (a UserWarning)  what is shown is right, and something is missing from it; or a
                                watched training has an alarm
"""

import sys
import warnings
from collections.abc import Mapping
from numbers import Number
from types import FrameType
from typing import Any

from lstm_viz.words import N_, Sentence


class _Said(Exception):  # noqa: N818 - of errors and warnings alike
    """Says a sentence that is translated when it is shown; copies and pickles keep it."""

    def __init__(self, template: str, **values: object) -> None:
        kept = {name: _plain(value) for name, value in values.items()}
        self.sentence = Sentence(template, kept)
        super().__init__(template, kept)

    def __str__(self) -> str:
        return str(self.sentence)

    def __reduce__(self) -> tuple[Any, ...]:
        return _say, (type(self), self.sentence.template, dict(self.sentence.values)), vars(self)


class _Shown:
    """How a value is written, in the place of one that may not travel to another process."""

    def __init__(self, value: object) -> None:
        self._str, self._repr = str(value), repr(value)

    def __str__(self) -> str:
        return self._str

    def __repr__(self) -> str:
        return self._repr


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    known = value is None or isinstance(value, str | Number | Sentence | BaseException)
    return value if known else _Shown(value)


def _say(kind: type[_Said], template: str, values: Mapping[str, object]) -> _Said:
    return kind(template, **values)


class LstmVizError(_Said, ValueError):
    """A user's mistake, with the remedy in its message.

    >>> raise ConfigError("The 'window' must be at least 2, got {got}.", got=1)
    Traceback (most recent call last):
    lstm_viz.errors.ConfigError: The 'window' must be at least 2, got 1.
    """


def kept(error: LstmVizError) -> LstmVizError:
    """An error to keep beyond the `except` that caught it: without its frames, which hold whatever
    was being read, and without those of what led to it.
    """
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def why_unread(error: Exception) -> object:
    """Why a file of arrays could not be read; never NumPy's advice to unpickle it."""
    return Sentence(N_("it is no file of plain numbers"), {}) if "pickle" in str(error) else error


class ConfigError(LstmVizError):
    """A setting is out of range, or two settings exclude each other."""


class DataError(LstmVizError):
    """A series or file cannot be read or cut into windows."""


class UnsupportedModelError(LstmVizError):
    """A recurrent layer cannot be traced; the message names it and the way out."""


class DivergenceError(LstmVizError):
    """Training reached a NaN or infinite loss."""


class MissingExtraError(LstmVizError, ImportError):
    """A package that one of the extras brings is not installed; the message names both."""


class TrainerError(LstmVizError):
    """The trainer is gone, or does not know the run it was asked about."""


class LstmVizWarning(_Said, UserWarning):
    """What is shown is right, but not all of it: the message names what is missing, and the way
    to have it.
    """


def warn(template: str, **values: object) -> None:
    """Issue an LstmVizWarning at the line that called into this package."""
    frame: FrameType | None = sys._getframe(1)
    level = 2
    while frame is not None and frame.f_globals.get("__name__", "").startswith(
        ("lstm_viz.", "torch.")
    ):
        frame = frame.f_back
        level += 1
    warnings.warn(LstmVizWarning(template, **values), stacklevel=level)
