"""The diagrams as data: what they name exists, what travels is what was measured."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from lstm_viz.figures.cell.beginning import steadiest
from lstm_viz.figures.cell.by_hand import by_hand_diagram
from lstm_viz.figures.cell.gates_beside import beside
from lstm_viz.figures.cell.of_run import notes
from lstm_viz.figures.cell.view import cell_view, diagram_of, short, with_exponent
from lstm_viz.instruments.anatomy import Anatomy, by_hand
from lstm_viz.models.diagram import BELT, SIZE, Diagram, Telling, cases
from tests.figures.cells import KINDS, H, T, anatomy
from tests.figures.message import unpack
from tests.figures.spoken import named, signals_of, texts

FAR = np.full((T, H), 1e60)
every_kind = pytest.mark.parametrize("kind", KINDS)
HAND = by_hand(np.linspace(0, 1, T), np.ones(T), np.full(T, 0.5), np.full(T, 0.5))


def said(diagram: Diagram, direction: str) -> Iterator[str]:
    """Every text that may be said of a step."""
    for operation in diagram.operations:
        telling: Telling = getattr(operation, direction)
        yield telling.numbers
        yield from texts(telling.means)
    for words in getattr(diagram, direction):
        yield from texts(words)


def asked(diagram: Diagram, direction: str) -> set[str]:
    """The signals by which is chosen what is said."""
    means = [getattr(operation, direction).means for operation in diagram.operations]
    every = [case for words in (*means, *getattr(diagram, direction)) for case in cases(words)]
    return {case.signal for case in every if case.signal}


@pytest.mark.parametrize(
    ("found", "diagram"),
    [*((anatomy(kind), diagram_of(anatomy(kind))) for kind in KINDS), (HAND, by_hand_diagram())],
    ids=[*KINDS, "by hand"],
)
def test_every_signal_that_a_diagram_names_was_measured(found: Anatomy, diagram: Diagram) -> None:
    known = {*found.forward}
    for text in said(diagram, "forward"):
        assert {*named(text)} <= known, text
    assert asked(diagram, "forward") <= known
    assert {way.forward for way in diagram.ways if way.forward} <= known
    assert diagram.state in known
    if not found.backward:
        return
    known = {*signals_of(found)}
    for text in said(diagram, "backward"):
        assert {*named(text)} <= known, text
    assert asked(diagram, "backward") <= known
    assert {way.backward for way in diagram.ways if way.backward} <= {*found.backward}
    assert diagram.gradient in found.backward


@every_kind
def test_a_diagram_lies_inside_its_drawing_and_every_part_has_a_name_of_its_own(kind: str) -> None:
    diagram = diagram_of(anatomy(kind))
    places = [place for way in diagram.ways for place in way.points]
    places += [each.place for each in (*diagram.operations, *diagram.ports)]
    assert all(0 < x < SIZE[0] and 0 < y < SIZE[1] for x, y in places)
    for parts in (diagram.ways, diagram.operations, diagram.ports):
        names = [part.id for part in parts]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.startswith("rnn")])
def test_the_belt_runs_straight_from_one_step_to_the_next(kind: str) -> None:
    belt = [way for way in diagram_of(anatomy(kind)).ways if way.belt]
    ends = sorted((way.points[0][0], way.points[-1][0]) for way in belt)
    assert {y for way in belt for _x, y in way.points} == {BELT}
    assert ends[0][0] < 100 and ends[-1][1] > SIZE[0] - 100
    assert all(b - a <= 48 for (_, a), (b, _) in pairwise(ends))


@every_kind
def test_what_travels_is_what_was_measured(kind: str) -> None:
    found = anatomy(kind)
    header, arrays = unpack(cell_view(found))
    assert header["units"] == list(range(H))
    assert header["steps"] == T
    for name, values in {**found.forward, **found.backward}.items():
        signal = header["signals"][name]
        sent = arrays[signal["array"]].astype(np.float64)
        if "exponent" in signal:
            sent = sent * 2.0 ** arrays[signal["exponent"]].astype(np.float64)
        np.testing.assert_allclose(sent, values, rtol=1e-6, atol=1e-12 * np.abs(values).max())


@every_kind
def test_where_nobody_chose_it_begins_with_what_is_kept_longest_and_where_most_is_added(
    kind: str,
) -> None:
    found = anatomy(kind)
    header, _ = unpack(cell_view(found))
    added = found.forward["added" if "added" in found.forward else "h"]
    marks = np.arange(T) % 3 == 1
    marked, _ = unpack(cell_view(found, marks=marks))
    for unit, step, mark in zip(range(H), header["telling"], marked["telling"], strict=True):
        assert np.abs(added[step, unit]) == np.abs(added[:, unit]).max()
        assert np.abs(added[mark, unit]) == np.abs(added[marks, unit]).max()
    none, _ = unpack(cell_view(found, marks=np.zeros(T, bool)))
    assert none["telling"] == header["telling"]
    if "forget" in found.forward and not (found.forward["forget"] == 1).all():
        assert header["unit"] == found.forward["forget"].mean(axis=0).argmax()


@every_kind
def test_gradients_travel_beyond_the_end_of_float32(kind: str) -> None:
    tiny, plain = anatomy(kind, scale=1e-200), anatomy(kind)
    header, arrays = unpack(cell_view(tiny))
    signal = header["signals"]["dh"]
    exponents = arrays[signal["exponent"]].astype(np.float64)
    sent = arrays[signal["array"]].astype(np.float64) * 2.0**exponents
    np.testing.assert_allclose(sent * 1e200, plain.backward["dh"], rtol=1e-5)
    assert header["top"] < -190


def test_what_float32_cannot_hold_is_infinite_as_in_the_network() -> None:
    found = anatomy("rnn_relu")
    header, arrays = unpack(cell_view(replace(found, forward={**found.forward, "h": FAR})))
    assert np.isposinf(arrays[header["signals"]["h"]["array"]]).all()


def test_beside_what_is_infinite_what_is_huge_is_too() -> None:
    huge, gone = np.full((1, 1), 1e300), np.full((1, 1), np.inf)
    mantissas, _exponents = with_exponent({"a": huge, "b": gone})
    assert np.isinf(mantissas["a"]).all() and np.isinf(mantissas["b"]).all()
    diverged = replace(anatomy("rnn_relu"), forward={"h": np.array([[0.0, 1e300], [0.0, 0.0]])})
    assert steadiest(diverged) == 1


def test_an_exponent_of_nothing_is_none() -> None:
    mantissas, exponents = with_exponent({"a": np.zeros((2, 2)), "b": np.full((2, 2), np.nan)})
    assert (mantissas["a"] == 0).all()
    assert np.isnan(mantissas["b"]).all()
    assert (exponents == 1).all()


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        ("lstm", set()),
        ("no_input_gate", {"input"}),
        ("no_forget_gate", {"forget"}),
        ("no_output_gate", {"output"}),
        ("carousel", {"input", "forget", "output"}),
        ("coupled", {"input"}),
        ("linear", {"squash"}),
        ("everything", set()),
    ],
)
def test_missing_parts_are_drawn_as_missing_and_say_what_stands_there(
    kind: str, missing: set[str]
) -> None:
    diagram = diagram_of(anatomy(kind))
    gone = {each.id: each.missing for each in diagram.operations if each.missing}
    assert gone.keys() == missing
    assert all(re.search("always 1|is 1 − f|No tanh", why) for why in gone.values())
    peepholes = [way for way in diagram.ways if way.id.endswith(".p")]
    there = kind in ("coupled", "everything")
    assert len(peepholes) == (0 if kind == "lstm" else 3)
    assert any(not way.missing for way in peepholes) == there


def test_a_gate_that_is_off_is_one_and_a_coupled_one_what_is_not_kept() -> None:
    assert (anatomy("carousel").forward["forget"] == 1).all()
    coupled = anatomy("coupled").forward
    np.testing.assert_allclose(coupled["input"], 1 - coupled["forget"])


def test_a_layer_that_reads_from_the_end_says_after_where_others_say_before() -> None:
    header, _ = unpack(cell_view(anatomy("lstm", "l0_reverse")))
    assert header["reverse"]
    assert "t+1" in header["operations"]["forget"]["forward"]["equation"]
    assert "t−1" in header["operations"]["fork"]["backward"]["equation"]


def test_units_that_are_not_drawn_are_said_once_beside_a_film_of_as_many() -> None:
    found = anatomy("lstm").cut(np.arange(0, H, 2), T)
    (said,) = notes(found, drawn=H)
    assert said.startswith(f"Drawn: {H // 2} of {H} units")
    assert notes(found, drawn=H // 2) == notes(anatomy("lstm")) == []


@pytest.mark.parametrize(("layer", "end"), [("l0", "last"), ("l0_reverse", "first")])
def test_steps_that_are_left_out_are_said_in_the_order_of_the_input(layer: str, end: str) -> None:
    said = notes(anatomy("lstm", layer).cut(np.arange(H), T - 2))
    assert said[0] == f"Shown: the {end} {T - 2} time steps."


def test_inputs_are_told_as_numbers_where_they_are_few() -> None:
    found = anatomy("lstm")
    header, arrays = unpack(cell_view(found))
    assert header["x"][0] == ", ".join(short(value) for value in found.input[0])
    np.testing.assert_allclose(arrays[header["inputs"]], found.input, rtol=1e-6)
    wide = replace(found, input=np.zeros((T, 7)))
    header, _ = unpack(cell_view(wide))
    assert header["x"] == ["7 numbers"] * T
    assert header["inputs"] is None
    header, _ = unpack(cell_view(found, inputs=list("abcdefghi")))
    assert header["x"] == list("abcdefghi")


def test_by_hand_there_is_no_way_back() -> None:
    header, _ = unpack(cell_view(HAND, by_hand_diagram(), marks=np.arange(T) == 3))
    assert header["gradient"] is None
    assert header["marks"] == [3]
    assert "bus" not in header["operations"]


def test_gates_lie_beside_each_other_in_one_chart() -> None:
    spec = beside("forget", np.ones(T), np.zeros(T))
    table = spec["datasets"]["gates"]
    assert table.groupby("name")["value"].mean().to_dict() == {"learned": 0.0, "yours": 1.0}
    alone = beside("cell", np.ones(T), None)
    assert set(alone["datasets"]["gates"]["name"]) == {"yours"}
