"""Text as people type and paste it: one normaliser for every door, form, sheet, file and program.

Names, addresses and reasons come with signs that nobody sees: zero-width spaces from web pages,
marks that turn the direction of writing, control characters from databases. Kept, they make two
names of one that read the same, and a stored NUL fails on PostgreSQL.
"""

from __future__ import annotations

import unicodedata

from siweb.rules.identifiers.unicode_form import unicode_form

# Control, format (zero-width, bidi, soft hyphen), surrogates, private use and unassigned.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


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
