import sys

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lstm_viz.data.dataset import PARTS, Part
from lstm_viz.data.reading.ceilings import MAX_LETTERS
from lstm_viz.data.text import CORPORA, MAX_SYMBOLS, REPLACEMENT, corpus, decode, encode
from lstm_viz.data.text import text_dataset as dataset_of
from lstm_viz.errors import ConfigError, DataError

texts = some.text(some.sampled_from("abcdé \n"), min_size=200, max_size=600).filter(
    lambda text: len(set(text)) > 1
)


@given(texts)
def test_codes_are_the_text_again(text: str) -> None:
    data = dataset_of(text, "text", window=20)
    assert decode(data.values[:, 0], data.symbols) == text
    assert list(data.symbols) == sorted(set(text))


@given(texts, some.integers(2, 20))
def test_each_answer_is_the_next_character_and_training_stays_before_the_split(
    text: str, window: int
) -> None:
    data = dataset_of(text, "text", window)
    inputs, answers = data.part("training")
    assert inputs.shape == (len(inputs), window, 1)
    assert answers.shape == (len(inputs), window)
    read = "".join(decode(each[:, 0], data.symbols) for each in inputs)
    asked = "".join(decode(each, data.symbols) for each in answers)
    assert text[: data.split].startswith(read[:1] + asked)
    assert read[1:] == asked[:-1]  # window after window, nothing is left out or read twice
    assert len(text[: data.split]) - len(read) <= window


@pytest.mark.parametrize("part", ["validation", "test"])
@given(text=texts)
def test_the_later_parts_are_asked_for_their_own_characters_only(part: Part, text: str) -> None:
    data = dataset_of(text, "text", window=20)
    own = text[data.rows(part)]
    asked = "".join(decode(each, data.symbols) for each in data.part(part)[1])
    assert own.startswith(asked)
    assert len(own) - len(asked) < data.window


def test_the_rarest_of_too_many_characters_are_replaced() -> None:
    # 301 kinds, each one more frequent than the one before
    kinds = [chr(0x4E00 + k) for k in range(301)]
    text = "".join(kind * (k + 1) for k, kind in enumerate(kinds))
    data = dataset_of(text, "signs")
    assert len(data.symbols) == MAX_SYMBOLS
    assert set(data.symbols) == {*kinds[-254:], REPLACEMENT}
    shown = decode(data.values[:, 0], data.symbols)
    assert shown == "".join(c if c in kinds[-254:] else REPLACEMENT for c in text)
    assert decode(encode("x" + kinds[-1], data.symbols), data.symbols) == REPLACEMENT + kinds[-1]


def test_unknown_characters_are_named() -> None:
    with pytest.raises(DataError) as refused:
        encode("abcß\n", ("a", "b"))
    assert "has no '\\n', 'c', 'ß'. Write with" in str(refused.value)


def test_nothing_has_no_codes() -> None:
    assert encode("", ("a", "b")).shape == (0,)
    assert decode(encode("", ("a",)), ("a",)) == ""


BAD_TEXTS = [
    ("ab" * 249, "'it' has 498 characters, and windows of 50 need at least 500. Shorten"),
    ("", "'it' has 0 characters"),
    ("a" * 1000, "'it' is one character throughout"),
    ("ab" * (MAX_LETTERS // 2 + 1), "has 2,000,002 characters and at most 2,000,000"),
]


@pytest.mark.parametrize(("text", "message"), BAD_TEXTS)
def test_a_text_that_cannot_be_learned_from_is_refused_with_the_reason(
    text: str, message: str
) -> None:
    with pytest.raises(DataError) as refused:
        dataset_of(text, "it")
    assert message in str(refused.value)


@given(some.integers(2, 30), some.floats(0.05, 0.5), some.floats(0.01, 0.4))
def test_the_shortest_text_that_passes_has_a_window_in_each_part(
    window: int, validation_share: float, test_share: float
) -> None:
    shares = validation_share, test_share
    with pytest.raises(DataError) as refused:
        dataset_of("", "it", window, *shares)
    need = int(refused.value.sentence.values["need"])
    for length in (need, need + 1):
        data = dataset_of(("ab" * length)[:length], "it", window, *shares)
        assert all(len(data.part(part)[0]) >= 1 for part in PARTS)
    with pytest.raises(DataError):
        dataset_of(("ab" * need)[: need - 1], "it", window, *shares)


def test_a_share_out_of_range_is_refused() -> None:
    with pytest.raises(ConfigError, match="validation share"):
        dataset_of("ab" * 1000, "it", validation_share=0.9)


@pytest.mark.parametrize("name", CORPORA)
def test_every_corpus_is_there_and_can_be_learned_from(name: str) -> None:
    text = corpus(name)
    assert len(text) == 100_000
    assert corpus(name, 10_000) == text[:10_000]
    data = dataset_of(text, CORPORA[name].label)
    assert 40 < len(data.symbols) < MAX_SYMBOLS


def test_topics_are_english_and_source_code_is_python() -> None:
    assert corpus("topics").count(" the ") > 500
    assert corpus("source_code").count("\n    def ") > 30


BAD_CORPORA = [
    ("poems", 100_000, "no text called 'poems'. Choose one of: topics, source_code"),
    ("topics", 10, "'characters' must be between 10000 and 500000, got 10"),
]


@pytest.mark.parametrize(("name", "characters", "message"), BAD_CORPORA)
def test_an_unknown_corpus_is_refused(name: str, characters: int, message: str) -> None:
    with pytest.raises(ConfigError) as refused:
        corpus(name, characters)
    assert message in str(refused.value)


def test_a_python_without_its_help_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pydoc_data.topics", None)
    with pytest.raises(DataError, match="came without the text of 'topics'"):
        corpus("topics")
