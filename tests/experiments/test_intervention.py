"""Interventions as data: in a link, and in a network that has only a part of what they name."""

from dataclasses import replace

import pytest

from lstm_viz.errors import ConfigError
from lstm_viz.experiments.intervention import Intervention, Place, parameters_of
from lstm_viz.limits import Number

EVERYTHING = Intervention(
    (("forget", 0.5), ("input", 1.0)), (1, 7), (2, 5), (0, 9), 0.25, None, (3, 1, -0.5),
    ("weight_hh", 66),
)  # fmt: skip
GATES = {"forget": Number(1.0, 0, 1), "input": Number(1.0, 0, 1), "candidate": Number(1.0, -1, 1)}


def place(units: int = 8, steps: int = 10, symbols: int = 0, gates: object = GATES) -> Place:
    return Place(gates, units, steps, 2, 2, symbols)  # type: ignore[arg-type]


def fitted(text: str, there: Place) -> tuple[str, str]:
    found, left = Intervention.from_text(text).fitting(there)
    return found.to_text(), " ".join(map(str, left))


def test_a_link_says_it_and_gives_it_back() -> None:
    fine = Intervention((("forget", 1 / 3),), begin=1 / 7, change=(1, 0, 1 / 9))
    nothing = Intervention(), Intervention(begin_like=2), Intervention(begin=0.0)
    for each in (EVERYTHING, fine, *nothing):
        assert Intervention.from_text(each.to_text()) == each


@pytest.mark.parametrize(
    "text",
    ["clamp:forget", "steps:1", "steps:-1,3", "open:1", "silence:0.5", "swap:readout,3",
     "change:1,2", "like:", "begin:1,2"],
)  # fmt: skip
def test_what_nobody_wrote_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="No intervention can be read from"):
        Intervention.from_text(f"clamp:input,1 {text}")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("clamp:forget,5", "The 'clamp' must be between -1 and 1, got 5."),
        ("clamp:forget,nan", "The 'clamp' must be between -1 and 1, got nan."),
        ("clamp:forget,x", "The 'clamp' must be a number, got 'x'."),
        ("begin:1000000", "The 'begin' must be between -1 and 1, got 1000000."),
        ("begin:1e400", "The 'begin' must be between -1 and 1, got inf."),
        ("change:1,0,-inf", "The 'change' must be between"),
        ("clamp:forget,1 steps:5,2", "the first and the last, and 5 comes after 2."),
        ("units:1", "No gate is clamped at these units and steps."),
        ("silence:3 steps:2,5", "No gate is clamped at these units and steps."),
    ],
)
def test_a_value_that_no_control_offers_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        Intervention.from_text(text)


def test_what_a_network_has_no_place_for_is_left_out_and_said() -> None:
    found, left = EVERYTHING.fitting(place(steps=3, gates={"forget": Number(1.0, 0, 1)}))
    assert found == Intervention(
        (("forget", 0.5),), (1, 7), (2, 2), (0,), 0.25, swap=("weight_hh", 66)
    )
    assert [str(each) for each in left] == [
        "This cell has no gate 'input': its clamp is left out.",
        "The units of this layer are 0 to 7. Left out: 9.",
        "The changed input is left out: this example has none there.",
    ]
    same = EVERYTHING.fitting(place(units=10))
    assert same == (EVERYTHING, []), "where all of it is there, nothing is said"
    clamp = (("forget", 1.0),)
    assert Intervention(clamp, steps=(0, 9)).fitting(place())[0].steps is None


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (Intervention((("forget", 0.0),), units=(9,)), "has none of these units"),
        (Intervention((("forget", 0.0),), steps=(40, 50)), "has none of these time steps"),
        (Intervention((("forget", 0.0),), steps=(5, 2)), "has none of these time steps"),
        (Intervention((("forget", -0.5),)), "The gate 'forget' lies between 0 and 1"),
        (Intervention(begin=2.0), "A state begins between -1 and 1: 2 is left out."),
        (Intervention(begin_like=2), "This run has no example 3"),
        (Intervention(change=(3, 0, float("nan"))), "nan is too large a number"),
    ],
)
def test_what_is_nowhere_in_a_network_changes_nothing(asked: Intervention, why: str) -> None:
    found, left = asked.fitting(place())
    assert found == Intervention()
    assert why in " ".join(map(str, left))
    candidate = Intervention((("candidate", -0.5),))
    assert candidate.fitting(place()) == (candidate, [])


@pytest.mark.parametrize("value", ["999", "-1", "1.5", "4"])
def test_an_input_is_changed_only_to_a_symbol_that_there_is(value: str) -> None:
    found, said = fitted(f"change:3,0,{value}", place(symbols=4))
    assert not found and f"{value} is the code of no symbol here." in said
    assert fitted("change:3,0,3", place(symbols=4)) == ("change:3,0,3", "")
    assert fitted(f"change:3,0,{value}", place()) == (f"change:3,0,{value}", "")


def test_units_and_steps_go_with_the_last_gate() -> None:
    clamped = Intervention((("forget", 1.0),), units=(1,), steps=(3, 5))
    assert replace(clamped, gates=()) == Intervention()
    assert clamped.fitting(place(gates={}))[0] == Intervention()
    again = replace(replace(clamped, gates=()), gates=(("input", 1.0),))
    assert again == Intervention((("input", 1.0),))


def test_what_is_said_twice_is_done_once() -> None:
    read = Intervention.from_text
    assert read("silence:2,0,0").silenced == (0, 2)
    assert read("clamp:forget,1 clamp:forget,0.5").gates == (("forget", 0.5),)
    assert read("begin:0.5 like:1") == Intervention(begin_like=1)
    assert read("like:1 begin:0.5") == Intervention(begin=0.5)


def test_a_part_is_that_of_one_layer_in_one_direction() -> None:
    names = [
        f"recurrent.{part}_{place}"
        for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "inner_weight_hh")
        for place in ("l0", "l0_reverse", "l1", "l11")
    ]
    assert parameters_of(names, "recurrent.l1", "weight_hh") == [
        "recurrent.weight_hh_l1", "recurrent.inner_weight_hh_l1",
    ]  # fmt: skip
    assert parameters_of(names, "recurrent.l0_reverse", "bias") == [
        "recurrent.bias_ih_l0_reverse", "recurrent.bias_hh_l0_reverse",
    ]  # fmt: skip
    assert parameters_of(["readout.weight", "readout.bias"], "recurrent.l0", "bias") == []
