"""Every sentence that people read is marked for translation, and collected."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from lstm_viz import errors
from scripts import words

SHOWN_FIRST = {
    "button",
    "button_group",
    "caption",
    "checkbox",
    "error",
    "expander",
    "feedback",
    "file_uploader",
    "form_submit_button",
    "header",
    "info",
    "link_button",
    "markdown",
    "metric",
    "multiselect",
    "number_input",
    "pills",
    "popover",
    "radio",
    "segmented_control",
    "select_slider",
    "selectbox",
    "slider",
    "spinner",
    "status",
    "subheader",
    "success",
    "tabs",
    "text",
    "text_area",
    "text_input",
    "title",
    "toast",
    "toggle",
    "warning",
    "write",
}
"""Streamlit calls whose first argument is read by people."""

SHOWN_BY_NAME = {"help", "label", "placeholder", "text", "title", "x_title", "y_title"}
"""Arguments that are read by people, whatever the call."""

ERRORS = {name for name in vars(errors) if name.endswith("Error")}
WORDLESS = re.compile(r":material/\w+:|^\w+:[NOQT]$|\$[^$]*\$|<[^>]*>|\\\w+")


def wordy(text: str) -> bool:
    return re.search(r"[^\W\d_]{2}", WORDLESS.sub("", text)) is not None


def literal(node: ast.AST) -> bool:
    """Whether an argument brings unmarked words of its own."""
    match node:
        case ast.Constant(value=str(text)):
            return wordy(text)
        case ast.JoinedStr() | ast.List() | ast.Tuple() | ast.BinOp() | ast.BoolOp():
            return any(map(literal, ast.iter_child_nodes(node)))
        case ast.IfExp():
            return literal(node.body) or literal(node.orelse)
    return False


def shown(call: ast.Call) -> Iterator[ast.AST]:
    """The arguments of a call that people read."""
    yield from (word.value for word in call.keywords if word.arg in SHOWN_BY_NAME)
    match call.func:
        case ast.Attribute(value=ast.Name(id="_LOG")):
            return  # read by whoever runs the server
        case ast.Attribute(attr=name) if name in SHOWN_FIRST:
            yield from call.args[:1]
        case ast.Name(id=name) if name in ERRORS:
            yield from call.args[:1]


def unmarked(source: str) -> list[int]:
    """Lines of unmarked words that people would read."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return sorted(part.lineno for call in calls for part in shown(call) if literal(part))


@pytest.mark.parametrize("path", [*words.sources()], ids=words.where)
def test_sentences_are_marked(path: Path) -> None:
    assert unmarked(path.read_text()) == []


@pytest.mark.parametrize(
    "code",
    [
        "st.title('Train')",
        "row.button(f'Train {n}', icon=':material/play_arrow:')",
        "st.slider(_('Units'), help='How many')",
        "alt.X('t', title='time' if steps else _('epoch'))",
        "st.tabs(['Loss', _('Gates')])",
        "raise_(DataError('Empty'))",
    ],
)
def test_unmarked_words_are_found(code: str) -> None:
    assert unmarked(code) == [1]


@pytest.mark.parametrize(
    "code",
    [
        "st.title(_('Train'))",
        "st.caption(f'{_(name)} · {value:.3g}')",
        "st.button(':material/play_arrow:')",
        "chart.encode(text='label:N')",
        "st.markdown('$c_t = f_t c_{t-1} + i_t g_t$')",
        "DataError(N_('Empty'))",
        "_LOG.warning('A recording is left out')",
        "st.page_link('pages/lab/train.py', label=_('Train'))",
    ],
)
def test_marked_words_and_mere_signs_pass(code: str) -> None:
    assert unmarked(code) == []


def test_every_marked_sentence_is_in_the_template() -> None:
    committed = words.sentences(words.read(words.TEMPLATE))
    assert words.sentences(words.collect()) == committed, "run `make words`"
