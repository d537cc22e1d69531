"""See inside an RNN, LSTM or GRU while it learns.

Importing this package is light: a public name loads what it needs, torch for one, on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lstm_viz.data.dataset import Dataset
    from lstm_viz.data.generators.catalogue import generate
    from lstm_viz.data.reading.read import read
    from lstm_viz.data.reading.reading import Reading
    from lstm_viz.data.series import Series
    from lstm_viz.data.tasks.catalogue import adding_problem
    from lstm_viz.data.windows import WindowSpec, cut
    from lstm_viz.errors import (
        ConfigError,
        DataError,
        DivergenceError,
        LstmVizError,
        LstmVizWarning,
        MissingExtraError,
        TrainerError,
        UnsupportedModelError,
    )
    from lstm_viz.experiments.experiment import Experiment
    from lstm_viz.experiments.presets import PRESETS
    from lstm_viz.experiments.settings import Settings
    from lstm_viz.instruments.attribution import attribution
    from lstm_viz.instruments.carousel import Carousel, carousel
    from lstm_viz.instruments.fixed_points import FixedPoints, fixed_points
    from lstm_viz.instruments.gradient_flow import gradient_flow
    from lstm_viz.instruments.gradient_map import gradient_map
    from lstm_viz.instruments.intervene import intervene
    from lstm_viz.instruments.jacobians import jacobians
    from lstm_viz.instruments.layer_trace import LayerTrace
    from lstm_viz.instruments.lyapunov import lyapunov_exponents
    from lstm_viz.instruments.own_cells import register_cell
    from lstm_viz.instruments.responding import Responding, responding
    from lstm_viz.instruments.trace import trace
    from lstm_viz.instruments.traces import Traces
    from lstm_viz.instruments.trajectories import Trajectories, trajectories
    from lstm_viz.instruments.verify import Verification, verify
    from lstm_viz.instruments.watch import watch
    from lstm_viz.measures.alarm_thresholds import AlarmThresholds
    from lstm_viz.measures.alarms import Alarm, alarms
    from lstm_viz.models.layers import LSTMVariant, NestedLSTM
    from lstm_viz.notebook.film import film
    from lstm_viz.notebook.fit import fit, frames
    from lstm_viz.notebook.lightning import lightning_callback
    from lstm_viz.notebook.log import log
    from lstm_viz.notebook.opening import open  # noqa: A004
    from lstm_viz.notebook.result import Result
    from lstm_viz.runs.frames import Frame

__all__ = [
    "PRESETS",
    "Alarm",
    "AlarmThresholds",
    "Carousel",
    "ConfigError",
    "DataError",
    "Dataset",
    "DivergenceError",
    "Experiment",
    "FixedPoints",
    "Frame",
    "LSTMVariant",
    "LayerTrace",
    "LstmVizError",
    "LstmVizWarning",
    "MissingExtraError",
    "NestedLSTM",
    "Reading",
    "Responding",
    "Result",
    "Series",
    "Settings",
    "Traces",
    "TrainerError",
    "Trajectories",
    "UnsupportedModelError",
    "Verification",
    "WindowSpec",
    "adding_problem",
    "alarms",
    "attribution",
    "carousel",
    "cut",
    "film",
    "fit",
    "fixed_points",
    "frames",
    "generate",
    "gradient_flow",
    "gradient_map",
    "intervene",
    "jacobians",
    "lightning_callback",
    "log",
    "lyapunov_exponents",
    "open",
    "read",
    "register_cell",
    "responding",
    "trace",
    "trajectories",
    "verify",
    "watch",
]

_HOMES = {
    "measures.alarms": ("Alarm", "alarms"),
    "measures.alarm_thresholds": ("AlarmThresholds",),
    "instruments.verify": ("Verification", "verify"),
    "instruments.fixed_points": ("FixedPoints", "fixed_points"),
    "instruments.intervene": ("intervene",),
    "instruments.attribution": ("attribution",),
    "instruments.carousel": ("Carousel", "carousel"),
    "instruments.gradient_map": ("gradient_map",),
    "data.dataset": ("Dataset",),
    "data.generators.catalogue": ("generate",),
    "data.reading.read": ("read",),
    "data.reading.reading": ("Reading",),
    "data.series": ("Series",),
    "data.tasks.catalogue": ("adding_problem",),
    "data.windows": ("WindowSpec", "cut"),
    "errors": (
        "ConfigError",
        "DataError",
        "DivergenceError",
        "LstmVizError",
        "LstmVizWarning",
        "MissingExtraError",
        "TrainerError",
        "UnsupportedModelError",
    ),
    "instruments.gradient_flow": ("gradient_flow",),
    "instruments.jacobians": ("jacobians",),
    "instruments.layer_trace": ("LayerTrace",),
    "instruments.lyapunov": ("lyapunov_exponents",),
    "instruments.own_cells": ("register_cell",),
    "instruments.responding": ("Responding", "responding"),
    "instruments.trace": ("trace",),
    "instruments.traces": ("Traces",),
    "instruments.trajectories": ("Trajectories", "trajectories"),
    "instruments.watch": ("watch",),
    "models.layers": ("LSTMVariant", "NestedLSTM"),
    "experiments.experiment": ("Experiment",),
    "experiments.presets": ("PRESETS",),
    "experiments.settings": ("Settings",),
    "runs.frames": ("Frame",),
    "notebook.film": ("film",),
    "notebook.fit": ("fit", "frames"),
    "notebook.lightning": ("lightning_callback",),
    "notebook.log": ("log",),
    "notebook.opening": ("open",),
    "notebook.result": ("Result",),
}
_HOME = {name: f"{__name__}.{home}" for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOME[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
