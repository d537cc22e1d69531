"""Memorised or learned, on one seed or on all: told of forecasters of which it is known."""

import numpy as np
import pytest

from lstm_viz.data.dataset import Part
from lstm_viz.data.series import Series
from lstm_viz.data.windows import WindowSpec, cut
from lstm_viz.experiments.settings import Settings
from lstm_viz.measures.comparison import Sample
from lstm_viz.measures.learned import memorised, said_beaten, said_memorised
from lstm_viz.training import predicting
from lstm_viz.training.loop import Training

RANDOM = np.random.default_rng(0)
NOISE = RANDOM.normal(size=600)
SINE = np.sin(np.arange(600) / 8) + 0.05 * NOISE
SPLIT = 400


def in_naive(truth: np.ndarray, forecast: np.ndarray, before: np.ndarray) -> Sample:
    errors = np.abs(forecast - truth)
    return Sample(errors / np.abs(truth - before).mean(), in_order=True)


def neighbour(series: np.ndarray, window: int = 5) -> tuple[Sample, Sample]:
    """Errors on both parts of a forecaster that looks up the most alike window it was shown."""
    rows = np.arange(window, len(series))
    windows = np.stack([series[row - window : row] for row in rows])
    shown = rows < SPLIT
    forecast = [
        series[rows[shown][np.abs(windows[shown] - each).sum(axis=1).argmin()]] for each in windows
    ]
    every = np.array(forecast)
    return tuple(
        in_naive(series[rows[which]], every[which], series[rows[which] - 1])
        for which in (shown, ~shown)
    )


def test_a_table_of_noise_is_memorised_and_one_of_a_clean_sine_answers_for_new_rows_too() -> None:
    said = said_memorised(*neighbour(NOISE))
    assert said.startswith("It memorised: its MAE is 0 times that of the naive forecast")
    assert "times on the validation set" in said
    learned = in_naive(SINE[1:], SINE[1:] + 0.02 * NOISE[1:], SINE[:-1])
    seen, new = learned.like(learned.values[:SPLIT]), learned.like(learned.values[SPLIT:])
    assert said_memorised(seen, new) == ""


def trained(values: np.ndarray, epochs: int) -> tuple[Sample, Sample]:
    """Errors on both sets of an LSTM that was trained on a series."""
    data = cut(Series("values", values[:, None]), "value", WindowSpec(window=8, test_share=0))
    run = Training(
        Settings.of(hidden_size=32, learning_rate=0.02, epochs=epochs, device="cpu"), data
    )
    while not run.finished:
        run.step()
    known = data.known_targets[:, 0]

    def errors(part: Part) -> Sample:
        rows, answers = data.origins(part), predicting.outputs(run.model, data.part(part)[0])
        forecast = data.in_raw_units(answers.numpy(), rows)[:, 0, 0]
        return in_naive(known[rows], forecast, known[rows - 1])

    return errors("training"), errors("validation")


def test_an_lstm_that_is_trained_long_on_noise_memorised_and_one_on_a_sine_did_not() -> None:
    assert said_memorised(*trained(NOISE[:120], epochs=80)).startswith("It memorised")
    seen, new = trained(SINE[:120], epochs=30)
    assert seen.mean < 0.8
    assert said_memorised(seen, new) == ""


def test_a_set_that_is_harder_for_anyone_is_no_sign_of_it() -> None:
    """The errors grow threefold, and so do those of the naive forecast."""
    wide = np.concatenate([NOISE[:SPLIT], 3 * NOISE[SPLIT:]])
    before = np.roll(wide, 1)
    seen, new = (
        in_naive(wide[part], np.zeros(len(wide[part])), before[part])
        for part in (slice(1, SPLIT), slice(SPLIT, None))
    )
    assert new.mean == pytest.approx(seen.mean, rel=0.2)
    assert not memorised(seen, new)


def test_what_never_fitted_its_own_rows_or_is_no_number_did_not_memorise() -> None:
    poor, poorer = Sample(np.full(50, 1.5)), Sample(np.full(50, 9.0))
    assert not memorised(poor, poorer)
    assert not memorised(Sample(np.zeros(3)), poorer), "too few to tell"
    assert not memorised(Sample(np.zeros(50)), Sample(np.full(50, np.inf)))
    assert not memorised(Sample(np.zeros(0)), poorer)


def test_on_how_many_seeds_a_simple_forecast_is_beaten_is_counted_and_by_how_much() -> None:
    rule = Sample(1 + 0.1 * NOISE[:200])
    seeds = [rule.like(rule.values * share) for share in (0.8, 0.9, 0.88)]
    said = said_beaten(seeds, rule, "seasonal")
    assert said == "It beats the seasonal naive forecast by 12% on 3 of 3 seeds."
    mixed = said_beaten([*seeds[:1], rule, rule.like(rule.values + 1)], rule, "naive")
    assert mixed == "It beats the naive forecast (last value) by 20% on 1 of 3 seeds."
    none = said_beaten([rule, rule.like(2 * rule.values)], rule, "naive")
    assert "on none of 2 seeds" in none


def test_of_one_seed_or_an_exact_rule_nothing_is_counted() -> None:
    rule = Sample(np.ones(50))
    better = Sample(np.full(50, 0.5))
    assert said_beaten([better], rule, "naive") == ""
    for exact in (np.zeros(50), np.full(50, np.nan)):
        assert said_beaten([better, better], Sample(exact), "seasonal") == ""
