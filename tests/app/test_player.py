"""A run's film in a page: what travels, how often, and what is said of what does not."""

from streamlit.testing.v1 import AppTest

from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui import player, service
from lstm_viz.ui.uploads import Upload
from tests.app.conftest import components, go, small_run, texts
from tests.figures.message import unpack


def sent(app: AppTest) -> list[int]:
    """The training steps whose frames the newest message brought."""
    (data,) = components(app)
    return list(unpack(data)[0]["films"][0]["sent"])


def test_a_finished_film_travels_once_and_not_again_on_the_next_page(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    small_run(app)
    trainer.advance()
    app.run()
    run = _only_run(trainer)
    everything = [frame.step for frame in run.film.frames]
    go(app, "pages/inside/gates.py")
    known = set(app.session_state[player.DELIVERED][f"film/{run.id}/recurrent.l0/0"])
    assert known == set(everything)
    go(app, "pages/inside/cell_state.py")
    assert sent(app) == []
    header = unpack(components(app)[0])[0]
    assert header["films"][0]["frames"] == everything
    assert [step for step, _label, _epoch in header["playback"]["frames"]] == everything


def test_a_live_moment_travels_once(app: AppTest, trainer: InProcessTrainer) -> None:
    small_run(app)
    trainer.advance(slices=1)
    app.run()
    run = _only_run(trainer)
    assert run.training
    newest = run.film.frames[-1].step
    assert newest in sent(app)
    app.run()
    assert sent(app) == []


def test_what_the_browser_lacks_is_sent_again(app: AppTest, trainer: InProcessTrainer) -> None:
    small_run(app)
    trainer.advance()
    go(app, "pages/inside/gates.py")
    go(app, "pages/inside/gradients.py")
    run = _only_run(trainer)
    last = run.film.frames[-1].step
    delivered = app.session_state[player.DELIVERED][f"film/{run.id}/recurrent.l0/0"]
    delivered.discard(last)
    app.run()
    assert sent(app) == [last]


def test_a_layer_too_large_for_a_film_is_thinned_and_says_so(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    settings = {"data.adding.length": 700, "train.hidden_size": 64, "train.epochs": 1}
    small_run(app, **settings, **{"data.adding.count": 40})
    go(app, "pages/inside/gates.py")
    header = unpack(components(app)[0])[0]
    assert header["films"][0]["units"] == list(range(0, 64, 2))
    assert "Drawn: 32 of 64 units, evenly spaced." in texts(app)


def _only_run(trainer: InProcessTrainer):
    (run,) = [run for run in trainer.runs._runs.values() if run.state != "recorded"]
    return run


def test_the_preview_of_other_settings_is_another_film(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    app.session_state["data.adding.count"] = 100
    go(app, "pages/lab/train.py")
    assert sent(app) == [0]
    app.run()
    assert sent(app) == [], "the browser has it"
    for key, value in {"train.forget_bias": -5.0, "train.hidden_size": 24}.items():
        app.session_state[key] = value
        app.run()
        assert sent(app) == [0], f"another {key} is another network"
    app.session_state["train.forget_bias"] = 1.0
    app.session_state["train.hidden_size"] = 16
    app.run()
    assert sent(app) == [], "the first network again, which the browser still has"


def test_the_preview_of_another_file_of_the_same_name_is_another_film(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    app.session_state["data.group"] = "upload"
    uploads = service.service().uploads
    brought = []
    for phase in (0, 0, 1):
        data = "\n".join(["x", *(str((k + phase) % 7) for k in range(200))]).encode()
        upload = Upload.of(data, "waves.csv")
        uploads.keep(app.session_state["viewer"], upload)
        go(app, "pages/lab/train.py")
        brought.append(sent(app))
    assert brought == [[0], [], [0]]
