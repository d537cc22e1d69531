"""A frame's flow is that of one step alone, whatever the loss and the read-out ask."""

import numpy as np
import pytest
import torch

from lstm_viz.data.dataset import NOT_SCORED
from lstm_viz.experiments.settings import Settings
from lstm_viz.training.loop import Training
from tests.training.datasets import KINDS, of_kind

SMALL = Settings().changed(hidden_size=5, epochs=2, batch_size=16, device="cpu")
READOUTS = ("last", "mean", "attention")


def training(kind: str, **changes: object) -> Training:
    return Training(SMALL.changed(**changes), of_kind(kind))


def cut_recurrence(of: Training) -> None:
    with torch.no_grad():
        for name, weight in of.model.recurrent.named_parameters():
            if name.startswith("weight_hh"):
                weight.zero_()


CASES = [("numbers", readout, two_ways) for readout in READOUTS for two_ways in (False, True)]
CASES += [(kind, "last", False) for kind in KINDS if kind != "numbers"]


@pytest.mark.parametrize(("kind", "readout", "two_ways"), CASES)
def test_a_network_without_recurrence_lets_nothing_through(
    kind: str, readout: str, two_ways: bool
) -> None:
    run = training(kind, cell="rnn_tanh", readout=readout, bidirectional=two_ways, layers=2)
    cut_recurrence(run)
    layers = run.frame().layers
    assert len(layers) == (4 if two_ways else 2)
    for layer in layers.values():
        flow = layer.flow(0)
        if flow.steps:  # the mark of a reverse layer may lie where its run began
            assert flow.zero_from == 1
        assert layer.flow().verdict in ("zero", "one step")


@pytest.mark.parametrize("readout", READOUTS)
def test_a_vanishing_gradient_vanishes_in_both_directions(readout: str) -> None:
    """That of the reverse layer, whose run ends at the first step, was told as exploding."""
    run = training("classes", cell="rnn_tanh", hidden_size=16, readout=readout, bidirectional=True)
    frame = run.frame()
    T = run.dataset.window
    forward, backward = frame.layers["recurrent.l0"], frame.layers["recurrent.l0_reverse"]
    assert (forward.reverse, backward.reverse) == (False, True)
    assert forward.flow_from.tolist() == [T - 1] * 4
    assert backward.flow_from.tolist() == [0] * 4
    for layer in (forward, backward):
        assert layer.flow().verdict == "vanishes"
        assert layer.flow().steps == T - 1
    assert frame.top_layer is forward


def test_the_flow_starts_at_the_last_step_that_is_scored_for_each_example() -> None:
    run = training("classes at every step")
    inputs = run.probe.inputs
    asked = np.full((len(inputs), run.dataset.window), NOT_SCORED, np.int16)
    asked[:, 2] = 0
    asked[1, 4] = 0
    layer = run.seen(inputs, asked)["layers"]["recurrent.l0"]
    assert layer.flow_from.tolist() == [2, 4, 2, 2]
    assert layer.flow(1).steps == 4


def test_where_the_loss_enters_once_the_flow_is_the_total_gradient() -> None:
    layer = training("numbers").frame().layers["recurrent.l0"]
    np.testing.assert_array_equal(layer.flow_norms["cell"], layer.grad_cell_norm)
    np.testing.assert_array_equal(layer.flow_norms["hidden"], layer.grad_hidden_norm)


def test_the_flow_of_a_nested_lstm_is_that_of_its_innermost_memory() -> None:
    layer = training("numbers", cell="nested_lstm").frame().layers["recurrent.l0"]
    assert layer.flow(0).state == "inner_cell"
    assert layer.flow(0).norms[0] > 0


def test_the_flow_with_zoneout_is_that_of_h_which_does_not_read_the_last_c() -> None:
    zoned = training("numbers", cell="lstm_variant", zoneout=0.3).frame().layers["recurrent.l0"]
    assert not zoned.flow_norms["cell"][range(4), zoned.flow_from].any()
    assert (zoned.flow(0).state, zoned.flow().state) == ("hidden", "hidden")
    assert zoned.flow(0).verdict in ("vanishes", "reaches")
    plain = training("numbers", cell="lstm_variant").frame().layers["recurrent.l0"]
    assert plain.flow(0).state == "cell"
