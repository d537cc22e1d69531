"""How a file was read: its first rows, what each was taken for, and each decision as a choice."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from lstm_viz.data.reading.content import FORMATS
from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.reading import Reading
from lstm_viz.data.reading.structure.layout import Line, Role
from lstm_viz.data.reading.tables import Stacked
from lstm_viz.data.reading.texts.decoding import ENCODINGS
from lstm_viz.ui.say import mistakes_kept, plain
from lstm_viz.ui.service import service, viewer
from lstm_viz.ui.session import choose, setting
from lstm_viz.ui.uploads import Upload
from lstm_viz.words import N_, _, ngettext

DELIMITER_NAMES = {
    ",": N_("commas"),
    ";": N_("semicolons"),
    "\t": N_("tabs"),
    "|": N_("bars"),
    " ": N_("spaces"),
    "fixed": N_("columns of fixed width"),
    "": N_("nothing: one column"),
}
DECIMAL_NAMES = {".": N_("a point: 1.5"), ",": N_("a comma: 1,5")}
ORDER_NAMES = {True: N_("the day first: 31/12"), False: N_("the month first: 12/31")}
ROLES: Mapping[Role, str] = {
    "names": N_("names"),
    "units": N_("units"),
    "data": N_("data"),
    "left out": N_("left out"),
}
TINTS: Mapping[Role, str] = {
    "names": "rgb(60 120 216 / 22%)",
    "units": "rgb(46 150 90 / 22%)",
    "data": "transparent",
    "left out": "rgb(128 128 128 / 22%)",
}
"""Over the page's own background, light or dark."""
KEY = "import"
MOST_ASKED = 3
WIDTH = 230


def how_it_was_read() -> None:
    """What was found in the file, in words, and the panel that corrects it."""
    upload = service().uploads.of(viewer())
    if upload is None:
        return
    st.caption(" · ".join(_facts(upload.reading)))
    for note in upload.reading.notes:
        st.caption(plain(note))
    _ask(upload)
    _choose_entity(upload)
    layout = upload.reading.layout
    with st.expander(
        _("How the file was read"),
        expanded=_is_doubtful(layout) or upload.how != How(),
        icon=":material/edit:",
        key=f"{KEY}.panel.{upload.reading.name}",
    ):
        _rows(layout.get("lines", ()))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            _choices(upload)


def _is_doubtful(layout: Mapping[str, Any]) -> bool:
    return bool(layout.get("strange")) or layout.get("undecided", False)


def _ask(upload: Upload) -> None:
    """What the file leaves open, each a click."""
    layout = upload.reading.layout
    if not _is_doubtful(layout):
        return
    with st.container(horizontal=True):
        if layout.get("undecided"):
            other = not layout["day_first"]
            label = _("Read the day first") if other else _("Read the month first")
            how = replace(upload.how, day_first=other)
            st.button(label, on_click=_read, args=(upload, how), key=f"{KEY}.other")
        for number in layout.get("strange", ())[:MOST_ASKED]:
            label = _("{number} stands for a missing value").format(number=_written(number))
            how = replace(upload.how, missing=(*(upload.how.missing or ()), number))
            st.button(label, on_click=_read, args=(upload, how), key=f"{KEY}.gone.{number}")


def _facts(reading: Reading) -> list[str]:
    layout = reading.layout
    facts = [_("Read as {format}").format(format=_(FORMATS[layout["format"]].label))]
    if layout.get("encoding"):
        facts.append(layout["encoding"])
    if reading.text is not None:
        count = len(reading.text)
        return [*facts, ngettext("1 character", "{count:,} characters", count).format(count=count)]
    if reading.sequences is not None:
        count = len(reading.sequences)
        return [*facts, ngettext("1 sequence", "{count:,} sequences", count).format(count=count)]
    if layout.get("delimiter") is not None:
        separator = _(DELIMITER_NAMES[layout["delimiter"]])
        facts.append(_("separated by {separator}").format(separator=separator))
        facts.append(_("decimal comma") if layout["decimal"] == "," else _("decimal point"))
    if layout.get("sheet"):
        said = _("table {name}") if layout["format"] == "hdf" else _("sheet {name}")
        facts.append(said.format(name=plain(layout["sheet"])))
    rows, count = (reading.frame if reading.stacked is None else reading.stacked).shape
    facts.append(ngettext("1 row", "{rows:,} rows", rows).format(rows=rows))
    numeric = ngettext("1 numeric column", "{count} numeric columns", count)
    facts.append(numeric.format(count=count))
    if layout.get("time"):
        facts.append(_("rows labelled by {name}").format(name=plain(" + ".join(layout["time"]))))
    return facts


def _rows(lines: Sequence[Line]) -> None:
    """Rows as they stand in the file, each with what it was taken for, in colour and in a word."""
    if not lines:
        return
    style = "padding:0 .5em;white-space:pre;border:0;"
    made = "".join(
        f'<tr style="background:{TINTS[role]}">'
        f'<td style="{style}text-align:right">{number + 1}</td>'
        f'<td style="{style}">{html.escape(_(ROLES[role]))}</td>'
        f'<td style="{style}">{html.escape(text)}</td></tr>'
        for number, role, text in lines
    )
    table = f'<table style="border-collapse:collapse;font:.8rem monospace">{made}</table>'
    st.html(f'<div style="overflow:auto;max-height:15rem" tabindex="0">{table}</div>')


def _choices(upload: Upload) -> None:
    """Every decision that this kind of file has, standing at what was found."""
    layout = upload.reading.layout
    sheet = _("Table") if layout["format"] == "hdf" else _("Sheet")
    for name, label in (("sheet", sheet), ("member", _("File in the archive"))):
        known = layout.get(f"{name}s", ())
        if len(known) > 1:
            _select(upload, name, label, {each: each for each in known})
    if layout.get("encoding"):
        _select(upload, "encoding", _("Encoding"), {name: name for name in ENCODINGS})
    if layout.get("delimiter") is not None:
        _select(upload, "delimiter", _("Columns separated by"), DELIMITER_NAMES)
        _select(upload, "decimal", _("Decimal mark"), DECIMAL_NAMES)
    if layout.get("lines"):
        numbers = [number for number, *_rest in layout["lines"]]
        gone = [number for number, role, _text in layout["lines"] if role == "left out"]
        _several(upload, "header", _("Rows with names or units"), numbers, layout["header"])
        _several(upload, "skip", _("Rows left out"), numbers, gone)
    if layout.get("columns"):
        _choices_of_columns(upload, layout["columns"])
    if upload.how != How():
        st.button(
            _("Find everything anew"),
            icon=":material/restart_alt:",
            on_click=_read,
            args=(upload, How()),
            help=_("Forget the corrections; read the file as at first."),
        )


def _choices_of_columns(upload: Upload, columns: Sequence[str]) -> None:
    layout = upload.reading.layout
    _several(upload, "time", _("Columns that say when"), columns, layout["time"])
    if "day_first" in layout:
        _select(upload, "day_first", _("Dates with"), ORDER_NAMES)
    if "commas" in layout:
        label = _("Columns with a decimal comma")
        _several(upload, "commas", label, layout["numeric"], layout["commas"])
    _missing(upload)
    names = {"": N_("one series"), **{name: name for name in columns}}
    if layout["entity"]:
        names.setdefault(layout["entity"], layout["entity"])
    _select(upload, "entity", _("Whose row it is, says"), names)


def _select(upload: Upload, name: str, label: str, options: Mapping[Any, str]) -> None:
    key = f"{KEY}.{name}"
    found = upload.reading.layout.get(name)
    st.session_state[key] = found if found in options else next(iter(options))
    st.selectbox(
        label,
        list(options),
        format_func=lambda each: _(options[each]),
        key=key,
        on_change=_told,
        args=(upload, name),
        width=WIDTH,
    )


def _several(
    upload: Upload, name: str, label: str, options: Sequence[Any], found: Sequence[Any]
) -> None:
    key = f"{KEY}.{name}"
    st.session_state[key] = [each for each in found if each in options]
    st.multiselect(
        label,
        list(options),
        format_func=lambda each: str(each + 1) if isinstance(each, int) else each,
        key=key,
        on_change=_told,
        args=(upload, name),
        width=WIDTH,
    )


def _missing(upload: Upload) -> None:
    """Numbers and words that stand for nothing: those that were told, and those that may."""
    layout, key = upload.reading.layout, f"{KEY}.missing"
    told = [_written(each) for each in layout.get("missing", ())]
    offered = [_written(each) for each in layout.get("strange", ())]
    st.session_state[key] = told
    st.multiselect(
        _("Stands for a missing value"),
        list(dict.fromkeys([*told, *offered])),
        key=key,
        on_change=_told,
        args=(upload, "missing"),
        accept_new_options=True,
        width=WIDTH,
        help=_("Empty cells, NaN or n/a always do. Type a number or a word."),
    )


def _written(told: str | float) -> str:
    return told if isinstance(told, str) else f"{told:g}"


def _told(upload: Upload, name: str) -> None:
    """Read the file again with one decision changed."""
    value = st.session_state[f"{KEY}.{name}"]
    if name == "commas":
        told = {each: "," if each in value else "." for each in upload.reading.layout["numeric"]}
        name, value = "marks", told
    if name == "skip":
        value = [*value, *_unseen(upload.reading.layout)]
    changed = How.of({name: value})
    how = replace(upload.how, **{name: getattr(changed, name)})
    if name in ("encoding", "sheet", "member", "delimiter"):  # other rows, other columns
        how = replace(how, header=None, skip=None, time=None, entity=None, marks=None)
    _read(upload, how)


def _unseen(layout: Mapping[str, Any]) -> list[tuple[int, int]]:
    """The rows that are left out and not shown."""
    seen = {number for number, *_rest in layout["lines"]}
    rows = (row for start, stop in layout["skip"] for row in range(start, stop))
    return [(row, row + 1) for row in rows if row not in seen]


ALL: Mapping[Stacked, str] = {
    "sequences": N_("all, as sequences that no window crosses"),
    "columns": N_("all, each as a column"),
}
"""What of several series is learned from where it is not one."""


def _choose_entity(upload: Upload) -> None:
    """Whose rows are learned from, where the file has those of several."""
    names, key = upload.reading.entities, f"{KEY}.series"
    if not names:
        return
    stacked, entity = upload.series_of(setting("data.stacked"), setting("data.entity"))
    one = stacked == "one"
    st.session_state[key] = (stacked, entity or names[0]) if one else (stacked, "")
    st.selectbox(
        _("Series in this file"),
        [*(("one", name) for name in names), *((each, "") for each in ALL)],
        format_func=lambda each: each[1] or _(ALL[each[0]]),
        key=key,
        on_change=_series_chosen,
        help=_("Several series are stacked in this file; they are never mixed."),
    )
    if one and setting("data.entity") not in ("", *names):
        words = _("The file has no series '{name}': its first is taken.")
        st.caption(words.format(name=plain(setting("data.entity"))))
    if stacked == "sequences":
        st.caption(_("Each has its own training, validation and test set and scaling."))


def _series_chosen() -> None:
    """Other series have the same columns, unless they are columns themselves."""
    stacked, entity = st.session_state[f"{KEY}.series"]
    before = setting("data.stacked")
    choose({"data.stacked": stacked, "data.entity": entity})
    if "columns" in (before, stacked):
        choose({"data.targets": [], "data.features": []})


def _read(upload: Upload, how: How) -> None:
    """Read the same file otherwise; what cannot be read so leaves it as it was."""
    with mistakes_kept():
        service().uploads.take(viewer(), upload.data, upload.name, how)
        choose({"data.targets": [], "data.features": []})
