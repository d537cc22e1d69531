"""Texts that a model writes and reads: the state carried on, against reading all anew."""

import numpy as np
import pytest
import torch

from lstm_viz.data.text import text_dataset
from lstm_viz.errors import ConfigError
from lstm_viz.experiments.settings import Settings
from lstm_viz.models.network import Network
from lstm_viz.training import optimising, predicting
from lstm_viz.training.building import build
from tests.training.datasets import of_kind

TEXT = of_kind("text")
BEGINNING = TEXT.values[:7, 0]
SMALL = Settings.of(hidden_size=6, device="cpu")

NETWORKS = [
    {},
    {"cell": "gru", "layers": 2, "dropout": 0.5},
    {"cell": "rnn_tanh", "conv_channels": 4, "conv_kernel": 3},
    {"cell": "nested_lstm", "conv_channels": 4, "conv_kernel": 12},
    {"cell": "lstm_variant", "zoneout": 0.3, "truncate": 5},
]


def writer(**settings) -> Network:
    return build(SMALL.changed(**settings), TEXT)


@torch.no_grad()
def scores_after(model: Network, codes: list[int]) -> torch.Tensor:
    """(C,) after reading everything from the start."""
    return model.eval()(torch.tensor(codes, dtype=torch.uint8)[None, :, None])[0, -1]


@pytest.mark.parametrize("settings", NETWORKS)
@pytest.mark.parametrize("beginning", [BEGINNING, BEGINNING[:1]])
def test_the_state_that_goes_on_says_what_reading_all_anew_says(
    settings: dict, beginning: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, said = writer(**settings), []
    letters = TEXT.values[20:45, 0].tolist()

    def dictated(scores: torch.Tensor, *_: object) -> int:
        said.append(scores)
        return letters[len(said) - 1]

    monkeypatch.setattr(predicting, "_drawn", dictated)
    assert predicting.write(model, beginning, len(letters), 1.0, 0).tolist() == letters
    for count, scores in enumerate(said):
        anew = scores_after(model, [*beginning.tolist(), *letters[:count]])
        torch.testing.assert_close(scores, anew, rtol=1e-4, atol=1e-5)


def test_temperature_0_writes_the_likeliest_whatever_the_seed() -> None:
    model = writer(cell="gru")
    for count in range(1, 12):
        codes = TEXT.values[:count, 0]
        likeliest = int(scores_after(model, codes.tolist()).argmax())
        for seed in (0, 1):
            assert predicting.write(model, codes, 1, 0.0, seed).tolist() == [likeliest]


def test_the_same_seed_writes_the_same_text_and_another_seed_another() -> None:
    model = writer()
    before = torch.get_rng_state()
    texts = [predicting.write(model, BEGINNING, 60, 1.5, seed).tolist() for seed in (3, 3, 4)]
    assert texts[0] == texts[1] != texts[2]
    assert torch.equal(before, torch.get_rng_state())
    assert model.training, "it is put back as it was"


def test_letters_are_drawn_as_often_as_softmax_says() -> None:
    model, temperature, draws = writer(), 0.5, 800
    with torch.no_grad():
        model.readout.weight.zero_()  # so that no draw depends on those before
        model.readout.bias.copy_(torch.linspace(-1, 1, len(TEXT.symbols)))
    expected = torch.softmax(model.readout.bias.detach() / temperature, dim=0).numpy()
    written = predicting.write(model, BEGINNING, draws, temperature, seed=0)
    shares = np.bincount(written, minlength=len(expected)) / draws
    deviation = np.sqrt(expected * (1 - expected) / draws)
    assert (np.abs(shares - expected) < 4 * deviation).all()


def test_the_next_symbols_are_the_likeliest_with_their_probabilities() -> None:
    model = writer(conv_channels=2)
    top, probabilities = predicting.next_symbols(model, BEGINNING)
    assert top.shape == probabilities.shape == (len(BEGINNING), predicting.TOP)
    for t in range(len(BEGINNING)):
        softmax = torch.softmax(scores_after(model, BEGINNING[: t + 1].tolist()), dim=0)
        order = softmax.argsort(descending=True)[: predicting.TOP]
        assert top[t].tolist() == order.tolist()
        np.testing.assert_allclose(probabilities[t], softmax[order], rtol=1e-4)


def test_a_text_of_two_symbols_has_two_next_ones() -> None:
    data = text_dataset("abba" * 60, "abba", window=10)
    top, probabilities = predicting.next_symbols(build(SMALL, data), data.values[:5, 0])
    assert top.shape == (5, 2)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-6)


@pytest.mark.parametrize("read", [predicting.next_symbols, predicting.write])
def test_nothing_cannot_be_read(read) -> None:
    more = (5, 0.7, 0) if read is predicting.write else ()
    with pytest.raises(ConfigError, match="nothing to read"):
        read(writer(), BEGINNING[:0], *more)


def test_every_symbol_of_a_text_with_the_most_of_them_is_scored() -> None:
    codes = torch.arange(255, dtype=torch.uint8)
    assert optimising.scored(codes, "classes").all()
