import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import lstm_viz
from lstm_viz import ConfigError, DataError, DivergenceError, Settings, fit, frames
from lstm_viz.files import RECORDINGS
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.recordings import load
from tests.notebook.test_fit import TOO_FAST, Own, Stepped, sequences
from tests.runs.test_wire import same
from tests.training.datasets import KINDS, of_kind


def all_of(frames: list[Frame]) -> list[dict[str, Any]]:
    return [{each.name: getattr(frame, each.name) for each in fields(frame)} for frame in frames]


@pytest.mark.parametrize("kind", KINDS)
def test_a_saved_run_is_opened_as_it_was(kind: str, tmp_path: Path) -> None:
    settings = Settings.of(hidden_size=4, epochs=2, device="cpu")
    result = fit(settings, of_kind(kind), progress=False)
    result.save(tmp_path / "run")
    opened = lstm_viz.open(tmp_path / "run")
    assert repr(opened) == repr(result)
    assert same(all_of(opened.frames), all_of(result.frames))
    assert opened.history.equals(result.history)
    assert opened.dataset.fingerprint == result.dataset.fingerprint
    assert opened.evaluate() == result.evaluate()
    assert opened.film._saved.html() == result.film._saved.html()


def test_a_run_that_diverged_says_so_when_it_is_opened(tmp_path: Path) -> None:
    with pytest.raises(DivergenceError) as caught:
        fit(Settings.of(hidden_size=4, **TOO_FAST), sequences(), progress=False)
    result = caught.value.result  # type: ignore[attr-defined]
    result.save(tmp_path / "run.npz")
    opened = lstm_viz.open(tmp_path / "run.npz")
    assert opened.state == opened.run.state == "diverged" and repr(opened) == repr(result)
    step = str(caught.value.sentence.values["step"])
    assert f"at update {step}:" in str(opened.diverged)
    assert str(opened.diverged) in opened.film._saved.said
    loop = frames(Settings.of(hidden_size=4), of_kind("numbers"))
    next(loop)
    loop.result.save(tmp_path / "part.npz")
    part = lstm_viz.open(tmp_path / "part.npz")
    assert (part.state, part.diverged) == ("stopped", None)
    assert "diverged" not in part.film._saved.said


def test_of_a_module_the_weights_are_kept_and_its_code_is_given_again(tmp_path: Path) -> None:
    x, y = sequences()
    result = fit(Own(2).double(), (x, y), epochs=1, progress=False)
    result.save(tmp_path / "own.npz")
    opened = lstm_viz.open(tmp_path / "own.npz", module=Own(2).double())
    for mine, theirs in zip(opened.model.parameters(), result.model.parameters(), strict=True):
        assert torch.equal(mine, theirs)
    np.testing.assert_array_equal(opened.predict(x[:3]), result.predict(x[:3]))

    without = lstm_viz.open(tmp_path / "own.npz")
    assert without.history.equals(result.history) and "Own" in repr(without.film)
    with pytest.raises(ConfigError, match="not its code"):
        without.predict(x)
    with pytest.raises(ConfigError, match="parameters are not those"):
        lstm_viz.open(tmp_path / "own.npz", module=Stepped())


def test_a_recording_of_the_app_is_opened_with_its_network() -> None:
    path = RECORDINGS / "adding_rnn.run.gz"
    opened, shipped = lstm_viz.open(path), load(path)
    assert all_of(opened.frames)[-1]["validation_loss"] == shipped.film.frames[-1].validation_loss
    weights = shipped.film.frames[-1].weights or {}
    assert {*opened.state_dict()} == {*weights}
    for name, values in opened.state_dict().items():
        np.testing.assert_array_equal(values.numpy(), weights[name])


def test_what_is_no_saved_run_gets_a_sentence_and_runs_nothing(tmp_path: Path) -> None:
    result = fit(Settings.of(hidden_size=4, epochs=1), of_kind("numbers"), progress=False)
    result.save(tmp_path / "run.npz")
    with np.load(tmp_path / "run.npz", allow_pickle=False) as arrays:
        content = dict(arrays)
    said = json.loads(str(content["about"]))
    (tmp_path / "text").write_text("no zip")
    np.savez(tmp_path / "objects.npz", about=np.array({"a": 1}, object))
    for name, changed in {
        "later": {**said, "version": 99},
        "other": {**said, "format": "lstm_viz traces"},
        "strange": {**said, "content": {"of": {"frames": {"record": "system", "of": {}}}}},
    }.items():
        np.savez(tmp_path / f"{name}.npz", **{**content, "about": np.array(json.dumps(changed))})
    for file, fragment in [
        ("text", "holds no saved run"),
        ("missing.npz", "holds no saved run"),
        ("objects.npz", "holds no saved run"),
        ("strange.npz", "holds no saved run"),
        ("later.npz", "version 99"),
        ("other.npz", "'lstm_viz traces', no run. Read it by lstm_viz.Traces.load"),
    ]:
        with pytest.raises(DataError) as caught:
            lstm_viz.open(tmp_path / file)
        assert fragment in str(caught.value) and "pickle" not in str(caught.value)
    with pytest.raises(ConfigError, match="leave out 'module'"):
        lstm_viz.open(tmp_path / "run.npz", module=Own(2))
