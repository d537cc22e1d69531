"""The network of the present settings before any training, measured by the trainer."""

import streamlit as st

from lstm_viz.data.dataset import Dataset
from lstm_viz.experiments.settings import Settings
from lstm_viz.runs.film import Film
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.registry import Run
from lstm_viz.ui.service import trainer

KEY = "preview"


def untrained(settings: Settings, dataset: Dataset) -> tuple[Run, Frame, float]:
    """A run of one frame, taken before the first step, and how many seconds it would take.

    Measured anew when a setting changed. Raises TrainerError when the trainer does not answer,
    ConfigError for settings that do not fit the dataset.
    """
    kept: tuple[Settings, Dataset, Run, float] | None = st.session_state.get(KEY)
    if kept is None or kept[0] != settings or kept[1] is not dataset:
        answer = trainer().ask("untrained", settings=settings, dataset=dataset)
        run = Run("preview", settings, dataset, Film(), state="untrained", probe=answer["probe"])
        run.film.append(answer["frame"])
        kept = st.session_state[KEY] = (settings, dataset, run, answer["seconds"])
    _config, _dataset, run, seconds = kept
    return run, run.film.frames[0], seconds
