"""Bank statements: an account, an import, and its taking back are checked by another person."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.collection.statements.bank_accounts import AccountRefused, add_account
from siweb.collection.statements.labels import REFUSALS, bank_name
from siweb.collection.statements.open_statement import confirm_difference
from siweb.collection.statements.upload import request_import
from siweb.collection.statements.withdraw import WithdrawalRefused, withdraw_statement
from siweb.collection.tables.bank_statement import BankStatement
from siweb.collection.tables.payment import Payment
from siweb.db.claim import ClaimedElsewhere
from siweb.registry.tables.region import Region
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction
from siweb.web.language.formats import count
from siweb.web.language.labels import region_name


def statement_subject(statement_id: int) -> str:
    """Return what tasks about a statement are about."""
    return f"bank_statement:{statement_id}"


def _statement(session: Session, task: Task) -> BankStatement:
    return session.get_one(BankStatement, task.change["statement_id"])


def _about(session: Session, task: Task) -> Subject:
    return Subject(frozenset({_statement(session, task).region_code}))


def _would_import(session: Session, task: Task) -> list[Difference]:
    """Return what the file is, and what it states of itself against its entries."""
    statement = _statement(session, task)
    lines = [Difference(_("Bank statement"), "—", _named(statement))]
    if statement.account:
        lines.append(Difference(_("Account of the office"), "—", statement.account))
    return lines


def _import(session: Session, task: Task, doing: Doing) -> None:
    """Let the import begin.

    :raises WithdrawalRefused: "withdrawn", or "confirmed" by somebody else meanwhile.
    """
    statement = _statement(session, task)
    if statement.withdrawn_at is not None:
        raise WithdrawalRefused("withdrawn")
    if task.change["confirms"]:
        try:
            confirm_difference(session, statement, task.because, actor=doing.actor, at=doing.at)
        except ClaimedElsewhere as claimed:
            raise WithdrawalRefused("confirmed") from claimed
    request_import(session, statement, actor=doing.actor, at=doing.at)


def _about_account(_session: Session, task: Task) -> Subject:
    region = task.change["region_code"]
    return Subject(frozenset() if region is None else frozenset({region}))


def _would_register(session: Session, task: Task) -> list[Difference]:
    given, region = task.change, task.change["region_code"]
    where = (
        _("every region of the office")
        if region is None
        else region_name(session.get_one(Region, region))
    )
    return [
        Difference(_("Number of the account"), "—", given["number"]),
        Difference(_("Bank"), "—", given["bank"]),
        Difference(_("Whose money comes there"), "—", where),
    ]


def _register(session: Session, task: Task, doing: Doing) -> None:
    given = task.change
    add_account(
        session,
        given["number"],
        given["bank"],
        region_code=given["region_code"],
        actor=doing.actor,
        at=doing.at,
    )


def _accounts(_task: Task) -> str:
    return url_for("statement_desk.show_accounts")


def _named(statement: BankStatement) -> str:
    return f"{bank_name(statement.bank)} · {statement.file_name}"


def _would_withdraw(session: Session, task: Task) -> list[Difference]:
    statement = _statement(session, task)
    lines = [Difference(_named(statement), _("imported"), _("taken back"))]
    if task.closed_at is None:
        asked = select(func.count(Payment.id)).where(Payment.statement_id == statement.id)
        number = int(session.scalar(asked) or 0)
        reversed_ = ngettext(
            "%(count)s is reversed", "%(count)s are reversed", number, count=count(number)
        )
        lines.append(Difference(_("Payments of it"), count(number), reversed_))
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


IMPORT = TwoPersonAction(
    "statement.import",
    _l("Import a bank statement"),
    Function.FINANCE,
    _would_import,
    _about,
    _import,
    {WithdrawalRefused: REFUSALS},
    _page,
)
ACCOUNT = TwoPersonAction(
    "bank_account.add",
    _l("Register an account of the office"),
    Function.FINANCE,
    _would_register,
    _about_account,
    _register,
    {AccountRefused: REFUSALS},
    _accounts,
)
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
