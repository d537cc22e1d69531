"""A cell that the feed brings: what its page says of it beforehand."""

from collections.abc import Sequence
from typing import Any

from lstm_viz.figures.packing import pack
from lstm_viz.words import N_, _

WORDS = {
    "keys": N_("The cell, drawn: its numbers are on their way."),
    "other": N_("These are another moment's numbers; this one's are on their way."),
}


def fed_cell(
    topic: str,
    *,
    at: int | None,
    subject: str,
    cursor: int | None = None,
    pinned: Sequence[int] | None = None,
    notes: Sequence[str] = (),
    other: str | None = None,
) -> bytes:
    """Pack what the component asks the feed for.

    - `topic`: the feed's name for the cell, with "{step}" where a training step goes.
    - `at`: the training step at which it stands where no film says one; None for the newest.
    - `other`: what is said of the numbers of another moment, where those of this one do not come.
    - the others as in `cell_view`.
    """
    header: dict[str, Any] = {
        "topic": topic,
        "at": at,
        "subject": subject,
        "cursor": cursor,
        "pinned": list(pinned) if pinned is not None else None,
        "notes": list(notes),
        "words": {key: _(word) for key, word in WORDS.items()},
    }
    if other:
        header["words"]["other"] = other
    return pack(header, [])
