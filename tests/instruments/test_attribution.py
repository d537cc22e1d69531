import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lstm_viz import ConfigError, LstmVizWarning, UnsupportedModelError, attribution
from lstm_viz.models.network import Network
from tests.instruments.layers import LAYERS, B, D, H, T, made


@pytest.mark.parametrize("kind", LAYERS)
def test_integrated_gradients_are_complete(kind: str) -> None:
    layer, x = made(kind, bidirectional=True)
    model = Network(layer, 2, readout="attention").double()
    start = x.flip(0)
    found = attribution(model, x, target=1, method="integrated", steps=64, baseline=start)
    assert found.shape == (B, T, D)
    with torch.no_grad():
        difference = (model(x) - model(start))[:, 1]
    sharp = {"rnn_relu": 0.05, "normalised": 2e-3}  # a kink, and what divides by a deviation
    tolerance = sharp.get(kind, 1e-6)
    np.testing.assert_allclose(found.sum(axis=(1, 2)), difference, rtol=tolerance, atol=1e-9)


def test_they_are_what_a_fine_sum_of_gradients_gives_from_any_baseline() -> None:
    layer, x = made("lstm")
    model, start = Network(layer, 1).double(), torch.full((D,), 0.5).double()
    shares = (torch.arange(500).double() + 0.5) / 500
    points = (start + shares[:, None, None, None] * (x - start)).flatten(0, 1).requires_grad_()
    (gradients,) = torch.autograd.grad(model(points).sum(), points)
    expected = (x - start) * gradients.reshape(500, B, T, D).mean(dim=0)
    found = attribution(model, x, target=0, method="integrated", baseline=start)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-8)


class Centred(nn.Module):
    """What it answers to a sample depends on who else is in the batch."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer, self.readout = layer, nn.Linear(H, 1)

    def forward(self, x: Tensor) -> Tensor:
        hidden = self.layer(x)[0][:, -1]
        return self.readout((hidden - hidden.mean(0)).exp())


class Sized(Centred):
    """It takes no batch of another size."""

    def forward(self, x: Tensor) -> Tensor:
        return self.readout(self.layer(x, torch.ones(1, B, H).to(x))[0][:, -1])


@pytest.mark.parametrize("kind", [Centred, Sized])
def test_points_go_one_by_one_into_a_model_to_which_a_larger_batch_is_another(kind: type) -> None:
    layer, x = made("gru")
    model = kind(layer).double()
    found = attribution(model, x, target=lambda output: output.sum(), method="integrated")
    with torch.no_grad():
        difference = (model(x) - model(torch.zeros_like(x))).sum()
    np.testing.assert_allclose(found.sum(), difference, rtol=1e-6)


def test_too_few_steps_for_what_is_in_between_are_warned_of() -> None:
    layer, x = made("normalised")  # around 0 the normalisation turns sharply
    with pytest.warns(LstmVizWarning, match="Take more 'steps', or another 'baseline'"):
        attribution(Network(layer, 1).double(), x, target=0, method="integrated", steps=4)


def test_the_gradient_is_autograds_for_every_way_to_name_the_answer() -> None:
    layer, x = made("gru", num_layers=2)
    model = Network(layer, 3, every_step=True).double()
    leaf = x.clone().requires_grad_()
    (expected,) = torch.autograd.grad(model(leaf)[:, 4, 2].sum(), leaf)
    for target in ((4, 2), (-2, -1), lambda output: output[:, 4, 2]):
        np.testing.assert_allclose(attribution(model, x, target=target), expected, rtol=1e-12)
    scaled = attribution(model, x, target=(4, 2), method="input_gradient")
    np.testing.assert_allclose(scaled, (x * expected).numpy(), rtol=1e-12)


def test_a_bare_layer_that_reads_time_first_is_told_batch_first() -> None:
    torch.manual_seed(0)
    layer = nn.LSTM(D, H).double()
    x = torch.randn(T, B, D).double()
    leaf = x.clone().requires_grad_()
    (expected,) = torch.autograd.grad(layer(leaf)[0][-1, :, 2].sum(), leaf)
    found = attribution(layer, x, target=(-1, 2))
    np.testing.assert_allclose(found, expected.transpose(0, 1), rtol=1e-12)


class Reader(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embed, self.lstm = nn.Embedding(7, D), nn.LSTM(D, H, batch_first=True)

    def forward(self, codes: Tensor) -> Tensor:
        return self.lstm(input=self.embed(codes))[0][:, -1]


@pytest.mark.parametrize("codes", ["integers", "floats"])
def test_of_a_text_the_symbols_themselves_are_meant(codes: str) -> None:
    torch.manual_seed(0)
    if codes == "integers":
        model, x = Reader(), torch.randint(0, 7, (B, T))
        received = model.embed(x)
        rest = model.lstm
    else:
        model = Network(nn.LSTM(7, H, batch_first=True), H, symbols=7)
        x = torch.randint(0, 7, (B, T, 1)).float()
        received = nn.functional.one_hot(x[..., 0].long(), 7)
        rest = model.recurrent
    leaf = received.detach().double().requires_grad_()
    hidden = rest.double()(leaf)[0][:, -1]
    y = hidden if codes == "integers" else model.double().readout(hidden)
    (expected,) = torch.autograd.grad(y[:, 1].sum(), leaf)
    model.float()
    found = attribution(model, x, target=1)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-9)
    whole = attribution(model, x, target=1, method="integrated")
    nothing = rest.double()(torch.zeros_like(leaf))[0][:, -1]
    without = nothing if codes == "integers" else model.double().readout(nothing)
    np.testing.assert_allclose(
        whole.sum(axis=(1, 2)), (y - without)[:, 1].detach(), rtol=1e-4, atol=1e-7
    )


@pytest.mark.parametrize(
    ("how", "fragment"),
    [
        ({"target": 5}, "must be one number a sample"),
        ({"target": "last"}, "must be one number a sample"),
        ({"target": lambda output: output}, "Got shape"),
        ({"target": lambda output: 1.0}, "Got float"),
        ({"target": lambda output: torch.ones(2)}, "does not depend on the inputs"),
        ({"target": 0, "method": "lime"}, "one of gradient, input_gradient, integrated"),
        ({"target": 0, "method": "integrated", "steps": 0}, "at least 1, got 0"),
        ({"target": 0, "method": "integrated", "baseline": torch.ones(5)}, "'baseline' must have"),
        ({"target": 0, "method": "integrated", "baseline": "zero"}, "'baseline' must have"),
    ],
)
def test_what_cannot_be_attributed_says_the_way_out(how: dict, fragment: str) -> None:
    layer, x = made("gru")
    with pytest.raises(ConfigError, match=fragment):
        attribution(Network(layer, 2).double(), x, **how)


def test_a_sequence_without_a_batch_is_refused() -> None:
    layer, x = made("gru")
    with pytest.raises(UnsupportedModelError, match="without a batch"):
        attribution(layer.double(), x[0], target=(-1, 0))
