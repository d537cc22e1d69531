"""How much of the gradient that enters a layer at one step arrives at the steps before it.

Steps back are counted in the order in which the layer ran: a reverse layer's gradient travels
from the first input to the last.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Self, TypeVar

import numpy as np
import numpy.typing as npt

from lstm_viz.measures.spelling import share
from lstm_viz.words import _, ngettext

Numbers = npt.NDArray[np.floating]
Steps = TypeVar("Steps", int, npt.NDArray[np.int64])
Norms = npt.NDArray[np.float64]
Verdict = Literal[
    "not a number", "nothing enters", "one step", "zero", "cut", "vanishes", "explodes", "reaches"
]

NO_SHARE = ("not a number", "nothing enters", "one step")
"""Verdicts on a gradient of which no share arrives anywhere."""
THOUSANDTH = 1e-3
VANISHED, EXPLODED = THOUSANDTH, 1 / THOUSANDTH
"""Shares below and above which a gradient counts as vanished and as exploded."""
UNDERFLOW = 1e-290
"""What was this small before it was exactly 0 fell out of float64: nothing cut it off."""
FEWEST_TO_CUT = 5
"""Steps from which on one step's loss can stand out among the others'."""


@dataclass(frozen=True, eq=False)
class GradientFlow:
    """The gradient that enters at one step s, alone, on its way back."""

    norms: Norms
    """(K + 1,): ‖∂L_s/∂(state)‖₂ at s and at 1 to K steps back, where the layer's run began."""
    entered: int
    """s, by its place in the input."""
    state: str = "hidden"
    """Whose gradient it is: "hidden", "cell" or "inner_cell"."""
    reverse: bool = False

    @classmethod
    def along(cls, norms: Numbers, entered: int, *, state: str, reverse: bool) -> Self:
        """From norms (T,) in the order of the input.

        >>> GradientFlow.along(np.array([0.1, 0.2, 0.4, 0.0]), 2, state="cell", reverse=False).norms
        array([0.4, 0.2, 0.1])
        """
        back = norms[entered:] if reverse else norms[: entered + 1][::-1]
        return cls(np.asarray(back, np.float64), entered, state, reverse)

    @property
    def steps(self) -> int:
        """K: how many steps back the layer's run began."""
        return len(self.norms) - 1

    @property
    def end(self) -> int:
        """The step K steps back, by its place in the input."""
        return self.place(self.steps)

    def place(self, back: Steps) -> Steps:
        """The step so many steps back, by its place in the input; of one number or of several."""
        return self.entered + (back if self.reverse else -back)

    @property
    def shares(self) -> Norms:
        """(K + 1,): the norms relative to that at s; NaN where nothing enters."""
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return np.asarray(self.norms / self.norms[0])

    @property
    def ratio(self) -> float:
        """The share that arrives K steps back."""
        return float(self.shares[-1])

    def reach(self, share: float = THOUSANDTH) -> int | None:
        """Steps back at which it first falls below a share; None where it never does.

        >>> flow = GradientFlow(np.array([1.0, 1e-2, 1e-4, 1e-5]), entered=3)
        >>> flow.reach(), flow.reach(1e-9)
        (2, None)
        """
        below = np.flatnonzero(self.shares < share)
        return int(below[0]) if below.size else None

    @property
    def steepest(self) -> tuple[int, float]:
        """The steps back, and the factor, of the step that takes most."""
        with np.errstate(divide="ignore", invalid="ignore"):
            factors = self.norms[1:] / self.norms[:-1]
        k = int(np.nanargmin(factors))
        return k + 1, float(factors[k])

    @property
    def zero_from(self) -> int | None:
        """Steps back from which on it is exactly 0; None where it is not 0 at the end."""
        alive = np.flatnonzero(self.norms)
        return None if self.norms[-1] or not alive.size else int(alive[-1]) + 1

    @property
    def verdict(self) -> Verdict:
        """What the gradient does on its way back."""
        if np.isnan(self.norms).any() or np.isinf(self.norms[0]):
            return "not a number"
        if self.norms[0] == 0:
            return "nothing enters"
        if not self.steps:
            return "one step"
        if (zero := self.zero_from) is not None:
            return "vanishes" if self.norms[zero - 1] < UNDERFLOW else "zero"
        if self.ratio < VANISHED:
            return "cut" if self._one_step_takes_most() else "vanishes"
        return "explodes" if self.ratio > EXPLODED else "reaches"

    def _one_step_takes_most(self) -> bool:
        """Whether one step takes more than all the others together, counted in powers of ten."""
        _back, factor = self.steepest
        return self.steps >= FEWEST_TO_CUT and factor < np.sqrt(self.ratio)


def lasting(norms: Mapping[str, Numbers], entered: npt.NDArray[np.integer]) -> str:
    """The state that lasts longest of those that the gradient enters at s: of zoneout's states
    h_t, which is made of c_t as it was before it was mixed.

    `norms`: state -> (B, T), `entered` (B,): s.

    >>> norms = {"hidden": np.array([[0.1, 1.0]]), "cell": np.array([[0.5, 0.0]])}
    >>> lasting(norms, np.array([1])), lasting(norms, np.array([0]))
    ('hidden', 'cell')
    """
    samples = range(len(entered))
    enters = [state for state, each in norms.items() if each[samples, entered].any()]
    return (enters or [*norms])[-1]


def typical(flows: Sequence[GradientFlow]) -> GradientFlow:
    """Of several examples: k steps back the median of their shares, between two the geometric mean.

    As far as the shortest of them goes, of those that a gradient enters.
    """
    entered = [flow for flow in flows if flow.norms[0] != 0]
    if not entered:
        return flows[0]
    steps = min(flow.steps for flow in entered)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log([flow.shares[: steps + 1] for flow in entered])
        middle = np.sort(logs, axis=0)[(len(logs) - 1) // 2 : len(logs) // 2 + 1]
        shares = np.exp(middle.mean(axis=0))
    shares[np.isnan(logs).any(axis=0)] = np.nan  # of which sort makes the largest
    return replace(entered[0], norms=shares)


SYMBOLS = {"hidden": "‖∂L/∂h‖", "cell": "‖∂L/∂c‖", "inner_cell": "‖∂L/∂c̃‖"}
UNDIMINISHED = 0.9
"""Share from which on what arrives is called nearly undiminished."""


def said_size(ratio: float) -> str:
    """How large a gradient arrives, beside what entered.

    >>> said_size(0.12), said_size(1.0), said_size(1.55), said_size(0.0)
    ('0.12 of its size', 'as large', '1.55 times as large', '0')
    """
    size = share(ratio)
    if size in ("0", "1"):
        return size if size == "0" else _("as large")
    template = _("{share} of its size") if ratio < 1 else _("{share} times as large")
    return template.format(share=size)


def said_flow(flow: GradientFlow) -> str:
    """What arrives where the layer's run began, how, and what that is called."""
    words = {"norm": SYMBOLS[flow.state], "s": flow.entered, "end": flow.end}
    match flow.verdict:
        case "not a number":
            return _("The gradient from step {s} is not a number.").format(**words)
        case "nothing enters":
            return _("{norm} is exactly 0 at every step: no gradient flows.").format(**words)
        case "one step":
            return _("The gradient enters at step {s}, where the layer began.").format(**words)
        case "zero":
            return _said_zero(flow, words)
        case "cut":
            return _said_cut(flow, words)
        case _:
            return _said_ratio(flow, words)


def _said_zero(flow: GradientFlow, words: Mapping[str, object]) -> str:
    assert flow.zero_from is not None
    return _("Of the gradient from step {s}, exactly 0 arrives at step {zero} and beyond.").format(
        **words, zero=flow.place(flow.zero_from)
    )


def _said_cut(flow: GradientFlow, words: Mapping[str, object]) -> str:
    back, factor = flow.steepest
    return _(
        "Of the gradient from step {s}, {share} arrives at step {end}. One step takes most: "
        "{factor} passes from step {after} to step {before}."
    ).format(
        **words,
        share=share(flow.ratio),
        factor=share(factor),
        after=flow.place(back - 1),
        before=flow.place(back),
    )


def _said_ratio(flow: GradientFlow, words: Mapping[str, object]) -> str:
    ratio, verdict = flow.ratio, flow.verdict
    if verdict == "vanishes":
        template = _("Of the gradient from step {s}, {share} arrives at step {end}: it vanishes.")
    elif verdict == "explodes":
        template = _(
            "The gradient from step {s} arrives {share} times as large at step {end}: it explodes."
        )
    elif ratio < UNDIMINISHED:
        template = _("Of the gradient from step {s}, {share} arrives at step {end}.")
    elif share(ratio) == "1":
        template = _("The gradient from step {s} arrives undiminished at step {end}.")
    elif ratio > 1:
        template = _("The gradient from step {s} arrives {share} times as large at step {end}.")
    else:
        template = _(
            "The gradient from step {s} arrives nearly undiminished at step {end}: {share} of it."
        )
    return template.format(**words, share=share(ratio))


def said_truncated(steps: int) -> str:
    """That training cuts the gradient every so many steps; nothing where it does not, at 0."""
    if not steps:
        return ""
    return ngettext(
        "Truncated BPTT: training cuts this gradient at every step.",
        "Truncated BPTT: training cuts this gradient every {steps} steps.",
        steps,
    ).format(steps=steps)


def said_reach(flow: GradientFlow) -> str:
    """A table's entry: the steps back at which less than a thousandth arrives, or "more than K".

    >>> [said_reach(GradientFlow(rate ** np.arange(20.0), 19)) for rate in (0.5, 0.9)]
    ['10', 'more than 19']
    """
    if flow.verdict in NO_SHARE:
        return "–"
    steps = flow.reach()
    return str(steps) if steps is not None else _("more than {last}").format(last=flow.steps)


def said_before(untrained: GradientFlow) -> str:
    """What arrived before the training; nothing where that is no share."""
    if untrained.verdict in NO_SHARE:
        return ""
    ratio = untrained.ratio
    size = share(ratio) if ratio <= 1 else said_size(ratio)
    return _("Untrained: {size}.").format(size=size)


def said_trained(name: str, untrained: GradientFlow, now: GradientFlow) -> str:
    """One network before its training and now, on a line."""
    for flow in (now, untrained):
        if flow.verdict in NO_SHARE:
            return _("{name}: {sentence}").format(name=name, sentence=said_flow(flow))
    sentences = f"{said_flow(now)} {said_before(untrained)}"
    return _("{name}: {sentence}").format(name=name, sentence=sentences)
