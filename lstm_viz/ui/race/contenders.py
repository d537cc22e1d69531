"""Two to four contenders, set up before a race: each its cell, its units, and a little more."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from lstm_viz.data.choice import dataset_of
from lstm_viz.data.dataset import Dataset
from lstm_viz.experiments.cells import options_of, parts_of
from lstm_viz.experiments.fitting import fitted
from lstm_viz.experiments.presets import PRESETS
from lstm_viz.experiments.settings import Settings, settings_that_fit
from lstm_viz.models.spec import CHRONO
from lstm_viz.runs.registry import Run
from lstm_viz.ui import controls, presets, session
from lstm_viz.ui.choices import chosen, chosen_dataset, dataset_card, label_of
from lstm_viz.ui.say import mistakes_kept, plain
from lstm_viz.ui.selection import name_of, own_runs, selected
from lstm_viz.ui.widgets import choice, learning_rate, number, whole
from lstm_viz.words import _, listed

SLOTS = "race.slots"
"""In the session: the numbers of the contenders, in their order."""
BASE = "race.base.{slot}"
"""In the session: the run that a contender was taken from, as its settings."""
FIRST = ("rnn_tanh", "lstm", "gru")
FEWEST, MOST = 2, 4
PRESET = "race"


def untouched() -> bool:
    """Whether the visitor has neither chosen data nor trained anything yet."""
    found = (
        *session.choices_of_data(session.FIRST_DATA),
        *session.choices_of(session.FIRST_RUN),
    )
    as_found = all(session.setting(each) == session.DEFAULTS[each] for each in found)
    return as_found and not own_runs()


def base() -> Settings:
    """What every contender shares: the present settings; the race's own before any choice."""
    return presets.settings_of(PRESETS[PRESET]) if untouched() else session.chosen_settings()


def slots() -> list[int]:
    """The numbers of the contenders."""
    found: list[int] = st.session_state.setdefault(SLOTS, list(range(len(FIRST))))
    return found


def settings_of(slot: int, dataset: Dataset) -> Settings:
    """A contender's settings: its own few, the rest the shared ones."""
    shared = base()
    taken: Settings | None = st.session_state.get(BASE.format(slot=slot))
    if taken is not None:
        shared = _with_budget(taken, shared)
    own = {name: st.session_state[_key(slot, name)] for name in _own(slot, shared)}
    return fitted(settings_that_fit(own.pop("cell"), {**_remembered(shared), **own}), dataset)


def _remembered(shared: Settings) -> dict[str, Any]:
    """The shared settings, and those of other cells as the Train page has them."""
    everything = {each: session.setting(f"train.{each}") for each in session.DEFAULT_SETTINGS}
    return everything | {name: value for name, value in shared.flat().items() if name != "cell"}


def _with_budget(settings: Settings, shared: Settings) -> Settings:
    """A configuration with the race's seed, epochs and batches."""
    return settings.changed(
        seed=shared.budget.seed, epochs=shared.budget.epochs, batch_size=shared.budget.batch_size
    )


def _own(slot: int, shared: Settings) -> dict[str, Any]:
    """A contender's own settings as they start out, made sure of."""
    start = {
        "cell": FIRST[slot] if slot < len(FIRST) else shared.cell.kind,
        "hidden_size": shared.network.hidden_size,
        "learning_rate": shared.optimiser.learning_rate,
        "forget_bias": _remembered(shared)["forget_bias"],
    }
    for name, value in start.items():
        st.session_state.setdefault(_key(slot, name), value)
    return start


def _key(slot: int, name: str) -> str:
    return f"race.{slot}.{name}"


def editor(dataset: Dataset) -> str | None:
    """Draw the contenders; returns why they cannot race, if so."""
    shared = base()
    numbers = slots()
    several = [settings_of(slot, dataset) for slot in numbers]
    columns = st.container(key="contenders").columns(MOST, gap="small")
    for column, slot in zip(columns, numbers, strict=False):
        with column.container(border=True, height="stretch", key=f"race.slot.{slot}"):
            _slot(slot, shared, removable=len(numbers) > FEWEST)
    if len(numbers) < MOST:
        with columns[len(numbers)]:
            _one_more(several)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        _shared(shared)
    twins = [number for number, settings in enumerate(several, 1) if several.count(settings) > 1]
    if twins:
        return _("Contenders {numbers} are the same. Change one of them.").format(
            numbers=listed([str(number) for number in twins])
        )
    return None


def _one_more(several: Sequence[Settings]) -> None:
    """Ways to one more contender, where there is room for one."""
    st.button(
        _("Add a contender"),
        icon=":material/add:",
        on_click=_add,
        width="stretch",
        help=_("One more cell, or the same with other settings."),
    )
    own = own_runs()
    run = next((each for each in own if each.id == selected().run), own[0] if own else None)
    there = run is not None and _with_budget(run.settings, base()) in several
    if run is None:
        tip = _("There is none yet: train one on the Train page.")
    elif there:
        tip = _("It is among the contenders already.")
    else:
        tip = _("Race {name} once more, on the data and with the epochs of this race.").format(
            name=plain(name_of(run))
        )
    st.button(
        _("Add the current run"),
        icon=":material/library_add:",
        on_click=_add_run,
        args=(run,),
        width="stretch",
        disabled=run is None or there,
        help=tip,
    )


def _shared(shared: Settings) -> None:
    """What all contenders get, and where it is changed."""
    if untouched():
        words = _("Data: **{name}**").format(name=label_of(PRESETS[PRESET].data))
        st.page_link("pages/lab/data.py", label=words, icon=":material/show_chart:")
    else:
        dataset_card()
    words = _("For all: {epochs} epochs, batches of {batch}, seed {seed}")
    st.page_link(
        "pages/lab/train.py",
        label=words.format(
            epochs=shared.budget.epochs, batch=shared.budget.batch_size, seed=shared.budget.seed
        ),
        icon=":material/tune:",
        help=_("These, and all other settings, are those of the Train page."),
    )


def _slot(slot: int, shared: Settings, *, removable: bool) -> None:
    _own(slot, shared)
    choice("cell", key=_key(slot, "cell"))
    whole("hidden_size", key=_key(slot, "hidden_size"))
    with st.container(horizontal=True):
        with st.popover(_("More")):
            _more(slot, shared)
        st.button(
            _("Remove"),
            key=f"race.remove.{slot}",
            on_click=lambda: slots().remove(slot),
            disabled=not removable,
            type="tertiary",
            help=_("Leave this contender out.")
            if removable
            else _("A race has two to four contenders."),
        )


def _more(slot: int, shared: Settings) -> None:
    cell = st.session_state[_key(slot, "cell")]
    learning_rate(_key(slot, "learning_rate"))
    known = options_of(cell, _remembered(shared))
    if "forget_bias" in known:
        number("forget_bias", step=0.5, key=_key(slot, "forget_bias"))
    else:
        st.caption(_("No forget-gate bias: this cell has no forget gate."))
    if parts_of(cell):
        st.caption(_("Its parts are those set on the Train page."))
    if _remembered(shared)["chrono"] and "chrono" not in known:
        st.caption(_(CHRONO.missing))


def _add(settings: Settings | None = None) -> None:
    """One more contender: this configuration, or the present settings with twice the units."""
    shared = base()
    slot = max([*slots(), len(FIRST) - 1]) + 1
    st.session_state[SLOTS] = [*slots(), slot]
    st.session_state[BASE.format(slot=slot)] = settings
    values = settings or shared.changed(hidden_size=min(2 * shared.network.hidden_size, 512))
    flat = {**_remembered(shared), **values.flat()}
    for name in ("cell", "hidden_size", "learning_rate", "forget_bias"):
        st.session_state[_key(slot, name)] = flat[name]


def _add_run(run: Run) -> None:
    """A run's configuration as one more contender, with the race's data, seed and budget."""
    _add(run.settings)


def start() -> None:
    """Race the contenders on the present data; on the race's own before any choice."""
    with mistakes_kept():
        if untouched():
            preset, shared = PRESETS[PRESET], base()
            session.choose(session.choices_of_data(preset.data))
            session.choose(session.choices_of(shared))
        data = chosen()
        several = [(settings_of(slot, data.dataset), "") for slot in slots()]
        controls.submit(several, data.dataset, data.choice)


def dataset_to_race() -> Dataset:
    """What the contenders will learn from. Raises DataError where it cannot be cut."""
    return _first_dataset() if untouched() else chosen_dataset()


@st.cache_resource(show_spinner=False)
def _first_dataset() -> Dataset:
    return dataset_of(PRESETS[PRESET].data)
