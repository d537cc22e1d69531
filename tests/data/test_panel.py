"""Several series learned together: no window crosses two, and each is what it is alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lstm_viz
from lstm_viz.data.choice import DataChoice
from lstm_viz.data.dataset import PARTS
from lstm_viz.data.preparing.catalogue import Steps
from lstm_viz.data.preparing.clipping import Clip
from lstm_viz.data.preparing.difference import Difference
from lstm_viz.data.preparing.lag import Lag
from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.read import read_bytes
from lstm_viz.data.reading.tables import Table, column_of, content_of
from lstm_viz.data.resolved import Resolved
from lstm_viz.data.windows import WindowSpec
from lstm_viz.experiments.experiment import Experiment
from lstm_viz.runs import wire

APART = 1000
STEPS: tuple[Steps, ...] = ((), (Difference(),), (Clip(), Difference("log")), (Lag(3),))


def resolved(lengths: list[int], steps: Steps = (), **spec: object) -> Resolved:
    """Rows whose value says whose they are, and when: the thousands, and the rest."""
    t = np.concatenate([*map(np.arange, lengths)])
    level = APART * np.repeat(np.arange(1, len(lengths) + 1), lengths) + t + (t % 7) / 8
    table = Table(
        "panel.csv",
        len(t),
        (column_of("level", level),),
        "when",
        t.astype("datetime64[m]"),
        parts={f"who{k}": count for k, count in enumerate(lengths)},
    )
    spec = {"scaling": "none", "window": 4, **spec}
    choice = DataChoice(
        "upload",
        "panel.csv",
        spec=WindowSpec(**spec),
        preparation=steps,
        stacked="sequences",
    )
    return Resolved(choice, table)


@settings(max_examples=15, deadline=None)
@given(
    lengths=st.lists(st.integers(40, 90), min_size=2, max_size=5),
    window=st.integers(2, 9),
    horizon=st.integers(1, 3),
    steps=st.sampled_from(STEPS),
)
def test_no_window_holds_rows_of_two_entities(
    lengths: list[int], window: int, horizon: int, steps: Steps
) -> None:
    data = resolved(lengths, steps, window=window, horizon=horizon)
    panel = data.dataset
    assert panel.entities == tuple(f"who{k}" for k in range(len(lengths)))
    for part in PARTS:
        inputs, answers = panel.part(part)
        origins = panel.origins(part)
        assert len(inputs) == len(answers) == len(origins) == panel.count(part) > 0
        truth = panel.known_targets[origins[:, None] + np.arange(horizon)]
        np.testing.assert_allclose(panel.in_raw_units(answers, origins), truth, atol=2e-3)
        whose = truth[:, :, 0] // APART
        before = panel.known_targets[origins[:, None] - np.arange(1, window + 1)][:, :, 0] // APART
        assert (whose == whose[:, :1]).all()
        assert (before == whose[:, :1]).all()
        if not steps:
            assert (inputs[:, :, 0] // APART == whose[:, :1]).all()
            assert (np.diff(inputs[:, :, 0], axis=1) > 0).all()
        alone = [panel.alone(k) for k in range(len(lengths))]
        np.testing.assert_array_equal(inputs, np.concatenate([x.part(part)[0] for x in alone]))


def test_each_is_split_and_scaled_by_itself() -> None:
    panel = resolved([60, 100], scaling="standard").dataset
    for place, count in enumerate((60, 100)):
        one = panel.alone(place)
        assert (one.split, one.test_split) == (round(count * 0.7), round(count * 0.9))
        assert abs(one.values[: one.split].mean()) < 1e-6
        assert one.index is not None
        assert (np.diff(one.index).astype(int) > 0).all()
        np.testing.assert_allclose(one.known_targets[0], APART * (place + 1))


def test_series_that_cannot_be_learned_are_left_out_and_said() -> None:
    data = resolved([60, 9, 80], window=10)
    assert data.dataset.entities == ("who0", "who2")
    assert data.left_out is not None
    assert "1 of 3 series are left out (who1)." in str(data.left_out)
    assert "at least" in str(data.left_out)


def test_where_none_can_be_learned_it_is_said_of_which_the_reason_is() -> None:
    with pytest.raises(lstm_viz.DataError, match=r"^None of the .* 'who0': "):
        _ = resolved([9, 8], window=10).dataset


def test_a_panel_travels_and_its_choice_is_a_link() -> None:
    data = resolved([50, 60])
    arrived = wire.unpack(wire.pack(data.dataset))
    assert arrived.fingerprint == data.dataset.fingerprint
    assert arrived.entities == data.dataset.entities
    link = Experiment(data.asked, lstm_viz.Settings()).to_query()
    assert "stacked=sequences" in link
    assert Experiment.from_query(link)[0].data == data.asked


def test_windows_that_would_take_too_much_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lstm_viz.data.panel.MOST_NUMBERS", 100)
    with pytest.raises(lstm_viz.DataError, match="Shorten the window"):
        resolved([50, 60]).dataset.part("training")


def test_a_long_table_is_read_as_sequences_in_the_order_of_time() -> None:
    rows = [(who, t, 10 * t + k) for t in range(1, 29) for k, who in enumerate(("b", "a"))]
    lines = [f"{who},2020-01-{t:02},{level}.5" for who, t, level in reversed(rows)]
    found = read_bytes("\n".join(["who,day,level", *lines]).encode(), "long.csv", How())
    table = content_of(found, stacked="sequences")
    assert isinstance(table, Table)
    assert table.parts == {"a": 28, "b": 28}
    for place, (name, each) in enumerate(table.each.items()):
        assert each.index is not None
        assert each.index[0] == np.datetime64("2020-01-01")
        assert each.columns[0].values.tolist() == found.frame_of(name)["level"].tolist()
        assert each.columns[0].values[:2].tolist() == [11.5 - place, 21.5 - place]


def test_a_notebook_learns_from_a_long_table_and_is_asked_by_series() -> None:
    rows = [f"{w},{t},{(7 * t) % 11}.5" for w in "ab" for t in range(2000, 2028)]
    found = read_bytes("\n".join(["who,year,level", *rows]).encode(), "long.csv", How())
    result = lstm_viz.fit(hidden_size=2, epochs=1, window=5, dataset=found, progress=False)
    assert result.dataset.entities == ("a", "b")
    errors = []
    for place, name in enumerate(("a", "b")):
        one = result.dataset.alone(place)
        inputs, truth = one.part("test")
        raw = one.scaler.invert(inputs.astype(np.float64))
        predicted = result.predict(raw, entity=name).ravel()
        errors.append(np.abs(predicted - one.scaler.invert(truth).ravel()))
    assert result.evaluate("test")["mae"] == pytest.approx(np.concatenate(errors).mean(), rel=1e-4)
    with pytest.raises(lstm_viz.DataError, match="one of a, b"):
        result.predict(raw)
