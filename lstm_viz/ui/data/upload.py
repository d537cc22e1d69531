"""Your own data: a file or a pasted text."""

from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lstm_viz.data.choice import DataChoice
from lstm_viz.data.reading.ceilings import MAX_BYTES, MAX_CELLS, MAX_COLUMNS, MAX_LETTERS, MAX_ROWS
from lstm_viz.data.reading.tables import Table
from lstm_viz.ui.choices import uploaded
from lstm_viz.ui.controls import about
from lstm_viz.ui.data.preparing import KEPT, LISTED, Listed, is_dated
from lstm_viz.ui.say import mistakes_kept, plain
from lstm_viz.ui.service import service, viewer
from lstm_viz.ui.session import KEPT_COLUMNS, choose, setting
from lstm_viz.ui.uploads import MEGABYTE, Upload
from lstm_viz.words import N_, _

PASTED = N_("pasted text")


def bring() -> None:
    """The ways to bring data along."""
    from lstm_viz.data.reading.content import SUFFIXES  # the first page waits for no reader

    service().uploads.expect()
    st.file_uploader(
        _("File"),
        type=[suffix[1:] for suffix in SUFFIXES],
        key=(key := _file_key()),
        on_change=_take_file,
        args=(key,),
        max_upload_size=MAX_BYTES // MEGABYTE,
        help=_(
            "Deleted from this server when another takes its place, or {time} after you close "
            "this tab. Runs trained on it keep a copy."
        ).format(time=about(service().uploads.limits.upload_seconds)),
    )
    st.caption(
        _(
            "CSV, Excel, Parquet, JSON, NumPy, MATLAB, HDF5, NetCDF, ARFF, .ts or text, also "
            "packed; at most {size} MB, {rows:,} rows, {columns:,} columns and {cells:,} numbers, "
            "or {letters:,} characters of text."
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
            help=_("A row per time step, or a text to learn by character."),
        )
        st.button(_("Use this"), on_click=_take_pasted)
    content = uploaded()
    if content is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_("Chosen: **{name}**").format(name=plain(content.name)))
            st.button(
                _("Remove"),
                icon=":material/delete:",
                on_click=_remove,
                help=_("Runs trained on it keep their copy."),
            )


def _file_key() -> str:
    """The uploader's key: another one after each file, so that it is empty for the next.

    What it would go on to show may be a file that could not be read; what is chosen is said below.
    """
    return f"data.file.{st.session_state.setdefault('data.files', 0)}"


def _take_file(key: str) -> None:
    """Streamlit tells of a file again where the script was ended before it was through."""
    file = st.session_state.get(key)
    if file is not None and key == _file_key():
        st.session_state["data.files"] += 1
        _take(file.getvalue(), file.name)
        let_go_of(file.file_id)


def let_go_of(file: str) -> None:
    """Streamlit would keep a file that was read until the session ends."""
    context = get_script_run_ctx()
    if context is not None:
        kept: Any = context.uploaded_file_mgr  # its protocol does not know what it can do
        kept.remove_file(context.session_id, file)


def _take_pasted() -> None:
    _take(st.session_state["data.pasted"].encode(), f"{_(PASTED)}.txt")


def _take(data: bytes, name: str) -> None:
    """Read it; what cannot be read leaves the former one in place."""
    with mistakes_kept():
        before = service().uploads.of(viewer())
        upload = service().uploads.take(viewer(), data, name)
        if setting("data.upload") != upload.name:
            _begin(upload)
        elif before is not None and not goes_on(before, upload):
            if setting("data.preparation"):
                words = _("{name} is another file now: the former steps are gone.")
                st.toast(words.format(name=plain(upload.name)), icon=":material/construction:")
            _begin(upload)


def goes_on(before: Upload, upload: Upload) -> bool:
    """Whether a file of the same name may be a later state of the same: columns and dates alike.

    All that is pasted has one name.
    """
    if before.data == upload.data:
        return True
    old, new = before.content, upload.content
    if upload.name == f"{_(PASTED)}.txt" or not (isinstance(old, Table) and isinstance(new, Table)):
        return False
    alike = [column.name for column in old.columns] == [column.name for column in new.columns]
    return alike and is_dated(old.index) == is_dated(new.index)


def _begin(upload: Upload) -> None:
    """A file that nothing was chosen of yet; what was kept of one of its name is another's."""
    for kept in (KEPT, KEPT_COLUMNS):
        st.session_state.get(kept, {}).pop(("upload", upload.name), None)
    anew: dict[str, Any] = {f"data.{each}": [] for each in ("targets", "features", "preparation")}
    whose = {"data.stacked": DataChoice.stacked, "data.entity": DataChoice.entity}
    choose({"data.upload": upload.name, LISTED: Listed(("", "")), **anew, **whose})


def still_chosen() -> None:
    """After another file could not be read: whose figures these are."""
    upload = service().uploads.of(viewer())
    if upload is not None:
        st.warning(
            _("Still chosen: **{name}**.").format(name=plain(upload.name)),
            icon=":material/description:",
        )


def _remove() -> None:
    service().uploads.drop(viewer())
    choose({"data.upload": ""})
