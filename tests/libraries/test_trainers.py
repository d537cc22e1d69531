"""Watched while other people's libraries train: `make libraries` runs them."""

import copy
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from lstm_viz import attribution, lightning_callback, watch
from tests.instruments.whole_models import assert_reads
from tests.libraries.reading import QUIET, both_read, last_call, library

pytestmark = pytest.mark.filterwarnings("ignore")  # of libraries about themselves


class Regressor(nn.Module):
    def __init__(self, hidden: int = 4) -> None:
        super().__init__()
        self.lstm, self.head = nn.LSTM(2, hidden, batch_first=True), nn.Linear(hidden, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.lstm(x)[0][:, -1])


def mean_square(output: Tensor, y: Tensor) -> Tensor:
    return (output - y).square().mean()


@pytest.mark.parametrize("name", ["lightning.pytorch", "pytorch_lightning"])
def test_a_lightning_module_is_read_while_its_trainer_runs(name: str) -> None:
    pl = library(name)

    class Module(pl.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.net = Regressor().double()

        def forward(self, x: Tensor) -> Tensor:
            return self.net(x)

        def training_step(self, batch: Any, _: int) -> Tensor:
            self.seen = copy.deepcopy(self.net), batch
            return mean_square(self(batch[0]), batch[1])

        def configure_optimizers(self) -> Any:
            return torch.optim.Adam(self.parameters(), lr=0.1)

    torch.manual_seed(0)
    data = TensorDataset(torch.randn(12, 9, 2).double(), torch.randn(12, 1).double())
    module = Module()
    plain = copy.deepcopy(module)
    pl.Trainer(**QUIET).fit(plain, DataLoader(data, batch_size=4))
    callback = lightning_callback(every=1)
    with watch(module) as watcher:
        pl.Trainer(**QUIET, callbacks=[callback]).fit(module, DataLoader(data, batch_size=4))
    for mine, theirs in zip(module.parameters(), plain.parameters(), strict=True):
        assert torch.equal(mine, theirs)
    found = {name.removeprefix("net."): each for name, each in watcher.traces.items()}
    before, (x, y) = module.seen
    assert_reads(before, lambda model: mean_square(model(x), y), found)


def test_a_net_of_skorch_is_read_by_its_module() -> None:
    skorch = library("skorch")
    torch.manual_seed(0)
    net = skorch.NeuralNetRegressor(Regressor, max_epochs=2, verbose=0, train_split=None)
    X, y = np.random.default_rng(0).normal(size=(10, 6, 2)).astype("f4"), np.ones((10, 1), "f4")
    net.initialize()
    with watch(net.module_) as watcher:
        net.partial_fit(X, y)
    assert watcher.traces["lstm.l0"].grad_hidden.any()
    both_read(net.module_, [torch.from_numpy(X)], lambda output: output.square().mean())


def test_what_accelerate_prepared_is_read() -> None:
    accelerate = library("accelerate")
    torch.manual_seed(0)
    model = Regressor().double()
    optimizer, data = torch.optim.SGD(model.parameters(), 0.1), torch.randn(8, 5, 2).double()
    accelerator = accelerate.Accelerator(cpu=True, gradient_accumulation_steps=2)
    model, optimizer, loader = accelerator.prepare(model, optimizer, DataLoader(data, batch_size=4))
    with watch(model) as watcher, last_call(model) as kept:
        for x in loader:
            with accelerator.accumulate(model):
                accelerator.backward(model(x).square().mean())
                optimizer.step()
                optimizer.zero_grad()
    state, (x,) = kept
    before = Regressor()
    before.load_state_dict(state)
    # It divides the loss by the steps that it accumulates.
    assert_reads(before, lambda m: m(x).square().mean() / 2, watcher.traces)


def test_captum_beside_a_watched_model_changes_nothing_and_agrees() -> None:
    attr = library("captum.attr")
    torch.manual_seed(0)
    model, x = Regressor().double(), torch.randn(3, 6, 2).double()
    with watch(model) as watcher:
        model(x).square().mean().backward()
        before = watcher.traces["lstm.l0"].grad_hidden.copy()
        gradients = attr.Saliency(model).attribute(x, target=0, abs=False)
        theirs = attr.IntegratedGradients(model).attribute(
            x, target=0, n_steps=32, method="gausslegendre"
        )
        np.testing.assert_array_equal(watcher.traces["lstm.l0"].grad_hidden, before)
    np.testing.assert_allclose(gradients, attribution(model, x, target=0), atol=1e-10)
    mine = attribution(model, x, target=0, method="integrated", steps=32)
    np.testing.assert_allclose(theirs.detach(), mine, atol=1e-10)
