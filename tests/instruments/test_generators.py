"""A trace draws what the model would draw, and puts the generators that it names back."""

import numpy as np
import pytest
import torch
from torch import nn

from lstm_viz.errors import UnsupportedModelError
from lstm_viz.instruments.trace import trace

B, T, D, H = 3, 6, 4, 5


class DrawsFromAGenerator(nn.Module):
    """From one that it holds, and from one that others hold as well."""

    others = torch.Generator()

    def __init__(self):
        super().__init__()
        self.lstm, self.own = nn.LSTM(D, H), torch.Generator()

    def forward(self, x):
        noise = torch.randn(x.shape, generator=self.others)
        self.own.manual_seed(3)
        noise = noise + torch.rand(x.shape, generator=self.own)
        self.own.manual_seed(3)
        return self.lstm(x + noise - torch.rand(x.shape, generator=self.own))[0]


def test_a_generator_of_the_callers_is_drawn_from_and_put_back():
    model, x = DrawsFromAGenerator(), torch.ones(T, B, D)
    before = [each.get_state() for each in (model.own, model.others)]
    traced = trace(model, x, dtype=torch.float32)["lstm.l0"]
    for generator, state in zip((model.own, model.others), before, strict=True):
        assert torch.equal(generator.get_state(), state)
    np.testing.assert_allclose(traced.hidden, model(x).detach().transpose(0, 1), atol=1e-6)


class Seeds(nn.Module):
    """Draws, and seeds the generator before or after it."""

    def __init__(self, draw):
        super().__init__()
        self.lstm, self.draw = nn.LSTM(D, H), draw

    def forward(self, x):
        return self.lstm(x + self.draw(x))[0]


def seeded(x):
    torch.manual_seed(3)
    return torch.randn(x.shape) + torch.rand(x.shape)


def forked(x):
    with torch.random.fork_rng(devices=[]):
        return seeded(x)


@pytest.mark.parametrize("draw", [seeded, forked])
def test_a_model_that_seeds_first_draws_what_it_always_draws(draw):
    model, x = Seeds(draw), torch.ones(T, B, D)
    before = torch.get_rng_state()
    traced = trace(model, x, dtype=torch.float32)["lstm.l0"]
    assert torch.equal(before, torch.get_rng_state())
    np.testing.assert_allclose(traced.hidden, model(x).detach().transpose(0, 1), atol=1e-6)


@pytest.mark.parametrize(
    "draw", [lambda x: torch.rand(x.shape) + seeded(x), lambda x: forked(x) + torch.rand(x.shape)]
)
def test_a_model_that_seeds_between_its_draws_is_refused(draw):
    with pytest.raises(
        UnsupportedModelError, match="draws from PyTorch's generator before it seeds it"
    ):
        trace(Seeds(draw), torch.ones(T, B, D))
