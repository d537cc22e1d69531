"""The controls of an intervention: five ways to reach into the network, each taken back alone."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from lstm_viz.experiments.intervention import (
    BEGUN,
    PARTS,
    READ_IN,
    Intervention,
    parameters_of,
)
from lstm_viz.figures.layer_rows import gates_of, names_of, visible
from lstm_viz.figures.palette import LOOKS, Signal
from lstm_viz.limits import Number
from lstm_viz.numerals import numeral
from lstm_viz.runs.frames import LayerFrame
from lstm_viz.ui.intervening.now import now, reset
from lstm_viz.ui.intervening.subject import Shown
from lstm_viz.words import _

CONSTANT = -1
"""Among the examples to begin like: none of them, but a constant."""

MOST_BESIDE = 3
"""Gates whose values stand beside each other."""


def signal_name(layer: LayerFrame, signal: Signal) -> str:
    """What this layer's equations call a signal."""
    return names_of(layer).get(signal, _(LOOKS[signal].name))


def controls(shown: Shown) -> None:
    """All of them, each with its present value."""
    intervention = shown.effective()
    st.button(
        _("Back to the run"),
        icon=":material/undo:",
        on_click=reset,
        disabled=now() == Intervention(),
        width="stretch",
    )
    _gates(shown, intervention)
    _picked(
        shown,
        _("Silence units"),
        "silenced",
        intervention.silenced,
        range(shown.layer.hidden_size),
        help=_("h = 0 at every time step, for all that reads it."),
    )
    _begin(shown, intervention)
    _input(shown, intervention)
    _weights(shown, intervention)


def _gates(shown: Shown, intervention: Intervention) -> None:
    gates = gates_of(shown.layer)
    if not gates:
        st.caption(_("This cell has no gate that could be clamped."))
        return
    values: dict[str, float] = dict(intervention.gates)

    def chosen(names: Sequence[str]) -> None:
        shown.change(gates=tuple((name, values.get(name, 1.0)) for name in names))

    _several(
        _("Clamp gates"),
        "gates",
        list(values),
        gates,
        chosen,
        format_func=lambda gate: signal_name(shown.layer, gate),
        help=_("This value whatever the network reads, and no gradient."),
    )
    beside = st.columns(min(len(values), MOST_BESIDE)) if values else []
    for k, (gate, value) in enumerate(values.items()):
        signal: Signal = gate  # type: ignore[assignment]

        def moved(to: float, gate: str = gate) -> None:
            shown.change(
                gates=tuple((name, to if name == gate else own) for name, own in values.items())
            )

        with beside[k % len(beside)]:
            name = signal_name(shown.layer, signal)
            _slider(name, f"value.{gate}", value, shown.ends[gate], moved)
    if values:
        left, right = st.columns(2)
        with left:
            among = range(shown.layer.hidden_size)
            _picked(shown, _("In these units"), "units", intervention.units, among)
        with right:
            _stretch(shown, intervention)


def _stretch(shown: Shown, intervention: Intervention) -> None:
    last = shown.steps - 1
    if last < 1:
        return
    key = _set("steps", intervention.steps or (0, last))

    def moved() -> None:
        first, end = (int(each) for each in st.session_state[key])
        shown.change(steps=None if (first, end) == (0, last) else (first, end))

    st.slider(_("At these time steps"), 0, last, key=key, on_change=moved)


def _begin(shown: Shown, intervention: Intervention) -> None:
    words = _("the last state of example {number}")
    names = {CONSTANT: _("a constant")}
    names |= {each: words.format(number=each + 1) for each in range(len(shown.beginnings))}
    like = intervention.begin_like
    value = CONSTANT if like is None and intervention.begin is not None else like

    def chosen(to: int | None) -> None:
        constant = BEGUN.default if to == CONSTANT else None
        shown.change(begin=constant, begin_like=None if to == CONSTANT else to)

    _one(
        _("Begin from another state"),
        "begin",
        value,
        names,
        chosen,
        placeholder=_("zeros, as trained"),
        help=_("All of the layer's states before its first step."),
    )
    if value == CONSTANT:
        own = intervention.begin or 0.0
        _slider(_("In every unit"), "begin.value", own, BEGUN, lambda to: shown.change(begin=to))


def _input(shown: Shown, intervention: Intervention) -> None:
    dataset, inputs = shown.film.run.dataset, shown.film.run.examples.inputs[shown.film.sample]
    key = _set("change", intervention.change[0] if intervention.change else None)

    def chosen() -> None:
        t = st.session_state[key]
        shown.change(
            change=None if t is None else (int(t), 0, _other(inputs[int(t), 0], dataset.symbols))
        )

    st.number_input(
        _("Change the input at time step"),
        0,
        shown.steps - 1,
        value=None,
        step=1,
        key=key,
        on_change=chosen,
        placeholder=_("nowhere"),
        help=_("In this example alone."),
    )
    if intervention.change is None:
        return
    t, column, value = intervention.change
    if dataset.symbols:
        signs = {code: visible(sign) for code, sign in enumerate(dataset.symbols)}
        _one(
            _("Symbol"), "change.value", int(value), signs,
            lambda code: shown.change(change=(t, 0, float(code or 0))), required=True,
        )  # fmt: skip
        return
    if shown.columns > 1:
        names = dict(enumerate(_(name) for name in dataset.input_names))
        _one(
            _("Input"), "change.column", column, names,
            lambda to: shown.change(change=(t, to or 0, _other(inputs[t, to or 0], ()))),
            required=True,
        )  # fmt: skip
    place = _set("change.value", float(value))
    st.number_input(
        _("Value in the place of {value}").format(value=numeral(float(inputs[t, column]))),
        READ_IN.low,
        READ_IN.high,
        step=0.1,
        format="%g",
        key=place,
        on_change=lambda: shown.change(change=(t, column, float(st.session_state[place]))),
    )


def _other(value: Any, symbols: Sequence[str]) -> float:
    """Another value than this one, to begin with."""
    if symbols:
        return float((int(value) + 1) % len(symbols))
    return 0.0 if value else 1.0


def _weights(shown: Shown, intervention: Intervention) -> None:
    film, weights = shown.film.run.film, shown.frame.weights
    frames = film.frames
    if weights is None or not film.keeps_weights:
        st.caption(_("Weights cannot be swapped: this run kept none."))
        return
    there = {
        part: _(name)
        for part, name in PARTS.items()
        if parameters_of([*weights], shown.film.layer, part)
    }
    part, step = intervention.swap or (None, frames[0].step)

    def chosen(to: str | None) -> None:
        shown.change(swap=None if to is None else (to, step))

    _one(
        _("Swap weights"),
        "swap",
        part,
        there,
        chosen,
        placeholder=_("none"),
        help=_("With those of another moment of its training."),
    )
    if part is None or len(frames) < 2:
        return
    words = _("epoch {epoch:.1f}")
    epochs = {each.step: words.format(epoch=each.epoch) for each in frames}
    nearest = min(epochs, key=lambda each: abs(each - step))
    key = _set("swap.step", nearest)
    st.select_slider(
        _("Those of"),
        list(epochs),
        key=key,
        format_func=lambda each: epochs.get(each, str(each)),
        on_change=lambda: shown.change(swap=(part, int(st.session_state[key]))),
    )


def _picked(
    shown: Shown, label: str, name: str, units: Sequence[int], among: Sequence[int], **how: Any
) -> None:
    """Some of the units."""
    _several(label, name, list(units), among, lambda to: shown.change(**{name: tuple(to)}), **how)


def _several(
    label: str, name: str, value: list[Any], among: Sequence[Any],
    chosen: Callable[[Sequence[Any]], None], **how: Any,
) -> None:  # fmt: skip
    key = _set(name, value)
    holder = _("all units") if name == "units" else _("none")
    st.multiselect(
        label,
        list(among),
        key=key,
        placeholder=holder,
        on_change=lambda: chosen(st.session_state[key]),
        **how,
    )


def _one(
    label: str, name: str, value: Any, names: Mapping[Any, str], chosen: Callable[[Any], None],
    *, required: bool = False, **how: Any,
) -> None:  # fmt: skip
    """One of several, or none unless it is `required`."""
    key = _set(name, value)
    st.selectbox(
        label,
        list(names),
        index=0 if required else None,
        key=key,
        format_func=lambda each: names.get(each, str(each)),
        on_change=lambda: chosen(st.session_state[key]),
        **how,
    )


def _slider(
    label: str, name: str, value: float, ends: Number, moved: Callable[[float], None]
) -> None:
    low, high = float(ends.low), float(ends.high)
    key = _set(name, value)
    st.slider(label, low, high, step=0.05, key=key, on_change=lambda: moved(st.session_state[key]))


def _set(name: str, value: Any) -> str:
    """The key of a widget, which shows what is the case."""
    key = f"intervene.{name}"
    st.session_state[key] = value
    return key
