"""The desk's page of agencies: which there are, and how one is named or changed."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from siweb import clock
from siweb.auth.access import actor, duty, scope
from siweb.auth.staff.duties import regions_in
from siweb.auth.tables.appointment import Function
from siweb.desk.staff.agencies.forms import KINDS, AgencyForm
from siweb.registry.codes import AgencyKind
from siweb.registry.regions.list_agencies import find_agency, list_agencies
from siweb.registry.regions.open_region import name_agency
from siweb.registry.tables.agency import Agency
from siweb.web.database import db_session
from siweb.web.language.labels import region_name
from siweb.web.paging import number_asked

blueprint = Blueprint("agency_desk", __name__, url_prefix="/desk/agencies")


@blueprint.get("")
@duty(Function.ADMINISTRATION)
def show_agencies() -> str:
    return _page(_form(_asked(db_session())))


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


def _page(form: AgencyForm) -> str:
    return render_template(
        "desk/agencies/agencies.html",
        form=form,
        agencies=list_agencies(db_session(), within=scope().regions),
        kinds=KINDS,
    )
