"""Recorded runs: a training that really happened, kept as a file of data."""

import gzip
import logging
from io import BytesIO
from pathlib import Path

from lstm_viz.data.dataset import Dataset
from lstm_viz.errors import DataError
from lstm_viz.experiments.settings import Settings
from lstm_viz.files import RECORDINGS
from lstm_viz.runs import wire
from lstm_viz.runs.checked import MOST_BYTES, too_large
from lstm_viz.runs.film import Film
from lstm_viz.runs.run import Run
from lstm_viz.words import N_

SUFFIX = ".run.gz"
FORMAT = 4
"""What a recording holds; one of another format is left out."""
_LOG = logging.getLogger(__name__)


def save(run: Run, path: Path) -> None:
    """Write a run's settings, data, probe and film."""
    content = {
        "format": FORMAT,
        "settings": run.settings,
        "data": run.data,
        "dataset": run.dataset,
        "probe": run.probe,
        "frames": run.film.frames,
        "step": run.step,
        "total_steps": run.total_steps,
        "steps_per_epoch": run.steps_per_epoch,
        "parameters": run.parameters,
        "device": run.device,
    }
    path.write_bytes(gzip.compress(wire.pack(content), mtime=0))


def load(path: Path) -> Run:
    """The run that `save` wrote, in the state "recorded". Raises DataError for another format."""
    return unpacked(path.read_bytes(), path.name)


def unpacked(data: bytes, file: str) -> Run:
    """The run of such a file, which may be somebody else's.

    Raises DataError for another format, or for one of more than `MOST_BYTES`, unpacked.
    """
    with gzip.open(BytesIO(data)) as packed:
        found = packed.read(MOST_BYTES + 1)
    if len(found) > MOST_BYTES:
        raise too_large(file)
    content = wire.unpack(found)
    if content.pop("format", 1) != FORMAT:
        raise DataError(N_("The recording '{name}' is of another version."), name=file)
    settings: Settings = content.pop("settings")
    dataset: Dataset = content.pop("dataset")
    film = Film()
    for frame in content.pop("frames"):
        film.append(frame)
    name = file.removesuffix(SUFFIX)
    return Run(name, settings, dataset, film, state="recorded", resident=False, **content)


def load_recordings(folder: Path = RECORDINGS) -> list[Run]:
    """The runs that ship with the app; one that cannot be read is left out, and the log says so."""
    runs = []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            runs.append(load(path))
        except Exception as error:  # noqa: BLE001 - whatever a file holds, the app starts
            _LOG.warning("The recording %s is left out: %s", path.name, error)
    return runs
