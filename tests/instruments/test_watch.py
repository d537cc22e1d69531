"""Watching one's own loop: exact traces of what just ran, and no mark on the training."""

import copy

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from lstm_viz.errors import UnsupportedModelError
from lstm_viz.instruments.trace import trace
from lstm_viz.instruments.watch import watch

B, T, D, H = 3, 9, 2, 4


class Model(nn.Module):
    def __init__(self, kind: str = "lstm", layers: int = 2, dropout: float = 0.0) -> None:
        super().__init__()
        make = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}[kind]
        self.encoder = make(D, H, layers, batch_first=True, dropout=dropout)
        self.head = nn.Linear(H, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.encoder(x)[0][:, -1])


def data(seed: int = 0, samples: int = B) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(samples, T, D, generator=generator), torch.randn(
        samples, 1, generator=generator
    )


def seeded(*args, **kwargs) -> Model:
    torch.manual_seed(0)
    return Model(*args, **kwargs)


def train(model: Model, steps: int = 4) -> list[Tensor]:
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    for step in range(steps):
        x, y = data(step)
        functional.mse_loss(model(x), y).backward()
        optimizer.step()
        optimizer.zero_grad()
    return [parameter.detach().clone() for parameter in model.parameters()]


def hooks_of(model: nn.Module) -> int:
    return sum(
        len(module._forward_hooks) + len(module._forward_pre_hooks) + len(module._backward_hooks)
        for module in model.modules()
    )


@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn"])
def test_watched_traces_are_those_of_the_weights_before_the_step(kind: str) -> None:
    model = seeded(kind)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    x, y = data()
    before = copy.deepcopy(model)
    with watch(model) as watcher:
        functional.mse_loss(model(x), y).backward()
        optimizer.step()
        optimizer.zero_grad()
        watched = watcher.traces
    expected = trace(before, x, loss_fn=functional.mse_loss, targets=y)
    assert list(watched) == list(expected)
    for name, layer in expected.items():
        for field in ("input", "hidden", "cell", "grad_hidden", "grad_cell"):
            mine, exact = getattr(watched[name], field), getattr(layer, field)
            assert (mine is None) == (exact is None)
            if exact is not None:
                np.testing.assert_allclose(mine, exact, atol=1e-5, rtol=1e-4)
        for gate, exact in layer.gates.items():
            np.testing.assert_allclose(watched[name].gates[gate], exact, atol=1e-5)


def test_watching_changes_no_bit_of_the_training() -> None:
    plain = train(seeded())
    watched_model = seeded()
    with watch(watched_model) as watcher:
        watched = train(watched_model)
        assert watcher.traces
    for one, other in zip(plain, watched, strict=True):
        assert torch.equal(one, other)


def test_watching_dropout_changes_no_bit_and_replays_the_masks() -> None:
    torch.manual_seed(7)
    plain = train(Model(dropout=0.5))
    torch.manual_seed(7)
    model = Model(dropout=0.5)
    with watch(model) as watcher:
        watched = train(model)
        top = watcher.traces["encoder.l1"]
    assert all(torch.equal(one, other) for one, other in zip(plain, watched, strict=True))
    dropped = (top.input == 0).mean()
    assert 0.2 < dropped < 0.8, "the top layer saw the lower one through the masks"


def test_a_validation_pass_does_not_hide_the_last_training_pass() -> None:
    model = seeded()
    with watch(model) as watcher:
        x, y = data(samples=B)
        functional.mse_loss(model(x), y).backward()
        with torch.no_grad():
            model(data(1, samples=8)[0])
        assert watcher.traces["encoder.l0"].hidden.shape == (B, T, H)


def test_without_a_backward_pass_there_are_no_derivatives() -> None:
    model = seeded()
    with watch(model) as watcher:
        assert watcher.traces == {}
        model(data()[0])
        assert watcher.traces["encoder.l0"].grad_hidden is None


def test_two_backward_passes_over_one_forward_add_up() -> None:
    model = seeded()
    x, y = data()
    with watch(model) as watcher:
        loss = functional.mse_loss(model(x), y)
        loss.backward(retain_graph=True)
        once = watcher.traces["encoder.l0"].grad_hidden
        loss.backward()
        twice = watcher.traces["encoder.l0"].grad_hidden
    np.testing.assert_allclose(twice, 2 * once, rtol=1e-5)


def test_batches_may_change_their_size() -> None:
    model = seeded()
    with watch(model) as watcher:
        for samples in (2, 5, 1):
            x, y = data(samples=samples)
            functional.mse_loss(model(x), y).backward()
            assert watcher.traces["encoder.l1"].grad_norm("cell").shape == (samples, T)


@pytest.mark.parametrize("raises", [False, True])
def test_no_hook_survives_the_block(raises: bool) -> None:
    model = seeded()
    mine = model.register_forward_hook(lambda *_: None)
    before = hooks_of(model)
    try:
        with watch(model):
            model(data()[0])
            if raises:
                raise RuntimeError("the loop broke")
    except RuntimeError:
        assert raises
    assert hooks_of(model) == before
    mine.remove()


def test_a_layer_that_ran_twice_is_named() -> None:
    class Twice(Model):
        def forward(self, x: Tensor) -> Tensor:
            return super().forward(x) + super().forward(-x)

    model = Twice()
    with watch(model) as watcher:
        model(data()[0]).sum().backward()
        with pytest.raises(UnsupportedModelError, match="encoder"):
            _ = watcher.traces


def test_a_model_without_recurrent_layers_cannot_be_watched() -> None:
    with pytest.raises(UnsupportedModelError, match="recurrent"):
        watch(nn.Linear(2, 2))
