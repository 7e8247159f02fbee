"""Addresses in templates: built once each, since a page has a dozen of the same every time."""

from functools import lru_cache
from typing import Any
from urllib.parse import quote

from flask import Flask, request

_KEPT = 4096
_PLAIN = {str, int}


def this_place() -> str:
    """Return the address of this page as the value of a query, for links that lead back to it."""
    if request.method != "GET" or not request.query_string:
        return quote(request.path)
    return quote(f"{request.path}?{request.query_string.decode()}", safe="/?")


def install(app: Flask) -> None:
    """Give the templates their `url_for`."""

    @lru_cache(maxsize=_KEPT)
    def kept(_root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
        return app.url_for(endpoint, **dict(values))

    def url_for(endpoint: str, **values: Any) -> str:
        """Return a page's address."""
        # What this request fills in, such as the employer acted for, is part of what is kept.
        app.inject_url_defaults(endpoint, values)
        if endpoint.startswith(".") or any(type(each) not in _PLAIN for each in values.values()):
            return app.url_for(endpoint, **values)
        return kept(request.environ.get("SCRIPT_NAME", ""), endpoint, tuple(values.items()))

    app.jinja_env.globals["url_for"] = url_for
