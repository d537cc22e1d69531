"""The address: what it says of a page, and what a reload or another browser finds of it."""

import json
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from lstm_viz.experiments.experiment import Experiment, race_from_query, race_to_query
from lstm_viz.experiments.links import Link
from lstm_viz.experiments.presets import PRESETS
from lstm_viz.experiments.settings import Settings
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui import session
from lstm_viz.ui.selection import KEY, Selection
from tests.app.conftest import INSIDE, another_session, button, go, healthy, small_run, texts

TRAIN = "pages/lab/train.py"
Query = str | Mapping[str, str | Sequence[str]]


def address(app: AppTest) -> str:
    """The query string that the page writes into the browser's address."""
    told = [
        json.loads(node.proto.json)
        for node in app.main
        if node.type == "bidi_component" and node.proto.json
    ]
    (query,) = [each["query"] for each in told if "query" in each]
    return str(query)


def opened(query: Query, script: str = TRAIN) -> AppTest:
    """Another browser, in which this address was typed in."""
    app = another_session()
    for name, values in Link.of(query).parameters.items():
        app.query_params[name] = values
    return go(app, script)


def set_in(app: AppTest) -> Experiment:
    """The experiment of the controls, by the page's own address."""
    apart = parse_qs(address(app)).get("set")
    return race_from_query(apart[0] if apart else address(app))[0][0]


@pytest.mark.parametrize("name", PRESETS)
def test_a_link_sets_its_experiment(trainer: InProcessTrainer, name: str) -> None:
    experiment = PRESETS[name].experiments[0]
    app = opened(experiment.to_query(), "pages/lab/experiments.py")
    assert set_in(app) == experiment
    assert not app.toast


def test_a_link_turns_the_knobs_that_there_are(trainer: InProcessTrainer) -> None:
    query = "knob_bias=5&knob_start=chrono&knob_radius=9&knob_length=100"
    app = opened(query, "pages/inside/gradients.py")
    assert "knob_radius=9" in app.toast[0].value.replace("\\", "")
    assert {"knob_bias": ["5"], "knob_start": ["chrono"]}.items() <= parse_qs(address(app)).items()
    app = opened("lab=inputs&lab=wormholes", "pages/inside/gradients.py")
    assert "lab=wormholes" in app.toast[0].value.replace("\\", "")
    assert parse_qs(address(app))["lab"] == ["inputs"]


def test_knobs_at_their_start_are_in_no_address(trainer: InProcessTrainer) -> None:
    app = opened("knob_length=100&knob_radius=9", "pages/inside/gradients.py")
    assert "knob_length" not in address(app) and "knob_radius" not in address(app)


def test_a_reload_finds_data_settings_run_and_what_was_looked_at(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    small_run(app, **{"data.task": "copy_memory", "train.layers": 2, "train.hidden_size": 8})
    trainer.advance()
    run = trainer.run(app.session_state["runs"][0])
    look = Selection(run.id, run.film.frames[1].step, "recurrent.l0", 2, 5, (3, 1))
    app.session_state[KEY] = look
    app.session_state["train.epochs"] = 7  # set since, for a next run
    go(app, "pages/inside/gates.py")
    again = opened(address(app), "pages/inside/gates.py")
    assert again.session_state[KEY] == look
    assert again.session_state["runs"] == [run.id]
    assert set_in(again) == set_in(app)
    assert set_in(again).settings.budget.epochs == 7
    assert set_in(again).data == run.data
    assert address(again) == address(app)
    assert f"update {look.step}" in texts(again)


def test_the_link_of_a_page_that_shows_a_run_is_that_of_its_experiment(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    small_run(app)
    trainer.advance()
    run = trainer.run(app.session_state["runs"][0])
    app.session_state["train.cell"] = "gru"
    for page in ("pages/inside/gates.py", "pages/lab/forecast.py"):
        go(app, page)
        assert race_from_query(address(app))[0][0] == run.experiment
        elsewhere = opened(address(app).replace(run.id, "gone"), page)
        assert set_in(elsewhere) == run.experiment, "what the link shows is what to train"
    go(app, TRAIN)
    assert race_from_query(address(app))[0][0].settings.cell.kind == "gru"


def test_a_run_that_trains_is_not_lost_while_another_one_is_looked_at(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    small_run(app)
    trainer.advance()
    first = app.session_state["runs"][0]
    small_run(app)
    app.session_state[KEY] = Selection(run=first)
    go(app, "pages/inside/gates.py")
    again = opened(address(app))
    assert set(again.session_state["runs"]) == set(app.session_state["runs"])
    assert again.session_state[KEY].run == first


def test_a_run_alone_brings_its_experiment(app: AppTest, trainer: InProcessTrainer) -> None:
    small_run(app, **{"data.group": "real", "data.real": "nile", "train.cell": "gru"})
    (run,) = app.session_state["runs"]
    again = opened({"run": run})
    assert set_in(again) == trainer.run(run).experiment
    assert "These figures belong to" not in texts(again)


def test_the_run_of_another_server_is_missed_in_words(trainer: InProcessTrainer) -> None:
    app = opened("task=parity&cell=gru&run=of-another-server&step=4")
    assert "is not on this server" in app.toast[0].value
    assert set_in(app).settings.cell.kind == "gru"
    assert not app.session_state["runs"]
    assert "Not trained yet" in texts(app)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("task=juggling&cell=lstm", "'task=juggling' in the link was ignored"),
        ("cell=lstm&units=9999", "between 1 and 512"),
        ("cell=lstm&wormholes=3", "'wormholes' in the link is not known"),
        ("step=soon", "'step=soon' in the link was ignored"),
        ("unit=-1", "'unit=-1' in the link was ignored"),
        ("cell=lstm&device=abacus", "no device 'abacus'"),
        ("real=nile&target=amount&cell=lstm", "no column 'amount'"),
        ("cell=lstm&units=8&unit=999&unit=3", "The network has no unit 999"),
        ("&".join(f"x{k}=1" for k in range(20)), "And 14 more."),
    ],
)
def test_what_an_address_says_in_vain_is_said_once(
    trainer: InProcessTrainer, query: str, said: str
) -> None:
    app = opened(query)
    (toast,) = app.toast
    assert said in toast.value.replace("\\", "")
    assert not app.error
    healthy(app.run())
    assert not app.toast
    assert "unit=999" not in address(app)


def test_of_a_run_what_it_does_not_have_is_said_and_left_out(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    small_run(app)
    trainer.advance()
    (run,) = app.session_state["runs"]
    frame = trainer.run(run).film.at(None)
    assert frame is not None
    steps = frame.top_layer.hidden.shape[1]
    there = {"step": "0", "t": f"{steps - 1}", "layer": frame.top, "example": "test-0"}
    good = opened({"run": run, **there})
    assert not good.toast
    assert all(f"{name}={value}&" in f"{address(good)}&" for name, value in there.items())
    for wrong, said in {
        "step=999999": "no update 999999",
        f"t={steps}": f"no time step {steps}",
        "layer=foo": "no layer 'foo'",
        "example=test-99999": "no 'Test example 100000'",
        "sample=999": "no example 1000",
    }.items():
        again = opened(f"run={run}&{wrong}")
        assert said in again.toast[0].value.replace("\\", ""), wrong
        assert wrong not in address(again)


def test_no_text_of_an_address_becomes_markup(trainer: InProcessTrainer) -> None:
    app = opened({"<img src=x>": "1", "task": "[a](javascript:alert(1))", "layer": "**bold**" * 9})
    (toast,) = app.toast
    for escaped in ("\\<img", "\\[a\\]\\(", "\\*\\*bold"):
        assert escaped in toast.value


@pytest.mark.parametrize("script", [*INSIDE, TRAIN, "pages/lab/forecast.py"])
def test_no_moment_out_of_reach_breaks_a_page(
    app: AppTest, trainer: InProcessTrainer, script: str
) -> None:
    small_run(app)
    trainer.advance()
    (run,) = app.session_state["runs"]
    beyond = {"t": "999999", "unit": ["9999", "0"], "layer": "encoder.l7", "sample": "999"}
    opened({"run": run, "step": "999999", **beyond}, script)
    opened({"show": "adding_rnn", **beyond}, script)


def test_a_link_to_an_upload_names_the_file_and_asks_for_it(trainer: InProcessTrainer) -> None:
    app = opened("upload=my*energy.csv&window=12&target=wind&cell=gru")
    assert "The file 'my\\*energy\\.csv' is not on this server" in app.info[0].value
    assert button(app, "Train").disabled
    assert set_in(app).data.targets == ("wind",)
    healthy(app.switch_page("pages/lab/data.py").run())
    assert "my\\*energy\\.csv" in app.info[0].value
    rows = "load,wind\n" + "\n".join(f"{k % 7},{k % 5}" for k in range(200))
    app.file_uploader[0].set_value(("my*energy.csv", rows.encode(), "text/csv")).run()
    assert set_in(healthy(app)).data.targets == ("wind",), "the columns of the link"
    go(app, TRAIN)
    assert not button(app, "Train").disabled


def test_what_was_found_set_is_no_choice_of_anybody(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    again = opened(address(app), "pages/welcome/start.py")
    assert all(
        again.session_state[key] == session.DEFAULTS[key]
        for key in session.DEFAULTS
        if key in again.session_state
    )
    assert not again.toast


COMPARE = "pages/lab/compare.py"


@pytest.mark.parametrize("name", ["race", "carousel"])
def test_a_link_to_a_race_sets_its_contenders(trainer: InProcessTrainer, name: str) -> None:
    experiments = list(PRESETS[name].experiments)
    app = opened(f"{race_to_query(experiments)}&seeds=2", COMPARE)
    assert race_from_query(address(app).partition("&seeds=")[0]) == (experiments, [])
    assert not app.toast
    assert app.session_state["race.seeds"] == 2
    healthy(button(app, "Start the race").click().run())
    runs = [trainer.run(run) for run in app.session_state["runs"]]
    assert [run.experiment for run in runs] == experiments


@pytest.mark.parametrize("left_from", [COMPARE, "pages/inside/gates.py"])
def test_a_reload_finds_a_race_and_its_contenders(
    app: AppTest, trainer: InProcessTrainer, left_from: str
) -> None:
    go(app, "pages/lab/experiments.py")
    healthy(next(each for each in app.button if each.key == "start.carousel").click().run())
    go(app, left_from)
    again = opened(address(app), COMPARE)
    assert set(again.session_state["runs"]) == set(app.session_state["runs"])
    assert "These figures belong to" not in texts(again)
    again.session_state["race.editing"] = True
    assert "**With peepholes**" in texts(healthy(again.run())), "the contenders' names"


def test_what_a_race_cannot_be_is_said(trainer: InProcessTrainer) -> None:
    others = [Experiment(settings=Settings.of(hidden_size=k, seed=k)) for k in range(1, 10)]
    app = opened(race_to_query(others), COMPARE)
    said = app.toast[0].value.replace("\\", "")
    assert "at most 8 contenders" in said
    assert "the first one's seed" in said


def test_settings_of_a_link_that_do_not_fit_its_data_are_named_and_stand_nowhere(
    trainer: InProcessTrainer,
) -> None:
    small = "count=200&units=3&epochs=1"
    reber = f"task=reber&length=20&{small}"
    app = opened(f"{reber}&bidirectional=1&readout=mean&loss=mae")
    assert app.toast[0].value.count("→") == 3
    assert set_in(app) == Experiment.from_query(reber)[0]
    app = opened(f"task=adding&length=10&{small}&truncate=50&conv_channels=2&conv_kernel=11")
    assert "50 → 0" in app.toast[0].value
    assert {"truncate", "conv_kernel"} & {*parse_qs(address(app))} == {"conv_kernel"}
    assert set_in(app).settings.network.conv_kernel == 10
    assert not opened(f"{reber}&truncate=5").toast


def test_what_is_set_is_what_would_be_trained_once_the_data_leave_no_room_for_it(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    small_run(app, **{"train.bidirectional": True, "train.readout": "mean", "train.epochs": 1})
    small_run(app, **{"data.task": "reber", "train.epochs": 1})
    trainer.advance()
    go(app, "pages/inside/gates.py")
    assert not {"set", "bidirectional", "readout"} & {*parse_qs(address(app))}
