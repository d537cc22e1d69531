"""Rows on one time axis: what travels to the browser."""

import numpy as np
import pytest

from lstm_viz.figures.strips import (
    FLOAT32_FLOOR,
    Heat,
    Line,
    Lines,
    Rule,
    Transport,
    UnitLines,
    round_step,
    strips,
)
from lstm_viz.figures.wire import restore, unpack

GATE = np.random.default_rng(0).random((4, 6))


def test_a_gate_arrives_with_its_scale_its_colours_and_its_units() -> None:
    header, arrays = unpack(strips([Heat("forget", GATE, 0, 1, labels=[0, 8, 16, 24])]))
    (row,) = header["rows"]
    assert (row["kind"], row["low"], row["high"], row["picks"]) == ("heat", 0, 1, True)
    assert row["labels"] == [0, 8, 16, 24]
    assert row["title"] == "forget gate f"
    assert row["y"] == "unit"
    assert header["looks"]["forget"]["ramp"]["light"][0] == "#ffffff"
    assert np.abs(restore(arrays[row["array"]], 0, 1) - GATE).max() <= 1 / 255 / 2


def test_a_log_row_carries_logarithms_that_float32_could_not_hold_as_numbers() -> None:
    norms = np.array([1e-80, 1e-40, 0.0, 1.0])
    rule = Rule(FLOAT32_FLOOR, "float32")
    lines = Lines([Line("grad_hidden", norms)], y="2-norm", scale="log", rules=[rule])
    header, (sent,) = unpack(strips([lines]))
    np.testing.assert_allclose(sent[[0, 1, 3]], [-80, -40, 0], atol=1e-5)
    assert sent[2] == -np.inf
    assert header["rows"][0]["low"] == pytest.approx(1e-80)
    assert header["rows"][0]["rules"] == [{"value": FLOAT32_FLOOR, "label": "float32"}]


def test_what_no_scale_can_show_is_marked_as_clipped() -> None:
    header, _arrays = unpack(strips([Heat("cell", np.array([[-3.0, 0.0]]), -2, 2)]))
    assert header["rows"][0]["clipped"] == [True, False]


def test_rows_for_epochs_cannot_be_picked_as_units() -> None:
    heat = Heat("grad_hidden", GATE, 1e-3, 1, scale="log", y="epoch", labels=["0", "1", "2.5", "4"])
    (row,) = unpack(strips([heat]))[0]["rows"]
    assert not row["picks"]
    assert row["labels"][2] == "2.5"


def test_a_film_is_sent_whole_and_what_never_changes_once() -> None:
    film = np.random.default_rng(1).random((5, 4, 6))
    rows = [
        Heat("input", film, 0, 1),
        Lines([Line("series", np.arange(6.0)), Line("prediction", film[:, 0])], y="x"),
        UnitLines(["input"], y="activation"),
    ]
    transport = Transport([f"epoch {k}" for k in range(5)], autoplay=True)
    header, arrays = unpack(strips(rows, cursor=2, unit=3, transport=transport))
    assert (header["frames"], header["steps"]) == (5, 6)
    assert [array.shape for array in arrays] == [(5, 4, 6), (6,), (5, 6)]
    assert [line["film"] for line in header["rows"][1]["lines"]] == [False, True]
    assert (header["cursor"], header["unit"]) == (2, 3)
    assert header["transport"]["labels"][4] == "epoch 4"


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ([Heat("input", GATE, 0, 1), Heat("forget", GATE[:, :3], 0, 1)], "time steps"),
        ([Heat("input", GATE[None], 0, 1), Heat("forget", np.stack([GATE, GATE]), 0, 1)], "frames"),
        ([Heat("input", GATE, 1, 0)], "cannot run from 1 to 0"),
        ([Heat("grad_cell", GATE, 0, 1, scale="log")], "log scale cannot run from 0 to 1"),
    ],
)
def test_rows_that_do_not_fit_together_are_refused(rows: list[Heat], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        strips(rows)


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        ([0.13, 0.97], (0.1, 1.0)),
        ([0.14, 0.93], (0.1, 1.0)),
        ([3.0, 3.0], (3.0, 3.5)),
        ([np.nan, np.nan], (0.0, 1.0)),
    ],
)
def test_a_linear_axis_ends_at_round_numbers(
    values: list[float], ends: tuple[float, float]
) -> None:
    header, _arrays = unpack(strips([Lines([Line("cell", np.array(values))], y="c")]))
    assert (header["rows"][0]["low"], header["rows"][0]["high"]) == pytest.approx(ends)


def test_an_axis_can_be_given() -> None:
    header, _arrays = unpack(
        strips([Lines([Line("cell", np.zeros(3))], y="c", low=-2.0, high=2.0)])
    )
    assert (header["rows"][0]["low"], header["rows"][0]["high"]) == (-2, 2)


def test_an_axis_of_zeros_alone_still_has_room() -> None:
    header, (sent,) = unpack(strips([Lines([Line("grad_cell", np.zeros(3))], y="n", scale="log")]))
    assert header["rows"][0]["low"] < header["rows"][0]["high"]
    assert (sent == -np.inf).all()


@pytest.mark.parametrize("span", [1e-7, 0.4, 1.0, 7.0, 123.0, 1e9])
def test_a_round_step_cuts_a_span_into_five_to_thirteen(span: float) -> None:
    assert 5 <= span / round_step(span) < 13


def test_a_frame_of_a_large_layer_stays_small() -> None:
    rows = [
        Heat(signal, np.zeros((64, 300)), 0, 1)
        for signal in ("input", "forget", "candidate", "output")
    ]
    assert len(strips(rows)) < 4 * 64 * 300 + 6_000
