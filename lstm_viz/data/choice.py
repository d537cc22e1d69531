"""What to learn from, as data: enough to make the same dataset again, on any machine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_args

from lstm_viz.data.generators.catalogue import GENERATORS
from lstm_viz.data.parameters import MAX_SEED, Parameter, complete, find
from lstm_viz.data.preparing.catalogue import Steps, ordered
from lstm_viz.data.reading.tables import Missing, Stacked
from lstm_viz.data.shipped import SHIPPED
from lstm_viz.data.tasks.catalogue import TASKS
from lstm_viz.data.text import CORPORA
from lstm_viz.data.windows import WindowSpec
from lstm_viz.errors import ConfigError
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
_OF_FILES = ("stacked", "entity")
COLUMN = Name("", 1000)
"""What a column may be called."""
_TYPES = {
    "group": Name(""),
    "name": Name("", 255),
    "seed": Whole(0, 0, MAX_SEED),
    "missing": Choice("interpolate", get_args(Missing)),
    "stacked": Choice("one", get_args(Stacked)),
    "entity": COLUMN,
}
APPLIES: Mapping[Group, tuple[str, ...]] = {
    "task": ("seed", "validation_share", "test_share"),
    "series": ("seed", *_OF_SERIES),
    "real": (*_OF_SERIES, *_OF_TABLES),
    "text": ("window", "validation_share", "test_share"),
    "upload": (*_OF_SERIES, *_OF_TABLES, *_OF_FILES),
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
    stacked: Stacked = "one"
    """What is learned from of a file in which several series are stacked."""
    entity: str = ""
    """Whose rows, where it is one; the first one's where none is named."""

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
            optional = ("seed", "preparation", *_OF_TABLES, *_OF_FILES)
            if each.name in optional and each.name not in applies:
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
