"""The diagrams of the minimal cells: one path for the state, and nothing that leads round it."""

from collections.abc import Sequence

from lstm_viz.models.diagram import (
    BELT,
    BUS,
    EACH_FACTOR,
    PATH,
    REMAINS,
    SIGN,
    SUM,
    Diagram,
    Operation,
    Port,
    Telling,
    Way,
    added,
    fork_of_h,
    sigma_gate,
    tanh_gate,
)
from lstm_viz.models.options import Gate
from lstm_viz.words import N_

TERMS = {"x": "w·x_t", "b": "b"}
K, M, E, N = 340, 500, 660, 900
"""Across: where the state is kept, the middle, what enters, the candidate."""
MIDDLE = 200
LOOK = "hidden", "grad_hidden"
GRAD = "grad_hidden"
CONTENT = N_("New content, of any size: there is no tanh.")


def min_gru(update: Gate, candidate: Gate) -> Diagram:
    """h_t = (1 - z) h_{t-1} + z n, with z and n of x_t alone."""
    return _diagram(
        N_("Minimal gated recurrent unit (minGRU)"),
        [
            sigma_gate(update, M, N_("Share of the new content that enters."), N_("update z"),
                       TERMS),
            tanh_gate(candidate, N, CONTENT, N_("candidate n"), TERMS, linear=True),
            Operation(
                "keep",
                "1−",
                (K, MIDDLE),
                Telling("1 − z_t", "1 − {update} = {keep}", N_("What is not renewed is kept.")),
                Telling("−dL/d(1 − z_t)", "−({d.keep}) = {d.turn}", SIGN),
            ),
            Operation(
                "split",
                "",
                (M, MIDDLE),
                Telling("z_t", "{update}", N_("One gate says what is kept and what enters.")),
                Telling("dL/dz_t", "{d.enter + d.turn = d.update}",
                        N_("The gradients that arrive here add up.")),
                shape="dot",
                look="update",
            ),
        ],
        [
            *_read("update", M),
            Way("update", [(M, 288), (M, MIDDLE + 7)], "update", "d.update", "update", GRAD,
                (M + 12, 262)),
            Way("turn", [(M - 7, MIDDLE), (K + 24, MIDDLE)], "update", "d.turn", "update", GRAD),
            Way("enter", [(M + 7, MIDDLE), (N - 24, MIDDLE)], "enter", "d.enter", "update", GRAD,
                (700, MIDDLE - 20), "middle"),
        ],
    )  # fmt: skip


def min_lstm(forget: Gate, input_: Gate, candidate: Gate) -> Diagram:
    """h_t = (f h_{t-1} + i n) / (f + i), with f, i and n of x_t alone."""
    return _diagram(
        N_("Minimal long short-term memory (minLSTM)"),
        [
            sigma_gate(forget, K, N_("How much speaks for the old state."), N_("forget f"), TERMS),
            sigma_gate(input_, E, N_("How much speaks for the new content."), N_("input i"), TERMS),
            tanh_gate(candidate, N, CONTENT, N_("candidate n"), TERMS, linear=True),
            _part("keep", "f", forget.name, K, N_("Share of the old state that is kept.")),
            _part("enter", "i", input_.name, E, N_("Share of the new content that enters.")),
            Operation(
                "total",
                "+",
                (M, MIDDLE),
                Telling("f_t + i_t", "{forget + input = total}",
                        N_("Both shares are parts of this sum: together they are 1.")),
                Telling("dL/d(f_t + i_t)", "{d.total} → {d.total}, {d.total}", SUM),
            ),
        ],
        [
            *_read("forget", K),
            *_read("input", E),
            Way("forget", [(K, 288), (K, MIDDLE + 24)], "forget", "d.forget", "forget", GRAD,
                (K + 12, 262)),
            Way("input", [(E, 288), (E, MIDDLE + 24)], "input", "d.input", "input", GRAD,
                (E + 12, 262)),
            Way("forget.total", [(K, 244), (M, 244), (M, MIDDLE + 24)], "forget", "d.total",
                "forget", GRAD),
            Way("input.total", [(E, 244), (M, 244), (M, MIDDLE + 24)], "input", "d.total",
                "input", GRAD),
            Way("total.keep", [(M - 24, MIDDLE), (K + 24, MIDDLE)], "total", "d.total", "series",
                GRAD),
            Way("total.enter", [(M + 24, MIDDLE), (E - 24, MIDDLE)], "total", "d.total", "series",
                GRAD, (M + 80, MIDDLE - 20), "middle"),
            Way("enter", [(E + 24, MIDDLE), (N - 24, MIDDLE)], "enter", "d.enter", "input", GRAD,
                (780, MIDDLE - 20), "middle"),
        ],
    )  # fmt: skip


def _diagram(title: str, own: Sequence[Operation], ways: Sequence[Way]) -> Diagram:
    return Diagram(
        title,
        [*own, *_path()],
        [*_path_ways(), *ways, *_read("candidate", N)],
        [
            Port("h_before", "h_{t−1}", (52, BELT), "hidden"),
            Port("x", "x_t", (220, 474)),
            Port("h", "h_t", (1128, BELT), "hidden"),
            Port("out", N_("out"), (1010, 200)),
        ],
        [
            N_("Kept: {keep%} of h = {h_before}."),
            added("added"),
            N_("New: h = {h}."),
        ],
        [
            N_("dL/dh = {dh}: {direct} from outside, {later} from the next step."),
            N_("{carry} goes one step back along h: there is no other way."),
            REMAINS,
        ],
        "h",
        "dh",
        factor=(K, 26),
        gain=(600, 56),
    )


def _part(name: str, letter: str, gate: str, x: float, means: str) -> Operation:
    """A gate as its part of the sum of both."""
    return Operation(
        name,
        "÷",
        (x, MIDDLE),
        Telling(
            f"{letter}′_t = {letter}_t/(f_t + i_t)", f"{{{gate}}} · {{per}} = {{{name}}}", means
        ),
        Telling(
            f"dL/d{letter}_t = dL/d{letter}′_t/(f_t + i_t) + dL/d(f_t + i_t)",
            f"{{own.{gate} + d.total = d.{gate}}}",
            N_("More of one gate is less of the other's share."),
        ),
    )


def _path() -> list[Operation]:
    """The path of h: what is kept, what is added, where it parts."""
    return [
        Operation(
            "kept",
            "×",
            (K, BELT),
            Telling("k_t·h_{t−1}", "{keep} · {h_before} = {kept}", N_("Kept part of h.")),
            Telling("dL/dh_{t−1} = k_t·dL/dh_t", "{keep} · {dh} = {carry}", PATH),
        ),
        Operation(
            "added",
            "×",
            (N, MIDDLE),
            Telling("e_t·n_t", "{enter} · {candidate} = {added}", N_("Added part of n.")),
            Telling(
                "dL/dn_t = dL/dh_t·e_t, dL/de_t = dL/dh_t·n_t",
                "{dh} · {enter} = {d.candidate},  {dh} · {candidate} = {d.enter}",
                EACH_FACTOR,
            ),
        ),
        Operation(
            "sum",
            "+",
            (N, BELT),
            Telling("h_t = k_t·h_{t−1} + e_t·n_t", "{kept + added = h}",
                    N_("The new h: what is kept and what is added.")),
            Telling("dL/dh_t", "{dh} → {dh}, {dh}", SUM),
        ),
        fork_of_h((1010, BELT)),
    ]  # fmt: skip


def _path_ways() -> list[Way]:
    return [
        Way("before", [(96, BELT), (K - 24, BELT)], "h_before", "carry", *LOOK,
            (210, 58), "middle", belt=True),
        Way("kept", [(K + 24, BELT), (N - 24, BELT)], "kept", "dh", *LOOK,
            (600, 112), "middle", "forward", belt=True),
        Way("h", [(N + 24, BELT), (1003, BELT)], "h", "dh", *LOOK,
            (966, 58), "middle", belt=True),
        Way("on", [(1017, BELT), (1084, BELT)], "h", "later", *LOOK,
            (1064, 24), "middle", "backward", belt=True),
        Way("out", [(1010, 87), (1010, 178)], "h", "direct", *LOOK, (1024, 140), said="backward"),
        Way("keep", [(K, MIDDLE - 24), (K, BELT + 24)], "keep", "d.keep", "update", GRAD,
            (K + 12, 150)),
        Way("candidate", [(N, 288), (N, MIDDLE + 24)], "candidate", "d.candidate", "candidate",
            GRAD, (N + 12, 262)),
        Way("added", [(N, MIDDLE - 24), (N, BELT + 24)], "added", "dh", "candidate", GRAD,
            (N + 12, 146), said="forward"),
        Way("x", [(220, 452), (220, BUS), (N, BUS)], ""),
    ]  # fmt: skip


def _read(gate: str, x: float) -> list[Way]:
    """From what all gates read to one of them."""
    return [
        Way(f"{gate}.a", [(x, BUS), (x, 352)], f"{gate}.a", f"da.{gate}", gate, GRAD,
            (x + 12, 394)),
    ]  # fmt: skip
