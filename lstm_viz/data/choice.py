"""What to learn from, as data: enough to make the same dataset again, on any machine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from lstm_viz.data.dataset import Dataset
from lstm_viz.data.generators.table import GENERATORS, generate
from lstm_viz.data.parameters import Parameter
from lstm_viz.data.reading.missing import series_from
from lstm_viz.data.reading.tables import Missing, Table, Text
from lstm_viz.data.series import Series
from lstm_viz.data.shipped import SHIPPED, load
from lstm_viz.data.tasks.table import TASKS, make_task
from lstm_viz.data.text import CORPORA, corpus, text_dataset
from lstm_viz.data.windows import WindowSpec, cut, fitting

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


@dataclass(frozen=True)
class DataChoice:
    """A task, a series or a text, and how it is cut."""

    group: Group = "task"
    name: str = "adding"
    parameters: Mapping[str, float] = field(default_factory=dict)
    """Of a generator, a task or a corpus; those left out take their defaults."""
    seed: int = 0
    spec: WindowSpec = field(default_factory=WindowSpec)
    targets: tuple[str, ...] = ()
    """Columns of a table to forecast; the first one where none are named."""
    features: tuple[str, ...] = ()
    """Columns that are read besides."""
    missing: Missing = "interpolate"
    """What becomes of missing values."""

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
