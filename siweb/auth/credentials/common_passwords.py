"""Passwords that somebody who guesses tries first, also decorated as people decorate them.

The list (its sources and licences: common_passwords.LICENSE) has 55,000 found in leaks. What
stands in it is refused doubled too, with a year, digits or signs around it, reversed, and with
digits for letters: programs that guess try all of these at once, so they add nothing.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from siweb.rules.identifiers.typed_text import unicode_form

_LIST = Path(__file__).with_name("common_passwords.txt")
# The list is of the whole world. These are the pieces of Chinese ones: 我爱你 and its like, the
# numbers that sound like them, and the words that an office's users would think of first.
_PIECES = frozenset(
    [
        "520",
        "521",
        "1314",
        "5201314",
        "1314520",
        "1314521",
        "7758521",
        "7758258",
        "5211314",
        "520520",
        "521521",
        "3344520",
        "5845201314",
        "147258",
        "147258369",
        "159357",
        "159753",
        "258369",
        "789456",
        "741852",
        "963852",
        "8888",
        "6666",
        "9999",
        "110",
        "119",
        "120",
        "12306",
        "12333",
        "woaini",
        "woaiwo",
        "woaita",
        "aini",
        "aiwo",
        "woaiwojia",
        "woaibaobao",
        "woshiniba",
        "woshinima",
        "woshinidie",
        "baobei",
        "baobao",
        "laogong",
        "laopo",
        "qinaide",
        "wangba",
        "nihao",
        "nimen",
        "women",
        "woshi",
        "woshishui",
        "mima",
        "wodemima",
        "mimamima",
        "woainima",
        "caonima",
        "nimabi",
        "zhongguo",
        "zhonghua",
        "beijing",
        "shanghai",
        "guangzhou",
        "shenzhen",
        "hangzhou",
        "chengdu",
        "wuhan",
        "nanjing",
        "tianjin",
        "zhang",
        "wang",
        "li",
        "liu",
        "chen",
        "yang",
        "huang",
        "zhao",
        "zhou",
        "wu",
        "xu",
        "sun",
        "ma",
        "zhu",
        "hu",
        "guo",
        "he",
        "gao",
        "lin",
        "luo",
        "zhangsan",
        "lisi",
        "wangwu",
        "xiaoming",
        "xiaohong",
        "xiaoqiang",
        "xiaolong",
        "meimei",
        "didi",
        "gege",
        "jiejie",
        "mama",
        "baba",
        "shebao",
        "shehui",
        "ylbx",
        "yibao",
        "canbao",
        "yanglao",
        "siweb",
        "gongzi",
        "danwei",
        "gongsi",
        "renshi",
        "caiwu",
        "kuaiji",
        "admin",
        "root",
        "user",
        "test",
        "demo",
        "guest",
        "pass",
        "word",
        "pwd",
        "abc",
        "qwe",
        "asd",
        "zxc",
        "qaz",
        "wsx",
        "edc",
        "aaa",
        "qq",
        "wx",
        "weixin",
    ]
)
# What is put before or behind a password so that it passes a rule: a year or a day, a few digits,
# signs. What is taken off is at most as long as a day with a sign.
_DECORATION = re.compile(r"[\W_]*(?:(?:19|20)\d\d(?:0\d|1[0-2])?(?:[0-2]\d|3[01])?|\d{0,4})[\W_]*")
_LONGEST_DECORATION = 10
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATE = re.compile(r"(?:19|20)?\d\d(?:0\d|1[0-2])(?:[0-2]\d|3[01])")
_MOBILE = re.compile(r"1[3-9]\d{9}")
# The initials of a name, and a number that anyone would try: zlm19870512, qq123456789.
_INITIALS = re.compile(r"(?P<before>[a-z]{1,3})?(?P<digits>\d{4,})(?P<behind>[a-z]{1,3})?")
# "p@ssw0rd": what looks like a letter stands for it; 1 for two of them.
_LETTERS_FOR_DIGITS = (
    str.maketrans("@4301$5!7", "aaeolssit"),
    str.maketrans("@4301$5!7", "aaeoissit"),
)
# A name, or three words, in Pinyin: there are four hundred syllables, and few make names.
_PINYIN = re.compile(
    "(?:(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?"
    "(?:[iu]ang|[aeio]ng|iong|ian|iao|uai|uan|ai|ei|ao|ou|[aeiu]n|ia|ie|iu|u[aeio]|er|[aeiouv])){1,3}"
)
_KEY_ROWS = ("1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./")
_SHORTEST = 4


def is_common(password: str) -> bool:
    """Return whether a password is among the commonest, or one of them with decoration."""
    return any(
        _is_listed(core)
        for text in set(_readings(_folded(password)))
        for outer in _bare(text)
        for core in _bare(_unit(outer))
    )


@lru_cache(maxsize=1)
def listed_passwords() -> frozenset[str]:
    """Return the list; read when the first password is chosen, not when the office starts."""
    return frozenset(_LIST.read_text("ascii").split())


def _folded(password: str) -> str:
    """Return small letters of one width, without marks and signs that nobody sees."""
    wide = unicode_form("NFKD", unicode_form("NFKC", password).casefold())
    return "".join(char for char in wide if unicodedata.category(char) not in {"Mn", "Cf", "Cc"})


def _readings(text: str) -> Iterator[str]:
    """Return a text as it may be meant: as it stands, reversed, with letters for their likes."""
    yield text
    yield text[::-1]
    yield re.sub(r"[\W_]+", "", text)
    # One letter more at an end, as where a rule wants letters and digits.
    yield text[1:]
    yield text[:-1]
    yield _YEAR.sub("", text)
    for letters in _LETTERS_FOR_DIGITS:
        yield text.translate(letters)


def _bare(text: str) -> Iterator[str]:
    """Return a text without decoration at its ends, taken off in every way that leaves enough."""
    yield text
    starts = _ends_of_decoration(text)
    ends = [len(text) - length for length in _ends_of_decoration(text[::-1], backwards=True)]
    for start in starts:
        for end in ends:
            if end - start >= _SHORTEST:
                yield text[start:end]


def _ends_of_decoration(text: str, *, backwards: bool = False) -> list[int]:
    """Return how many characters at the start are, or may be taken for, decoration: 0 as well."""
    lengths = [0]
    for length in range(1, min(len(text), _LONGEST_DECORATION + 1)):
        part = text[:length][::-1] if backwards else text[:length]
        if _DECORATION.fullmatch(part) or (part in _PIECES and len(part) >= _SHORTEST):
            lengths.append(length)
    return lengths


def _unit(text: str) -> str:
    """Return what a text repeats, or the text."""
    return text[: (text + text).find(text, 1)]


def _is_listed(text: str) -> bool:
    # What repeats a few signs is no longer than they are.
    if len(text) < _SHORTEST or _PINYIN.fullmatch(text):
        return True
    if text in _PIECES or text in listed_passwords() or _is_guessed_number(text):
        return True
    if (match := _INITIALS.fullmatch(text)) and not (match["before"] and match["behind"]):
        digits = match["digits"]
        return digits in _PIECES or digits in listed_passwords() or _is_guessed_number(digits)
    return _is_walk(text)


def _is_guessed_number(text: str) -> bool:
    """Return whether a text is a day or a mobile number: what strangers know, or soon guess."""
    return bool(_DATE.fullmatch(text) or _MOBILE.fullmatch(text))


def _is_walk(text: str) -> bool:
    """Return whether each key lies beside the one before: 12345678, qwertyuiop, 1qaz2wsx, aaaa.

    A walk of eight keys may jump once, one of twelve twice, as from column to column.
    """
    pairs = itertools.pairwise(text)
    jumps = sum(not _are_neighbours(*pair) for pair in pairs)
    return jumps < len(text) // 4


def _are_neighbours(key: str, following: str) -> bool:
    if key.isalnum() and abs(ord(key) - ord(following)) <= 1:
        return True
    first, second = _key_place(key), _key_place(following)
    if first is None or second is None:
        return False
    # Each row of a keyboard stands a part of a key to the right of the row above.
    rows, columns = second[0] - first[0], second[1] - first[1]
    return (rows == 0 and abs(columns) <= 1) or (rows in {1, -1} and columns in {0, -rows})


def _key_place(key: str) -> tuple[int, int] | None:
    return next(((row, keys.index(key)) for row, keys in enumerate(_KEY_ROWS) if key in keys), None)
