"""A run as a file of numbers and names: an .npz, whose JSON says which array belongs where.

Nothing in it is pickled, so that reading one runs no code. Of the package's own classes it holds
those in `records`, by their names.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from lstm_viz.errors import DataError, why_unread
from lstm_viz.runs.film import Film
from lstm_viz.runs.records import TYPES
from lstm_viz.runs.run import Run
from lstm_viz.runs.updates import Updates
from lstm_viz.words import N_

FORMAT, VERSION = "lstm_viz run", 1
KEPT = (
    *("settings", "data", "dataset", "probe", "state", "step", "total_steps", "steps_per_epoch"),
    *("parameters", "device"),
)
"""What of a run goes into its file, besides its film."""
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

    def write(self, path: str | Path) -> None:
        """Write the file."""
        arrays: Arrays = {}
        content = {
            "run": {name: getattr(self.run, name) for name in KEPT},
            "frames": self.run.film.frames,
            "history": self.run.film.history,
            "updates": vars(self.run.film.updates),
            **{name: getattr(self, name) for name in ("name", "own", "weights")},
        }
        said = {"format": FORMAT, "version": VERSION, "content": _encoded(content, arrays)}
        about = np.array(json.dumps(said))
        with Path(path).open("wb") as file:  # numpy would add a suffix to a name without one
            np.savez_compressed(file, about=about, **arrays)  # type: ignore[arg-type]

    @classmethod
    def read(cls, path: str | Path) -> "SavedRun":
        """What `write` wrote. Raises DataError for another file, or one of a later version."""
        try:
            with np.load(path, allow_pickle=False) as arrays:
                said = json.loads(str(arrays["about"]))
                if said["format"] != FORMAT or said["version"] > VERSION:
                    raise DataError(
                        N_("The file '{path}' is of the format '{format}', version {version}, and "
                           "this lstm_viz opens '{known}' up to version {latest}."),
                        path=str(path), format=said["format"], version=said["version"],
                        known=FORMAT, latest=VERSION,
                    )  # fmt: skip
                content = _decoded(said["content"], arrays)
                updates = Updates.kept(**content["updates"]) if "updates" in content else Updates()
                film = Film.kept(content["frames"], content["history"], updates)
                run = Run(id="run", film=film, resident=False, **content["run"])
                return cls(run, *(content[name] for name in ("name", "own", "weights")))
        except (OSError, EOFError, KeyError, ValueError, TypeError, BadZipFile) as error:
            if isinstance(error, DataError):
                raise
            raise DataError(
                N_("The file '{path}' holds no saved run: {reason}"),
                path=str(path),
                reason=why_unread(error),
            ) from error


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


def _decoded(value: Any, arrays: Any) -> Any:
    if isinstance(value, list):
        return tuple(_decoded(each, arrays) for each in value)
    if not isinstance(value, dict):
        return value
    if "array" in value:
        return arrays[value["array"]]
    content = {key: _decoded(each, arrays) for key, each in value["of"].items()}
    return _BY_NAME[value["record"]](**content) if "record" in value else content
