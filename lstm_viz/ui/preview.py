"""The network of the present settings before any training, measured by the trainer."""

import streamlit as st

from lstm_viz.data.dataset import Dataset
from lstm_viz.experiments.experiment import Experiment
from lstm_viz.runs.film import Film
from lstm_viz.runs.run import Run
from lstm_viz.ui.service import ask

KEY = "preview"


def untrained(experiment: Experiment, dataset: Dataset, upload: str = "") -> tuple[Run, float]:
    """A run of one frame, taken before the first step, and how many seconds it would take.

    Its id follows from what it shows: another experiment, or another `upload` (its id), is another
    film to the browser. Measured anew when that changed. Raises TrainerError when the trainer does
    not answer, ConfigError for settings that do not fit the dataset.
    """
    name = ".".join(filter(None, (KEY, experiment.id, upload)))
    kept: tuple[Run, float] | None = st.session_state.get(KEY)
    if kept is None or kept[0].id != name:
        settings = experiment.settings
        answer = ask("untrained", settings=settings, dataset=dataset)
        run = Run(
            name,
            settings,
            dataset,
            Film(),
            state="untrained",
            probe=answer["probe"],
            data=experiment.data,
            message=answer["diverged"],
            resident=False,
        )
        run.film.append(answer["frame"])
        kept = st.session_state[KEY] = run, answer["seconds"]
    return kept


def untrained_of(run: Run) -> Run | None:
    """The untrained network of a run that has no frame yet, where the reader has just seen it."""
    kept: tuple[Run, float] | None = st.session_state.get(KEY)
    if kept is None or (kept[0].settings, kept[0].data) != (run.settings, run.data):
        return None
    return kept[0]
