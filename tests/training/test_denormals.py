"""Where numbers below float32's normal range count as 0: in an update, and nowhere else."""

import threading

import numpy as np
import pytest
import torch

from lstm_viz.experiments.settings import Settings
from lstm_viz.training import predicting
from lstm_viz.training.denormals import are_flushed, flushed
from lstm_viz.training.loop import Training
from tests.training.datasets import wave

SMALL = Settings.of(hidden_size=3, epochs=2, batch_size=16, device="cpu", patience=1)


def test_an_update_flushes_them_and_a_frame_and_a_score_do_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    training = Training(SMALL, wave())
    seen: dict[str, set[bool]] = {"update": set(), "frame": set(), "score": set()}
    update, outputs, probe_loss = training._update, predicting.outputs, training.probe_loss

    def updating() -> None:
        update()
        seen["update"].add(are_flushed())

    def scoring(*about):
        seen["score"].add(are_flushed())
        return outputs(*about)

    def tracing(*about):
        seen["frame"].add(are_flushed())
        return probe_loss(*about)

    monkeypatch.setattr(training, "_update", updating)
    monkeypatch.setattr(training, "probe_loss", tracing)
    monkeypatch.setattr(predicting, "outputs", scoring)
    training.frame()
    while not training.finished:
        training.step()
    assert seen == {"update": {True}, "frame": {False}, "score": {False}}


def test_a_gradient_below_the_range_of_float32_is_traced_as_it_is() -> None:
    settings = SMALL.changed(cell="rnn_tanh", spectral_radius=0.05, patience=0)
    training = Training(settings, wave(rows=400, window=80))
    training.update()
    norms = training.frame().layers["recurrent.l0"].grad_hidden_norm
    smallest = float(np.finfo(np.float32).smallest_subnormal)
    assert 0 < norms[:, 0].max() < smallest


def test_other_threads_and_what_was_set_before_are_left_alone() -> None:
    others: list[bool] = []
    inside = threading.Event()

    def look() -> None:
        inside.wait()
        others.append(are_flushed())

    thread = threading.Thread(target=look)
    thread.start()
    with flushed():
        inside.set()
        thread.join()
        assert are_flushed()
    assert others == [False]
    torch.set_flush_denormal(True)
    try:
        with flushed():
            pass
        assert are_flushed()
    finally:
        torch.set_flush_denormal(False)
    with pytest.raises(ZeroDivisionError), flushed():
        _ = 1 / 0
    assert not are_flushed()
