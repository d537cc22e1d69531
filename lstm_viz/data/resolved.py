"""What comes of a choice of data: a table or a series, prepared, and cut into examples."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from lstm_viz.data.choice import DataChoice
from lstm_viz.data.dataset import Dataset
from lstm_viz.data.generators.catalogue import generate
from lstm_viz.data.labelled import labelled_dataset
from lstm_viz.data.panel import pooled
from lstm_viz.data.preparing.prepare import Prepared, prepare, together
from lstm_viz.data.reading.missing import series_from
from lstm_viz.data.reading.tables import Labelled, Table, Text
from lstm_viz.data.series import Rows, Series
from lstm_viz.data.shipped import load
from lstm_viz.data.tasks.catalogue import make_task
from lstm_viz.data.text import CORPORA, corpus, text_dataset
from lstm_viz.data.windows import cut, fitting
from lstm_viz.errors import DataError, LstmVizError, kept
from lstm_viz.words import N_, Sentence

SHOWN = 5
LEFT_OUT = N_("{count:,} of {all:,} series are left out ({names}). Of '{first}': {reason}")


@dataclass(frozen=True, eq=False)
class Resolved:
    """What comes of a choice: each part is made once, when it is first asked for.

    Raises DataError or ConfigError from the part that cannot be made.

    >>> from lstm_viz.data.windows import WindowSpec
    >>> resolved = Resolved(DataChoice("series", "sine", spec=WindowSpec(window=1000)))
    >>> resolved.dataset.window, resolved.choice.spec.window
    (692, 692)
    """

    asked: DataChoice
    upload: Table | Text | Labelled | None = None
    """What the user brought along, where that was chosen."""

    @property
    def missing(self) -> bool:
        """Whether it is made of a file that is not here."""
        return self.asked.group == "upload" and self.upload is None

    @property
    def is_text(self) -> bool:
        """Whether letters are learned."""
        return self.asked.group == "text" or isinstance(self.upload, Text)

    @property
    def is_series(self) -> bool:
        """Whether a series is cut into windows."""
        separate = self.asked.group == "task" or isinstance(self.upload, Labelled)
        return not (separate or self.is_text)

    @cached_property
    def problem(self) -> LstmVizError | None:
        """Why there is no dataset; None where there is one."""
        try:
            self.dataset  # noqa: B018 - made to see whether it can be
        except LstmVizError as error:
            return kept(error)
        return None

    @cached_property
    def table(self) -> Table | None:
        """The table a series is taken from; None where it is generated, or no series at all."""
        if self.asked.group == "real":
            return load(self.asked.name)
        return self.upload if isinstance(self.upload, Table) else None

    @property
    def targets(self) -> tuple[str, ...]:
        """The columns to forecast: the chosen ones that the table has, or the one it proposes."""
        names = self._columns
        return tuple(each for each in self.asked.targets if each in names) or self._proposed

    @property
    def features(self) -> tuple[str, ...]:
        """The further columns to read that the table has."""
        others = [name for name in self._columns if name not in self.targets]
        return tuple(each for each in self.asked.features if each in others)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The chosen columns that the table does not have."""
        chosen = (*self.asked.targets, *self.asked.features) if self.table else ()
        return tuple(each for each in chosen if each not in self._columns)

    @cached_property
    def each(self) -> dict[str, Prepared]:
        """What the steps of the preparation make of each series by itself, by its name; of the one,
        by no name.
        """
        if self.missing:
            raise self._not_here()
        if self.table is None:
            series = generate(self.asked.name, self.asked.parameters, self.asked.seed)
            return {"": self._prepare(series, series.columns[:1])}
        chosen = (*self.targets, *self.features)
        tables = self.table.each or {"": self.table}
        return {name: self._prepare(table, chosen) for name, table in tables.items()}

    @cached_property
    def prepared(self) -> Prepared:
        """The same of all of them, the longest series standing for its like."""
        return together([*self.each.values()])

    def _prepare(self, source: Table | Series, chosen: tuple[str, ...]) -> Prepared:
        asked = self.asked

        def fill(table: Table, at: Sequence[int]) -> Series:
            return series_from(table, self.targets, self.features, asked.missing, at)

        targets = len(self.targets) or 1
        return prepare(source, chosen, targets, asked.preparation, asked.spec, fill)

    def as_read(self, name: str) -> Rows | None:
        """(N, D) the chosen columns of a series, NaN where missing, where steps make other rows of
        them.
        """
        if self.table is None or not any(step.on_rows for step in self.asked.preparation):
            return None
        columns = {of.name: of.values for of in self.table.each.get(name, self.table).columns}
        return np.stack([columns[of] for of in (*self.targets, *self.features)], axis=1)

    @cached_property
    def series(self) -> Series:
        """The series, prepared and uncut; of several the longest."""
        result = self.prepared.result
        if isinstance(result, LstmVizError):
            raise result
        return result

    @cached_property
    def columned(self) -> DataChoice:
        """What was asked for, with its columns alone made sure of."""
        if self.table is None:
            return self.asked
        targets = () if self.targets == self._proposed else self.targets
        return replace(self.asked, targets=targets, features=self.features)

    @cached_property
    def choice(self) -> DataChoice:
        """What was asked for as far as it is there: the choice that makes the same dataset.

        Columns that the table lacks are left out, the proposed one is not named, and a window that
        the series is too short for is shortened. Choices that come to the same are equal.
        """
        choice = self.columned
        if choice.group in ("task", "text") or not self.is_series or self.missing:
            return choice
        try:
            return replace(choice, spec=fitting(len(self.series.values), choice.spec))
        except LstmVizError:
            return choice

    @cached_property
    def dataset(self) -> Dataset:
        """The examples."""
        choice, spec = self.choice, self.choice.spec
        shares = spec.validation_share, spec.test_share
        if self.missing:
            raise self._not_here()
        if choice.group == "task":
            return make_task(choice.name, choice.parameters, choice.seed, *shares)
        if choice.group == "text":
            text = corpus(choice.name, **{k: int(v) for k, v in choice.parameters.items()})
            return text_dataset(text, CORPORA[choice.name].label, spec.window, *shares)
        if isinstance(self.upload, Text):
            return text_dataset(self.upload.text, self.upload.name, spec.window, *shares)
        if isinstance(self.upload, Labelled):
            return labelled_dataset(self.upload, *shares)
        made, refused = {}, []
        for name, each in self.each.items():
            try:
                made[name] = self._cut(each)
            except LstmVizError as reason:
                refused.append(reason)
        if not made:
            raise _of_the_first(next(iter(self.each)), refused[0])
        return pooled(made) if self.table is not None and self.table.parts else made[""]

    def _cut(self, prepared: Prepared) -> Dataset:
        """The examples of one series."""
        spec = fitting(len(self.series.values), self.choice.spec)  # says why it is too short
        if isinstance(prepared.result, LstmVizError):
            raise prepared.result
        targets = self.targets or self.series.columns[:1]
        return cut(prepared.result, targets, spec, (*self.features, *prepared.inputs))

    @property
    def left_out(self) -> Sentence | None:
        """Which of several series cannot be learned from, and why the first of them cannot."""
        known = self.dataset.entities
        names = [name for name in self.each if name not in known] if known else []
        if not names:
            return None
        try:
            self._cut(self.each[names[0]])
        except LstmVizError as reason:
            why = reason.sentence
        facts = {
            "count": len(names),
            "all": len(self.each),
            "names": ", ".join(names[:SHOWN]) + (", …" if len(names) > SHOWN else ""),
            "first": names[0],
            "reason": why,
        }
        return Sentence(LEFT_OUT, facts)

    @property
    def _columns(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.table.columns) if self.table else ()

    @property
    def _proposed(self) -> tuple[str, ...]:
        return (self.table.target,) if self.table else ()

    def _not_here(self) -> DataError:
        if not self.asked.name:
            return DataError(N_("Nothing is uploaded yet. Upload a file on the Data page."))
        return DataError(
            N_(
                "The file '{name}' is not on this server. A link names a file and does not hold "
                "it. Upload it on the Data page."
            ),
            name=self.asked.name,
        )


def _of_the_first(name: str, reason: LstmVizError) -> LstmVizError:
    """Why none of several series can be learned from; of one series why it cannot."""
    if not name:
        return reason
    words = N_("None of the series can be learned from. Of '{first}': {reason}")
    return DataError(words, first=name, reason=reason.sentence)


def dataset_of(choice: DataChoice, upload: Table | Text | Labelled | None = None) -> Dataset:
    """The examples of a choice; `upload` is what the user brought along, if that was chosen.

    Raises DataError or ConfigError where nothing can be made.
    """
    return Resolved(choice, upload).dataset
