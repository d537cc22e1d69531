"""What goes wrong in one run or one question: said of it, and kept from all others."""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from lstm_viz.errors import LstmVizError, TrainerError
from lstm_viz.words import N_

OUT_OF_MEMORY = N_(
    "This needs more memory than the trainer has. Choose fewer units or layers, a shorter "
    "sequence or a smaller batch."
)
UNEXPECTED = N_("The trainer met an unexpected error: {error}.")

_LOG = logging.getLogger(__name__)


def in_words(error: Exception) -> LstmVizError:
    """An error as it is said to whoever started the run or asked the question. Where memory ran
    out, what the calls held that ended in it is let go of: before that nothing can be said.
    """
    if isinstance(error, LstmVizError):
        return error
    if is_out_of_memory(error):
        traceback.clear_frames(error.__traceback__)
        return TrainerError(OUT_OF_MEMORY)
    return TrainerError(UNEXPECTED, error=repr(error))


def is_out_of_memory(error: BaseException) -> bool:
    """Whether memory ran out; PyTorch says so on a CPU with a plain RuntimeError."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    said = str(error) if isinstance(error, RuntimeError) else ""
    return "bad_alloc" in said or ("alloc" in said and "memory" in said)


@contextmanager
def logged(what: str) -> Iterator[None]:
    """Go on whatever happens inside; the log says what did."""
    try:
        yield
    except Exception:  # noqa: BLE001 - whatever it is
        _LOG.exception("Went on without %s", what)
