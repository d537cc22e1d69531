import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lstm_viz.data.choice import ENTRIES, DataChoice, parameters_of
from lstm_viz.data.preparing.catalogue import STEPS
from lstm_viz.data.preparing.lag import Lag
from lstm_viz.data.preparing.span import Place
from lstm_viz.data.preparing.step import Step
from lstm_viz.data.windows import WindowSpec
from lstm_viz.errors import ConfigError, LstmVizError
from lstm_viz.experiments.experiment import Experiment, race_from_query, race_to_query
from lstm_viz.experiments.links import COLUMNS, FIELDS, SHORT, VIEW
from lstm_viz.experiments.presets import PRESETS
from lstm_viz.experiments.settings import LIMITS, CellSettings, Settings, settings_that_fit
from lstm_viz.limits import Choice, Number, Switch, Whole, limits_of
from lstm_viz.models.cells import CELLS
from lstm_viz.runs import wire

ENTRY_NAMES = [(group, name) for group, entries in ENTRIES.items() for name in entries]


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_comes_back_from_its_link(name: str) -> None:
    experiments = list(PRESETS[name].experiments)
    for experiment in experiments:
        assert Experiment.from_query(experiment.to_query()) == (experiment, [])
    assert race_from_query(race_to_query(experiments)) == (experiments, [])


def values_of(limit: Any) -> some.SearchStrategy[Any]:
    match limit:
        case Whole():
            return some.integers(int(limit.low), int(limit.high))
        case Number():
            return some.floats(limit.low, limit.high)
        case Switch():
            return some.booleans()
        case Choice():
            return some.sampled_from(limit.options)
        case Place():
            return some.sampled_from(["", "1990", "2004-02-29", "2004-02-29T14:30", "12", "-1e3"])
    return some.text(max_size=8)


@some.composite
def preparations(draw: some.DrawFn) -> list[Step]:
    """Any steps, in any order."""
    kinds = draw(some.lists(some.sampled_from([*STEPS.values()]), max_size=5))
    return [
        kind(**{name: draw(values_of(limit)) for name, limit in limits_of(kind).items()})
        for kind in kinds
    ]


@given(some.data())
def test_any_experiment_comes_back_from_its_link(data: some.DataObject) -> None:
    group, name = data.draw(some.sampled_from([*ENTRY_NAMES, ("upload", "wind & sun=1.csv")]))
    known = parameters_of(group, name)  # type: ignore[arg-type]
    wholes = {k: p for k, p in known.items() if p.whole}
    choice = DataChoice(
        group,  # type: ignore[arg-type]
        name,
        {k: data.draw(some.integers(int(p.low), int(p.high))) for k, p in wholes.items()},
        seed=data.draw(some.integers(0, 2**31 - 1)),
        spec=WindowSpec(window=data.draw(some.integers(1, 120)), test_share=0.15),
        targets=tuple(data.draw(some.lists(some.text(min_size=1), max_size=2, unique=True))),
        missing="drop",
        preparation=tuple(data.draw(preparations())),
    )
    names = [each for each in LIMITS if each not in ("kind", "truncate")]
    wanted = {
        each: data.draw(values_of(LIMITS[each]))
        for each in data.draw(some.sets(some.sampled_from(names)))
    }
    cell = data.draw(some.sampled_from(list(CELLS)))
    experiment = Experiment(choice, settings_that_fit(cell, wanted))
    assert Experiment.from_query(experiment.to_query()) == (experiment, [])
    assert Experiment.from_query("?" + experiment.to_query())[0].id == experiment.id


def test_the_steps_of_a_preparation_stand_in_their_order() -> None:
    query = "real=co2&prepare=lag,3&prepare=resample,week,sum&prepare=range,,1990&prepare=diff,log"
    experiment, ignored = Experiment.from_query(query)
    assert not ignored
    assert [step.name for step in experiment.data.preparation] == [
        "resample",
        "range",
        "lag",
        "diff",
    ], "those on rows first"
    swapped = "real=co2&prepare=range,,1990&prepare=resample,week,sum"
    assert Experiment.from_query(swapped)[0].data.preparation[0].name == "range"


@pytest.mark.parametrize("wrong", ["diff", ["diff"], [None], [Lag()] * 13])
def test_what_is_no_preparation_is_refused(wrong: Any) -> None:
    with pytest.raises(ConfigError, match="preparation"):
        DataChoice("real", "co2", preparation=wrong)


def test_a_link_is_short_and_says_what_is_not_at_its_default() -> None:
    data = DataChoice("task", "adding", {"length": 60})
    experiment = Experiment(data, Settings.of(hidden_size=16, forget_bias=3.0, seed=4))
    assert experiment.to_query() == "task=adding&length=60&cell=lstm&bias=3&units=16&seed=4"
    spelled = "seed=4&units=16&bias=3.0&cell=lstm&length=60&task=adding&data_seed=0"
    assert Experiment.from_query(spelled) == (experiment, [])


@pytest.mark.parametrize(
    ("query", "named", "reason"),
    [
        ("real=co2&prepare=fly,3", "prepare=fly,3", "no step 'fly'"),
        ("real=co2&prepare=diff,plain,9999", "prepare=diff", "between 1 and 1000"),
        ("real=co2&prepare=resample,fortnight", "fortnight", "one of 10min"),
        ("real=co2&prepare=lag,1,all,x", "prepare=lag,1,all,x", "takes 2 values, got 3"),
        ("real=co2&prepare=range,2004-13", "2004-13", "a date such as"),
        ("real=co2" + "&prepare=lag" * 13, "prepare=lag", "at most 12 steps"),
        ("task=adding&prepare=diff", "prepare", "not known"),
        ("cell=lstm&wormholes=2", "wormholes", "not known"),
        ("task=juggling", "task=juggling", "must be one of"),
        ("cell=transformer", "cell=transformer", "must be one of"),
        ("units=1000", "units=1000", "between 1 and 512"),
        ("units=many", "units=many", "must be a number"),
        ("units=3.5", "units=3.5", "whole number"),
        ("lr=nan", "lr=nan", "between"),
        ("lr=1e999", "lr=1e999", "between"),
        ("bidirectional=maybe", "bidirectional=maybe", "True or False"),
        ("bidirectional=1&truncate=4", "truncate=4", "Turn one of the two off"),
        ("cell=gru&bias=3", "bias=3", "takes no 'forget_bias'"),
        ("cell=lstm_variant&forget_gate=0&bias=3", "bias=3", "Without 'forget_gate'"),
        ("cell=lstm_variant&bias=3&chrono=1", "chrono=1", "Beside 'chrono'"),
        ("task=adding&window=40", "window", "not known"),
        ("task=adding&text=topics", "text", "not known"),
        ("length=2&task=adding", "length=2", "between"),
        ("units=" + "9" * 5000, "units=999", "between"),
        ("upload=" + "x" * 999, "upload=xxx", "at most 255 characters"),
        ("units=3&units=4", "units=3", "the last one counts"),
        ("conv_kernel=9", "conv_kernel=9", "no effect beside"),
        ("schedule_every=20", "schedule_every=20", "no effect beside"),
        ("target=" + "x" * 2000 + "&real=co2", "target=xxx", "at most"),
    ],
)
def test_what_is_ignored_is_named_with_the_reason(query: str, named: str, reason: str) -> None:
    experiment, ignored = Experiment.from_query(query)
    assert [named in each and reason in each for each in ignored] == [True]
    assert len(ignored[0]) < 400
    assert Experiment.from_query(experiment.to_query()) == (experiment, [])


@given(some.text() | some.dictionaries(some.text(), some.text() | some.lists(some.text())))
def test_no_link_raises(query: Any) -> None:
    experiment, ignored = Experiment.from_query(query)
    assert isinstance(experiment, Experiment)
    assert all(isinstance(each, str) for each in ignored)
    race_from_query(query)


@pytest.mark.parametrize(
    "query", [{"units": None}, {3: b"x"}, {"task": ["adding", 7]}, "%ff=%fe", "&=&=", "?"]
)
def test_no_strange_mapping_raises(query: Any) -> None:
    Experiment.from_query(query)


def test_the_last_of_several_values_counts() -> None:
    assert Experiment.from_query({"units": ["3", "4"]})[0].settings.network.hidden_size == 4


@pytest.mark.parametrize("query", [None, b"units=3", [("units", "3")], 7])
def test_what_is_no_link_is_our_error(query: Any) -> None:
    with pytest.raises(ConfigError, match="text or a mapping"):
        Experiment.from_query(query)


def test_a_link_to_a_file_that_was_not_named_asks_for_one() -> None:
    nothing = Experiment(DataChoice("upload", ""))
    assert Experiment.from_query(nothing.to_query()) == (nothing, [])


def test_a_race_is_a_list_on_the_same_data() -> None:
    data = DataChoice("task", "temporal_order", {"length": 50})
    race = [
        Experiment(data, Settings.of(cell=cell, seed=2)) for cell in ("rnn_tanh", "lstm", "gru")
    ]
    assert race_from_query(race_to_query(race)) == (race, [])
    link = race_to_query(race)
    assert link == "task=temporal_order&length=50&cell=rnn_tanh&seed=2&vs=cell:lstm&vs=cell:gru"
    found, ignored = race_from_query(link + "&vs=cell:gru,bias:3")
    assert len(found) == 4 and "takes no 'forget_bias'" in ignored[0]


def test_any_name_of_a_device_stays_its_own_contender_s() -> None:
    several = [Experiment(), Experiment(settings=Settings.of(device="cuda:0,epochs:3&%"))]
    assert race_from_query(race_to_query(several)) == (several, [])


def test_no_name_in_a_link_means_two_things() -> None:
    settings = {SHORT.get(name, name) for name in LIMITS if name != "kind"} | {"cell", "vs"}
    parameters = {name for entry in ENTRY_NAMES for name in parameters_of(*entry)}
    apart = [settings, parameters, {*FIELDS}, {*COLUMNS}, {*ENTRIES}, {*VIEW}]
    assert len(set().union(*apart)) == sum(map(len, apart))


def test_equal_experiments_are_equal_and_have_one_id() -> None:
    told = DataChoice("task", "adding", {"length": 50}, spec=WindowSpec(window=90), missing="drop")
    one, other = Experiment(told), Experiment(DataChoice("task", "adding"))
    assert one == other and hash(one) == hash(other) and one.id == other.id
    assert Experiment(settings=Settings.of(seed=1)).id != one.id
    below, zero = (Experiment(settings=Settings.of(forget_bias=bias)) for bias in (-0.0, 0.0))
    assert below == zero and below.id == zero.id
    assert copy.deepcopy(one) == one
    assert wire.unpack(wire.pack({"data": one.data, "settings": one.settings})) == {
        "data": one.data,
        "settings": one.settings,
    }


@pytest.mark.parametrize("choice", [
    {"group": "wormhole"}, {"name": "juggling"}, {"parameters": {"wormholes": 2}},
    {"parameters": {"length": 1}}, {"parameters": 3}, {"spec": {"window": 3}}, {"group": []},
    {"name": 3}, {"seed": "x"}, {"seed": True}, {"seed": -1}, {"missing": "foo"},
    {"targets": "co2"}, {"targets": [3]}, {"features": "co2"},
    {"group": "upload", "name": "x" * 256}, {"group": "upload", "name": "\ud800.csv"},
])  # fmt: skip
def test_unknown_data_is_refused(choice: dict) -> None:
    with pytest.raises(LstmVizError):
        DataChoice(**choice)


@pytest.mark.parametrize("make", [
    lambda: Experiment(data=3), lambda: Experiment(settings="x"), lambda: Settings.of(seed=10**400),
    lambda: CellSettings("lstm", []), lambda: CellSettings([]), lambda: Settings().changed(cell=[]),
    lambda: WindowSpec(window="x"), lambda: WindowSpec(horizon=True),
])  # fmt: skip
def test_wrong_types_are_our_error(make: Callable[[], object]) -> None:
    with pytest.raises(ConfigError, match="must be"):
        make()
