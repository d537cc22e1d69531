import numpy as np
import pytest

from lstm_viz.data.dataset import NOT_SCORED, PARTS, Dataset
from lstm_viz.data.tasks.catalogue import TASKS, adding_problem, make_task
from lstm_viz.errors import ConfigError

every_task = pytest.mark.parametrize("name", TASKS)
LENGTHENED = {
    "adding": {"length": 70, "low": -1.0},
    "last_marked": {"length": 40},
    "copy_memory": {"items": 8, "lag": 30},
    "two_sequence": {"signal": 1, "lag": 60},
    "delayed_echo": {"bits": 30, "lag": 12},
    "parity": {"length": 21},
    "flip_flop": {"length": 60, "pulses": 0.1},
    "anxbn": {"largest": 5, "length": 23},
    "reber": {"length": 33},
    "temporal_order": {"length": 100},
    "first_symbol": {"length": 90},
    "two_waveforms": {"length": 80, "noise": 0.5},
    "random_labels": {"length": 40},
}


def answers_of(data: Dataset) -> np.ndarray:
    assert data.answers is not None
    return data.answers


@every_task
@pytest.mark.parametrize("longer", [False, True])
def test_a_task_is_what_its_dataset_says(name: str, longer: bool) -> None:
    data = make_task(name, LENGTHENED[name] if longer else None)
    answers = answers_of(data)
    count = len(data.values)
    assert data.values.shape == (count, data.window, len(data.input_names))
    assert answers.shape == (count, data.window if data.every_step else len(data.target_names))
    if data.symbols:
        assert data.values.dtype == np.uint8
        assert data.values.shape[2] == 1
        assert set(np.unique(data.values)) == set(range(len(data.symbols)))
    else:
        assert data.values.dtype == np.float32
    if data.problem == "classes":
        assert answers.dtype == np.int16
        assert set(np.unique(answers)) - {NOT_SCORED} == set(range(len(data.classes)))
    else:
        assert answers.dtype == np.float32
    if data.problem == "binary":
        assert len(data.classes) == 2
        assert set(np.unique(answers)) == {0, 1}
    if data.judged is not None:
        assert data.judged.shape == answers.shape
        assert (answers[data.judged] != NOT_SCORED).all()


@every_task
def test_no_part_asks_for_what_another_has_shown(name: str) -> None:
    for seed in (0, 1):
        data = make_task(name, seed=seed)
        training, validation, test = (
            {sequence.tobytes() for sequence in data.part(part)[0]} for part in PARTS
        )
        assert not training & validation
        assert not training & test
        assert not validation & test


@every_task
def test_the_parts_are_all_there_is_in_order(name: str) -> None:
    data = make_task(name, {"count": 100}, 0, 0.3, 0.2)
    parts = [data.part(part) for part in PARTS]
    assert [len(x) for x, _ in parts] == [50, 30, 20]
    np.testing.assert_array_equal(np.concatenate([x for x, _ in parts]), data.values)
    np.testing.assert_array_equal(np.concatenate([y for _, y in parts]), data.answers)


@every_task
def test_equal_seeds_equal_numbers(name: str) -> None:
    chosen = {"count": 200}
    first, again, other = (make_task(name, chosen, seed) for seed in (5, 5, 6))
    np.testing.assert_array_equal(first.values, again.values)
    np.testing.assert_array_equal(answers_of(first), answers_of(again))
    assert not np.array_equal(first.values, other.values)


@every_task
def test_sequences_are_left_unscaled(name: str) -> None:
    scaler = make_task(name).scaler
    assert (scaler.offsets, scaler.scales) == ((0,), (1,))


@every_task
def test_parameters_and_words_describe_themselves(name: str) -> None:
    task = TASKS[name]
    assert "count" in task.parameters
    assert task.label
    assert task.help.endswith((".", "?"))
    for parameter in task.parameters.values():
        numbers = (parameter.default, parameter.low, parameter.high, parameter.step)
        assert len({type(number) for number in numbers}) == 1, "a widget takes one type of number"
        assert parameter.low <= parameter.default <= parameter.high
        assert parameter.help.endswith(".")


@every_task
def test_the_shortest_and_the_longest_can_be_made_or_are_refused_in_words(name: str) -> None:
    for extreme in ("low", "high"):
        for key, parameter in TASKS[name].parameters.items():
            chosen = {"count": 100} | {key: getattr(parameter, extreme)}
            try:
                data = make_task(name, chosen)
            except ConfigError as refused:
                assert "Take fewer or" in str(refused)  # noqa: PT017 - either is fine
            else:
                assert len(data.values) == chosen["count"]


def test_the_adding_problem_is_the_task_of_that_name() -> None:
    data = adding_problem(50, 8, seed=1, validation_share=0.1, test_share=0.2)
    same = make_task("adding", {"count": 50, "length": 8}, 1, 0.1, 0.2)
    np.testing.assert_array_equal(data.values, same.values)
    assert data.part("training")[0].shape == (35, 8, 2)
    assert data.part("validation")[1].shape == (5, 1)
    assert data.part("test")[1].shape == (10, 1)
    assert (data.window, data.horizon) == (8, 1)


BAD = [
    ("adding", {"count": 5}, 0, 0.2, "'count' must be between 10 and 20000, got 5"),
    ("adding", {"length": 3}, 0, 0.2, "'length' must be between 4 and 1000, got 3"),
    ("adding", {"lag": 3}, 0, 0.2, "no parameter called 'lag'. Choose one of: length, low, count"),
    ("adding", {"count": 20_000, "length": 1000}, 0, 0.2, "Take fewer or shorter ones"),
    ("adding", {}, 0.5, 0.2, "'seed' must be a whole number, got 0.5"),
    ("adding", {}, 0, 0.9, "'validation share' must be between 0.05 and 0.5, got 0.9"),
    ("copy_memory", {"lag": 0}, 0, 0.2, "'lag' must be between 1 and 500, got 0"),
    ("copy_memory", {"items": 2}, 0, 0.2, "only 64 different sequences of this length, and 3,000"),
    ("delayed_echo", {"lag": 101}, 0, 0.2, "'lag' must be between 1 and 100, got 101"),
    ("delayed_echo", {"bits": 5}, 0, 0.2, "only 1,024 different sequences"),
    ("parity", {"length": 12}, 0, 0.2, "3,000 sequences of 12 bits would repeat each other"),
    ("temporal_order", {"length": 19}, 0, 0.2, "'length' must be between 20 and 1000, got 19"),
    ("anxbn", {"largest": 1.5}, 0, 0.2, "'largest' must be between 2 and 100, got 1.5"),
    ("subtracting", {}, 0, 0.2, "no task called 'subtracting'. Choose one of: adding, copy_memory"),
]


@pytest.mark.parametrize(("name", "parameters", "seed", "share", "message"), BAD)
def test_bad_parameters_are_refused_with_a_remedy(
    name: str, parameters: dict[str, float], seed: int, share: float, message: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        make_task(name, parameters, seed, share)
    assert message in str(refused.value)
