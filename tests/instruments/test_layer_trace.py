"""A trace as data: norms, a tidy frame, and no torch."""

import numpy as np
import pytest
import torch
from torch import nn

from lstm_viz.errors import ConfigError
from lstm_viz.instruments.layer_trace import LayerTrace
from lstm_viz.instruments.trace import trace

B, T, D, H = 2, 4, 3, 5


def traced(layer, *, gradients=True):
    torch.manual_seed(0)
    loss_fn = (lambda output, _: output[0].square().sum()) if gradients else None
    return trace(layer, torch.randn(T, B, D), loss_fn=loss_fn)["l0"]


def test_the_norm_is_taken_over_the_units():
    each = traced(nn.LSTM(D, H))
    for state, gradient in (("hidden", each.grad_hidden), ("cell", each.grad_cell)):
        np.testing.assert_allclose(each.grad_norm(state), np.linalg.norm(gradient, axis=-1))


def test_the_norm_of_tiny_and_of_huge_values_is_right():
    gradient = np.array([[[3e-300, 4e-300], [3e300, 4e300], [0.0, 0.0], [5e-324, 0.0]]])
    each = LayerTrace("rnn_tanh", gradient, gradient, None, {}, gradient)
    np.testing.assert_allclose(each.grad_norm("hidden"), [[5e-300, 5e300, 0.0, 5e-324]])


def test_a_diverged_gradient_has_a_norm_that_says_so():
    gradient = np.array([[[np.nan, 1.0], [np.inf, 1.0]]])
    each = LayerTrace("rnn_tanh", gradient, gradient, None, {}, gradient)
    norm = each.grad_norm("hidden")
    assert np.isnan(norm[0, 0])
    assert np.isinf(norm[0, 1])


@pytest.mark.parametrize(
    ("layer", "gradients", "state", "fragment"),
    [
        (nn.LSTM(D, H), False, "hidden", "no gradients"),
        (nn.GRU(D, H), True, "cell", "has no cell state"),
        (nn.LSTM(D, H), True, "input", "'hidden' or 'cell'"),
    ],
)
def test_a_norm_that_is_not_there_is_refused(layer, gradients, state, fragment):
    with pytest.raises(ConfigError, match=fragment):
        traced(layer, gradients=gradients).grad_norm(state)


def test_the_frame_has_a_row_for_each_sample_step_and_unit():
    each = traced(nn.LSTM(D, H))
    frame = each.to_frame()
    gates = ["input", "forget", "candidate", "output"]
    assert list(frame) == [
        *("sample", "t", "unit", "hidden", "cell", *gates, "grad_hidden", "grad_cell"),
        *(f"grad_{gate}" for gate in gates),
    ]
    assert len(frame) == B * T * H
    row = frame.set_index(["sample", "t", "unit"]).loc[(1, 2, 3)]
    assert row["cell"] == each.cell[1, 2, 3]
    assert row["output"] == each.gates["output"][1, 2, 3]
    assert row["grad_forget"] == each.grad_gates["forget"][1, 2, 3]


def test_the_frame_leaves_out_what_was_not_traced():
    assert list(traced(nn.RNN(D, H), gradients=False).to_frame()) == [
        *("sample", "t", "unit", "hidden")
    ]


@pytest.mark.parametrize("gradients", [True, False])
def test_a_trace_is_shown_in_a_line_and_can_be_compared_and_hashed(gradients):
    each, other = (traced(nn.LSTM(D, 100), gradients=gradients) for _ in range(2))
    assert len(repr(each)) < 100
    assert "\n" not in repr(each)
    assert each == each
    assert each != other
    assert {each: 1, other: 2}[each] == 1
    assert {"l0": each} != {"l0": other}
