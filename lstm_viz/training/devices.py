"""Where models can train."""

import torch

from lstm_viz.errors import ConfigError
from lstm_viz.words import N_


def devices() -> list[str]:
    """The devices this process can train on, the fastest first."""
    found = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    return [name for name, there in found.items() if there] + ["cpu"]


def chosen_device(wanted: str) -> str:
    """The device of a wish, `"auto"` included; ConfigError for one this machine lacks."""
    available = devices()
    if wanted == "auto":
        return available[0]
    if wanted not in available:
        raise ConfigError(
            N_("This machine has no device '{wanted}'. It has: {available}."),
            wanted=wanted,
            available=", ".join(available),
        )
    return wanted
