"""The desk's page on which what somebody drew is set right: three forms, for another to check."""

from collections.abc import Sequence
from typing import Any, TypeVar

from flask import Blueprint, flash, redirect, render_template, url_for

from siweb import clock
from siweb.auth.access import duty, runs
from siweb.auth.tables.appointment import Function
from siweb.desk.checking.send import SENT, send_to_check
from siweb.desk.checking.sentences import why
from siweb.desk.checking.waiting import waiting_tasks
from siweb.desk.corrections.benefits.actions import (
    BEGIN_AGAIN,
    TAKE_SIGN_BACK,
    WITHDRAW_BENEFIT,
    benefit_subject,
)
from siweb.desk.corrections.benefits.forms import BeginAgainForm, SignForm, WithdrawForm
from siweb.desk.people.pages.head import head_of
from siweb.desk.people.standing import standing_person
from siweb.desk.subjects import of_person
from siweb.evidence.field import ScansForm
from siweb.ledgers.benefits.labels import BENEFITS
from siweb.ledgers.benefits.withdrawn import Withdrawn, drawn_of, paid_since
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.benefit import OF_INSURANCES, PAYING, Benefit, LifeSign
from siweb.registry.tables.person import Person
from siweb.reviews.labels import life_sign_source
from siweb.reviews.tasks.life_sign import life_signs_of
from siweb.tasks.find import open_tasks_of
from siweb.tasks.two_person_action import TwoPersonAction
from siweb.web.database import db_session
from siweb.web.forms.carry_out import carried_out
from siweb.web.language.formats import day, month

blueprint = Blueprint("benefit_correction_desk", __name__, url_prefix="/desk/benefits/people")
_WITHDRAW, _BEGIN, _SIGN = "withdraw-", "begin-", "sign-"
Form = TypeVar("Form", WithdrawForm, BeginAgainForm)


@blueprint.get("/<int:person_id>/set-right")
@duty(Function.REVIEW, of=of_person, about=PAYING)
def show_forms(person_id: int) -> str:
    return _page(_person(person_id))


@blueprint.post("/<int:person_id>/withdraw")
@duty(Function.REVIEW, of=of_person, about=PAYING)
def withdraw_one(person_id: int) -> Any:
    """Say that a benefit was not due, to be checked by another."""
    person = _person(person_id)
    form = _offered(WithdrawForm(prefix=_WITHDRAW), [each for each, _undue in _drawn(person)])
    if form.validate():
        benefit = db_session().get_one(Benefit, int(form.benefit.data))
        change = {
            "from_month": form.from_month.data,
            "paid_fen": paid_since(db_session(), benefit, form.from_month.data),
        }
        if _sent_about(WITHDRAW_BENEFIT, person, benefit, form, change):
            return _show(person_id)
    return _page(_person(person_id), withdrawing=form), 422


@blueprint.post("/<int:person_id>/begin-again")
@duty(Function.REVIEW, of=of_person, about=PAYING)
def begin_one_again(person_id: int) -> Any:
    """Let a withdrawn benefit be due again, once another has checked it."""
    person = _person(person_id)
    withdrawn = {each.id: undue for each, undue in _drawn(person) if undue is not None}
    ended = [each for each, _undue in _drawn(person) if each.id in withdrawn]
    form = _offered(BeginAgainForm(prefix=_BEGIN), ended)
    if form.validate():
        benefit = db_session().get_one(Benefit, int(form.benefit.data))
        change = {
            "from_month": form.from_month.data,
            "monthly_fen": form.monthly.data,
            "withdrawn_from": withdrawn[benefit.id].withdrawal.from_month,
        }
        if _sent_about(BEGIN_AGAIN, person, benefit, form, change):
            return _show(person_id)
    return _page(_person(person_id), beginning=form), 422


@blueprint.post("/<int:person_id>/life-sign")
@duty(Function.REVIEW, of=of_person, about=PAYING)
def take_sign_back(person_id: int) -> Any:
    """Say that a sign of life was another person's, to be checked by another."""
    person = _person(person_id)
    form = _with_signs(SignForm(prefix=_SIGN), _signs(person))
    if form.validate():
        sign_id = int(form.sign.data)
        subject, change = f"life_sign:{sign_id}", {"sign_id": sign_id}
        region = person.region_code
        if _sent(TAKE_SIGN_BACK, subject, region, person, form, change):
            return _show(person_id)
    return _page(_person(person_id), signing=form), 422


def _sent_about(
    action: TwoPersonAction,
    person: Person,
    benefit: Benefit,
    form: WithdrawForm | BeginAgainForm,
    change: dict[str, Any],
) -> bool:
    about = {"benefit_id": benefit.id, **change}
    subject = benefit_subject(benefit.id)
    return _sent(action, subject, benefit.region_code, person, form, about)


def _sent(
    action: TwoPersonAction,
    subject: str,
    region_code: str,
    person: Person,
    form: ScansForm,
    change: dict[str, Any],
) -> bool:
    def send() -> None:
        send_to_check(
            action,
            subject,
            {"person_id": person.id, **change},
            form["because"].data,
            region_code=region_code,
            person_id=person.id,
            packs=packs_in_force(db_session()),
            scans=form.scans.data,
        )

    return carried_out(form, send, lambda refused: why(refused, action))


def _show(person_id: int) -> Any:
    flash(str(SENT))
    return redirect(url_for("benefit_correction_desk.show_forms", person_id=person_id), 303)


def _page(
    person: Person,
    *,
    withdrawing: WithdrawForm | None = None,
    beginning: BeginAgainForm | None = None,
    signing: SignForm | None = None,
) -> str:
    session, signs = db_session(), _signs(person)
    drawn = _drawn(person)
    running = [each for each, undue in drawn if undue is None]
    ended = [(each, undue) for each, undue in drawn if undue is not None]
    return render_template(
        "desk/corrections/benefits.html",
        head=head_of(person, "benefits"),
        person=person,
        waiting=waiting_tasks(open_tasks_of(session, person.id)),
        withdrawn=[(BENEFITS[each.kind], undue) for each, undue in ended],
        withdrawing=withdrawing or _offered(WithdrawForm(None, prefix=_WITHDRAW), running),
        may_withdraw=bool(running),
        beginning=beginning
        or _offered(BeginAgainForm(None, prefix=_BEGIN), [each for each, _ in ended]),
        signing=signing or _with_signs(SignForm(None, prefix=_SIGN), signs),
        has_signs=bool(signs),
    )


def _drawn(person: Person) -> list[tuple[Benefit, Withdrawn | None]]:
    """Return a person's benefits of the insurances that the visitor's agencies run."""
    drawn = drawn_of(db_session(), person.id)
    return [(each, undue) for each, undue in drawn if runs(*OF_INSURANCES[each.kind])]


def _signs(person: Person) -> list[LifeSign]:
    return life_signs_of(db_session(), person.id, on=clock.today())


def _offered(form: Form, benefits: Sequence[Benefit]) -> Form:
    form.benefit.choices = [
        (str(each.id), f"{BENEFITS[each.kind]} · {month(each.from_month)}") for each in benefits
    ]
    return form


def _with_signs(form: SignForm, signs: Sequence[LifeSign]) -> SignForm:
    form.sign.choices = [
        (str(each.id), f"{day(each.seen_on)} · {life_sign_source(each.source)}") for each in signs
    ]
    return form


def _person(person_id: int) -> Person:
    return standing_person(person_id, "benefit_correction_desk.show_forms")
