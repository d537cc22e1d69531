"""A training as a file has it."""

from dataclasses import replace

import torch

from lstm_viz.data.dataset import Values
from lstm_viz.instruments.anatomy import Anatomy
from lstm_viz.notebook.result import Result
from lstm_viz.runs.saved_run import SavedRun

MOST_OF_CELLS = 2**24
"""Bytes of what a file keeps of a module's cells."""


def saved_run(result: Result) -> SavedRun:
    """With the weights; of a module of somebody's own, which only its code can take apart, with
    what each step is made of at the end. One that still trains is stopped in the file.
    """
    weights = {name: _array(each.detach().cpu()) for name, each in result.state_dict().items()}
    anatomies = _anatomies(result) if result.own else {}
    run = result.run
    ended = replace(run, state="stopped") if run.training else run
    return SavedRun(ended, result.name, result.own, weights, anatomies)


def _anatomies(result: Result) -> dict[str, Anatomy]:
    """Of every layer on every example of the probe, as far as there is room for them."""
    found: dict[str, Anatomy] = {}
    for sample in range(len(result.run.examples.inputs)):
        for layer in result.frames[-1].layers:
            anatomy = result.anatomy(layer, sample)
            if anatomy is not None:
                found[f"{layer}/{sample}"] = anatomy
            if sum(each.nbytes for each in found.values()) > MOST_OF_CELLS:
                return found
    return found


def _array(values: torch.Tensor) -> Values:
    """As it is; what NumPy has no type for as float32."""
    array: Values = (values.float() if values.dtype == torch.bfloat16 else values).numpy()
    return array
