"""What to learn from, as data: enough to make the same dataset again, on any machine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any, Literal, get_args

from lstm_viz.data.dataset import Dataset
from lstm_viz.data.generators.catalogue import GENERATORS, generate
from lstm_viz.data.labelled import labelled_dataset
from lstm_viz.data.parameters import MAX_SEED, Parameter, complete, find
from lstm_viz.data.preparing.catalogue import Steps, ordered
from lstm_viz.data.preparing.prepare import Prepared, prepare
from lstm_viz.data.reading.missing import series_from
from lstm_viz.data.reading.tables import Labelled, Missing, Table, Text
from lstm_viz.data.series import Series
from lstm_viz.data.shipped import SHIPPED, load
from lstm_viz.data.tasks.catalogue import TASKS, make_task
from lstm_viz.data.text import CORPORA, corpus, text_dataset
from lstm_viz.data.windows import WindowSpec, cut, fitting
from lstm_viz.errors import ConfigError, DataError, LstmVizError
from lstm_viz.limits import Choice, Frozen, Name, Whole, check_kind
from lstm_viz.words import N_

Group = Literal["task", "series", "real", "text", "upload"]
GROUPS: tuple[Group, ...] = get_args(Group)
ENTRIES: Mapping[Group, Mapping[str, Any]] = {
    "task": TASKS,
    "series": GENERATORS,
    "real": SHIPPED,
    "text": CORPORA,
    "upload": {},
}
"""Group -> its entries by name."""


_CUT = ("window", "horizon", "scaling", "validation_share", "test_share")
_OF_TABLES = ("targets", "features", "missing")
_OF_SERIES = (*_CUT, "preparation")
COLUMN = Name("", 1000)
"""What a column may be called."""
_TYPES = {
    "group": Name(""),
    "name": Name("", 255),
    "seed": Whole(0, 0, MAX_SEED),
    "missing": Choice("interpolate", get_args(Missing)),
}
APPLIES: Mapping[Group, tuple[str, ...]] = {
    "task": ("seed", "validation_share", "test_share"),
    "series": ("seed", *_OF_SERIES),
    "real": (*_OF_SERIES, *_OF_TABLES),
    "text": ("window", "validation_share", "test_share"),
    "upload": (*_OF_SERIES, *_OF_TABLES),
}
"""Group -> which fields of a choice, and of its cutting, have an effect."""


@dataclass(frozen=True)
class DataChoice:
    """A task, a series or a text, and how it is cut.

    What has no effect on data of its group stands at its default; `Resolved.choice` is the same for
    choices that come to the same data for other reasons. Raises ConfigError for a group, an entry
    or a parameter that is not known, and DataError or ConfigError for values out of range.
    """

    group: Group = "task"
    name: str = "adding"
    parameters: Mapping[str, float] = field(default_factory=Frozen)
    """Of a generator, a task or a corpus, where they are not at their defaults."""
    seed: int = 0
    spec: WindowSpec = field(default_factory=WindowSpec)
    targets: tuple[str, ...] = ()
    """Columns of a table to forecast; the one that it proposes where none are named."""
    features: tuple[str, ...] = ()
    """Columns that are read besides."""
    missing: Missing = "interpolate"
    """What becomes of missing values."""
    preparation: Steps = ()
    """What is done to a series before it is cut, in the order in which it is done."""

    def __post_init__(self) -> None:
        for name, limit in _TYPES.items():
            object.__setattr__(self, name, limit.check(name, getattr(self, name)))
        check_kind(self.parameters, Mapping, "parameters")
        check_kind(self.spec, WindowSpec, "spec")
        if self.group not in ENTRIES:
            raise ConfigError(
                N_("There is no data of the kind '{got}'. Choose one of: {known}."),
                got=self.group,
                known=", ".join(GROUPS),
            )
        if self.group != "upload":
            words = N_("There is no data called '{name}' here. Choose one of: {known}.")
            find(ENTRIES[self.group], self.name, words)
        known = self.parameters_of()
        told = complete(known, self.parameters).items()
        applies = APPLIES[self.group]
        values: dict[str, Any] = {
            "parameters": Frozen({k: v for k, v in told if v != known[k].default}),
            "spec": WindowSpec(**{k: getattr(self.spec, k) for k in _CUT if k in applies}),
            "targets": _columns("targets", self.targets),
            "features": _columns("features", self.features),
            "preparation": ordered(self.preparation),
        }
        for each in fields(self):
            if each.name in ("seed", "preparation", *_OF_TABLES) and each.name not in applies:
                values[each.name] = each.default
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def parameters_of(self) -> Mapping[str, Parameter]:
        """What can be set, by name."""
        return parameters_of(self.group, self.name)


def _columns(what: str, names: Sequence[str]) -> tuple[str, ...]:
    """The names of columns, each once."""
    if isinstance(names, str):
        raise ConfigError(
            N_("The '{setting}' must be a list of names, got '{got}'."), setting=what, got=names
        )
    return tuple(dict.fromkeys(COLUMN.check(what, each) for each in names))


def parameters_of(group: Group, name: str) -> Mapping[str, Parameter]:
    """What can be set for an entry: nothing for a table of numbers."""
    known: Mapping[str, Parameter] = getattr(ENTRIES[group].get(name), "parameters", {})
    return known


@dataclass(frozen=True, eq=False)
class Resolved:
    """What comes of a choice: each part is made once, when it is first asked for.

    Raises DataError or ConfigError from the part that cannot be made.

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
            return error
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
    def prepared(self) -> Prepared:
        """What the steps of the preparation make of the series, and what each of them did."""
        if self.missing:
            raise self._not_here()
        asked, chosen = self.asked, (*self.targets, *self.features)
        source: Table | Series
        if self.table is None:
            source = generate(asked.name, asked.parameters, asked.seed)
            chosen = source.columns[:1]
        else:
            source = self.table

        def fill(table: Table, training: int) -> Series:
            return series_from(table, self.targets, self.features, asked.missing, training)

        targets = len(self.targets) or 1
        return prepare(source, chosen, targets, asked.preparation, asked.spec, fill)

    @cached_property
    def series(self) -> Series:
        """The series, prepared and uncut."""
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
        series = self.series
        targets = self.targets or series.columns[:1]
        spec = fitting(len(series.values), spec)  # says why where the series is too short
        return cut(series, targets, spec, (*self.features, *self.prepared.inputs))

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


def dataset_of(choice: DataChoice, upload: Table | Text | Labelled | None = None) -> Dataset:
    """The examples of a choice; `upload` is what the user brought along, if that was chosen.

    Raises DataError or ConfigError where nothing can be made.
    """
    return Resolved(choice, upload).dataset
