"""How well a text reads: how much of it is common letters of one language."""

import re
from typing import NamedTuple

FOREIGN = re.compile(r"[^\x00-\x7f]+")
HALF_WIDTH = re.compile("[ｦｱ-ﾝ][ｦ-ﾟ]{2,}")
"""Kana of half width, as words are made of them: none begins with a small one or a lengthening."""
COMMON = frozenset(
    "年月日時間分秒実績万予測使用率需給気温度平均最高低値降水量湿風速向圧電力地点名番号合計品質情報均欠測東京大阪市県区観所消費"
    "时气风压温湿量值数据站编类型总计号名称电单位状态备注区域城的一是在了有和销售额价格收盘开成交期"
    "時間氣溫風壓數據類總計電單位狀態備註區域臺北量值價格收盤開高低雨"
)
"""Letters that the heads of tables are made of, in Japanese and in Chinese of both kinds."""


CUBIC = re.compile(r"(?<![^\W_])[cdkm]?mł(?![^\W_])")
"""m³, whose bytes are those of ł."""
CENTRAL: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ąćęłńóśźż", ("ąłśźż",)),
    ("áčďéěíňóřšťúůýž", ("ěůřšžýť", "áčíéý")),
    ("áäčďéíĺľňóôŕšťúýž", ("ľšťž", "áíý")),
    ("áéíóöőúüű", ("ő",)),
    ("ăâîşţ", ("şţ",)),
    ("čćđšž", ("đšž", "čć")),
)
"""The letters of Polish, Czech, Slovak, Hungarian, Romanian and Croatian, and those without which a
text is rather one of the west: its è, ê, ñ, ø, û are the same bytes as č, ę, ń, ř, ű.
"""
SCRIPTS = (
    re.compile(r"(?<!\w)(?=\w*[الي])[ء-ي]{2,}(?!\w)"),
    re.compile(r"(?<!\w)(?=[ก-ฮ]*[ะ-ฺเ-๎])(?:[เ-ไ]?[ก-ฮ][ัิ-ฺ็-๎]{0,3}[ะาำ]?ๆ?)+(?!\w)"),
)
"""Words of Arabic and Thai: vowels that stand where they are written, and no letter besides."""


def score(text: str) -> float:
    """How much of what is not ASCII in a text is made of common letters, 0 to 1.

    >>> score("Дата".encode("cp1251").decode("cp1251")) > 0.9 > score("größe") + 0.5
    True
    """
    foreign = "".join(FOREIGN.findall(text))
    if not foreign:
        return 0.0
    half = (each for run in FOREIGN.findall(text) for each in HALF_WIDTH.findall(run))
    runs = sum(map(len, half))
    good = (sum(_weight(letter) for letter in foreign) + 0.97 * runs) / len(foreign)
    words = re.findall(r"[^\W\d_]+", text)
    cyrillic = [word for word in words if re.search("[А-яЁё]", word)]
    if cyrillic:  # whole words of it, small letters after the first
        whole = sum(bool(re.fullmatch("[А-ЯЁ]?[а-яё]+|[А-ЯЁ]{1,3}", word)) for word in cyrillic)
        longer = sum(len(word) > 1 for word in cyrillic)
        good *= whole / len(cyrillic) * (0.4 + 0.6 * longer / len(cyrillic))
    if greek := [word for word in words if re.search("[Ά-ώ]", word)]:
        good = 0.98 * (sum(map(_is_greek, greek)) / len(greek)) ** 2
    for word in SCRIPTS:
        if told := word.findall(text):
            return 0.96 * sum(map(len, told)) / len(foreign)
    foreign = "".join(FOREIGN.findall(CUBIC.sub("m", text)))
    letters = {letter for letter in foreign.lower() if letter.isalpha()} - {"µ"}
    if any(
        letters <= {*known} and all(letters & {*g} for g in telling) for known, telling in CENTRAL
    ):
        return 0.6
    return good


def _is_greek(word: str) -> bool:
    """Whether a word has one accent, as all of several syllables have, and a ς only at its end."""
    whole = re.fullmatch("[Ά-Ϋ]?[ά-ώ]+", word) and not re.search("ς.", word)
    return bool(whole) and len(re.findall("[ΆΈΉΊΌΎΏάέήίόύώΐΰ]", word)) == 1


def _weight(letter: str) -> float:
    code = ord(letter)
    if 0x3041 <= code <= 0x30FF:  # kana
        return 0.97
    if 0xAC00 <= code <= 0xD7A3:  # Hangul; Windows' extension has rare syllables besides
        return 0.95 if text_of(letter.encode("cp949"), "euc_kr") else 0.2
    if letter in COMMON:
        return 1.0
    if 0x4E00 <= code <= 0x9FFF:
        return 0.45
    if 0x0410 <= code <= 0x0451:
        return 0.98
    return 0.9 if 0xFF0C <= code <= 0xFF19 or letter in "、。・「」（）：℃°％～－㎜㎡№" else 0.0


WESTERN = re.compile(
    "(?<=[A-Za-z])[äöüéèêàçâôñáíóúåæøœã]|[äöüéèêàçâôñáíóúåæøœ](?=[a-z])"
    "|(?<=[aeiouyäöüAEIOU])[ßëîïûõùìò]|(?<![^\\W_])[ëîïûõùìò](?=[a-z])"
    "|(?<![^\\W_])[ÄÖÜÉÈÀÇÑÓÍÁÚÊÅÆØÕŒŠŽÎ](?=[a-z])|(?<=[A-Za-z])[’–](?=[A-Za-z])"
)
"""Letters of the west where they stand in words, the rarer ones behind vowels."""
ODD = re.compile(
    r"(?<=[^\W\d_])[^\w\s\x00-\x7f’‐–·−](?=[^\W\d_])|(?<=[a-z])\ufffd|\ufffd(?=[a-z])"
    r"|(?<![A-Za-z])ƒ(?=[a-z])|(?<=[^\W\d_])[ƒºª¹²³](?=[a-z])|[ﬁﬂ]"
    "|(?<=[a-z])(?:[ÄÖÜÉÈÀÇÑÓÍÁÚÊÅÆØÂÛÔÞÝ](?=[a-z])|[ŠŽŸŒ](?=[a-z].*[a-z][ŠŽŸŒ]))"
)
"""Signs within words, capitals behind small letters; Windows' own ones twice, as names may meet."""
ODD_SHARE = 0.05
"""Of the letters."""


class West(NamedTuple):
    """How bytes read as letters of the west."""

    name: str
    """`"Latin-1"`, `"Mac Roman"` or `"CP850"`."""
    other: str
    """What reads as well; empty where nothing does."""
    whole: bool
    """Whether all that is not ASCII is letters within words, as one of the last two has them."""


def west_of(sample: bytes, end: str) -> West:
    r"""The usual one is Windows' Latin-1; another is taken where that has signs within words, or
    where lines `end` in a return alone, as they did on old Macs.

    >>> [west_of("Größe".encode(codec), "\n").name for codec in ("cp1252", "mac_roman", "cp850")]
    ['Latin-1', 'Mac Roman', 'CP850']
    >>> west_of("Höhe".encode("mac_roman"), "\n")
    West(name='Latin-1', other='Mac Roman', whole=True)
    """
    windows = sample.decode("cp1252", errors="replace")
    usual, fits, foreign = len(WESTERN.findall(windows)), {}, 0
    for name in ("CP850", "Mac Roman") if end == "\r\n" else ("Mac Roman", "CP850"):
        text = sample.decode(name.replace(" ", "_"))
        letters = len(WESTERN.findall(text))
        foreign = sum(not each.isascii() and each.isalpha() for each in text)
        few = len(ODD.findall(text)) <= ODD_SHARE * letters
        if few and letters >= max(2 * usual, 0.5 * foreign, 1):
            fits[name] = letters
    if not fits:
        return West("Latin-1", "", whole=False)
    first, *others = sorted(fits, key=fits.__getitem__, reverse=True)
    whole = fits[first] >= sum(code > 127 for code in sample)
    if not (end == "\r" or ODD.search(windows)):
        return West("Latin-1", first, whole)
    return West(first, next((each for each in others if fits[each] == fits[first]), ""), whole)


def text_of(sample: bytes, codec: str) -> str | None:
    """What a codec makes of bytes; None where they are none of its."""
    try:
        return sample.decode(codec)
    except UnicodeDecodeError:
        return None
