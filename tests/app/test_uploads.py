"""A user's own file on the pages: read, or refused in one sentence."""

import pytest
from streamlit.testing.v1 import AppTest

from lstm_viz.training.inprocess import InProcessTrainer
from lstm_viz.ui import service
from lstm_viz.ui.uploads import Upload
from tests.app.conftest import go

ROWS = range(80)
FILES = {
    "constant": ("a,b\n" + "\n".join(f"7,{k % 5}" for k in ROWS), "nothing to learn|same"),
    "gaps": ("a,b\n" + "\n".join(f"{'' if k % 2 else k},{k % 5}" for k in ROWS), "missing"),
    "short": ("a,b\n1,2\n2,3\n3,4", "longer|rows"),
}


def with_upload(app: AppTest, text: str, name: str) -> AppTest:
    data = text.encode()
    upload = Upload.of(data, name)
    service.service().uploads.keep(app.session_state["viewer"], upload)
    app.session_state["data.group"] = "upload"
    return app


@pytest.mark.parametrize("name", FILES)
def test_a_column_that_cannot_be_learned_is_one_sentence_on_data_and_train(
    app: AppTest, trainer: InProcessTrainer, name: str
) -> None:
    text, fragment = FILES[name]
    with_upload(app, text, f"{name}.csv")
    app.session_state["data.targets"] = ["a"]
    for page in ("pages/lab/data.py", "pages/lab/train.py"):
        go(app, page)
        (error,) = app.error
        assert any(part in error.value for part in fragment.split("|")), error.value
    train = next(each for each in app.button if each.label == "Train")
    assert train.disabled
    assert any(part in train.help.replace("\\", "") for part in fragment.split("|"))


def test_a_column_named_in_markup_is_shown_as_it_is(
    app: AppTest, trainer: InProcessTrainer
) -> None:
    name = "<b>a</b> [x](y) $z$"
    text = f'"{name}",n\n' + "\n".join(f"{k % 7 / 2},{k % 5}" for k in ROWS)
    with_upload(app, text, "odd *name*.csv")
    app.session_state["data.targets"] = [name]
    go(app, "pages/lab/data.py")
    assert not app.error
    assert "odd \\*name\\*\\.csv" in "\n".join(caption.value for caption in app.caption)
    go(app, "pages/lab/train.py")
    assert not app.error
