"""What a trainer says to a changed example: what a trace of it says."""

from typing import Any

import numpy as np
import pytest

from lstm_viz.experiments.settings import Settings
from lstm_viz.instruments.intervene import intervene
from lstm_viz.training import predicting
from lstm_viz.training.building import build
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.training.what_if import what_if
from tests.training.datasets import KINDS, of_kind

CELLS: list[dict[str, Any]] = [
    {"cell": "lstm", "conv_channels": 3},
    {"cell": "lstm_variant", "peepholes": True},
    {"cell": "nested_lstm"},
    {"cell": "gru", "readout": "attention", "layers": 2, "bidirectional": True},
]


@pytest.mark.parametrize("kind", KINDS)
def test_the_true_example_is_answered_as_its_frame_is(kind: str) -> None:
    trainer = InProcessTrainer()
    settings = Settings.of(hidden_size=5, epochs=1, batch_size=16, device="cpu")
    run = trainer.run(trainer.submit(settings, of_kind(kind)))
    trainer.advance()
    frame = run.film.frames[-1]
    found = trainer.ask(
        "what_if", settings=settings, dataset=run.dataset, layer="recurrent.l0",
        inputs=run.examples.inputs[:1], silenced={}, weights=frame.weights,
    )  # fmt: skip
    np.testing.assert_allclose(found["answer"], frame.answer[0].ravel(), rtol=1e-4, atol=1e-5)
    layer = frame.layers["recurrent.l0"]
    expected = {**layer.gates, "hidden": layer.hidden, "cell": layer.cell}
    assert set(found["signals"]) == set(expected)
    for name, values in expected.items():
        np.testing.assert_allclose(found["signals"][name], values[0], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("how", CELLS, ids=lambda how: how["cell"])
def test_another_example_and_a_silent_unit_give_what_the_model_gives(how: dict[str, Any]) -> None:
    dataset = of_kind("numbers")
    settings, layer = Settings.of(hidden_size=4, **how), "recurrent.l0"
    x = dataset.part("validation")[0][:1].copy()
    x[0, 3, 0] += 0.5
    found = what_if(settings, dataset, layer=layer, inputs=x, silenced={layer: [2]})
    assert not found["signals"]["hidden"][:, 2].any()
    network = build(settings, dataset).eval()
    plain = predicting.outputs(network, x).numpy()
    with intervene(network, silence={layer: [2]}):
        expected = predicting.outputs(network, x).numpy()
    np.testing.assert_allclose(found["answer"], expected.ravel(), rtol=1e-4, atol=1e-6)
    assert np.abs(expected - plain).max() > 1e-5
