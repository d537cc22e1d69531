"""Preparing, on the Data page: the steps in their order, each with its controls and what it did."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from lstm_viz.data.preparing.catalogue import MOST_STEPS, STEPS, read_step
from lstm_viz.data.preparing.prepare import Done
from lstm_viz.data.preparing.span import Place, date_of
from lstm_viz.data.preparing.step import Labels, Step
from lstm_viz.data.resolved import Resolved
from lstm_viz.errors import ConfigError
from lstm_viz.limits import Choice, Limit, Number, Whole, limits_of
from lstm_viz.ui.data.step_words import FIELD_WORDS, VALUE_NAMES
from lstm_viz.ui.say import plain
from lstm_viz.ui.session import choose, setting
from lstm_viz.words import _, ngettext

KEY = "prepare"
LISTED = "data.steps"
"""In the session: the steps as this page lists them, those that are switched off among them."""
KEPT = "data.steps.kept"
"""In the session: the steps last listed of each series, those that are switched off among them."""
OFF = "data.steps.off"
"""In the session: the steps that an address says are switched off, until they are listed."""
MOST_UNDONE = 50
WIDTH = 150

Switched = tuple[Step, bool]
"""A step, and whether it is on."""
Entry = tuple[str, str]


@dataclass(frozen=True)
class Listed:
    """The steps of one series, and what they were before."""

    of: Entry
    steps: tuple[Switched, ...] = ()
    past: tuple[tuple[Switched, ...], ...] = field(default=(), repr=False)

    @property
    def on(self) -> list[Step]:
        return [step for step, on in self.steps if on]


def steps_of(group: str, name: str) -> list[Step]:
    """The steps last taken of a series."""
    return Listed((group, name), st.session_state.get(KEPT, {}).get((group, name), ())).on


def switched_off(group: str, name: str) -> list[str]:
    """The steps of a series that are switched off, each as `"place:step"`."""
    listed: Listed | None = st.session_state.get(LISTED)
    if listed is None or listed.of != (group, name):
        return [*st.session_state.get(OFF, ())]
    return [f"{at}:{step.write()}" for at, (step, on) in enumerate(listed.steps) if not on]


def _with_those_off(steps: Sequence[Step], told: Sequence[str]) -> tuple[Switched, ...]:
    """Steps that are on, and between them those that an address says are off."""
    all_of_them: list[Switched] = [(step, True) for step in steps]
    for each in told:
        place, _colon, text = each.partition(":")
        try:
            off = read_step(text)
        except ConfigError:
            continue
        if place.isdecimal() and len(all_of_them) < MOST_STEPS:
            all_of_them.insert(int(place), (off, False))
    return tuple(sorted(all_of_them, key=lambda each: not each[0].on_rows))


def choose_preparation(data: Resolved) -> None:
    """One line where nothing is prepared; else the steps, and what becomes of the series."""
    listed = _listed((data.asked.group, data.asked.name))
    count = len(listed.on)
    label = (
        ngettext("Preparing: {count} step", "Preparing: {count} steps", count).format(count=count)
        if count
        else _("Preparing: nothing")
    )
    dated = data.table is not None and is_dated(data.table.index)
    begun = bool(listed.steps or listed.past)
    key = f"{KEY}.panel.{begun}"  # another panel, which opens by itself
    with st.expander(label, expanded=begun, icon=":material/construction:", key=key):
        done = iter(data.prepared.done)
        for place, (_step, on) in enumerate(listed.steps):
            left, right = st.columns([2, 1], vertical_alignment="bottom")
            with left.container(horizontal=True, vertical_alignment="bottom", key=f"{KEY}.{place}"):
                _row(listed, place, data, dated=dated)
            if on:
                right.caption(_said(next(done, None)))
        _more(listed, data.table.index if data.table else None)


def _listed(of: Entry) -> Listed:
    """The list as the page left it; as the experiment has it where that was set elsewhere."""
    listed: Listed = st.session_state.setdefault(LISTED, Listed(("", "")))
    wanted = sorted(setting("data.preparation"), key=lambda step: not step.on_rows)
    if listed.of == of and listed.on == wanted:
        return listed
    past = (*listed.past, listed.steps) if listed.of == of else ()
    told, kept = st.session_state.pop(OFF, ()), st.session_state.setdefault(KEPT, {})
    before = Listed(of, kept.get(of, ()))
    if told or listed.of == of or before.on != wanted:
        before = Listed(of, _with_those_off(wanted, told), past)
    listed = st.session_state[LISTED] = before
    kept[of] = listed.steps
    return listed


def _set(listed: Listed, steps: Sequence[Switched]) -> None:
    """Take these steps from now on."""
    past = (*listed.past, listed.steps)[-MOST_UNDONE:]
    _keep(Listed(listed.of, tuple(sorted(steps, key=lambda each: not each[0].on_rows)), past))


def _undo(listed: Listed) -> None:
    _keep(Listed(listed.of, listed.past[-1], listed.past[:-1]))


def _keep(listed: Listed) -> None:
    st.session_state.setdefault(KEPT, {})[listed.of] = listed.steps
    choose({LISTED: listed, "data.preparation": listed.on})


def _row(listed: Listed, place: int, data: Resolved, *, dated: bool) -> None:
    """A step: its switch, its controls, and the way to do without it."""
    step, on = listed.steps[place]
    others = (*listed.steps[:place], *listed.steps[place + 1 :])
    key = f"{KEY}.{place}"
    st.session_state[f"{key}.on"] = on
    st.toggle(
        _(step.label),
        key=f"{key}.on",
        help=_(step.help),
        on_change=_replace,
        args=(listed, place, (step, not on)),
        width=WIDTH,
    )
    for name, limit in limits_of(step).items():
        if name != "among" or data.features:
            _control(listed, place, name, limit, dated=dated)
    st.button(
        "",
        icon=":material/delete:",
        key=f"{key}.remove",
        help=_("Remove this step."),
        on_click=_set,
        args=(listed, others),
    )


def _replace(listed: Listed, place: int, switched: Switched) -> None:
    _set(listed, (*listed.steps[:place], switched, *listed.steps[place + 1 :]))


def _control(listed: Listed, place: int, name: str, limit: Limit, *, dated: bool) -> None:
    """The widget of one value of a step."""
    step, on = listed.steps[place]
    key, value = f"{KEY}.{place}.{name}", getattr(step, name)
    label, tip = FIELD_WORDS[step.name, name] if name != "among" else FIELD_WORDS["", name]
    common: dict[str, Any] = {
        "label": _(label),
        "help": _(tip) or None,
        "key": key,
        "disabled": not on,
        "on_change": _changed,
        "args": (listed, place, name),
        "width": WIDTH,
    }
    if isinstance(limit, Choice):
        st.session_state[key] = value
        st.selectbox(
            options=list(limit.options), format_func=lambda each: _(VALUE_NAMES[each]), **common
        )
    elif isinstance(limit, Place):
        _place(value, common, dated=dated, last=name == "last")
    elif isinstance(limit, Whole):
        st.session_state[key] = value
        st.number_input(min_value=int(limit.low), max_value=int(limit.high), **common)
    elif isinstance(limit, Number):
        st.session_state[key] = value
        st.number_input(min_value=limit.low, max_value=limit.high, step=0.5, format="%g", **common)


def _place(value: str, common: dict[str, Any], *, dated: bool, last: bool) -> None:
    """A date or a number; empty for an open end."""
    key = common["key"]
    if dated:
        st.session_state[key] = _day(value, last=last)
        st.date_input(min_value=datetime.date.min, max_value=datetime.date.max, **common)
        return
    st.session_state[key] = _number(value)
    st.number_input(format="%.10g", step=1.0, **common)


def _day(text: str, *, last: bool) -> datetime.date | None:
    """The first or the last day of what a text spells."""
    date = date_of(text)
    if date is None:
        return None
    day = (date + 1).astype("datetime64[s]") - 1 if last else date
    found: datetime.date = day.astype("datetime64[D]").item()
    return found


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _changed(listed: Listed, place: int, name: str) -> None:
    value = st.session_state[f"{KEY}.{place}.{name}"]
    step, on = listed.steps[place]
    if isinstance(limits_of(step)[name], Place):
        value = _spelled(value)
    _replace(listed, place, (replace(step, **{name: value}), on))


def _spelled(value: datetime.date | float | None) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, datetime.date) else f"{value:.10g}"


def _said(done: Done | None) -> str:
    """What a step did, in numbers; nothing of one that was not reached."""
    if done is None:
        return ""
    said = []
    if done.before != done.after:
        words = _("Rows: {before:,} → {after:,}.")
        said.append(words.format(before=done.before, after=done.after))
    if done.said is not None:
        said.append(plain(str(done.said)))
    return " ".join(said) or _("Nothing changed.")


def _more(listed: Listed, labels: Labels | None) -> None:
    """The steps that can be added, and the way back."""
    offered = [step for step in STEPS.values() if is_dated(labels) or not step.dated]
    with st.container(horizontal=True, key=f"{KEY}.more"):
        for step in offered if len(listed.steps) < MOST_STEPS else ():
            st.button(
                _(step.label),
                icon=":material/add:",
                key=f"{KEY}.add.{step.name}",
                help=_(step.help),
                on_click=_set,
                args=(listed, (*listed.steps, (step.for_rows(labels), True))),
            )
        if listed.past:
            st.button(
                _("Undo"),
                icon=":material/undo:",
                key=f"{KEY}.undo",
                on_click=_undo,
                args=(listed,),
            )


def is_dated(labels: Labels | None) -> bool:
    """Whether rows have dates."""
    return labels is not None and labels.dtype.kind == "M"
