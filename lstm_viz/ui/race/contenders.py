"""The contenders of a race, set up before it: each its cell, its units, and a little more."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from lstm_viz.data.dataset import Dataset
from lstm_viz.data.resolved import dataset_of
from lstm_viz.experiments.cell_options import options_of, parts_of
from lstm_viz.experiments.experiment import Experiment
from lstm_viz.experiments.fitting import fitted
from lstm_viz.experiments.presets import PRESETS
from lstm_viz.experiments.settings import Settings, settings_that_fit
from lstm_viz.experiments.size import parameter_count, with_parameters
from lstm_viz.models.options import CHRONO
from lstm_viz.runs.run import Run
from lstm_viz.ui import controls, difference, presets, session
from lstm_viz.ui.choices import chosen, chosen_dataset, dataset_card, label_of
from lstm_viz.ui.race import slots
from lstm_viz.ui.race.equal import BUDGET
from lstm_viz.ui.race.slots import FEWEST, FIRST, MOST, Taken, key_of
from lstm_viz.ui.say import mistakes_kept, plain
from lstm_viz.ui.selection import name_of, own_runs, selected
from lstm_viz.ui.service import trainer
from lstm_viz.ui.terms import label
from lstm_viz.ui.widgets import choice, learning_rate, number, whole
from lstm_viz.words import _, listed, ngettext

EQUAL = "race.equal"
"""In the session: whether all get as many parameters as the first."""
IN_A_ROW = 4
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


def contenders(dataset: Dataset) -> dict[int, Settings]:
    """Slot -> the settings that it stands for."""
    found = {slot: _settings_of(slot, dataset) for slot in slots.numbers()}
    if st.session_state.get(EQUAL):
        first = parameter_count(next(iter(found.values())), dataset)
        for slot in [*found][1:]:
            found[slot] = with_parameters(found[slot], dataset, first)
    return found


def experiments() -> list[Experiment]:
    """What the contenders are set to be. Raises DataError where there is nothing to learn from."""
    data = PRESETS[PRESET].data if untouched() else chosen().choice
    return [Experiment(data, each) for each in contenders(dataset_to_race()).values()]


def take_over(race: Sequence[Run]) -> None:
    """Set the contenders, their data and their seeds as a race has them."""
    difference.take_over(race[0])
    slots.fill([Taken(run.settings, run.label) for run in race], session.DEFAULT_SETTINGS)
    seeds = min(len(trainer().runs.seeds_of(run.id)) for run in race)
    session.choose({EQUAL: False, session.SEEDS: seeds})


def problem_of(several: Sequence[Settings]) -> str | None:
    """Why these contenders cannot race, if so."""
    twins = [number for number, settings in enumerate(several, 1) if several.count(settings) > 1]
    if not twins:
        return None
    return _("Contenders {numbers} are the same. Change one of them.").format(
        numbers=listed([str(number) for number in twins])
    )


def _settings_of(slot: int, dataset: Dataset) -> Settings:
    """A contender's settings: its own few, the rest the shared ones."""
    shared = _shared_by(slot)
    own = {name: st.session_state[key_of(slot, name)] for name in _own(slot, shared)}
    return fitted(settings_that_fit(own.pop("cell"), {**_remembered(shared), **own}), dataset)


def _shared_by(slot: int) -> Settings:
    """What a slot starts from: the present settings, or those it was filled with."""
    source = slots.taken(slot)
    return base() if source is None else _with_budget(source.settings, base())


def _remembered(shared: Settings) -> dict[str, Any]:
    """The shared settings, and those of other cells as the Train page has them."""
    everything = {each: session.setting(f"train.{each}") for each in session.DEFAULT_SETTINGS}
    return everything | {name: value for name, value in shared.flat().items() if name != "cell"}


def _with_budget(settings: Settings, shared: Settings) -> Settings:
    """A configuration with the race's seed, epochs and batches."""
    return settings.changed(**{name: getattr(shared.budget, name) for name in BUDGET})


def _own(slot: int, shared: Settings) -> dict[str, Any]:
    """A contender's own settings as they start out, made sure of."""
    start = {
        "cell": FIRST[slot] if slot < len(FIRST) else shared.cell.kind,
        "hidden_size": shared.network.hidden_size,
        "learning_rate": shared.optimiser.learning_rate,
        "forget_bias": _remembered(shared)["forget_bias"],
    }
    for name, value in start.items():
        session.remembered(key_of(slot, name), value)
    return start


def editor(dataset: Dataset) -> None:
    """Draw the contenders, the ways to more of them, and what all of them get."""
    several = contenders(dataset)
    room = len(several) + (len(several) < MOST)
    with st.container(key="contenders"):
        for start in range(0, room, IN_A_ROW):
            row = st.columns(IN_A_ROW, gap="small")
            for column, slot in zip(row, [*several][start : start + IN_A_ROW], strict=False):
                with column.container(border=True, height="stretch", key=f"race.slot.{slot}"):
                    _slot(slot, several[slot], dataset, removable=len(several) > FEWEST)
            if start <= len(several) < min(start + IN_A_ROW, MOST):
                with row[len(several) - start]:
                    _one_more(list(several.values()))
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            _shared(base())


def _slot(slot: int, settings: Settings, dataset: Dataset, *, removable: bool) -> None:
    if name := slots.label_of(slot, settings):
        st.markdown(f"**{plain(name)}**")
    choice("cell", key=key_of(slot, "cell"))
    if st.session_state.get(EQUAL) and slot != slots.numbers()[0]:
        units = settings.network.hidden_size
        matched = f"race.{slot}.matched.{units}"
        st.number_input(label("hidden_size"), value=units, disabled=True, key=matched)
    else:
        whole("hidden_size", key=key_of(slot, "hidden_size"))
    st.caption(_("Parameters: {count:,}").format(count=parameter_count(settings, dataset)))
    with st.container(horizontal=True):
        with st.popover(_("More")):
            _more(slot)
        st.button(
            _("Remove"),
            key=f"race.remove.{slot}",
            on_click=slots.remove,
            args=(slot,),
            disabled=not removable,
            type="tertiary",
            help=None if removable else _("A race has two to eight contenders."),
        )


def _more(slot: int) -> None:
    shared, cell = _shared_by(slot), st.session_state[key_of(slot, "cell")]
    learning_rate(key_of(slot, "learning_rate"))
    known = options_of(cell, _remembered(shared))
    if "forget_bias" in known:
        number("forget_bias", step=0.5, key=key_of(slot, "forget_bias"))
    else:
        st.caption(_("No forget gate, no bias."))
    if parts_of(cell):
        words = (
            _("Parts as set on the Train page.")
            if slots.taken(slot) is None
            else _("Parts as in the run or experiment it came from.")
        )
        st.caption(words)
    if _remembered(shared)["chrono"] and "chrono" not in known:
        st.caption(_(CHRONO.missing))


def _one_more(several: Sequence[Settings]) -> None:
    """Ways to one more contender, where there is room for one."""
    st.button(
        _("Add a contender"),
        icon=":material/add:",
        on_click=_add,
        width="stretch",
    )
    own = own_runs()
    run = next((each for each in own if each.id == selected().run), own[0] if own else None)
    there = run is not None and _with_budget(run.settings, base()) in several
    if run is None:
        tip = _("No run yet.")
    elif there:
        tip = _("It races already.")
    else:
        tip = _("Race {name} again, with this race's data and epochs.").format(
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
    st.number_input(
        _("Seeds"),
        1,
        session.MOST_SEEDS,
        key=session.remembered(session.SEEDS),
        persist_state="session",
        width=130,
        help=_(
            "Each trains with each seed: other initial weights and batches, same data. You watch "
            "the first; the others follow."
        ),
    )
    st.toggle(
        _("Equal numbers of parameters"),
        key=session.remembered(EQUAL, default=False),
        persist_state="session",
        help=_("Hidden units chosen to come closest to the first one's parameters."),
    )
    if untouched():
        words = _("Data: **{name}**").format(name=label_of(PRESETS[PRESET].data))
        st.page_link("pages/lab/data.py", label=words, icon=":material/show_chart:")
    else:
        dataset_card()
    words = ngettext(
        "For all: {epochs} epoch, batches of {batch}, seeds from {seed}",
        "For all: {epochs} epochs, batches of {batch}, seeds from {seed}",
        shared.budget.epochs,
    )
    st.page_link(
        "pages/lab/train.py",
        label=words.format(
            epochs=shared.budget.epochs, batch=shared.budget.batch_size, seed=shared.budget.seed
        ),
        icon=":material/tune:",
        help=_("Change these on the Train page."),
    )


def _add() -> None:
    """One more contender: the present settings with twice the units."""
    shared = base()
    double = shared.changed(hidden_size=min(2 * shared.network.hidden_size, 512))
    slots.add({**_remembered(shared), **double.flat()})


def _add_run(run: Run) -> None:
    """A run's configuration as one more contender, with the race's data, seed and budget."""
    slots.add({**_remembered(base()), **run.settings.flat()}, Taken(run.settings, run.label))


def start() -> None:
    """Race the contenders on the present data; on the race's own before any choice."""
    with mistakes_kept():
        if untouched():
            preset, shared = PRESETS[PRESET], base()
            session.choose(session.choices_of_data(preset.data))
            session.choose(session.choices_of(shared))
        data = chosen()
        several = contenders(data.dataset)
        runs = [(settings, slots.label_of(slot, settings)) for slot, settings in several.items()]
        seeds = session.setting(session.SEEDS)
        controls.submit(runs, data.dataset, data.choice, seeds=seeds)
        session.choose({EDITING: False})


EDITING = "race.editing"
"""In the session: whether the editor is open beside a race."""


def dataset_to_race() -> Dataset:
    """What the contenders will learn from. Raises DataError where it cannot be cut."""
    return _first_dataset() if untouched() else chosen_dataset()


@st.cache_resource(show_spinner=False)
def _first_dataset() -> Dataset:
    return dataset_of(PRESETS[PRESET].data)
