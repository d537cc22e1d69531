"""Your own data: a file or a pasted text, how it was read, and the way to correct that."""

from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lstm_viz.data.reading.ceilings import MAX_BYTES, MAX_CELLS, MAX_COLUMNS, MAX_LETTERS, MAX_ROWS
from lstm_viz.data.reading.decoding import ENCODINGS
from lstm_viz.data.reading.how import How
from lstm_viz.data.reading.read import FORMATS, SUFFIXES
from lstm_viz.data.reading.reading import Reading
from lstm_viz.ui.choices import uploaded
from lstm_viz.ui.controls import about
from lstm_viz.ui.say import mistakes_kept, plain
from lstm_viz.ui.service import service, viewer
from lstm_viz.ui.session import choose
from lstm_viz.ui.uploads import MEGABYTE, Upload
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
HEADER_NAMES = {"yes": N_("column names"), "no": N_("data")}
PASTED = N_("pasted text")


def bring() -> None:
    """The ways to bring data along."""
    service().uploads.expect()
    st.file_uploader(
        _("File"),
        type=[suffix[1:] for suffix in SUFFIXES],
        key=_file_key(),
        on_change=_take_file,
        max_upload_size=MAX_BYTES // MEGABYTE,
        help=_(
            "The file is deleted from this server when another takes its place, and {time} after "
            "you close this tab. Runs trained on it keep a copy while they exist."
        ).format(time=about(service().uploads.limits.upload_seconds)),
    )
    st.caption(
        _(
            "CSV, Excel, Parquet, JSON, NumPy, MATLAB, ARFF, .ts or text, also packed; at most "
            "{size} MB, {rows:,} rows, {columns:,} columns and {cells:,} numbers, or {letters:,} "
            "characters of text."
        ).format(
            size=MAX_BYTES // MEGABYTE,
            rows=MAX_ROWS,
            columns=MAX_COLUMNS,
            cells=MAX_CELLS,
            letters=MAX_LETTERS,
        )
    )
    with st.expander(_("Paste instead"), icon=":material/content_paste:"):
        st.text_area(
            _("Numbers or text"),
            key="data.pasted",
            height=120,
            help=_(
                "A table with one row per time step, or a text to learn character by character."
            ),
        )
        st.button(_("Use this"), on_click=_take_pasted, help=_("Read the pasted data."))
    content = uploaded()
    if content is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_("Chosen: **{name}**").format(name=plain(content.name)))
            st.button(
                _("Remove"),
                icon=":material/delete:",
                on_click=_remove,
                help=_("Remove this data. Runs trained on it keep their copy."),
            )


def _file_key() -> str:
    """The uploader's key: another one after each file, so that it is empty for the next.

    What it would go on to show may be a file that could not be read; what is chosen is said below.
    """
    return f"data.file.{st.session_state.setdefault('data.files', 0)}"


def _take_file() -> None:
    file = st.session_state[_file_key()]
    if file is not None:
        st.session_state["data.files"] += 1
        _take(file.getvalue(), file.name)
        _let_go_of(file.file_id)


def _let_go_of(file: str) -> None:
    """Streamlit would keep a file that was read until the session ends."""
    context = get_script_run_ctx()
    if context is not None:
        kept: Any = context.uploaded_file_mgr  # its protocol does not know what it can do
        kept.remove_file(context.session_id, file)


def _take_pasted() -> None:
    _take(st.session_state["data.pasted"].encode(), f"{_(PASTED)}.txt")


def _take(data: bytes, name: str, how: How | None = None, entity: str = "") -> None:
    """Read it; what cannot be read leaves the former one in place."""
    with mistakes_kept():
        upload = service().uploads.take(viewer(), data, name, how, entity)
        if st.session_state.get("data.upload") != upload.name:
            choose({"data.upload": upload.name, "data.targets": [], "data.features": []})
        if how is None:
            for key in list(st.session_state):
                if str(key).startswith("told."):
                    del st.session_state[key]


def still_chosen() -> None:
    """After another file could not be read: whose figures these are."""
    upload = service().uploads.of(viewer())
    if upload is not None:
        st.warning(
            _("Still chosen, and shown below: **{name}**.").format(name=plain(upload.name)),
            icon=":material/description:",
        )


def _remove() -> None:
    service().uploads.drop(viewer())
    choose({"data.upload": ""})


def how_it_was_read() -> None:
    """What was found in the file, in words, and what to do if it is not right."""
    upload = service().uploads.of(viewer())
    if upload is None:
        return
    st.caption(" · ".join(_facts(upload.reading)))
    if upload.reading.left_out:
        names = ", ".join(plain(name) for name in upload.reading.left_out[:5])
        st.caption(_("Left out, not numeric: {names}").format(names=names))
    _choose_entity(upload)
    _correct(upload)


def _facts(reading: Reading) -> list[str]:
    layout = reading.layout
    facts = [_("Read as {format}").format(format=_(FORMATS[layout["format"]].label))]
    if layout.get("encoding"):
        facts.append(layout["encoding"])
    if reading.text is not None:
        count = len(reading.text)
        return [*facts, ngettext("1 character", "{count:,} characters", count).format(count=count)]
    if layout.get("delimiter") is not None:
        separator = _(DELIMITER_NAMES[layout["delimiter"]])
        facts.append(_("separated by {separator}").format(separator=separator))
        facts.append(_("decimal comma") if layout["decimal"] == "," else _("decimal point"))
    if layout.get("sheet"):
        facts.append(_("sheet {name}").format(name=plain(layout["sheet"])))
    rows, count = reading.frame.shape
    facts.append(ngettext("1 row", "{rows:,} rows", rows).format(rows=rows))
    numeric = ngettext("1 numeric column", "{count} numeric columns", count)
    facts.append(numeric.format(count=count))
    if layout.get("time"):
        facts.append(_("rows labelled by {name}").format(name=plain(" + ".join(layout["time"]))))
    return facts


def _choose_entity(upload: Upload) -> None:
    """Whose rows are learned from, where the file has those of several."""
    if not upload.reading.entities:
        return
    key = "data.entity"
    st.session_state[key] = upload.entity
    st.selectbox(
        _("Series in this file"),
        upload.reading.entities,
        key=key,
        on_change=lambda: _take(upload.data, upload.name, upload.how, st.session_state[key]),
        help=_("The rows of several series are stacked in this file; each is learned by itself."),
    )


def _correct(upload: Upload) -> None:
    """Widgets for what the user knows better than the reader."""
    layout = upload.reading.layout
    is_csv, sheets = layout.get("delimiter") is not None, layout.get("sheets") or ()
    if not is_csv and not sheets and upload.reading.text is None:
        return
    with st.expander(_("Not right? Correct it"), icon=":material/edit:"):
        told: dict[str, Any] = {}
        with st.container(horizontal=True):
            if is_csv:
                told["delimiter"] = _told(_("Separated by"), "delimiter", DELIMITER_NAMES)
                told["decimal"] = _told(_("Decimal mark"), "decimal", DECIMAL_NAMES)
            if is_csv or upload.reading.text is not None:
                known = {name: name for name in ENCODINGS}
                told["encoding"] = _told(_("Encoding"), "encoding", known)
            if is_csv or sheets:
                header = _told(_("First row"), "header", HEADER_NAMES)
                told["header"] = None if header is None else [0] if header == "yes" else []
            if len(sheets) > 1:
                told["sheet"] = _told(_("Sheet"), "sheet", {name: name for name in sheets})
        st.button(
            _("Read it again"),
            on_click=_take,
            args=(upload.data, upload.name, How.of(told)),
            help=_("Read the same file with these settings."),
        )


def _told(label: str, name: str, options: dict[str, str]) -> str | None:
    """One correction; None leaves it to be found."""
    chosen: str | None = st.selectbox(
        label,
        [None, *options],
        format_func=lambda each: _("detect") if each is None else _(options[each]),
        key=f"told.{name}",
        persist_state="session",
        width=220,
        help=_("Set by hand, or detect automatically."),
    )
    return chosen
