"""What is offered against an alarm: true of the settings at hand, and settings that there are."""

import pytest

from lstm_viz.data.tasks.catalogue import make_task
from lstm_viz.errors import ConfigError
from lstm_viz.experiments.helping import CHANGES, changed, check_helping, what_to_try
from lstm_viz.experiments.settings import Settings
from lstm_viz.measures.alarms import SENTENCES, Alarm
from lstm_viz.models.cells import CELLS


def tried(kind: str, settings: Settings, **values: object) -> str:
    return str(what_to_try(Alarm(kind, 1.0, values), settings))


@pytest.mark.parametrize("cell", CELLS)
def test_each_change_is_one_of_its_own_and_has_a_name(cell: str) -> None:
    settings = Settings.of(cell=cell)
    others = changed(settings)
    assert settings not in others.values() and len({*others.values()}) == len(others)
    assert {*others} <= {*CHANGES}
    for other in others.values():
        assert set(changed(other)) < {*others, "bias", "chrono"} or other.cell.kind != cell


@pytest.mark.parametrize("kind", {sentence.split()[0] for sentence in SENTENCES})
def test_against_every_alarm_something_is_offered(kind: str) -> None:
    assert tried(kind, Settings.of()).endswith(".")


def test_what_is_tried_is_not_what_is_set_already() -> None:
    clipped, free = (Settings.of(clip_norm=norm, learning_rate=0.5) for norm in (1.0, 0.0))
    for kind in ("loss", "weights", "state"):
        assert tried(kind, clipped) == "Try a learning rate below 0.5."
        assert "clip the gradient norm at 1" in tried(kind, free)
        slowest = free.changed(learning_rate=1e-6)
        assert tried(kind, slowest) == "Clip the gradient norm at 1."
        assert "rate" not in tried(kind, slowest.changed(clip_norm=1.0)), "there is no lower one"


def test_it_is_said_to_be_measured_only_where_there_is_something_to_measure() -> None:
    for settings in (Settings.of(cell="rnn_tanh"), Settings.of(cell="min_gru")):
        assert ("Gradients measures" in tried("gradient", settings)) == bool(changed(settings))
    assert not changed(Settings.of(cell="min_gru"))


def test_a_gate_that_begins_open_is_told_from_one_that_was_learned() -> None:
    wide = Settings.of(forget_bias=8.0)
    assert "begins at 8, the gate near 99.97%" in tried("gate", wide, gate="forget")
    for settings, gate in (
        (wide, "output"),
        (Settings.of(chrono=True), "forget"),
        (Settings.of(forget_bias=1.0), "forget"),
        (Settings.of(cell="gru"), "update"),
    ):
        assert "begins at" not in tried("gate", settings, gate=gate)


def test_what_would_take_minutes_says_so_before_it_starts() -> None:
    data = make_task("adding", {"count": 100, "length": 1000})
    large = Settings.of(hidden_size=512, layers=2)
    with pytest.raises(ConfigError, match="would take about"):
        check_helping(large.changed(bidirectional=True), data)
    check_helping(Settings.of(hidden_size=128), data)
