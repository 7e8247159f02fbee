"""Dates in the cells of tables stay whole: a narrow column would break them at any sign.

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
# Attributes are left alone, and what a page has put into an element of its own.
_TEXT = re.compile(r"<time[^>]*>.*?</time>|<[^>]*>|[^<]+", re.DOTALL)


def whole_dates(html: object) -> Markup:
    """Return HTML with every date in its text kept on one line; anything else is escaped first."""
    marked = _TEXT.sub(_mark, str(escape(html)))
    return Markup(marked)  # noqa: S704 - it was safe, and only whole elements are added


def _mark(found: re.Match[str]) -> str:
    piece = found[0]
    return piece if piece.startswith("<") else _DATE.sub(r"<time>\1</time>", piece)
