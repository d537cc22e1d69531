"""What a unit follows in a text is measured, and said only where it stands out."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from lstm_viz.measures.following import KINDS, PLACES, clearest, followed, said_followed
from lstm_viz.measures.spelling import percent

TEXT = (
    'The Cell said: "I keep (most of) it". Then 1997 came;\n'
    'and 2000: "forget (some) of it", they wrote.\n'
    "IT (the gate) was 42 lines\n"
) * 5
TURN = np.random.default_rng(0)


def noise(units: int) -> np.ndarray:
    return TURN.normal(size=(len(TEXT), units))


@pytest.mark.parametrize("what", KINDS)
def test_a_unit_that_follows_a_kind_is_found_with_its_auc(what: str) -> None:
    kind = KINDS[what](TEXT)
    values = noise(3)
    values[:, 1] -= 4 * kind
    best = followed(TEXT, values)[0]
    assert (best.unit, best.what) == (1, what)
    assert best.measure == pytest.approx(roc_auc_score(kind, values[:, 1]))
    assert best.measure < 0.5
    said = said_followed([best], 1, 41, "h")
    assert f"Unit 41 follows {what}: its h is lower in {percent(1 - best.measure)} of" in said
    nearly = said_followed([replace(best, measure=0.001)], 1, 41, "h")
    assert "lower in > 99% of all pairs" in nearly


@pytest.mark.parametrize("what", PLACES)
def test_a_unit_that_counts_is_found_with_its_correlation(what: str) -> None:
    place = PLACES[what](TEXT)
    values = noise(3)
    values[:, 2] = np.tanh(place / 60) + 0.01 * values[:, 2]
    best = followed(TEXT, values)[0]
    assert (best.unit, best.what) == (2, what)
    assert best.measure == pytest.approx(np.corrcoef(place, values[:, 2])[0, 1])
    assert f"follows {what}, correlation {best.measure:.2f}" in said_followed([best], 2, 2, "h")


def test_of_units_that_follow_nothing_nothing_is_said() -> None:
    found = followed(TEXT, noise(128))
    assert len(found) == 128
    assert clearest(found, of_each=3) == []
    assert "unit 7 follows nothing" in said_followed(found, found[0].unit, 7, "h")


def test_the_clearest_come_first_and_of_each_only_some() -> None:
    spaces = KINDS["spaces"](TEXT)
    values = np.stack([spaces + 0.3 * k * TURN.normal(size=len(TEXT)) for k in range(4)], axis=1)
    found = clearest(followed(TEXT, values), of_each=2)
    assert [(each.unit, each.what) for each in found] == [(0, "spaces"), (1, "spaces")]


def test_quotes_and_brackets_end_and_places_begin_anew() -> None:
    (quoted,) = np.nonzero(KINDS["text in quotes"]('a "b" c'))
    assert [*quoted] == [2, 3]
    (inside,) = np.nonzero(KINDS["text in brackets"]("a) (b[c]d) e"))
    assert [*inside] == [3, 4, 5, 6, 7, 8]
    assert [*PLACES["the place in the line"]("ab\nc")] == [1, 2, 0, 1]
    assert [*PLACES["the place in the word"]("ab c")] == [1, 2, 0, 1]


def test_what_cannot_be_told_is_left_out() -> None:
    still = np.zeros((len(TEXT), 2))
    assert followed(TEXT, still) == []
    assert followed("aa", np.array([[0.0], [1.0]])) == []
    broken = noise(2)
    broken[3, 0] = np.nan
    assert [each.unit for each in followed(TEXT, broken)] == [1]
    assert "nothing" in said_followed([], 0, 0, "h")
