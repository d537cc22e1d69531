"""A sequence that reaches a layer piece by piece: one under one backward pass, else the last."""

import numpy as np
import pytest
import torch
from torch import nn

from lstm_viz.errors import LstmVizWarning
from lstm_viz.instruments.trace import trace
from lstm_viz.instruments.watch import watch
from tests.instruments.oracle import assert_equal_traces
from tests.instruments.two_parts import B, D, H, T, TwoParts, x


def square(states):
    return tuple(s.square() for s in states) if isinstance(states, tuple) else states.square()


def detached(states):
    return tuple(s.detach() for s in states) if isinstance(states, tuple) else states.detach()


@pytest.mark.parametrize("layer", [nn.RNN, nn.LSTM, nn.GRU])
@pytest.mark.parametrize("between", [lambda states: states, square, detached])
def test_a_sequence_that_a_loop_steps_through_is_one_sequence(layer, between):
    model = layer(D, H)
    with watch(model) as watcher:
        for _ in range(2):
            states, loss, outputs = None, 0.0, []
            for x_t in x.split(1):
                output, states = model(x_t, states)
                states = between(states)
                outputs.append(output)
                loss = loss + output.square().mean()
            loss.backward()
            traced = watcher.traces["l0"]
            assert traced.calls == tuple(range(T))
            expected = torch.cat(outputs).detach().transpose(0, 1)
            np.testing.assert_array_equal(traced.hidden, expected)
        model(x)[0].sum().backward()  # and the next one that is whole is shown
        assert watcher.traces["l0"].calls == (0,)


class Policy(nn.Module):
    """Its forward is one step, with a network between one state and the next."""

    def __init__(self):
        super().__init__()
        self.before, self.rnn = nn.Linear(H, H), nn.GRU(D, H)

    def forward(self, x_t, state):
        return self.rnn(x_t, torch.tanh(self.before(state)))[1]


def test_a_policy_that_is_called_step_by_step_is_one_sequence():
    model = Policy()
    with watch(model) as watcher:
        state = torch.zeros(1, B, H)
        for x_t in x.split(1):
            state = model(x_t, state)
        state.sum().backward()
        traced = watcher.traces["rnn.l0"]
    assert traced.hidden.shape == (B, T, H)
    np.testing.assert_allclose(traced.grad_hidden[:, -1], 1.0)
    assert traced.grad_hidden[:, 0].any()


@pytest.mark.parametrize("part", ["encoder", "decoder"])
def test_a_layer_that_is_stepped_from_outside_of_forward_is_one_sequence(part):
    model = TwoParts()
    with watch(model) as watcher:
        code, state = model.encoder(x[:1] if part == "encoder" else x)
        layer, loss = getattr(model, part), code.sum()
        step = x[:1] if part == "encoder" else code[-1:]
        for _ in range(3):
            output, state = layer(step, state)
            loss = loss + output.sum()
        loss.backward()
        if part == "encoder":  # the other one was not called
            with pytest.warns(LstmVizWarning, match="'decoder'"):
                traces = watcher.traces
        else:
            traces = watcher.traces
        count = 4 if part == "encoder" else 3
        assert traces[f"{part}.l0"].hidden.shape == (B, count, H)


def test_sampling_step_by_step_is_shown_as_its_last_step_with_a_warning():
    model = nn.LSTM(D, H)
    with watch(model) as watcher, torch.no_grad():
        states = None
        for x_t in x.split(1):
            _, states = model(x_t, states)
        with pytest.warns(LstmVizWarning, match="Only the last call of LSTM is shown"):
            assert watcher.traces["l0"].hidden.shape == (B, 1, H)


def test_sampling_after_a_training_step_does_not_hide_it():
    model = TwoParts()
    with watch(model) as watcher:
        model(x).sum().backward()
        with torch.no_grad():
            for x_t in x.split(1):
                model.encoder(x_t)
        assert_equal_traces(
            watcher.traces, trace(model, x, loss_fn=lambda y, _: y.sum()), atol=1e-5
        )


def test_truncated_backpropagation_shows_its_last_stretch():
    model = nn.LSTM(D, H)
    with watch(model) as watcher:
        states = None
        for stretch in x.split(4):
            output, states = model(stretch, states)
            output.square().sum().backward()
            before, states = states, detached(states)
        traced = watcher.traces["l0"]
    np.testing.assert_array_equal(traced.hidden, output.detach().transpose(0, 1))
    np.testing.assert_array_equal(traced.hidden[:, -1], before[0][0].detach())
