"""Grammars as automata: what may follow, and what has to."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Automaton:
    """M states with at most two ways on; a walk begins in state 0 and never ends."""

    symbols: tuple[str, ...]
    """K symbols."""
    shares: Shares
    """(M, 2) how often each way is taken."""
    codes: Codes
    """(M, 2) the symbol that is said on each way."""
    following: Codes
    """(M, 2) the state it leads to."""
    judged: npt.NDArray[np.bool_]
    """(M,) the states after which the score looks at the next symbol."""

    def walk(self, count: int, steps: int, rng: np.random.Generator) -> tuple[Codes, Codes]:
        """(count, steps) symbols, and the states after them, of independent walks."""
        said = np.empty((count, steps), np.int64)
        states = np.empty_like(said)
        now = np.zeros(count, np.int64)
        for t in range(steps):
            way = (rng.random(count) >= self.shares[now, 0]).astype(np.int64)
            said[:, t], now = self.codes[now, way], self.following[now, way]
            states[:, t] = now
        return said, states


def anxbn(largest: int) -> Automaton:
    """aⁿXbⁿ again and again, n drawn anew from 1 to N = `largest`, all of them equally often.

    States 0 to N-1 have said a b and have so many still to say, N to 2N-1 have said 1 to N a,
    2N to 3N-1 have said X after them. Judged is what follows a b, which is determined: another
    b, or the next string's a.
    """
    a, x, b = 0, 1, 2
    n = np.arange(1, largest + 1)
    one_fewer = np.concatenate([n - 2, n - 1])  # of those after a b, and of those after X
    shares = np.tile([1.0, 0.0], (3 * largest, 1))
    codes = np.full((3 * largest, 2), b)
    following = np.empty((3 * largest, 2), np.int64)
    saying_b = np.r_[:largest, 2 * largest : 3 * largest]
    following[saying_b] = one_fewer[:, None]
    codes[0], following[0] = a, largest
    # After k a, one more: n > k given n >= k.
    saying_a = slice(largest, 2 * largest)
    shares[saying_a, 0] = (largest - n) / (largest - n + 1)
    shares[saying_a, 1] = 1 - shares[saying_a, 0]
    codes[saying_a] = a, x
    following[saying_a, 0] = np.minimum(n + largest, 2 * largest - 1)
    following[saying_a, 1] = n - 1 + 2 * largest
    return Automaton(("a", "X", "b"), shares, codes, following, np.arange(3 * largest) < largest)


REBER: tuple[tuple[tuple[str, int], ...], ...] = (
    (("B", 1),),
    (("T", 2), ("P", 3)),
    (("S", 2), ("X", 4)),
    (("T", 3), ("V", 5)),
    (("X", 3), ("S", 6)),
    (("P", 4), ("V", 6)),
    (("E", 7),),
)
"""State -> the symbols it may say and where they lead; a string ends in state 7. Reber 1967."""


def embedded_reber() -> Automaton:
    """Embedded Reber strings one after the other, all ways on equally likely.

    Each is B, T or P, a Reber string, the same T or P, and E. Judged is what follows the inner
    string, which the second symbol alone determines. Gers, Schmidhuber and Cummins 2000, 3.1.
    """
    ends = len(REBER)
    arm = ends + 2  # a Reber string, its closing T or P, its E
    ways: list[tuple[tuple[str, int], ...]] = [(("B", 1),), (("T", 2), ("P", 2 + arm))]
    for symbol in ("T", "P"):
        begin = len(ways)
        ways += [tuple((said, begin + to) for said, to in state) for state in REBER]
        ways += [((symbol, begin + ends + 1),), (("E", 0),)]
    symbols = ("B", "T", "P", "S", "X", "V", "E")
    pairs = [(state * 2)[:2] for state in ways]  # one way on is twice the same
    return Automaton(
        symbols,
        np.full((len(ways), 2), 0.5),
        np.array([[symbols.index(said) for said, _ in pair] for pair in pairs]),
        np.array([[to for _, to in pair] for pair in pairs]),
        np.isin(np.arange(len(ways)), [2 + ends, 2 + arm + ends]),
    )
