"""A watcher keeps the traces of every so manieth step, evenly, and says what is missing."""

import copy
import gc
import weakref
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import lstm_viz
from lstm_viz import alarms
from lstm_viz.errors import ConfigError, DataError, LstmVizWarning
from lstm_viz.instruments.trace import trace
from lstm_viz.instruments.traces import Traces
from lstm_viz.instruments.watch import watch
from tests.instruments.oracle import assert_equal_traces

B, T, D, H = 2, 5, 3, 4


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm, self.head = nn.LSTM(D, H, batch_first=True), nn.Linear(H, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.lstm(x)[0][:, -1])


def mean_square(output: Tensor, _: Any = None) -> Tensor:
    return output.square().mean()


def batches(count: int) -> Tensor:
    torch.manual_seed(1)
    return torch.randn(count, B, T, D).double()


def train(model: nn.Module, x: Tensor, each: Any = lambda *_: None) -> None:
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    for batch in x:
        each(model, batch)
        optimizer.zero_grad()
        mean_square(model(batch)).backward()
        optimizer.step()
        with torch.no_grad():
            model(batch + 1.0)  # validation is no step


def test_every_second_step_is_kept_as_it_was_and_the_training_is_the_same() -> None:
    torch.manual_seed(0)
    model, x, expected = Model().double(), batches(7), list[Traces]()
    plain = copy.deepcopy(model)
    train(plain, x, lambda m, batch: expected.append(trace(m, batch, loss_fn=mean_square)))
    watcher = watch(model, every=2)
    with watcher:
        train(model, x)
        assert [traces.step for traces in watcher.history] == [2, 4, 6]
    for mine, theirs in zip(model.parameters(), plain.parameters(), strict=True):
        assert torch.equal(mine, theirs)
    for traces in watcher.history:
        assert_equal_traces(traces, dict(expected[traces.step - 1]), atol=1e-10)
        assert not alarms(traces)


def test_the_last_step_is_kept_when_the_watcher_stops_and_it_may_start_again() -> None:
    model, watcher = Model(), watch(Model(), every=1)
    with pytest.raises(ConfigError, match=r"keeps no history.*every=50"):
        _ = watch(model).history
    model = watcher._model
    watcher.start()
    model(torch.randn(B, T, D)).sum().backward()
    watcher.stop()
    model(torch.randn(B, T, D)).sum().backward()  # while it does not run
    watcher.start()
    model(torch.randn(B, T, D)).sum().backward()
    watcher.stop()
    watcher.stop()
    assert [traces.step for traces in watcher.history] == [1, 2]
    assert not any(part._forward_hooks for part in model.modules())
    seen = weakref.ref(watcher)
    gc.disable()
    try:
        del watcher
        assert seen() is None
    finally:
        gc.enable()


def test_a_long_history_is_thinned_evenly(monkeypatch: Any) -> None:
    model, x = Model().double(), batches(40)
    with watch(model, every=1) as watcher:
        train(model, x[:1])
        (one,) = watcher.history
        size = sum(a.nbytes for layer in one.values() for a in vars(layer).values()
                   if isinstance(a, np.ndarray))  # fmt: skip
    monkeypatch.setattr("lstm_viz.instruments.kept_traces.MOST_BYTES", 16 * size)
    with watch(model, every=1) as watcher:
        train(model, x)
    steps = [traces.step for traces in watcher.history]
    assert 3 <= len(steps) < 16 and steps[-1] > 30
    assert len({later - earlier for earlier, later in pairwise(steps)}) == 1


@pytest.mark.parametrize("every", [0, -1, 1.5, True, "2"])
def test_an_every_that_is_no_number_of_steps_is_refused(every: Any) -> None:
    with pytest.raises(ConfigError, match="'every' of a watcher must be a whole number"):
        watch(Model(), every=every)


def test_what_a_step_does_not_show_is_said_when_the_history_is_read() -> None:
    model, x = nn.Sequential(nn.GRU(D, H)), batches(1)[0].float().transpose(0, 1)
    with watch(model, every=1) as watcher:
        leaf = x.clone().requires_grad_()
        output = model(leaf)[0].sum()
        (gradient,) = torch.autograd.grad(output, leaf, create_graph=True)
        (output + gradient.square().sum()).backward()
        (model(x)[0].sum() + model(x + 1.0)[0].sum()).backward()
        with pytest.warns(LstmVizWarning, match="several forward passes"):
            penalty, beside = watcher.history
    assert not penalty and "create_graph=True" in penalty.left_out[""]
    assert list(beside) == ["0.l0"] and beside.step == 2


def test_a_history_is_saved_and_opened_as_it_was(tmp_path: Any) -> None:
    model, file = Model(), tmp_path / "loop.npz"
    with watch(model, every=2) as watcher:
        with pytest.raises(ConfigError, match="no history to save"):
            watcher.save(file)
        train(model, batches(5).float())
        watcher.history[1].left_out["head"] = "It is none."
    watcher.history[0].save(tmp_path / "one.npz")
    assert Traces.load(tmp_path / "one.npz").step == 2
    watcher.save(file)
    opened: Any = lstm_viz.open(file)
    assert [traces.step for traces in opened] == [2, 4]
    assert [traces.left_out for traces in opened] == [{}, {"head": "It is none."}]
    for mine, theirs in zip(opened, watcher.history, strict=True):
        assert_equal_traces(mine, dict(theirs), atol=0.0)
        assert mine.scalars() == theirs.scalars()
    played = lstm_viz.film(opened)._saved
    watched = lstm_viz.film(watcher)._saved
    assert (played.film, played.said) == (watched.film, watched.said)
    with pytest.raises(ConfigError, match="leave out 'module'"):
        lstm_viz.open(file, module=model)
    with np.load(file) as arrays:
        content = dict(arrays)
    content["about"] = np.array(str(content["about"]).replace('"version": 3', '"version": 9'))
    np.savez(file, **content)
    with pytest.raises(DataError, match="version 9"):
        lstm_viz.open(file)
    with pytest.raises(ConfigError, match="keeps no history"):
        watch(model).save(file)
