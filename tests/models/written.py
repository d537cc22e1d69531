r"""Evaluates the LaTeX that a cell says of itself, at every step, on what a trace measured.

`\hat c_t`, `W_f x_t` and the like become calls, the rest is arithmetic.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lstm_viz.instruments.layer_trace import LayerTrace
from lstm_viz.models.cells import cell_of

NAME = r"((?:\\(?:hat|tilde) )?\b[a-z])"
WORDS = (
    (r"\\mathrm\{LN\}\(W x_t\)_(\w)", r"LN_x('\1')"),
    (r"\\mathrm\{LN\}\(U h_\{t-1\}\)_(\w)", r"LN_h('\1')"),
    (r"\\mathrm\{LN\}", "LN"),
    (r"\\max\(0, ", "relu("),
    (r"(\\tilde )?W_?(\w?) (?:\\tilde )?x_t", r"x_part('\1', '\2')"),
    (r"(\\tilde )?U_?(\w?) (?:\\tilde )?h_\{t-1\}", r"h_part('\1', '\2')"),
    (r"b_\{hn\}", "bias_hh('n')"),
    (r"(\\tilde )?\bb(?:_(\w)|(?=\)))", r"bias('\1', '\2')"),
    (r"p_(\w)", r"peephole('\1')"),
    (rf"{NAME}_t", r"now('\1')"),
    (rf"{NAME}_\{{t-1\}}", r"before('\1')"),
    (r"\\odot|\\,", "*"),
    (r"\\(sigma|tanh)", r"\1"),
)


class Written:
    """One layer's equations beside its trace and weights."""

    def __init__(self, found: LayerTrace, weights: Mapping[str, np.ndarray]) -> None:
        spec = cell_of(found.kind)
        self.weights = weights
        letters = {gate.name: gate.letter for gate in spec.gates}
        self.blocks = [letters.get(name, "") for name in spec.packed(found.options)]
        self.own_bias = [letters[name] for name in getattr(spec, "own_recurrent_bias", ())]
        states = {"h": found.hidden, "c": found.cell, r"\tilde c": found.inner_cell}
        gates = {letters[gate]: values for gate, values in found.gates.items()}
        self.traced = {k: v for k, v in {**states, **gates}.items() if v is not None}
        self.values = {"x": found.input, **self.traced}
        self.given: dict[str, np.ndarray] = {}
        """What an equation says of the step before."""

    def check(self, equations: Sequence[str]) -> set[str]:
        """Compare each left side with the trace; returns which there were."""
        compared = set()
        for equation in equations:
            left, right = equation.split(" = ")
            name, step = re.fullmatch(rf"{NAME}_(t|\{{t-1\}})", left).groups()
            values = self.value(right)
            if step != "t":
                self.given[name] = values
            elif name in self.traced:
                np.testing.assert_allclose(values, self.traced[name], rtol=1e-8, atol=1e-11)
                compared.add(name)
            else:
                self.values[name] = values
        return compared

    def value(self, latex: str) -> Any:
        for pattern, words in WORDS:
            latex = re.sub(pattern, words, latex)
        names = {name: getattr(self, name) for name in dir(self) if not name.startswith("__")}
        return eval(latex.replace("\\", "\\\\"), names)

    def now(self, name: str) -> np.ndarray:
        return self.values[name]

    def before(self, name: str) -> np.ndarray:
        if name in self.given:
            return self.given[name]
        values = self.values[name]
        return np.concatenate((np.zeros_like(values[:, :1]), values[:, :-1]), axis=1)

    def block(self, parameter: str, letter: str) -> np.ndarray:
        return np.split(self.weights[parameter], len(self.blocks))[self.blocks.index(letter)]

    def x_part(self, inner: str, letter: str) -> np.ndarray:
        x = self.now(r"\tilde x" if inner else "x")
        return x @ self.block(f"{'inner_' if inner else ''}weight_ih", letter).T

    def h_part(self, inner: str, letter: str) -> np.ndarray:
        h = self.before(r"\tilde h" if inner else "h")
        return h @ self.block(f"{'inner_' if inner else ''}weight_hh", letter).T

    def bias(self, inner: str, letter: str) -> np.ndarray:
        start = "inner_" if inner else ""
        whole = self.block(f"{start}bias_ih", letter)
        alone = letter in self.own_bias or f"{start}bias_hh" not in self.weights
        return whole if alone else whole + self.block(f"{start}bias_hh", letter)

    def bias_hh(self, letter: str) -> np.ndarray:
        return self.block("bias_hh", letter)

    def peephole(self, letter: str) -> np.ndarray:
        names = {"i": "input", "f": "forget", "o": "output"}
        return self.weights[f"peephole_{names[letter]}"]

    def LN_x(self, letter: str) -> np.ndarray:  # noqa: N802 - as in the equation
        whole = self.standard(self.now("x") @ self.weights["weight_ih"].T) * self.weights["gain_ih"]
        return np.split(whole, len(self.blocks), axis=-1)[self.blocks.index(letter)]

    def LN_h(self, letter: str) -> np.ndarray:  # noqa: N802
        h = self.before("h") @ self.weights["weight_hh"].T
        whole = self.standard(h) * self.weights["gain_hh"]
        return np.split(whole, len(self.blocks), axis=-1)[self.blocks.index(letter)]

    def LN(self, c: np.ndarray) -> np.ndarray:  # noqa: N802
        return self.standard(c) * self.weights["gain_cell"] + self.weights["bias_cell"]

    @staticmethod
    def standard(a: np.ndarray) -> np.ndarray:
        variance = a.var(axis=-1, keepdims=True)
        return (a - a.mean(axis=-1, keepdims=True)) / np.sqrt(variance + 1e-5)

    @staticmethod
    def sigma(a: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-a))

    tanh = staticmethod(np.tanh)

    @staticmethod
    def relu(a: np.ndarray) -> np.ndarray:
        return np.maximum(a, 0)
