"""A saved run, opened in the app: its visitor's own, and gone with them."""

from dataclasses import dataclass, field, replace
from threading import Lock

import streamlit as st

from lstm_viz.data.reading.ceilings import MAX_BYTES
from lstm_viz.data.reading.naming import one_line
from lstm_viz.errors import LstmVizError, kept
from lstm_viz.runs.keeping import FILE_SECONDS
from lstm_viz.ui.controls import about
from lstm_viz.ui.data.upload import let_go_of
from lstm_viz.ui.owning import owner
from lstm_viz.ui.say import plain, say_error
from lstm_viz.ui.selection import OPENED, select
from lstm_viz.ui.service import service, trainer, viewer
from lstm_viz.ui.uploads import MEGABYTE
from lstm_viz.words import _

FILES, WANTED = "opening.files", "opening.wanted"
"""In the session: how many files there were, and the last one."""


@dataclass
class Wanted:
    """A file to open. What became of it is kept here, and not in the script that opened it: another
    may begin at any time, and then that one is ended.
    """

    data: bytes
    name: str
    run: str = ""
    """The id of its run, once it is open."""
    error: LstmVizError | None = None
    lock: Lock = field(default_factory=Lock)

    def open(self, viewer: str, owner: str) -> None:
        """Read it and register its run, once, without a word to Streamlit."""
        runs = trainer().runs
        with self.lock:
            if self.run or self.error is not None:
                return
            try:
                read = service().opener.open(self.data, self.name)
                taken = runs.take_in(replace(read, owner=owner))
            except LstmVizError as error:
                self.error = kept(error)
            else:
                runs.watch(taken.id, viewer)
                self.run = taken.id
            self.data = b""


def bring() -> None:
    """The way to open one; once it is open, the page that shows it."""
    wanted: Wanted | None = st.session_state.get(WANTED)
    failed = wanted is not None and wanted.error is not None
    with st.expander(_("Open a saved run"), failed, icon=":material/folder_open:"):
        st.file_uploader(
            _("A run or a watched loop that the library saved"),
            key=(key := f"opening.file.{st.session_state.setdefault(FILES, 0)}"),
            on_change=_take,
            args=(key,),
            max_upload_size=MAX_BYTES // MEGABYTE,
            help=_(
                "What `result.save` or `watcher.save` wrote, or a recording. Forgotten "
                "when you open another, and {time} after you close this tab."
            ).format(time=about(FILE_SECONDS)),
        )
        if failed and wanted and wanted.error:
            say_error(wanted.error)
    if wanted is not None and wanted.error is None:
        _open(wanted)


def _take(key: str) -> None:
    """The next uploader has another key, and so is empty; of the former one Streamlit may tell
    again, where a script was ended before it was through.
    """
    file = st.session_state.get(key)
    if file is not None and key.endswith(f".{st.session_state[FILES]}"):
        st.session_state[WANTED] = Wanted(file.getvalue(), one_line(file.name))
        st.session_state[FILES] += 1
        let_go_of(file.file_id)


def _open(wanted: Wanted) -> None:
    """Open it, and go where it is shown."""
    here, mine = viewer(), owner()
    if not wanted.run:
        with st.spinner(_("Opening {name} ...").format(name=plain(wanted.name))):
            wanted.open(here, mine)
    if wanted.error is not None:
        st.rerun()
    former = st.session_state.get(OPENED, "")
    st.session_state[OPENED] = wanted.run
    select(run=wanted.run, step=None, layer=None, sample=0, t=None, units=None, example=None)
    if former != wanted.run:
        trainer().runs.let_go(former, here)
    del st.session_state[WANTED]
    st.switch_page("pages/inside/cell.py")
