"""An experiment: what to learn from and with what settings, as one value with one link."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urlencode

from lstm_viz.data.choice import DataChoice
from lstm_viz.experiments.links import Link, data_from, data_to, settings_from, settings_to
from lstm_viz.experiments.settings import Settings
from lstm_viz.limits import check_kind

VERSUS = "vs"
"""The parameter of a link that brings one more contender: what it changes of the first."""


@dataclass(frozen=True)
class Experiment:
    """What a preset, a run, a contender, a recording and a link hold; equal if all is equal.

    >>> experiment = Experiment(settings=Settings.of(hidden_size=16, forget_bias=3.0))
    >>> experiment.to_query()
    'task=adding&cell=lstm&bias=3&units=16'
    >>> Experiment.from_query("task=adding&cell=lstm&bias=3&units=16") == (experiment, [])
    True
    """

    data: DataChoice = field(default_factory=DataChoice)
    settings: Settings = field(default_factory=Settings)

    def __post_init__(self) -> None:
        check_kind(self.data, DataChoice, "data")
        check_kind(self.settings, Settings, "settings")

    @property
    def id(self) -> str:
        """The same for equal experiments, on every machine."""
        return hashlib.sha256(self.to_query().encode()).hexdigest()[:12]

    def to_query(self) -> str:
        """A link's query string: readable, in no language, without what stands at its default.

        An uploaded series is named in it, not contained.
        """
        return urlencode([*data_to(self.data), *settings_to(self.settings)], safe=",:")

    @classmethod
    def from_query(
        cls, query: str | Mapping[str, str | Sequence[str]]
    ) -> tuple["Experiment", list[str]]:
        """The experiment of a link, and a sentence for each parameter that was ignored.

        What is unknown, out of range or excluded by the rest keeps its default. Raises ConfigError
        for what is neither a text nor a mapping.
        """
        link = Link.of(query)
        experiment = cls(data_from(link), settings_from(link))
        return experiment, link.ignored()


def race_to_query(experiments: Sequence[Experiment]) -> str:
    """One link for several experiments on the same data: the first, and what the others change.

    >>> first, second = Experiment(), Experiment(settings=Settings.of(cell="gru", seed=1))
    >>> race_to_query([first, second])
    'task=adding&cell=lstm&vs=cell:gru,seed:1'
    """
    first, *others = experiments
    known = dict(settings_to(first.settings))
    pairs = [*data_to(first.data), *settings_to(first.settings)]
    for other in others:
        told = dict(settings_to(other.settings))
        changes = {name: told.get(name, "") for name in {**known, **told}}
        listed = [f"{k}:{quote(v, safe=':')}" for k, v in changes.items() if v != known.get(k)]
        pairs.append((VERSUS, ",".join(listed)))
    return urlencode(pairs, safe=",:")


def race_from_query(
    query: str | Mapping[str, str | Sequence[str]],
) -> tuple[list[Experiment], list[str]]:
    """The experiments of a link, one or more, and what was ignored; raises as `from_query`."""
    link = Link.of(query)
    contenders = link.take_all(VERSUS)
    first = Experiment(data_from(link), settings_from(link))
    known = dict(settings_to(first.settings))
    ignored = link.ignored()
    experiments = [first]
    for each in contenders:
        changes = dict(part.partition(":")[::2] for part in each.split(",") if part)
        changes = {name: unquote(value) for name, value in changes.items()}
        told = {name: value for name, value in {**known, **changes}.items() if value}
        own = Link.of(told)
        experiments.append(Experiment(first.data, settings_from(own)))
        ignored += own.ignored()
    return experiments, ignored
