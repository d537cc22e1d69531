"""Calls that are one sequence: of other layers, from outside of the model, and without an end."""

import copy
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lstm_viz import gradient_flow, jacobians
from lstm_viz.errors import LstmVizWarning, UnsupportedModelError
from lstm_viz.instruments.trace import trace
from lstm_viz.instruments.watch import watch
from lstm_viz.models.layers import LSTMVariant
from tests.instruments.oracle import assert_equal_traces
from tests.instruments.test_repeated import B, Called, D, H, Model, T, loss_of, made, stepped


def test_a_layer_of_this_package_that_is_stepped_is_one_sequence_too() -> None:
    torch.manual_seed(0)
    layer = LSTMVariant(D, H, peepholes=True, batch_first=True)
    model, x = Model(layer, stepped()).double(), torch.randn(B, T, D).double()
    whole = trace(layer, x, loss_fn=lambda output, _: loss_of(output[0]))
    mine = trace(model, x, loss_fn=loss_of)
    assert_equal_traces({"l0": mine["rnn.l0"]}, dict(whole), atol=1e-10)
    np.testing.assert_allclose(mine["rnn.l0"].grad_input, whole["l0"].grad_input, atol=1e-12)


def test_weights_that_are_computed_anew_or_written_past_autograd_are_those_of_their_call() -> None:
    model, x = made("gru", "step by step")
    nn.utils.parametrizations.weight_norm(model.rnn, "weight_hh_l0")
    with watch(model) as watcher:
        loss_of(model(x)).backward()
        expected = trace(model, x, loss_fn=loss_of)
        assert_equal_traces(watcher.traces, dict(expected), atol=1e-10)

    model, x = made("gru", "step by step")
    with watch(model) as watcher:
        for _ in range(2):
            expected = trace(model, x, loss_fn=loss_of)
            loss_of(model(x)).backward()
            assert_equal_traces(watcher.traces, dict(expected), atol=1e-10)
            model.rnn.weight_hh_l0.data.mul_(0.5)


def test_chunks_in_both_directions_lie_end_to_end() -> None:
    torch.manual_seed(0)
    model = Model(nn.GRU(D, H, batch_first=True, bidirectional=True), stepped(split=3)).double()
    x = torch.randn(B, T, D).double()
    found = trace(model, x, loss_fn=loss_of)
    oracle = Called(model.rnn)
    reference = copy.deepcopy(model)
    reference.rnn = oracle
    loss_of(reference(x)).backward()
    for name in ("l0", "l0_reverse"):
        expected = oracle.over([0, 1], name, "hidden", grad=True)
        np.testing.assert_allclose(found[f"rnn.{name}"].grad_hidden, expected, atol=1e-10)
        assert found[f"rnn.{name}"].calls == (0, 3)


def test_stepping_a_model_from_outside_is_one_sequence_under_one_backward_pass() -> None:
    model, x = made("gru", "step by step")
    whole = trace(model.rnn, x, loss_fn=lambda output, _: loss_of(output[0]))

    class Step(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.rnn = model.rnn

        def forward(self, x_t: Tensor, state: Any) -> Any:
            return self.rnn(x_t, state)

    step = Step()
    for change in (lambda s: s, lambda s: s * 1.0):
        with watch(step) as watcher:
            state, outputs = None, []
            for x_t in x.split(1, dim=1):
                output, state = step(x_t, state)
                state = change(state)
                outputs.append(output)
            loss_of(torch.cat(outputs, dim=1)).backward()
            del output, outputs, state
            assert_equal_traces({"l0": watcher.traces["rnn.l0"]}, dict(whole), atol=1e-10)
            assert watcher.traces["rnn.l0"].calls == tuple(range(T))


class Broken(nn.Module):
    """One layer gives other values than its equations do; beside it is one that does not."""

    def __init__(self) -> None:
        super().__init__()
        self.good, self.bad = nn.GRU(D, H, batch_first=True), nn.LSTM(D, H, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        found = self.bad(x)[0]
        with torch.no_grad():
            self.bad.weight_ih_l0.add_(0.5)
        return found + self.good(x)[0]


def test_a_layer_that_cannot_be_read_hides_no_other_and_is_named_with_its_reason() -> None:
    model, x = Broken(), torch.randn(B, T, D)
    with pytest.warns(LstmVizWarning, match=r"Left out of the traces: 'bad'\. .*equations"):
        found = trace(model, x, loss_fn=loss_of)
    assert list(found) == ["good.l0"] and "gives other values" in found.left_out["bad"]
    with pytest.raises(UnsupportedModelError, match="'bad' gives other values"):
        gradient_flow(model, x)


def test_instruments_for_one_call_read_several_as_one() -> None:
    model, x = made("gru", "step by step")
    assert gradient_flow(model, x).shape == (B, T)
    whole = trace(model, x)["rnn.l0"]
    again = trace(model.rnn, torch.from_numpy(whole.input))["l0"]
    np.testing.assert_allclose(again.hidden, whole.hidden, atol=1e-12)
    model, x = made("gru", "siamese")
    assert jacobians(model, x, layer="rnn.l0#2").shape == (T, H, H)


def test_calls_from_outside_without_an_end_are_refused_and_not_kept(monkeypatch: Any) -> None:
    monkeypatch.setattr("lstm_viz.instruments.passes.MOST_CALLS", 5)
    model, x = made("gru", "siamese")
    with watch(model) as watcher:
        for _ in range(9):
            model.rnn(x)
        with pytest.raises(UnsupportedModelError, match=r"'rnn' \(GRU\) was called more than"):
            _ = watcher.traces
        (current,) = watcher._history.alive
        assert not current.recordings


def test_a_call_from_outside_that_nothing_came_of_is_not_shown() -> None:
    model, x = made("gru", "siamese")
    with watch(model) as watcher:
        model.rnn(x)
        model.rnn(x + 1.0)[0].sum().backward()
        found = watcher.traces
    assert list(found) == ["rnn.l0"]
    np.testing.assert_allclose(found["rnn.l0"].input, x + 1.0)
