"""What is said of a gradient is true of the network, and nothing else is said of it."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from lstm_viz.instruments.gradient_flow import flows
from lstm_viz.instruments.twin import Twin
from lstm_viz.measures.gradient_flow import (
    GradientFlow,
    Verdict,
    said_before,
    said_flow,
    said_reach,
    said_size,
    said_trained,
    said_truncated,
    typical,
)
from lstm_viz.measures.spelling import share

T, H = 40, 16
PHRASES = (
    "vanishes",
    "explodes",
    "exactly 0 arrives",
    "One step takes most",
    "undiminished",
    "not a number",
    "layer began",
    "no gradient flows",
)


def measured(layer: nn.Module, name: str = "l0", every_step: bool = False) -> GradientFlow:
    """What a layer does with the gradient of a loss of its last step, or of all its steps."""
    x = 0.1 * torch.randn(1, T, 1, generator=torch.Generator().manual_seed(0))
    x[0, 20] = 2.0

    def loss_fn(output: tuple[Tensor, object], _: object) -> Tensor:
        hidden = output[0]
        return (hidden if every_step else hidden[:, -1] + hidden[:, 0]).sum()

    _trace, flow = flows(Twin(layer), x, loss_fn=loss_fn, targets=None)[name]
    state = list(flow.norms)[-1]
    reverse = name.endswith("_reverse")
    return GradientFlow.along(
        flow.norms[state][0], int(flow.entered[0]), state=state, reverse=reverse
    )


def rnn(radius: float | None = None, *, two_ways: bool = False) -> nn.RNN:
    """PyTorch's own beginning; or h_t = radius Q h_{t-1} + W x_t, as long as h is small."""
    torch.manual_seed(0)
    layer = nn.RNN(1, H, batch_first=True, bidirectional=two_ways)
    if radius is not None:
        with torch.no_grad():
            for weight in layer.parameters():
                weight.zero_()
            layer.weight_hh_l0.copy_(radius * torch.linalg.qr(torch.randn(H, H))[0])
    return layer


def lstm(bias: float) -> nn.LSTM:
    """One whose forget gates stand near σ(bias)."""
    torch.manual_seed(0)
    layer = nn.LSTM(1, H, batch_first=True)
    with torch.no_grad():
        layer.weight_hh_l0.zero_()
        layer.bias_ih_l0[H : 2 * H] = bias
    return layer


def broken() -> nn.RNN:
    layer = rnn()
    with torch.no_grad():
        layer.weight_hh_l0[0, 0] = torch.nan
    return layer


def forgetting() -> nn.LSTM:
    """Keeps everything but at the one step with a large input, at which it forgets."""
    layer = lstm(20.0)
    with torch.no_grad():
        layer.weight_ih_l0[H : 2 * H] = -16.0
    return layer


NETWORKS: dict[str, tuple[Callable[[], GradientFlow], Verdict, str]] = {
    "untrained RNN": (lambda: measured(rnn()), "vanishes", "vanishes"),
    "untrained RNN, a loss at every step": (
        lambda: measured(rnn(), every_step=True), "vanishes", "vanishes",
    ),
    "reverse layer": (
        lambda: measured(rnn(two_ways=True), "l0_reverse"), "vanishes", "vanishes",
    ),
    "spectral radius 2": (lambda: measured(rnn(2.0)), "explodes", "explodes"),
    "rotation": (lambda: measured(rnn(1.0)), "reaches", "undiminished"),
    "no recurrence": (lambda: measured(rnn(0.0)), "zero", "exactly 0 arrives"),
    "no recurrence, a loss at every step": (
        lambda: measured(rnn(0.0), every_step=True), "zero", "exactly 0 arrives",
    ),
    "LSTM that keeps": (lambda: measured(lstm(20.0)), "reaches", "undiminished"),
    "LSTM that forgets slowly": (lambda: measured(lstm(2.0)), "reaches", "arrives at step 0."),
    "LSTM with gates half open": (lambda: measured(lstm(0.0)), "vanishes", "vanishes"),
    "LSTM that forgets at one step": (lambda: measured(forgetting()), "cut", "One step takes most"),
    "weights that are not numbers": (lambda: measured(broken()), "not a number", "not a number"),
}  # fmt: skip


@pytest.mark.parametrize("network", NETWORKS)
def test_each_network_is_told_what_it_does_and_no_other_thing(network: str) -> None:
    measure, verdict, phrase = NETWORKS[network]
    flow = measure()
    assert flow.verdict == verdict
    assert phrase in said_flow(flow)
    assert [other for other in PHRASES if other in said_flow(flow) and other != phrase] == []


def hand_made(*norms: float, reverse: bool = False) -> GradientFlow:
    return GradientFlow(np.array(norms), 0 if reverse else len(norms) - 1, "cell", reverse)


@pytest.mark.parametrize(
    ("flow", "sentence"),
    [
        (
            GradientFlow(np.array([2.0, 2e-7, 2e-14]), 49),
            "Of the gradient from step 49, 10⁻¹⁴ arrives at step 47: it vanishes.",
        ),
        (
            GradientFlow(0.5 ** np.arange(13.0), 0, reverse=True),
            "Of the gradient from step 0, 2.4·10⁻⁴ arrives at step 12: it vanishes.",
        ),
        (
            GradientFlow(np.array([1, 1, 0.9, 9e-6, 9e-6, 8e-6]), 5),
            "Of the gradient from step 5, 8·10⁻⁶ arrives at step 0. One step takes most: "
            "10⁻⁵ passes from step 3 to step 2.",
        ),
        (
            GradientFlow(np.array([3.0, 1.0, 0.0, 0.0]), 9),
            "Of the gradient from step 9, exactly 0 arrives at step 7 and beyond.",
        ),
        (
            GradientFlow(np.array([1.0, np.inf]), 4),
            "The gradient from step 4 arrives more than 10³⁰⁸ times as large at step 3: it "
            "explodes.",
        ),
        (
            GradientFlow(np.array([1.0, 0.3]), 4),
            "Of the gradient from step 4, 0.3 arrives at step 3.",
        ),
        (
            GradientFlow(np.array([1.0, 0.95]), 4),
            "The gradient from step 4 arrives nearly undiminished at step 3: 0.95 of it.",
        ),
        (
            GradientFlow(np.array([2.0, 2.0]), 4),
            "The gradient from step 4 arrives undiminished at step 3.",
        ),
        (
            GradientFlow(np.array([1.0, 1.55]), 4),
            "The gradient from step 4 arrives 1.55 times as large at step 3.",
        ),
        (
            GradientFlow(np.array([1.0, 30.0]), 4),
            "The gradient from step 4 arrives 30 times as large at step 3.",
        ),
        (
            GradientFlow(np.array([2.0]), 0),
            "The gradient enters at step 0, where the layer began.",
        ),
        (
            GradientFlow(np.array([0.0, 0.0]), 1, "cell"),
            "‖∂L/∂c‖ is exactly 0 at every step: no gradient flows.",
        ),
    ],
)
def test_the_sentence_says_how_much_arrives_where(flow: GradientFlow, sentence: str) -> None:
    assert said_flow(flow) == sentence


def test_what_falls_out_of_float64_vanished_and_was_not_cut_off() -> None:
    assert GradientFlow(np.array([1.0, 1e-160, 1e-320, 0.0]), 3).verdict == "vanishes"
    assert GradientFlow(np.array([1.0, 1e-160, 1e-200, 0.0]), 3).verdict == "zero"


@given(st.floats(0.05, 3.0), st.integers(1, 60), st.booleans())
def test_the_reach_is_that_of_a_geometric_decay(factor: float, steps: int, reverse: bool) -> None:
    in_order = factor ** np.arange(steps + 1.0)[:: 1 if reverse else -1]
    entered = 0 if reverse else steps
    flow = GradientFlow.along(in_order, entered, state="hidden", reverse=reverse)
    assert flow.steps == steps
    assert flow.end == (steps if reverse else 0)
    first_below = next((k for k in range(steps + 1) if factor**k < 1e-3), None)
    assert flow.reach() == first_below


def test_the_typical_example_is_the_median_and_zeros_and_silent_ones_do_not_decide_alone() -> None:
    flows_of = [hand_made(0.0, 0.0), hand_made(0.0, 1.0), hand_made(0.1, 1.0), hand_made(0.4, 1.0)]
    flows_of = [GradientFlow(flow.norms[::-1], 1) for flow in flows_of]
    np.testing.assert_allclose(typical(flows_of).shares, [1.0, 0.1])
    two = [GradientFlow(np.array([2.0, 0.2]), 1), GradientFlow(np.array([1.0, 0.001, 7.0]), 2)]
    np.testing.assert_allclose(typical(two).norms, [1.0, 0.01])
    broken_too = [*two, GradientFlow(np.array([1.0, np.nan]), 1)]
    assert typical(broken_too).verdict == "not a number"
    assert typical(flows_of[:1]).verdict == "nothing enters"


def test_before_and_after_the_training_stand_on_a_line() -> None:
    before = GradientFlow(np.array([1, 1e-7]), 9)
    for now, end in {
        1e-5: "Of the gradient from step 9, 10⁻⁵ arrives at step 8: it vanishes.",
        0.3: "Of the gradient from step 9, 0.3 arrives at step 8.",
        1.09: "The gradient from step 9 arrives 1.09 times as large at step 8.",
        1e6: "The gradient from step 9 arrives 10⁶ times as large at step 8: it explodes.",
        0.0: "Of the gradient from step 9, exactly 0 arrives at step 8 and beyond.",
    }.items():
        assert said_trained("RNN", before, GradientFlow(np.array([1, now]), 9)) == (
            f"RNN: {end} Untrained: 10⁻⁷."
        )
    lost = GradientFlow(np.array([1.0, np.nan]), 9)
    assert said_trained("RNN", before, lost) == ("RNN: The gradient from step 9 is not a number.")
    assert said_before(before) == "Untrained: 10⁻⁷."
    assert said_before(GradientFlow(np.array([1, 1.2]), 9)) == "Untrained: 1.2 times as large."
    assert said_before(lost) == ""
    assert share(123456.0) == "1.2·10⁵"


def test_a_reach_is_a_number_of_steps_only_where_a_thousandth_is_passed() -> None:
    assert said_reach(GradientFlow(0.5 ** np.arange(20.0), 19)) == "10"
    assert said_reach(GradientFlow(0.9 ** np.arange(20.0), 19)) == "more than 19"
    assert said_reach(GradientFlow(2.0 ** np.arange(20.0), 19)) == "more than 19"
    assert said_reach(GradientFlow(np.zeros(20), 19)) == "–"
    assert said_reach(GradientFlow(np.full(20, np.nan), 19)) == "–"


def test_only_what_is_smaller_is_a_share_of_its_size() -> None:
    assert said_size(0.5) == "0.5 of its size"
    assert said_size(6.46) == "6.46 times as large"


def test_a_gradient_is_told_to_be_cut_in_training_where_it_is() -> None:
    assert said_truncated(0) == ""
    assert "at every step." in said_truncated(1)
    assert "every 5 steps." in said_truncated(5)
