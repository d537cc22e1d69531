"""What lies around the recurrent layers: one-hot, convolution, read-outs, truncation."""

import pytest
import torch
from torch import Tensor, nn

from lstm_viz import trace
from lstm_viz.models.network import AttentionPool, CausalConvolution, LastPool, Network

D, H, T = 3, 5, 12


@pytest.fixture
def x() -> Tensor:
    return torch.randn(2, T, D, generator=torch.Generator().manual_seed(0))


def network(**more) -> Network:
    torch.manual_seed(0)
    bidirectional = more.pop("bidirectional", False)
    width = more.pop("width", D)
    return Network(nn.LSTM(width, H, batch_first=True, bidirectional=bidirectional), 1, **more)


def test_codes_arrive_one_hot() -> None:
    model = network(symbols=D)
    codes = torch.tensor([[[0], [2], [1]]], dtype=torch.uint8)
    expected = torch.tensor([[[1.0, 0, 0], [0, 0, 1], [0, 1, 0]]])
    assert torch.equal(model.seen(codes), expected)


def test_the_convolution_never_sees_the_future(x: Tensor) -> None:
    layer = CausalConvolution(D, 4, kernel=3)
    changed = x.clone()
    changed[:, 7] += 1
    same = (layer(x) == layer(changed)).all(dim=(0, 2))
    assert same.tolist() == [True] * 7 + [False] * 3 + [True] * 2
    assert layer(x).shape == (2, T, 4)


def test_attention_weights_sum_to_one_and_make_the_read_out(x: Tensor) -> None:
    model = network(readout="attention").eval()
    hidden = model.recurrent(x)[0]
    weights = model.attention(hidden)
    torch.testing.assert_close(weights.sum(dim=1), torch.ones(2))
    by_hand = (weights[..., None] * hidden).sum(dim=1)
    torch.testing.assert_close(model(x), model.readout(by_hand))
    assert network().attention(hidden) is None


def test_a_bidirectional_read_out_takes_each_direction_where_it_ends(x: Tensor) -> None:
    layer = nn.LSTM(D, H, batch_first=True, bidirectional=True)
    hidden, (h_n, _) = layer(x)
    pooled = LastPool(2 * H)(hidden, bidirectional=True)
    torch.testing.assert_close(pooled, torch.cat((h_n[0], h_n[1]), dim=-1))


def test_an_answer_at_every_step_has_no_pool(x: Tensor) -> None:
    model = network(every_step=True, readout="attention")
    assert model.pool is None
    assert model(x).shape == (2, T, 1)


@pytest.mark.parametrize("truncate", [1, 5, 6, 11])
def test_truncated_bptt_gives_the_same_values(truncate: int, x: Tensor) -> None:
    cut, whole = network(truncate=truncate, every_step=True), network(every_step=True)
    torch.testing.assert_close(cut.train()(x), whole(x))


@pytest.mark.parametrize("truncate", [1, 5, 6])
def test_truncated_bptt_reaches_back_exactly_so_many_steps(truncate: int, x: Tensor) -> None:
    x = x.requires_grad_()
    model = network(truncate=truncate).train()
    model(x).sum().backward()
    reached = x.grad.abs().sum(dim=(0, 2)) > 0
    assert reached.tolist() == [False] * (T - truncate) + [True] * truncate


@pytest.mark.parametrize("truncate", [1, 5, 6])
@pytest.mark.parametrize("layer", [nn.RNN, nn.LSTM, nn.GRU])
def test_truncated_bptt_is_the_whole_gradient_from_a_state_that_is_given(
    layer: type[nn.Module], truncate: int, x: Tensor
) -> None:
    torch.manual_seed(0)
    model = Network(layer(D, H, batch_first=True), 1, truncate=truncate).train()
    model(x).square().sum().backward()
    cut = [parameter.grad.clone() for parameter in model.parameters()]
    model.zero_grad()
    with torch.no_grad():
        state = model.recurrent(x[:, :-truncate])[1]
    last = model.recurrent(x[:, -truncate:], state)[0][:, -1]
    model.readout(last).square().sum().backward()
    for mine, parameter in zip(cut, model.parameters(), strict=True):
        torch.testing.assert_close(mine, parameter.grad)


def test_nothing_is_truncated_outside_training(x: Tensor) -> None:
    x = x.requires_grad_()
    network(truncate=3).eval()(x).sum().backward()
    assert (x.grad.abs().sum(dim=(0, 2)) > 0).all()


@pytest.mark.parametrize(
    "parts",
    [
        {"readout": "mean"},
        {"readout": "attention", "bidirectional": True},
        {"truncate": 4, "dropout": 0.5},
        {"front": CausalConvolution(D, 4, 3), "width": 4},
        {"every_step": True},
        {
            "front": CausalConvolution(D, 4, 3),
            "width": 4,
            "bidirectional": True,
            "readout": "attention",
            "dropout": 0.5,
        },
    ],
)
def test_every_network_can_be_traced(parts: dict, x: Tensor) -> None:
    model = network(**parts)
    traces = trace(model, x, loss_fn=lambda y, _: y.square().sum())
    assert next(iter(traces)) == "recurrent.l0"
    assert traces["recurrent.l0"].grad_hidden is not None


def test_dropout_is_before_the_read_out_and_only_in_training(x: Tensor) -> None:
    model = network(dropout=0.9)
    assert torch.equal(model.eval()(x), model.eval()(x))
    torch.manual_seed(1)
    assert not torch.equal(model.train()(x), model(x))
    assert isinstance(network(readout="attention").pool, AttentionPool)
