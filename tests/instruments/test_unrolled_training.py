"""The package's own layers in somebody's training loop: noise, autocast, refusals."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lstm_viz.errors import UnsupportedModelError
from lstm_viz.instruments.recording import record
from lstm_viz.instruments.replay import passes
from lstm_viz.instruments.trace import trace
from lstm_viz.instruments.watch import watch
from lstm_viz.models.layers import LSTMVariant, NestedLSTM
from lstm_viz.models.unrolled import Unrolled

B, T, D, H = 3, 7, 4, 5
DEEP = {"num_layers": 3, "dropout": 0.4, "bidirectional": True, "dtype": torch.float64}


def make(kind: type[Unrolled], **options) -> Unrolled:
    torch.manual_seed(0)
    dtype = options.pop("dtype", torch.float32)
    return kind(D, H, **options).to(dtype)


def every_output(output: tuple[Tensor, tuple[Tensor, ...]], targets: object = None) -> Tensor:
    """A loss that reads the sequence and all last states, each number with its own weight."""
    sequence, last = output
    return sum(
        (part * torch.linspace(-1.0, 1.5, part.numel(), dtype=part.dtype).reshape(part.shape)).sum()
        + part.square().sum()
        for part in (sequence, *last)
    )


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        (LSTMVariant, {}),
        (LSTMVariant, {"zoneout": 0.3, "peepholes": True}),
        (LSTMVariant, {"zoneout": 0.3, "coupled": True, "output_gate": False}),
        (LSTMVariant, {"zoneout": 0.3, "layer_norm": True}),
        (NestedLSTM, {}),
    ],
    ids=str,
)
@pytest.mark.parametrize("batch_first", [False, True])
def test_the_traced_derivatives_add_up_to_grad_under_dropout_and_zoneout(kind, parts, batch_first):
    layer = make(kind, **DEEP, **parts, batch_first=batch_first)
    x = torch.randn((B, T, D) if batch_first else (T, B, D), dtype=torch.float64)
    with watch(layer) as watcher:
        every_output(layer(x)).backward()
    weights = dict(layer.named_parameters())
    traces = watcher.traces
    assert len(traces) == 6
    for name, each in traces.items():
        for prefix in ("", "inner_") if kind is NestedLSTM else ("",):
            da = np.concatenate([each.grad_gates[prefix + gate] for gate in layer.gates], axis=-1)
            b = weights[f"{prefix}bias_ih_{name}"].grad
            np.testing.assert_allclose(da.sum(axis=(0, 1)), b, rtol=1e-10, atol=1e-10)
            if not prefix and not parts.get("layer_norm"):
                W = weights[f"weight_ih_{name}"].grad
                summed = np.einsum("btg,btd->gd", da, each.input)
                np.testing.assert_allclose(summed, W, rtol=1e-10, atol=1e-10)


def test_zoneout_keeps_its_share_of_old_values_and_no_others():
    layer = make(LSTMVariant, zoneout=0.3)
    with watch(layer) as watcher:
        layer(torch.randn(200, 20, D))[0].sum().backward()
    traced = watcher.traces["l0"]
    for state in (traced.hidden, traced.cell):
        kept = state[:, 1:] == state[:, :-1]
        assert kept.mean() == pytest.approx(0.3, abs=0.01)
    o, c = traced.gates["output"], traced.cell
    fresh = (traced.hidden[:, 1:] != traced.hidden[:, :-1]) & (c[:, 1:] != c[:, :-1])
    expected = (o * np.tanh(c))[:, 1:][fresh]
    np.testing.assert_allclose(traced.hidden[:, 1:][fresh], expected, rtol=1e-12)


@pytest.mark.parametrize("kind", [LSTMVariant, NestedLSTM])
def test_given_initial_states_count(kind):
    class Started(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = make(kind, num_layers=2, bidirectional=True)
            self.states = torch.randn(len(self.layer.spec.states), 4, B, H)

        def forward(self, x):
            return self.layer(x, tuple(self.states.to(x.dtype)))

    torch.manual_seed(1)
    model, x = Started(), torch.randn(T, B, D, dtype=torch.float64)
    traces = trace(model, x, loss_fn=every_output)
    whole, _ = model.layer.double()(x, tuple(model.states.double()))
    top = [traces["layer.l1"].hidden, traces["layer.l1_reverse"].hidden]
    np.testing.assert_allclose(np.concatenate(top, -1), whole.detach().transpose(0, 1), atol=1e-12)
    plain = trace(model.layer, x)["l1"]
    assert np.abs(plain.hidden - top[0]).max() > 1e-3


@pytest.mark.parametrize("kind", [LSTMVariant, NestedLSTM])
def test_a_stretch_after_another_goes_on_from_its_states(kind):
    layer, x = make(kind, num_layers=2).double(), torch.randn(T, B, D, dtype=torch.float64)
    whole, last = layer(x)
    first, states = layer(x[:3])
    second, states = layer(x[3:], states)
    torch.testing.assert_close(torch.cat((first, second)), whole)
    torch.testing.assert_close(states, last)


@pytest.mark.parametrize(
    ("kind", "parts"),
    [(LSTMVariant, {"peepholes": True}), (LSTMVariant, {"layer_norm": True, "zoneout": 0.2}),
     (NestedLSTM, {})],
)  # fmt: skip
def test_a_pass_under_autocast_is_watched(kind, parts):
    layer, x = make(kind, **parts), torch.randn(T, B, D)
    with watch(layer) as watcher:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            output, _ = layer(x.bfloat16())
        output.float().sum().backward()
    traced = watcher.traces["l0"]
    np.testing.assert_allclose(traced.hidden, output.detach().float().transpose(0, 1), atol=0.1)
    assert traced.grad_hidden.any()


@pytest.mark.parametrize("around", [torch.no_grad, torch.inference_mode])
def test_traces_can_be_read_where_autograd_is_off(around):
    layer, x = make(LSTMVariant), torch.randn(T, B, D)
    with watch(layer) as watcher:
        with around():
            layer(x)
            assert watcher.traces["l0"].grad_hidden is None
        layer(x)[0].sum().backward()
        with around():
            inside = watcher.traces["l0"].grad_hidden
    assert inside.all()


def test_noise_that_cannot_be_found_again_is_refused():
    layer, x = make(LSTMVariant, zoneout=0.5), torch.randn(T, B, D)
    recording = record("memory", layer, (x,), {}, layer(x))
    assert recording.random_state is None
    with pytest.raises(UnsupportedModelError, match=r"'memory' has dropout or zoneout"):
        passes(recording)


class Doubling(LSTMVariant):
    """Gives what its equations do not."""

    def forward(self, x, hx=None):
        output, states = super().forward(x, hx)
        return 2.0 * output, states


def test_a_layer_whose_output_does_not_follow_from_its_equations_is_refused():
    with pytest.raises(UnsupportedModelError, match="other values"):
        trace(Doubling(D, H), torch.randn(T, B, D))


@pytest.mark.parametrize(
    ("x", "got"),
    [
        (torch.randn(T, D), r"\(7, 4\)"),
        (nn.utils.rnn.pack_sequence([torch.randn(T, D), torch.randn(2, D)]), "PackedSequence"),
    ],
)
def test_what_is_no_batch_of_padded_sequences_is_refused(x, got):
    with pytest.raises(UnsupportedModelError, match=rf"LSTMVariant takes .* got {got}"):
        trace(LSTMVariant(D, H), x)
