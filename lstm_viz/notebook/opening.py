"""A saved run, opened."""

from pathlib import Path

import torch
from torch import nn

from lstm_viz.errors import ConfigError, DataError
from lstm_viz.instruments.isolation import device_for
from lstm_viz.instruments.kept_traces import load_history
from lstm_viz.instruments.traces import Traces
from lstm_viz.instruments.traces_file import TRACES, is_history
from lstm_viz.notebook.result import Result
from lstm_viz.runs.saved_run import SavedRun
from lstm_viz.training.loop import Training
from lstm_viz.training.own_module import OwnTraining
from lstm_viz.words import N_

Opened = Result | tuple[Traces, ...]


def open(path: str | Path, *, module: nn.Module | None = None) -> Opened:  # noqa: A001
    """What `result.save(path)` wrote, as it was: frames, history, film, the model and its answers;
    or a recording of the app. Of what `watcher.save(path)` wrote: its `history`, the traces of
    every step that was kept, of which `lstm_viz.film` makes a film.

    Of a module of somebody's own the file holds the weights, and not the code. `module`, another
    one of the same shape, takes them over; without it there is all but the model, its answers and
    its cell.

    Raises DataError for a file that is no saved run, or of a later version; ConfigError for a
    `module` whose parameters are others, or beside a network of this package or a history.
    """
    if is_history(path):
        if module is not None:
            raise ConfigError(N_("This file is a watched history: leave out 'module'."))
        return load_history(path)
    try:
        saved = SavedRun.read(path)
    except DataError as error:
        if error.sentence.values.get("format") != TRACES:
            raise
        raise DataError(
            N_("The file '{path}' holds '{format}', no run. Read it by lstm_viz.Traces.load."),
            path=str(path), format=TRACES,
        ) from error  # fmt: skip
    settings, dataset = saved.run.settings.changed(device="cpu"), saved.run.dataset
    training: Training | None = None
    if not saved.own:
        if module is not None:
            raise ConfigError(N_("This run's network is in the file: leave out 'module'."))
        training = Training(settings, dataset)
    elif module is not None:
        place = device_for(module, torch.float32).type
        training = OwnTraining(module, settings.changed(device=place), dataset)
    if training is not None:
        try:
            weights = {name: torch.from_numpy(each.copy()) for name, each in saved.weights.items()}
            training.model.load_state_dict(weights)
        except RuntimeError as error:
            raise ConfigError(
                N_("The module's parameters are not those saved: {reason}"),
                reason=" ".join(str(error).split()),
            ) from error
    return Result(training, saved.run.film, saved)
