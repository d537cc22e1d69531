"""What an intervention makes of the network: numbers, a sentence, and the curves of one unit."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from lstm_viz.data.dataset import Dataset, Scaler
from lstm_viz.data.marks import marks_of
from lstm_viz.experiments.cost import check_intervened
from lstm_viz.experiments.intervention import Intervention
from lstm_viz.figures.intervention import Compared, comparison
from lstm_viz.figures.layer_rows import gates_of, open_or_shut, states_of
from lstm_viz.figures.palette import LOOKS, Signal
from lstm_viz.measures.intervention import said_gradient, said_loss, same_answers
from lstm_viz.models.cells import cell_of
from lstm_viz.numerals import numeral
from lstm_viz.runs.run import Run
from lstm_viz.ui import components
from lstm_viz.ui.intervening.subject import Shown, swapped
from lstm_viz.ui.laboratory.measuring import measured
from lstm_viz.ui.say import look_for, plain
from lstm_viz.words import _, ngettext

MOST_GATES, MOST_ROWS = 2, 5
"""Gates that have a chart, the clamped ones first; and charts in all, as long as a gate has one."""


def outcome(shown: Shown, unit: int) -> None:
    """What the network does under the reader's intervention. Raises LstmVizError where that cannot
    be measured, or would take too long.
    """
    run, film = shown.film.run, shown.film
    check_intervened(run.settings, run.dataset)
    intervention, left_out = shown.fitted()
    for sentence in left_out:
        st.caption(plain(str(sentence)))
    like = intervention.begin_like
    found = measured(
        run,
        shown.frame,
        "intervened",
        film.layer,
        film.sample,
        asked=intervention,
        intervention=intervention,
        like=None if like is None else shown.beginnings[like : like + 1],
        swapped=swapped(shown, intervention),
    )
    changed = intervention != Intervention()
    _numbers(run, film.sample, found, changed)
    st.markdown(_said(shown, found, intervention))
    with st.container(key="figure-intervene"):
        marked = marks_of(run.dataset, run.examples.inputs[film.sample])
        spec = comparison(_compared(shown, found, unit, changed), marked, intervention.steps)
        components.chart(spec, key="intervene.compared")
    look_for(
        _("Unit {unit}; the gradient is that of all units.").format(unit=unit),
        _("$\\|dL/dc_t\\|_2$, $\\|dL/dh_t\\|_2$: total derivatives, over the units."),
    )


def _numbers(run: Run, sample: int, found: Mapping[str, Any], changed: bool) -> None:
    before, after = found["before"], found["after"]
    count = found["examples"]
    of_whole = ngettext(
        "Mean loss, {count} validation example", "Mean loss, {count} validation examples", count
    ).format(count=count)
    shown = [
        (
            _asked(run.dataset, run.examples.targets[sample]),
            *_answers(run.dataset, before["answer"], after["answer"], run.examples.scored(sample)),
        ),
        (_("Loss, this example"), _number(before["loss"]), _number(after["loss"])),
        (of_whole, _number(found["whole_before"]), _number(found["whole_after"])),
    ]
    words = _("untouched: {value}")
    for column, (label, own, value) in zip(st.columns(len(shown)), shown, strict=True):
        delta = words.format(value=own) if changed and own else None
        column.metric(
            label, value if changed else own or value, delta, delta_color="off", delta_arrow="off"
        )


def _number(value: float) -> str:
    return numeral(value) if np.isfinite(value) else _("not finite")


def _asked(dataset: Dataset, target: np.ndarray) -> str:
    """What the answer is to be."""
    if dataset.every_step:
        return _("Answers")
    if dataset.problem != "regression":
        target_name = plain(_(dataset.classes[int(target[0])]))
        if dataset.problem == "classes":
            return _("Answer, target {target}").format(target=target_name)
        return _("Probability of {name}, target {target}").format(
            name=plain(_(dataset.classes[1])), target=target_name
        )
    values = {"count": dataset.output_size, "target": numeral(float(target[0]))}
    several, scaled = dataset.output_size > 1, dataset.scaler != Scaler()
    if several and scaled:
        return _("First of {count} answers (scaled), target {target}").format(**values)
    if several:
        return _("First of {count} answers, target {target}").format(**values)
    if scaled:
        return _("Answer (scaled), target {target}").format(**values)
    return _("Answer, target {target}").format(**values)


def _answers(
    dataset: Dataset, before: np.ndarray, after: np.ndarray, asked: np.ndarray
) -> tuple[str, str]:
    """The answer untouched and with the intervention, in a few letters each; of an answer at every
    step how many of those `asked` for stay as they are.
    """
    if dataset.every_step:
        same, count = same_answers(before, after, asked)
        return "", _("{count} of {steps} the same").format(count=same, steps=count)
    if dataset.problem == "classes":
        first, second = (plain(_(dataset.classes[int(each[0])])) for each in (before, after))
        return first, second
    first, second = (_number(float(each[0])) for each in (before, after))
    return first, second


def _said(shown: Shown, found: Mapping[str, Any], intervention: Intervention) -> str:
    if intervention == Intervention():
        return _("Nothing is changed.")
    state = "hidden" if shown.layer.cell is None else "cell"
    before, after = (found[which]["gradients"][f"grad_{state}"] for which in ("before", "after"))
    of_loss = (
        _("Only this example's input is changed.")
        if intervention.of_network == Intervention()
        else said_loss(found["whole_before"], found["whole_after"])
    )
    of_gradient = said_gradient(before, after, state, reverse=shown.layer.reverse)
    return f"{of_loss} {of_gradient}".strip()


def _compared(shown: Shown, found: Mapping[str, Any], unit: int, changed: bool) -> list[Compared]:
    before, after = found["before"], found["after"]
    place = int(np.flatnonzero(np.asarray(found["units"]) == unit)[0])
    intervention = shown.effective()
    held = dict(intervention.gates) if unit in (intervention.units or (unit,)) else {}

    def of(signal: Signal) -> Compared:
        return Compared(
            signal,
            before["signals"][signal][:, place],
            after["signals"][signal][:, place] if changed else None,
            _symbol(signal),
            gate=signal in open_or_shut(shown.layer),
            held=signal in held,
        )

    gradients = [
        Compared(
            _signal(name),
            values,
            after["gradients"][name] if changed else None,
            _symbol(_signal(name)),
        )
        for name, values in [*before["gradients"].items()][-1:]
    ]
    states, read = [*map(of, states_of(shown.layer))], _input(shown, intervention)
    room = MOST_ROWS - len(states) - len(read) - len(gradients)
    gates = [*map(of, _gates_shown(shown, intervention))][: max(room, 1)]
    return [*read, *gates, *states, *gradients]


def _gates_shown(shown: Shown, intervention: Intervention) -> list[Signal]:
    clamped = [gate for gate in gates_of(shown.layer) if gate in dict(intervention.gates)]
    keeping = cell_of(shown.layer.kind).keeping_gate(shown.layer.options)
    usual = [gate for gate in gates_of(shown.layer) if gate == keeping]
    return (clamped or usual or gates_of(shown.layer)[:1])[:MOST_GATES]


def _input(shown: Shown, intervention: Intervention) -> list[Compared]:
    """The input that is changed, if it is a number."""
    if intervention.change is None or shown.film.run.dataset.symbols:
        return []
    t, column, value = intervention.change
    own = shown.film.run.examples.inputs[shown.film.sample][:, column].astype(np.float64)
    other = own.copy()
    other[t] = value
    return [Compared("series", own, other, _symbol("series"))]


def _signal(name: str) -> Signal:
    signal: Signal = name  # type: ignore[assignment]
    return signal


def _symbol(signal: Signal) -> str:
    """What the equations call it: a signal's name ends with that."""
    return _(LOOKS[signal].name).split()[-1]
