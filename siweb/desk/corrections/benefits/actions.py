"""A benefit that was not due, one that begins again, a sign of life that was another's: by two."""

from dataclasses import replace

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.desk.corrections.benefits.labels import REFUSALS, SIGN_REFUSALS
from siweb.desk.subjects import of_person
from siweb.documents.secret import document_secret
from siweb.ledgers.benefits.labels import BENEFITS, STATES
from siweb.pensions.withdrawal.withdraw import (
    WithdrawalRefused,
    begin_again,
    require_withdrawable,
    require_withdrawn,
    withdraw,
)
from siweb.registry.tables.benefit import OF_INSURANCES, PAYING, Benefit, LifeSign
from siweb.reviews.labels import life_sign_source
from siweb.reviews.tasks.life_sign import SignRefused, require_sign, take_back_life_sign
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction
from siweb.web.language.formats import day, month, yuan


def benefit_subject(benefit_id: int) -> str:
    """Return what tasks about a benefit are about."""
    return f"benefit:{benefit_id}"


def _page(task: Task) -> str:
    return url_for("benefit_correction_desk.show_forms", person_id=task.change["person_id"])


def _benefit(session: Session, task: Task) -> Benefit:
    return session.get_one(Benefit, task.change["benefit_id"])


def _about(session: Session, task: Task) -> Subject:
    benefit = _benefit(session, task)
    region, persons = frozenset({benefit.region_code}), frozenset({benefit.person_id})
    return Subject(region, persons, insurances=OF_INSURANCES[benefit.kind])


def _about_sign(session: Session, task: Task) -> Subject:
    person_id = int(task.change["person_id"])
    found = of_person(session, person_id) or Subject(frozenset(), frozenset({person_id}))
    return replace(found, insurances=PAYING)


def _would_withdraw(session: Session, task: Task) -> list[Difference]:
    benefit, given = _benefit(session, task), task.change
    return [
        Difference(
            BENEFITS[benefit.kind],
            f"{STATES[benefit.state]} · {yuan(benefit.monthly_fen)}",
            _("ends once it was served"),
        ),
        Difference(
            _("Due"),
            _("from %(month)s on", month=month(benefit.from_month)),
            _("not from %(month)s on", month=month(given["from_month"])),
        ),
        Difference(_("Paid for months that were not due"), "—", yuan(given["paid_fen"])),
    ]


def _withdraw(session: Session, task: Task, doing: Doing) -> None:
    benefit, from_month = _benefit(session, task), task.change["from_month"]
    if task.id is None:
        # Only tried: the row names its task, which is kept after this.
        require_withdrawable(session, benefit, from_month, doing.on)
        return
    withdraw(
        session,
        benefit,
        from_month,
        task_id=task.id,
        on=doing.on,
        actor=doing.actor,
        at=doing.at,
    )


def _would_begin(session: Session, task: Task) -> list[Difference]:
    benefit, given = _benefit(session, task), task.change
    lines = [
        Difference(
            BENEFITS[benefit.kind],
            _("not from %(month)s on", month=month(given["withdrawn_from"])),
            _("due from %(month)s on", month=month(given["from_month"])),
        )
    ]
    if given["monthly_fen"] is not None:
        before = yuan(benefit.monthly_fen)
        lines.append(Difference(_("A month"), before, yuan(given["monthly_fen"])))
    return lines


def _begin(session: Session, task: Task, doing: Doing) -> None:
    benefit, from_month = _benefit(session, task), task.change["from_month"]
    if task.id is None:
        require_withdrawn(session, benefit, from_month, doing.on)
        return
    begin_again(
        session,
        benefit,
        from_month,
        task.change["monthly_fen"],
        task_id=task.id,
        on=doing.on,
        actor=doing.actor,
        at=doing.at,
        secret=document_secret(),
    )


def _would_take_back(session: Session, task: Task) -> list[Difference]:
    sign = session.get_one(LifeSign, task.change["sign_id"])
    stated = f"{day(sign.seen_on)} · {life_sign_source(sign.source)}"
    return [Difference(_("Sign of life"), stated, _("does not count"))]


def _take_back(session: Session, task: Task, doing: Doing) -> None:
    if task.id is None:
        require_sign(session, task.change["sign_id"])
        return
    take_back_life_sign(
        session,
        task.change["sign_id"],
        task_id=task.id,
        words=task.because,
        on=doing.on,
        actor=doing.actor,
        at=doing.at,
    )


WITHDRAW_BENEFIT = TwoPersonAction(
    "benefit.withdraw",
    _l("Withdraw a benefit that was not due"),
    Function.REVIEW,
    _would_withdraw,
    _about,
    _withdraw,
    {WithdrawalRefused: REFUSALS},
    _page,
    lambda _session, task: int(task.change["paid_fen"]),
)
BEGIN_AGAIN = TwoPersonAction(
    "benefit.begin_again",
    _l("Let a withdrawn benefit begin again"),
    Function.REVIEW,
    _would_begin,
    _about,
    _begin,
    {WithdrawalRefused: REFUSALS},
    _page,
)
TAKE_SIGN_BACK = TwoPersonAction(
    "life_sign.take_back",
    _l("Take a sign of life back"),
    Function.REVIEW,
    _would_take_back,
    _about_sign,
    _take_back,
    {SignRefused: SIGN_REFUSALS},
    _page,
)
