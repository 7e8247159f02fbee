"""How Chinese characters are read, in pinyin without tones; ü is v, as it is typed.

`readings.txt` has a line for each syllable with its characters. It is made of pinyin-data (MIT, its
licence stands beside): for the 8105 characters of the standard table (通用规范汉字表) all readings
of the dictionary to it, names among them; for the others the usual one and at most two more.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

READINGS = Path(__file__).parent / "readings.txt"


@lru_cache(maxsize=1)
def read_readings() -> Mapping[str, tuple[str, ...]]:
    """Return the readings of each character that has one, read once."""
    found: dict[str, list[str]] = {}
    with READINGS.open(encoding="utf-8") as file:
        for line in file:
            syllable, characters = line.split()
            for character in characters:
                found.setdefault(character, []).append(syllable)
    # Many characters are read alike: each list is kept once.
    kept: dict[tuple[str, ...], tuple[str, ...]] = {}
    lists = ((character, tuple(readings)) for character, readings in found.items())
    return {character: kept.setdefault(readings, readings) for character, readings in lists}
