"""Textbook experiments of every kind, small, from their buttons to their figures."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from lstm_viz.data.resolved import dataset_of
from lstm_viz.experiments.fitting import check_fit
from lstm_viz.experiments.preset import Preset
from lstm_viz.experiments.presets import COURSE, PRESETS
from lstm_viz.figures.palette import THEMES
from lstm_viz.files import GALLERY
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui import presets
from tests.app.conftest import button, components, go, healthy, texts
from tests.app.test_address import opened

SMALL = {"epochs": 2, "hidden_size": 4, "batch_size": 64}


def small(preset: Preset) -> Preset:
    """The same with few sequences and few units."""
    data = preset.data
    if "count" in data.parameters_of():
        data = replace(data, parameters={**data.parameters, "count": 60})
    if data.group == "text":
        data = replace(data, parameters={**data.parameters, "characters": 10_000})
    return replace(preset, data=data, run=preset.run.changed(**SMALL), on_gpu={})


EVERY_KIND = ("sunspots", "noisy_cosine", "adding", "copy_memory", "carousel", "first_symbol")
"""A real series and a generated one, an answer at the end and at each step, a race, classes; a text
is started in the browser."""


@pytest.mark.parametrize("name", EVERY_KIND)
def test_one_click_runs_it_and_its_pages_show_it(
    app: AppTest, trainer: InProcessTrainer, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    tiny = small(PRESETS[name])
    monkeypatch.setattr(presets, "PRESETS", {name: tiny})
    go(app, "pages/lab/experiments.py")
    app.button(key=f"start.{name}").click().run()
    healthy(app)
    assert tiny.see.split(".")[0] in texts(app), "it says what to see"
    trainer.advance()
    runs = [trainer.run(run) for run in app.session_state["runs"]]
    assert [run.state for run in runs] == ["finished"] * max(1, len(tiny.variants))
    for script in ("train", "forecast", "compare"):
        go(app, f"pages/lab/{script}.py")
    go(app, "pages/inside/gates.py")
    assert components(app)


def test_who_trains_the_same_from_a_link_is_told_the_same_and_who_trains_another_is_not(
    trainer: InProcessTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny = small(PRESETS["adding"])
    monkeypatch.setattr(presets, "PRESETS", {"adding": tiny})
    app = opened(tiny.experiments[0].to_query())
    for units, told in ((SMALL["hidden_size"], True), (5, False)):
        app.session_state["train.hidden_size"] = units
        healthy(app.run())
        healthy(button(app, "Train").click().run())
        trainer.advance()
        assert (tiny.see.split(".")[0] in texts(healthy(app.run()))) == told


def test_the_gallerys_pictures_are_part_of_the_page(app: AppTest) -> None:
    go(app, "pages/lab/experiments.py")
    shown = {picture.alt: picture.url for each in app.get("image") for picture in each.proto.imgs}
    assert set(shown) == {preset.label for preset in PRESETS.values()}
    inline = "data:image/webp;base64,"
    assert [url[: len(inline)] for url in shown.values()] == [inline] * len(PRESETS)


@pytest.mark.parametrize("name", PRESETS)
def test_its_settings_fit_its_data(name: str) -> None:
    preset = PRESETS[name]
    dataset = dataset_of(preset.data)
    for changes in preset.variants.values() or [{}]:
        check_fit(preset.run.changed(**changes), dataset)
    assert len(dataset.part("test")[0]), "a part that nothing is chosen by"


def test_the_course_leads_the_gallery_and_every_experiment_is_in_it_once(app: AppTest) -> None:
    go(app, "pages/lab/experiments.py")
    shown = [each.key.removeprefix("start.") for each in app.button if "start." in str(each.key)]
    assert tuple(shown[: len(COURSE)]) == COURSE
    assert sorted(shown) == sorted(PRESETS)


@pytest.mark.parametrize("theme", THEMES)
def test_every_experiment_has_its_picture_and_no_other(theme: str) -> None:
    drawn = {path.name.removesuffix(f"-{theme}.webp") for path in GALLERY.glob(f"*-{theme}.webp")}
    assert drawn == set(PRESETS)
