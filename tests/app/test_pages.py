import pytest
from streamlit.testing.v1 import AppTest

from lstm_viz.models.cells import CELLS
from lstm_viz.runs.run import Run
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui import presets, service
from lstm_viz.words import Sentence
from tests.app.conftest import (
    INSIDE,
    PAGES,
    another_session,
    button,
    components,
    go,
    healthy,
    small_run,
    texts,
)


def test_without_any_run_the_pages_that_look_inside_say_so_and_the_others_open(
    trainer: InProcessTrainer,
) -> None:
    for run in trainer.runs.recorded:
        del trainer.runs._runs[run.id]
    app = healthy(another_session().run())
    for script in PAGES:
        go(app, script)
        assert app.title
        assert ("No run yet" in texts(app)) == (script in INSIDE), script


@pytest.mark.parametrize("script", INSIDE)
def test_a_page_shows_the_recorded_run_and_says_it_is_recorded(app: AppTest, script: str) -> None:
    go(app, script)
    assert "record" in texts(app).lower()


@pytest.mark.parametrize(
    ("cell", "task"), [*((cell, "adding") for cell in CELLS), ("gru", "flip_flop")]
)
def test_every_page_shows_a_live_run_of_every_cell_and_of_numbers_with_an_answer_at_every_step(
    app: AppTest, trainer: InProcessTrainer, cell: str, task: str
) -> None:
    chosen = {"data.task": task, "data.flip_flop.count": 100, "data.flip_flop.length": 12}
    small_run(app, **{"train.cell": cell, "train.layers": 2, **chosen})
    trainer.advance(slices=1)
    for script in INSIDE:
        go(app, script)
    trainer.advance()
    for script in PAGES[2:]:
        go(app, script)
    assert trainer.run(app.session_state["runs"][0]).state == "finished"


def test_a_grus_update_gate_can_be_read_in_either_convention(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    small_run(app, **{"train.cell": "gru"})
    trainer.advance()
    go(app, "pages/inside/gates.py")
    assert "Update gate 1: the state is kept" in texts(app)
    before = components(app)
    healthy(app.toggle[0].set_value(True).run())
    assert components(app) != before


def test_train_pause_step_resume_stop(app: AppTest, trainer: InProcessTrainer) -> None:
    small_run(app, **{"train.epochs": 500})
    run = trainer.run(app.session_state["runs"][0])
    assert run.state == "training"
    assert "Pause" in button(app, "One epoch").help
    healthy(button(app, "Pause").click().run())
    assert run.state == "paused"
    assert not button(app, "One epoch").help
    held = run.step
    button(app, "One epoch").click().run()
    trainer.advance()
    assert run.state == "paused"
    assert run.step == held + run.steps_per_epoch
    healthy(app.run())
    healthy(button(app, "Resume").click().run())
    assert run.state == "training"
    healthy(button(app, "Stop").click().run())
    assert run.state == "stopped"
    healthy(button(app, "Train further").click().run())
    assert run.state == "training"


def test_a_run_that_ends_while_its_page_is_drawn_has_its_buttons_drawn_anew(
    app: AppTest, trainer: InProcessTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_run(app)
    see = presets.what_to_see

    def ends(run: Run) -> None:
        see(run)
        trainer.advance()

    monkeypatch.setattr(presets, "what_to_see", ends)
    healthy(app.run())
    assert button(app, "Train further")


def test_step_without_a_run_trains_one_epoch_and_holds(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    app.session_state["data.adding.count"] = 100
    go(app, "pages/lab/train.py")
    button(app, "One epoch").click().run()
    trainer.advance()
    run = trainer.run(app.session_state["runs"][0])
    assert (run.state, run.step) == ("paused", run.steps_per_epoch)


def test_a_new_run_stops_the_one_before(app: AppTest, trainer: InProcessTrainer) -> None:
    small_run(app)
    button(app, "Train").click().run()
    first, second = (trainer.run(run) for run in app.session_state["runs"])
    assert (first.state, second.state) == ("stopped", "training")


def test_choices_outlive_page_switches(app: AppTest, trainer: InProcessTrainer) -> None:
    small_run(app, **{"train.hidden_size": 7})
    go(app, "pages/inside/gates.py")
    sample = next(each for each in app.selectbox if each.label == "Example")
    sample.select(2).run()
    go(app, "pages/inside/gradients.py")
    assert next(each for each in app.selectbox if each.label == "Example").value == 2
    go(app, "pages/lab/train.py")
    assert next(each for each in app.number_input if each.label == "Hidden units").value == 7
    assert next(each for each in app.number_input if each.label == "Epochs").value == 4


def test_an_earlier_frame_stays_in_view_while_the_run_goes_on(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    small_run(app)
    trainer.advance(slices=1)
    run = trainer.run(app.session_state["runs"][0])
    from lstm_viz.ui.selection import KEY, Selection

    app.session_state[KEY] = Selection(run=run.id, step=0)
    go(app, "pages/inside/gates.py")
    assert "update 0" in texts(app)
    trainer.advance()
    go(app, "pages/inside/cell_state.py")
    assert "update 0" in texts(app)


def test_divergence_is_explained_and_offers_what_to_change(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    wild = {
        "train.cell": "rnn_relu",
        "train.optimizer": "sgd",
        "train.learning_rate": 5.0,
        "train.clip_norm": 0.0,
        "train.epochs": 500,
    }
    before = another_session().run()
    for key, value in {**wild, "train.spectral_radius": 3.0}.items():
        before.session_state[key] = value
    said = texts(go(before, "pages/lab/train.py"))
    assert "Training would diverge at update" in said
    assert "Not trained yet" in said and "Training will take" not in said
    small_run(app, **wild)
    trainer.advance()
    healthy(app.run())
    assert "diverged at update" in app.error[0].value
    assert "Train with learning rate 0.5" in [each.label for each in app.button]
    healthy(button(app, "Train with gradients clipped at 1").click().run())
    assert app.session_state["train.clip_norm"] == 1.0
    assert len(app.session_state["runs"]) == 2


def test_early_stopping_is_no_error_on_any_page(app: AppTest, trainer: InProcessTrainer) -> None:
    small_run(app)
    trainer.advance()
    trainer.run(app.session_state["runs"][0]).message = Sentence("Stopped early.")
    for page in ("pages/lab/train.py", "pages/lab/forecast.py", *INSIDE):
        go(app, page)
        assert not app.error, page
        assert "Stopped early\\." in [each.value for each in app.info], page


def test_after_a_divergence_at_the_smallest_learning_rate_no_smaller_one_is_offered(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    small_run(app, **{"train.learning_rate": 1e-6, "train.clip_norm": 0.0})
    run = trainer.run(app.session_state["runs"][0])
    trainer.advance()
    run.state, run.message = "diverged", Sentence("The training diverged.")
    healthy(app.run())
    offered = [each.label for each in app.button if each.label.startswith("Train with")]
    assert offered == ["Train with gradients clipped at 1"]


def test_a_lost_trainer_is_told_and_the_frames_stay(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    small_run(app, **{"train.epochs": 500})
    trainer.advance(slices=1)
    trainer.runs.lose_all()
    healthy(app.run())
    assert "press Train to begin anew" in app.error[0].value
    go(app, "pages/inside/gates.py")


def test_one_click_on_the_first_page_starts_the_recorded_experiment(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    button(app, "Train it live").click().run()
    run = trainer.run(app.session_state["runs"][0])
    recorded = trainer.runs.recorded[0]
    assert run.settings.changed(device="cpu") == recorded.settings
    assert (run.dataset.values == recorded.dataset.values).all()


def test_another_session_does_not_see_the_runs_of_this_one(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    small_run(app)
    other = healthy(another_session().run())
    go(other, "pages/inside/gates.py")
    names = next(each for each in other.selectbox if each.label == "Run").options
    assert len(names) == len(trainer.runs.recorded)


def test_every_session_leaving_stops_its_run(app: AppTest, trainer: InProcessTrainer) -> None:
    small_run(app, **{"train.epochs": 500})
    run = trainer.run(app.session_state["runs"][0])
    service.service().leave(app.session_state["viewer"])
    run.unseen_since -= 61
    service.service().tidy()
    assert run.state == "stopped"


@pytest.mark.parametrize("script", ["pages/lab/train.py", "pages/inside/gates.py"])
def test_a_run_that_is_gone_while_its_page_is_drawn_is_said_in_a_sentence(
    app: AppTest, trainer: InProcessTrainer, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    small_run(app)
    trainer.advance()
    monkeypatch.setattr(trainer, "run", lambda run: trainer.runs.get(f"{run} is gone"))
    page = go(app, script)
    assert [error.value for error in page.error], "healthy, and said"


def test_a_run_that_is_gone_is_said_where_only_a_part_of_a_page_is_drawn_again(
    trainer: InProcessTrainer,
) -> None:
    def script() -> None:
        import streamlit as st

        from lstm_viz.errors import TrainerError
        from lstm_viz.ui.live import live

        def draw(_run: object) -> None:
            st.button("again")
            if st.session_state.get("gone"):
                raise TrainerError("This run is gone.")

        from lstm_viz.ui.service import trainer

        live(trainer().runs.recorded[0], draw)

    page = AppTest.from_function(script, default_timeout=300).run()
    page.session_state["gone"] = True
    healthy(page.button[0].click().run())
    assert [error.value for error in page.error] == ["This run is gone\\."]


def test_a_network_too_large_to_keep_its_weights_shows_its_cell_before_training(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    app.session_state["train.layers"] = 2
    app.session_state["train.hidden_size"] = 40
    app.session_state["data.adding.count"] = 60
    go(app, "pages/lab/train.py")
    assert not app.error
    assert components(app, "cell")
