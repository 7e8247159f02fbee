"""Registrations that nobody has looked at, and hires that fall short of the duty to insure."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import actor, duty, scope
from siweb.auth.tables.appointment import Function
from siweb.desk.subjects import of_employer, of_hire
from siweb.filings.confirmation.follow_up import (
    accept_registration,
    close_hire,
    list_open_hires,
    list_registrations,
)
from siweb.filings.labels import finding_text
from siweb.web.database import db_session
from siweb.web.paging import page_asked

blueprint = Blueprint("employer_desk", __name__, url_prefix="/desk/employers")


@blueprint.get("/registrations")
@duty(Function.REGISTRATION)
def show_registrations() -> str:
    return render_template(
        "desk/employers/registrations.html",
        employers=list_registrations(db_session(), scope=scope()),
    )


@blueprint.post("/registrations/<uscc>/accept")
@duty(Function.REGISTRATION, of=of_employer)
def accept(uscc: str) -> Response:
    """Confirm a registration: the employer may send its hires."""
    session = db_session()
    is_done = accept_registration(session, uscc, actor=actor(), on=clock.today(), at=clock.now())
    session.commit()
    flash(_("Confirmed: the employer can send its hires.") if is_done else _("Done already."))
    return redirect(url_for("employer_desk.show_registrations"), 303)


@blueprint.get("/hires")
@duty(Function.REGISTRATION)
def show_hires() -> str:
    page = page_asked()
    hires, has_more = list_open_hires(db_session(), scope=scope(), page=page)
    return render_template(
        "desk/employers/hires.html",
        hires=hires,
        has_more=has_more,
        page=page,
        finding_text=finding_text,
    )


@blueprint.post("/hires/<int:row_id>/close")
@duty(Function.REGISTRATION, of=of_hire)
def close(row_id: int) -> Response:
    """Close what was followed up with the employer."""
    session = db_session()
    if not close_hire(session, row_id, actor=actor(), at=clock.now()):
        abort(404)
    session.commit()
    return redirect(url_for("employer_desk.show_hires"), 303)
