"""How long each preset takes on this machine: measured while nobody waits, and kept in a file."""

import contextlib
import hashlib
import json
import os
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from lstm_viz.data.resolved import dataset_of
from lstm_viz.errors import LstmVizError
from lstm_viz.experiments.preset import Preset
from lstm_viz.experiments.presets import PRESETS
from lstm_viz.ui import presets
from lstm_viz.ui.service import Service

QUIET_SECONDS = 20.0
"""So long nobody did anything and nothing trained before one preset is measured."""
LOOK_SECONDS = 5.0
KEPT = 500
"""Times in the file; older ones, of other presets and versions, go."""


def file() -> Path:
    """Where times are kept from one start of the server to the next."""
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches) / "lstm_viz" / "times.json"


def machine() -> str:
    """What a time depends on besides the preset: processor, cores, system, versions."""
    return " ".join(
        [
            platform.system(),
            platform.machine(),
            _processor(),
            str(os.cpu_count()),
            platform.python_version(),
            *(_version(package) for package in ("torch", "numpy", "lstm-viz")),
        ]
    )


def _processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def key_of(preset: Preset) -> str:
    """A preset on this machine; another one where its data, its settings or the machine differ."""
    what = repr((preset.data, presets.runs_of(preset), machine()))
    return hashlib.sha256(what.encode()).hexdigest()[:24]


def known() -> dict[str, float]:
    """The times in the file, the oldest first; none where it cannot be read."""
    try:
        found = json.loads(file().read_text())
        return {str(key): float(seconds) for key, seconds in found.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def keep(times: Mapping[str, float]) -> None:
    """Add to the file; a machine on which nothing can be written measures again at each start."""
    target = file()
    kept = {**known(), **times}
    newest = dict(list(kept.items())[-KEPT:])
    with contextlib.suppress(OSError):
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = target.with_suffix(f".{os.getpid()}")
        aside.write_text(json.dumps(newest))
        aside.replace(target)


def measure(of: Service) -> None:
    """Fill in `of.seconds`: from the file at once, the rest by measuring, until the service ends.

    A preset is measured when nobody has done anything for a while and nothing trains. For a visitor
    who comes meanwhile it is given up, to be measured another time.
    """
    kept = known()
    found = {name: kept.get(key_of(preset)) for name, preset in PRESETS.items()}
    of.seconds.update({name: seconds for name, seconds in found.items() if seconds is not None})
    left = [name for name in PRESETS if name not in of.seconds]
    while left and not of.ended(LOOK_SECONDS):
        with contextlib.suppress(LstmVizError):
            seconds = duration(of, PRESETS[left[0]])
            if seconds is None:
                continue
            of.seconds[left[0]] = seconds
            keep({key_of(PRESETS[left[0]]): seconds})
        del left[0]


def duration(of: Service, preset: Preset) -> float | None:
    """Seconds that a preset's runs take together with one seed, by their first steps.

    None as soon as somebody is there or something trains. Raises LstmVizError for what cannot be
    measured.
    """
    seconds, dataset = 0.0, None
    for settings, _label in presets.runs_of(preset):
        if not of.is_idle(QUIET_SECONDS):
            return None
        dataset = dataset or dataset_of(preset.data)
        seconds += of.trainer.ask("duration", settings=settings, dataset=dataset)["seconds"]
    return seconds
