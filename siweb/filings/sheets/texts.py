"""The text of a cell as it was meant, and what is raised where it does not read."""

import unicodedata

from siweb.rules.identifiers.unicode_form import unicode_form


class Unreadable(ValueError):
    """When a cell does not say what its column asks for; `code` names what that is."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def plain(text: str) -> str:
    """Return text in half-width letters, without apostrophe in front or spaces around.

    What nobody sees goes: zero-width letters of web pages, and the marks around a number that was
    copied from a window of the system.
    """
    if not text.isascii():
        text = "".join(
            char
            for char in unicode_form("NFKC", text)
            if char.isascii() or unicodedata.category(char) != "Cf"
        )
    return text.strip().removeprefix("'").strip()
