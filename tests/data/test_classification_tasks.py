import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from lstm_viz.data.dataset import Dataset
from lstm_viz.data.tasks.catalogue import make_task

seeds = some.integers(0, 2**31 - 1)
lengths = some.integers(20, 200)


def read(data: Dataset) -> list[tuple[str, str]]:
    """Each sequence of symbols as a text, and the name of its class."""
    assert data.answers is not None
    return [
        ("".join(data.symbols[code] for code in x), data.classes[int(answer)])
        for x, (answer,) in zip(data.values[:, :, 0], data.answers, strict=True)
    ]


@given(lengths, seeds)
def test_the_order_is_that_of_the_two_letters_that_are_no_distractors(
    length: int, seed: int
) -> None:
    for text, order in read(make_task("temporal_order", {"length": length, "count": 200}, seed)):
        assert re.fullmatch("E[abcdXY]*B", text)
        assert "".join(re.findall("[XY]", text)) == order
        first, second = (place.start() for place in re.finditer("[XY]", text))
        # as in the paper: 10 to 20 and 50 to 60 of a hundred
        assert length // 10 <= first <= length // 5
        assert length // 2 <= second <= 3 * length // 5


def test_distractors_are_of_all_four_kinds_and_tell_nothing() -> None:
    kinds: dict[str, list[int]] = {"XX": [], "XY": [], "YX": [], "YY": []}
    for text, order in read(make_task("temporal_order", {"count": 4000})):
        kinds[order].append(text.count("a") - text.count("b") + text.count("c") - text.count("d"))
    for differences in kinds.values():
        assert np.mean(differences) == pytest.approx(0, abs=0.8)


@given(some.integers(15, 200), seeds)
def test_first_is_the_letter_that_a_reader_meets_first(length: int, seed: int) -> None:
    for text, answer in read(make_task("first_symbol", {"length": length, "count": 200}, seed)):
        assert re.fullmatch("[abcdXY]*", text)
        assert text.count("X") == text.count("Y") == 1
        met = next(letter for letter in text if letter in "XY")
        assert answer == f"{met} first"


def test_x_and_y_stand_anywhere() -> None:
    texts = [text for text, _ in read(make_task("first_symbol", {"length": 15, "count": 5000}))]
    for letter in "XY":
        places = np.bincount([text.index(letter) for text in texts], minlength=15)
        np.testing.assert_allclose(places / 5000, 1 / 15, atol=0.015)


def looks_like_a_sine(wave: np.ndarray) -> bool:
    """Whether x_{t+1} + x_{t-1} = 2 cos ω x_t, as it is for a sine and nothing else."""
    middle, around = wave[1:-1], wave[2:] + wave[:-2]
    left = around - middle * (around @ middle) / (middle @ middle)
    return bool(np.abs(left).max() < 1e-3)


@given(some.integers(40, 200), seeds)
def test_a_sine_obeys_its_recurrence_and_the_others_are_flat_or_straight(
    length: int, seed: int
) -> None:
    data = make_task("two_waveforms", {"length": length, "noise": 0.0, "count": 200}, seed)
    assert data.answers is not None
    for wave, (answer,) in zip(data.values[:, :, 0].astype(float), data.answers, strict=True):
        assert data.classes[int(answer)] == ("sine" if looks_like_a_sine(wave) else "no sine")
        if answer:
            straight = np.abs(np.diff(wave, 2)) < 1e-3
            assert set(np.abs(wave)) == {1} or straight.mean() > 0.3


def test_all_waves_are_equally_loud_and_of_every_kind() -> None:
    data = make_task("two_waveforms", {"length": 400, "noise": 0.0})
    assert data.answers is not None
    waves, other = data.values[:, :, 0], data.answers[:, 0] == 1
    square = (np.abs(waves) == 1).all(axis=1)
    for kind in (~other, other & square, other & ~square):
        assert np.mean(waves[kind] ** 2) == pytest.approx(1, rel=0.02)
    assert square[other].mean() == pytest.approx(0.5, abs=0.05)
    assert not square[~other].any()


def test_noise_lies_on_the_waves() -> None:
    chosen = {"count": 500, "length": 100}
    quiet, loud = (make_task("two_waveforms", chosen | {"noise": n}).values for n in (0.0, 0.5))
    assert (loud - quiet).std() == pytest.approx(0.5, rel=0.02)


def test_random_labels_have_nothing_to_do_with_their_sequences() -> None:
    data = make_task("random_labels", {"count": 20_000, "length": 10})
    assert data.answers is not None
    values, labels = data.values[:, :, 0].astype(float), data.answers[:, 0]
    assert (values.mean(), values.std()) == pytest.approx((0, 1), abs=0.02)
    half = len(values) // 2
    features = np.hstack([values, values**2, values[:, 1:] * values[:, :-1]])
    weights, *_ = np.linalg.lstsq(features[:half], labels[:half] - 0.5, rcond=None)
    right = (features[half:] @ weights > 0) == (labels[half:] > 0.5)
    assert right.mean() == pytest.approx(0.5, abs=0.02)
