"""Dates and ID numbers stay whole in narrow cells, which would break them at any sign.

Chinese may be broken between any two characters, English at each space. Cells hold whatever a page
puts there, so that the table itself marks what is a date in it, once for all pages.
"""

import re

from markupsafe import Markup, escape

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
# A day, a month, and the time behind a day: as `formats` writes them in either language.
_DATE = re.compile(
    rf"(\d{{4}}年\d{{1,2}}月(?:\d{{1,2}}日(?: \d\d:\d\d)?)?"
    rf"|(?:\d{{1,2}} )?(?:{_MONTHS}) \d{{4}}(?: \d\d:\d\d)?)"
)
# An ID number, masked or not, or a social credit code (GB 32100): eighteen signs.
_NUMBER = re.compile(
    r"(?<![\dA-Z])(\d{4}(?:\d{10}|\*{10})\d{3}[\dX]|[1-9A-Z]{2}\d{6}[\dA-Z]{10})(?![\dA-Z])"
)
# Attributes are left alone, and what a page has put into an element of its own.
_TEXT = re.compile(r"<time[^>]*>.*?</time>|<[^>]*>|[^<]+", re.DOTALL)


def whole_dates(html: object) -> Markup:
    """Return HTML with its dates and ID numbers on one line; what is no HTML is escaped."""
    marked = _TEXT.sub(_mark, str(escape(html)))
    return Markup(marked)  # noqa: S704 - it was safe, and only whole elements are added


def whole_value(value: object) -> object:
    """Return a date or an ID number kept on one line; whatever else a fact is, as it is.

    Facts stand in two columns, of which the second has room for sentences.
    """
    is_whole = isinstance(value, str) and (_DATE.fullmatch(value) or _NUMBER.fullmatch(value))
    return whole_dates(value) if is_whole else value


def _mark(found: re.Match[str]) -> str:
    piece = found[0]
    if piece.startswith("<"):
        return piece
    # No <time>: its text would have to be a date as programs write it.
    return _NUMBER.sub(r"<bdi>\1</bdi>", _DATE.sub(r"<bdi>\1</bdi>", piece))
