"""How well a text reads: how much of it is common letters of one language."""

import re

FOREIGN = re.compile(r"[^\x00-\x7f]+")
HALF_WIDTH = re.compile("[ｦｱ-ﾝ][ｦ-ﾟ]{2,}")
"""Kana of half width, as words are made of them: none begins with a small one or a lengthening."""
COMMON = frozenset(
    "年月日時間分秒気温度平均最高低値降水量湿風速向圧電力地点名番号合計品質情報均欠測東京大阪市県区観所消費"
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
    "(?<=[A-Za-z])[äöüßéèêëàâçîïôûùñáíóúåæøœãõìò]|[äöüßéèêëàâçîôùñáíóúåæøœ](?=[a-z])"
    "|(?<![A-Za-z])[ÄÖÜÉÈÀÇÑÓÍÁÚÊÅÆØ](?=[a-z])"
)
"""Letters of the west where they stand in words."""


IN_WORDS_OF_NONE = re.compile(
    r"(?<=[^\W\d_])[§ˆƒ†‡˜‹›¾¿\ufffd](?=[^\W\d_])|(?<=[a-z])\ufffd|(?<![A-Za-z])ƒ(?=[a-z])"
    "|(?<=[a-z])[ŠŽŸŒ].*(?<=[a-z])[ŠŽŸŒ](?=[a-z])"
)
"""Signs of Windows that no word has; capitals that follow small letters, twice."""
TURNED = re.compile("(?<=[a-z])[ÄÖÜÉÈÀÇÑÓÍÁÚÊÅÆØ]")


def is_of_old_macs(sample: bytes, share: float = 0.5, *, returns: bool = False) -> bool:
    """Whether that share of what is not ASCII is letters of the west in Mac Roman, within words,
    that Windows has as signs within words; or, where `returns` alone end the lines as they did
    there, as anything but letters of the west.

    >>> is_of_old_macs("Größe".encode("mac_roman")), is_of_old_macs("Größe".encode("cp1252"))
    (True, False)
    """
    mac, latin = sample.decode("mac_roman"), sample.decode("cp1252", errors="replace")
    letters = len(WESTERN.findall(mac))
    foreign = [each for each in mac if not each.isascii() and (each.isalpha() or share == 1)]
    others = len(WESTERN.findall(latin)) + len(re.findall("(?<![A-Za-z])[ŠŽ](?=[a-z])", latin))
    told = returns or (IN_WORDS_OF_NONE.search(latin) and not TURNED.search(mac))
    return bool(told) and letters >= max(2 * others, share * len(foreign), 1)


def text_of(sample: bytes, codec: str) -> str | None:
    """What a codec makes of bytes; None where they are none of its."""
    try:
        return sample.decode(codec)
    except UnicodeDecodeError:
        return None
