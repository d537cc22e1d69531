"""What to learn from, as data: enough to make the same dataset again, on any machine."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_args

from lstm_viz.data.dataset import Dataset
from lstm_viz.data.generators.table import GENERATORS, generate
from lstm_viz.data.parameters import Parameter, complete, find
from lstm_viz.data.reading.missing import series_from
from lstm_viz.data.reading.tables import Missing, Table, Text
from lstm_viz.data.series import Series
from lstm_viz.data.shipped import SHIPPED, load
from lstm_viz.data.tasks.table import TASKS, make_task
from lstm_viz.data.text import CORPORA, corpus, text_dataset
from lstm_viz.data.windows import WindowSpec, cut, fitting
from lstm_viz.errors import ConfigError
from lstm_viz.limits import Frozen
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
APPLIES: Mapping[Group, tuple[str, ...]] = {
    "task": ("seed", "validation_share", "test_share"),
    "series": ("seed", *_CUT),
    "real": (*_CUT, *_OF_TABLES),
    "text": ("window", "validation_share", "test_share"),
    "upload": (*_CUT, *_OF_TABLES),
}
"""Group -> which fields of a choice, and of its cutting, have an effect."""


@dataclass(frozen=True)
class DataChoice:
    """A task, a series or a text, and how it is cut; equal if the same data comes of it.

    What has no effect on such data stands at its default. Raises ConfigError for a group, an entry
    or a parameter that is not known, and DataError or ConfigError for values out of range.
    """

    group: Group = "task"
    name: str = "adding"
    parameters: Mapping[str, float] = field(default_factory=Frozen)
    """Of a generator, a task or a corpus, where they are not at their defaults."""
    seed: int = 0
    spec: WindowSpec = field(default_factory=WindowSpec)
    targets: tuple[str, ...] = ()
    """Columns of a table to forecast; the first one where none are named."""
    features: tuple[str, ...] = ()
    """Columns that are read besides."""
    missing: Missing = "interpolate"
    """What becomes of missing values."""

    def __post_init__(self) -> None:
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
            "targets": tuple(self.targets),
            "features": tuple(self.features),
        }
        for each in fields(self):
            if each.name in ("seed", *_OF_TABLES) and each.name not in applies:
                values[each.name] = each.default
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def parameters_of(self) -> Mapping[str, Parameter]:
        """What can be set, by name."""
        return parameters_of(self.group, self.name)


def parameters_of(group: Group, name: str) -> Mapping[str, Parameter]:
    """What can be set for an entry: nothing for a table of numbers."""
    known: Mapping[str, Parameter] = getattr(ENTRIES[group].get(name), "parameters", {})
    return known


def table_of(choice: DataChoice, upload: Table | Text | None = None) -> Table | None:
    """The table a series is taken from; None where it is generated, or no series at all."""
    if choice.group == "real":
        return load(choice.name)
    return upload if choice.group == "upload" and isinstance(upload, Table) else None


def series_of(choice: DataChoice, upload: Table | Text | None = None) -> Series:
    """The series of a choice. Raises DataError or ConfigError where there is none."""
    table = table_of(choice, upload)
    if table is None:
        return generate(choice.name, choice.parameters, choice.seed)
    return series_from(table, targets_of(choice, table), choice.features, choice.missing)


def targets_of(choice: DataChoice, table: Table) -> tuple[str, ...]:
    """The chosen targets, or the first column."""
    return choice.targets or (table.columns[0].name,)


def dataset_of(choice: DataChoice, upload: Table | Text | None = None) -> Dataset:
    """The examples of a choice; `upload` is what the user brought along, if that was chosen.

    A window that a series is too short for is shortened to fit it. Raises DataError or
    ConfigError where nothing can be made.
    """
    spec = choice.spec
    shares = spec.validation_share, spec.test_share
    if choice.group == "task":
        return make_task(choice.name, choice.parameters, choice.seed, *shares)
    if choice.group == "text":
        text = corpus(choice.name, **{k: int(v) for k, v in choice.parameters.items()})
        return text_dataset(text, CORPORA[choice.name].label, spec.window, *shares)
    if isinstance(upload, Text) and choice.group == "upload":
        return text_dataset(upload.text, upload.name, spec.window, *shares)
    series = series_of(choice, upload)
    table = table_of(choice, upload)
    targets = series.columns[:1] if table is None else targets_of(choice, table)
    return cut(series, targets, fitting(len(series.values), spec), choice.features)
