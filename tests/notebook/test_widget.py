"""What a film sends to a notebook, and when."""

import sys
from typing import Any

import anywidget
import pytest
import torch
from comm import DummyComm
from ipywidgets import Widget

from lstm_viz import DivergenceError, Settings, adding_problem, film, fit, frames, trace, watch
from lstm_viz.notebook.film import FramedFilm
from lstm_viz.notebook.traced import NOT_YET
from lstm_viz.notebook.widget import FilmWidget
from tests.figures.message import unpack
from tests.notebook.test_fit import TOO_FAST, sequences

DATA = adding_problem(40, 8)
SETTINGS = Settings.of(hidden_size=3, epochs=2, device="cpu")
LIVE = {"title", "said", "film", "cell", "waiting", "weights"}


def shown(made: Any) -> tuple[FilmWidget, list[Any]]:
    """Shown in a notebook, and what it sends from then on."""
    assert isinstance(made, FilmWidget) and isinstance(made, anywidget.AnyWidget)
    assert made.comm is None and made.film == b""  # nothing travels before
    sent: list[Any] = []
    assert made.model_id
    made.send = lambda content, buffers: sent.append((content["state"], buffers))  # type: ignore
    made.send_state = lambda key=None: sent.append({key} if isinstance(key, str) else {*key})  # type: ignore
    return made, sent


def test_each_moment_of_a_loop_travels_once_and_the_whole_at_its_end() -> None:
    loop = frames(SETTINGS, DATA)
    made, sent = shown(film(loop))
    assert repr(made) == "Film of nothing yet" and "begins with its loop" in made.empty
    steps = [frame.step for frame in loop]
    first, *live, last = [each for each in sent if each != {"said"}]
    assert LIVE >= first >= {"film", "cell", "waiting", "weights"} and "film" in last
    for step, (state, messages) in zip(steps[1:], live, strict=True):
        (run,) = state["runs"].values()
        assert run == {"steps": steps[: steps.index(step) + 1], "active": True}
        frame, weights, cell = (unpack(each)[0] for each in messages)
        assert (frame["clock"][0], weights["step"], cell["step"]) == (step, step, step)
        assert cell["topic"] == unpack(made.waiting)[0]["topic"].replace("{step}", str(step))
    header, _ = unpack(made.film)
    assert header["films"][0]["sent"] == steps
    assert (header["state"], header["films"][0]["active"]) == (None, False)
    assert loop.result.state == "finished" and "ended" in repr(loop.result)
    assert made.said == fit(SETTINGS, DATA, progress=False).film._saved.said


def test_a_loop_that_is_left_ends_its_film() -> None:
    loop = frames(SETTINGS, DATA)
    made, _sent = shown(film(loop))
    next(loop)
    assert unpack(made.film)[0]["films"][0]["active"]
    loop.close()
    assert not unpack(made.film)[0]["films"][0]["active"]
    assert next(loop, None) is None and loop.result.run.state == "stopped"


def test_what_a_film_cannot_show_it_says_and_the_loop_goes_on() -> None:
    loop = frames(SETTINGS, DATA)
    made, _sent = shown(film(loop, layer="l7"))
    assert len([*loop]) > 2 and made.film == b""
    assert "no layer 'l7'" in made.empty


def test_a_watched_loop_sends_its_moments_and_another_film_for_another_length() -> None:
    model = torch.nn.GRU(1, 3, batch_first=True)
    watcher = watch(model, every=1)
    made, sent = shown(film(watcher))
    names = []
    with watcher:
        for steps in (4, 4, 6):
            model(torch.rand(2, steps, 1))[0].sum().backward()
            names += [unpack(made.film)[0]["films"][0]["id"]] if made.film else []
    assert [type(each) for each in sent].count(tuple) == 1  # the second one
    assert (
        unpack(made.film)[0]["steps"] == 6 and unpack(made.film)[0]["films"][0]["id"] not in names
    )
    assert unpack(made.film)[0]["films"][0]["sent"] == [1, 2, 3]


def test_a_short_batch_is_left_out_and_the_film_goes_on() -> None:
    model = torch.nn.GRU(1, 3, batch_first=True)
    watcher = watch(model, every=1)
    made, sent = shown(film(watcher, sample=3))
    said = []
    with watcher:
        for batch in (2, 5, 5, 2, 5, 5):
            model(torch.rand(batch, 4, 1))[0].sum().backward()
            said.append(made.said)
    live = [each for each in sent if isinstance(each, tuple)]
    assert "between 0 and 1" in said[1] and "update 3. 1 step is" in said[3]
    assert "update 3. 2 steps are left out" in said[4] and "update 6. 2 steps" in made.said
    assert [[unpack(m)[0]["clock"][0] for m in each] for _, each in live] == [[3], [], [5], [6]]
    assert unpack(made.film)[0]["films"][0]["sent"] == [2, 3, 5, 6]


def test_what_a_watched_loop_lacks_is_said() -> None:
    model = torch.nn.GRU(1, 3, batch_first=True)
    with watch(model, every=1) as watcher:
        made, _sent = shown(film(watcher))
        assert "begins with its loop" in made.empty
        model(torch.rand(2, 4, 1))
        model(torch.rand(2, 4, 1))
        assert "but no 'backward' yet" in made.empty
        model(torch.rand(2, 4, 1))[0].sum().backward()
    assert made.film and "update 1" in made.said


def test_an_exception_in_the_loop_ends_the_training_and_its_film() -> None:
    loop = frames(SETTINGS, DATA)
    made, _sent = shown(film(loop))
    with pytest.raises(ZeroDivisionError):
        for frame in loop:
            made.said = str(1 / (1 - frame.step))
    assert not loop.running and loop.result.state == "stopped" and [*loop] == []
    assert not unpack(made.film)[0]["films"][0]["active"]


def test_a_loop_that_diverges_says_so_on_its_film() -> None:
    loop = frames(SETTINGS.changed(epochs=40, **TOO_FAST), sequences())
    made, _sent = shown(film(loop))
    assert not made.said
    with pytest.raises(DivergenceError):
        list(loop)
    step = loop.result.run.step + 1
    assert f"This training diverged at update {step}:" in made.said


def test_without_anywidget_it_is_a_page_in_a_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    traces = trace(torch.nn.LSTM(1, 2, batch_first=True), torch.rand(1, 4, 1))
    monkeypatch.setitem(sys.modules, "anywidget", None)
    made = film(traces)
    assert type(made) is FramedFilm and "<iframe srcdoc=" in made._repr_html_()
    loop = frames(SETTINGS, DATA)
    early, wrong = film(loop), film(loop, layer="l7")
    assert isinstance(early, FramedFilm) and isinstance(wrong, FramedFilm)
    assert early._repr_html_() == f"<p>{NOT_YET}</p>"
    next(loop)
    assert "<iframe" in early._repr_html_() and "no layer" in wrong._repr_html_()


def test_a_notebook_that_gives_every_widget_its_comm_at_once_shows_the_film(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As marimo does: it asks for a picture of the widget, and nothing else."""
    opened: list[Any] = []

    def gives(widget: Any) -> None:
        opened.append(widget)
        widget.comm = DummyComm()

    monkeypatch.setattr(Widget, "_widget_construction_callback", gives)
    made = film(fit(SETTINGS, DATA, progress=False))
    assert opened == [made] and isinstance(made, FilmWidget)
    made._repr_mimebundle_()
    assert made.film and made.cell
    loop = frames(SETTINGS, DATA)
    live = film(loop)
    for _ in range(2):  # shown twice
        live._repr_mimebundle_()
    assert loop._hearing == [live._update]
    assert [*loop] and live.film
