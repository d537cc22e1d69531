"""What a watcher keeps, and the dropout that it replays as it fell."""

import gc
import weakref

import numpy as np
import pytest
import torch
from torch import nn

from lstm_viz.errors import UnsupportedModelError
from lstm_viz.instruments.dropout import masks
from lstm_viz.instruments.recording import record
from lstm_viz.instruments.watch import watch
from tests.instruments.oracle import Unrolled, assert_same

B, T, D, H = 3, 7, 4, 5
LAYERS = [nn.RNN, nn.LSTM, nn.GRU]


def mean_square(output, targets=None):
    return output[0].square().mean()


class DroppedOut(Unrolled):
    """Draws the masks that the fused operation draws: one after each level but the last."""

    def forward(self, x, hx=None):
        self.levels = []
        return super().forward(x, hx)

    def run(self, name, sequence, state, *, reverse):
        level = int(name[1])
        if level > 0 and not reverse:
            values = torch.stack(sequence)
            drawn = torch.ones(values.shape, dtype=self.fused.weight_hh_l0.dtype)
            self.mask = torch.dropout(drawn, self.fused.dropout, train=True).double()
        if level > 0:
            sequence = list((torch.stack(sequence) * self.mask).unbind())
        return super().run(name, sequence, state, reverse=reverse)


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("batch_first", [False, True])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_dropout_between_levels_is_replayed_as_it_fell(layer, bidirectional, batch_first, dtype):
    torch.manual_seed(0)
    model = layer(
        D, H, 3, bidirectional=bidirectional, batch_first=batch_first, dropout=0.4, dtype=dtype
    )
    x = torch.randn((B, T, D) if batch_first else (T, B, D), dtype=dtype)
    unrolled = DroppedOut(model)
    torch.manual_seed(7)
    mean_square(unrolled(x)).backward()
    torch.manual_seed(7)
    with watch(model) as watcher:
        output = model(x)
        mean_square(output).backward()
    random_state = torch.get_rng_state()
    traces = watcher.traces
    assert torch.equal(random_state, torch.get_rng_state())
    for name, each in traces.items():
        if dtype == torch.float64:
            assert_same(each, unrolled, name)
        else:
            hidden = unrolled.array(name, "hidden")
            np.testing.assert_allclose(each.hidden, hidden, atol=1e-5)
            gradient = unrolled.array(name, "hidden", grad=True)
            np.testing.assert_allclose(each.grad_hidden, gradient, atol=1e-5)


@pytest.mark.parametrize(("path", "shown"), [("lstm", "lstm"), ("", "l0")])
def test_dropout_that_cannot_be_replayed_is_refused(path, shown):
    layer, x = nn.LSTM(D, H, 2, dropout=0.5), torch.randn(T, B, D)
    recording = record(path, layer, (x,), {}, layer(x))
    assert recording.random_state is None
    with pytest.raises(UnsupportedModelError, match=rf"'{shown}' has dropout.* Set it to 0"):
        masks(recording, H)


def test_a_watcher_holds_the_shown_pass_alone():
    model = nn.LSTM(D, H)
    with watch(model) as watcher:
        outputs = []
        for _ in range(5):
            output = model(torch.randn(T, B, D))[0]
            output.sum().backward()
            outputs.append(weakref.ref(output))
            del output
        gc.collect()
        assert len(watcher._history.alive) == 1
        assert [ref() for ref in outputs] == [None] * 5
