"""A race on a page: its runs, all commanded at once, and a lane for each."""

import html
from collections.abc import Callable, Sequence

import streamlit as st

from lstm_viz.experiments.settings import Settings, differing
from lstm_viz.figures.palette import CATEGORIES, DASHES, theme
from lstm_viz.runs.registry import ACTIVE, Run
from lstm_viz.ui.names import cell_name
from lstm_viz.ui.race.equal import same_data
from lstm_viz.ui.say import mistakes_kept, plain, say_error
from lstm_viz.ui.selection import own_runs, select, state_of
from lstm_viz.ui.service import be_present, trainer
from lstm_viz.words import N_, _

LANES = 4
"""Lanes beside each other."""
GATES, GRADIENTS = "pages/inside/gates.py", "pages/inside/gradients.py"

SHORT: dict[str, str] = {
    "hidden_size": N_("{value} units"),
    "layers": N_("layers: {value}"),
    "learning_rate": N_("learning rate {value:g}"),
    "forget_bias": N_("forget bias {value:g}"),
    "optimizer": "{value}",
    "seed": N_("seed {value}"),
    "epochs": N_("{value} epochs"),
    "batch_size": N_("batches of {value}"),
}
"""Setting -> how a contender's name tells it from the others."""


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
    telling = [setting for setting in differing(settings_of) if setting in SHORT]
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
    parts = [_(SHORT[each]).format(value=flat[each]) for each in telling if each in flat]
    return " · ".join([cell_name(settings.cell.kind), *parts])


def buttons(runs: Sequence[Run]) -> None:
    """All contenders at once: hold, go on, one epoch each, stop."""
    training = [run for run in runs if run.training]
    paused = [run for run in runs if run.state == "paused"]
    over = [run for run in runs if run.resident and run.state in ("finished", "stopped")]
    if paused and not training:
        _all(_("Resume all"), "resume", _("Go on training."), trainer().resume, paused, "P")
    else:
        _all(_("Pause all"), "pause", _("Hold all where they are."), trainer().pause, training, "P")
    _all(
        _("Step all"),
        "skip_next",
        _("Train each of them for one epoch, then hold. Pause a running race first."),
        trainer().step,
        [] if training else [*paused, *over],
        "S",
    )
    active = [run for run in runs if run.state in ACTIVE]
    _all(_("Stop all"), "stop", _("End the race; all is kept."), trainer().stop, active, "X")


def _all(
    label: str, icon: str, tip: str, act: Callable[[str], None], runs: Sequence[Run], key: str
) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        key=f"race.{icon}",
        on_click=command,
        args=(act, [run.id for run in runs]),
        disabled=not runs,
        help=tip,
        shortcut=key,
    )


def command(act: Callable[[str], None], runs: Sequence[str]) -> None:
    """One narrow command to each of the runs, and wait until all have taken it."""
    with mistakes_kept():
        for run in runs:
            act(run)
    for run in runs:
        trainer().runs.settle(run)


def lanes(runs: dict[str, Run]) -> None:
    """A lane for each contender: its name in its colour, how far it is, and the way inside."""
    names = list(runs)
    for start in range(0, len(names), LANES):
        row = st.columns(min(LANES, len(names)), vertical_alignment="bottom")
        for column, name in zip(row, names[start : start + LANES], strict=False):
            with column:
                _lane(name, runs[name], names.index(name))
    for name, run in runs.items():
        if run.message is not None and run.state in ("diverged", "failed", "lost"):
            say_error(f"{name}: {run.message}")


def _lane(name: str, run: Run, place: int) -> None:
    share = min(1.0, run.step / run.total_steps) if run.total_steps else 0.0
    text = _("epoch {epoch:.1f} of {epochs} · {state}").format(
        epoch=run.step / run.steps_per_epoch,
        epochs=run.total_steps // run.steps_per_epoch or run.settings.budget.epochs,
        state=state_of(run),
    )
    with st.container(gap="xxsmall"):
        st.html(_title(name, place))
        st.progress(share, text=text)
        inside = st.button(
            _("Look inside"),
            icon=":material/search:",
            key=f"race.inside.{run.id}",
            type="tertiary",
            disabled=not run.film.frames,
            help=_("See what happens in {name}, on the pages that look inside.").format(
                name=plain(name)
            ),
        )
    if inside:
        select(run=run.id, step=None, layer=None)
        layers = run.film.frames[-1].layers.values()
        st.switch_page(GATES if any(layer.gates for layer in layers) else GRADIENTS)


def _title(name: str, place: int) -> str:
    """The name behind a stroke as the charts draw its line."""
    colours, dash = CATEGORIES[theme()], DASHES[place % len(DASHES)]
    colour, ends, stops = colours[place % len(colours)], 0, []
    for number, length in enumerate(dash):
        ink = colour if number % 2 == 0 else "transparent"
        stops.append(f"{ink} {ends}px {ends + length}px")
        ends += length
    stroke = f"background:repeating-linear-gradient(90deg,{','.join(stops)})"
    return (
        '<div style="display:flex;align-items:center;gap:.5rem;font-weight:600">'
        f'<span style="flex:none;width:30px;height:4px;{stroke}"></span>'
        f"<span>{html.escape(name)}</span></div>"
    )
