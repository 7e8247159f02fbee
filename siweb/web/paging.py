"""What a query asks of a list: its page, a search, a row; and links to the pages beside it."""

from urllib.parse import quote, urlencode

from flask import Flask, request

from siweb.rules.identifiers.typed_text import normalise_text
from siweb.web.addresses import LARGEST

# Far behind every list, and far below what a database counts with.
LAST_PAGE = 1_000_000
_LONGEST = 8
# More than any name or number that is searched for.
LONGEST_SEARCH = 100


def page_asked() -> int:
    """Return the page of a list that the address asks for, from 1; what is no number is page 1."""
    asked = request.args.get("page", "")
    if not (asked.isascii() and asked.isdigit()):
        return 1
    # Python refuses to read numbers of thousands of digits, and nobody asks for such a page.
    return min(max(1, int(asked)), LAST_PAGE) if len(asked) < _LONGEST else LAST_PAGE


def number_asked(name: str) -> int | None:
    """Return the row that the address asks for; None where there is none or can be none."""
    return _row_number(request.args.get(name, ""))


def number_sent(name: str) -> int | None:
    """Return the row that a form names; None where there is none or can be none."""
    return _row_number(request.form.get(name, ""))


def search_asked(name: str = "q") -> str:
    """Return what the address searches for, as it was meant: pasted text has unseen characters."""
    return normalise_text(request.args.get(name, ""))[:LONGEST_SEARCH].strip()


def page_link(page: int) -> str:
    """Return the address of another page of the list that is shown, its filters kept.

    Whatever else the query names stays text in a query: given to `url_for`, it would be taken for
    the employer of the address, or for one of its own switches.
    """
    # What belongs to one sending of a form is no part of an address.
    dropped = {"page", "csrf_token"}
    kept = [pair for pair in request.args.items(multi=True) if pair[0] not in dropped]
    query = urlencode([*kept, ("page", page)], errors="replace")
    return f"{quote(request.script_root + request.path)}?{query}"


def install(app: Flask) -> None:
    """Let templates link to pages."""
    app.jinja_env.globals["page_link"] = page_link


def _row_number(text: str) -> int | None:
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(LARGEST)):
        return None
    return int(text) if int(text) <= LARGEST else None
