"""What people and spreadsheets do to an 18-character number before it reaches us.

Seen in employers' files: full-width digits, spaces and invisible marks from copying, a leading
apostrophe that keeps a cell as text, × for X, and cells that Excel turned into a number.
"""

from __future__ import annotations

import re
import unicodedata

NUMBER_LENGTH = 18

_QUOTES = "'’‘`´′＇\""
# × and the Greek and Cyrillic look-alikes that input methods offer for X.
_CONFUSABLES = str.maketrans("×✕хХΧχ", "XXXXXX")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d{2}", re.ASCII)
# Excel keeps 15 significant digits of a number and writes zeros for the rest.
_EXCEL_LOSS = "000"


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
