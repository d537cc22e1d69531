"""Parameters are counted without building a network, as many as the built one has."""

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as some

from lstm_viz.data.dataset import Dataset
from lstm_viz.data.tasks.catalogue import make_task
from lstm_viz.experiments.fitting import fitted
from lstm_viz.experiments.settings import LIMITS, Settings, settings_that_fit
from lstm_viz.experiments.size import parameter_count, with_parameters
from lstm_viz.models.cells import CELLS
from lstm_viz.training.building import build
from tests.training.datasets import wave

DATA: dict[str, Dataset] = {
    "series": wave(),
    "numbers": make_task("adding", {"count": 60, "length": 6}),
    "two classes": make_task("first_symbol", {"count": 60, "length": 20}),
    "classes": make_task("temporal_order", {"count": 60, "length": 20}),
    "every step": make_task("reber", {"count": 60, "length": 20}),
}
SWITCHES = ("input_gate", "forget_gate", "output_gate", "peepholes", "coupled", "layer_norm")


@hypothesis_settings(deadline=None)
@given(
    cell=some.sampled_from([*CELLS]),
    data=some.sampled_from([*DATA]),
    parts=some.fixed_dictionaries({}, optional=dict.fromkeys(SWITCHES, some.booleans())),
    hidden_size=some.integers(1, 9),
    layers=some.integers(1, 3),
    bidirectional=some.booleans(),
    readout=some.sampled_from(["last", "mean", "attention"]),
    conv_channels=some.sampled_from([0, 3]),
)
def test_the_count_is_that_of_the_network_that_is_trained(
    cell: str, data: str, parts: dict[str, bool], **network: object
) -> None:
    chosen = fitted(settings_that_fit(cell, {**parts, **network}), DATA[data])
    built = build(chosen, DATA[data])
    assert parameter_count(chosen, DATA[data]) == sum(each.numel() for each in built.parameters())


@given(
    cell=some.sampled_from([*CELLS]), bidirectional=some.booleans(), wanted=some.integers(0, 10**7)
)
def test_no_other_number_of_units_comes_closer_to_the_wanted_parameters(
    cell: str, bidirectional: bool, wanted: int
) -> None:
    plain = Settings.of(cell=cell, bidirectional=bidirectional, seed=3)
    found = with_parameters(plain, DATA["numbers"], wanted)
    units = found.network.hidden_size
    assert found == plain.changed(hidden_size=units), "nothing else changes"

    def away(units: int) -> int:
        return abs(parameter_count(plain.changed(hidden_size=units), DATA["numbers"]) - wanted)

    limit = LIMITS["hidden_size"]
    beside = [each for each in (units - 1, units + 1) if 1 <= each <= limit.high]
    assert all(away(units) <= away(each) for each in beside)


@pytest.mark.parametrize("cell", ["rnn_tanh", "gru", "nested_lstm"])
def test_the_network_that_is_matched_has_its_own_units_again(cell: str) -> None:
    first = Settings.of(cell=cell, hidden_size=16)
    count = parameter_count(first, DATA["classes"])
    assert with_parameters(first.changed(hidden_size=99), DATA["classes"], count) == first
