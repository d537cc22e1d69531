"""Train, pause, step, stop: the buttons of a run and how far it is."""

import secrets
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from lstm_viz.data.choice import DataChoice
from lstm_viz.data.dataset import Dataset
from lstm_viz.data.reading.naming import one_line
from lstm_viz.experiments.fitting import check_fit, fitted
from lstm_viz.experiments.settings import GOOD_CLIP_NORM, Settings
from lstm_viz.numerals import numeral
from lstm_viz.runs.run import ACTIVE, Run
from lstm_viz.runs.topics import Topic
from lstm_viz.runs.trainer import GONE
from lstm_viz.ui import components, session
from lstm_viz.ui.choices import chosen
from lstm_viz.ui.names import DEVICE_NAMES, cell_name
from lstm_viz.ui.owning import check_owned, owner, owns, why_not
from lstm_viz.ui.run_settings import slower
from lstm_viz.ui.say import decimal, mistakes_kept, plain, say_error
from lstm_viz.ui.selection import adopt, own_runs, state_of
from lstm_viz.ui.service import be_present, trainer
from lstm_viz.words import _, language, ngettext

PROGRESS = "progress"
FIRST_FRAME_SECONDS = 1.0
SEEDS = 2**31
"""How many seeds there are."""
HOLD = "hold"
"""The place of the button that pauses and goes on: the buttons beside it stay under the pointer."""


def start(hold: bool = False) -> None:
    """Train a new run with the present choices; active ones of this session stop."""
    with mistakes_kept():
        data = chosen()
        settings = fitted(session.chosen_settings(), data.dataset)
        submit([(settings, "")], data.dataset, data.choice, hold)


def submit(
    runs: Sequence[tuple[Settings, str]],
    dataset: Dataset,
    data: DataChoice | None,
    hold: bool = False,
    seeds: int = 1,
) -> None:
    """Train these configurations, (settings, label), at the same time; active runs of one's own
    stop.

    Two or more are a race. Each of them then trains with the next `seeds` - 1 seeds, too: the
    network starts from other weights and takes its batches in another order. The data stay the
    same, so that all scores are of the same examples.
    """
    for settings, _label in runs:
        check_fit(settings, dataset)
        trainer().check(settings, dataset)
    seeds_of = trainer().runs.seeds_of
    former = [run.id for own in filter(owns, own_runs()) for run in seeds_of(own.id)]
    trainer().runs.check_room(owner(), dataset, len(runs), former)
    for run_id in former:
        if trainer().run(run_id).state in ACTIVE:
            trainer().stop(run_id)
    race = secrets.token_urlsafe(6) if len(runs) > 1 else ""
    slow = any(trainer().is_slow(settings, dataset) for settings, _label in runs)
    watched = []
    for settings, label in runs:
        watched.append(
            trainer().submit(settings, dataset, hold, label, race, data, owner=owner(), slow=slow)
        )
        adopt(watched[-1])
    for further in range(1, seeds):
        for run, (settings, label) in zip(watched, runs, strict=True):
            another = settings.changed(seed=(settings.budget.seed + further) % SEEDS)
            trainer().submit(another, dataset, hold, label, race, data, follows=run, owner=owner())
    be_present()
    trainer().runs.wait_for_frame(watched[-1], FIRST_FRAME_SECONDS)


def buttons(run: Run | None, problem: Exception | None = None) -> None:
    """Four buttons that stay in place; what cannot be pressed says why in its help.

    `problem` is what keeps the chosen data from being trained on.
    """
    foreign = why_not([run]) if run else None
    state = run.state if run else None
    why = plain(str(problem)) if problem else None
    row = st.container(horizontal=True, key="controls", width="content")
    row.button(
        _("Train"),
        icon=":material/play_arrow:",
        type="primary",
        on_click=start,
        disabled=problem is not None,
        shortcut="Ctrl+Enter",
        help=why or _("With the settings on the left."),
    )
    hold = row.container(key=HOLD)
    if state == "paused":
        _button(hold, _("Resume"), "resume", None, trainer().resume, run)
    elif run and run.resident and state in ("finished", "stopped"):
        _button(
            hold,
            _("Train further"),
            "forward",
            more_epochs(session.setting("train.epochs")),
            _further,
            run,
        )
    else:
        going = run if state in ("waiting", "training") else None
        _button(hold, _("Pause"), "pause", None, trainer().pause, going)
    running = state in ("waiting", "training")
    row.button(
        _("One epoch"),
        icon=":material/skip_next:",
        on_click=_step,
        args=(run,),
        disabled=running or bool(foreign) or bool(why and _needs_a_new_run(run)),
        shortcut="S",
        help=foreign or (_("Pause the training first.") if running else None),
    )
    active = run if state in ACTIVE else None
    _button(
        row,
        _("Stop"),
        "stop",
        _("Checkpoints are kept."),
        trainer().stop,
        active,
    )


def why_not_on(run: Run | None) -> None:
    """Why a run that is shown cannot go on."""
    foreign = why_not([run]) if run else None
    if foreign:
        st.caption(foreign)
    elif run and run.state in ("finished", "stopped") and not run.resident:
        st.caption(_(GONE))


def _button(
    row: Any, label: str, icon: str, tip: str | None, act: Callable[[str], None], run: Run | None
) -> None:
    foreign = why_not([run]) if run else None
    row.button(
        label,
        icon=f":material/{icon}:",
        key=f"button.{icon}",
        on_click=_do,
        args=(act, run.id if run else ""),
        disabled=run is None or foreign is not None,
        help=foreign or tip,
        width="content" if icon == "stop" else "stretch",
        shortcut={"pause": "P", "resume": "P", "stop": "X"}.get(icon),
    )


def _do(act: Callable[[str], None], run: str) -> None:
    """Command a run, and with it those of its further seeds that have not ended."""
    with mistakes_kept():
        check_owned([trainer().run(run)])
        for each in trainer().runs.seeds_of(run):
            if each.id == run or each.state in ACTIVE:
                act(each.id)
        trainer().runs.settle(run)


def _further(run: str) -> None:
    trainer().extend(run, session.setting("train.epochs"))


def _step(run: Run | None) -> None:
    if _needs_a_new_run(run):
        start(hold=True)
        run = own_runs()[0] if own_runs() else None
    if run is not None:
        with mistakes_kept():
            check_owned([run])
            trainer().step(run.id)
            trainer().runs.settle(run.id)


def _needs_a_new_run(run: Run | None) -> bool:
    """Whether there is nothing to step on from."""
    return run is None or not run.resident or run.state in ("diverged", "failed")


def progress(run: Run, key: str) -> None:
    """How far the run is, how fast it goes and how long it will take."""
    share, text = progress_of(run)
    topic = Topic(PROGRESS, (run.id,), (language(),)).text
    with st.container(key="progress"):  # its line has room for its longest form
        components.words(text, share=share, key=key, topic=topic)


def progress_of(run: Run) -> tuple[float, str]:
    """The share of a run that is done, and in words what a reader wants to know of it."""
    share = min(1.0, run.step / run.total_steps) if run.total_steps else 0.0
    parts = [
        _("epoch {epoch:.1f} of {epochs}").format(
            epoch=run.step / run.steps_per_epoch, epochs=run.total_steps // run.steps_per_epoch
        ),
    ]
    update = _("update {step:,}").format(step=run.step)
    if run.training and run.seconds_left is not None:  # first what a narrow line must not cut off
        left = _("{time} left").format(time=about(run.seconds_left))
        rate = _("{rate:,.0f} updates per second").format(rate=run.rate)
        parts += [left, update, rate]
    else:
        parts += [update, state_of(run)]
    parts.append(
        _("{cell} with {count:,} parameters on {device}").format(
            cell=cell_name(run.settings.cell.kind),
            count=run.parameters,
            device=_(DEVICE_NAMES.get(run.device, run.device)),
        )
    )
    parts.append(one_line(_(run.dataset.name)))
    return share, " · ".join(parts)


def more_epochs(count: int) -> str:
    """For how long a run goes on.

    >>> more_epochs(1), more_epochs(1500)
    ('1 more epoch.', '1,500 more epochs.')
    """
    return ngettext("{count} more epoch.", "{count} more epochs.", count).format(count=f"{count:,}")


def about(seconds: float) -> str:
    """A time as people say it.

    >>> about(0.3), about(125.0)
    ('less than a second', 'about 2 minutes')
    """
    if seconds < 1:
        return _("less than a second")
    if seconds < 120:
        return ngettext("about {count} second", "about {count} seconds", round(seconds)).format(
            count=round(seconds)
        )
    if seconds < 5400:
        return _("about {count:.0f} minutes").format(count=seconds / 60)
    if seconds < 172_800:
        return _("about {count:.0f} hours").format(count=seconds / 3600)
    return _("about {count:.0f} days").format(count=seconds / 86_400)


def message(run: Run, remedies: bool = True) -> None:
    """What the user should know: why a run ended early, and what to change of what is set."""
    if run.message is None:
        return
    if run.state in ("finished", "training", "paused", "stopped") or run.watched:
        st.info(plain(str(run.message)), icon=":material/info:")
        return
    row = st.container(horizontal=True, vertical_alignment="center", key="ended")
    with row:  # one line: what the page shows stays in sight
        say_error(run.message)
    if run.state == "diverged" and remedies:
        rate = slower(run.settings.optimiser.learning_rate)
        if rate is not None:
            row.button(
                _("Train with learning rate {rate}").format(rate=decimal(rate)),
                on_click=_again,
                args=({"train.learning_rate": rate},),
            )
        if not run.settings.optimiser.well_clipped:
            row.button(
                _("Train with gradients clipped at {norm}").format(norm=numeral(GOOD_CLIP_NORM)),
                on_click=_again,
                args=({"train.clip_norm": GOOD_CLIP_NORM},),
            )


def _again(changes: dict[str, Any]) -> None:
    session.choose(changes)
    start()
