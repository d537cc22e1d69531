"""What is seen of a module before it is trained: whether its answers are those to the samples."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

import lstm_viz
from lstm_viz import ConfigError, LstmVizWarning, alarms, fit


class Read(nn.Module):
    """`read(h)` of all h_t that a layer gives."""

    def __init__(self, read: Callable[[Tensor], Tensor], *, batch_first: bool = True) -> None:
        super().__init__()
        self.lstm, self.read = nn.LSTM(2, 4, batch_first=batch_first), read

    def forward(self, x: Tensor) -> Tensor:
        return self.read(self.lstm(x)[0])


X = np.random.default_rng(0).normal(size=(60, 7, 2)).astype(np.float32)
Y = X.sum(axis=(1, 2))
time_first = Read(lambda h: h[-1, :, :1], batch_first=False)


@pytest.mark.parametrize(
    ("module", "x", "y", "fragment"),
    [
        (time_first, X, Y, "gave 7 answers"),
        (time_first, X[:, :4], Y, "gave 4 answers"),  # as many as there are samples to begin with
        (Read(lambda h: h[:, -1, :1].sigmoid()), X, Y > 0, "ends in a sigmoid"),
        (Read(lambda h: h[:, -1].softmax(-1)), X, np.arange(60) % 4, "ends in a softmax"),
        (Read(lambda h: h[:, -1, :1]).requires_grad_(requires_grad=False), X, Y, "nothing to tra"),
    ],
)
def test_a_module_that_cannot_be_trained_so_is_refused(
    module: nn.Module, x: np.ndarray, y: np.ndarray, fragment: str
) -> None:
    with pytest.raises(ConfigError, match=fragment):
        fit(module, (x, y), epochs=1, progress=False)


def test_a_layer_that_reads_the_batch_as_time_is_told_of() -> None:
    """It answers in the right shape, and one sample's answer is made of the others."""
    with pytest.warns(LstmVizWarning, match="depends on the others of its batch"):
        fit(Read(lambda h: h[..., 0], batch_first=False), (X, X[..., 0]), epochs=1, progress=False)


def test_a_layer_that_frames_cannot_show_is_told_of() -> None:
    class Listed(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.gru, self.more = nn.GRU(2, 4, batch_first=True), [nn.LSTM(4, 1, batch_first=True)]

        def forward(self, x: Tensor) -> Tensor:
            return self.more[0](self.gru(x)[0])[0][:, -1]

    with pytest.warns(LstmVizWarning, match=r"'more\[0\]' \(LSTM\) is in a plain list") as said:
        result = fit(Listed(), (X, Y), epochs=1, progress=False)
    assert [*[*result][-1].layers] == ["gru.l0"] and len(said) == 1


def test_of_a_module_that_packs_its_batch_no_step_beyond_an_end_is_judged(tmp_path: Path) -> None:
    class Packs(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.gru, self.head = nn.GRU(2, 4, batch_first=True), nn.Linear(4, 1)

        def forward(self, x: Tensor) -> Tensor:
            lengths = 2 + 3 * (x[:, 0, 0] > 0).long()
            packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
            return self.head(self.gru(packed)[1][0])

    result = fit(Packs(), (X, Y), epochs=1, progress=False)
    result.save(tmp_path / "run.npz")
    for frame in (*result, *lstm_viz.open(tmp_path / "run.npz")):
        lengths = frame.layers["gru.l0"].lengths
        assert lengths is not None and set(lengths) <= {2, 5}
    assert "state" not in [alarm.kind for alarm in alarms(result)]


@pytest.mark.parametrize(
    ("read", "y"),
    [
        (lambda h: h[..., 0], X[..., 0]),
        (lambda h: h[:, -1, :1] + torch.randn(len(h), 1), Y),  # draws its answers
        (lambda h: h[:, -1].log_softmax(-1), np.arange(60) % 4),
        (lambda h: h[:, -1, :1].sigmoid(), Y),  # numbers between 0 and 1
    ],
)
def test_one_that_can_be_is_trained_without_a_word(
    read: Callable[[Tensor], Tensor], y: np.ndarray
) -> None:
    assert len(fit(Read(read), (X, y), epochs=1, progress=False).history) > 1
