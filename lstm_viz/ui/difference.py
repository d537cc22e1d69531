"""Whether figures belong to what the controls describe, and what to do where they do not."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import streamlit as st

from lstm_viz.data.choice import APPLIES, DataChoice
from lstm_viz.data.resolved import Resolved
from lstm_viz.experiments.experiment import Experiment
from lstm_viz.experiments.fitting import fitted
from lstm_viz.experiments.settings import Settings, differing
from lstm_viz.runs.run import Run
from lstm_viz.ui import controls, session
from lstm_viz.ui.choices import label_of
from lstm_viz.ui.race.equal import same_data
from lstm_viz.ui.say import decimal, plain
from lstm_viz.ui.selection import name_of
from lstm_viz.ui.terms import DATA_TERMS, TERMS, changed
from lstm_viz.words import _

SHOWN = "shown"
"""Key of the container of a run's figures."""
DIMMED = f"<style>.st-key-{SHOWN} {{ opacity: 0.65; filter: grayscale(0.9); }}</style>"
"""Pale and grey, and its words still readable: full ink at 65 % has a contrast of 4.9."""
MOST = 5
"""Differences that one line lists."""


def differences(one: Experiment, other: Experiment) -> list[str]:
    """What changes from one to the other, as "Cell: LSTM → GRU"; the device does not count.

    >>> gru = Experiment(settings=Settings.of(cell="gru", seed=1, device="cpu"))
    >>> differences(Experiment(), gru)
    ['Cell: LSTM → GRU', 'Seed: 0 → 1']
    """
    before, after = one.settings.flat(), other.settings.flat()
    names = differing([one.settings, other.settings])
    return [
        *_data_differences(one.data, other.data),
        *(TERMS[name].change(before[name], after[name]) for name in names if name != "device"),
    ]


def _data_differences(one: DataChoice, other: DataChoice) -> Iterator[str]:
    if (one.group, one.name) != (other.group, other.name):
        yield changed(_("Data"), label_of(one), label_of(other))
        return
    for name, parameter in one.parameters_of().items():
        before, after = (each.parameters.get(name, parameter.default) for each in (one, other))
        if before != after:
            yield changed(_(parameter.label), decimal(before), decimal(after))
    for name in APPLIES[one.group]:
        values = [getattr(each, name, getattr(each.spec, name, None)) for each in (one, other)]
        if values[0] != values[1]:
            yield DATA_TERMS[name].change(*values)


def difference(run: Run, data: Resolved, settings: Settings) -> list[str]:
    """How what is set differs from what a run learned; empty where its figures belong to it."""
    if data.missing:
        settings = fitted(settings, run.dataset)  # as far as can be known without the file
    now = Experiment(data.choice, settings)
    found = differences(run.experiment or Experiment(data.choice, run.settings), now)
    same = data.problem is not None or same_data(run.dataset, data.dataset)
    if not same and run.data in (None, data.choice):
        return [_("Data: another file"), *found]
    return found


def race_difference(race: Sequence[Run], contenders: Sequence[Experiment]) -> list[str]:
    """How the contenders that are set differ from those of a race; empty where they are the same.

    What all contenders have in common is listed once.
    """
    if len(race) != len(contenders):
        return [changed(_("Contenders"), str(len(race)), str(len(contenders)))]
    each = [
        differences(run.experiment or contender, contender)
        for run, contender in zip(race, contenders, strict=True)
    ]
    common = [found for found in each[0] if all(found in others for others in each)]
    own = [
        _("contender {number}: {difference}").format(number=number, difference=found)
        for number, several in enumerate(each, 1)
        for found in several
        if found not in common
    ]
    return common + own


def whose(
    found: Sequence[str],
    whose_they_are: str,
    *,
    train: Callable[[], None],
    take_over: Callable[[], None],
    problem: object = None,
) -> None:
    """Say whose the figures below are and what is set instead, dim them, and offer both ways out.

    `problem` is why what is set cannot be trained. Nothing is drawn where nothing was `found`.
    """
    if not found:
        return
    listed = [*found[:MOST]]
    if len(found) > MOST:
        listed.append(_("and {count} more").format(count=len(found) - MOST))
    with st.container(key="whose", horizontal=True, vertical_alignment="center"):
        words = _("**{whose}** Now set: {differences}.")
        st.warning(
            words.format(whose=plain(whose_they_are), differences=plain("; ".join(listed))),
            icon=":material/compare_arrows:",
        )
        st.button(
            _("Train what is set"),
            type="primary",
            on_click=train,
            disabled=problem is not None,
            help=plain(str(problem)) if problem else None,
        )
        st.button(
            _("Take over its settings"),
            on_click=take_over,
            help=_("Data and all settings as they were."),
        )
    st.html(DIMMED)


def whose_run(run: Run, found: Sequence[str], problem: object) -> None:
    """`whose` for the figures of one run."""
    whose(
        found,
        _("These figures belong to {run}.").format(run=name_of(run)),
        train=controls.start,
        take_over=partial(take_over, run),
        problem=problem,
    )


def take_over(run: Run) -> None:
    """Set what a run learned, and how; the device stays."""
    if run.data is not None:
        session.choose(session.choices_of_data(run.data))
    choices = session.choices_of(run.settings)
    del choices["train.device"]
    session.choose(choices)
