"""A model on a GPU is read as it is on the CPU, and comes back as it was."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

from lstm_viz import UnsupportedModelError, trace, watch
from lstm_viz.models.layers import LSTMVariant, NestedLSTM
from lstm_viz.models.network import Network
from tests.instruments.layers import LAYERS, B, D, H, T, made
from tests.instruments.oracle import assert_equal_traces
from tests.instruments.test_every_instrument import INSTRUMENTS

FUSED = [nn.RNN, nn.LSTM, nn.GRU]


def arrays(found: Any) -> Iterator[np.ndarray]:
    """Every number of what an instrument gives, in order."""
    if isinstance(found, torch.Tensor):
        found = found.detach().cpu().numpy()
    if dataclasses.is_dataclass(found):
        found = {each.name: getattr(found, each.name) for each in dataclasses.fields(found)}
    if hasattr(found, "items"):
        found = [part for _, part in found.items()]
    if isinstance(found, list | tuple):
        for part in found:
            yield from arrays(part)
    elif isinstance(found, np.ndarray | float) and np.issubdtype(
        np.asarray(found).dtype, np.number
    ):
        yield np.asarray(found)


def assert_near(mine: Any, theirs: Any, tolerance: float) -> None:
    pairs = list(zip(arrays(mine), arrays(theirs), strict=True))
    assert pairs
    for a, b in pairs:
        np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)


def squares(output: Any, _: Any = None) -> torch.Tensor:
    return output[0].square().sum()


@pytest.mark.parametrize("more", [{}, {"num_layers": 2, "bidirectional": True}])
@pytest.mark.parametrize("kind", LAYERS)
def test_every_kind_of_layer_gives_the_trace_that_it_gives_on_the_cpu(kind, more):
    layer, x = made(kind, **more)
    on_cpu = trace(layer, x, loss_fn=squares)
    state = torch.cuda.get_rng_state()
    on_cuda = trace(layer.cuda(), x.cuda(), loss_fn=squares)
    assert torch.equal(state, torch.cuda.get_rng_state())
    assert all(each.is_cuda for each in layer.parameters())
    assert_equal_traces(on_cuda, on_cpu, atol=1e-10)


def test_an_input_elsewhere_is_taken_to_the_model():
    layer, x = made("lstm")
    assert_equal_traces(trace(layer.cuda(), x), trace(layer, x.cuda()), atol=0)


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_every_instrument_gives_what_it_gives_on_the_cpu(name):
    torch.manual_seed(0)
    model = Network(nn.GRU(D, H, 2, batch_first=True, bidirectional=True, dropout=0.5), 1)
    x = torch.randn(B, T, D)
    on_cpu = INSTRUMENTS[name](model, x)
    state = torch.cuda.get_rng_state()
    on_cuda = INSTRUMENTS[name](model.cuda(), x.cuda())
    assert torch.equal(state, torch.cuda.get_rng_state())
    assert all(each.is_cuda and each.grad is None for each in model.parameters())
    if name not in ("verify", "intervene"):
        assert_near(on_cuda, on_cpu, 1e-6)
    if name == "verify":
        assert on_cuda.ok


def trained(model: nn.Module, x: torch.Tensor, *, watched: bool, steps: int = 3) -> Any:
    """(weights, the watcher): a plain loop, with or without somebody who looks on."""
    torch.manual_seed(1)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    watcher = watch(model)
    if watched:
        watcher.start()
    for _ in range(steps):
        optimizer.zero_grad()
        squares(model(x)).backward()
        if watched:
            assert watcher.traces
        optimizer.step()
    if watched:
        watcher.stop()
    return [each.detach().clone() for each in model.parameters()], watcher


@pytest.mark.parametrize("layer", FUSED)
def test_a_watched_loop_trains_to_the_same_bits(layer):
    models = []
    for _ in range(2):
        torch.manual_seed(0)
        models.append(layer(D, H, 2, bidirectional=True).cuda())
    x = torch.randn(T, B, D).cuda()
    alone, _ = trained(models[0], x, watched=False)
    beside, _ = trained(models[1], x, watched=True)
    assert all(torch.equal(a, b) for a, b in zip(alone, beside, strict=True))


@pytest.mark.parametrize("size", [5, 512])
@pytest.mark.parametrize("layer", FUSED)
def test_what_is_watched_is_what_is_traced_but_for_the_rounding(layer, size):
    torch.manual_seed(0)
    model, x = layer(D, size, 2).cuda(), torch.randn(60, B, D).cuda()
    with watch(model) as watcher:
        squares(model(x)).backward()
    exact = trace(model, x, loss_fn=squares)
    for name, each in watcher.traces.items():
        np.testing.assert_allclose(each.hidden, exact[name].hidden, atol=1e-2)
        scale = abs(exact[name].grad_hidden).max()
        np.testing.assert_allclose(each.grad_hidden, exact[name].grad_hidden, atol=2e-2 * scale)


@pytest.mark.parametrize("sort", [True, False])
@pytest.mark.parametrize("layer", FUSED)
def test_a_packed_batch_is_watched_and_traced(layer, sort):
    class Packs(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = layer(D, H, batch_first=True, bidirectional=True)

        def forward(self, x, lengths):
            packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=sort)
            return self.layer(packed)

    torch.manual_seed(0)
    model, x, lengths = Packs().double(), torch.randn(2, T, D).double(), [T, 3]
    on_cpu = trace(model, x, lengths, loss_fn=lambda output, _: output[0].data.square().sum())
    model.cuda()
    on_cuda = trace(
        model, x.cuda(), lengths, loss_fn=lambda output, _: output[0].data.square().sum()
    )
    assert_equal_traces(on_cuda, on_cpu, atol=1e-10)
    with watch(model) as watcher:
        model(x.cuda(), lengths)[0].data.square().sum().backward()
    assert_equal_traces(watcher.traces, on_cpu, atol=1e-10)


def test_projected_and_stepped_layers_are_watched():
    torch.manual_seed(0)
    layer, cell = nn.LSTM(D, H, proj_size=2).double(), nn.LSTMCell(D, H).double()
    x = torch.randn(T, B, D).double()

    class Steps(nn.Module):
        def __init__(self):
            super().__init__()
            self.cell = cell

        def forward(self, x):
            state, found = None, []
            for x_t in x:
                state = self.cell(x_t, state)
                found.append(state[0])
            return torch.stack(found), state

    for model in (layer, Steps()):
        on_cpu = trace(model, x, loss_fn=squares)
        model.cuda()
        assert_equal_traces(trace(model, x.cuda(), loss_fn=squares), on_cpu, atol=1e-10)
        with watch(model) as watcher:
            squares(model(x.cuda())).backward()
        assert_equal_traces(watcher.traces, on_cpu, atol=1e-10)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("layer", [nn.LSTM, nn.GRU, LSTMVariant])
def test_a_loop_under_autocast_is_watched_and_its_gradients_unscaled(layer, dtype):
    torch.manual_seed(0)
    model, x = layer(D, 16).cuda(), torch.randn(T, B, D).cuda()
    exact = trace(model, x, loss_fn=squares)["l0"]
    scaler = torch.amp.GradScaler("cuda", init_scale=1024.0)
    with watch(model) as watcher:
        with torch.autocast("cuda", dtype):
            loss = squares([part.float() for part in model(x)[:1]])
        scaler.scale(loss).backward()
    seen = watcher.traces["l0"]
    np.testing.assert_allclose(seen.hidden, exact.hidden, atol=0.03)
    scale = abs(exact.grad_hidden).max()
    np.testing.assert_allclose(seen.grad_hidden, exact.grad_hidden, atol=0.05 * scale)


def test_a_model_in_half_precision_is_watched():
    torch.manual_seed(0)
    model, x = nn.LSTM(D, 16).cuda().bfloat16(), torch.randn(T, B, D).cuda().bfloat16()
    with watch(model) as watcher:
        output, _ = model(x)
        output.float().square().sum().backward()
    seen = watcher.traces["l0"].hidden.transpose(1, 0, 2)
    np.testing.assert_allclose(seen, output.detach().float().cpu(), atol=0.02)


@pytest.mark.parametrize("layer", [*FUSED, LSTMVariant, NestedLSTM])
def test_dropout_between_levels_is_refused_in_a_loop_and_left_out_of_a_trace(layer):
    model, x = layer(D, H, num_layers=2, dropout=0.5).cuda(), torch.randn(T, B, D).cuda()
    assert trace(model, x, loss_fn=squares)["l1"].grad_hidden.any()
    with watch(model) as watcher:
        squares(model(x)).backward()
        with pytest.raises(UnsupportedModelError, match="has dropout"):
            _ = watcher.traces


def test_a_trace_beside_a_loop_that_draws_on_the_gpu_leaves_its_numbers_alone():
    model = nn.Sequential(nn.Dropout(0.5), nn.LSTM(D, H)).cuda()
    x = torch.randn(T, B, D).cuda()
    torch.manual_seed(3)
    alone = torch.rand(4, device="cuda")
    torch.manual_seed(3)
    trace(model, x, loss_fn=squares, train=True)
    assert torch.equal(torch.rand(4, device="cuda"), alone)
