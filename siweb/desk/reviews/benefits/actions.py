"""What was withheld of somebody who died, up to the month of death, is paid to the heirs."""

from dataclasses import replace

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.collection.payouts.order import order_payout
from siweb.collection.payouts.refusal import PayoutRefused
from siweb.collection.tables.payout import PayoutKind
from siweb.desk.payments.payouts.labels import REFUSALS as PAYOUTS
from siweb.desk.reviews.tasks.actions import held_back, shown_months
from siweb.desk.reviews.tasks.labels import BACK_PAY_REFUSALS
from siweb.desk.subjects import of_person
from siweb.ledgers.benefits.back_pay import BackPayRefused, pay_back
from siweb.registry.tables.benefit import OF_INSURANCES
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction
from siweb.web.language.formats import yuan


def _about(session: Session, task: Task) -> Subject:
    person_id = int(task.change["person_id"])
    found = of_person(session, person_id) or Subject(frozenset(), frozenset({person_id}))
    kinds = {each.benefit for each in shown_months(task)}
    return replace(found, insurances=frozenset().union(*(OF_INSURANCES[kind] for kind in kinds)))


def _would_pay(session: Session, task: Task) -> list[Difference]:
    total = yuan(_amount(session, task))
    return [*held_back(task), Difference(_("Sum for the heirs"), "—", total)]


def _amount(_session: Session, task: Task) -> int:
    return sum(each.amount_fen for each in shown_months(task))


def _pay(session: Session, task: Task, doing: Doing) -> None:
    change = task.change
    person_id, region_code = change["person_id"], change["region_code"]
    by, at = doing.actor, doing.at
    fen = pay_back(session, person_id, region_code, shown_months(task), actor=by, at=at)
    if not fen:
        raise BackPayRefused("held_none")
    # Never to the account of who died: two people name one, from the paper of the succession.
    order_payout(
        session,
        PayoutKind.BENEFIT,
        f"task:{task.reference}",
        fen,
        region_code=region_code,
        person_id=person_id,
        actor=by,
        at=at,
    )


HELD_TO_HEIRS = TwoPersonAction(
    "benefit.held_to_heirs",
    _l("Pay what was withheld of a benefit to the heirs"),
    Function.FINANCE,
    _would_pay,
    _about,
    _pay,
    {BackPayRefused: BACK_PAY_REFUSALS, PayoutRefused: PAYOUTS},
    lambda task: url_for("benefit_desk.show_months", person_id=task.change["person_id"]),
    _amount,
)
