"""What a run will take, said before it is built, against what it takes once it is."""

import re

import pytest

from lstm_viz.data.dataset import Dataset
from lstm_viz.data.tasks.catalogue import make_task
from lstm_viz.errors import ConfigError
from lstm_viz.experiments import cost
from lstm_viz.experiments.settings import Settings
from lstm_viz.models.cells import CELLS, cell_of
from lstm_viz.models.spec import FusedSpec
from lstm_viz.training.loop import Training
from lstm_viz.training.step_memory import step_bytes
from tests.training.datasets import KINDS, of_kind

LARGE = Settings.of(hidden_size=256, layers=2, batch_size=128, device="cpu")


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("kind", KINDS)
def test_no_more_is_kept_than_was_said(cell: str, kind: str) -> None:
    data = of_kind(kind)
    settings = Settings.of(cell=cell, hidden_size=24, layers=2, batch_size=32, device="cpu")
    measured = step_bytes(Training(settings, data))
    assert measured < cost.bytes_needed(settings, data)


def test_what_is_said_of_a_large_step_is_of_the_size_that_it_has() -> None:
    data = make_task("adding", {"count": 200, "length": 100})
    for cell in CELLS:
        settings = Settings.of(cell=cell, hidden_size=64, batch_size=128, device="cpu")
        said = cost.bytes_needed(settings, data)
        assert step_bytes(Training(settings, data)) > said / 5, cell


def test_fewer_forecasts_fit_a_time_the_larger_the_network_and_the_further_they_run() -> None:
    data = of_kind("series")
    small, large = (Settings.of(hidden_size=size) for size in (8, 256))
    near, far, wide = (
        cost.forecasts_within(settings, data, steps, 0.2)
        for settings, steps in ((small, 5), (small, 50), (large, 5))
    )
    assert near > far > 0
    assert near > 100 * wide
    assert cost.forecasts_within(large, data, 5000, 0.2) == 0


def test_small_examples_are_measured_in_few_passes_and_take_little_memory_all_the_same() -> None:
    few, most, limit = cost.EVALUATED, cost.MOST_EVALUATED, cost.EVALUATED_BYTES
    for each in (1, 100, limit // most, limit // few):
        count = cost.evaluated_at_once(each)
        assert few <= count <= most
        assert count == few or count * each <= limit
        assert count == most or (count + 1) * each > limit


def test_of_large_examples_no_more_are_measured_at_once_than_fit() -> None:
    for each in (10**6, 4 * 10**6):
        assert cost.evaluated_at_once(each) * each <= cost.MOST_EVALUATED_BYTES
    assert cost.evaluated_at_once(10**9) == cost.FEWEST_EVALUATED


@pytest.mark.parametrize(("cell", "measured"), [("lstm_variant", 25), ("nested_lstm", 42)])
def test_what_autograd_remembers_of_each_small_step_is_counted(cell: str, measured: int) -> None:
    """`measured`: megabytes by which a process grew for the frame's trace alone."""
    data = make_task("adding", {"count": 400, "length": 400})
    settings = Settings.of(cell=cell, hidden_size=16, layers=2, batch_size=4, device="cpu")
    with_one = cost.bytes_needed(settings.changed(hidden_size=1), data)
    assert with_one > measured / 2 * 2**20, "most of it however small the numbers are"
    assert cost.bytes_needed(settings, data) > measured * 2**20


def test_a_run_that_is_too_large_is_refused_with_the_size_that_fits() -> None:
    data, limit = make_task("adding", {"count": 400, "length": 200}), 300 * 2**20
    with pytest.raises(ConfigError) as refused:
        cost.check_memory(LARGE, data, limit)
    units, batch = map(int, re.findall(r"(\d+) hidden units, or with a batch of (\d+)",
                                       str(refused.value))[0])  # fmt: skip
    for fits in (LARGE.changed(hidden_size=units), LARGE.changed(batch_size=batch)):
        cost.check_memory(fits, data, limit)
    for larger in (LARGE.changed(hidden_size=units + 1), LARGE.changed(batch_size=batch + 1)):
        with pytest.raises(ConfigError):
            cost.check_memory(larger, data, limit)


def test_where_no_size_fits_another_way_is_named() -> None:
    data = make_task("adding", {"count": 400, "length": 200})
    with pytest.raises(ConfigError, match=r"fits with \d+ hidden units\.$"):
        cost.check_memory(LARGE.changed(batch_size=1), data, 10 * 2**20)
    with pytest.raises(ConfigError, match="Choose shorter sequences or fewer layers"):
        cost.check_memory(LARGE, data, 2**16)


def test_a_first_look_that_takes_too_long_is_refused_and_the_time_is_said() -> None:
    data = make_task("adding", {"count": 400, "length": 1000})
    with pytest.raises(ConfigError, match=r"an update takes about \d+ s, an epoch \d+ min"):
        cost.check_time(LARGE, data, 20.0)
    cost.check_time(Settings.of(), data, 20.0)


def test_the_time_grows_with_what_it_is_spent_on() -> None:
    data = make_task("adding", {"count": 400, "length": 100})
    settings = Settings.of(hidden_size=64, batch_size=32)
    base = cost.seconds_of_step(settings, data)
    longer = make_task("adding", {"count": 400, "length": 200})
    assert cost.seconds_of_step(settings, longer) == pytest.approx(2 * base)
    for changes in (
        {"batch_size": 64},
        {"hidden_size": 128},
        {"layers": 2},
        {"cell": "nested_lstm"},
    ):
        assert cost.seconds_of_step(settings.changed(**changes), data) > 1.3 * base


def test_an_attribution_that_takes_too_long_is_refused_with_the_length_that_fits() -> None:
    """Measured on one core: 0.9 s of an LSTM of 2 x 64 units over 400 steps, 8.8 s of 4 x 128 over
    1000.
    """

    def of(length: int, **changes: object) -> tuple[Settings, Dataset]:
        return Settings.of(**changes), make_task("adding", {"count": 20, "length": length})

    assert 0.5 < cost.seconds_of_attribution(*of(400, hidden_size=64, layers=2)) < 2
    long = {"hidden_size": 128, "layers": 4}
    assert 6 < cost.seconds_of_attribution(*of(1000, **long)) < 12
    cost.check_attribution(*of(400, **long))
    with pytest.raises(ConfigError, match="would take about 8 s") as refused:
        cost.check_attribution(*of(1000, **long))
    most = int(re.findall(r"of (\d+) steps", str(refused.value))[0])
    cost.check_attribution(*of(most, **long))
    with pytest.raises(ConfigError):
        cost.check_attribution(*of(most + 5, **long))


def test_a_text_that_takes_too_long_to_read_is_refused_with_the_length_that_fits() -> None:
    """Measured on one core, 2,000 characters: 6.9 s of an LSTM of 512 units, 0.3 s of one of 32,
    21.8 s of a nested LSTM of 2 x 256.
    """
    data = of_kind("text")
    cost.check_reading(Settings.of(hidden_size=32), data, 2000)
    nested = Settings.of(cell="nested_lstm", hidden_size=256, layers=2)
    with pytest.raises(ConfigError, match=r"this would take about 2\d s") as refused:
        cost.check_reading(nested, data, 2000)
    most = int(re.findall(r"fits with (\d+) char", str(refused.value))[0])
    cost.check_reading(nested, data, most)
    with pytest.raises(ConfigError):
        cost.check_reading(nested, data, most + 5)


def test_small_steps_of_a_cell_run_on_tensors_are_left_to_the_cpu_and_no_others() -> None:
    data = make_task("adding", {"count": 200, "length": 50})
    for cell in CELLS:
        small, large = (
            cost.is_faster_on_cpu(Settings.of(cell=cell, hidden_size=size), data)
            for size in (16, 512)
        )
        assert small == (not isinstance(cell_of(cell), FusedSpec)), cell
        assert not large or cell in ("min_gru", "min_lstm"), "their steps multiply no matrices"
