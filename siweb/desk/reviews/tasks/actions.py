"""What was withheld of a benefit is paid: made by one and checked by another."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

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
from siweb.desk.reviews.tasks.labels import BACK_PAY_REFUSALS, REFUSALS
from siweb.desk.subjects import of_review_task
from siweb.ledgers.benefits.back_pay import BackPayRefused, HeldMonth, held_months, pay_back
from siweb.ledgers.benefits.labels import BENEFITS
from siweb.messages.kinds.benefits import BENEFIT_PAID_BACK
from siweb.messages.notify import notify
from siweb.registry.tables.benefit import BenefitKind
from siweb.reviews.facts import ReviewFacts
from siweb.reviews.tables.task import TaskResult
from siweb.reviews.tasks.find import WaitingTask, find_task
from siweb.reviews.tasks.finish import TaskRefused, finish_task
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction
from siweb.web.language.formats import month as month_text
from siweb.web.language.formats import yuan


def task_of(session: Session, task: Task) -> WaitingTask:
    """Return the task of a review that a two-person task is about.

    :raises TaskRefused: "done" when it does not wait any more.
    """
    found = find_task(session, task.change["task_id"])
    if found is None:
        raise TaskRefused("done")
    return found


def _about(session: Session, task: Task) -> Subject:
    found = of_review_task(session, task.change["task_id"])
    return found or Subject(frozenset(), frozenset({task.change["person_id"]}))


def held_of(session: Session, found: WaitingTask) -> list[HeldMonth]:
    """Return what is held back of whom a task is about, month by month."""
    return held_months(session, found.person.id, found.campaign.region_code)


def written(months: Sequence[HeldMonth]) -> list[dict[str, Any]]:
    """Return months as a task keeps them: what its maker saw is what is paid."""
    return [asdict(each) for each in months]


def shown_months(task: Task) -> list[HeldMonth]:
    """Return the months that a task keeps."""
    return [
        HeldMonth(**{**each, "benefit": BenefitKind(each["benefit"])})
        for each in task.change["held"]
    ]


def held_back(task: Task) -> list[Difference]:
    """Return what a task shows of each month that it keeps."""
    return [
        Difference(
            f"{BENEFITS[each.benefit]} {month_text(each.month)}",
            _("held back"),
            yuan(each.amount_fen),
        )
        for each in shown_months(task)
    ]


def _would_pay(_session: Session, task: Task) -> list[Difference]:
    total = yuan(sum(each.amount_fen for each in shown_months(task)))
    by = _("this office, with a payment file") if task.change["by_file"] else _("the paying side")
    return [
        *held_back(task),
        Difference(_("Sum of the back pay"), "—", total),
        Difference(_("Paid by"), "—", by),
    ]


def _pay(session: Session, task: Task, doing: Doing) -> None:
    found = task_of(session, task)
    facts = ReviewFacts(session, found.review, found.campaign, doing.on, doing.packs)
    fen = pay_back(
        session,
        found.person.id,
        found.campaign.region_code,
        shown_months(task),
        actor=doing.actor,
        at=doing.at,
    )
    if fen and task.change["by_file"]:
        order_payout(
            session,
            PayoutKind.BENEFIT,
            f"task:{task.reference}",
            fen,
            region_code=found.campaign.region_code,
            person_id=found.person.id,
            actor=doing.actor,
            at=doing.at,
        )
    if fen:
        notify(
            session,
            BENEFIT_PAID_BACK,
            found.person.id,
            region_code=found.campaign.region_code,
            subject=("review_task", found.task.id),
            at=doing.at,
        )
    finish_task(
        session,
        found.task,
        facts,
        result=TaskResult.DONE,
        outcome=task.because,
        actor=doing.actor,
        at=doing.at,
        # Only the last correction of a case gives a receipt.
        secret="",
    )


def _page(task: Task) -> str:
    return url_for("review_tasks.finish", task_id=task.change["task_id"])


BACK_PAY = TwoPersonAction(
    "benefit.back_pay",
    _l("Pay what was withheld of a benefit"),
    Function.REVIEW,
    _would_pay,
    _about,
    _pay,
    {TaskRefused: REFUSALS, BackPayRefused: BACK_PAY_REFUSALS, PayoutRefused: PAYOUTS},
    _page,
    lambda _session, task: sum(each.amount_fen for each in shown_months(task)),
)
