"""Every word a reader sees goes through gettext: a made-up language must reach all of them."""

import gettext
import re

import pytest

from lstm_viz import words
from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui import language
from tests.app.conftest import PAGES, another_session, go, healthy

NOT_WORDS = re.compile(r"^(LSTM|GRU|CPU|Adam|RMSprop|SGD|auto|[\d.,e%+-]+)$")


class MadeUp(gettext.NullTranslations):
    """Every sentence in brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, one: str, many: str, count: int) -> str:
        return f"⟦{one if count == 1 else many}⟧"


@pytest.mark.parametrize("script", PAGES)
def test_no_word_bypasses_the_catalogue(
    trainer: InProcessTrainer, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    monkeypatch.setattr(words, "catalogue", lambda language: MadeUp())
    app = healthy(another_session().run())
    go(app, script)
    shown = []
    for kind in (app.title, app.subheader, app.markdown, app.caption, app.info, app.error):
        shown += [element.value for element in kind]
    for kind in (app.button, app.selectbox, app.slider, app.number_input, app.toggle):
        for element in kind:
            shown += [element.label, element.proto.help]
        if kind is app.selectbox:
            shown += [option for element in kind for option in element.options]
    bare = [text for text in shown if text and "⟦" not in text and not NOT_WORDS.match(text)]
    assert bare == []


def test_a_session_speaks_its_own_language(
    trainer: InProcessTrainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = words.catalogue
    monkeypatch.setattr(
        words, "catalogue", lambda language: MadeUp() if language == "xx" else plain(language)
    )
    one, other = (another_session() for _ in range(2))
    one.session_state["language"] = "xx"
    looked_up: list[str] = []
    of_session = language._of_session
    monkeypatch.setattr(language, "_of_session", lambda: looked_up.append("") or of_session())
    assert healthy(one.run()).title[0].value.startswith("⟦")
    assert len(looked_up) == 1  # however many sentences a page has
    assert not healthy(other.run()).title[0].value.startswith("⟦")
