from dataclasses import replace

import numpy as np
import pytest

from lstm_viz.data.generators.catalogue import generate
from lstm_viz.data.preparing.difference import Difference
from lstm_viz.data.tasks.catalogue import make_task
from lstm_viz.data.windows import WindowSpec, cut
from lstm_viz.errors import ConfigError
from lstm_viz.figures.drawn_frames import Thinning, drawn_frame
from lstm_viz.figures.layer_rows import (
    answer_rows,
    at_the_end,
    drawn_readout,
    gate_rows,
    input_rows,
    letters,
    memory,
    names_of,
    swapped,
)
from lstm_viz.figures.palette import ASIDE
from lstm_viz.figures.rows import Heat, Lines
from lstm_viz.runs.frames import LayerFrame, Probe
from tests.training.frames_for_tests import frame as frame_of

B, T, U = 2, 5, 3
rng = np.random.default_rng(0)


def gru() -> LayerFrame:
    gates = {name: rng.random((B, T, U), np.float32) for name in ("reset", "update", "candidate")}
    hidden, norms = np.zeros((B, T, U), np.float32), np.ones((B, T))
    logs = np.zeros((B, T, U), np.float32)
    flow = {"hidden": norms}, np.full(B, T - 1)
    return LayerFrame("gru", U, np.arange(U), hidden, None, gates, norms, None, logs, None, *flow)


def test_the_other_convention_turns_the_update_gate_round_and_nothing_else() -> None:
    layer = gru()
    other = swapped(layer)
    np.testing.assert_allclose(other.gates["update"] + layer.gates["update"], 1)
    assert other.gates["reset"] is layer.gates["reset"]
    assert other.hidden is layer.hidden
    assert [row.signal for row in gate_rows(other)] == ["reset", "update", "candidate"]
    shown = drawn_frame(other, 1, 0, Thinning()).signals["update"]
    np.testing.assert_array_equal(shown.values, 1 - layer.gates["update"][1].T)


def test_numbers_are_said_to_be_scaled_where_they_are() -> None:
    task = make_task("adding")
    (row,) = input_rows(task, task.values[0])
    assert isinstance(row, Lines)
    assert row.y == "x"
    series = cut(generate("sine"), "value", WindowSpec())
    (row,) = input_rows(series, series.part("training")[0][0])
    assert (row.y, row.title) == ("x (scaled)", "input x")
    changes = replace(series, differences=(Difference(),))
    (row,) = input_rows(changes, series.part("training")[0][0])
    assert isinstance(row, Lines)
    assert row.title == "input x, targets as differences"


def test_the_target_stands_after_the_last_step_beside_the_answer() -> None:
    task = make_task("adding")
    (row,) = input_rows(task, task.values[0], task.answers[0])
    assert isinstance(row, Lines)
    target, answer = row.lines[-2:]
    np.testing.assert_array_equal(target.values, at_the_end(task.answers[0, 0], task.window))
    assert (answer.values, answer.source) == (None, "answer")


@pytest.mark.parametrize("name", ["copy_memory", "delayed_echo", "reber", "anxbn"])
def test_answers_are_drawn_where_they_are_scored_and_nowhere_else(name: str) -> None:
    task = make_task(name)
    x, y = (part[:2] for part in task.part("validation"))
    judged = task.judged_part("validation")
    probe = Probe(x, y, y, None if judged is None else judged[:2])
    scored = y >= 0 if judged is None else judged[:2]
    for sample in (0, 1):
        frame = replace(frame_of(0), answer=np.zeros_like(y))
        answer = drawn_readout(task, frame, sample, probe.scored(sample))["answer"]
        np.testing.assert_array_equal(np.isfinite(answer.values), scored[sample])
        (row,) = answer_rows(task, y[sample], probe.scored(sample))
        assert isinstance(row, Lines)
        target, _answer, *beside = row.lines
        np.testing.assert_array_equal(np.isfinite(target.values), scored[sample])
        assert [line.name for line in beside] == ["target, not scored"] * (judged is not None)
        for line in beside:
            np.testing.assert_array_equal(np.isfinite(line.values), ~scored[sample])
            assert line.colour == ASIDE


def test_a_number_is_asked_for_whatever_its_value() -> None:
    values = np.full((1, 3, 1), -1.0, np.float32)
    assert Probe(values, values[:, 0], values[:, 0]).scored(0).tolist() == [True]


@pytest.mark.parametrize("name", ["copy_memory", "reber"])
def test_each_symbol_has_a_row_and_stands_at_its_step(name: str) -> None:
    task = make_task(name)
    inputs = task.values[0]
    (row,) = input_rows(task, inputs)
    assert isinstance(row, Heat)
    assert tuple(row.labels or ()) == task.symbols
    np.testing.assert_array_equal(np.argmax(row.values, axis=0), inputs[:, 0])
    assert letters(task, inputs) == [task.symbols[code] for code in inputs[:, 0]]


def test_nothing_is_said_of_a_cell_that_there_is_not() -> None:
    unknown = replace(gru(), kind="mgu")
    for ask in (memory, names_of):
        with pytest.raises(ConfigError, match="no cell 'mgu'"):
            ask(unknown)


def test_a_zoned_out_cell_keeps_longer_than_its_forget_gate_says() -> None:
    gates = {name: np.full((B, T, U), 0.5, np.float32) for name in ("forget", "candidate")}
    plain = replace(gru(), kind="lstm_variant", gates=gates)
    np.testing.assert_allclose(memory(plain), -1 / np.log(0.5))
    zoned = replace(plain, options={"zoneout": 0.4})
    np.testing.assert_allclose(memory(zoned), -1 / np.log(0.4 + 0.6 * 0.5), rtol=1e-6)
    without = replace(plain, options={"forget_gate": False})
    assert np.isinf(memory(without)).all()
    assert memory(replace(plain, kind="nested_lstm")) is None
