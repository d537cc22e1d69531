"""What a model writes over, or sets otherwise, while it runs is read as it stood at each call."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lstm_viz import LSTMVariant, trace, watch

B, T, D, H = 2, 6, 3, 4
x = torch.linspace(-1.0, 1.0, B * T * D, dtype=torch.float64).sin().reshape(B, T, D)


class Stream(nn.Module):
    """Reads a sequence in pieces, as it comes in."""

    def __init__(self, layer: nn.Module, size: int, buffered: str) -> None:
        super().__init__()
        self.layer, self.size, self.buffered = layer, size, buffered

    def forward(self, x: Tensor) -> Tensor:
        piece = torch.empty(B, self.size, D, dtype=x.dtype)
        state: Any = (torch.zeros(1, B, H, dtype=x.dtype), torch.zeros(1, B, H, dtype=x.dtype))
        outputs = []
        for part in x.split(self.size, 1):
            output, last = self.layer(piece.copy_(part) if "x" in self.buffered else part, state)
            if "state" in self.buffered:
                for buffer, new in zip(state, last, strict=True):
                    buffer.copy_(new.detach())
            else:
                state = last
            outputs.append(output)
        return torch.cat(outputs, 1)


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize("buffered", ["x", "state", "x and state"])
def test_a_trace_reads_what_lay_in_a_buffer_at_each_call(size: int, buffered: str) -> None:
    layer = nn.LSTM(D, H, batch_first=True).double()
    found = trace(Stream(layer, size, buffered), x)["layer.l0"]
    expected = trace(layer, x)["l0"]
    np.testing.assert_array_equal(found.input, x)
    np.testing.assert_allclose(found.hidden, expected.hidden, rtol=1e-12)
    np.testing.assert_allclose(found.gates["forget"], expected.gates["forget"], rtol=1e-12)


def test_so_does_one_with_gradients() -> None:
    layer = nn.LSTM(D, H, batch_first=True).double()

    def loss(output: Tensor, _: object) -> Tensor:
        return output.square().sum()

    found = trace(Stream(layer, 1, "x"), x, loss_fn=loss)["layer.l0"]
    expected = trace(Stream(layer, 1, ""), x, loss_fn=loss)["layer.l0"]
    np.testing.assert_array_equal(found.input, expected.input)
    np.testing.assert_allclose(found.grad_hidden, expected.grad_hidden, rtol=1e-12)


class RaisesDropout(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.LSTM(D, H, 2, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        state, outputs = None, []
        for t, part in enumerate(x.split(1, 1)):
            self.layer.dropout = 0.5 if t > 3 else 0.0
            output, state = self.layer(part, state)
            outputs.append(output)
        return torch.cat(outputs, 1)


def test_dropout_that_is_raised_between_steps_is_traced_as_it_fell() -> None:
    model = RaisesDropout().double()
    torch.manual_seed(3)
    expected = model(x).detach()
    torch.manual_seed(3)
    traces = trace(model, x, train=True, loss_fn=lambda output, _: output.square().sum())
    np.testing.assert_allclose(traces["layer.l1"].hidden, expected, atol=1e-12)


LAYERS: dict[str, Any] = {
    "dropout": lambda: nn.LSTM(D, H, 2, batch_first=True),
    "zoneout": lambda: LSTMVariant(D, H, 1, batch_first=True),
}


@pytest.mark.parametrize("name", LAYERS)
def test_noise_that_a_schedule_raises_is_watched_as_it_fell(name: str) -> None:
    layer = LAYERS[name]().double()
    with watch(layer) as watcher:
        for share in (0.0, 0.5):
            setattr(layer, name, share)
            output = layer(x)[0]
            output.square().sum().backward()
            last = [*watcher.traces.values()][-1]
            np.testing.assert_allclose(last.hidden, output.detach(), atol=1e-12)
