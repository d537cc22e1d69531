"""Saved runs that visitors open, which may be anybody's: in a process of their own, as uploads."""

from math import ceil

from lstm_viz.data.reading import wire as reading
from lstm_viz.data.reading.ceilings import MAX_BYTES
from lstm_viz.data.reading.naming import one_line
from lstm_viz.data.reading.process import Apart
from lstm_viz.errors import DataError
from lstm_viz.runs import wire
from lstm_viz.runs.film import Film
from lstm_viz.runs.run import DIVERGED, Run
from lstm_viz.runs.updates import Updates
from lstm_viz.words import N_, Sentence

LARGE = N_(
    "'{file}' has {got} MB, more than {most} MB. Save a run of fewer moments, examples or units; "
    "of a watched loop fewer 'samples'."
)


class Opener(Apart):
    """Opens what `result.save` wrote, and recordings."""

    worker = "lstm_viz.ui.opened"
    too_slow = N_("'{file}' takes more than {seconds} seconds to open. Save fewer moments.")
    died = N_("'{file}' cannot be opened: too little memory, or it is damaged.")

    def open(self, data: bytes, file: str) -> Run:
        """The run, without an id. Raises DataError for what is no saved run, or cannot be opened
        within the bounds.
        """
        if len(data) > MAX_BYTES:
            raise DataError(
                LARGE, file=one_line(file), got=ceil(len(data) / 2**20), most=MAX_BYTES // 2**20
            )
        head, found = self.ask(one_line(file), {"file": one_line(file)}, data)
        reading.check(head)
        content = wire.unpack(bytes(found[0]))
        updates = Updates.kept(**content.pop("updates"))
        film = Film.kept(content.pop("frames"), content.pop("history"), updates)
        run = Run(id="", film=film, resident=False, state="recorded", **content)
        if run.ended == "diverged":
            run.message = Sentence(DIVERGED, {"step": run.step + 1})
        return run
