"""A trainer's process does without PyTorch's compiler, and its numbers are the same."""

import subprocess
import sys

import pytest

from tests.serving import ROOT

SCRIPT = """
import sys
from typing import get_args
import torch
from lstm_viz.experiments.settings import Optimizer, Settings
from lstm_viz.training.template import _load
from lstm_viz.training.loop import Training
from tests.training.datasets import wave

def trained():
    weights = []
    for optimizer in get_args(Optimizer):
        settings = Settings.of(hidden_size=3, epochs=2, l2=0.1, optimizer=optimizer)
        training = Training(settings, wave())
        while not training.finished:
            training.step()
        weights.append(torch.nn.utils.parameters_to_vector(training.model.parameters()))
    return torch.stack(weights).detach()

_load()
without = trained()
assert "sympy" not in sys.modules, "the compiler is loaded"
torch._dynamo.is_compiling()
assert "sympy" in sys.modules, "the compiler does not come when it is asked for"
assert len({tuple(each) for each in without.tolist()}) == len(without), "nothing was trained"
assert torch.equal(without, trained())
"""


@pytest.mark.thorough
def test_every_optimiser_trains_alike_without_the_compiler_and_with_it() -> None:
    command = [sys.executable, "-c", SCRIPT]
    subprocess.run(command, cwd=ROOT, check=True, timeout=300)
