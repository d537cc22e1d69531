import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from lstm_viz.data.tasks.catalogue import make_task

seeds = some.integers(0, 2**31 - 1)

# A Reber string as a regular expression: what may follow once X leads on, and once P or T does
AFTER_X = r"(?:XT*VP)*(?:S|XT*VV)"
AFTER_P = rf"T*V(?:V|P{AFTER_X})"
REBER = rf"B(?:TS*X{AFTER_X}|P{AFTER_P})E"
EMBEDDED = re.compile(rf"B(?:T{REBER}T|P{REBER}P)E")
TEXTBOOK = ("BTBTXSETE", "BPBPVVEPE", "BTBTSSXXTVVETE", "BPBPTVPXTVPSEPE")
CUT_OFF = {text[k:] for text in (*TEXTBOOK, "BPBTXSEPE", "BTBPVVETE") for k in range(len(text))}


def streams(name: str, chosen: dict[str, float], seed: int) -> list[tuple[str, np.ndarray]]:
    """Each sequence and its last answer as a text, and where it is judged.

    The answers are checked on the way: each is the next step's symbol.
    """
    data = make_task(name, chosen, seed)
    assert data.answers is not None
    assert data.judged is not None
    assert data.symbols == data.classes
    found = []
    for x, y, judged in zip(data.values[:, :, 0], data.answers, data.judged, strict=True):
        np.testing.assert_array_equal(x[1:], y[:-1])
        found.append(("".join(data.symbols[code] for code in [*x, y[-1]]), judged))
    return found


@given(some.integers(2, 20), some.integers(4, 100), seeds)
def test_as_many_b_as_a_and_judged_where_that_decides(largest: int, length: int, seed: int) -> None:
    chosen = {"largest": largest, "length": length, "count": 100}
    for text, judged in streams("anxbn", chosen, seed):
        strings = [(len(run[1]), len(run[2])) for run in re.finditer("(a+)X?(b*)", text)]
        assert re.fullmatch("(a+Xb+)*(a+X?)?", text)
        assert len(text) == length + 1
        assert all(a == b <= largest for a, b in strings[:-1])
        assert strings[-1][1] <= strings[-1][0] <= largest
        # a reader who counts knows what follows a b, and nothing else but the b after an X
        a = b = 0
        for t, symbol in enumerate(text[:-1]):
            if symbol == "a":
                a, b = (a + 1, 0) if b == 0 else (1, 0)
            elif symbol == "X":
                assert text[t + 1] == "b"
            else:
                b += 1
                assert text[t + 1] == ("b" if b < a else "a")
            assert judged[t] == (symbol == "b")


@pytest.mark.parametrize("largest", [2, 5, 8])
def test_every_n_comes_equally_often(largest: int) -> None:
    chosen = {"largest": largest, "length": 4 * largest, "count": 10_000}
    first = [len(text) - len(text.lstrip("a")) for text, _ in streams("anxbn", chosen, 3)]
    counts = Counter(first)
    assert set(counts) == set(range(1, largest + 1))
    for n in counts:
        assert counts[n] / 10_000 == pytest.approx(1 / largest, abs=0.02)


def test_the_regular_expression_knows_reber_strings_from_others() -> None:
    assert all(EMBEDDED.fullmatch(text) for text in TEXTBOOK)
    for wrong in ("BTBTXSEPE", "BPBPVVETE", "BTBTSXETE", "BTBPTPSETE", "BTBPVVTE", "BTTXSETE"):
        assert not EMBEDDED.fullmatch(wrong)


@given(some.integers(20, 200), seeds)
def test_streams_are_embedded_reber_strings_judged_where_the_second_symbol_returns(
    length: int, seed: int
) -> None:
    for text, judged in streams("reber", {"length": length, "count": 30}, seed):
        place, asked = 0, []
        while string := EMBEDDED.match(text, place):
            # the second to last symbol repeats the second one; it is asked for one step before
            assert text[place + 1] == text[string.end() - 2]
            asked.append(string.end() - 3)
            place = string.end()
        rest = text[place:]
        endings = [ending for ending in CUT_OFF if EMBEDDED.fullmatch(rest + ending)]
        assert rest == "" or endings
        if "E" in endings:  # its last T or P is in the text
            asked.append(len(text) - 2)
        assert np.flatnonzero(judged).tolist() == [t for t in asked if t < length]


def test_both_ways_on_are_taken_equally_often() -> None:
    counts: Counter[str] = Counter()
    for text, _ in streams("reber", {"length": 300, "count": 1000}, 4):
        strings = [match[0] for match in EMBEDDED.finditer(text)][:5]  # long ones are not cut off
        assert len(strings) == 5
        counts.update("outer " + string[1] for string in strings)
        counts.update("inner " + string[3] for string in strings)
        counts.update("S" if string[4] == "S" else "X" for string in strings if string[3] == "T")
    for one, other in (("outer T", "outer P"), ("inner T", "inner P"), ("S", "X")):
        assert counts[one] / (counts[one] + counts[other]) == pytest.approx(0.5, abs=0.03)
