"""A run's film in a page: what travels, how often, and what is said of what does not."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from lstm_viz.runs.feed import phase_of
from lstm_viz.runs.keeping import Keeping
from lstm_viz.runs.topics import Topic
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui import player, service
from lstm_viz.ui.connection import DOWN
from lstm_viz.ui.feeding import Drawings
from tests.app.conftest import components, go, healthy, small_run, texts
from tests.app.uploading import upload_of
from tests.figures.message import unpack


def sent(app: AppTest) -> list[int]:
    """The training steps whose frames came with the page."""
    (data,) = components(app, "film")
    return list(unpack(data)[0]["films"][0]["sent"])


def test_a_page_says_what_to_follow_and_carries_no_frame(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    small_run(app)
    trainer.advance()
    run = _only_run(trainer)
    moments = [
        [frame.step, frame.epoch, pytest.approx(frame.validation_loss)] for frame in run.film.frames
    ]
    for page in ("gates", "cell_state", "gradients"):
        go(app, f"pages/inside/{page}.py")
        header = unpack(components(app)[0])[0]
        (film,) = header["films"]
        assert film["sent"] == []
        assert film["clock"] == moments
        topic = Topic.read(film["id"])
        assert (topic.runs, film["run"]) == ((run.id,), run.id)
        assert Drawings().frame(topic, run, run.film.frames[-1]), "the feed has what the page names"
        assert header["state"] == f"state/{run.id}"


def test_without_a_feed_the_frames_come_with_the_page_spread_over_the_film(
    app: AppTest, trainer: InProcessTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_run(app)
    trainer.advance()
    run = _only_run(trainer)
    everything = [frame.step for frame in run.film.frames]
    app.session_state[DOWN] = True
    go(app, "pages/inside/gates.py")
    assert sent(app) == everything
    size = 5 * 12 * 16 * 9
    monkeypatch.setattr(player, "CHUNK", size)
    go(app, "pages/inside/gradients.py")
    assert len(sent(app)) < len(everything) / 2
    assert {everything[0], everything[-1]} <= set(sent(app))
    select = app.session_state["selection"]
    app.session_state["selection"] = replace(select, step=everything[3])
    go(app, "pages/inside/gates.py")
    assert everything[3] in sent(app), "the moment that is looked at is always there"


def test_a_layer_too_large_for_a_film_is_thinned_and_says_so(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    settings = {"data.adding.length": 700, "train.hidden_size": 64, "train.epochs": 1}
    small_run(app, **settings, **{"data.adding.count": 40})
    go(app, "pages/inside/gates.py")
    header = unpack(components(app)[0])[0]
    assert header["films"][0]["units"] == list(range(0, 64, 2))
    assert "Drawn: 32 of 64 units, evenly spaced." in texts(app)


GAVE_WAY = "keeps fewer moments"


def test_a_film_that_gave_way_on_a_full_server_says_so_once(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    small_run(app)
    trainer.advance()
    run = _only_run(trainer)
    go(app, "pages/inside/gates.py")
    assert GAVE_WAY not in texts(app)
    before = phase_of(run)
    trainer.runs.keeping = Keeping(max_bytes=trainer.runs.size - 1)
    trainer.tidy()
    assert phase_of(run) != before, "the page is drawn anew"
    go(app, "pages/inside/gates.py")
    assert texts(app).count(f"{GAVE_WAY} of this film") == 1


def test_a_film_that_is_thinned_by_its_own_length_does_not_blame_the_server(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    small_run(app)
    run = _only_run(trainer)
    run.film.max_frames = 4
    trainer.advance()
    assert run.film.stride > 1
    go(app, "pages/inside/gates.py")
    assert GAVE_WAY not in texts(app)


def film_id(app: AppTest) -> str:
    (data,) = components(app, "film")
    return str(unpack(data)[0]["films"][0]["id"])


def _only_run(trainer: InProcessTrainer):
    (run,) = [run for run in trainer.runs._runs.values() if run.state != "recorded"]
    return run


def test_the_preview_of_other_settings_is_another_film(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    app.session_state["data.adding.count"] = 100
    go(app, "pages/lab/train.py")
    assert sent(app) == [0], "the feed does not have it"
    names = {film_id(app)}
    for key, value in {"train.forget_bias": -5.0, "train.hidden_size": 24}.items():
        app.session_state[key] = value
        app.run()
        assert film_id(app) not in names, f"another {key} is another network"
        names.add(film_id(app))
    app.session_state["train.forget_bias"] = 1.0
    app.session_state["train.hidden_size"] = 16
    app.run()
    assert film_id(app) in names, "the first network again"


def test_the_preview_of_another_file_of_the_same_name_is_another_film(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    app.session_state["data.group"] = "upload"
    uploads = service.service().uploads
    brought = []
    for phase in (0, 0, 1):
        data = "\n".join(["x", *(str((k + phase) % 7) for k in range(200))]).encode()
        upload = upload_of(data, "waves.csv")
        uploads.keep(app.session_state["viewer"], upload)
        go(app, "pages/lab/train.py")
        assert sent(app) == [0]
        brought.append(film_id(app))
    assert brought[0] == brought[1] != brought[2]


def test_the_states_are_drawn_each_unit_on_its_own_scale_or_all_on_one(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    small_run(app)
    trainer.advance()

    def scales() -> list[tuple[str, bool]]:
        rows = unpack(components(app)[0])[0]["films"][0]["rows"]
        return [(row["title"], row["each"]) for row in rows if row["kind"] == "heat"]

    go(app, "pages/inside/cell_state.py")
    assert scales()[-1] == ("hidden state h, each unit on its own scale", True)
    healthy(app.toggle(key="state.each").set_value(False).run())
    assert scales()[-1] == ("hidden state h", False)
