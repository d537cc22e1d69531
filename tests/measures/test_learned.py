"""Memorised or learned, on one seed or on all: told of forecasters of which it is known."""

import numpy as np
import pytest

from lstm_viz.data.dataset import Part
from lstm_viz.data.series import Series
from lstm_viz.data.windows import WindowSpec, cut
from lstm_viz.experiments.settings import Settings
from lstm_viz.measures.comparison import Sample
from lstm_viz.measures.learned import Errors, memorised, said_beaten, said_memorised
from lstm_viz.training import predicting
from lstm_viz.training.loop import Training

RANDOM = np.random.default_rng(0)
NOISE = RANDOM.normal(size=600)
SINE = np.sin(np.arange(600) / 8) + 0.05 * NOISE
SPLIT = 400


def errors_of(
    truth: np.ndarray, forecast: np.ndarray, before: np.ndarray, centre: float = 0.0
) -> Errors:
    return Errors(*(Sample(np.abs(each - truth), in_order=True) for each in (
        forecast, before, np.full(len(truth), centre)
    )))  # fmt: skip


def neighbour(series: np.ndarray, window: int = 5) -> tuple[Errors, Errors]:
    """Errors on both parts of a forecaster that looks up the most alike window it was shown."""
    rows = np.arange(window, len(series))
    windows = np.stack([series[row - window : row] for row in rows])
    shown = rows < SPLIT
    forecast = [
        series[rows[shown][np.abs(windows[shown] - each).sum(axis=1).argmin()]] for each in windows
    ]
    every = np.array(forecast)
    return tuple(
        errors_of(series[rows[which]], every[which], series[rows[which] - 1])
        for which in (shown, ~shown)
    )


def test_a_table_of_noise_is_memorised_and_one_of_a_clean_sine_answers_for_new_rows_too() -> None:
    said = said_memorised(*neighbour(NOISE))
    assert said.startswith("Memorised: MAE 0 times the naive one's")
    assert "times on the validation set" in said
    seen, new = (
        errors_of(SINE[part], SINE[part] + 0.02 * NOISE[part], np.roll(SINE, 1)[part])
        for part in (slice(1, SPLIT), slice(SPLIT, None))
    )
    assert said_memorised(seen, new) == ""


def trained(values: np.ndarray, epochs: int) -> tuple[Errors, Errors]:
    """Errors on both sets of an LSTM that was trained on a series."""
    data = cut(Series("values", values[:, None]), "value", WindowSpec(window=8, test_share=0))
    run = Training(
        Settings.of(hidden_size=32, learning_rate=0.02, epochs=epochs, device="cpu"), data
    )
    while not run.finished:
        run.step()
    known = data.known_targets[:, 0]
    centre = float(np.median(known[: data.split]))

    def errors(part: Part) -> Errors:
        rows, answers = data.origins(part), predicting.outputs(run.model, data.part(part)[0])
        forecast = data.in_raw_units(answers.numpy(), rows)[:, 0, 0]
        return errors_of(known[rows], forecast, known[rows - 1], centre)

    return errors("training"), errors("validation")


def test_an_lstm_that_is_trained_long_on_noise_memorised_and_one_on_a_sine_did_not() -> None:
    assert said_memorised(*trained(NOISE[:120], epochs=80)).startswith("Memorised")
    seen, new = trained(SINE[:120], epochs=30)
    assert seen.network.mean < 0.8 * seen.naive.mean
    assert said_memorised(seen, new) == ""


def test_a_set_that_is_harder_for_anyone_is_no_sign_of_it() -> None:
    """The errors grow threefold, and so do those of the naive forecast."""
    wide = np.concatenate([NOISE[:SPLIT], 3 * NOISE[SPLIT:]])
    before = np.roll(wide, 1)
    seen, new = (
        errors_of(wide[part], np.zeros(len(wide[part])), before[part])
        for part in (slice(1, SPLIT), slice(SPLIT, None))
    )
    assert new.network.mean == pytest.approx(3 * seen.network.mean, rel=0.2)
    assert not memorised(seen, new)


WALK = np.cumsum(RANDOM.normal(0, 0.1, 600))
CLOCK = np.arange(600)


@pytest.mark.parametrize(
    "after",
    [np.full(200, 0.5), 0.5 + 0.02 * NOISE[SPLIT:], np.sin(CLOCK[SPLIT:] / 40), WALK[:200]],
    ids=["stuck", "calm", "another pace", "a slow walk"],
)
@pytest.mark.parametrize("fit", [0.0, 0.7])
def test_new_rows_of_another_kind_are_no_sign_of_it(after: np.ndarray, fit: float) -> None:
    """A forecast of the mean, and one that fitted well what it was trained on."""
    values = np.concatenate([NOISE[:SPLIT], after])
    forecast = np.where(CLOCK < SPLIT, fit * values, 0)
    before = np.roll(values, 1)
    seen, new = (
        errors_of(values[part], forecast[part], before[part])
        for part in (slice(1, SPLIT), slice(SPLIT, None))
    )
    assert said_memorised(seen, new) == ""
    alike = errors_of(NOISE[SPLIT:], np.zeros(200), NOISE[SPLIT - 1 : -1])
    assert memorised(seen, alike) == (fit > 0), "of the same noise it is one, where it was fitted"


def test_what_never_fitted_its_own_rows_or_is_no_number_did_not_memorise() -> None:
    def at(size: float, count: int = 50) -> Errors:
        one = Sample(np.ones(count))
        return Errors(one.like(np.full(count, size)), one, one)

    assert memorised(at(0.1), at(1.2))
    assert not memorised(at(0.6), at(9.0)), "hardly better than the naive forecast"
    assert not memorised(at(1.5), at(9.0))
    assert not memorised(at(0.0, 3), at(9.0)), "too few to tell"
    assert not memorised(at(0.0), at(np.inf))
    assert not memorised(at(0.0, 0), at(9.0))


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
