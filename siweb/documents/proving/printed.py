"""What stands on the pages of a paper, held to its data: words, figures, tables, in their order.

The names of columns, titles and months are words of the data as well: a table whose rows changed
places, or whose columns are called otherwise, is not what was signed.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from siweb.documents.tables.document import DocumentKind
from siweb.documents.typesetting.figure_text import value_text
from siweb.documents.typesetting.font_coverage import uncovered

_LANGUAGES = {"zh_Hans", "en"}
# The font draws these like each other, and a PDF breaks lines where it likes.
_SPACE = re.compile(r"\s+")
_AMOUNT = re.compile(r"(?<![\w.,-])-?\d[\d,]*\.\d\d(?!\.?\d)")
_QUOTES = str.maketrans("’‘“”", "''\"\"")


def plain_quotes(text: str) -> str:
    """Return a text with straight quotes."""
    return text.translate(_QUOTES)


def is_printed(data: dict[str, Any], locale: str, text: str) -> bool:
    """Return whether the pages say in one language what the data says, and no other amount."""
    payload, printed = data["payload"], _plain(text)
    figures = list(figures_of(payload))
    holder = (payload["name"], payload.get("uscc", payload["id_last4"]), data["reference"])
    signed = " ".join(
        [
            *(value_text(figure, locale) for figure in figures),
            json.dumps(payload, ensure_ascii=False),
        ]
    )
    return (
        all(re.search(_drawn(_plain(each)), printed) for each in holder)
        and _follow_each_other(_pieces(data, locale), printed)
        and _are_printed(figures, locale, text)
        and set(_AMOUNT.findall(text)) <= set(_AMOUNT.findall(signed))
    )


def figures_of(payload: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every figure that the paper prints: those of its facts and its tables."""
    values = [value for _label, value in payload.get("facts", ())]
    for table in payload.get("tables", ()):
        values += [value for row in table["rows"] for value in row]
    for value in values:
        if isinstance(value, dict) and not _LANGUAGES & value.keys():
            yield value


def _pieces(data: dict[str, Any], locale: str) -> Iterator[str]:
    """Yield what is printed on end: a line, the heading of a table, each of its rows."""

    def on_end(*values: Any) -> str:
        return _plain("".join(value_text(value, locale) for value in values))

    payload = data["payload"]
    yield on_end(payload["matter"])
    # A statement has no outcome on it, a notice has both (`typesetting/paper.py`).
    if "tables" not in payload or data["kind"] == DocumentKind.ASSESSMENT_NOTICE:
        yield on_end(payload["outcome"])
        yield from (on_end(line) for line in payload["next_steps"])
    for label, value in payload.get("facts", ()):
        yield on_end(label, value)
    for table in payload.get("tables", ()):
        yield on_end(table["title"], *table["columns"])
        for row in table["rows"]:
            yield on_end(*row)
    for note in payload.get("notes", ()):
        yield on_end(note)


def _follow_each_other(pieces: Iterator[str], printed: str) -> bool:
    """Return whether all pieces stand in a text, each behind the one before it.

    Between them may be what each page has for itself: its foot, the heading of a table again.
    """
    at = 0
    for piece in pieces:
        found = re.compile(_drawn(piece)).search(printed, at)
        if found is None:
            return False
        at = found.end()
    return True


def _drawn(text: str) -> str:
    """Return a pattern for a text; what the papers' font lacks may be drawn or named otherwise."""
    missing = uncovered(text)
    return "".join(
        rf"(?:\[U\+{ord(sign):04X}\]|.)?" if sign in missing else re.escape(sign) for sign in text
    )


def _are_printed(figures: Sequence[dict[str, Any]], locale: str, text: str) -> bool:
    """Return whether each figure stands on the pages, in one language, as often as in the data.

    A figure inside a longer one is none: 9,876.54 does not stand in 19,876.54.
    """
    wanted = Counter(_plain(value_text(figure, locale)) for figure in figures)
    return all(
        len(re.findall(rf"(?<![\d.,-]){_spaced(figure)}(?![\d])", text)) >= often
        for figure, often in wanted.items()
    )


def _spaced(figure: str) -> str:
    """Return a pattern for a figure, which a line of the page may break."""
    return r"\s*".join(re.escape(sign) for sign in figure if not sign.isspace())


def _plain(text: str) -> str:
    return _SPACE.sub("", plain_quotes(text))
