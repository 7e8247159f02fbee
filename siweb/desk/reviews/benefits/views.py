"""The desk's pages of benefits: a person's months, what was paid too much, lists handed in."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for

from siweb.auth.access import duty, may, runs, scope
from siweb.auth.staff.duties import regions_in
from siweb.auth.tables.appointment import Function
from siweb.bring_in.actions import KINDS
from siweb.bring_in.labels import problem_text
from siweb.desk.checking.once import once
from siweb.desk.checking.send import SENT, send_to_check
from siweb.desk.checking.sentences import why
from siweb.desk.checking.waiting import waiting_about
from siweb.desk.people.forms import HeirsForm
from siweb.desk.people.pages.head import head_of
from siweb.desk.people.standing import standing_person
from siweb.desk.reviews.benefits.actions import HELD_TO_HEIRS
from siweb.desk.reviews.benefits.forms import ListForm
from siweb.desk.reviews.tasks.actions import written
from siweb.desk.staff.old_data.hand_in import sent, tried, uploaded, waiting_files
from siweb.desk.subjects import of_person
from siweb.ledgers.benefits.back_pay import BackPayRefused, held_of_dead
from siweb.ledgers.benefits.months import benefit_months, benefits_of
from siweb.ledgers.benefits.overpaid import overpaid
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.benefit import OF_INSURANCES, PAYING, BenefitKind
from siweb.registry.tables.person import Person
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.language.labels import region_name
from siweb.web.paging import page_asked
from siweb.web.read_once import read_once

blueprint = Blueprint("benefit_desk", __name__, url_prefix="/desk/benefits")
PAYMENTS = KINDS["benefits_paid"]
_SHOWN = 50


@blueprint.get("")
@duty(Function.REVIEW, Function.FINANCE, reads=True, about=PAYING)
def show_overpaid() -> str:
    page = page_asked()
    found, has_more = read_once(overpaid, scope(), page=page)
    return render_template(
        "desk/reviews/benefits/overpaid.html", found=found, has_more=has_more, page=page
    )


@blueprint.get("/people/<int:person_id>")
@duty(Function.REVIEW, Function.FINANCE, of=of_person, about=PAYING)
def show_months(person_id: int) -> str:
    return _months_page(person_id)


@blueprint.post("/people/<int:person_id>/heirs")
@duty(Function.FINANCE, of=of_person, about=PAYING)
@once
def pay_heirs(person_id: int) -> Any:
    """Pay what was withheld up to somebody's death to the heirs, once another has checked it."""
    session, form = db_session(), HeirsForm()
    standing_person(person_id, "benefit_desk.show_months")

    def send() -> None:
        region, held = held_of_dead(session, person_id)
        if not held or session.get_one(Person, person_id).died_on is None:
            raise BackPayRefused("held_none")
        send_to_check(
            HELD_TO_HEIRS,
            f"person:{person_id}",
            {"person_id": person_id, "region_code": region, "held": written(held)},
            form.succession.data,
            region_code=region,
            person_id=person_id,
            packs=packs_in_force(session),
            scans=form.scans.data,
        )

    if form.validate() and carried_out(form, send, lambda refused: why(refused, HELD_TO_HEIRS)):
        flash(str(SENT))
        return redirect(url_for("benefit_desk.show_months", person_id=person_id), 303)
    return _months_page(person_id, form), 422


def _months_page(person_id: int, heirs: HeirsForm | None = None) -> str:
    session, page = db_session(), page_asked()
    kinds = _kinds()
    months, has_more = benefit_months(session, person_id, kinds, page=page)
    person = standing_person(person_id, "benefit_desk.show_months")
    held = held_of_dead(session, person_id)[1] if person.died_on else []
    return render_template(
        "desk/reviews/benefits/months.html",
        head=head_of(person, "benefits"),
        person=person,
        held=held,
        held_fen=sum(each.amount_fen for each in held),
        heirs=heirs or HeirsForm(None),
        waiting=waiting_about(f"person:{person_id}", HELD_TO_HEIRS) if held else [],
        may_pay=may(Function.FINANCE),
        may_set_right=may(Function.REVIEW),
        benefits=[each for each in benefits_of(session, person_id) if each.kind in kinds],
        months=months,
        has_more=has_more,
        page=page,
    )


def _kinds() -> frozenset[BenefitKind]:
    """Return the benefits of the insurances that the visitor's agencies run."""
    return frozenset(kind for kind, of in OF_INSURANCES.items() if runs(*of))


@blueprint.route("/lists", methods=["GET", "POST"])
@duty(Function.REVIEW, about=PAYING)
def hand_in_list() -> Any:
    """Hand in what the paying side paid: tried at once, kept when a second person checked it."""
    form = ListForm()
    form.region.choices = [
        (region.code, region_name(region)) for region in regions_in(scope(), db_session())
    ]
    outcome = None
    if request.method == "POST" and form.validate():
        packs, controls = packs_in_force(db_session()), form.controls()
        with uploaded(form) as file:
            outcome = tried(form, PAYMENTS, file, controls, packs)
            if sent(form, PAYMENTS, file, outcome, controls, packs):
                flash(str(SENT))
                return redirect(url_for("benefit_desk.hand_in_list"), 303)
    g.people_of_file = outcome.people if outcome else ()
    page = render_template(
        "desk/reviews/benefits/list.html",
        form=form,
        outcome=outcome,
        problems=[problem_text(each) for each in outcome.problems[:_SHOWN]] if outcome else [],
        waiting=waiting_files(PAYMENTS),
    )
    is_refused = request.method == "POST" and (outcome is None or outcome.problem_count)
    return (page, 422) if is_refused or form.errors else page
