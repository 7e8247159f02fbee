"""Unicode normal forms of text that strangers send, in time that grows with its length only."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Literal

# Marks over or under one letter that are kept, as Unicode's stream-safe text has them (UAX 15).
_MOST_MARKS = 30
# A text of so few characters is quick whatever it holds.
_SHORT = 256
# Marks stand in the first two planes; the last is the end of those that music is written with.
_LAST_MARK = 0x1FFFF


def unicode_form(form: Literal["NFC", "NFKC", "NFKD"], text: str) -> str:
    """Return a text in a normal form; of more marks than 30 in a row the first 30 stay.

    Normalising sorts the marks of a letter, in time that grows with the square of their number: a
    form with half a million of them would hold the interpreter for many minutes.
    """
    if text.isascii():
        return text
    if len(text) > _SHORT:
        text = _too_many_marks().sub(r"\1", text)
    return unicodedata.normalize(form, text)


@cache
def _too_many_marks() -> re.Pattern[str]:
    # Some marks decompose into two, and a few count as letters until they do.
    marks = (
        char
        for char in map(chr, range(0x300, _LAST_MARK))
        if unicodedata.combining(unicodedata.normalize("NFKD", char)[0])
    )
    mark = f"[{''.join(marks)}]"
    return re.compile(f"({mark}{{{_MOST_MARKS}}}){mark}+")
