"""Lists by pages: the page that was asked for, and links to its neighbours."""

from typing import Any

from flask import Flask, request, url_for

# Far behind every list, and far below what a database counts with.
LAST_PAGE = 1_000_000
_LONGEST = 8


def page_asked() -> int:
    """Return the page of a list that the address asks for, from 1; what is no number is page 1."""
    asked = request.args.get("page", "")
    if not (asked.isascii() and asked.isdigit()):
        return 1
    # Python refuses to read numbers of thousands of digits, and nobody asks for such a page.
    return min(max(1, int(asked)), LAST_PAGE) if len(asked) < _LONGEST else LAST_PAGE


def page_link(page: int) -> str:
    """Return the address of another page of the list that is shown, its filters kept."""
    query: dict[str, Any] = {**request.args.to_dict(flat=False), "page": page}
    # What belongs to one sending of a form is no part of an address.
    query.pop("csrf_token", None)
    return url_for(str(request.endpoint), **(request.view_args or {}), **query)


def install(app: Flask) -> None:
    """Let templates link to pages."""
    app.jinja_env.globals["page_link"] = page_link
