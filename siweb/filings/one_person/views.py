"""The pages that file for one person; each leads to a filing with one row, still to be sent."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from siweb import clock
from siweb.auth.access import acting, acting_for, actor
from siweb.filings.employers.employee import Employee, load_employee
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.fields.own_bases import refused_own_bases
from siweb.filings.fields.yearly_base import (
    BasePreview,
    average_wage,
    payment_year_start,
    preview_base,
)
from siweb.filings.labels import KINDS
from siweb.filings.one_person.file import copied_row, file_one
from siweb.filings.one_person.forms import form_of
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.packs.legal_periods import legal_period
from siweb.rules.calendar.months import month_of
from siweb.web.database import db_session
from siweb.web.htmx import wants_piece
from siweb.web.paging import number_asked
from siweb.web.read_once import read_once

blueprint = Blueprint("one_person", __name__, url_prefix="/employer/<uscc>")
# What employees are filed for on their own page; the yearly base has a page that reckons it.
PAGES = {
    FilingKind.LEAVE: _l(
        "Termination is reported within %(period)s (Article 50 of the Social Insurance Law).",
        period=legal_period("termination_report"),
    ),
    FilingKind.CHANGE: _l("Change what is different."),
    FilingKind.PAUSE: _l("Only where no wage is paid and the employment goes on."),
    FilingKind.RESUME: None,
}


@blueprint.route("/hire", methods=["GET", "POST"])
@acting_for("filer")
def hire() -> Any:
    form = form_of(FilingKind.HIRE)()
    form.prepare(clock.today(), **_suggested())
    form.hidden = _refused_bases()
    if request.method == "POST" and form.validate():
        return _filed(FilingKind.HIRE, form.row())
    page = render_template(
        "filings/one_person/form.html",
        form=form,
        title=KINDS[FilingKind.HIRE],
        about=_l("Have the ID card and the contract at hand. No documents need to be submitted."),
        back=url_for("employers.show_home"),
    )
    return page if request.method == "GET" else (page, 422)


@blueprint.route("/people/<int:employment_id>/<kind>", methods=["GET", "POST"])
@acting_for("filer")
def file_for(employment_id: int, kind: str) -> Any:
    if kind not in set(PAGES):
        abort(404)
    chosen, found = FilingKind(kind), _employee(employment_id)
    form = form_of(chosen)()
    form.prepare(clock.today())
    form.hidden = _refused_bases()
    if request.method == "POST" and form.validate():
        return _filed(chosen, _identity(found) | form.row())
    page = render_template(
        "filings/one_person/form.html",
        form=form,
        title=KINDS[chosen],
        about=PAGES[chosen],
        found=found,
        back=url_for("employers.show_employee", employment_id=employment_id),
    )
    return page if request.method == "GET" else (page, 422)


@blueprint.route("/people/<int:employment_id>/base", methods=["GET", "POST"])
@acting_for("filer")
def declare_base(employment_id: int) -> Any:
    found, on = _employee(employment_id), clock.today()
    packs, region = packs_in_force(db_session()), acting().region_code
    from_month = payment_year_start(packs.parameters(region, month_of(on)), on)
    form = form_of(FilingKind.BASE)()
    form.prepare(on)
    form.hidden = refused_own_bases(packs.parameters(region, from_month))
    is_asked = wants_piece() or "preview" in request.form
    is_good = request.method == "POST" and form.validate()
    preview: BasePreview | None = None
    if is_good:
        average = average_wage(form.row()["total_wage_fen"], form.row()["months"])
        if not is_asked:
            declared = {"wage_fen": average, "start_month": from_month}
            # Kept with the row, so that the draft says what moves;
            # the register may be another tomorrow.
            present = {"present_fen": _present_base(found)}
            return _filed(FilingKind.BASE, _identity(found) | form.row() | declared | present)
        parameters = packs.parameters(region, from_month)
        preview = preview_base(parameters, average, _present_base(found))
    if wants_piece():
        return render_template("filings/one_person/_base.html", preview=preview)
    page = render_template(
        "filings/one_person/base.html",
        form=form,
        found=found,
        preview=preview,
        from_month=from_month,
        year=int(from_month[:4]) - 1,
        is_sent=request.method == "POST",
    )
    return page if is_good or request.method == "GET" else (page, 422)


def _filed(kind: FilingKind, row: dict[str, Any]) -> Any:
    session = db_session()
    filing = file_one(
        session,
        acting(),
        kind,
        row,
        packs=packs_in_force(session),
        actor=actor(),
        on=clock.today(),
        at=clock.now(),
    )
    session.commit()
    return redirect(url_for("filings.show_filing", reference=filing.reference), 303)


def _suggested() -> dict[str, Any]:
    """Fill a new employee's form from an announced hire, or from an earlier filing."""
    employment_id = number_asked("employment")
    if employment_id is not None:
        found = _employee(employment_id)
        return {
            "id_number": found.person.id_number,
            "name": found.person.name,
            "hired_on": found.employment.hired_on.isoformat(),
            "start_month": month_of(found.employment.hired_on),
        }
    if reference := request.args.get("copy"):
        return copied_row(db_session(), acting().employer_id, reference)
    return {}


def _employee(employment_id: int) -> Employee:
    found = read_once(load_employee, acting().employer_id, employment_id)
    if found is None:
        abort(404)
    return found


def _identity(found: Employee) -> dict[str, Any]:
    return {"id_number": found.person.id_number, "name": found.person.name}


def _refused_bases() -> frozenset[str]:
    packs = packs_in_force(db_session())
    return refused_own_bases(packs.parameters(acting().region_code, month_of(clock.today())))


def _present_base(found: Employee) -> int | None:
    bases = [base.declared_base_fen for base in found.bases if base.insurance is None]
    return bases[0] if bases else None
