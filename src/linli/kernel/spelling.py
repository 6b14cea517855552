"""One normal form of what people write and say: addresses, codes, numbers of cases, telephones.

Both sides are brought to it: what is stored to be found by, and what is typed to find it. 泇河社区居民委员会
团结街159号, 泇河社区团结街１５９号 and 泇河团结街159 are then the same words. Nothing that people read is
changed: the normal form is for comparing and finding alone.

Limits: what a house number is, is told by the word behind it (号, 栋, 室 …); a Chinese numeral anywhere else
stays a word (五一路). Of variant characters those are known that are met in names of places and addresses.
"""

import re
import unicodedata
from typing import Final

__all__ = [
    "case_number",
    "code",
    "community_name",
    "letters_and_figures",
    "plain_words",
    "spoken",
    "telephone",
    "written",
]

_VARIANTS: Final = str.maketrans(
    # Beyond the basic plane or of other standards: what typewriters of registers have left.
    "𠮷﨑髙峯嶋㘭𡊸𡑞𡌶𡋾邨衖菴凃"
    # Traditional forms of what addresses are made of.
    "縣區鄉鎮莊號樓棟單戶門東劉張陳楊趙黃吳馬龍鳳嶺橋灣澗溝頭兒廟團結灘壩園學長廣興華國際營衛舊鋪錢鄭馮許鄧蕭賈葉閻萬實寶峽島場壟崗臺廠爐窯關鐘錦蘭寧雙連溫蓮靈聖聯飛鶴韓顏魯濟達運進選遼遠",
    "吉崎高峰岛坳坑塆坝垌村巷庵涂"
    "县区乡镇庄号楼栋单户门东刘张陈杨赵黄吴马龙凤岭桥湾涧沟头儿庙团结滩坝园学长广兴华国际营卫旧铺钱郑冯许邓萧贾叶阎万实宝峡岛场垄岗台厂炉窑关钟锦兰宁双连温莲灵圣联飞鹤韩颜鲁济达运进选辽远",
)
_DASHES: Final = re.compile(r"[-‐‑‒–—―−﹣─_~〜～]+")
_BETWEEN_FIGURES: Final = re.compile(r"(?<=\d)(?: ?号? ?[之-] ?| ?号 ?| )(?=\d)")
_HAN: Final = r"㐀-䶿一-鿿\U00020000-\U000323af"
_NUMERAL: Final = re.compile(
    r"[零〇一二三四五六七八九两十百千]+(?= ?(?:号|栋|幢|座|单元|室|弄))|(?<=号之)[一二三四五六七八九十]+"
)
_FIGURES: Final = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_TENS: Final = {"十": 10, "百": 100, "千": 1000}
_COMMITTEES: Final = ((re.compile(r"村民委员会|村委会"), "村"), (re.compile(r"居民委员会|居委会"), "社区"))
_TWICE: Final = ((re.compile(r"村{2,}"), "村"), (re.compile(r"社区(?:社区|村)"), "社区"))
_NUMBER_WORD: Final = re.compile(r"(?<=\d)号")
_COMMUNITY: Final = re.compile(rf"(?<=[{_HAN}]{{2}})(?:社区|村)")
_CASE: Final = re.compile(r"([A-Z]+)-?(\d{6})-?(\d{5,})")


def plain_words(text: str) -> str:
    """A text as it is compared: NFKC, small letters, single spaces, no unseen signs, usual characters.

    Examples
    --------
    >>> plain_words(" ＡＢ　１２　𠮷祥 "), plain_words("")
    ('ab 12 吉祥', '')
    """
    seen = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    whole = unicodedata.normalize("NFKC", seen).translate(_VARIANTS).casefold()
    return " ".join(_DASHES.sub("-", whole).split())


def community_name(name: str) -> str:
    """What people call the community of a committee, to be shown: a name of something else stays as it is.

    Examples
    --------
    >>> community_name("泇河社区居民委员会"), community_name("城东村村民委员会"), community_name("Balzers")
    ('泇河社区', '城东村', 'Balzers')
    """
    for pattern, word in (*_COMMITTEES, *_TWICE):
        name = pattern.sub(word, name)
    return name


def written(address: str) -> str:
    """An address in full, without spaces and signs: a committee is its community.

    Examples
    --------
    >>> written("泇河社区居民委员会 团结街一百五十九号"), written("东村村民委员会")
    ('泇河社区团结街159', '东村')
    """
    figures = _NUMERAL.sub(lambda found: str(_value(found[0])), plain_words(address))
    return _NUMBER_WORD.sub("", community_name(letters_and_figures(figures)))


def spoken(address: str) -> str:
    """An address as it is said, which is its normal form: without what people leave out.

    After two characters of a name 社区 and 村 are left out; 代村 keeps its own, as nobody says 代.

    Examples
    --------
    >>> spoken("泇河社区居民委员会团结街159号") == spoken("泇河团结街１５９") == "泇河团结街159"
    True
    >>> spoken("代村村民委员会和平路3号"), spoken("  ")
    ('代村和平路3', '')
    """
    return _COMMUNITY.sub("", written(address))


def letters_and_figures(text: str) -> str:
    """A text without spaces and signs; 号, 之 and spaces between two figures are a dash."""
    joined = _BETWEEN_FIGURES.sub("\0", text)
    kept = "".join(sign for sign in joined if sign.isalnum() or sign == "\0")
    return kept.replace("\0", "-")


def _value(numeral: str) -> int:
    """What a Chinese numeral below ten thousand says: 一百五十九, and 一五九 as it is read out."""
    if not any(sign in _TENS for sign in numeral):
        return int("".join(str(_FIGURES[sign]) for sign in numeral))
    total, figure = 0, None
    for sign in numeral:
        if sign in _TENS:
            total += (1 if figure is None else figure) * _TENS[sign]
            figure = None
        else:
            figure = _FIGURES[sign]
    return total + (figure or 0)


def code(text: str) -> str:
    """A code or a call sign: NFKC, capitals, plain dashes, no spaces."""
    return "".join(plain_words(text).split()).upper()


def case_number(text: str) -> str:
    """A case's number however it was typed: ``ｉ261130 00001`` is ``I261130-00001``; other text as a code.

    Examples
    --------
    >>> case_number("ｉ２６１１３０－００００１"), case_number("i261130 00001"), case_number("x")
    ('I261130-00001', 'I261130-00001', 'X')
    """
    plain = code(text)
    found = _CASE.fullmatch(plain)
    return plain if found is None else f"{found[1]}{found[2]}-{found[3]}"


def telephone(text: str) -> str:
    """A telephone number: plain figures, one dash where there were signs between them.

    A mobile number has none, nor the country's +86 before it.

    Examples
    --------
    >>> telephone("＋86 138 0013－8000"), telephone("（0539）521 1110"), telephone("")
    ('13800138000', '0539-5211110', '')
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    figures = "".join(sign for sign in plain if sign.isdecimal())
    local = re.sub(r"^(?:00)?86(?=1\d{10}$)", "", figures)
    if re.fullmatch(r"1\d{10}", local) and _telephone_signs(plain):
        return local
    spaced = re.sub(r"\s+", "", _DASHES.sub("-", plain))
    return re.sub(r"-{2,}", "-", re.sub(r"[()]", "-", spaced)).strip("-")


def _telephone_signs(text: str) -> bool:
    return all(sign.isdecimal() or sign.isspace() or sign in "+-()‐‑‒–—―−" for sign in text)
