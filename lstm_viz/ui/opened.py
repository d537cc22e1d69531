"""The process behind `Opener`: saved runs come in, and what the pages can show of them goes out."""

from dataclasses import replace
from typing import Any

from lstm_viz.data.reading import wire as reading
from lstm_viz.data.reading.naming import one_line
from lstm_viz.data.reading.worker import Answer, serve
from lstm_viz.errors import DataError, LstmVizError
from lstm_viz.figures.cell.of_run import run_cell
from lstm_viz.figures.layer_film import LayerFilm
from lstm_viz.figures.saved_film import saved_film
from lstm_viz.models.cells import CELLS
from lstm_viz.runs import wire
from lstm_viz.runs.film import Film
from lstm_viz.runs.run import BEFORE_ITS_END, Run
from lstm_viz.runs.saved_run import KEPT, NO_RUN, SavedRun, why_no_run
from lstm_viz.words import N_

MOST_NAME = 60
SHOWN = (
    *(name for name in KEPT if name != "state"),
    *("label", "file", "module", "anatomies", "ended", "message"),
)
"""What of it comes back, besides its film."""
NO_LAYER = N_(
    "In '{file}' no layer runs once over its input's steps, as these pages show. See "
    "lstm_viz.open(...).film."
)


def answer(head: dict[str, Any], arrays: list[bytearray]) -> Answer:
    """What `Opener.open` makes a run of, or why there is none."""
    file, data = head["file"], bytes(arrays[0])
    arrays.clear()
    try:
        run = as_shown(SavedRun.read(data, file), file)
        _try(run)
    except LstmVizError as refused:
        return reading.answer(refused)
    except Exception as error:  # noqa: BLE001 - whatever a file holds
        return reading.answer(DataError(NO_RUN, path=file, reason=why_no_run(error)))
    content: dict[str, Any] = {name: getattr(run, name) for name in SHOWN}
    film = run.film
    content |= {"frames": film.frames, "history": film.history, "updates": vars(film.updates)}
    return {}, [wire.pack(content)]


def as_shown(saved: SavedRun, file: str) -> Run:
    """As the pages show it. Of a module of somebody's own: the layers that run once over the steps
    of the input, and no weights, since there is no network here to put them into.

    Raises DataError where no layer is left.
    """
    run = saved.run
    inputs = run.examples.inputs.shape[1]
    last = run.film.frames[-1]
    layers = [
        name
        for name, layer in last.layers.items()
        if layer.kind in CELLS and layer.hidden.shape[1] == inputs and layer.flow_norms
    ]
    if not any(not last.layers[name].reverse for name in layers):
        raise DataError(NO_LAYER, file=file)
    if last.weights is None and last.step == run.step:  # what it ended with is what this ran with
        last = replace(last, weights=saved.weights)
    frames = [
        replace(
            frame,
            layers={name: frame.layers[name] for name in layers},
            weights=None if saved.own else frame.weights,
        )
        for frame in (*run.film.frames[:-1], last)
    ]
    return replace(
        run,
        film=Film.kept(frames, run.film.history, run.film.updates),
        label=one_line(saved.name)[:MOST_NAME] if saved.own else "",
        file=file[:MOST_NAME],
        module=saved.own,
        anatomies=saved.anatomies,
        data=None,
        ended=run.state if run.state in BEFORE_ITS_END else "",
        message=run.message if run.watched else None,
    )


def _try(run: Run) -> None:
    """Draw all of it: what cannot be drawn here cannot be drawn in a page."""
    if not run.watched:
        float(run.chance.loss)
    for layer in run.film.frames[-1].layers:
        saved_film(LayerFilm(run, layer, 0), "", own=run.module)
        for sample in range(len(run.examples.inputs)):
            film = LayerFilm(run, layer, sample)
            for frame in run.film.frames:
                film.of(frame).flow(sample)
    for place, anatomy in run.anatomies.items():
        layer, _slash, number = place.rpartition("/")
        run_cell(run, anatomy, layer, int(number))


def _load() -> None:
    """Libraries, before the bounds are set: those that are imported above."""


if __name__ == "__main__":
    serve(answer, _load)
