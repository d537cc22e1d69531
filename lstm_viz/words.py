"""Words for people: marked where they are written, translated when they are shown.

`_` marks a sentence and translates it at once. `N_` only marks it: for tables at module level
and for errors, whose words are translated by whoever shows them, in the reader's language.
"""

import gettext
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from lstm_viz.numerals import Written

LOCALE = Path(__file__).parent / "locale"
SOURCE_LANGUAGE = "en"


def _source_language() -> str:
    return SOURCE_LANGUAGE


_language_of_reader: Callable[[], str] = _source_language


def ask_language(language_of_reader: Callable[[], str]) -> None:
    """Install the function that says which language the present reader has chosen."""
    global _language_of_reader
    _language_of_reader = language_of_reader


def language() -> str:
    """The present reader's language."""
    return _language_of_reader()


@lru_cache(64)
def catalogue(language: str) -> gettext.NullTranslations:
    """The translations into a language; the English source where there are none."""
    return gettext.translation("messages", LOCALE, languages=[language], fallback=True)


def _(message: str) -> str:
    """Mark a sentence and translate it for the present reader."""
    return catalogue(language()).gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """Mark a sentence that counts, in the form for 1 and in the others, and translate it."""
    return catalogue(_language_of_reader()).ngettext(one, many, count)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "mark, translate later"
    """Mark a sentence that is translated later, by `_` or by `str(Sentence)`."""
    return message


def listed(words: Sequence[str]) -> str:
    """Words as a sentence lists them.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    if len(words) < 2:
        return "".join(words)
    return _("{most} and {last}").format(most=", ".join(words[:-1]), last=words[-1])


@dataclass(frozen=True)
class Sentence:
    """A sentence as data: a marked template and the values that fill it.

    It travels between processes untranslated and reads in the reader's language, its measured
    numbers as people read them.

    >>> str(Sentence(N_("{name} has {count} rows."), {"name": "wind.csv", "count": 3}))
    'wind.csv has 3 rows.'
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return _(self.template).format(**{name: _read(each) for name, each in self.values.items()})


def _read(value: object) -> object:
    return Written(value) if isinstance(value, float) else value
