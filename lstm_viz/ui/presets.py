"""Presets in a page: started with one click, and their sentence on what to see."""

from collections.abc import Mapping, Sequence

import streamlit as st

from lstm_viz.data.choice import DataChoice
from lstm_viz.experiments.experiment import Experiment
from lstm_viz.experiments.preset import Preset
from lstm_viz.experiments.presets import PRESETS
from lstm_viz.experiments.settings import Settings
from lstm_viz.runs.run import Run
from lstm_viz.ui import controls, session
from lstm_viz.ui.choices import chosen
from lstm_viz.ui.race import slots
from lstm_viz.ui.say import mistakes_kept
from lstm_viz.ui.selection import own_runs
from lstm_viz.ui.service import service, trainer
from lstm_viz.words import _

PAGES = {
    "train": "pages/lab/train.py",
    "forecast": "pages/lab/forecast.py",
    "compare": "pages/lab/compare.py",
}


def on_offer() -> Mapping[str, Preset]:
    """Name -> experiment, in the order in which they are shown."""
    return PRESETS


def settings_of(preset: Preset) -> Settings:
    """The preset's settings, in the size that suits this server."""
    has_gpu = any(device != "cpu" for device in trainer().devices)
    return preset.run.changed(**preset.on_gpu) if has_gpu else preset.run


def runs_of(preset: Preset) -> list[tuple[Settings, str]]:
    """(settings, label) of what the preset trains."""
    settings = settings_of(preset)
    if not preset.variants:
        return [(settings, "")]
    return [(settings.changed(**changes), label) for label, changes in preset.variants.items()]


def start(name: str) -> None:
    """Set everything as the preset says and train it."""
    preset = PRESETS[name]
    begin(preset.data, runs_of(preset), seeds_of(preset))


def begin(data: DataChoice, runs: Sequence[tuple[Settings, str]], seeds: int = 1) -> list[Run]:
    """Set these data and (settings, label), and train them; the runs that began, without their
    further seeds. Where they cannot, the next page says why.
    """
    session.choose(session.choices_of_data(data))
    session.choose(session.choices_of(runs[-1][0]))
    if len(runs) > 1:
        slots.fill([slots.Taken(*run) for run in runs], session.DEFAULT_SETTINGS)
    before = {run.id for run in own_runs()}
    with mistakes_kept():
        resolved = chosen()
        controls.submit(runs, resolved.dataset, resolved.choice, seeds=seeds)
    return [run for run in own_runs() if run.id not in before]


def preset_of(run: Run | None) -> Preset | None:
    """The preset whose experiment a run is, whoever began it and however; of a race, the one whose
    contenders are its own.
    """
    if run is None:
        return None
    together = [each for each in own_runs() if run.race and each.race == run.race]
    trained = {each.experiment for each in together or [run]}
    for preset in PRESETS.values():
        if trained == {Experiment(preset.data, settings) for settings, _label in runs_of(preset)}:
            return preset
    return None


def what_to_see(run: Run | None) -> None:
    """The sentence of the preset whose experiment a run is."""
    preset = preset_of(run)
    if preset is not None:
        st.caption(f":material/visibility: **{_(preset.label)}** · {_(preset.see)}")


def seeds_of(preset: Preset) -> int:
    """With how many seeds each of its runs trains."""
    return session.setting(session.SEEDS) if preset.variants else 1


def seconds_of(name: str) -> float | None:
    """How long the preset takes here, with all seeds; None until that was measured."""
    seconds = service().seconds.get(name)
    return None if seconds is None else seconds * seeds_of(PRESETS[name])
