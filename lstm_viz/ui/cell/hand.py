"""Set a cell's gates by hand, see what it holds, then let a network learn the same task."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from lstm_viz.data.choice import DataChoice
from lstm_viz.data.resolved import dataset_of
from lstm_viz.experiments.settings import Settings
from lstm_viz.figures.cell.by_hand import by_hand_diagram
from lstm_viz.figures.cell.view import cell_view
from lstm_viz.figures.clock import place_of
from lstm_viz.figures.palette import Signal
from lstm_viz.instruments.anatomy import Anatomy, by_hand
from lstm_viz.measures.selectivity import contrast, said_contrast
from lstm_viz.runs.frames import Values
from lstm_viz.runs.run import Run
from lstm_viz.ui import components, controls
from lstm_viz.ui.live import live, still
from lstm_viz.ui.say import look_for, mistakes_in_words, mistakes_kept, show_problem
from lstm_viz.ui.selection import own_runs
from lstm_viz.ui.service import ask
from lstm_viz.ui.session import remembered
from lstm_viz.words import N_, _

NAME = "hand"
RUN = "hand.run"
KEY = "hand.diagram"
LENGTH = 10
DATA = DataChoice("task", "last_marked", {"length": LENGTH})
LEARNING = Settings.of(cell="lstm", hidden_size=2, learning_rate=0.03, epochs=20)
"""Two units learn the task in seconds, and one of them does what the task asks for."""
LABEL = N_("Hold the last marked value")


@dataclass(frozen=True)
class Tiny:
    """A short input; `label` is marked for translation."""

    label: str
    values: tuple[float, ...]
    marked: tuple[int, ...]

    @property
    def marks(self) -> np.ndarray:
        """(T,) whether each step is marked."""
        return np.isin(np.arange(len(self.values)), self.marked)

    @property
    def goal(self) -> float:
        """What should be held at the end: the value marked last."""
        return self.values[self.marked[-1]]


VALUES = (0.3, 0.9, 0.4, 0.7, 0.5, 0.2, 0.6, 0.95, 0.6, 0.5)
CLOSE = 0.02
"""From the goal: then the task is solved."""
INPUTS = {
    "two": Tiny(N_("Two marks"), VALUES, (1, 5)),
    "one": Tiny(N_("One mark"), VALUES, (1,)),
    "late": Tiny(N_("Late mark"), VALUES, (0, 7)),
}
GATES: dict[Signal, str] = {
    "forget": N_("Forget gate f"),
    "input": N_("Input gate i"),
    "output": N_("Output gate o"),
}
KINDS = {"marked": N_("At marked time steps"), "other": N_("At other time steps")}
"""The kinds of steps for which gates are set."""
BEGIN = 0.5
"""Where every slider begins: half open."""


def hand() -> None:
    """The sliders, the cell they make, and the learned gates beside them."""
    show_problem()
    st.markdown(_("Set the gates so that the cell keeps the last marked number until the end."))
    tiny, steps = exercise()
    _learn(tiny, steps)


def exercise(gates: Sequence[Signal] = tuple(GATES), name: str = NAME) -> tuple[Tiny, Anatomy]:
    """The sliders of these gates, the others being open, and beside them the cell they make.

    `name` begins the keys of the sliders: each page has its own.
    """
    left, right = st.columns([1, 2], gap="large")
    with left:
        tiny = _input() if len(gates) == len(GATES) else INPUTS["two"]
        at = _sliders(tiny, gates, name)
        steps = by_hand(np.array(tiny.values), at["forget"], at["input"], at["output"])
        _score(tiny, steps, name)
    with right:
        _diagram(tiny, steps, plays=name != NAME)
    return tiny, steps


def _input() -> Tiny:
    chosen = st.selectbox(
        _("Input"),
        list(INPUTS),
        format_func=lambda name: _(INPUTS[name].label),
        key=remembered("hand.input", "two"),
        persist_state="session",
    )
    return INPUTS[chosen]


def _sliders(tiny: Tiny, gates: Sequence[Signal], name: str) -> dict[str, np.ndarray]:
    """Gate -> (T,) what the sliders give it; 1 where it has none."""
    at: dict[tuple[str, str], float] = {}
    for kind, title in KINDS.items():
        st.markdown(f"**{_(title)}**")
        for gate in gates:
            at[gate, kind] = st.slider(
                _(GATES[gate]),
                0.0,
                1.0,
                step=0.05,
                key=remembered(f"{name}.{gate}.{kind}", BEGIN),
                persist_state="session",
            )
    return {
        gate: np.where(tiny.marks, at.get((gate, "marked"), 1.0), at.get((gate, "other"), 1.0))
        for gate in GATES
    }


def _reset(name: str) -> None:
    for gate in GATES:
        for kind in KINDS:
            st.session_state[f"{name}.{gate}.{kind}"] = BEGIN


def _score(tiny: Tiny, steps: Anatomy, name: str) -> None:
    """How far from the goal what is held is."""
    held, shown = float(steps.forward["c"][-1, 0]), float(steps.forward["h"][-1, 0])
    off = abs(held - tiny.goal)
    solved = off < CLOSE
    best = _("tanh({goal:.2f}) = {best:.2f} with an open output gate.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.metric(
            _("Kept at the end, c"),
            f"{held:.2f}",
            delta=_("kept") if solved else _("off by {distance:.2f}").format(distance=off),
            delta_color="normal" if solved else "off",
            delta_arrow="off",
            help=_("The marked value is {goal:.2f}.").format(goal=tiny.goal),
        )
        st.metric(
            _("Output at the end, h"),
            f"{shown:.2f}",
            help=best.format(goal=tiny.goal, best=np.tanh(tiny.goal)),
        )
        st.button(_("Reset"), icon=":material/undo:", on_click=_reset, args=(name,))


def _diagram(tiny: Tiny, steps: Anatomy, plays: bool) -> None:
    diagram = by_hand_diagram()
    marks = tiny.marks
    inputs = [
        f"{value:.2f}" + (", " + _("marked") if mark else "")
        for value, mark in zip(tiny.values, marks, strict=True)
    ]
    cursor = int(marks.argmax())
    data = cell_view(steps, diagram, inputs=inputs, marks=marks, cursor=cursor, plays=plays)
    components.cell(data, key=KEY)


def _learn(tiny: Tiny, steps: Anatomy) -> None:
    """The same task given to a network, and what its gates became."""
    st.subheader(_("A network learns it"), anchor=False)
    run = _run()
    st.button(
        _("Train again") if run else _("Train a network"),
        icon=":material/model_training:",
        type="primary",
        on_click=_start,
        disabled=bool(run and run.training),
        help=_("An LSTM of {units} units, {count:,} such sequences, on this server.").format(
            units=LEARNING.network.hidden_size, count=_training_examples()
        ),
    )
    if run is None:
        st.caption(_("Its gates appear beside yours."))
        _beside(tiny, steps, None, 0)
        return
    live(run, lambda now: _learned(now, tiny, steps))


@st.cache_data(show_spinner=False)
def _training_examples() -> int:
    return dataset_of(DATA).count("training")


def _run() -> Run | None:
    known = st.session_state.get(RUN)
    return next((run for run in own_runs() if run.id == known), None)


def _start() -> None:
    with mistakes_kept():
        controls.submit([(LEARNING, LABEL)], dataset_of(DATA), DATA)
        st.session_state[RUN] = own_runs()[0].id


def _learned(run: Run, tiny: Tiny, steps: Anatomy) -> None:
    if run.training:
        controls.progress(run, key="hand.progress")
    frame = run.film.at(None)
    if frame is None or frame.weights is None:
        st.info(_("The first frame is on its way."), icon=":material/hourglass_top:")
        return
    with mistakes_in_words():
        learned = _reading(run, frame.weights, tiny)
        state = learned.forward["h"][-1]
        answer = float((frame.weights["readout.weight"] @ state + frame.weights["readout.bias"])[0])
        differences = contrast(learned.forward["input"], tiny.marks)
        unit = int(np.abs(differences).argmax())
        still([run], place_of(frame))
        st.caption(
            _("Epoch {epoch:.1f}: the network answers {answer:.2f}, correct is {goal:.2f}.").format(
                epoch=frame.epoch, answer=answer, goal=tiny.goal
            )
        )
        st.caption(said_contrast(int(learned.units[unit]), float(differences[unit])))
        _beside(tiny, steps, learned, unit)


def _reading(run: Run, weights: Mapping[str, Values], tiny: Tiny) -> Anatomy:
    """What happens in the network with these weights while it reads the input."""
    found: Anatomy = ask(
        "anatomy_of",
        settings=run.settings,
        dataset=run.dataset,
        layer="recurrent.l0",
        inputs=np.stack([np.array(tiny.values), tiny.marks], axis=1).astype(np.float32)[None],
        targets=np.array([[tiny.goal]], np.float32),
        weights=weights,
    )
    return found


def _beside(tiny: Tiny, yours: Anatomy, learned: Anatomy | None, unit: int) -> None:
    from lstm_viz.figures.cell.gates_beside import beside  # Altair: the first page waits for none

    columns = [*st.columns(2), *st.columns(2)]
    for column, signal in zip(columns, (*GATES, "cell"), strict=True):
        name = "c" if signal == "cell" else signal
        theirs = None if learned is None else learned.forward[name][:, unit]
        with column:
            components.chart(
                beside(signal, yours.forward[name][:, 0], theirs), key=f"hand.{signal}"
            )
    look_for(
        _(
            "Marked: {steps}. The cell may scale the value or flip its sign: the output layer "
            "corrects that."
        ).format(steps=", ".join(f"t = {t}" for t in tiny.marked))
    )
