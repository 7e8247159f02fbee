"""The account that money goes to, and the file for the bank: made by one and checked by another."""

from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.collection.own_accounts.own_account import account_offered
from siweb.collection.payouts.order import Payee, name_payee
from siweb.collection.payouts.refusal import PayoutRefused
from siweb.collection.payouts.release import Order, as_read, release
from siweb.collection.tables.bank_account import BankAccount
from siweb.collection.tables.payout import OF_INSURANCES, Payout, PayoutKind
from siweb.db.among import among
from siweb.db.sealing.columns import unseal_text
from siweb.desk.payments.payouts.labels import KINDS, REFUSALS
from siweb.messages.kinds.bills import EMPLOYER_PAYEE_NAMED, PAYEE_NAMED
from siweb.messages.notify import notify
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction
from siweb.web.language.formats import count, day, yuan

# Lines that its second person reads one by one; of a longer file the sum and the number hold.
_SHOWN = 100


def _payout(session: Session, task: Task) -> Payout:
    return session.get_one(Payout, task.change["payout_id"])


def _about_payout(session: Session, task: Task) -> Subject:
    payout = _payout(session, task)
    return Subject(
        frozenset({payout.region_code}),
        frozenset() if payout.person_id is None else frozenset({payout.person_id}),
        frozenset() if payout.employer_id is None else frozenset({payout.employer_id}),
        insurances=OF_INSURANCES[payout.kind],
    )


def _payee(task: Task) -> Payee:
    account = unseal_text(task.change["account"])
    return Payee(task.change["name"], account, task.change["bank"])


def _would_name(session: Session, task: Task) -> list[Difference]:
    payout, payee = _payout(session, task), _payee(task)
    now = Payee(payout.payee_name, payout.payee_account, payout.payee_bank)
    # Once it is done the payout has the new account itself: what it had before is told no more.
    before = now if task.closed_at is None else Payee("—", "—", "—")
    lines = [
        Difference(str(KINDS[payout.kind]), "—", yuan(payout.amount_fen)),
        Difference(_("Name of the account’s holder"), before.name, payee.name),
        Difference(_("Account number"), before.account, payee.account),
        Difference(_("Number of the bank"), before.bank, payee.bank),
    ]
    own = account_offered(session, payout) if task.closed_at is None else None
    if own is not None and own.number != payee.account:
        # Perhaps changed since the first one looked: the second one must not miss it.
        lines.append(Difference(_("The payee entered another account"), "—", own.number))
    return lines


def _name(session: Session, task: Task, doing: Doing) -> None:
    payout, payee = _payout(session, task), _payee(task)
    name_payee(session, payout, payee, actor=doing.actor, at=doing.at)
    about: dict[str, Any] = {
        "region_code": payout.region_code,
        "subject": ("payout", payout.reference),
    }
    if payout.employer_id is not None:
        notify(session, EMPLOYER_PAYEE_NAMED, payout.employer_id, **about, at=doing.at)
    elif payout.person_id is not None and payout.kind is not PayoutKind.HEIRS:
        notify(session, PAYEE_NAMED, payout.person_id, **about, at=doing.at)


def _page_of_payout(task: Task) -> str:
    return url_for("payout_desk.show_payout", reference=task.change["reference"])


def _about_file(session: Session, task: Task) -> Subject:
    """Return a file's region and whose money it pays: nobody releases their own."""
    references = [str(each[0]) for each in task.change["shown"]]
    asked = select(Payout.person_id, Payout.employer_id, Payout.kind)
    rows = session.execute(asked.where(among(Payout.reference, references))).all()
    return Subject(
        frozenset({str(task.region_code)}),
        frozenset(row[0] for row in rows if row[0] is not None),
        frozenset(row[1] for row in rows if row[1] is not None),
        insurances=frozenset().union(*(OF_INSURANCES[row.kind] for row in rows)),
    )


def _would_release(session: Session, task: Task) -> list[Difference]:
    shown = as_read(task.change["shown"])
    account = session.get_one(BankAccount, task.change["account_id"])
    lines = [
        Difference(_("Account of the office"), "—", f"{account.number} · {account.bank}"),
        Difference(_("Day on which the bank pays"), "—", day(_order(task).execution_on)),
        Difference(_("Number of payments"), "—", count(len(shown))),
        Difference(_("Sum of all payments"), "—", yuan(_sum(task))),
    ]
    lines += [
        Difference(f"{number}. {name}", "—", f"{account_number} · {yuan(fen)}")
        for number, (_reference, name, account_number, _bank, fen) in enumerate(shown[:_SHOWN], 1)
    ]
    return lines


def _sum(task: Task) -> int:
    return sum(int(each[4]) for each in task.change["shown"])


def _order(task: Task) -> Order:
    # Tasks from before agencies ran single insurances name no kinds: they meant all of them.
    kinds = map(PayoutKind, task.change.get("kinds", PayoutKind))
    on = date.fromisoformat(task.change["on"])
    return Order(task.change["account_id"], on, tuple(kinds))


def _release(session: Session, task: Task, doing: Doing) -> None:
    release(
        session,
        str(task.region_code),
        _order(task),
        as_read(task.change["shown"]),
        made_by=task.made_by_account_id,
        actor=doing.actor,
        at=doing.at,
    )


PAYEE = TwoPersonAction(
    "payout.payee",
    _l("Name the account that money goes to"),
    Function.FINANCE,
    _would_name,
    _about_payout,
    _name,
    {PayoutRefused: REFUSALS},
    _page_of_payout,
    lambda session, task: _payout(session, task).amount_fen,
)
RELEASE = TwoPersonAction(
    "payout.release",
    _l("Release a payment file"),
    Function.FINANCE,
    _would_release,
    _about_file,
    _release,
    {PayoutRefused: REFUSALS},
    amount=lambda _session, task: _sum(task),
)
