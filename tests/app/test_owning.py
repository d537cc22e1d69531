"""Whoever has a link watches the run; who started it alone commands it."""

import asyncio
import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from starlette.datastructures import Headers
from streamlit.testing.v1 import AppTest

from lstm_viz.runs.asking import Question
from lstm_viz.runs.place import Place
from lstm_viz.runs.run import Run
from lstm_viz.runs.trainer import GONE
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui.owning import COOKIE, ELSEWHERE, KEY, OwnerCookie
from tests.app.conftest import button, go, healthy, small_run, texts
from tests.app.test_address import TRAIN, address, opened

COMMANDS = ("Pause", "One epoch", "Stop")
COMPARE = "pages/lab/compare.py"


def pressable(app: AppTest) -> dict[str, bool]:
    return {each.label: not each.disabled for each in app.button}


def forge(app: AppTest, label: str) -> None:
    """Press a button that cannot be pressed, as a forged message would."""
    pressed = button(app, label)
    pressed.proto.disabled = False
    healthy(pressed.click().run())


def own_run(app: AppTest, trainer: InProcessTrainer) -> Run:
    small_run(app, **{"train.epochs": 400})
    trainer.advance(slices=1)
    healthy(app.run())
    return trainer.run(app.session_state["runs"][-1])


def test_a_link_watches_and_its_buttons_say_why_they_command_nothing(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    run = own_run(app, trainer)
    assert pressable(app)["Pause"] and pressable(app)["Stop"]
    assert ELSEWHERE not in texts(app)
    other = opened(address(app))
    assert other.session_state["runs"] == [run.id]
    assert "update" in texts(other)
    assert not any(pressable(other)[command] for command in COMMANDS)
    assert pressable(other)["Train"]
    assert ELSEWHERE in texts(other)
    assert all(button(other, command).help == ELSEWHERE for command in COMMANDS)


def test_a_click_that_no_button_offers_commands_nothing(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    run = own_run(app, trainer)
    other = opened(address(app))
    for command in COMMANDS:
        forge(other, command)
        assert run.state == "training"


def test_train_in_a_viewers_tab_leaves_the_owners_run_alone(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    run = own_run(app, trainer)
    other = opened(address(app))
    healthy(button(other, "Train").click().run())
    own = trainer.run(other.session_state["runs"][-1])
    assert own is not run
    assert (run.state, own.training) == ("training", True)
    assert pressable(other)["Pause"], "of what it started itself"
    healthy(button(other, "Train").click().run())
    assert (run.state, own.state) == ("training", "stopped")


def test_a_race_is_commanded_by_who_started_it(app: AppTest, trainer: InProcessTrainer) -> None:
    small = {"data.adding.count": 100, "data.adding.length": 12, "train.epochs": 400}
    for key, value in small.items():
        app.session_state[key] = value
    go(app, COMPARE)
    healthy(button(app, "Start the race").click().run())
    runs = [trainer.run(run) for run in app.session_state["runs"]]
    trainer.advance(slices=9)
    other = opened(address(healthy(app.run())), COMPARE)
    assert not pressable(other)["Pause all"] and not pressable(other)["Stop all"]
    forge(other, "Stop all")
    healthy(button(other, "Start the race").click().run())
    assert {run.state for run in runs} == {"training"}
    healthy(button(app, "Stop all").click().run())
    assert {run.state for run in runs} == {"stopped"}
    assert all(
        each.owner == runs[0].owner != "" for run in runs for each in trainer.runs.seeds_of(run.id)
    )


def test_no_address_holds_what_owns_a_run(app: AppTest, trainer: InProcessTrainer) -> None:
    run = own_run(app, trainer)
    assert run.owner == app.session_state[KEY]
    for script in (TRAIN, COMPARE, "pages/inside/gates.py"):
        assert run.owner not in address(go(app, script))


def test_what_nobody_owns_any_more_is_not_commanded_by_an_older_page(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    run = own_run(app, trainer)
    run.owner = ""
    healthy(button(app, "Stop").click().run())
    assert run.state == "training"
    assert "another browser's run" in app.error[0].value


def given(kind: str = "text/html; charset=utf-8", cookie: str = "", scheme: str = "http") -> str:
    """The cookie that comes with an answer of this kind."""
    sent: list[dict] = []

    async def answer(_scope: object, _receive: object, send: Callable) -> None:
        headers = [(b"content-type", kind.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})

    async def take(message: dict) -> None:
        sent.append(message)

    scope = {"type": "http", "scheme": scheme, "headers": [(b"cookie", cookie.encode())]}
    asyncio.run(OwnerCookie(answer)(scope, None, take))  # type: ignore[arg-type]
    return Headers(raw=sent[0]["headers"]).get("set-cookie", "")


def test_a_browser_gets_one_cookie_with_a_page_and_with_nothing_else() -> None:
    assert given("text/javascript") == ""
    cookie = given()
    assert re.fullmatch(rf"{COOKIE}=[\w-]{{32}}; Path=/; HttpOnly; SameSite=Lax", cookie)
    assert given() != cookie
    assert given(cookie=cookie.split(";")[0]) == "", "it keeps the one it has"
    assert given(cookie=f"{COOKIE}=short") != ""
    assert given(scheme="https").endswith("; Secure")


def test_what_a_page_asks_is_its_owners(
    app: AppTest, trainer: InProcessTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []
    answering = trainer._answering

    def noted(ends: float, question: Question) -> AbstractContextManager[Place]:
        asked.append((question.owner, question.viewer))
        return answering(ends, question)

    monkeypatch.setattr(trainer, "_answering", noted)
    go(app, TRAIN)
    own_run(app, trainer)
    for page in (TRAIN, "pages/lab/forecast.py"):
        if page != TRAIN:
            asked.clear()
            go(app, page)
        assert set(asked) == {(app.session_state[KEY], app.session_state["viewer"])}, page


def test_a_model_that_was_let_go_is_said_beside_the_buttons(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    small_run(app)
    trainer.advance()
    healthy(app.run())
    assert pressable(app)["Train further"]
    assert GONE not in texts(app)
    trainer.drop(app.session_state["runs"][-1])
    healthy(app.run())
    assert "Train further" not in pressable(app)
    assert GONE in texts(app)
