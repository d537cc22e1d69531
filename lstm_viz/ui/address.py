"""The browser's address: what is set and what is looked at, so that a reload or a link finds it.

It is read once in a session and written without a rerun: by a component, since Streamlit's own
writing would put each change into the browser's history.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from lstm_viz.data.resolved import Resolved
from lstm_viz.experiments.experiment import Experiment, race_from_query, race_to_query
from lstm_viz.experiments.knobs import KNOBS
from lstm_viz.experiments.links import KNOB, VIEW, Link
from lstm_viz.experiments.settings import Settings, differing
from lstm_viz.limits import Limit
from lstm_viz.runs.run import ACTIVE, Run
from lstm_viz.ui import components, knob, session
from lstm_viz.ui.choices import as_trained, chosen
from lstm_viz.ui.data.preparing import OFF, switched_off
from lstm_viz.ui.entities import KEY as ENTITY
from lstm_viz.ui.intervening import now as intervening
from lstm_viz.ui.race import slots
from lstm_viz.ui.race.equal import BUDGET
from lstm_viz.ui.responding import now as stretched
from lstm_viz.ui.say import plain
from lstm_viz.ui.selection import (
    Selection,
    adopt,
    own_runs,
    run_shown,
    select,
    selected,
    selected_run,
)
from lstm_viz.ui.service import trainer
from lstm_viz.ui.terms import TERMS
from lstm_viz.ui.there import what_is_there
from lstm_viz.words import _

RUN, UNIT = "run", "unit"
FOLLOWED, WRITTEN, RACE = "address.followed", "address.written", "address.race"
"""In the session: whether the address was read, whether this rerun wrote it, what races."""
DRAWING, SHOWN = "address.drawing", "address.shown"
"""In the session: how often a page was drawn, and which experiment's run this page shows."""
FILE = "file"
"""In the place of that experiment: a run from a file, which an address cannot hold."""
LABORATORY = "laboratory.open"
"""In the session: which section of the laboratory is open."""
SCENE, TOLD = "story.scene", "address.scene"
"""In the session: the scene of the story that is on, and whether this page shows one, and which."""
MOST = 6
"""Sentences about an address that are shown."""


def follow() -> None:
    """Set what the address describes and look at what it names, at a session's first run."""
    if FOLLOWED in st.session_state:
        return
    st.session_state[FOLLOWED] = True
    link = Link.of({name: st.query_params.get_all(name) for name in st.query_params})
    view = {name: _values(link, name, limit) for name, limit in VIEW.items()}
    ignored = link.refused()
    runs = [trainer().run(run) for run in reversed(view[RUN]) if run in trainer().runs]
    experiments: list[Experiment] = []
    if link.parameters:
        experiments, more = race_from_query(link.parameters)
        ignored += more
    elif runs and runs[-1].experiment:
        experiments = [runs[-1].experiment]
    if experiments:
        ignored += _set(experiments)
    if runs and view["set"]:  # of a run that is gone, its own experiment is what to train
        apart, more = Experiment.from_query(view["set"][-1])
        ignored += _set([apart]) + more
    ignored += _set_race(experiments, runs)
    if view[RUN] and not runs:
        ignored.append(
            _(
                "The run of this link is not on this server. Its data and settings are set: "
                "train it on the Train page."
            )
            if experiments
            else _(
                "The run of this link is not on this server. Open its file again, if it has one."
            )
        )
    ignored += _look_at(runs, experiments, view)
    if ignored:
        _say(ignored)


def _values(link: Link, name: str, limit: Limit) -> list[Any]:
    """The good values of a parameter, in their order."""
    read = [
        link.attempt(name, text, lambda text: limit.read(name, text), None)
        for text in link.take_all(name)
    ]
    return [value for value in read if value is not None]


def _set(experiments: Sequence[Experiment]) -> list[str]:
    """Make an experiment's choices; what is not to be had on this server, in sentences."""
    first, ignored = experiments[0], []
    settings, device = first.settings, first.settings.budget.device
    if trainer().devices and device not in ("auto", *trainer().devices):
        words = _("This server has no device '{device}': it chooses one itself.")
        ignored.append(words.format(device=device))
        settings = settings.changed(device="auto")
    for column in Resolved(first.data).unknown:
        words = _("The data has no column '{column}': left out.")
        ignored.append(words.format(column=column))
    session.choose(session.choices_of_data(first.data))
    session.choose(session.choices_of(as_trained(settings)))
    for each in experiments:
        ignored += _unfit(each.settings)
    return [*dict.fromkeys(ignored)]


def _unfit(settings: Settings) -> list[str]:
    """What of settings the data that are set leave no room for, in a sentence."""
    fit = as_trained(settings)
    before, after = settings.flat(), fit.flat()
    changes = [TERMS[name].change(before[name], after[name]) for name in differing([settings, fit])]
    words = _("Not all settings fit the data: {changes}.")
    return [words.format(changes="; ".join(changes))] if changes else []


def _set_race(experiments: Sequence[Experiment], runs: Sequence[Run]) -> list[str]:
    """Make the contenders of a race that the address describes, or whose run it names."""
    race = trainer().runs.of_race(runs[-1].race) if runs and runs[-1].race else []
    labels = {run.settings: run.label for run in race}
    several = [each.settings for each in experiments]
    several = several if len(several) > 1 else [*labels]
    ignored = []
    if len(several) > slots.MOST:
        words = _("A race has at most {most} contenders: the first ones are taken.")
        ignored.append(words.format(most=slots.MOST))
    if {*BUDGET} & {*differing(several)}:
        words = _("All contenders take the first one's seed, epochs and batch size.")
        ignored.append(words)
    if several:
        contenders = [slots.Taken(each, labels.get(each, "")) for each in several[: slots.MOST]]
        slots.fill(contenders, session.DEFAULT_SETTINGS)
    return ignored


def _look_at(
    runs: Sequence[Run], experiments: Sequence[Experiment], view: Mapping[str, list[Any]]
) -> list[str]:
    """Look at what a link names; what of it there is not, in sentences."""
    for run in runs:
        if run.state == "recorded":
            select(run=run.id)
        else:
            adopt(run.id)
    last = {name: values[-1] for name, values in view.items() if values}
    if "seeds" in last:
        session.choose({session.SEEDS: last["seeds"]})
    if "scene" in last:
        session.choose({SCENE: last["scene"]})
    if "lab" in last:
        session.choose({LABORATORY: last["lab"]})
    session.choose({OFF: tuple(view["off"])})
    if "looked_at" in last:
        session.choose({ENTITY: last["looked_at"]})
    if "intervene" in last:
        intervening.follow(last["intervene"])
    if "stretch" in last:
        stretched.follow(last["stretch"])
    knob.follow({name: last[KNOB + name] for name in KNOBS if KNOB + name in last})
    shown: list[Run | Experiment | None] = [*reversed(runs), *experiments, run_shown()]
    there, ignored = what_is_there(shown[0], last, view[UNIT])
    select(**there)
    return ignored


def _say(ignored: Sequence[str]) -> None:
    """What of the address had no effect, until the reader closes it."""
    lines = [plain(each) for each in ignored[:MOST]]
    if len(ignored) > MOST:
        lines.append(_("And {count} more.").format(count=len(ignored) - MOST))
    st.toast("  \n".join(lines), icon=":material/link_off:", duration="infinite")


def begin() -> None:
    """A page is about to be drawn: it has said nothing of its contenders yet."""
    st.session_state[WRITTEN] = False
    st.session_state[RACE] = ()
    st.session_state[SHOWN] = st.session_state[TOLD] = None
    st.session_state[DRAWING] = st.session_state.get(DRAWING, 0) + 1


def describe(contenders: Sequence[Experiment]) -> None:
    """What this page's controls set is a race."""
    st.session_state[RACE] = tuple(contenders)


def describe_run(run: Run) -> None:
    """Have the address hold the experiment of the run that is shown, not the one that is set."""
    st.session_state[SHOWN] = FILE if run.file else run.experiment


def describe_scene(scene: int) -> None:
    """Have the address hold the scene of the story that is on."""
    st.session_state[TOLD] = scene


def query() -> str:
    """The query string of what is shown, set and looked at now."""
    now = Experiment(chosen().choice, as_trained(session.chosen_settings()))
    race, shown = st.session_state.get(RACE), st.session_state.get(SHOWN)
    view = _view(selected())
    if shown not in (None, now) and not (shown == FILE and now == first()):
        view.append(("set", now.to_query()))
    if shown == FILE:
        return urlencode(view)
    if st.session_state.get(TOLD):
        view.append(("scene", st.session_state[TOLD]))
    seeds = session.setting(session.SEEDS)
    if race and seeds != session.DEFAULTS[session.SEEDS]:
        view.append(("seeds", seeds))
    return f"{race_to_query(race or [shown or now])}&{urlencode(view)}".rstrip("&")


def first() -> Experiment:
    """What is set before a visitor has set anything."""
    return Experiment(session.FIRST_DATA, session.FIRST_RUN)


def _view(selection: Selection) -> list[tuple[str, object]]:
    """What is looked at, and the run that trains if that is another one."""
    run, own = selected_run(), own_runs()
    at_work = [each for each in own[:1] if each is not run and each.state in ACTIVE]
    looked_at = {
        "step": selection.step,
        "t": selection.t,
        "layer": selection.layer,
        "sample": selection.sample or None,
        "example": VIEW["example"].write(selection.example) if selection.example else None,
    }
    if chosen().asked.stacked == "sequences":
        looked_at["looked_at"] = st.session_state.get(ENTITY)
    looked_at["lab"] = session.setting(LABORATORY)
    looked_at["intervene"] = intervening.now().to_text() or None
    stretch = stretched.asked()
    looked_at["stretch"] = stretch.to_text() if stretch else None
    return [
        *((RUN, each.id) for each in [run, *at_work] if each),
        *((name, value) for name, value in looked_at.items() if value is not None),
        *((UNIT, unit) for unit in selection.units or ()),
        *(("off", step) for step in switched_off(*_entry())),
        *((KNOB + name, KNOBS[name].write(value)) for name, value in knob.knobs().items()),
    ]


def _entry() -> tuple[str, str]:
    asked = chosen().asked
    return asked.group, asked.name


def write() -> None:
    """Bring the address up to date; where a fragment draws the page, from within it."""
    st.session_state[WRITTEN] = True
    components.address(query(), st.session_state[DRAWING])


def finish() -> None:
    """A page is drawn."""
    if not st.session_state[WRITTEN]:
        write()
