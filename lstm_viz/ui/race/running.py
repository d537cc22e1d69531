"""A race on a page: its runs, all commanded at once, and a lane for each."""

import math
from collections.abc import Callable, Sequence

import streamlit as st

from lstm_viz.experiments.settings import Settings, differing
from lstm_viz.figures.palette import CATEGORIES, DASHES, theme
from lstm_viz.numerals import numeral
from lstm_viz.runs.run import ACTIVE, Run
from lstm_viz.runs.topics import Topic
from lstm_viz.ui import components, controls, session
from lstm_viz.ui.names import cell_name
from lstm_viz.ui.owning import check_owned, why_not
from lstm_viz.ui.race import slots
from lstm_viz.ui.race.equal import same_data
from lstm_viz.ui.race.seeds import OVER, Seeds, can_be_solved, has_solved
from lstm_viz.ui.race.slots import TELLING, Taken
from lstm_viz.ui.say import mistakes_kept, plain, say_error
from lstm_viz.ui.selection import SHOW, own_runs, state_of
from lstm_viz.ui.service import be_present, trainer
from lstm_viz.words import _, language, ngettext

OPEN = 3.0
"""The bias of a forget gate that starts open: it keeps 95% at every step."""
LANE = "lane"
LANES = 4
"""Lanes beside each other."""
GATES, GRADIENTS = "pages/inside/gates.py", "pages/inside/gradients.py"


def newest_race() -> list[Run]:
    """The session's runs that were started together last, in their order; none so far: empty.

    An address names one run: after a reload the others of its race become the session's again.
    """
    race = next((run.race for run in own_runs() if run.race), None)
    if race is None:
        return []
    runs = trainer().runs.of_race(race)
    missing = [run.id for run in runs if run not in own_runs()]
    if missing:
        st.session_state["runs"] = [*missing, *st.session_state["runs"]]
        be_present()
    return runs


def names_of(runs: Sequence[Run]) -> dict[str, Run]:
    """The runs by names as short as tell them apart: the cell, and what else differs."""
    settings_of = [run.settings for run in runs]
    telling = [setting for setting in differing(settings_of) if setting in TELLING]
    data = any(not same_data(runs[0].dataset, run.dataset) for run in runs)
    names: dict[str, Run] = {}
    for number, run in enumerate(runs, 1):
        name = _(run.label) if run.label else named(run.settings, telling)
        if data:
            name = f"{name} · {_(run.dataset.name)}"
        names[name if name not in names else f"{name} ({number})"] = run
    return names


def named(settings: Settings, telling: Sequence[str] = ()) -> str:
    """A contender's name: its cell, and these settings."""
    flat = settings.flat()
    parts = [slots.in_words(each, settings) for each in telling if each in flat]
    return " · ".join([cell_name(settings.cell.kind), *parts])


def buttons(runs: Sequence[Run]) -> None:
    """Commands to all contenders with all their seeds; one more epoch to the watched alone."""
    every = [each for run in runs for each in trainer().runs.seeds_of(run.id)]
    training = [run for run in every if run.training]
    paused = [run for run in every if run.state == "paused"]
    held = [run for run in runs if run.state == "paused"]
    over = [run for run in runs if run.resident and run.state in ("finished", "stopped")]
    with st.container(key=controls.HOLD):
        if paused and not training:
            _all(_("Resume all"), "resume", None, trainer().resume, paused, "P")
        else:
            _all(_("Pause all"), "pause", None, trainer().pause, training, "P")
    _all(
        _("One epoch each"),
        "skip_next",
        _("Pause a running race first."),
        trainer().step,
        [] if training else [*held, *over],
        "S",
    )
    active = [run for run in every if run.state in ACTIVE]
    tip = _("Checkpoints are kept.")
    _all(_("Stop all"), "stop", tip, trainer().stop, active, "X")


def _all(
    label: str,
    icon: str,
    tip: str | None,
    act: Callable[[str], None],
    runs: Sequence[Run],
    key: str,
) -> None:
    foreign = why_not(runs)
    st.button(
        label,
        icon=f":material/{icon}:",
        key=f"race.{icon}",
        on_click=command,
        args=(act, [run.id for run in runs]),
        disabled=not runs or foreign is not None,
        help=foreign or tip,
        width="stretch" if key == "P" else "content",
        shortcut=key,
    )


def command(act: Callable[[str], None], runs: Sequence[str]) -> None:
    """One narrow command to each of the runs, and wait until all have taken it."""
    with mistakes_kept():
        check_owned(trainer().run(run) for run in runs)
        for run in runs:
            act(run)
    for run in runs:
        trainer().runs.settle(run)


def raise_bias(runs: Sequence[Run]) -> None:
    """The race once more, with forget gates that start open, where some do not."""
    if not any(_raised(run.settings) != run.settings for run in runs):
        return
    st.button(
        _("Raise the forget-gate bias to {bias}").format(bias=numeral(OPEN)),
        icon=":material/vertical_align_top:",
        on_click=_race_raised,
        args=([run.id for run in runs],),
        help=_("Race again with forget gates that keep at least {share:.0%} at the start.").format(
            share=1 / (1 + math.exp(-OPEN))
        ),
    )


def _raised(settings: Settings) -> Settings:
    bias = settings.cell.options.get("forget_bias", OPEN)
    return settings.changed(forget_bias=OPEN) if bias < OPEN else settings


def _race_raised(run_ids: Sequence[str]) -> None:
    with mistakes_kept():
        runs = [trainer().run(each) for each in run_ids]
        seeds = max(len(trainer().runs.seeds_of(each)) for each in run_ids)
        raised = {_raised(run.settings): run for run in reversed(runs)}  # of twins, the first
        several = [
            (settings, slots.relabelled(Taken(run.settings, run.label), settings))
            for settings, run in reversed(raised.items())
        ]
        slots.fill([Taken(*each) for each in several], session.DEFAULT_SETTINGS)
        controls.submit(several, runs[0].dataset, runs[0].data, seeds=seeds)


def lanes(seeds: Seeds) -> None:
    """A lane for each contender: its name in its colour, how far it is, and the way inside."""
    names = list(seeds)
    for start in range(0, len(names), LANES):
        row = st.columns(min(LANES, len(names)), vertical_alignment="bottom")
        for column, name in zip(row, names[start : start + LANES], strict=False):
            with column:
                _lane(name, seeds[name], names.index(name))
    for name, runs in seeds.items():
        run = runs[0]
        if run.message is not None and run.state in ("diverged", "failed", "lost"):
            say_error(f"{name}: {run.message}")


def progress_of(runs: Sequence[Run]) -> tuple[float, str]:
    """How far a contender is with its seeds, as a share and in words."""
    watched, count = runs[0], len(runs)
    under_way = next((run for run in runs if run.state in ACTIVE), watched)
    share = min(1.0, under_way.step / under_way.total_steps) if under_way.total_steps else 0.0
    if can_be_solved(watched) and all(run.state in OVER for run in runs):
        words = ngettext(
            "{state} · solved in {solved} of {count} seed",
            "{state} · solved in {solved} of {count} seeds",
            count,
        )
        solved = sum(map(has_solved, runs))
        return share, words.format(state=state_of(watched), solved=solved, count=count)
    words = (
        _("epoch {epoch:.1f} of {epochs} · {state}")
        if under_way is watched
        else _("seed {place} of {count}: epoch {epoch:.1f} of {epochs} · {state}")
    )
    return share, words.format(
        place=runs.index(under_way) + 1,
        count=count,
        epoch=under_way.step / under_way.steps_per_epoch,
        epochs=under_way.total_steps // under_way.steps_per_epoch
        or under_way.settings.budget.epochs,
        state=state_of(under_way),
    )


def _lane(name: str, runs: Sequence[Run], place: int) -> None:
    run = runs[0]
    share, text = progress_of(runs)
    with st.container(gap="xxsmall"):
        st.html(_stroke(place))
        st.page_link(
            _inside(run),
            label=plain(name),
            icon=":material/search:",
            icon_position="right",
            disabled=not run.film.frames,
            help=_("Look inside {name}.").format(name=plain(name)),
            query_params={SHOW: run.id},
        )
        topic = Topic(LANE, tuple(each.id for each in runs), (language(),)).text
        components.words(text, share=share, key=f"race.lane.{run.id}", topic=topic)


def _inside(run: Run) -> str:
    """The page that shows a contender best."""
    layers = run.film.frames[-1].layers.values() if run.film.frames else ()
    return GRADIENTS if layers and not any(layer.gates for layer in layers) else GATES


def _stroke(place: int) -> str:
    """A stroke as the figures draw the contender's line."""
    colours, dash = CATEGORIES[theme()], DASHES[place % len(DASHES)]
    colour, ends, stops = colours[place % len(colours)], 0, []
    for number, length in enumerate(dash):
        ink = colour if number % 2 == 0 else "transparent"
        stops.append(f"{ink} {ends}px {ends + length}px")
        ends += length
    gradient = f"repeating-linear-gradient(90deg,{','.join(stops)})"
    return f'<div style="height:4px;background:{gradient}"></div>'
