"""What a trainer says of a request that it could not follow."""

from lstm_viz.runs.messages import (
    Answer,
    Ask,
    Bound,
    Event,
    Load,
    Ping,
    Refused,
    Request,
    Snapshot,
    StateChanged,
    Submit,
    Unload,
)
from lstm_viz.runs.mishaps import in_words


def refusal(request: Request, error: Exception) -> Event:
    """To whoever sent the request. Raises the error itself where it is no run's and no answer's."""
    said = in_words(error)
    match request:
        case Ask() | Snapshot():
            return Answer(request.number, error=said)
        case Submit():
            return StateChanged(request.run_id, "failed", said.sentence, resident=False)
        case Bound() | Load() | Unload() | Ping():
            raise error
        case _:
            return Refused(request.run_id, said.sentence)
