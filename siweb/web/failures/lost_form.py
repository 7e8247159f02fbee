"""A form whose token is gone: shown again with what was typed, never a dead end.

It happens to honest people: cookies were deleted, the browser was closed, the office's key changed,
the sign-in ended. What they typed is theirs, and is worth more than the token.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from flask import render_template, request
from flask_wtf.csrf import CSRFError

from siweb.web.visitor import who

# Pages that show their own form again, by endpoint; the others have a page in common.
_PAGES: dict[str, Callable[[], str | None]] = {}
# Whence a browser says that a form of ours comes: none is what a person typed into its address bar.
_OURS = {"same-origin", "none"}


def show_again(endpoint: str, page: Callable[[], str | None]) -> None:
    """Let a form be shown again by its own page, which adds its sentence; or by the common one."""
    _PAGES[endpoint] = page


def show_lost_form(_error: CSRFError) -> tuple[str, int]:
    """Answer a form without its token: as it was typed, to be sent once more by a person."""
    if _is_from_elsewhere():
        # Another site made the browser send this: nobody here typed it, so nothing is offered.
        return render_template("web/error.html", code="form_expired", reference=None), 400
    page = _PAGES.get(request.endpoint or "")
    own = None if page is None else page()
    return own or _common_page(typed_fields()), HTTPStatus.BAD_REQUEST


def typed_page() -> str | None:
    """Return the page that keeps what was typed, for a form that finds nobody signed in.

    None where nothing was typed that could be lost.
    """
    fields = typed_fields()
    return _common_page(fields) if fields else None


def _common_page(fields: list[tuple[str, Any]]) -> str:
    return render_template(
        "web/lost_form.html",
        path=request.full_path.rstrip("?"),
        fields=fields,
        has_files=any(file.filename for file in request.files.values()),
        is_signed_in=who() is not None,
    )


def typed_fields() -> list[tuple[str, Any]]:
    """Return what was typed; passwords are typed again, they stand in no page and are not kept."""
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        # `repeated` is the second field of a new password.
        if name != "csrf_token" and "password" not in name and name != "repeated"
    ]


def _is_from_elsewhere() -> bool:
    """Return whether the browser says that another site sent the form."""
    if site := request.headers.get("Sec-Fetch-Site"):
        # Another name under the office's domain is another site too: it may be anybody's.
        return site not in _OURS
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.host
