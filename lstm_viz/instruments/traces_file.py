"""Traces as a file of numbers and names: an .npz whose array `about` says in JSON what is where."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import IO, Any, TypeVar
from zipfile import BadZipFile

import numpy as np

from lstm_viz.errors import DataError, why_unread
from lstm_viz.instruments.anatomy import Anatomy
from lstm_viz.instruments.layer_trace import LayerTrace
from lstm_viz.measures.packed import is_reverse
from lstm_viz.words import N_

TRACES, HISTORY, VERSION = "lstm_viz traces", "lstm_viz history", 3
"""Of one pass; of the steps of a training, each as the file of one pass has it."""
Record = TypeVar("Record", LayerTrace, Anatomy)
File = str | Path | IO[bytes]
Said = dict[str, Any]


def packed(
    layers: Mapping[str, LayerTrace | Anatomy], place: str = ""
) -> tuple[list[Said], dict[str, Any]]:
    """What is said of layers, and their arrays, by names that begin with a place."""
    said, arrays = list[Said](), dict[str, Any]()
    for k, (name, layer) in enumerate(layers.items()):
        plain: Said = {"name": name}
        for field in fields(layer):
            value, key = getattr(layer, field.name), f"{place}{k}/{field.name}"
            if isinstance(value, np.ndarray):
                arrays[key] = value
            elif isinstance(value, Mapping) and field.name != "options":
                plain[field.name] = list(value)
                arrays |= {f"{key}/{part}": each for part, each in value.items()}
            else:
                plain[field.name] = dict(value) if isinstance(value, Mapping) else value
        said.append(plain)
    return said, arrays


def unpacked(said: list[Said], arrays: Any, place: str = "") -> dict[str, LayerTrace]:
    """The layers that were packed."""
    named = [{"reverse": is_reverse(of["name"]), **of} for of in said]  # version 2 has it not
    return {of["name"]: _made(LayerTrace, of, f"{place}{k}", arrays) for k, of in enumerate(named)}


def unpacked_cells(said: list[Said], arrays: Any, place: str) -> dict[str, Anatomy]:
    """The cells that were packed."""
    return {of["name"]: _made(Anatomy, of, f"{place}{k}", arrays) for k, of in enumerate(said)}


def write(path: File, form: str, said: Said, arrays: Mapping[str, Any]) -> None:
    """Write the file."""
    about = np.array(json.dumps({"format": form, "version": VERSION, **said}))
    if hasattr(path, "write"):
        np.savez(path, about=about, **arrays)
        return
    with Path(path).open("wb") as file:  # numpy would add a suffix to a name without one
        np.savez(file, about=about, **arrays)


@contextmanager
def reading(path: File, form: str) -> Iterator[tuple[Said, Any]]:
    """What is said in a file, and its arrays. Raises DataError for another file, one of a later
    version, and what cannot be read of it in the block.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            said = json.loads(str(arrays["about"]))
            if said["format"] != form:
                raise ValueError(f"it holds '{said['format']}'")
            if type(said["version"]) is not int or said["version"] < 1:
                raise ValueError("version")
            if said["version"] > VERSION:
                raise DataError(
                    N_("The file '{path}' has version {version} of the format; this lstm_viz "
                       "reads up to {known}. Install a later one."),
                    path=path, version=said["version"], known=VERSION,
                )  # fmt: skip
            yield said, arrays
    except (OSError, EOFError, KeyError, ValueError, TypeError, BadZipFile) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(
            N_("The file '{path}' holds no traces: {reason}. Give one that their 'save' wrote."),
            path=path, reason=why_unread(error),
        ) from error  # fmt: skip


def is_history(path: str | Path) -> bool:
    """Whether a file is one that `watcher.save` wrote."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return bool(json.loads(str(arrays["about"]))["format"] == HISTORY)
    except Exception:  # noqa: BLE001 - whatever else it is
        return False


def _made(kind: type[Record], plain: Said, place: str, arrays: Any) -> Record:
    values = {key: value for key, value in plain.items() if key != "name"}
    if "calls" in values:
        values["calls"] = tuple(values["calls"])
    for field in fields(kind):
        key = f"{place}/{field.name}"
        if key in arrays:
            values[field.name] = arrays[key]
        elif isinstance(values.get(field.name), list):
            values[field.name] = {name: arrays[f"{key}/{name}"] for name in values[field.name]}
    return kind(**values)
