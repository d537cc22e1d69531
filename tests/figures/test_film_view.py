"""The film: what travels to the browser, and what it can read from it."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_viz.figures.courses import Course, History
from lstm_viz.figures.drawn_frames import DrawnFrame, DrawnSignal
from lstm_viz.figures.film_view import MOST_PINNED, DrawnFilm, Moment, Playback, film_view
from lstm_viz.figures.packing import LEVELS
from lstm_viz.figures.rows import (
    FLOAT32_FLOOR,
    Bundle,
    Heat,
    Line,
    Lines,
    Pinned,
    Row,
    Rule,
    Trained,
)
from tests.figures.message import restore, unpack

GATE = np.random.default_rng(0).random((4, 6))
STILL = Heat("series", GATE, labels=["a", "b", "c", "d"], y="symbol")


def frame(step: int, reach: float = 1.0) -> DrawnFrame:
    random = np.random.default_rng(step)
    return DrawnFrame(
        step,
        {
            "forget": DrawnSignal(random.random((4, 6)), 0.0, 1.0),
            "cell": DrawnSignal(reach * (2 * random.random((4, 6)) - 1), -reach, reach),
            "grad_cell": DrawnSignal(-40 * random.random((4, 6)), -40.0, 0.0, "log"),
            "grad_cell_norm": DrawnSignal(-60 * random.random(6), -60.0, 0.0, "log"),
        },
    )


ROWS: list[Row] = [
    Heat("forget"),
    Heat("cell"),
    Heat("grad_cell"),
    Lines([Line("grad_cell", source="grad_cell_norm")], y="2-norm", scale="log"),
    Pinned(["forget", "cell"], y="c"),
    Bundle("cell", y="c"),
    Trained("grad_cell", "grad_cell_norm", "over the training"),
]


def high_of(frame: DrawnFrame) -> float:
    return frame.signals["cell"].high


def moments(steps: Sequence[int]) -> list[Moment]:
    return [(step, float(step), 0.5) for step in steps]


def film(sent: list[DrawnFrame], steps: list[int], rows: list[Row] | None = None) -> DrawnFilm:
    return DrawnFilm(
        rows or ROWS, id="run.l0.0", clock=moments(steps), sent=sent, units=[0, 8, 16, 24]
    )


def test_each_frame_travels_on_its_own_scale_and_says_which() -> None:
    sent = [frame(3), frame(7, reach=20.0)]
    header, arrays = unpack(film_view([film(sent, [0, 3, 7])]))
    (shown,) = header["films"]
    assert (shown["frames"], shown["sent"], shown["id"]) == ([0, 3, 7], [3, 7], "run.l0.0")
    assert shown["signals"]["cell"]["ends"] == [[-1, 1], [-20, 20]]
    codes, ends = (arrays[shown["signals"]["cell"][what]] for what in ("array", "rows"))
    assert codes.shape == (2, 4, 6)
    for k, each in enumerate(sent):
        values = each.signals["cell"].values
        low, high = np.split(ends[k].astype(np.float64), 2, axis=1)
        np.testing.assert_allclose(low[:, 0], values.min(axis=1), rtol=1e-6)
        error = np.abs(restore(codes[k], low, high) - values)
        assert (error <= (high - low) / LEVELS / 2 + 1e-6 * high_of(each)).all()


def test_what_the_browser_has_does_not_travel_again() -> None:
    first = film_view([film([frame(0)], [0])])
    header, arrays = unpack(film_view([film([], [0])], time_steps=6))
    assert header["films"][0]["signals"] == {}
    assert header["steps"] == 6
    assert arrays == []
    assert len(unpack(first)[1]) == 3 * 2 + 1


@given(st.integers(0, 2**32 - 1), st.floats(1e-3, 1e6))
def test_every_value_of_a_film_is_off_by_half_a_level_of_its_unit_and_frame(
    seed: int, reach: float
) -> None:
    values = reach * (2 * np.random.default_rng(seed).random((3, 5)) - 1)
    values[0] = values[0, 0]  # a unit that rests
    sent = [DrawnFrame(0, {"cell": DrawnSignal(values, -reach, reach)})]
    header, arrays = unpack(film_view([film(sent, [0], [Heat("cell")])], time_steps=5))
    signal = header["films"][0]["signals"]["cell"]
    ends = arrays[signal["rows"]][0].astype(np.float64)
    low, high = ends[:, :1], ends[:, 1:]
    error = np.abs(restore(arrays[signal["array"]][0], low, high) - values)
    float32 = 1e-7 * np.abs(values).max()
    assert (error <= (high - low) / LEVELS / 2 + float32).all()
    assert (error[0] <= 1e-6 * np.abs(values[0]) + 1e-9).all()


def test_zero_on_a_log_scale_is_the_first_code_and_no_number_has_no_level() -> None:
    values = np.array([[-np.inf, -3.0], [np.nan, -1.0]])
    sent = [DrawnFrame(0, {"grad_cell": DrawnSignal(values, -9.0, 0.0, "log")})]
    header, arrays = unpack(film_view([film(sent, [0], [Heat("grad_cell")])], time_steps=2))
    signal = header["films"][0]["signals"]["grad_cell"]
    codes, ends = arrays[signal["array"]][0], arrays[signal["rows"]][0]
    read = restore(codes, ends[:, :1], ends[:, 1:])
    assert [codes[0, 0], codes[1, 0]] == [1, 0]
    assert read[0, 1] == pytest.approx(-3.0, abs=1e-4)
    assert read[1, 1] == pytest.approx(-1.0, abs=1e-4)


def test_norms_travel_as_logarithms_that_float32_could_not_hold_as_numbers() -> None:
    logs = np.array([-80.0, -40.0, -np.inf, 0.0, -1.0, -2.0])
    sent = [DrawnFrame(0, {"grad_hidden_norm": DrawnSignal(logs, -80.0, 0.0, "log")})]
    row = Lines(
        [Line("grad_hidden", source="grad_hidden_norm")],
        y="2-norm",
        scale="log",
        rules=[Rule(FLOAT32_FLOOR, "float32")],
    )
    header, (lines,) = unpack(film_view([film(sent, [0], [row])]))
    np.testing.assert_array_equal(lines[0], logs.astype(np.float32))
    described = header["films"][0]["rows"][0]
    assert described["ends"] == [None, None]
    assert described["rules"] == [{"value": FLOAT32_FLOOR, "label": "float32"}]
    assert pytest.approx(np.nextafter(np.float32(0), np.float32(1)), rel=0.02) == 10**FLOAT32_FLOOR


def test_a_still_heat_map_brings_its_values_its_scale_and_its_names() -> None:
    header, (codes,) = unpack(film_view([DrawnFilm([STILL])]))
    (row,) = header["films"][0]["rows"]
    assert (row["kind"], row["ends"], row["picks"]) == ("heat", [0, 1], False)
    assert row["labels"] == ["a", "b", "c", "d"]
    assert header["looks"]["series"]["ramp"]["light"][0] == "#ffffff"
    assert np.abs(restore(codes, 0, 1) - GATE).max() <= 1 / LEVELS / 2


def test_what_no_scale_can_show_is_marked_as_clipped() -> None:
    heat = Heat("cell", np.array([[-3.0, 0.0]]), -2, 2)
    header, _arrays = unpack(film_view([DrawnFilm([heat])]))
    assert header["films"][0]["rows"][0]["clipped"] == [True, False]


def test_a_history_knows_its_training_steps_and_where_its_axis_ends() -> None:
    course = Course("validation_loss", np.array([0, 10]), np.log10([1.0, 0.02]))
    row = History([course], y="loss", last=40, scale="log", rules=[Rule(-2.5, "chance")])
    header, arrays = unpack(film_view([DrawnFilm([STILL])] * 2, courses=[row]))
    (described,) = header["courses"]
    assert [len(film["rows"]) for film in header["films"]] == [1, 1], "it stands above them"
    assert described["ends"] == [-3, 0]
    assert arrays[described["lines"][0]["steps"]].tolist() == [0, 10]
    assert described["last"] == 40


def test_curves_alone_say_the_keys_that_they_have() -> None:
    course = Course("validation_loss", np.array([0, 10]), np.array([1.0, 0.02]))
    over_training = History([course], y="loss", last=40)
    another = History([course], y="°C", last=10, ticks=[(0, "May")], x="date {0}")
    said = []
    for row in (over_training, another):
        header, _arrays = unpack(film_view([DrawnFilm([])], courses=[row], time_steps=1))
        said.append((header["summary"], header["words"]["keys"]))
    keys = "Left, right: moment of the training. Home, End: first, last moment."
    assert said == [("Over the training: loss.", keys), ("Chart: °C, by date {0}.", "")]


@pytest.mark.parametrize(
    ("films", "what"),
    [
        ([DrawnFilm([STILL, Heat("cell", GATE[:, :3])])], "time steps"),
        ([DrawnFilm([STILL]), DrawnFilm([STILL, STILL])], "rows"),
        ([DrawnFilm([Heat("cell", GATE, 1, 0)])], "cannot run from 1 to 0"),
    ],
)
def test_rows_that_do_not_fit_together_are_refused(films: list[DrawnFilm], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        film_view(films)


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        ([0.13, 0.97], [0.1, 1.0]),
        ([0.14, 0.93], [0.1, 1.0]),
        ([3.0, 3.0], [3.0, 3.5]),
        ([np.nan, np.nan], [0.0, 1.0]),
    ],
)
def test_a_linear_axis_ends_at_round_numbers(values: list[float], ends: list[float]) -> None:
    header, _arrays = unpack(
        film_view([DrawnFilm([Lines([Line("cell", np.array(values))], y="c")])])
    )
    assert header["films"][0]["rows"][0]["ends"] == pytest.approx(ends)


def test_an_axis_can_be_given() -> None:
    row = Lines([Line("cell", np.zeros(3))], y="c", low=-2.0, high=2.0)
    header, _arrays = unpack(film_view([DrawnFilm([row])]))
    assert header["films"][0]["rows"][0]["ends"] == [-2, 2]
    assert header["films"][0]["rows"][0]["fixed"]


def test_only_so_many_units_stay_pinned_and_the_newest_do() -> None:
    header, _arrays = unpack(film_view([DrawnFilm([STILL])], pinned=range(9)))
    assert header["pinned"] == list(range(9 - MOST_PINNED, 9))


def test_the_clock_and_the_order_travel_with_the_film() -> None:
    playback = Playback("epoch {epoch}", live=True)
    in_order = DrawnFilm(
        ROWS,
        id="f",
        clock=[(0, 0.0, None), (5, 1.0, 0.5)],
        sent=[frame(0)],
        units=[0, 1, 2, 3],
        order=[3, 1, 0, 2],
    )
    header, _arrays = unpack(
        film_view([in_order], playback=playback, sorts=["original", "peak"], sort="peak")
    )
    assert header["playback"]["label"] == "epoch {epoch}"
    assert header["films"][0]["clock"] == [[0, 0.0, None], [5, 1.0, 0.5]]
    assert header["films"][0]["frames"] == [0, 5]
    assert header["films"][0]["order"] == [3, 1, 0, 2]
    assert [key for key, _name in header["sorts"]] == ["original", "peak"]


def test_a_message_without_news_stays_small() -> None:
    steps = list(range(120))
    playback = Playback("epoch {epoch:.1f}, step {step}")
    data = film_view([film([], steps)], time_steps=300, playback=playback)
    assert len(data) < 16_000
