"""Whether settings fit what is to be learned."""

from collections.abc import Callable
from typing import Any

from lstm_viz.data.dataset import Dataset
from lstm_viz.errors import ConfigError
from lstm_viz.experiments.settings import Settings
from lstm_viz.words import N_

LOSSES: dict[str, tuple[str, ...]] = {
    "regression": ("mse", "mae", "huber"),
    "binary": ("bce",),
    "classes": ("cross_entropy",),
}
"""Problem -> the losses that fit it, its own first."""


def loss_in_use(settings: Settings, dataset: Dataset) -> str:
    """The loss by its own name, where the settings leave it to the data."""
    chosen = settings.optimiser.loss
    return LOSSES[dataset.problem][0] if chosen == "auto" else chosen


def check_fit(settings: Settings, dataset: Dataset) -> None:
    """Raises ConfigError, with the reason, where the settings do not fit the dataset."""
    for holds, sentence in UNFIT:
        if holds(settings, dataset):
            raise ConfigError(sentence)


def fitted(settings: Settings, dataset: Dataset) -> Settings:
    """Without what the data leaves no room for."""
    changes: dict[str, Any] = {}
    if dataset.every_step:
        changes |= {"bidirectional": False, "readout": "last"}
    if settings.optimiser.loss not in ("auto", *LOSSES[dataset.problem]):
        changes["loss"] = "auto"
    if settings.network.conv_channels and settings.network.conv_kernel > dataset.window:
        changes["conv_kernel"] = dataset.window
    if settings.optimiser.truncate >= dataset.window:
        changes["truncate"] = 0
    return settings.changed(**changes)


def fits_all_data(settings: Settings) -> bool:
    """Whether there are no data for which `fitted` would change them."""
    network, optimiser = settings.network, settings.optimiser
    plain = not network.bidirectional and network.readout == "last" and not network.conv_channels
    return plain and optimiser.loss == "auto" and not optimiser.truncate


def can_run_free(dataset: Dataset, bidirectional: bool) -> None:
    """Raises ConfigError, with the reason, where forecasts cannot be fed back."""
    if not dataset.is_series:
        raise ConfigError(N_("Only a series can be forecast from its own forecasts."))
    if bidirectional:
        raise ConfigError(
            N_(
                "A bidirectional network reads a window from both ends, and the future is not "
                "known. Train without 'bidirectional' to run free."
            )
        )
    if dataset.input_names != dataset.target_names:
        raise ConfigError(
            N_(
                "The network reads columns that it does not forecast, whose future is not known. "
                "Make them targets, or leave them out."
            )
        )


UNFIT: tuple[tuple[Callable[[Settings, Dataset], bool], str], ...] = (
    (
        lambda s, data: s.optimiser.loss not in ("auto", *LOSSES[data.problem]),
        N_(
            "This loss does not fit: numbers take MSE, MAE or Huber, two classes BCE, more "
            "classes cross-entropy. Choose 'auto' for the one that fits."
        ),
    ),
    (
        lambda s, data: s.network.bidirectional and data.every_step,
        N_(
            "With an answer at every step, a bidirectional network would read it in the steps to "
            "come. Turn 'bidirectional' off, or choose data with one answer."
        ),
    ),
    (
        lambda s, data: s.network.readout != "last" and data.every_step,
        N_(
            "A mean or attention read-out gives one answer a sequence; these data ask at every "
            "step. Choose the read-out 'last'."
        ),
    ),
    (
        lambda s, data: s.optimiser.truncate >= data.window,
        N_("Truncated BPTT must cut within the sequence. Choose fewer steps, or 0 for all."),
    ),
    (
        lambda s, data: s.network.conv_channels > 0 and s.network.conv_kernel > data.window,
        N_("The convolution is longer than the sequence. Shorten it or lengthen the window."),
    ),
)
"""Settings that do not fit a dataset, and why."""
