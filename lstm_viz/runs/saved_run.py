"""A run as a file of numbers and names: an .npz, whose JSON says which array belongs where.

Nothing in it is pickled, so that reading one runs no code. Of the package's own classes it holds
those in `records`, by their names. A recording of the app is opened as well, and the history of a
watched loop.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import numpy.typing as npt

from lstm_viz.data.reading.naming import one_line
from lstm_viz.errors import DataError, LstmVizError, MissingExtraError, why_unread
from lstm_viz.instruments.anatomy import Anatomy
from lstm_viz.instruments.kept_traces import unpacked_history
from lstm_viz.instruments.layer_trace import package_for
from lstm_viz.instruments.traces_file import HISTORY
from lstm_viz.instruments.traces_file import VERSION as HISTORY_VERSION
from lstm_viz.models.cells import cell_of
from lstm_viz.runs.checked import MOST_BYTES, check_run, too_large
from lstm_viz.runs.film import Film
from lstm_viz.runs.records import TYPES
from lstm_viz.runs.run import Run
from lstm_viz.runs.updates import Updates
from lstm_viz.runs.watched import cells_of, run_of
from lstm_viz.words import N_, Sentence

FORMAT, VERSION = "lstm_viz run", 1
LATEST = {FORMAT: VERSION, HISTORY: HISTORY_VERSION}
"""Of each format that is read, the last version."""
KEPT = (
    *("settings", "data", "dataset", "probe", "state", "step", "total_steps", "steps_per_epoch"),
    *("parameters", "device"),
)
"""What of a run goes into its file, besides its film."""
PACKED = b"\x1f\x8b"
"""How a recording begins."""
MEMBER, MOST_MEMBERS = b"PK\x01\x02", 2**15
"""What an archive's list says each member with, and how many a file may have."""
NAMED = ("name", "own", "weights")
MOST_WORD, MOST_REASON = 60, 200
"""Letters of what a file says that are repeated in a sentence."""
NO_RUN = N_("The file '{path}' holds no saved run: {reason}")
DAMAGED = N_("it is damaged, or another program wrote it.")
_BY_NAME = {kind.__name__: kind for kind in TYPES}
_PLAIN = (str, int, float, bool, type(None))
Arrays = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True, eq=False)
class SavedRun:
    """A run, and the network that it ended with."""

    run: Run
    name: str
    """What was trained."""
    own: bool
    """Whether that is a module of somebody's own, whose code is not in the file."""
    weights: Mapping[str, npt.NDArray[Any]]
    anatomies: Mapping[str, Anatomy] = field(default_factory=dict)
    """Of a module of somebody's own, layer and example, "l0/2" -> what each of its steps was made
    of at the end."""

    def write(self, path: str | Path) -> None:
        """Write the file."""
        arrays: Arrays = {}
        content = {
            "run": {name: getattr(self.run, name) for name in KEPT},
            "frames": self.run.film.frames,
            "history": self.run.film.history,
            "updates": vars(self.run.film.updates),
            **{name: getattr(self, name) for name in (*NAMED, "anatomies")},
        }
        said = {"format": FORMAT, "version": VERSION, "content": _encoded(content, arrays)}
        about = np.array(json.dumps(said))
        with Path(path).open("wb") as file:  # numpy would add a suffix to a name without one
            np.savez_compressed(file, about=about, **arrays)  # type: ignore[arg-type]

    @classmethod
    def read(cls, source: str | Path | bytes, name: str = "") -> "SavedRun":
        """What `write` wrote, the history of a watched loop, or a recording. Raises DataError for
        another file, or one of a later version.
        """
        path = name or ("" if isinstance(source, bytes) else str(source))
        try:
            data = source if isinstance(source, bytes) else Path(source).read_bytes()
            found = _recording(data, path) if data.startswith(PACKED) else _saved(data, path)
            check_run(found.run, found.weights, own=found.own)
        except Exception as error:
            if isinstance(error, DataError | MissingExtraError):
                raise
            raise DataError(NO_RUN, path=path, reason=why_no_run(error)) from error
        return found


def why_no_run(error: Exception) -> object:
    """Why a file holds no run, in words: whatever went wrong with it, it may be anybody's."""
    if isinstance(error, LstmVizError):
        return one_line(str(error))[:MOST_REASON]
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    why = why_unread(error)
    return Sentence(DAMAGED, {}) if why is error else why


def _saved(data: bytes, path: str) -> SavedRun:
    count = data.count(MEMBER)
    if count > MOST_MEMBERS:  # before they are listed, which takes longer than to refuse them
        raise DataError(
            N_("The file '{path}' has {got} members, more than {most}. Save a run of fewer "
               "moments or layers."),
            path=path, got=count, most=MOST_MEMBERS,
        )  # fmt: skip
    with ZipFile(BytesIO(data)) as members:
        size = sum(each.file_size for each in members.infolist())
    if size > MOST_BYTES:
        raise too_large(path)
    with np.load(BytesIO(data), allow_pickle=False) as arrays:
        said = json.loads(str(arrays["about"]))
        if type(said["version"]) is not int or said["version"] < 1:
            raise ValueError("version")
        known = said["format"] if said["format"] in LATEST else FORMAT
        if said["format"] != known or said["version"] > LATEST[known]:
            raise DataError(
                N_("The file '{path}' has the format '{format}', version {version}; this "
                   "lstm_viz opens '{known}' up to version {latest}."),
                path=path, format=one_line(str(said["format"]))[:MOST_WORD],
                version=min(said["version"], 10**6),
                known=known, latest=LATEST[known],
            )  # fmt: skip
        if known == HISTORY:
            history, cells = unpacked_history(said, _Members(arrays, path))
            watched = run_of(history, path)
            return SavedRun(watched, "", own=True, weights={}, anatomies=cells_of(watched, cells))
        content = _decoded(said["content"], _Members(arrays, path))
    updates = Updates.kept(**content["updates"]) if "updates" in content else Updates()
    film = Film.kept(content["frames"], content["history"], updates)
    run = Run(id="run", film=film, resident=False, **content["run"])
    named = {each: content[each] for each in NAMED}
    return SavedRun(run, **named, anatomies=content.get("anatomies", {}))


def _recording(data: bytes, path: str) -> SavedRun:
    recordings = package_for("open of a recording", "lstm_viz.runs.recordings", "app")
    run: Run = recordings.unpacked(data, path)
    name = cell_of(run.settings.cell.kind).label
    return SavedRun(run, name, own=False, weights=run.film.frames[-1].weights or {})


def _encoded(value: Any, arrays: Arrays) -> Any:
    if isinstance(value, np.ndarray):
        arrays[f"a{len(arrays)}"] = value
        return {"array": f"a{len(arrays) - 1}"}
    if isinstance(value, np.generic):
        return value.item()
    if type(value) in TYPES:
        content = {each.name: getattr(value, each.name) for each in fields(value)}
        return {"record": type(value).__name__, "of": _encoded(content, arrays)["of"]}
    if isinstance(value, Mapping):
        return {"of": {str(key): _encoded(each, arrays) for key, each in value.items()}}
    if isinstance(value, list | tuple):
        return [_encoded(each, arrays) for each in value]
    if isinstance(value, _PLAIN):
        return value
    raise TypeError(f"{type(value).__name__} is not data")


class _Members:
    """The arrays of a file, each unpacked once. However often one is named, each time counts: as
    often it is sent, shown and kept.
    """

    def __init__(self, members: Mapping[str, Any], path: str) -> None:
        self._members, self._path = members, path
        self._found: Arrays = {}
        self._bytes = 0

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        if name not in self._found:
            self._found[name] = self._members[name]
        self._bytes += self._found[name].nbytes
        if self._bytes > MOST_BYTES:
            raise too_large(self._path)
        return self._found[name]


def _decoded(value: Any, arrays: _Members) -> Any:
    if isinstance(value, list):
        return tuple(_decoded(each, arrays) for each in value)
    if not isinstance(value, dict):
        return value
    if "array" in value:
        return arrays[value["array"]]
    content = {key: _decoded(each, arrays) for key, each in value["of"].items()}
    return _BY_NAME[value["record"]](**content) if "record" in value else content
