"""Addresses: what they may hold, how templates write them, and the office's own."""

from functools import lru_cache
from typing import Any
from urllib.parse import quote

from flask import Flask, current_app, request
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter

# What every database counts with; a row of a higher number is nowhere.
LARGEST = 2**31 - 1
_KEPT = 4096
_PLAIN = {str, int}


class BoundedInteger(IntegerConverter):
    """`<int:…>`: a number that a row can have; any other is an address that does not exist."""

    # Ten ASCII digits: Python refuses to read thousands, and knows digits of other scripts.
    regex = r"[0-9]{1,10}"

    def __init__(self, map: Map) -> None:  # noqa: A002 - Werkzeug calls it so
        super().__init__(map, max=LARGEST)


class VisibleText(UnicodeConverter):
    """`<name>`: one part of an address, without control characters, which no name here has."""

    def __init__(self, map: Map) -> None:  # noqa: A002
        super().__init__(map)
        self.regex = r"[^/\x00-\x1f\x7f]+"


def public_address(path: str) -> str:
    """Return a page's address as it is printed on papers and in QR codes.

    It is the office's own whatever host a request named: who opens the paper later goes there.
    """
    return f"{current_app.extensions['siweb_settings'].public_address}{path}"


def this_place() -> str:
    """Return the address of this page as the value of a query, for links that lead back to it."""
    if request.method != "GET":
        return quote(_shown_at(request.path))
    if not request.query_string:
        return quote(request.path)
    return quote(f"{request.path}?{request.query_string.decode()}", safe="/?")


def _shown_at(path: str) -> str:
    """Return the nearest address above a path that can be opened, the path itself if it can.

    A form that was refused is shown under the address it was sent to. Where that one only takes
    forms, a link back to it would lead to an error: its page stands above it.
    """
    adapter: Any = current_app.create_url_adapter(request)
    while path and not adapter.test(path, "GET"):
        path = path.rpartition("/")[0]
    return path or "/"


def install(app: Flask) -> None:
    """Bound what addresses hold, and give the templates their `url_for`."""
    app.url_map.converters |= {
        "int": BoundedInteger,
        "default": VisibleText,
        "string": VisibleText,
    }

    @lru_cache(maxsize=_KEPT)
    # `_root` is only part of the key: under another prefix every address is another one.
    def kept(_root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
        return app.url_for(endpoint, **dict(values))

    def url_for(endpoint: str, **values: Any) -> str:
        """Return a page's address."""
        # What this request fills in, such as the employer acted for, is part of what is kept.
        app.inject_url_defaults(endpoint, values)
        # A name that begins with a dot is of the request's own blueprint, so not the same for all.
        if endpoint.startswith(".") or any(type(each) not in _PLAIN for each in values.values()):
            return app.url_for(endpoint, **values)
        return kept(request.environ.get("SCRIPT_NAME", ""), endpoint, tuple(values.items()))

    app.jinja_env.globals["url_for"] = url_for
    app.jinja_env.globals["public_address"] = public_address
