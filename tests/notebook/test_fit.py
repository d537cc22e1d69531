import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from lstm_viz import (
    DivergenceError,
    Experiment,
    LstmVizError,
    Settings,
    adding_problem,
    alarms,
    fit,
    frames,
    trace,
)
from tests.figures.reading_charts import axis_titles
from tests.training.datasets import waves

QUICK: dict[str, Any] = {"epochs": 2, "batch_size": 16, "device": "cpu", "progress": False}
TOO_FAST: dict[str, Any] = {"learning_rate": 10.0, "clip_norm": 0.0, "optimizer": "sgd"}


class Own(nn.Module):
    """Reads its input from both ends, in two layers."""

    def __init__(self, inputs: int = 1, outputs: int = 1, **how: Any) -> None:
        super().__init__()
        self.encoder = nn.GRU(inputs, 5, 2, bidirectional=True, batch_first=True, **how)
        self.head = nn.Linear(10, outputs)

    def forward(self, x: Tensor) -> Tensor:
        answer: Tensor = self.head(self.encoder(x)[0][:, -1])
        return answer


class Speller(nn.Module):
    """Names a symbol at every step."""

    def __init__(self) -> None:
        super().__init__()
        self.embed, self.lstm = nn.Embedding(4, 3), nn.LSTM(3, 6, batch_first=True)
        self.head = nn.Linear(6, 4)

    def forward(self, codes: Tensor) -> Tensor:
        answer: Tensor = self.head(self.lstm(self.embed(codes))[0])
        return answer


class Stepped(nn.Module):
    """A cell stepped by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.cell, self.head = nn.LSTMCell(2, 4), nn.Linear(4, 1)

    def forward(self, x: Tensor) -> Tensor:
        state = None
        for step in x.unbind(1):
            state = self.cell(step, state)
        answer: Tensor = self.head(state[0])
        return answer


def sequences(count: int = 60, steps: int = 7) -> tuple[np.ndarray, np.ndarray]:
    x = np.random.default_rng(0).normal(size=(count, steps, 2)).astype(np.float32)
    return x, x.sum(axis=(1, 2))


def seeded(make: Callable[[], nn.Module]) -> nn.Module:
    torch.manual_seed(0)
    return make()


def test_a_module_is_trained_as_a_loop_written_by_hand_trains_it() -> None:
    x, y = sequences()
    result = fit(seeded(lambda: Own(2)), (x, y), learning_rate=0.01, seed=3, **QUICK)

    plain = seeded(lambda: Own(2))
    adam = torch.optim.Adam(plain.parameters(), lr=0.01)
    shuffle, inputs, answers = np.random.default_rng(3), torch.tensor(x), torch.tensor(y)[:, None]
    for _ in range(2):
        order = shuffle.permutation(42)  # of 60: 12 to judge it, 6 to test it
        for start in range(0, 42, 16):
            batch = order[start : start + 16]
            adam.zero_grad()
            nn.functional.mse_loss(plain(inputs[batch]), answers[batch]).backward()
            nn.utils.clip_grad_norm_(plain.parameters(), 1.0)
            adam.step()
    for mine, theirs in zip(result.model.parameters(), plain.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-6, atol=1e-7)
    with torch.no_grad():
        errors = (plain(inputs[54:]) - answers[54:]).numpy()
    found = result.evaluate()
    assert found["mae"] == pytest.approx(np.abs(errors).mean(), rel=1e-5)
    assert found["loss"] == pytest.approx(found["rmse"] ** 2) == pytest.approx((errors**2).mean())


def test_a_frame_of_a_module_is_its_trace_on_the_probe_by_pytorchs_names() -> None:
    x, y = sequences()
    module = Own(2)
    *_, last = frames(module, (x, y), epochs=1, batch_size=16)
    assert [*last.layers] == [f"encoder.l{k}{way}" for k in (0, 1) for way in ("", "_reverse")]
    probed = torch.tensor(x[42:54])[np.array([0, 3, 7, 11])]
    traced = trace(module, probed, loss_fn=lambda out, wanted: ((out - wanted) ** 2).sum(),
                   targets=torch.tensor(y[42:54])[np.array([0, 3, 7, 11])][:, None])  # fmt: skip
    for name, layer in last.layers.items():
        np.testing.assert_allclose(layer.hidden, traced[name].hidden, atol=1e-6)
        np.testing.assert_allclose(layer.grad_hidden_norm, traced[name].grad_norm("hidden"), 1e-5)
    assert last.layers["encoder.l0_reverse"].reverse and not last.layers["encoder.l0"].reverse


def test_a_cell_stepped_by_hand_is_a_layer_of_its_frames() -> None:
    *_, last = taken = [*frames(Stepped(), sequences(), epochs=1)]
    assert last.layers["cell"].hidden.shape == (4, 7, 4)
    assert "gradient" not in {alarm.kind for alarm in alarms(taken)}, "of it nothing is known"


def test_a_column_is_cut_and_scaled_and_predicted_in_its_own_unit() -> None:
    index = pd.date_range("2024-01-01", periods=200, freq="D")
    table = pd.DataFrame({"a": 50 + np.sin(np.arange(200) / 5), "b": np.arange(200.0)}, index)
    table.insert(1, "text", "sunny")
    cut: dict[str, Any] = {"targets": "a", "features": ["b"], "window": 9, "horizon": 3}
    result = fit(Own(2, 3), table, **cut, **QUICK)
    data = result.dataset
    assert data.input_names == ("a", "b") and data.index is not None and len(data.index) == 200
    window = table[["a", "b"]].to_numpy()[:9]
    scale, offset = data.scaler.scales, data.scaler.offsets
    with torch.no_grad():
        scaled = torch.tensor((window - offset) / scale, dtype=torch.float32)[None]
        plain = result.model(scaled).numpy()[0] * scale[0] + offset[0]
    np.testing.assert_allclose(result.predict(window[None])[0, :, 0], plain, rtol=1e-6)
    x, y = data.part("test")
    own = x.astype(np.float64) * scale + offset
    errors = np.abs(result.predict(own)[:, :, 0] - (y * scale[0] + offset[0]))
    assert result.evaluate()["mae"] == pytest.approx(errors.mean(), rel=1e-4)


@pytest.mark.parametrize("outputs", [1, 2])
def test_two_classes_are_one_score_or_two(outputs: int) -> None:
    x, y = sequences()
    result = fit(Own(2, outputs), (x, np.where(y > 0, "up", "down")), **QUICK)
    assert result.dataset.classes == ("down", "up")
    assert result.dataset.problem == {1: "binary", 2: "classes"}[outputs]
    x_test, y_test = result.dataset.part("test")
    given = result.predict(x_test)
    named = np.array(result.dataset.classes)[y_test.astype(int)]
    right = np.where(given > 0.5, "up", "down") if outputs == 1 else given
    right = right == named
    assert result.evaluate("test")["accuracy"] == pytest.approx(right.mean())


@pytest.mark.parametrize("names", [("low", "middle", "high"), (-3, 7, 40)])
def test_classes_are_predicted_by_the_names_that_they_were_learned_under(
    names: tuple[str, ...] | tuple[int, ...],
) -> None:
    x, y = sequences()
    known = np.array(names)[np.digitize(y, [-1, 1])]
    result = fit(Own(2, 3), (x, known), **{**QUICK, "epochs": 30, "learning_rate": 0.05})
    given = result.predict(x)
    assert given.shape == (len(x), 1) and given.dtype.kind == known.dtype.kind
    with torch.no_grad():
        likeliest = result.model(torch.from_numpy(x)).argmax(dim=1).numpy()
    order = [str(each) for each in np.unique(known)]
    assert [str(each) for each in given[:, 0]] == [order[code] for code in likeliest]
    assert np.mean(given[:, 0] == known) > 0.8, "it has learned them"


def test_codes_reach_a_module_as_an_embedding_reads_them() -> None:
    codes = np.random.default_rng(1).integers(0, 4, (60, 8))
    result = fit(Speller(), (codes, codes), **{**QUICK, "epochs": 12, "learning_rate": 0.05})
    assert result.evaluate()["accuracy"] == 1.0, "it has only to name what it reads"
    assert [*result.trace(codes[:2], targets=codes[:2])] == ["lstm.l0"]
    np.testing.assert_array_equal(result.predict(codes[:3]), codes[:3])


def test_history_has_a_row_for_each_frame_and_a_result_is_read_frame_by_frame() -> None:
    result = fit(Settings.of(hidden_size=4, epochs=2), adding_problem(64, 8), progress=False)
    table = result.history
    assert table["step"].tolist() == [frame.step for frame in result] == [0, 1, 2, 3, 4]
    assert table["validation_loss"].tolist() == [frame.validation_loss for frame in result.frames]
    chart = result.plot().to_dict()
    drawn = pd.DataFrame(chart["datasets"]["losses"])
    assert axis_titles(chart) == {"training step", "loss"}
    for signal, name in (("train_loss", "training loss"), ("validation_loss", "validation loss")):
        given = table[["step", signal]].dropna().to_numpy()
        mine = drawn[drawn["name"] == name][["step", "value"]].to_numpy()
        np.testing.assert_array_equal(mine, given)


def test_what_diverges_leaves_what_was_measured_before() -> None:
    with pytest.raises(DivergenceError) as caught:
        fit(Own(2), sequences(), **TOO_FAST, progress=False)
    result = caught.value.result  # type: ignore[attr-defined]
    assert result.diverged is caught.value and len(result.frames) > 0
    assert result.frames[-1].step == result.run.step, "its last frame is that of its weights"
    assert all(torch.isfinite(each).all() for each in result.model.parameters())


def test_a_bar_stands_where_tqdm_is_and_can_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    bars = []

    class Bar:
        n = 0

        def __init__(self, total: int, unit: str) -> None:
            self.total = total
            bars.append(self)

        def __enter__(self) -> "Bar":
            return self

        def __exit__(self, *_: object) -> None: ...

        def update(self, by: int) -> None:
            self.n += by

        def set_postfix(self, **_: object) -> None: ...

    fake = ModuleType("tqdm")
    fake.tqdm = Bar  # type: ignore[attr-defined]
    fake.__spec__ = sys.__spec__
    monkeypatch.setitem(sys.modules, "tqdm", fake)
    settings, data = Settings.of(hidden_size=4, epochs=2), adding_problem(64, 8)
    fit(settings, data)
    fit(settings, data, progress=False)
    assert [(bar.n, bar.total) for bar in bars] == [(4, 4)]


X, Y = sequences()
BAD: list[tuple[Callable[[], Any], str]] = [
    (lambda: fit("adding"), "nothing to learn from"),
    (lambda: fit("adding", (X, Y)), "Give Settings, an Experiment or an nn.Module"),
    (lambda: fit(Experiment(), (X, Y)), "An Experiment names its data"),
    (lambda: fit(dataset="adding"), "got str"),
    (lambda: fit(dataset=(X, Y[:3])), "give an answer for each"),
    (lambda: fit(dataset=(X[:, 0, 0], Y)), "X must be (N, T, D)"),
    (lambda: fit(dataset=(X, [[1], [2, 3]])), "unlike lengths"),
    (lambda: fit(dataset=(X * np.nan, Y)), "'X' holds values that are not finite"),
    (lambda: fit(dataset=(X[:5], Y[:5])), "too few"),
    (lambda: fit(dataset=(X, np.ones(60, int))), "are one class"),
    (lambda: fit(dataset=(X, np.arange(60))), "Give numbers as floats"),
    (lambda: fit(dataset=(X, np.zeros((60, 3), int))), "T = 7"),
    (lambda: fit(dataset=(X[..., 0].astype(int) - 1, Y)), "codes of symbols"),
    (lambda: fit(dataset=np.arange(5.0)), "at least 12 are needed"),
    (lambda: fit(dataset=waves(), window=5), "cut already"),
    (lambda: fit(dataset=pd.DataFrame({"a": [1.0], "b": [2.0]})), 'targets="..."'),
    (lambda: fit(dataset=pd.Series([1.0, 2.0], [3, 1])), "Sort them first"),
    (lambda: fit(dataset=(X, Y), cells=3), "no setting 'cells'. Did you mean 'cell'?"),
    (lambda: fit(dataset=(X, Y), epoch=3), "no setting 'epoch'. Did you mean 'epochs'?"),
    (lambda: fit(Own(2), (X, Y), epoch=3), "Did you mean 'epochs'?"),
    (lambda: fit(dataset=waves(), windows=3), "Did you mean 'window'?"),
    (lambda: fit(dataset=(X, Y), nonsense=3), "takes no 'nonsense'"),
    (lambda: fit(dataset=(X, Y), cell="rnn_relu", clip=0), "one of clip_norm, clip_value?"),
    (lambda: fit(dataset=(X, Y), cell="rnn_relu", nonsense=3), "takes no 'nonsense': leave it"),
    (lambda: fit(Own(2), (X, Y), optim="sgd"), "Did you mean 'optimizer'?"),
    (lambda: fit(Own(2), (X, Y), nonsense=3), "There is no setting 'nonsense'"),
    (lambda: fit(Own(2), (X, Y.astype(int))), "'y.astype(float)'"),
    (lambda: fit(Own(2).bfloat16(), (X, Y)), "give 'module.float()'"),
    (lambda: fit(dataset=TensorDataset(torch.tensor(X), torch.tensor(Y))), "TensorDataset's 'ten"),
    (lambda: fit(dataset=DataLoader([1, 2])), "those of a DataLoader's 'dataset'"),  # type: ignore[arg-type]
    (lambda: fit(dataset=pd.DataFrame({"a": ["x"], "b": [2.0]}), targets="c"), "no column 'c'"),
    (lambda: fit(dataset=pd.DataFrame({"a": ["x"], "b": [2.0]}), targets="a"), "column 'a' does"),
    (lambda: fit(Own(2), (X, Y), hidden_size=3), "brings its 'hidden_size' along"),
    (lambda: fit(Own(3), (X, Y)), "cannot read an input of the shape"),
    (lambda: fit(Own(2, 3), (X, Y)), "answer in the shape (B, 1), got (B, 3)"),
    (lambda: fit(nn.LSTM(2, 3, batch_first=True), (X, Y)), "got (B, 7, 3)"),
    (lambda: fit(nn.Sequential(nn.Flatten(), nn.Linear(14, 1)), (X, Y)), "no recurrent layer"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "fragment"), BAD, ids=[fragment for _, fragment in BAD])
def test_bad_input_gets_a_sentence(call: Callable[[], Any], fragment: str) -> None:
    with pytest.raises(LstmVizError) as caught:
        call()
    assert fragment in str(caught.value)


def test_what_cannot_be_asked_of_a_result_gets_a_sentence() -> None:
    result = fit(Own(2), (X, Y), epochs=1, progress=False)
    for call, fragment in [
        (lambda: result.predict(X[0]), "'x' must be (n, T, 2)"),
        (lambda: result.evaluate("all"), "Choose one of: training"),  # type: ignore[arg-type]
        (lambda: result.trace(X[:2], targets=Y[:2]), "'targets' must be (2, 1)"),
    ]:
        with pytest.raises(LstmVizError) as caught:
            call()
        assert fragment in str(caught.value)
