"""Memory is counted tensor by tensor, and counting it leaves no mark."""

import numpy as np
import pytest
import torch
from torch import nn

from lstm_viz.experiments.settings import LIMITS, Settings
from lstm_viz.models.cells import CELLS
from lstm_viz.training.fit import frames_with
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.training.loop import Training
from lstm_viz.training.step_memory import held_bytes, saved_bytes, step_bytes
from tests.training.datasets import KINDS, of_kind, wave

SMALL = Settings.of(hidden_size=4, epochs=2, batch_size=16, device="cpu")
FLOAT = 4
STEP_COUNTER = 4
"""Adam and RMSprop count each tensor's updates in a tensor of one number."""


@pytest.mark.parametrize(
    ("optimizer", "state_per_number", "counters"),
    [
        (torch.optim.SGD, 0, 0),
        (lambda p: torch.optim.SGD(p, momentum=0.9), 1, 0),
        (torch.optim.RMSprop, 1, 2),
        (torch.optim.Adam, 2, 2),
    ],
)
def test_a_linear_layer_holds_what_the_textbook_counts(
    optimizer, state_per_number: int, counters: int
) -> None:
    layer = nn.Linear(3, 5)
    made = optimizer(layer.parameters())
    numbers = 3 * 5 + 5
    assert held_bytes(layer, made) == numbers * FLOAT, "before a step: the parameters alone"
    layer(torch.ones(8, 3)).sum().backward()
    made.step()
    wanted = numbers * FLOAT * (2 + state_per_number) + counters * STEP_COUNTER
    assert held_bytes(layer, made) == wanted


def test_an_unrolled_tanh_network_keeps_its_states_and_nothing_twice() -> None:
    batch, steps, units = 8, 6, 5
    x = torch.randn(batch, steps, 3)
    into, round_ = torch.randn(3, units), torch.randn(units, units, requires_grad=True)

    def forward() -> torch.Tensor:
        hidden = torch.zeros(batch, units)
        for t in range(steps):
            hidden = torch.tanh(x[:, t] @ into + hidden @ round_)
        return hidden.sum()

    zeros = batch * units * FLOAT  # the first state is an argument of a product, too
    _, kept = saved_bytes(forward, apart=[x, into, round_])
    assert kept == steps * batch * units * FLOAT + zeros


def test_what_a_pass_keeps_grows_with_the_batch_and_the_parameters_do_not() -> None:
    one, two = (
        step_bytes(Training(SMALL.changed(cell="lstm_variant", batch_size=size), wave()))
        for size in (8, 16)
    )
    fixed = 2 * one - two
    training = Training(SMALL.changed(cell="lstm_variant"), wave())
    numbers, tensors = training.parameters, len(list(training.model.parameters()))
    held = numbers * FLOAT * 4 + tensors * STEP_COUNTER
    assert held <= fixed < held + 1000, "and a few lone numbers"


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_cell_is_measured_on_every_kind_of_data(cell: str, kind: str) -> None:
    training = Training(SMALL.changed(cell=cell), of_kind(kind))
    assert step_bytes(training) > 4 * FLOAT * training.parameters
    assert step_bytes(training) == step_bytes(training), "the same each time"


@pytest.mark.parametrize("optimizer", LIMITS["optimizer"].options)
def test_a_run_that_is_measured_goes_on_as_if_it_had_not_been(optimizer: str) -> None:
    settings = SMALL.changed(optimizer=optimizer, layers=2, dropout=0.3, l1=1e-4)
    plain = list(frames_with(settings, wave()))
    training, frames = Training(settings, wave()), []
    torch.manual_seed(5)
    before = torch.get_rng_state()
    step_bytes(training)
    assert torch.equal(torch.get_rng_state(), before)
    assert all(each.grad is None for each in training.model.parameters())
    assert not training.optimizer.state
    frames.append(training.frame())
    while not training.finished:
        frame = training.step()
        frames += [frame] if frame else []
    for mine, other in zip(frames, plain, strict=True):
        np.testing.assert_array_equal(mine.forecast, other.forecast)


def test_a_run_knows_its_memory_once_its_first_frame_is_there() -> None:
    trainer = InProcessTrainer()
    run = trainer.run(trainer.submit(SMALL, wave(), hold=True))
    assert run.memory == step_bytes(Training(SMALL, wave()))
