"""A trace leaves the caller's model as it was, and says why it cannot look into some."""

import copy

import pytest
import torch
from torch import Tensor, nn

from lstm_viz.errors import LstmVizError, UnsupportedModelError
from lstm_viz.instruments.trace import trace


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(2, 3, num_layers=2, dropout=0.5, batch_first=True)
        self.last: Tensor | None = None

    def forward(self, x: Tensor) -> Tensor:
        output = nn.functional.dropout(self.lstm(x)[0], 0.5, training=True)
        self.last = output  # a tensor with a graph, which deepcopy alone refuses
        return output[:, -1]


def broken_loss(output: Tensor, targets: Tensor) -> Tensor:
    raise RuntimeError("the loss broke")


def total(output: Tensor, targets: Tensor | None) -> Tensor:
    return output.square().sum()


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("loss_fn", [None, total, broken_loss])
def test_a_trace_changes_nothing_even_when_the_loss_breaks(training, loss_fn) -> None:
    model = Model().train(training)
    x = torch.randn(4, 6, 2)
    model(x).sum().backward()
    calls: list[int] = []
    model.lstm.register_forward_hook(lambda *_: calls.append(1))
    state = copy.deepcopy(model.state_dict())
    gradients = [parameter.grad.clone() for parameter in model.parameters()]
    last, random_state, given = model.last, torch.get_rng_state(), x.clone()
    hooks = [len(module._forward_hooks) for module in model.modules()]
    try:
        trace(model, x, loss_fn=loss_fn)
    except RuntimeError:
        assert loss_fn is broken_loss
    assert torch.equal(random_state, torch.get_rng_state())
    assert torch.equal(x, given)
    assert model.last is last
    assert model.training is training
    assert hooks == [len(module._forward_hooks) for module in model.modules()]
    for name, value in model.state_dict().items():
        assert value.dtype == torch.float32
        assert torch.equal(value, state[name])
    for parameter, gradient in zip(model.parameters(), gradients, strict=True):
        assert torch.equal(parameter.grad, gradient)
        assert parameter.requires_grad


class Packs(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(2, 3, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        lengths = torch.full((len(x),), x.shape[1])
        packed = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True)
        return self.lstm(packed)[1][0]


class Decodes(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(2, 3, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([self.lstm(x[:, t : t + 1])[0] for t in range(x.shape[1])], 1)


BAD = [
    ("no recurrent layer", lambda: nn.Linear(2, 3), "recurrent"),
    ("projection", lambda: nn.LSTM(2, 3, proj_size=2, batch_first=True), "proj_size"),
    ("packed input", Packs, "'lstm'"),
    ("run step by step", Decodes, "'lstm'"),
]


@pytest.mark.parametrize(("what", "model", "fragment"), BAD, ids=[row[0] for row in BAD])
def test_what_cannot_be_traced_is_named_with_the_way_out(what, model, fragment) -> None:
    with pytest.raises(UnsupportedModelError, match=fragment):
        trace(model(), torch.randn(2, 5, 2))


def test_an_unbatched_input_is_refused_in_words() -> None:
    with pytest.raises(LstmVizError, match="batch"):
        trace(nn.LSTM(2, 3, batch_first=True), torch.randn(5, 2))


def test_a_loss_that_is_no_scalar_is_refused_in_words() -> None:
    with pytest.raises(LstmVizError, match="one number"):
        trace(nn.LSTM(2, 3, batch_first=True), torch.randn(2, 5, 2), loss_fn=lambda o, y: o[0])


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("training", [True, False])
def test_on_a_gpu_a_trace_gives_the_cpus_numbers(training: bool) -> None:
    torch.manual_seed(0)
    model = nn.LSTM(2, 3, num_layers=2, batch_first=True).train(training)
    x = torch.randn(4, 6, 2)
    there = trace(copy.deepcopy(model).cuda(), x.cuda(), loss_fn=lambda o, y: o[0].sum())
    for name, layer in trace(model, x, loss_fn=lambda o, y: o[0].sum()).items():
        torch.testing.assert_close(
            torch.tensor(there[name].grad_cell), torch.tensor(layer.grad_cell)
        )
