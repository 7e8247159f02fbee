"""What a person sees when something is wrong: what happened, and what to do now."""

import logging
from http import HTTPStatus
from typing import Any, cast

from flask import Flask, Response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, NotFound, SecurityError

from siweb.db.engine import is_away, is_busy
from siweb.db.migrations.one_version import OtherVersion
from siweb.monitoring.counts import count_failure
from siweb.monitoring.json_log import request_reference
from siweb.secret_keys import SecretFault
from siweb.web.failures.lost_form import show_lost_form
from siweb.web.failures.problems import API_PREFIX, ApiProblem, problem
from siweb.web.failures.trace import failure_trace
from siweb.web.visitor import forget_for_now

log = logging.getLogger("siweb")
# A long list is applied in less.
WAIT_SECONDS = 30
# What PostgreSQL calls a number that its columns cannot hold.
_OUT_OF_RANGE = "22003"
WORDED = {400, 403, 404, 405, 413, 429}
# To programs; what the library says of them is English alone.
_TO_PROGRAMS = {
    404: _l("There is no such address."),
    405: _l(
        "This address does not take that method. The header “Allow” names those that it takes."
    ),
    413: _l("What was sent is too large."),
}


def show_http_error(
    error: HTTPException,
) -> tuple[str, int, dict[str, str]] | HTTPException | Response:
    """Answer an expected error in words; redirects pass through."""
    if isinstance(error, SecurityError):
        # Not our name: there is no address to build, so that no page can be drawn.
        return Response(
            "Unknown host. 未知的访问地址。\n", 400, content_type="text/plain; charset=utf-8"
        )
    code = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if code < HTTPStatus.BAD_REQUEST:
        return error
    # Whoever asked in another way is told which ways there are (RFC 9110, 15.5.6).
    ways = {name: value for name, value in error.get_headers() if name == "Allow"}
    if request.path.startswith(API_PREFIX):
        detail = _TO_PROGRAMS.get(code, _l("The request could not be read."))
        return problem(code, f"http_{code}", str(detail), headers=ways)
    shown: int | str
    shown = code if code in WORDED else (400 if code < HTTPStatus.INTERNAL_SERVER_ERROR else 500)
    # A refusal with a reason of its own names its words.
    shown = getattr(error, "worded_as", shown)
    return render_template("web/error.html", code=shown, reference=None), code, ways


def show_failure(error: Exception) -> tuple[str, int] | Response:
    """Log a failure under a case reference, without personal data, and show the reference."""
    if _is_beyond_the_database(error) and request.method in {"GET", "HEAD"}:
        # What is asked for by such a number is nowhere.
        return cast("tuple[str, int] | Response", show_http_error(NotFound()))
    count_failure("fault")
    reference = _log_failure(error)
    if request.path.startswith(API_PREFIX):
        detail = _(
            "An error on our side. Nothing was kept. Case number: %(number)s", number=reference
        )
        return problem(500, "failure", detail)
    return _failure_page(500, reference), 500


def _log_failure(error: Exception) -> str:
    """Write a failure into the log without personal data; return its case reference."""
    reference = request_reference()
    # The path is left out: it may carry a reference that opens somebody's case.
    log.error(
        "case %s: %s at %s\n%s",
        reference,
        type(error).__name__,
        request.endpoint,
        failure_trace(error),
    )
    return reference


def _failure_page(code: int | str, reference: str | None) -> str:
    try:
        return render_template("web/error.html", code=code, reference=reference)
    except (SQLAlchemyError, SecretFault):
        # Its frame asks who reads it, of the database that failed or with the key that is not it.
        forget_for_now()
        return render_template("web/error.html", code=code, reference=reference)


def _is_beyond_the_database(error: Exception) -> bool:
    """Return whether a number was larger than what the database counts with."""
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    return isinstance(error, OverflowError) or state == _OUT_OF_RANGE


def show_busy(error: OperationalError) -> Any:
    """Ask for patience while the database is held by somebody, or away; else it failed."""
    reference = None
    if is_busy(error):
        log.warning("busy at %s", request.endpoint)
        count_failure("busy")
        code: int | str = 503
        detail = _("The office is taking in a long list. Nothing was kept; send it again later.")
    elif is_away(error):
        return _show_away(error)
    else:
        return show_failure(error)
    return _come_again(code, detail, reference)


def show_other_version(error: OtherVersion) -> Any:
    """Write nothing into the tables of another version, which an upgrade made meanwhile."""
    log.error("%s", error)
    return _show_away(error)


def _show_away(error: Exception) -> Any:
    # Each request says so: whoever looks after the office must not overlook it.
    reference = _log_failure(error)
    count_failure("away")
    detail = _(
        "The office cannot work just now. Nothing was kept; send it later. Case number: %(number)s",
        number=reference,
    )
    return _come_again("away", detail, reference)


def _come_again(code: int | str, detail: str, reference: str | None) -> Any:
    wait = {"Retry-After": str(WAIT_SECONDS)}
    if request.path.startswith(API_PREFIX):
        return problem(503, "busy", detail, headers=wait)
    return _failure_page(code, reference), 503, wait


def install(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(ApiProblem, ApiProblem.answer)
    app.register_error_handler(CSRFError, show_lost_form)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(OperationalError, show_busy)
    app.register_error_handler(OtherVersion, show_other_version)
    app.register_error_handler(Exception, show_failure)
