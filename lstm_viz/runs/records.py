"""The data classes and errors that travel to another process, or into a file."""

from lstm_viz.data.choice import DataChoice
from lstm_viz.data.dataset import Dataset, Scaler
from lstm_viz.data.panel import Member, Panel
from lstm_viz.data.preparing.catalogue import STEPS
from lstm_viz.data.windows import WindowSpec
from lstm_viz.errors import (
    ConfigError,
    DataError,
    DivergenceError,
    LstmVizError,
    MissingExtraError,
    TrainerError,
    UnsupportedModelError,
)
from lstm_viz.experiments.intervention import Intervention
from lstm_viz.experiments.settings import (
    BudgetSettings,
    CellSettings,
    NetworkSettings,
    OptimiserSettings,
    Settings,
)
from lstm_viz.instruments.anatomy import Anatomy
from lstm_viz.runs.frames import Frame, LayerFrame, Probe
from lstm_viz.runs.messages import MESSAGES
from lstm_viz.words import Sentence

TYPES: tuple[type, ...] = (
    Settings,
    CellSettings,
    NetworkSettings,
    OptimiserSettings,
    BudgetSettings,
    DataChoice,
    WindowSpec,
    *STEPS.values(),
    Dataset,
    Panel,
    Member,
    Scaler,
    Frame,
    LayerFrame,
    Probe,
    Anatomy,
    Sentence,
    Intervention,
    *MESSAGES,
)
ERRORS: tuple[type[LstmVizError], ...] = (
    LstmVizError,
    ConfigError,
    DataError,
    UnsupportedModelError,
    DivergenceError,
    MissingExtraError,
    TrainerError,
)
