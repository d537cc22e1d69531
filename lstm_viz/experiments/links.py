"""Links: data and settings as the parameters of a query string, and back.

Whatever stands in a link is only looked up and measured against limits, never evaluated.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, get_args
from urllib.parse import parse_qsl

from lstm_viz.data.choice import APPLIES, COLUMN, ENTRIES, GROUPS, DataChoice, Group, parameters_of
from lstm_viz.data.dataset import PARTS, Scaling
from lstm_viz.data.parameters import MAX_SEED, Parameter
from lstm_viz.data.preparing.catalogue import Steps, ordered, read_step
from lstm_viz.data.reading.tables import Missing, Stacked
from lstm_viz.data.windows import LIMITS as WINDOW_LIMITS
from lstm_viz.data.windows import WindowSpec
from lstm_viz.errors import ConfigError, LstmVizError
from lstm_viz.experiments.intervention import Changes, Intervention
from lstm_viz.experiments.knobs import KNOBS
from lstm_viz.experiments.settings import LIMITS, Settings
from lstm_viz.experiments.stretch import Stretch, Stretches
from lstm_viz.limits import Choice, Limit, Name, Number, Numbered, Whole
from lstm_viz.models.cells import CELLS, cell_of
from lstm_viz.words import N_, Sentence

SHORT = {
    "hidden_size": "units",
    "forget_bias": "bias",
    "learning_rate": "lr",
    "batch_size": "batch",
    "clip_norm": "clip",
}
"""Setting -> what a link calls it, where that is shorter."""
LONGEST = 60
"""Characters of a stranger's text that a sentence repeats."""
FIELDS: Mapping[str, tuple[str, Limit]] = {
    "data_seed": ("seed", Whole(0, 0, MAX_SEED)),
    "window": ("window", Whole(WindowSpec.window, *WINDOW_LIMITS["window"])),
    "horizon": ("horizon", Whole(WindowSpec.horizon, *WINDOW_LIMITS["horizon"])),
    "scaling": ("scaling", Choice(WindowSpec.scaling, get_args(Scaling))),
    "validation": (
        "validation_share",
        Number(WindowSpec.validation_share, *WINDOW_LIMITS["validation_share"]),
    ),
    "test": ("test_share", Number(WindowSpec.test_share, *WINDOW_LIMITS["test_share"])),
    "missing": ("missing", Choice(DataChoice.missing, get_args(Missing))),
    "stacked": ("stacked", Choice(DataChoice.stacked, get_args(Stacked))),
    "entity": ("entity", COLUMN),
}
"""Parameter of a link -> the field of the data, or of its cutting, and what it may be."""
COLUMNS = {"target": "targets", "feature": "features"}
PREPARE = "prepare"
"""The parameter that says a step of the preparation; there may be several, in their order."""
UPLOADED = Name("", 255)


KNOB = "knob_"
VIEW: Mapping[str, Limit] = {
    "run": Name("", 40),
    "step": Whole(0, 0, 10**9),
    "t": Whole(0, 0, 10**6),
    "unit": Whole(0, 0, 10**4),
    "layer": Name("", 60),
    "sample": Whole(0, 0, 10**4),
    "example": Numbered(None, PARTS),
    "show": Name("", 40),
    "seeds": Whole(3, 1, 5),
    "scene": Whole(1, 1, 5),
    "set": Name("", 2000),
    "lab": Choice("", ("map", "inputs", "carousel", "jacobians")),
    "off": Name("", 300),
    "looked_at": COLUMN,
    "intervene": Changes(Intervention()),
    "stretch": Stretches(Stretch(0, 0, 0.5)),
    **{KNOB + name: limit for name, limit in KNOBS.items()},
}
"""What a page's address says besides: the run, what of it is looked at, where that is another
experiment than the run's the link of what is set, what of the laboratory is open, the steps of
preparing that are switched off with their places among all, of several series the one that is
looked at, an intervention, a stretch of time to which units respond, and the knobs; each with what
it may be."""

Query = str | Mapping[str, str | Sequence[str]]


@dataclass
class Link:
    """The parameters of a link that nobody has taken yet, and what is wrong with those taken."""

    parameters: dict[str, list[str]]
    problems: list[Sentence] = field(default_factory=list)

    @classmethod
    def of(cls, query: Query) -> "Link":
        """From a query string, with or without its "?", or a mapping to one or several values."""
        found: dict[str, list[str]] = {}
        if not isinstance(query, str | Mapping):
            raise ConfigError(
                N_("A link is a text or a mapping from names to values, got {got!r}."), got=query
            )
        if isinstance(query, str):
            pairs = parse_qsl(query.lstrip("?"), keep_blank_values=True, errors="replace")
        else:
            pairs = [(str(name), str(each)) for name in query for each in _values(query[name])]
        for name, value in pairs:
            found.setdefault(name, []).append(value)
        return cls(found)

    def take(self, name: str) -> str | None:
        """The last value of a parameter, or None; those before it become problems."""
        values = self.parameters.pop(name, [])
        for each in values[:-1]:
            self._ignore(
                name, each, Sentence(N_("It stands there twice; the last one counts."), {})
            )
        return values[-1] if values else None

    def take_all(self, name: str) -> list[str]:
        return self.parameters.pop(name, [])

    def read(self, name: str, limit: Limit) -> Any:
        """The value of a parameter, or its default; a bad one becomes a problem."""
        text = self.take(name)
        if text is None:
            return limit.default
        return self.attempt(name, text, partial(limit.read, name), limit.default)

    def attempt(self, name: str, text: str, make: Callable[[str], Any], otherwise: Any) -> Any:
        """What `make` makes of a text; what it raises becomes the reason why it was ignored."""
        try:
            return make(text)
        except (LstmVizError, ValueError, OverflowError) as error:
            self._ignore(name, text, _reason(error))
            return otherwise

    def without_effect(self, name: str, text: str) -> None:
        """Say that a good value changes nothing beside the others."""
        self._ignore(name, text, Sentence(N_("It has no effect beside the other settings."), {}))

    def _ignore(self, name: str, text: str, reason: object) -> None:
        words = N_("'{name}={value}' in the link was ignored. {reason}")
        values = {"name": _cut(name), "value": _cut(text), "reason": reason}
        self.problems.append(Sentence(words, values))

    def refused(self) -> list[str]:
        """A sentence for each value that was taken and had no effect."""
        return [str(sentence) for sentence in self.problems]

    def ignored(self) -> list[str]:
        """A sentence for each parameter that had no effect, those that nobody took among them."""
        unknown = [
            Sentence(N_("'{name}' in the link is not known and was ignored."), {"name": _cut(name)})
            for name in self.parameters
        ]
        return self.refused() + [str(sentence) for sentence in unknown]


def data_to(data: DataChoice) -> Iterator[tuple[str, str]]:
    """The parameters that describe data, without those at their defaults."""
    yield data.group, data.name
    for name, parameter in data.parameters_of().items():
        if name in data.parameters:
            yield name, _limit_of(parameter).write(data.parameters[name])
    for name, (attribute, limit) in _fields_of(data.group).items():
        value = getattr(data, attribute, getattr(data.spec, attribute, None))
        if value != limit.default:
            yield name, limit.write(value)
    for name, attribute in COLUMNS.items():
        yield from ((name, column) for column in getattr(data, attribute))
    yield from ((PREPARE, step.write()) for step in data.preparation)


def data_from(link: Link) -> DataChoice:
    """The data that a link describes; what it does not say stays at its default."""
    group, name = _entry(link)
    parameters = {
        each: link.read(each, _limit_of(parameter))
        for each, parameter in parameters_of(group, name).items()
    }
    values: dict[str, Any] = {
        attribute: link.read(each, limit) for each, (attribute, limit) in _fields_of(group).items()
    }
    spec = {name: values.pop(name) for name in [*values] if hasattr(WindowSpec, name)}
    for each, attribute in COLUMNS.items():
        if attribute in APPLIES[group]:
            values[attribute] = _columns(link, each)
    if "preparation" in APPLIES[group]:
        values["preparation"] = _preparation(link)
    return DataChoice(group, name, parameters, spec=WindowSpec(**spec), **values)


def _fields_of(group: Group) -> dict[str, tuple[str, Limit]]:
    return {name: known for name, known in FIELDS.items() if known[0] in APPLIES[group]}


def _entry(link: Link) -> tuple[Group, str]:
    """The first entry that a link names well; a second one stays in the link."""
    for group in GROUPS:
        text = link.take(group)
        if text is not None:
            known: Limit = UPLOADED if group == "upload" else Choice("", tuple(ENTRIES[group]))
            name = link.attempt(group, text, partial(known.read, group), None)
            if name is not None:
                return group, name
    return DataChoice.group, DataChoice.name


def _columns(link: Link, name: str) -> tuple[str, ...]:
    read = (
        link.attempt(name, text, partial(COLUMN.read, name), "") for text in link.take_all(name)
    )
    return tuple(dict.fromkeys(each for each in read if each))


def _preparation(link: Link) -> Steps:
    """The steps one by one: one that is refused is left out."""
    steps: Steps = ()
    for text in link.take_all(PREPARE):
        steps = link.attempt(PREPARE, text, partial(_with_step, steps), steps)
    return steps


def _with_step(steps: Steps, text: str) -> Steps:
    return ordered((*steps, read_step(text)))


def settings_to(settings: Settings) -> Iterator[tuple[str, str]]:
    """The cell, and every setting that is not at its default."""
    for name, value in settings.flat().items():
        if name == "cell":
            yield name, value
        elif value != LIMITS[name].default:
            yield SHORT.get(name, name), LIMITS[name].write(value)


def settings_from(link: Link) -> Settings:
    """The settings that a link describes, taken one by one: one that is refused is left out."""
    kind = link.read("cell", Choice("lstm", CELLS))
    accepted: dict[str, Any] = {"cell": kind}
    read: dict[str, str] = {}
    own = cell_of(kind).options
    others = (name for name in LIMITS if name != "kind" and name not in own)
    for name in (*own, *others):  # switches come before what needs them
        text = link.take(SHORT.get(name, name))
        if text is None:
            continue
        taken = partial(_with, accepted, name)
        read[name] = text
        accepted = link.attempt(SHORT.get(name, name), text, taken, accepted)
    settings = Settings.of(**accepted)
    flat = settings.flat()
    for name in accepted.keys() & read.keys():
        if accepted[name] != flat[name]:
            link.without_effect(SHORT.get(name, name), read[name])
    return settings


def _with(accepted: Mapping[str, Any], name: str, text: str) -> dict[str, Any]:
    """One setting more; raises ConfigError where it is bad or does not go with the others."""
    more = {**accepted, name: LIMITS[name].read(name, text)}
    Settings.of(**more)
    return more


def _limit_of(parameter: Parameter) -> Limit:
    kind = Whole if parameter.whole else Number
    return kind(parameter.default, parameter.low, parameter.high)


def _values(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else [value]


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _reason(error: Exception) -> object:
    if not isinstance(error, LstmVizError):
        return _cut(str(error))
    template, values = error.sentence.template, error.sentence.values
    return Sentence(template, {k: _cut(v) if isinstance(v, str) else v for k, v in values.items()})
