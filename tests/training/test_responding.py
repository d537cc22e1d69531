"""Where else units are on together: as one sees by running each example through the model alone."""

import numpy as np
import pytest
import torch

from lstm_viz.data.text import text_dataset
from lstm_viz.experiments.settings import Settings
from lstm_viz.instruments.trace import trace
from lstm_viz.measures.responding import held
from lstm_viz.training import responding
from lstm_viz.training.laboratory import laboratory
from lstm_viz.training.loop import Training
from tests.training.datasets import of_kind


@pytest.mark.parametrize(
    ("kind", "cell", "own"),
    [
        ("numbers", "lstm", 2),
        ("text", "gru", 5),
        ("series", "rnn_tanh", 0),
        ("classes", "gru", -1),
    ],
)
def test_other_examples_are_searched_as_if_each_were_read_alone(
    kind: str, cell: str, own: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(responding, "intervened_at_once", lambda *_: 7)  # several batches
    letters = "".join(np.random.default_rng(0).choice([*"abc "], 700))
    dataset = text_dataset(letters, "letters", window=12) if kind == "text" else of_kind(kind)
    backward = not dataset.every_step
    training = Training(Settings.of(cell=cell, hidden_size=4, bidirectional=backward), dataset)
    x, y = dataset.part("validation" if own >= 0 else "training")  # -1: one of another part
    layer = "recurrent.l0_reverse" if backward else "recurrent.l0"
    signs = np.sign(trace(training.model, torch.from_numpy(x[:1].copy()))[layer].hidden[0, 3])
    wanted = (signs * [1, 0, 1, 0]).astype(np.int8)
    found = laboratory(
        training, "responding", x[own : own + 1] if own >= 0 else x[:1], y[:1], layer=layer,
        wanted=wanted, threshold=0.001, stretch=(3, 5),
    )  # fmt: skip
    inputs = dataset.part("validation")[0]
    counts = {}
    for place in range(len(inputs)):
        begins, shared = place * dataset.stride, own * dataset.stride
        overlaps = begins <= shared + 5 and shared + 3 < begins + dataset.window
        if own >= 0 and (overlaps if dataset.answers is None else place == own):
            continue
        seen = trace(training.model, torch.from_numpy(inputs[place : place + 1].copy()))[layer]
        states = held(seen.hidden, seen.cell)[0]
        counts[place] = sum((wanted[k] * states[:, k] >= 0.001).astype(int) for k in (0, 2))
    assert found["examples"] == len(counts)
    assert found["whole"] == sum(each.max() == 2 for each in counts.values()) > 0
    best = max(each.max() for each in counts.values())
    assert found["windows"][0][2] == best
    for place, drawn, (first, last, units) in zip(
        found["places"].tolist(), found["counts"], found["windows"].tolist(), strict=True
    ):
        assert drawn.tolist() == counts[place].tolist()
        assert {*drawn[first : last + 1]} == {units} == {max(drawn)}
    assert len(found["answers"]) == len(found["places"]) > 0
