"""The face of a text: what the network writes, and what happens in it while it reads."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from lstm_viz.data.text import decode
from lstm_viz.experiments.cost import check_reading
from lstm_viz.figures.layer_rows import gates_of
from lstm_viz.figures.palette import LOOKS, Signal
from lstm_viz.figures.text import text_view
from lstm_viz.measures.following import Following, clearest, followed, said_followed
from lstm_viz.runs.frames import LayerFrame
from lstm_viz.runs.run import Run
from lstm_viz.ui import components
from lstm_viz.ui.forecast.asking import (
    ask,
    choose_part,
    part_note,
    predictions,
    said_first,
    share_right,
)
from lstm_viz.ui.say import look_for
from lstm_viz.ui.selection import layer_name, pin, select, selected
from lstm_viz.ui.session import remembered
from lstm_viz.words import _, ngettext

LONGEST = 2000
OF_EACH = 3
"""Units offered for each thing that some follow."""
SHOWN = 300


def evaluate_text(run: Run) -> None:
    """Scores, then writing, then reading."""
    _scores(run)
    _writes(run)
    _reads(run)


def _scores(run: Run) -> None:
    part = choose_part(run)
    st.caption(part_note(run, part))
    truth, answer = predictions(run, part)
    said_first(run, part, len(truth))
    share_right(truth.ravel(), answer.ravel())
    look_for(_("How often the most probable character was correct."))


def _writes(run: Run) -> None:
    st.subheader(_("Generated text"), anchor=False)
    left, middle, right = st.columns([3, 2, 1])
    beginning = left.text_input(
        _("Beginning"),
        key=remembered("forecast.beginning", "The "),
        persist_state="session",
        max_chars=200,
    )
    temperature = middle.slider(
        _("Temperature"),
        0.0,
        2.0,
        step=0.1,
        key=remembered("forecast.temperature", 0.7),
        persist_state="session",
        help=_("0: the most probable character. 1: by the probabilities. Above: more random."),
    )
    seed = right.number_input(
        _("Seed"), 0, 999, key=remembered("forecast.seed", 0), persist_state="session",
    )  # fmt: skip
    if not beginning:
        st.info(_("Type a character for it to begin with."))
        return
    answer = ask(
        run, "write", beginning=beginning, length=400, temperature=temperature, seed=int(seed)
    )
    st.code(beginning + answer["written"], language=None, wrap_lines=True)
    look_for(_("Each character becomes the next input."))


def _reads(run: Run) -> None:
    st.subheader(_("Read a text"), anchor=False)
    dataset = run.dataset
    start = dataset.split
    sample = decode(dataset.values[start : start + SHOWN, 0], dataset.symbols)
    text = st.text_area(
        _("Text"),
        key=remembered(f"forecast.text.{run.id}", sample),
        persist_state="session",
        max_chars=LONGEST,
        help=_("At first from the validation set."),
    )
    if len(text) < 2:
        st.info(_("Type at least two characters."))
        return
    check_reading(run.settings, dataset, len(text))
    answer = ask(run, "read", text=text)
    layer, signal = _choose(answer["layers"])
    read = _signal(layer, signal)[0]
    found = followed(text, read)
    units = [int(each) for each in layer.units]
    unit = _unit(units, found)
    values = read[:, units.index(unit)]
    signed = LOOKS[signal].signed
    reach = max(1.0, float(np.abs(values).max()))
    components.text(
        text_view(
            text,
            values,
            signal=signal,
            low=-reach if signed else 0.0,
            high=reach if signed else 1.0,
            title=_("{signal}, unit {unit}").format(signal=_(LOOKS[signal].name), unit=unit),
            top=(answer["top"], answer["probabilities"]),
            symbols=dataset.symbols,
            cursor=selected().t,
            subject=run.id,
        ),
        key="forecast.reading",
        t=lambda: select(t=components.picked("forecast.reading").t),
    )
    name = _(LOOKS[signal].name)
    st.markdown(said_followed(found, units.index(unit), unit, name))
    words = ngettext(
        "Point at a character for the expected ones. Training windows: {window} character.",
        "Point at a character for the expected ones. Training windows: {window} characters.",
        dataset.window,
    )
    look_for(words.format(window=dataset.window))


def _choose(layers: dict[str, LayerFrame]) -> tuple[LayerFrame, Signal]:
    left, right = st.columns(2)
    names = list(layers)
    name = left.selectbox(_("Layer"), names, index=len(names) - 1, format_func=layer_name)
    layer = layers[name]
    signals: list[Signal] = ["hidden", *gates_of(layer)]
    if layer.cell is not None:
        signals.insert(0, "cell")
    signal = right.selectbox(_("Signal"), signals, format_func=lambda s: _(LOOKS[s].name))
    return layer, signal


def _unit(units: Sequence[int], found: Sequence[Following]) -> int:
    """The unit that colours the text: one of those that follow something most closely, or another
    by its number.
    """
    best = {units[each.unit]: each for each in clearest(found, of_each=OF_EACH)}
    chosen = selected().unit
    unit = chosen if chosen is not None and chosen in units else next(iter(best), units[0])
    left, right = st.columns([5, 1], vertical_alignment="bottom")
    if best:
        left.pills(
            _("Units that follow something in this text"),
            list(best),
            format_func=lambda each: f"{each}: {_(best[each].what)}",
            **_holding("forecast.followers", unit if unit in best else None),
            help=_(
                "At most {most} of each, clearest first: AUC from 0.9 for kinds of characters, "
                "correlation from 0.8 for places."
            ).format(most=OF_EACH),
        )
    else:
        left.caption(_("No unit follows anything measured here."))
    right.selectbox(_("Unit"), units, **_holding("forecast.unit", unit))
    return unit


def _holding(key: str, unit: int | None) -> dict[str, Any]:
    """A control that shows the unit pinned last, wherever it was pinned, and pins another."""
    st.session_state[key] = unit

    def moved() -> None:
        if st.session_state[key] is not None:
            pin([st.session_state[key]])

    return {"key": key, "on_change": moved}


def _signal(layer: LayerFrame, signal: Signal) -> np.ndarray:
    if signal == "cell":
        assert layer.cell is not None
        return layer.cell
    return layer.hidden if signal == "hidden" else layer.gates[signal]
