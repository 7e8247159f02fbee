"""Note what is shown before it is sent: an answer that cannot be noted is not given."""

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, g, render_template, request
from flask_babel import gettext as _

from siweb import clock
from siweb.audit.access_log.note import AccessNotNoted, Viewer, note_access
from siweb.audit.access_log.reason import Function, Reason
from siweb.audit.access_log.store import AccessLog
from siweb.audit.actor import Channel
from siweb.auth.access import acting, helped, token_bearer, visitor
from siweb.disclosures.disclosure import Disclosure
from siweb.disclosures.routes import OTHERS, OWN
from siweb.helping.allowed import ALLOWED
from siweb.web.failures.problems import API_PREFIX, problem
from siweb.web.visitor import who

log = logging.getLogger("siweb")
# Told in Retry-After: by then a log that was held is free again, or somebody is looking at it.
_WAIT_SECONDS = 30
_STAFF = "duty:"


def install(app: Flask, access_log: AccessLog) -> None:
    """Let every route that is declared to show people's data note it."""
    app.extensions["siweb_access_log"] = access_log
    app.extensions["siweb_readiness"].also("access_log", access_log.is_writable)
    app.register_error_handler(AccessNotNoted, _refuse)
    for endpoint, disclosure in OTHERS.items():
        if endpoint in app.view_functions:
            app.view_functions[endpoint] = _noting(app, app.view_functions[endpoint], disclosure)
    # One's own pages show another person where somebody acts for that person.
    own = Disclosure(Reason.HELP, lambda **_values: ())
    for endpoint in OWN & set(ALLOWED):
        app.view_functions[endpoint] = _noting(app, app.view_functions[endpoint], own)


def _noting(app: Flask, view: Callable[..., Any], disclosure: Disclosure) -> Callable[..., Any]:
    @wraps(view)
    def noting(**values: Any) -> Response:
        answer = app.make_response(view(**values))
        if not _shows(answer):
            return answer
        # After the view: it knows by then who asks. Before the first byte is sent, of files too.
        acts_for = helped()
        if acts_for is None:
            people = disclosure.people(**{name: values[name] for name in values if name != "uscc"})
            shown = {person_id for person_id in people if person_id is not None}
        else:
            # What is open to a helper shows the person of the mandate, whatever the page.
            shown = {acts_for.person_id}
        if not shown:  # one's own page: nobody else is on it
            return answer
        viewer = _viewer(view, disclosure.reason)
        near = _relatives(viewer)
        for whom, who_asks in (
            (shown - near, viewer),
            # Reading is not forbidden, but the relative and internal control see what it was.
            (shown & near, replace(viewer, function=Function.STAFF_RELATIVE)),
        ):
            log_of = app.extensions["siweb_access_log"]
            note_access(log_of, whom, who_asks, disclosure.reason, at=clock.now())
        return answer

    return noting


def _relatives(viewer: Viewer) -> frozenset[int]:
    """Return the keys of a member of staff's declared relatives."""
    return visitor().relatives if viewer.function is Function.STAFF else frozenset()


def _shows(answer: Response) -> bool:
    """Return whether an answer is a page or a file: a form shown again is one too."""
    # What leads a page's script elsewhere, to the sign-in for one, is a 200 without a page.
    if "HX-Redirect" in answer.headers:
        return False
    shown = {HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS}
    return answer.status_code < HTTPStatus.MULTIPLE_CHOICES or answer.status_code in shown


def _viewer(view: Callable[..., Any], reason: Reason) -> Viewer:
    """Return who asks, in the function in which the route's access mark let them in."""
    # What is open to everybody is let in by a code: that on a paper, or one that its owner made.
    holder = Function.CODE_HOLDER if reason is Reason.SHARE_CODE else Function.PAPER_HOLDER
    if "bearer" in g:
        bearer = token_bearer()
        return Viewer(
            bearer.account_id,
            bearer.person_id,
            Function.PROGRAM,
            Channel.API,
            employer_id=bearer.acting.employer_id,
        )
    if who() is None:
        return Viewer(0, 0, holder, Channel.WEB)
    me = visitor()
    if helped() is not None:
        return Viewer(me.account_id, me.person_id, Function.HELPER, Channel.WEB)
    if "acting" in g:
        employer = acting()
        return Viewer(
            me.account_id,
            me.person_id,
            Function(employer.kind.value),
            Channel.WEB,
            employer_id=employer.employer_id,
        )
    if str(getattr(view, "access", "")).startswith(_STAFF):
        return Viewer(
            me.account_id, me.person_id, Function.STAFF, Channel.DESK, region_code=me.region_code
        )
    is_open = getattr(view, "access", "") == "public"
    function = holder if is_open else Function.RELATIVE
    return Viewer(me.account_id, me.person_id, function, Channel.WEB)


def _refuse(_error: AccessNotNoted) -> Any:
    """Say that nothing is shown: who may see must leave a trace, also while something fails."""
    log.error("access log: not noted at %s", request.endpoint)
    wait = {"Retry-After": str(_WAIT_SECONDS)}
    if request.path.startswith(API_PREFIX):
        detail = _(
            "Access to people’s data cannot be noted just now, so none are shown. Try again."
        )
        return problem(503, "access_log", detail, headers=wait)
    return render_template("disclosures/not_noted.html"), 503, wait
