"""Recorded runs: what ships is read and is what its page says; what cannot be read is left out."""

import gzip
import logging
from pathlib import Path

import pytest

from lstm_viz.errors import DataError
from lstm_viz.files import RECORDINGS
from lstm_viz.measures.gradient_flow import said_flow
from lstm_viz.runs import wire
from lstm_viz.runs.recordings import FORMAT, load, load_recordings
from lstm_viz.runs.run import Run


@pytest.fixture(scope="module")
def shipped() -> dict[str, Run]:
    return {run.id: run for run in load_recordings()}


def test_every_file_that_ships_is_read(shipped: dict[str, Run]) -> None:
    assert list(shipped) == ["adding", "adding_rnn"]
    assert len([*RECORDINGS.iterdir()]) == len(shipped)
    assert {run.state for run in shipped.values()} == {"recorded"}


def test_the_two_differ_in_nothing_but_the_cell(shipped: dict[str, Run]) -> None:
    lstm, rnn = shipped.values()
    assert lstm.data == rnn.data
    assert lstm.settings.changed(cell="rnn_tanh") == rnn.settings


def test_the_gradient_of_the_rnn_vanishes_and_the_lstm_learns_to_keep_its_own(
    shipped: dict[str, Run],
) -> None:
    lstm, rnn = (run.film.frames for run in shipped.values())
    for sample in (0, 1):
        for frame in (rnn[0], rnn[-1], lstm[0]):
            assert "it vanishes" in said_flow(frame.top_layer.flow(sample))
        assert "times as large" in said_flow(lstm[-1].top_layer.flow(sample))
        first = [frames[0].top_layer.flow(sample).ratio for frames in (rnn, lstm)]
        assert first[0] < 1e-6 * first[1]


@pytest.mark.parametrize(
    "content",
    [
        b"no archive",
        gzip.compress(b"no message"),
        gzip.compress(wire.pack({"format": FORMAT - 1, "settings": None})),
        gzip.compress(wire.pack({"format": FORMAT, "frames": []})),
    ],
)
def test_a_recording_that_cannot_be_read_is_left_out_and_the_log_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes
) -> None:
    (tmp_path / "old.run.gz").write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert load_recordings(tmp_path) == []
    assert "old.run.gz" in caplog.text


def test_another_format_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "old.run.gz"
    path.write_bytes(gzip.compress(wire.pack({"settings": None})))
    with pytest.raises(DataError, match=r"'old\.run\.gz' is of another version"):
        load(path)
