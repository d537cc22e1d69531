"""A twin gives what a trace gives, to the last bit, of the weights as they are when it is asked."""

from dataclasses import fields

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as some
from torch import Tensor, nn

from lstm_viz.data.dataset import NOT_SCORED
from lstm_viz.instruments.layer_trace import LayerTrace
from lstm_viz.instruments.trace import trace
from lstm_viz.instruments.twin import Twin
from lstm_viz.models.cells import CELLS
from lstm_viz.models.layers import layer_of
from lstm_viz.models.network import POOLS, CausalConvolution, Network
from lstm_viz.training.optimising import cross_entropy

B, T, D, H, SYMBOLS = 3, 7, 2, 4, 5


def squares(output: Tensor, _: object) -> Tensor:
    return (output - 0.3).square().sum()


def network(kind: str, *, readout: str = "last", front: bool = False, **stack: object) -> Network:
    torch.manual_seed(3)
    every_step = readout not in POOLS
    symbols = SYMBOLS if every_step else 0
    inputs = symbols or D
    convolution = CausalConvolution(inputs, 3, 2) if front else None
    stack |= {"input_size": 3 if front else inputs, "hidden_size": H, "batch_first": True}
    return Network(
        layer_of(kind, {}, **stack),
        SYMBOLS,
        symbols=symbols,
        front=convolution,
        readout="last" if every_step else readout,
        every_step=every_step,
        dropout=0.4,
    )


def examples(model: Network) -> dict[str, object]:
    random = torch.Generator().manual_seed(1)
    if not model.symbols:
        return {"x": torch.randn(B, T, D, generator=random), "loss_fn": squares, "targets": None}
    codes = torch.randint(SYMBOLS, (B, T + 1, 1), generator=random)
    targets = codes[:, 1:, 0].clone()
    targets[0, 3:] = NOT_SCORED
    return {
        "x": codes[:, :-1],
        "loss_fn": lambda output, answers: cross_entropy(output, answers).sum(),
        "targets": targets,
    }


def assert_the_same(model: Network, twin: Twin) -> None:
    asked = examples(model)
    expected = trace(model, **asked)
    found = {name: each.trace for name, each in twin.passes(asked.pop("x"), **asked).items()}
    assert list(found) == list(expected)
    for name, layer in expected.items():
        for each in fields(LayerTrace):
            if each.name == "weights":  # a frame keeps the network itself
                continue
            one, other = (getattr(known, each.name) for known in (layer, found[name]))
            np.testing.assert_equal(other, one, err_msg=f"{name}: {each.name}")


@settings(deadline=None, max_examples=40)
@given(
    kind=some.sampled_from(sorted(CELLS)),
    layers=some.integers(1, 3),
    bidirectional=some.booleans(),
    readout=some.sampled_from([*POOLS, "every step"]),
    front=some.booleans(),
)
def test_of_every_network_it_gives_what_a_trace_gives_before_and_after_a_step(
    kind: str, layers: int, bidirectional: bool, readout: str, front: bool
) -> None:
    model = network(
        kind,
        readout=readout,
        front=front,
        num_layers=layers,
        bidirectional=bidirectional,
        dropout=0.3 if layers > 1 else 0.0,
    )
    twin = Twin(model)
    assert_the_same(model, twin)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    asked = examples(model)
    asked["loss_fn"](model(asked["x"]), asked["targets"]).backward()
    optimizer.step()
    assert_the_same(model, twin)


@pytest.mark.parametrize("kind", sorted(CELLS))
def test_weights_that_are_no_numbers_are_shown_and_leave_nothing_behind(kind: str) -> None:
    model = network(kind)
    twin, kept = Twin(model), {n: v.clone() for n, v in model.state_dict().items()}
    with torch.no_grad():
        model.recurrent.weight_ih_l0[0, 0] = torch.nan
    assert_the_same(model, twin)
    model.load_state_dict(kept)
    assert_the_same(model, twin)


def test_nothing_of_a_run_is_kept_not_even_where_the_loss_fails() -> None:
    model = network("lstm")
    twin, x = Twin(model), examples(model)["x"]
    assert_the_same(model, twin)
    assert not twin._recordings

    def fails(output: Tensor, _: object) -> Tensor:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        twin.passes(x, loss_fn=fails, targets=None)
    assert not twin._recordings


def test_the_model_is_left_as_it_was() -> None:
    model = network("gru", num_layers=2, dropout=0.3).train()
    model(examples(model)["x"]).sum().backward()
    before = [(p.clone(), p.grad.clone(), p.requires_grad) for p in model.parameters()]
    drawn = torch.get_rng_state()
    Twin(model).passes(**examples(model))
    assert torch.equal(torch.get_rng_state(), drawn)
    assert model.training
    for (value, grad, required), parameter in zip(before, model.parameters(), strict=True):
        assert torch.equal(parameter, value)
        assert torch.equal(parameter.grad, grad)
        assert parameter.requires_grad is required
    for module in model.modules():
        assert not module._forward_hooks
    assert isinstance(model.recurrent, nn.GRU)
    assert "forward" not in vars(model.recurrent)
