"""Saved runs in the process that opens them: what is shown of one, and what is refused."""

import gzip
import io
import json
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstm_viz import DataError, DivergenceError, Settings, adding_problem, fit
from lstm_viz.files import RECORDINGS
from lstm_viz.notebook.result import Result
from lstm_viz.runs.recordings import load
from lstm_viz.runs.saved_run import MEMBER, MOST_MEMBERS, SavedRun
from lstm_viz.ui.cell.diagram import doubts, taken_apart
from lstm_viz.ui.opener import Opener
from lstm_viz.ui.selection import state_of
from tests.notebook.test_fit import TOO_FAST, Own, Stepped, sequences
from tests.runs.test_wire import same

Arrays = dict[str, Any]


@pytest.fixture(scope="module")
def opener() -> Iterator[Opener]:
    opener = Opener()
    yield opener
    opener.close()


@pytest.fixture(scope="module")
def own() -> Result:
    return fit(Own(2), sequences(), epochs=1, progress=False)


@pytest.fixture(scope="module")
def data(own: Result, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return written(own, tmp_path_factory.mktemp("saved"))


def written(result: Result, folder: Path) -> bytes:
    result.save(folder / "run.npz")
    return (folder / "run.npz").read_bytes()


def test_a_module_is_opened_with_its_frames_and_its_cells_and_without_its_weights(
    opener: Opener, own: Result, data: bytes
) -> None:
    run = opener.open(data, "my run.npz")
    assert (run.state, run.resident, run.module, run.label) == ("recorded", False, True, "Own")
    assert (run.file, run.recorded) == ("my run.npz", False)
    for mine, theirs in zip(run.film.frames, own.frames, strict=True):
        assert mine.weights is None and mine.step == theirs.step
        assert same(dict(mine.layers), dict(theirs.layers))
    layers = [*own.frames[-1].layers]
    assert [*run.anatomies] == [f"{layer}/{k}" for k in range(4) for layer in layers]
    anatomy, true = run.anatomies[f"{layers[0]}/2"], own.anatomy(layers[0], 2)
    assert true is not None and same(dict(anatomy.backward), dict(true.backward))


def test_a_network_of_this_package_brings_its_weights_and_a_recording_is_one(
    opener: Opener, tmp_path: Path
) -> None:
    result = fit(Settings.of(hidden_size=3, epochs=1), adding_problem(40, 8), progress=False)
    run = opener.open(written(result, tmp_path), "a.npz")
    assert not run.module and same(run.film.frames[-1].weights, result.frames[-1].weights)
    path = RECORDINGS / "adding_rnn.run.gz"
    run, shipped = opener.open(path.read_bytes(), path.name), load(path)
    assert same(dict(run.film.frames[-1].layers), dict(shipped.film.frames[-1].layers))
    assert run.dataset.fingerprint == shipped.dataset.fingerprint


def test_a_large_network_is_shown_with_the_weights_that_it_ended_with(
    opener: Opener, tmp_path: Path
) -> None:
    with pytest.raises(DivergenceError) as caught:
        settings = Settings.of(hidden_size=75, epochs=40, batch_size=8, **TOO_FAST)
        fit(settings, sequences(), progress=False)
    result = caught.value.result  # type: ignore[attr-defined]
    run = opener.open(data := written(result, tmp_path), "a.npz")
    first, last = run.film.frames[0], run.film.frames[-1]
    assert first.weights is None and last.weights is not None
    assert {name: each.tolist() for name, each in result.state_dict().items()} == {
        name: each.tolist() for name, each in last.weights.items()
    }
    asked: dict[str, Any] = {}
    taken_apart(run, first, "recurrent.l0", 0, lambda _question, **about: asked.update(about))
    assert asked["weights"] is last.weights
    assert doubts(run) == ["Shown: the network at the training's end, whichever moment is chosen."]
    assert f"diverged at update {last.step + 1}:" in str(run.message)
    assert state_of(run) == "recorded · diverged"

    def renamed(said: Any, _arrays: Arrays) -> None:
        for frame in said["content"]["of"]["frames"]:
            layers = frame["of"]["layers"]["of"]
            layers["recurrent.l1"] = layers.pop("recurrent.l0")

    refused(opener, changed(data, renamed))


def test_an_array_that_is_named_often_is_unpacked_once_and_counts_each_time(
    opener: Opener, data: bytes
) -> None:
    def named(times: int) -> Callable[[Any, Arrays], None]:
        def change(said: Any, arrays: Arrays) -> None:
            arrays["zeros"] = np.zeros(2**24, np.int8)
            weights = {f"w{k}": {"array": "zeros"} for k in range(times)}
            said["content"]["of"]["weights"] = {"of": weights}

        return change

    twice = SavedRun.read(changed(data, named(2))).weights
    assert twice["w0"] is twice["w1"]
    for large in (changed(data, named(16)), bytes(2**26 + 1)):
        with pytest.raises(DataError, match=r"MB.* fewer moments, examples or units"):
            opener.open(large, "a.npz")


def test_where_no_layer_reads_the_input_once_it_is_said(opener: Opener, tmp_path: Path) -> None:
    stepped = fit(Stepped(), sequences(), epochs=1, progress=False)
    with pytest.raises(DataError, match="no layer runs once over"):
        opener.open(written(stepped, tmp_path), "a.npz")


def changed(data: bytes, change: Callable[[Any, Arrays], Any]) -> bytes:
    """The file with another JSON, or other arrays."""
    with np.load(io.BytesIO(data)) as file:
        arrays = dict(file)
    said = json.loads(str(arrays.pop("about")))
    about = change(said, arrays) or said
    file = io.BytesIO()
    text = about if isinstance(about, str) else json.dumps(about)
    np.savez_compressed(file, about=np.array(text), **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def set_to(value: Any, *way: str | int) -> Callable[[Any, Arrays], Any]:
    """A value of the first frame, or of the run, by its way from the content."""

    def change(said: Any, _arrays: Arrays) -> None:
        place = said["content"]["of"]
        for step in way[:-1]:
            place = place[step] if isinstance(step, int) else place.get("of", place)[step]
        place["of"][way[-1]] = value

    return change


LAYER = ("frames", 0, "layers", "encoder.l0")
HUGE = {"record": "Scaler", "of": {"centres": [1e308] * 9, "scales": [0.0] * 9}}


def as_objects(said: Any, arrays: Arrays) -> None:
    arrays["a0"] = np.array([{}], object)


def of_lengths(*lengths: int) -> Callable[[Any, Arrays], Any]:
    def change(said: Any, arrays: Arrays) -> None:
        arrays["lengths"] = np.array(lengths)
        set_to({"array": "lengths"}, *LAYER, "lengths")(said, arrays)

    return change


def without_frames(said: Any, arrays: Arrays) -> None:
    said["content"]["of"]["frames"] = []


HOSTILE: dict[str, Callable[[Any, Arrays], Any]] = {
    "a heat map of another size": set_to({"array": "a0"}, *LAYER, "hidden"),
    "a sample of more steps than there are": of_lengths(1, 1, 1, 99),
    "lengths of one sample": of_lengths(1),
    "text in the place of an array": set_to("abc", *LAYER, "hidden"),
    "a kind that there is not": set_to("__class__", *LAYER, "kind"),
    "a step that is no number": set_to("1", "frames", 0, "step"),
    "settings beyond their limits": set_to(10**9, "run", "settings", "network", "hidden_size"),
    "another record": set_to(HUGE, "run", "dataset"),
    "a record that there is not": set_to({"record": "system", "of": {}}, "run", "probe"),
    "an array that there is not": set_to({"array": "../../etc"}, *LAYER, "hidden"),
    "no frames": without_frames,
    "objects": as_objects,
    "deep JSON": lambda said, arrays: '{"format":' + "[" * 100_000 + "]" * 100_000 + "}",
    "no JSON": lambda said, arrays: "{",
    "a list": lambda said, arrays: [1, 2],
    "a version that is no number": lambda said, arrays: {**said, "version": "1"},
    "a version before the first": lambda said, arrays: {**said, "version": 0},
    "a format of many letters": lambda said, arrays: {**said, "format": "x" * 100_000},
    "a step beyond what a browser counts": set_to(10**30, "run", "step"),
    "a loss that JSON does not know": set_to("-inf", "frames", 0, "validation_loss"),
    "a later version": lambda said, arrays: {**said, "version": 99},
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_file_that_does_not_fit_is_refused_in_a_sentence(
    what: str, opener: Opener, data: bytes
) -> None:
    refused(opener, changed(data, HOSTILE[what]))


def refused(opener: Opener, data: bytes) -> None:
    with pytest.raises(DataError) as caught:
        opener.open(data, "theirs\n.npz")
    said = str(caught.value)
    assert "theirs .npz" in said and "\n" not in said and len(said) < 500
    assert "lstm_viz/" not in said and "pickle" not in said
    assert not said.endswith(("'", ": ")) and "fit together" not in said


def test_what_is_no_file_of_ours_is_refused_and_the_next_one_is_opened(
    opener: Opener, data: bytes
) -> None:
    larger = bytearray(data)  # what a member says of itself, that it takes 512 MB
    struct.pack_into("<I", larger, data.rindex(b"PK\x01\x02") + 24, 2**29)
    bomb = gzip.compress(bytes(2**28 + 1), 1)
    many = data + MEMBER * MOST_MEMBERS  # as many as are listed, whatever they hold
    with pytest.raises(DataError, match=r"members, more than 32768.* fewer moments or layers"):
        opener.open(many, "a.npz")
    halves = data[: len(data) // 2], b"PK\x03\x04", b"\x1f\x8b\x08"
    for other in (b"", b"text", *halves, bytes(larger), bomb):
        refused(opener, other)
    assert opener.open(data, "run.npz").module
