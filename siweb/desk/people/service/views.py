"""The desk's pages of service: what waits, and one notice with every way that was tried."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from siweb import clock
from siweb.auth.access import actor, duty
from siweb.auth.tables.appointment import Function
from siweb.desk.people.service.forms import FailedForm, WayForm
from siweb.desk.subjects import of_notice
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.errors import Refusal
from siweb.service.find import Notice, find_notice
from siweb.service.labels import FAILURES, REFUSALS, WAYS
from siweb.service.record import record_service
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.read_once import read_once

blueprint = Blueprint("service_desk", __name__, url_prefix="/desk/service")
NOTICE = "/<kind>/<subject>/<day>"
_SERVED, _FAILED = "served-", "failed-"


@blueprint.get(NOTICE)
@duty(Function.REVIEW, Function.CONTRIBUTIONS, of=of_notice)
def show_notice(kind: str, subject: str, day: str) -> str:
    return _page(_found(kind, subject, day))


@blueprint.post(f"{NOTICE}/served")
@duty(Function.REVIEW, Function.CONTRIBUTIONS, of=of_notice)
def note_served(kind: str, subject: str, day: str) -> Any:
    """Record by which way it was served."""
    found, form = _found(kind, subject, day), WayForm(prefix=_SERVED)
    if form.validate() and _recorded(found, form):
        flash(_("Recorded. What the law counts from service runs from that day."))
        return _back(kind, subject, day)
    return _page(_found(kind, subject, day), served=form), 422


@blueprint.post(f"{NOTICE}/failed")
@duty(Function.REVIEW, Function.CONTRIBUTIONS, of=of_notice)
def note_failed(kind: str, subject: str, day: str) -> Any:
    """Record that a way failed."""
    found, form = _found(kind, subject, day), FailedForm(prefix=_FAILED)
    if form.validate() and _recorded(found, form):
        flash(_("Recorded. It still waits to be served."))
        return _back(kind, subject, day)
    return _page(_found(kind, subject, day), failed=form), 422


def _recorded(found: Notice, form: WayForm) -> bool:
    def record() -> None:
        session = db_session()
        record_service(
            session,
            found.shown_text.message,
            form.given(),
            packs=packs_in_force(session),
            actor=actor(),
            on=clock.today(),
            at=clock.now(),
        )

    return bool(carried_out(form, record, _why))


def _back(kind: str, subject: str, day: str) -> Any:
    address = url_for("service_desk.show_notice", kind=kind, subject=subject, day=day)
    return redirect(address, 303)


def _why(refused: Refusal) -> str:
    return str(REFUSALS[refused.code])


def _found(kind: str, subject: str, day: str) -> Notice:
    found = read_once(find_notice, kind, subject, day)
    if found is None:
        abort(404)
    return found


def _page(found: Notice, *, served: WayForm | None = None, failed: FailedForm | None = None) -> str:
    message, on = found.shown_text.message, clock.today()
    first = found.served_on
    return render_template(
        "desk/service/notice.html",
        found=found,
        key={"kind": message.kind, "subject": message.subject, "day": message.notified_on},
        is_served=first is not None and first <= on,
        served=served or WayForm(None, prefix=_SERVED),
        failed=failed or FailedForm(None, prefix=_FAILED),
        ways=WAYS,
        failures=FAILURES,
    )
