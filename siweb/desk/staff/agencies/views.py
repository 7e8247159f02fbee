"""The desk's page of agencies: which there are, and how one is named or changed."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from siweb import clock
from siweb.auth.access import actor, duty, scope
from siweb.auth.staff.duties import regions_in
from siweb.auth.tables.appointment import Function
from siweb.desk.checking.send import SENT, attach_to_task, doing_now
from siweb.desk.checking.sentences import why
from siweb.desk.checking.waiting import waiting_about
from siweb.desk.staff.agencies.actions import (
    AGENCY_INSURANCES,
    insurances_subject,
    propose_insurances,
)
from siweb.desk.staff.agencies.forms import KINDS, AgencyForm, InsurancesForm
from siweb.desk.subjects import of_agency
from siweb.registry.codes import AgencyKind
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.regions.agency_insurances import run_by
from siweb.registry.regions.list_agencies import find_agency, list_agencies
from siweb.registry.regions.open_region import name_agency
from siweb.registry.tables.agency import Agency
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.language.labels import region_name
from siweb.web.paging import number_asked

_RUNS = "runs-"
blueprint = Blueprint("agency_desk", __name__, url_prefix="/desk/agencies")


@blueprint.get("")
@duty(Function.ADMINISTRATION)
def show_agencies() -> str:
    agency = _asked(db_session())
    return _page(_form(agency), agency)


@blueprint.post("")
@duty(Function.ADMINISTRATION)
def name() -> Any:
    """Name the agency that runs some insurances of a region, or change what people read of it."""
    form = _form()
    if not form.validate():
        return _page(form), 422
    kind, session = AgencyKind(form.kind.data), db_session()
    name_agency(session, form.region.data, kind, form.facts(), actor=actor(), at=clock.now())
    session.commit()
    flash(_("Saved: people read it from now on."))
    return redirect(url_for("agency_desk.show_agencies"), 303)


@blueprint.post("/<int:agency_id>/insurances")
@duty(Function.ADMINISTRATION, of=of_agency)
def set_insurances(agency_id: int) -> Any:
    """Send it to be checked which insurances an agency runs."""
    session, form = db_session(), InsurancesForm(prefix=_RUNS)
    agency = session.get_one(Agency, agency_id)

    def send() -> None:
        chosen, because = form.insurances.data or (), form.because.data
        doing = doing_now(packs_in_force(session))
        task = propose_insurances(session, agency, chosen, because, doing)
        attach_to_task(task, form.scans.data)

    if not form.validate() or not carried_out(
        form, send, lambda refused: why(refused, AGENCY_INSURANCES)
    ):
        return _page(_form(agency), agency, form), 422
    flash(str(SENT))
    return redirect(url_for("agency_desk.show_agencies", agency=agency_id), 303)


def _asked(session: Session) -> Agency | None:
    """Return the agency whose words are to be changed."""
    number = number_asked("agency")
    return None if number is None else find_agency(session, number, within=scope().regions)


def _form(agency: Agency | None = None) -> AgencyForm:
    kept = {} if agency is None else {"region": agency.region_code, "kind": agency.kind.value}
    form = AgencyForm(obj=agency, data=kept) if agency else AgencyForm()
    regions = regions_in(scope(), db_session())
    form.region.choices = [(region.code, region_name(region)) for region in regions]
    return form


def _page(
    form: AgencyForm, agency: Agency | None = None, runs: InsurancesForm | None = None
) -> str:
    kept = {"insurances": [] if agency is None else run_by(agency)}
    return render_template(
        "desk/agencies/agencies.html",
        form=form,
        agencies=list_agencies(db_session(), within=scope().regions),
        kinds=KINDS,
        run_by=run_by,
        agency=agency,
        runs=runs or InsurancesForm(None, prefix=_RUNS, data=kept),
        waiting=agency and waiting_about(insurances_subject(agency.id), AGENCY_INSURANCES),
    )
