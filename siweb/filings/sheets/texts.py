"""The text of a cell as it was meant, and what is raised where it does not read."""

import unicodedata

from siweb.rules.identifiers.typed_text import is_filler, unicode_form

# An apostrophe keeps a spreadsheet from counting; Chinese input methods write another one.
_APOSTROPHES = frozenset("'‘’`´")


class Unreadable(ValueError):
    """When a cell does not say what its column asks for; `code` names what that is."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def plain(text: str) -> str:
    """Return text in half-width letters, without apostrophes or spaces around.

    What nobody sees goes: zero-width letters of web pages, and the marks around a number that was
    copied from a window of the system.
    """
    if not text.isascii():
        text = "".join(
            char
            for char in unicode_form("NFKC", text)
            if char.isascii() or not (unicodedata.category(char) == "Cf" or is_filler(char))
        )
    text = text.strip()
    if text[:1] not in _APOSTROPHES:
        return text
    inside = text[1:]
    return (inside[:-1] if inside[-1:] in _APOSTROPHES else inside).strip()
