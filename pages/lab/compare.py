"""A race on one clock, and any runs beside each other: what each costs, reaches and remembers."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from lstm_viz.errors import LstmVizError
from lstm_viz.experiments.presets import PRESETS
from lstm_viz.figures import training
from lstm_viz.figures.flow_chart import FlowLine, flow_chart
from lstm_viz.measures.gradient_flow import said_reach
from lstm_viz.runs.registry import ACTIVE, Run
from lstm_viz.ui import components, film, presets
from lstm_viz.ui.live import live_together
from lstm_viz.ui.race import contenders, running
from lstm_viz.ui.race import film as race_film
from lstm_viz.ui.race.equal import said_equal, same_data
from lstm_viz.ui.race.scores import Curve, curve_of, said_scores
from lstm_viz.ui.race.standings import (
    Standing,
    standing,
)
from lstm_viz.ui.say import heading, look_for, plain, say_error, show_problem
from lstm_viz.ui.selection import name_of, own_runs, state_of
from lstm_viz.words import _

MOST = 8
"""Runs that can be told apart in one figure."""
CAROUSEL = "carousel"
TITLE_HEIGHT = 44


def page() -> None:
    heading(
        _("Compare"),
        _("A race on one clock: the same data, seed and epochs for different cells or settings."),
    )
    show_problem()
    racing = running.newest_race()
    runs = own_runs()
    problem = _contenders(expanded=not racing)
    with st.container(horizontal=True):
        st.button(
            _("Start the race"),
            icon=":material/flag:",
            type="primary",
            on_click=contenders.start,
            shortcut="Ctrl+Enter",
            disabled=problem is not None,
            help=problem or _("Train all contenders at the same time; runs that train stop."),
        )
        running.buttons(racing)
    if not runs:
        _nothing_yet()
        return
    presets.what_to_see(runs[0])
    key = f"compare.{runs[0].id}"
    st.session_state.setdefault(key, _together(runs, racing))
    by_id = {run.id: run for run in runs}
    chosen = [by_id[each] for each in st.session_state[key] if each in by_id]
    if chosen:
        live_together(chosen, _draw)
    else:
        st.info(_("Choose at least one run below."))
    _choose(by_id, key)


def _contenders(*, expanded: bool) -> str | None:
    """The editor; returns why its contenders cannot race, if so."""
    label = _("Contenders")
    with st.expander(label, icon=":material/sports_score:", expanded=expanded):
        try:
            problem = contenders.editor(contenders.dataset_to_race())
        except LstmVizError as error:
            problem = str(error)
    if problem is not None:
        say_error(problem)
    return problem


def _nothing_yet() -> None:
    st.info(
        _(
            "Press **Start the race**: each network looks for the order of two symbols far back in "
            "a sequence, with all equal but the cell. Which of them find it?"
        )
        if contenders.untouched()
        else _("Press **Start the race** to see what difference the cell makes on your data.")
    )
    st.caption(_("Or six cells on one task, from the carousel of 1997 to the GRU:"))
    if st.button(_(PRESETS[CAROUSEL].label), icon=":material/play_arrow:"):
        presets.start(CAROUSEL)
        st.rerun()


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
            help=_("Add any of your runs, whatever it learned from; up to eight at a time."),
        )


def _draw(runs: list[Run]) -> None:
    contenders_by_name = running.names_of(runs)
    running.lanes(contenders_by_name)
    shown = {name: run for name, run in contenders_by_name.items() if run.film.frames}
    if not shown:
        st.info(_("The first frames are on their way."), icon=":material/hourglass_top:")
        return
    runs = list(shown.values())
    until = film.common_step(runs) if race_film.comparable(runs) else None  # one clock for all
    curve = curve_of(runs)
    standings = [standing(name, run, until, curve.what) for name, run in shown.items()]
    _score(shown, until)
    _columns(shown, curve)
    _table(standings, shown, curve)
    _words(list(shown.values()))


def _columns(shown: Mapping[str, Run], curve: Curve) -> None:
    """All contenders on one scale: how they learn, and what is left of their gradients."""
    if race_film.comparable(list(shown.values())):
        race_film.show(shown, curve)
        race_film.show_forecasts(shown)
        return
    left, right = st.container(key="figures").columns(2, gap="medium")
    with left:
        _losses(shown, curve)
    with right:
        _gradients(shown)


def _losses(shown: Mapping[str, Run], curve: Curve) -> None:
    _title(_("Over the training"))
    until = max(run.total_steps / run.steps_per_epoch for run in shown.values())
    components.chart(
        training.runs_over_epochs(
            {name: run.film.history for name, run in shown.items()},
            curve.what,
            curve.title,
            level=curve.chance,
            until=until or None,
        ),
        key="compare.loss",
    )
    look_for(_("Logarithmic axis. Dashed, where all runs share it: the best constant answer."))


def _title(words: str) -> Any:
    """A chart's title, in a row with room for a control."""
    row = st.container(
        horizontal=True,
        vertical_alignment="center",
        gap="medium",
        height=TITLE_HEIGHT,
        border=False,
    )
    row.subheader(words, anchor=False, width="content")
    return row


def _gradients(runs: Mapping[str, Run]) -> None:
    untrained = _("Before training")
    when = _title(_("Gradient through time")).segmented_control(
        _("Moment"),
        [untrained, _("Now")],
        default=untrained,
        required=True,
        label_visibility="collapsed",
        key="compare.when",
    )
    place = 0 if when == untrained else -1
    flows = [run.film.frames[place].top_layer.flow() for run in runs.values()]
    lines = [
        FlowLine(flow, name, k) for k, (name, flow) in enumerate(zip(runs, flows, strict=True))
    ]
    components.chart(flow_chart(lines), key="compare.gradient")
    look_for(
        _("A level line: the gradient keeps its size on its way back."),
        _(
            "The gradient that enters the top forward layer at one step s (the last at which it "
            "does), alone: $\\|\\partial L_s/\\partial c_t\\|_2$, or "
            "$\\|\\partial L_s/\\partial h_t\\|_2$ without a cell state, relative to step s; the "
            "median of the examples."
        ),
    )


def _table(standings: list[Standing], runs: Mapping[str, Run], curve: Curve) -> None:
    classes = any(run.dataset.problem != "regression" for run in runs.values())
    rows = [_row(each, runs[each.name], curve, classes) for each in standings]
    st.table(pd.DataFrame(rows).set_index(_("contender")))


def _row(each: Standing, run: Run, curve: Curve, classes: bool) -> dict[str, str]:
    row = {
        _("contender"): plain(each.name),
        _("parameters"): f"{each.parameters:,}",
        _("time per epoch"): _known(each.seconds_per_epoch, "{:.2f} s"),
        _("memory of a step"): size(each.memory),
        curve.title: _known(each.score, "{:.3g}"),
    }
    if classes:
        row[_("accuracy")] = _known(each.accuracy, "{:.1%}")
    row[_("gradient reach, untrained")] = said_reach(each.untrained)
    row[_("gradient reach, now")] = said_reach(each.now)
    row[_("state")] = state_of(run)
    return row


def _known(value: float, how: str) -> str:
    return how.format(value) if value == value else "–"  # NaN is not itself


def size(count: int) -> str:
    """Bytes as people say them."""
    if not count:
        return "–"
    return f"{count / 1e6:.2f} MB" if count >= 1e5 else f"{count / 1e3:.1f} kB"


def _score(runs: Mapping[str, Run], until: int | None) -> None:
    if len(runs) < 2:
        return
    words, first = said_scores(runs, until), next(iter(runs.values()))
    if until is not None and any(run.state in ACTIVE for run in runs.values()):
        reached = _("**At epoch {epoch:.1f}, which all have reached.**")
        words = f"{reached.format(epoch=until / first.steps_per_epoch)} {words}"
    st.markdown(words)


def _words(runs: list[Run]) -> None:
    look_for(
        said_equal(runs),
        _(
            "The time counts a network's own steps, not those of the others beside it. Memory: "
            "parameters, gradients, the optimiser's state, and what one forward pass on a batch "
            "keeps for the backward pass; all measured here. Gradient reach: the steps back at "
            "which less than a thousandth arrives of the gradient that enters the top forward "
            "layer at one step; the median of the examples. Too close to call: within two "
            "standard errors of the difference on the same validation examples."
        ),
    )


page()
