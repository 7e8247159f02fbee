"""Text as people type and paste it: one normaliser for every door, form, sheet, file and program.

Names, addresses and reasons come with signs that nobody sees: zero-width spaces from web pages,
marks that turn the direction of writing, control characters from databases. Kept, they make two
names of one that read the same, and a stored NUL fails on PostgreSQL.

Numbers of 18 characters come from employers' files in full-width digits, with a leading apostrophe
that keeps a cell as text, × for X, or as what Excel made of them when it took them for numbers.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Literal

# Control, format (zero-width, bidi, soft hyphen), surrogates, private use and unassigned.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# Letters and marks by their category, of which nobody sees anything: fillers of Hangul, joiners.
_FILLERS = frozenset("\u034f\u115f\u1160\u180b\u180c\u180d\u180f\u3164\uffa0")
# Chinese characters that Unicode took in later than this Python's tables: rare names have them.
_LATER_HAN = range(0x20000, 0x3FFFE)
# Marks over or under one letter that are kept, as Unicode's stream-safe text has them (UAX 15).
_MOST_MARKS = 30
# A text of so few characters is quick whatever it holds.
_SHORT = 256
# Marks stand in the first two planes; the last is the end of those that music is written with.
_LAST_MARK = 0x1FFFF
NUMBER_LENGTH = 18

_QUOTES = "'’‘`´′＇\""
# × and the Greek and Cyrillic look-alikes that input methods offer for X.
_CONFUSABLES = str.maketrans("×✕хХΧχ", "XXXXXX")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d{2}", re.ASCII)
# Excel keeps 15 significant digits of a number and writes zeros for the rest.
_EXCEL_LOSS = "000"


def normalise_text(text: str) -> str:
    """Return one line of text as it was meant: NFC, visible characters, single spaces.

    A name may hold any script and rare characters; only what cannot be seen goes. Blanks of every
    width are one space, and none stands at an end.
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    spaced = "".join(" " if char.isspace() else char for char in unicode_form("NFC", text))
    return " ".join("".join(char for char in spaced if not _is_unseen(char)).split())


def normalise_lines(text: str) -> str:
    """Return text of several lines as it was meant: like `normalise_text`, with its line breaks."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(normalise_text(line) for line in lines).strip()


def has_letter(text: str) -> bool:
    """Return whether a text has a letter of any script: a name needs one."""
    return any(
        (unicodedata.category(char).startswith("L") and char not in _FILLERS) or _is_later_han(char)
        for char in text
    )


def is_filler(char: str) -> bool:
    """Return whether a character counts as a letter or a mark, and nobody sees anything of it."""
    return char in _FILLERS


def _is_unseen(char: str) -> bool:
    if char in _FILLERS:
        return True
    return unicodedata.category(char) in _INVISIBLE and not _is_later_han(char)


def _is_later_han(char: str) -> bool:
    # The last two of each plane are no characters, and never will be.
    is_one = ord(char) in _LATER_HAN and ord(char) & 0xFFFE != 0xFFFE  # noqa: PLR2004
    return is_one and unicodedata.category(char) == "Cn"


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


def normalise_number(text: str) -> str:
    """Return the number as it was meant: half-width, upper-case, without spaces and quotes."""
    if text.isascii() and text.isalnum():
        return text.upper()
    half_width = text.translate(_FULL_WIDTH).translate(_CONFUSABLES)
    kept = (char for char in half_width if not _is_invisible(char))
    return "".join(kept).strip(_QUOTES).upper()


def was_turned_into_a_number(number: str) -> bool:
    """Tell whether a wrong number looks like one whose last digits a spreadsheet lost.

    Ask only for numbers that failed their check: a true number may end in 000 as well.
    """
    if _SCIENTIFIC.fullmatch(number):
        return True
    whole = number.removesuffix(".0")
    is_long = len(whole) == NUMBER_LENGTH and whole.isascii() and whole.isdigit()
    return is_long and whole.endswith(_EXCEL_LOSS)


def _is_invisible(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) == "Cf"
