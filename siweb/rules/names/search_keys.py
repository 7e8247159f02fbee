"""By what a name is found: as it is written, in pinyin, by its initials; each from its beginning.

Whoever searches types the same through `search_text`, and finds every key that begins so.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from pathlib import Path

from siweb.rules.identifiers.typed_text import unicode_form

_READINGS = Path(__file__).parent / "readings.txt"
# Of a key so much is kept, and so much of what is typed counts.
LONGEST = 32
# Of a name so many characters are read, in so many ways at most.
_READ = 8
_MOST_READINGS = 24
# A name of several words is found by each of them.
_MOST_WORDS = 4
# An employer is found by what stands after its city and kind as well: 榕城云帆软件 by 云帆.
_MOST_BEGINNINGS = 12
_MOST_READ_BEGINNINGS = 5
_FEWEST = 2
_MOST_OF_EMPLOYER = 2
# What nearly every name is made of: characters that are compared as they are written.
_HAN = re.compile(r"[\u4e00-\u9fff]+")


def search_text(text: str) -> str:
    """Return a name as it is compared: letters and digits alone, without marks, small.

    ü is v, as it is typed for pinyin.
    """
    plain = unicode_form("NFKC", text).casefold().replace("ü", "v")
    letters = (char for char in unicode_form("NFKD", plain) if char.isalnum())
    return "".join(letters)[:LONGEST]


def keys_of_name(name: str) -> frozenset[str]:
    """Return the keys of a person's name."""
    if _HAN.fullmatch(name):
        words = [name[:LONGEST]]
    else:
        words = [text for word in _words(name) if (text := search_text(word))]
    begun = {"".join(words[place:])[:LONGEST] for place in range(min(len(words), _MOST_WORDS))}
    read = (key for text in begun for key in _read(text[:_READ], _MOST_READINGS))
    return frozenset((*begun, *read))


def keys_of_employer(name: str) -> frozenset[str]:
    """Return the keys of an employer's name: from its beginning, and from within."""
    text = "".join(char for char in unicode_form("NFKC", name) if char.isalnum())
    begun = {
        search_text(text[place:])
        for place in range(min(_MOST_BEGINNINGS, max(1, len(text) - _FEWEST + 1)))
        # Words of letters are found from where they begin.
        if not (place and text[place - 1].isascii())
    }
    read = (
        key
        for place in range(min(_MOST_READ_BEGINNINGS, max(1, len(text) - _FEWEST + 1)))
        for key in _read(search_text(text[place : place + _READ]), _MOST_OF_EMPLOYER)
    )
    return frozenset(key for key in (*begun, *read) if key)


def _words(name: str) -> Iterable[str]:
    """Return the words of a name: parted by blanks, or by the dot of names in several parts."""
    apart = "".join(char if char.isalnum() or _is_mark(char) else " " for char in name)
    return apart.split()


def _is_mark(char: str) -> bool:
    return unicodedata.category(char).startswith("M")


def _read(text: str, most: int) -> Iterator[str]:
    """Yield a text in pinyin in every way, and its initials; nothing where no character is read."""
    ways = [_ways(char) for char in text]
    if all(way == (char,) for way, char in zip(ways, text, strict=True)):
        return
    initials = [_initials(way) for way in ways]
    for lists in (ways, initials):
        for read in product(*_fewer(lists, most)):
            yield "".join(read)[:LONGEST]


def _fewer(lists: Sequence[Sequence[str]], most: int) -> list[Sequence[str]]:
    """Return lists with at most so many products; the first ones keep the most readings.

    A family name stands first, and is what is read in unusual ways.
    """
    kept = []
    room = most
    for ways in lists:
        fewer = ways[: max(1, room)]
        kept.append(fewer)
        room //= len(fewer)
    return kept


@lru_cache(maxsize=4096)
def _ways(char: str) -> tuple[str, ...]:
    return _read_readings().get(char, (char,))


@lru_cache(maxsize=4096)
def _initials(readings: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reading[0] for reading in readings))


@lru_cache(maxsize=1)
def _read_readings() -> Mapping[str, tuple[str, ...]]:
    """Return how each character is read, in pinyin without tones; ü is v, as it is typed.

    The file has a line for each syllable with its characters. It is made of pinyin-data (MIT, its
    licence stands beside): for the 8105 characters of the standard table (通用规范汉字表) all
    readings of the dictionary to it, names among them; for the others the usual one and at most two
    more.
    """
    found: dict[str, list[str]] = {}
    with _READINGS.open(encoding="utf-8") as file:
        for line in file:
            syllable, characters = line.split()
            for character in characters:
                found.setdefault(character, []).append(syllable)
    # Many characters are read alike: each list is kept once.
    kept: dict[tuple[str, ...], tuple[str, ...]] = {}
    lists = ((character, tuple(readings)) for character, readings in found.items())
    return {character: kept.setdefault(readings, readings) for character, readings in lists}
