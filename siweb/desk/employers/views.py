"""Employers: find one, decide its injury rate; registrations and hires that wait for the desk."""

from contextlib import suppress
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from siweb import clock
from siweb.auth.access import actor, duty, insurances_run, may, runs, scope
from siweb.auth.tables.appointment import Function
from siweb.desk.checking.once import once
from siweb.desk.checking.send import SENT, send_to_check
from siweb.desk.checking.sentences import why
from siweb.desk.checking.waiting import WaitingTask, waiting_about
from siweb.desk.employers.actions import INJURY_RATE
from siweb.desk.employers.forms import InjuryRateForm
from siweb.desk.employers.pages.head import EMPLOYER_READERS, find_head, part_named
from siweb.desk.employers.pages.read import bills, read_part
from siweb.desk.people.notes.forms import NoteForm
from siweb.desk.people.notes.writing import note_form, written
from siweb.desk.subjects import of_employer, of_hire, of_part_of_employer
from siweb.filings.confirmation.follow_up import (
    accept_registration,
    close_hire,
    list_open_hires,
    list_registrations,
)
from siweb.filings.labels import finding_text
from siweb.notes.about import About
from siweb.registry.codes import Insurance
from siweb.registry.employers.find import find_employer_by_code, find_employers
from siweb.registry.employers.injury_rate import risks_of
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.employer import Employer
from siweb.rules.calendar.months import month_of
from siweb.rules.errors import RuleError
from siweb.rules.parameters.pack_set import PackSet
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.paging import page_asked, search_asked
from siweb.web.read_once import read_once

blueprint = Blueprint("employer_desk", __name__, url_prefix="/desk/employers")


@blueprint.get("")
@duty(*EMPLOYER_READERS)
def find() -> str:
    """Find an employer by its name or its social credit code."""
    typed = search_asked()
    found = find_employers(db_session(), typed, within=scope().has(Employer.region_code))
    return render_template(
        "desk/employers/find.html",
        query=typed,
        employers=found,
        may_register=may(Function.REGISTRATION),
    )


@blueprint.get("/<uscc>")
@duty(*EMPLOYER_READERS, of=of_employer)
def show_employer(uscc: str) -> str:
    return _page(uscc, "overview")


@blueprint.get("/<uscc>/<part>")
@duty(*EMPLOYER_READERS, of=of_part_of_employer)
def show_part(uscc: str, part: str) -> str:
    """Show a part of what is known of an employer; one not for the visitor is not there."""
    if part_named(part) is None:
        abort(404)
    return _page(uscc, part)


@blueprint.post("/<uscc>/injury-rate")
@duty(Function.CONTRIBUTIONS, of=of_employer, about={Insurance.WORK_INJURY})
@once
def decide_rate(uscc: str) -> Any:
    """Send it to be checked which rate for work injury an employer has from a month on."""
    employer, packs = _found(uscc), packs_in_force(db_session())
    form = _rate_form(employer, packs, InjuryRateForm())

    def send() -> None:
        send_to_check(
            INJURY_RATE,
            _subject(employer),
            {
                "employer_id": employer.id,
                "uscc": uscc,
                "from_month": form.from_month.data,
                **form.risk()._asdict(),
            },
            form.because.data,
            region_code=employer.region_code,
            employer_id=employer.id,
            packs=packs,
            scans=form.scans.data,
        )

    if not form.validate() or not carried_out(
        form, send, lambda refused: why(refused, INJURY_RATE)
    ):
        return _page(uscc, "rate", form), 422
    flash(str(SENT))
    return redirect(url_for("employer_desk.show_part", uscc=uscc, part="rate"), 303)


@blueprint.post("/<uscc>/notes")
@duty(*EMPLOYER_READERS, of=of_employer)
def write_note(uscc: str) -> Any:
    """Keep a note for colleagues, or one that corrects another."""
    form = written(About(employer_id=_found(uscc).id), EMPLOYER_READERS)
    if form is not None:
        return _page(uscc, "notes", note=form), 422
    flash(_("The note is kept."))
    return redirect(url_for("employer_desk.show_part", uscc=uscc, part="notes"), 303)


def _rate_form(employer: Employer, packs: PackSet, form: InjuryRateForm) -> InjuryRateForm:
    """Return a form with the tiers of the employer's region; none where it has no pack yet."""
    with suppress(RuleError):
        form.offer(packs.parameters(employer.region_code, month_of(clock.today())))
    return form


def _subject(employer: Employer) -> str:
    return f"employer:{employer.id}:injury_rate"


def _found(uscc: str) -> Employer:
    employer = find_employer_by_code(db_session(), uscc)
    if employer is None:
        abort(404)
    return employer


def _page(
    uscc: str, part: str, form: InjuryRateForm | None = None, note: NoteForm | None = None
) -> str:
    head = find_head(uscc, part)
    if head is None:
        abort(404)
    employer = head.employer
    return render_template(
        f"desk/employers/{part}.html",
        head=head,
        employer=employer,
        on=clock.today(),
        run_here=insurances_run(),
        may_register=may(Function.REGISTRATION),
        may_decide=may(Function.CONTRIBUTIONS),
        **_read(part, employer),
        # A form that is shown again costs a statement for its key already; eight are the most.
        waiting=[] if form else _waiting(employer, part),
        **(_deciding(employer, form) if part == "rate" else {}),
        **(_noting(employer, note) if part == "notes" else {}),
    )


def _noting(employer: Employer, sent: NoteForm | None) -> dict[str, Any]:
    return note_form(About(employer_id=employer.id), EMPLOYER_READERS, sent)


def _read(part: str, employer: Employer) -> dict[str, Any]:
    if part == "bills":  # what a late fee comes to needs figures, nothing else does
        return bills(db_session(), employer, packs_in_force(db_session()))
    return read_part(part, employer)


def _waiting(employer: Employer, part: str) -> list[WaitingTask]:
    shows = part in {"overview", "rate"} and runs(Insurance.WORK_INJURY)
    return waiting_about(_subject(employer), INJURY_RATE) if shows else []


def _deciding(employer: Employer, form: InjuryRateForm | None) -> dict[str, Any]:
    now = read_once(risks_of, employer).in_month(month_of(clock.today()))
    kept = {"injury_class": str(now.injury_class), "injury_tier": str(now.injury_tier_ppm)}
    if form is None:  # one that comes back was offered its tiers before: to ask again costs a ninth
        form = _rate_form(employer, packs_in_force(db_session()), InjuryRateForm(None, data=kept))
    return {"form": form}


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


@blueprint.post("/hires/<int:filing_id>/<int:position>/close")
@duty(Function.REGISTRATION, of=of_hire)
def close(filing_id: int, position: int) -> Response:
    """Close what was followed up with the employer."""
    session = db_session()
    if not close_hire(session, filing_id, position, actor=actor(), at=clock.now()):
        abort(404)
    session.commit()
    return redirect(url_for("employer_desk.show_hires"), 303)
