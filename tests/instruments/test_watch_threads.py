"""A pass belongs to the thread that it runs in."""

import threading
import warnings

import numpy as np
import pytest
import torch
from torch import nn

from lstm_viz.instruments.trace import trace
from lstm_viz.instruments.watch import watch
from tests.instruments.oracle import assert_equal_traces
from tests.instruments.two_parts import D, H, T, TwoParts, x


class Interrupted(TwoParts):
    """Lets something happen between its two layers."""

    def __init__(self):
        super().__init__()
        self.meanwhile = None

    def forward(self, x):
        code = self.encode(x)
        happens, self.meanwhile = self.meanwhile, None
        if happens is not None:
            happens()
        return self.decode(code)


def elsewhere(run):
    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def quiet(watcher):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return watcher.traces


@pytest.mark.parametrize("grad", [torch.no_grad, torch.enable_grad])
@pytest.mark.parametrize("before", [0, 1])
def test_a_model_that_another_thread_runs_meanwhile_is_watched_as_if_alone(grad, before):
    model = Interrupted()

    def validate():
        with grad():
            model(x + 1.0)

    expected = trace(model, x, loss_fn=lambda output, _: output.sum())
    with watch(model) as watcher:
        for step in range(before + 1):
            model.meanwhile = (lambda: elsewhere(validate)) if step == before else None
            output = model(x)
            elsewhere(validate)
            output.sum().backward()
        assert_equal_traces(quiet(watcher), expected, atol=1e-5)


def test_layers_that_another_thread_calls_meanwhile_are_another_pass():
    model = TwoParts()
    with watch(model) as watcher:
        code = model.encode(x)
        elsewhere(lambda: model.encode(x + 1.0))
        model.decode(code).sum().backward()
        assert list(quiet(watcher)) == ["encoder.l0", "decoder.l0"]


def test_without_a_backward_pass_a_thread_reads_what_it_ran_itself():
    model, seen = nn.LSTM(D, H), []
    with watch(model) as watcher, torch.no_grad():
        model(x)
        elsewhere(lambda: [model(x + 1.0), seen.append(watcher.traces["l0"].input[0, 0])])
        mine = watcher.traces["l0"].input[0, 0]
        elsewhere(lambda: seen.append(watcher.traces["l0"].input[0, 0]))
    np.testing.assert_array_equal(mine, x[0, 0])
    for other in seen:  # and one that ran nothing what was run last
        np.testing.assert_array_equal(other, x[0, 0] + 1.0)


def test_a_backward_pass_in_another_thread_than_its_forward_pass_ends_the_pass():
    model = TwoParts()
    with watch(model) as watcher:
        for _ in range(2):
            output = model.decode(model.encode(x))
            elsewhere(output.sum().backward)
        assert quiet(watcher)["encoder.l0"].grad_hidden.shape[1:] == (T, H)
