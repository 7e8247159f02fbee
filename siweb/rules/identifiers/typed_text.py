"""Text as people type and paste it: one normaliser for every door, form, sheet, file and program.

Names, addresses and reasons come with signs that nobody sees: zero-width spaces from web pages,
marks that turn the direction of writing, control characters from databases. Kept, they make two
names of one that read the same, and a stored NUL fails on PostgreSQL.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Literal

# Control, format (zero-width, bidi, soft hyphen), surrogates, private use and unassigned.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# Marks over or under one letter that are kept, as Unicode's stream-safe text has them (UAX 15).
_MOST_MARKS = 30
# A text of so few characters is quick whatever it holds.
_SHORT = 256
# Marks stand in the first two planes; the last is the end of those that music is written with.
_LAST_MARK = 0x1FFFF


def normalise_text(text: str) -> str:
    """Return one line of text as it was meant: NFC, visible characters, single spaces.

    A name may hold any script and rare characters; only what cannot be seen goes. Blanks of every
    width are one space, and none stands at an end.
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    spaced = "".join(" " if char.isspace() else char for char in unicode_form("NFC", text))
    visible = "".join(char for char in spaced if unicodedata.category(char) not in _INVISIBLE)
    return " ".join(visible.split())


def normalise_lines(text: str) -> str:
    """Return text of several lines as it was meant: like `normalise_text`, with its line breaks."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(normalise_text(line) for line in lines).strip()


def has_letter(text: str) -> bool:
    """Return whether a text has a letter of any script: a name needs one."""
    return any(unicodedata.category(char).startswith("L") for char in text)


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
