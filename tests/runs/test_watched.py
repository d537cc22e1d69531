"""The history of somebody's own loop as a run: what is shown of it is what was traced."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence

import lstm_viz
from lstm_viz import ConfigError, DataError, gradient_flow
from lstm_viz.instruments.dissecting import dissect
from lstm_viz.instruments.watch import Watcher
from lstm_viz.measures.alarms import alarms
from lstm_viz.runs.saved_run import SavedRun

B, T, D, H = 6, 7, 2, 5


class Mine(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(D, H, bidirectional=True, batch_first=True)
        self.cell, self.head = nn.GRUCell(2 * H, 3), nn.Linear(3, 1)

    def forward(self, x: Tensor) -> Tensor:
        hidden, _ = self.lstm(x)
        state = None
        for t in range(2):
            state = self.cell(hidden[:, t - 2], state)
        return self.head(state)


def square(output: Tensor, _: Any = None) -> Tensor:
    output = output[0] if isinstance(output, tuple) else output
    return output.square().mean()


def watched(model: nn.Module, batches: list[Any]) -> Watcher:
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with lstm_viz.watch(model, every=1) as watcher:
        for x in batches[:-1]:
            optimizer.zero_grad()
            square(model(x)).backward()
            optimizer.step()
        square(model(batches[-1])).backward()
    return watcher


def saved(watcher: Watcher, folder: Path, **how: Any) -> bytes:
    watcher.save(folder / "loop.npz", **how)
    return (folder / "loop.npz").read_bytes()


def test_what_is_shown_of_a_loop_is_what_was_traced(tmp_path: Path) -> None:
    torch.manual_seed(3)
    model = Mine().double()
    batches = list(torch.randn(4, B, T, D).double())
    batches[1] = batches[1][:2]  # with fewer samples than are shown
    watcher = watched(model, batches)
    found = SavedRun.read(saved(watcher, tmp_path, samples=5), "loop.npz")
    run = found.run
    assert found.own and run.watched and run.state == "recorded"
    assert [frame.step for frame in run.film.frames] == [1, 3, 4]
    assert str(run.message).startswith("Left out: 1 of 4 kept moments.")
    assert not alarms(run.film.frames), "nobody knows of losses"
    for frame in run.film.frames:
        traces = watcher.history[frame.step - 1]
        assert [*frame.layers] == ["lstm.l0", "lstm.l0_reverse"]
        for name, layer in frame.layers.items():
            trace = traces[name]
            assert layer.reads is not None and layer.reverse == name.endswith("reverse")
            pairs = [(layer.hidden, trace.hidden), (layer.reads, trace.input)]
            pairs += [(layer.gates[gate], trace.gates[gate]) for gate in trace.gates]
            for mine, true in pairs:
                np.testing.assert_array_equal(mine, true[:4].astype(np.float32))
            np.testing.assert_array_equal(
                layer.grad_hidden_norm, trace.grad_norm("hidden")[:4], strict=True
            )
    for name, layer in run.film.frames[-1].layers.items():
        for state in ("hidden", "cell"):
            flow = gradient_flow(model, batches[-1], layer=name, state=state, loss_fn=square)
            np.testing.assert_allclose(layer.flow_norms[state], flow[:4], rtol=1e-10)
        cell = found.anatomies[f"{name}/3"]
        alone = dissect(
            model, batches[-1][3:4], layer=name, loss_fn=lambda output, _: square(output) / B
        )
        for part, values in alone.forward.items():
            np.testing.assert_allclose(cell.forward[part], values, rtol=1e-10, atol=1e-12)
        for part, values in alone.backward.items():
            np.testing.assert_allclose(cell.backward[part], values, rtol=1e-9, atol=1e-12)
    assert len(found.anatomies) == 8
    (opened, *_) = lstm_viz.open(tmp_path / "loop.npz")  # type: ignore[misc]
    assert opened["cell"].hidden.shape == (5, 2, 3) and opened["cell"].calls == (0, 1)
    assert opened["lstm.l0"].weights["weight_hh"].shape == (4 * H, H)
    with pytest.raises(ConfigError, match="'samples' must be a whole number of at least 1, got 0"):
        watcher.save(tmp_path / "none.npz", samples=0)


class Stepped(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.cell = nn.LSTMCell(D, H)

    def forward(self, x: Tensor) -> Tensor:
        state = None
        for each in x.unbind(1):
            state = self.cell(each, state)
        return state[0]  # type: ignore[index]


class Packed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(D, H)

    def forward(self, x: PackedSequence) -> Tensor:
        return self.lstm(x)[1][0]  # type: ignore[no-any-return]


@pytest.mark.filterwarnings("ignore:LSTM with projections")
def test_a_loop_of_which_these_pages_show_nothing_is_refused_with_a_way_out(tmp_path: Path) -> None:
    frozen = Mine()
    frozen.lstm.requires_grad_(False)
    x = torch.randn(B, T, D)
    short = pack_padded_sequence(x, torch.arange(B, 0, -1), batch_first=True)
    projected = nn.Sequential(nn.LSTM(D, H, proj_size=2))
    for model, given in ((Stepped(), x), (frozen, x), (Packed(), short), (projected, x)):
        data = saved(watched(model, [given]), tmp_path)
        with pytest.raises(DataError, match=r"They show layers that.*lstm_viz\.film\(lstm_viz"):
            SavedRun.read(data, "loop.npz")


def changed(data: bytes, change: Callable[[Any, dict[str, Any]], None]) -> bytes:
    with np.load(io.BytesIO(data)) as file:
        arrays = dict(file)
    said = json.loads(str(arrays.pop("about")))
    change(said, arrays)
    file = io.BytesIO()
    np.savez(file, about=np.array(json.dumps(said)), **arrays)
    return file.getvalue()


HOSTILE: dict[str, Callable[[Any, dict[str, Any]], Any]] = {
    "another length": lambda said, arrays: arrays.update({"0/0/hidden": np.zeros((B, 99, H))}),
    "texts": lambda said, arrays: arrays.update({"0/0/cell": np.full((B, T, H), "a")}),
    "a step that is no number": lambda said, arrays: said["steps"][0].update(step="1"),
    "no steps": lambda said, arrays: said.pop("steps"),
    "a kind that there is not": lambda said, arrays: said["steps"][0]["layers"][0].update(kind="x"),
    "a field that there is not": lambda said, arrays: said["cells"][0].update(x=1),
    "a gradient from nowhere": lambda said, arrays: arrays.update(
        {"0/0/flow_from": np.full(B, 99)}
    ),
    "an array that is gone": lambda said, arrays: arrays.pop("0/0/input"),
    "a later version": lambda said, arrays: said.update(version=99),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_history_that_does_not_fit_is_refused_in_a_sentence(what: str, tmp_path: Path) -> None:
    data = saved(watched(nn.Sequential(Mine()), [torch.randn(B, T, D)]), tmp_path)
    with pytest.raises(DataError) as caught:
        SavedRun.read(changed(data, HOSTILE[what]), "theirs.npz")
    said = str(caught.value)
    assert "theirs.npz" in said and "\n" not in said and len(said) < 300
