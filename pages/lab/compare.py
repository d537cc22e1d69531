"""A race on one clock, and any runs beside each other: what each costs, reaches and remembers."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from lstm_viz.errors import LstmVizError
from lstm_viz.experiments.experiment import Experiment
from lstm_viz.experiments.presets import PRESETS
from lstm_viz.figures import clock
from lstm_viz.runs.run import Run
from lstm_viz.ui import address, difference, presets, session
from lstm_viz.ui.live import live_together, still
from lstm_viz.ui.race import contenders, running, side_by_side, tested, together
from lstm_viz.ui.race.equal import said_equal, same_data
from lstm_viz.ui.race.scores import Curve, curve_of
from lstm_viz.ui.race.seeds import Seeds, said_verdict, seeds_of
from lstm_viz.ui.race.standings import standing
from lstm_viz.ui.race.table import table
from lstm_viz.ui.say import heading, look_for, mistakes_in_words, plain, say_error, show_problem
from lstm_viz.ui.selection import name_of, own_runs
from lstm_viz.ui.terms import changed
from lstm_viz.words import _

MOST = 8
"""Runs that can be told apart in one figure."""
CAROUSEL = "carousel"


def page() -> None:
    racing, runs = running.newest_race(), own_runs()
    preset = presets.preset_of(runs[0] if runs else None)
    if preset is not None and preset.variants:
        heading(_("Compare"), f"**{_(preset.label)}** · {_(preset.see)}")
    elif racing:
        heading(_("Compare"))
    else:
        lead = _("Up to eight networks side by side.")
        heading(_("Compare"), lead)
    show_problem()
    with st.container(horizontal=True, vertical_alignment="center"):
        set_now, problem = _set_now()
        st.button(
            _("Start the race"),
            icon=":material/flag:",
            type="primary",
            on_click=contenders.start,
            shortcut="Ctrl+Enter",
            disabled=problem is not None,
            help=plain(problem or "") or _("Other trainings stop."),
        )
        running.buttons(racing)
        if racing:
            st.toggle(
                _("Contenders"),
                key=session.remembered(contenders.EDITING, default=False),
                persist_state="session",
                help=_("Change the next race."),
            )
    if problem is not None:
        say_error(problem)
    if not racing or st.session_state[contenders.EDITING]:
        with mistakes_in_words():
            contenders.editor(contenders.dataset_to_race())
    if not runs:
        _nothing_yet()
        return
    key = f"compare.{runs[0].id}"
    session.remembered(key, _together(runs, racing))
    by_id = {run.id: run for run in runs}
    chosen = [by_id[each] for each in st.session_state[key] if each in by_id]
    if chosen:
        if chosen == racing:
            _whose(racing, set_now, problem)
        with st.container(key=difference.SHOWN):
            live_together(chosen, _draw)
            running.raise_bias(racing)
    else:
        st.info(_("Choose at least one run below."))
    _choose(by_id, key)


def _set_now() -> tuple[list[Experiment], str | None]:
    """The contenders that are set, and why they cannot race, if so."""
    try:
        several = contenders.experiments()
    except LstmVizError as error:
        return [], str(error)
    address.describe(several)
    return several, contenders.problem_of([each.settings for each in several])


def _whose(racing: list[Run], set_now: list[Experiment], problem: str | None) -> None:
    """Where other contenders, settings or seeds are set than those of the race that is shown."""
    found = difference.race_difference(racing, set_now) if set_now else [_("Data")]
    seeds = [len(each) for each in seeds_of({run.id: run for run in racing}).values()]
    wanted = session.setting(session.SEEDS)
    if min(seeds) != wanted:
        found.append(changed(_("Seeds"), str(min(seeds)), str(wanted)))
    difference.whose(
        found,
        _("These figures belong to the race as it was started."),
        train=contenders.start,
        take_over=partial(contenders.take_over, racing),
        problem=problem,
    )


def _nothing_yet() -> None:
    st.info(
        _("Each looks for the order of two symbols far back. Which find it?")
        if contenders.untouched()
        else _("**Start the race** trains all on your data.")
    )
    st.button(
        _(PRESETS[CAROUSEL].label),
        icon=":material/play_arrow:",
        on_click=presets.start,
        args=(CAROUSEL,),
    )


def _together(runs: list[Run], racing: list[Run]) -> list[str]:
    """What is compared until the reader chooses: the newest race, or what learns from one data."""
    if racing and runs[0].race == racing[0].race:
        return [run.id for run in racing][:MOST]
    alike = [run.id for run in runs if same_data(run.dataset, runs[0].dataset)]
    return list(reversed(alike[:MOST]))


def _choose(runs: Mapping[str, Run], key: str) -> None:
    """Which of the session's runs are compared."""
    names = {each: name_of(run) for each, run in runs.items()}
    label = _("Shown: {shown} of your {count} runs")
    with st.expander(
        label.format(shown=len(st.session_state[key]), count=len(runs)),
        icon=":material/checklist:",
        key="compare.choice",
    ):
        st.multiselect(
            _("Runs"),
            list(runs),
            format_func=names.__getitem__,
            max_selections=MOST,
            key=key,
            persist_state="session",
        )


def _draw(runs: list[Run]) -> None:
    seeds = seeds_of(running.names_of(runs))
    running.lanes(seeds)
    shown = {name: each for name, each in seeds.items() if each[0].film.frames}
    if not shown:
        st.info(_("The first frames are on their way."), icon=":material/hourglass_top:")
        return
    watched = {name: each[0] for name, each in shown.items()}
    runs = list(watched.values())
    alike = len(runs) > 1 and all(same_data(runs[0].dataset, run.dataset) for run in runs)
    until = clock.common_step(runs) if alike else None  # one clock for all
    curve = curve_of(runs)
    standings = [standing(name, run, until, curve.what) for name, run in watched.items()]
    _columns(shown, curve)
    still([run for each in shown.values() for run in each], _moment(runs, until))
    if len(shown) > 1:
        st.markdown(said_verdict({plain(name): each for name, each in shown.items()}, until))
    table(standings, shown, curve)
    if alike:
        tested.show(watched, seeds=any(len(each) > 1 for each in shown.values()))
    _words(runs, min(len(each) for each in shown.values()))


def _moment(runs: list[Run], until: int | None) -> str:
    """How far the runs were when the page was drawn."""
    epochs = [run.film.frames[-1].epoch for run in runs]
    reached = min(epochs) if until is None else until / runs[0].steps_per_epoch
    return _("epoch {epoch:.1f}").format(epoch=reached)


def _columns(seeds: Seeds, curve: Curve) -> None:
    """All contenders on one scale: how they learn, and what is left of their gradients."""
    watched = {name: runs[0] for name, runs in seeds.items()}
    if side_by_side.comparable(list(watched.values())):
        side_by_side.show(seeds, curve)
        side_by_side.show_forecasts(watched)
        return
    left, right = st.container(key="figures").columns(2, gap="medium")
    with left:
        together.over_the_training(seeds, curve)
    with right:
        together.gradients(watched)


def _words(runs: list[Run], seeds: int) -> None:
    look_for(
        said_equal(runs, seeds),
        _(
            "Time: a network's own steps. Memory: parameters, gradients, optimiser state, a "
            "batch's activations. Gradient reach (watched seed, top forward layer, median of the "
            "examples): steps back until less than a thousandth arrives. Too close to call: "
            "within two standard errors, more where many are compared. Over seeds: median, worst "
            "to best."
        ),
    )


page()
