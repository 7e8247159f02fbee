"""The desk's page on which a person's record is corrected: looked at first, then sent."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from siweb import clock
from siweb.auth.access import duty, runs, scope
from siweb.auth.tables.appointment import Function
from siweb.collection.corrections.find import corrections_of
from siweb.collection.corrections.labels import KINDS
from siweb.collection.corrections.record.correction import Correction
from siweb.collection.corrections.record.effect import Effect
from siweb.collection.corrections.shown import changes_of
from siweb.collection.levy.start import due_day
from siweb.collection.tables.record_correction import CorrectionKind
from siweb.desk.checking.once import once
from siweb.desk.checking.send import SENT, doing_now, send_to_check
from siweb.desk.checking.sentences import why
from siweb.desk.checking.waiting import waiting_about
from siweb.desk.corrections.actions import (
    CORRECT_RECORD,
    record_subject,
    stated,
    try_correction,
)
from siweb.desk.corrections.find import find_waiting_objection, hosted_regions, payer_now
from siweb.desk.corrections.forms import OFFICE, PAYER, RecordForm
from siweb.desk.people.standing import standing_person
from siweb.desk.subjects import of_person
from siweb.registry.codes import Insurance
from siweb.registry.employers.find import find_employer_by_code
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.person import Person
from siweb.reviews.tables.objection import Objection, Problem
from siweb.rules.calendar.months import month_of
from siweb.rules.errors import Refusal
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.language.labels import INSURANCES, region_name
from siweb.web.paging import number_asked, number_sent
from siweb.web.read_once import read_once

blueprint = Blueprint("correction_desk", __name__, url_prefix="/desk/corrections")
_KIND_OF = {
    Problem.MISSING: CorrectionKind.MISSING,
    Problem.INSURANCES: CorrectionKind.MISSING,
    Problem.WRONG_BASE: CorrectionKind.BASE,
    Problem.NOT_MY_EMPLOYER: CorrectionKind.EMPLOYER,
}


@blueprint.get("/<int:person_id>")
@duty(Function.CONTRIBUTIONS, of=of_person)
def show_form(person_id: int) -> str:
    person, form = _person(person_id), RecordForm(None)
    form.region.choices = _regions(person)
    _offer_insurances(form)
    _fill_in(form, person)
    return _page(person, form)


@blueprint.post("/<int:person_id>/preview")
@duty(Function.CONTRIBUTIONS, of=of_person)
def preview(person_id: int) -> Any:
    """Show everything that the correction would change; nothing is sent."""
    form = _form(person_id)
    found = _correction(person_id, form) if form.validate() else None
    effect = None if found is None else _tried(found, form)
    if found is None or effect is None:
        return _page(_person(person_id), form), 422
    return _page(_person(person_id), form, found, effect)


@blueprint.post("/<int:person_id>/record")
@duty(Function.CONTRIBUTIONS, of=of_person)
@once
def correct(person_id: int) -> Any:
    """Send a correction to be checked, with all that it changes."""
    form = _form(person_id)
    found = _correction(person_id, form) if form.validate() else None
    if found is None or not carried_out(form, lambda: _send(form, found), _sentence):
        return _page(_person(person_id), form), 422
    flash(str(SENT))
    return redirect(url_for("correction_desk.show_form", person_id=person_id), 303)


def _send(form: RecordForm, found: Correction) -> None:
    session, objection = db_session(), _objection(found.person_id)
    packs = packs_in_force(session)
    effect = try_correction(session, found, form.paper.words, doing_now(packs))
    change = {
        **found.as_dict(),
        "effect": effect.as_dict(),
        "objection_id": None if objection is None else objection.id,
        "words": form.words.data or "",
    }
    send_to_check(
        CORRECT_RECORD,
        record_subject(found.person_id),
        change,
        form.paper.data,
        region_code=found.region_code,
        person_id=found.person_id,
        employer_id=found.payer_id,
        packs=packs,
        scans=form.scans.data,
    )


def _tried(found: Correction, form: RecordForm) -> Effect | None:
    session = db_session()
    try:
        doing = doing_now(packs_in_force(session))
        return try_correction(session, found, form.paper.words, doing)
    except Refusal as refused:
        form.show_refusal(refused.code, _sentence(refused))
        return None


def _sentence(refused: Refusal) -> str:
    return why(refused, CORRECT_RECORD)


def _form(person_id: int) -> RecordForm:
    form = RecordForm()
    form.region.choices = _regions(_person(person_id))
    _offer_insurances(form)
    return form


def _offer_insurances(form: RecordForm) -> None:
    """Leave in the form the insurances that the visitor's agencies run: each decides on its own."""
    form.insurances.choices = [
        SelectChoice(code, name) for code, name in INSURANCES.items() if runs(Insurance(code))
    ]


def _correction(person_id: int, form: RecordForm) -> Correction | None:
    """Return what was typed; None with a sentence for a strange employer or insurance."""
    employer, to_employer = (_employer(form[name]) for name in ("employer", "to_employer"))
    if form.employer.errors or form.to_employer.errors:
        return None
    kind = CorrectionKind(form.kind.data)
    chosen = [Insurance(code) for code in form.insurances.data or ()]
    if kind is not CorrectionKind.BASE and not _may_decide(form, chosen):
        return None
    return Correction(
        kind=kind,
        person_id=person_id,
        region_code=form.region.data,
        first_month=form.first_month.data,
        last_month=form.last_month.data,
        insurances=() if kind is CorrectionKind.BASE else tuple(chosen),
        employer_id=employer,
        to_employer_id=to_employer if kind is CorrectionKind.EMPLOYER else None,
        declared_base_fen=None if kind is CorrectionKind.NOT_INSURED else form.base.data,
        due_on=form.due_on.data,
        is_offices_mistake=form.fault.data == OFFICE,
    )


def _may_decide(form: RecordForm, chosen: list[Insurance]) -> bool:
    """Return whether the visitor's agency of the region runs every insurance that was chosen."""
    if scope().covers(form.region.data, chosen, wholly=True):
        return True
    form.insurances.errors = [_("Another agency of the region decides on some of these.")]
    return False


def _employer(field: Any) -> int | None:
    if not field.data:
        return None
    found = find_employer_by_code(db_session(), field.data)
    if found is None:
        field.errors = [_("No employer is registered with this code.")]
        return None
    return found.id


def _fill_in(form: RecordForm, person: Person) -> None:
    """Fill in what an objection says, who pays now, and the next day to pay."""
    session = db_session()
    form.fault.data = PAYER
    objection = _objection(person.id)
    if objection is not None:
        kind = _KIND_OF.get(objection.problem)
        form.kind.data = kind and kind.value
        form.first_month.data = form.last_month.data = objection.contribution_month
        form.insurances.data = list(objection.insurances)
        form.base.data = objection.claimed_base_fen
    elif not form.insurances.data:
        form.insurances.data = [insurance.value for insurance in Insurance]
    form.employer.data = payer_now(session, person.id, objection)
    regions, on = _regions(person), clock.today()
    if regions:
        region, _name = regions[0]
        form.due_on.data = due_day(packs_in_force(session), region, month_of(on), on=on)


def _objection(person_id: int) -> Objection | None:
    """Return the upheld objection that the page was opened for, while it waits."""
    objection_id = number_sent("objection") or number_asked("objection")
    if objection_id is None:
        return None
    return read_once(find_waiting_objection, person_id, objection_id)


def _regions(person: Person) -> list[tuple[str, str]]:
    """Return the regions of the person's record in which the visitor acts."""
    found = read_once(hosted_regions, person.id, person.region_code)
    return [(region.code, region_name(region)) for region in found if scope().covers(region.code)]


def _page(
    person: Person,
    form: RecordForm,
    found: Correction | None = None,
    effect: Effect | None = None,
) -> str:
    session, objection = db_session(), _objection(person.id)
    return render_template(
        "desk/corrections/record.html",
        person=person,
        form=form,
        objection=objection,
        stated=() if found is None else stated(found),
        changes=() if effect is None else changes_of(session, effect),
        waiting=waiting_about(record_subject(person.id), CORRECT_RECORD),
        corrected=corrections_of(session, person.id),
        kinds=KINDS,
    )


def _person(person_id: int) -> Person:
    return standing_person(person_id, "correction_desk.show_form")
