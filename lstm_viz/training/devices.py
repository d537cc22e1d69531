"""Where models can train."""

import torch

from lstm_viz.data.dataset import Dataset
from lstm_viz.errors import ConfigError
from lstm_viz.experiments import cost
from lstm_viz.experiments.settings import Settings
from lstm_viz.words import N_


def devices() -> list[str]:
    """The devices this process can train on, a GPU first."""
    found = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    return [name for name, there in found.items() if there] + ["cpu"]


def chosen_device(settings: Settings, dataset: Dataset) -> str:
    """The device that is asked for; for `"auto"` a GPU where there is one, and where it is faster.

    Raises ConfigError for one this machine lacks.
    """
    wanted, available = settings.budget.device, devices()
    if wanted == "auto":
        return "cpu" if cost.is_faster_on_cpu(settings, dataset) else available[0]
    if wanted not in available:
        raise ConfigError(
            N_("This machine has no device '{wanted}'. It has: {available}."),
            wanted=wanted,
            available=", ".join(available),
        )
    return wanted
