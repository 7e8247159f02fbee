"""A whole import of a bank statement is taken back: made by one and checked by another."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.collection.statements.labels import REFUSALS, bank_name
from siweb.collection.statements.withdraw import WithdrawalRefused, withdraw_statement
from siweb.collection.tables.bank_statement import BankStatement
from siweb.collection.tables.payment import Payment
from siweb.db.claim import ClaimedElsewhere
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction


def _statement(session: Session, task: Task) -> BankStatement:
    return session.get_one(BankStatement, task.change["statement_id"])


def _about(session: Session, task: Task) -> Subject:
    return Subject(frozenset({_statement(session, task).region_code}))


def _would_withdraw(session: Session, task: Task) -> list[Difference]:
    statement = _statement(session, task)
    named = f"{bank_name(statement.bank)} · {statement.file_name}"
    lines = [Difference(named, _("imported"), _("taken back"))]
    if task.closed_at is None:
        asked = select(func.count(Payment.id)).where(Payment.statement_id == statement.id)
        count = int(session.scalar(asked) or 0)
        reversed_ = ngettext("%(num)s is reversed", "%(num)s are reversed", count)
        lines.append(Difference(_("Payments of it"), str(count), reversed_))
    return lines


def _withdraw(session: Session, task: Task, doing: Doing) -> None:
    statement = _statement(session, task)
    try:
        withdraw_statement(
            session,
            statement,
            task.because,
            on=doing.on,
            actor=doing.actor,
            at=doing.at,
            packs=doing.packs,
        )
    except ClaimedElsewhere as claimed:
        raise WithdrawalRefused("under_way") from claimed


def _page(task: Task) -> str:
    return url_for("statement_desk.show_statement", statement_id=task.change["statement_id"])


WITHDRAW = TwoPersonAction(
    "statement.withdraw",
    _l("Take an import back"),
    Function.FINANCE,
    _would_withdraw,
    _about,
    _withdraw,
    {WithdrawalRefused: REFUSALS},
    _page,
)
