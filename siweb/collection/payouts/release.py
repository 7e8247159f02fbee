"""Put open payouts into a file for the bank: by two people, each payout in one file at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.clock import office_day
from siweb.collection.payouts.refusal import PayoutRefused
from siweb.collection.tables.bank_account import BankAccount
from siweb.collection.tables.payout import (
    LineState,
    PaymentFile,
    PaymentFileLine,
    Payout,
    PayoutKind,
    PayoutState,
)
from siweb.db.claim import claim
from siweb.db.reference_code import new_reference
from siweb.db.sealing.columns import is_given, seal_text, unseal_text
from siweb.registry.tables.office import THE_OFFICE, Office

MOST = 5_000
"""Transactions of a file: more go into the next."""


@dataclass(frozen=True, slots=True)
class Order:
    """From which account of the office a file pays, on which day, and which kinds of payouts."""

    account_id: int
    execution_on: date
    kinds: tuple[PayoutKind, ...] = tuple(PayoutKind)


def payable(
    session: Session, region_code: str, kinds: Iterable[PayoutKind] = PayoutKind
) -> list[Payout]:
    """Return what a file of a region would pay of some kinds, the oldest first."""
    query = select(Payout).where(
        Payout.region_code == region_code,
        Payout.state == PayoutState.OPEN,
        is_given(Payout.payee_account),
        Payout.kind.in_(sorted(kinds)),
    )
    return list(session.scalars(query.order_by(Payout.id).limit(MOST)))


Shown = tuple[str, str, str, str, int]
"""What its two people see of a payout: reference, name, account, bank and amount."""


def as_shown(payouts: Sequence[Payout]) -> list[Shown]:
    """Return what of payouts its two people see: the file has the same or is refused."""
    return [
        (each.reference, each.payee_name, each.payee_account, each.payee_bank, each.amount_fen)
        for each in payouts
    ]


def as_kept(shown: Iterable[Shown]) -> list[list[str | int]]:
    """Return what is shown as a task keeps it: a task is no place for accounts in the clear."""
    return [[*of[:2], seal_text(of[2]), *of[3:]] for of in shown]


def as_read(kept: Iterable[Sequence[str | int]]) -> list[Shown]:
    """Return what a task kept of `as_shown`."""
    return [
        (str(of[0]), str(of[1]), unseal_text(str(of[2])), str(of[3]), int(of[4])) for of in kept
    ]


def release(
    session: Session,
    region_code: str,
    order: Order,
    shown: Sequence[Shown],
    *,
    made_by: int,
    actor: Actor,
    at: datetime,
) -> PaymentFile:
    """Write the file of what was shown; the caller commits.

    :raises PayoutRefused: "nothing_to_pay", "payouts_differ", "no_account", "day_past".
    """
    payouts = payable(session, region_code, order.kinds)
    if not payouts:
        raise PayoutRefused("nothing_to_pay")
    if as_shown(payouts) != list(shown):
        raise PayoutRefused("payouts_differ")
    account = session.get(BankAccount, order.account_id)
    if account is None or account.region_code not in {None, region_code}:
        raise PayoutRefused("no_account")
    if order.execution_on < office_day(at):
        raise PayoutRefused("day_past")
    assert actor.account_id is not None
    office = session.get(Office, THE_OFFICE)
    file = PaymentFile(
        reference=new_reference(),
        region_code=region_code,
        debtor_name=office.name_zh if office else account.bank,
        debtor_account=account.number,
        debtor_bank=account.bank,
        execution_on=order.execution_on,
        transactions=len(payouts),
        total_fen=sum(each.amount_fen for each in payouts),
        # The file has whole seconds: read back, it must be made alike.
        made_at=at.replace(microsecond=0),
        made_by_account_id=made_by,
        released_by_account_id=actor.account_id,
    )
    session.add(file)
    session.flush()
    for number, payout in enumerate(payouts, 1):
        _add(session, file, number, payout)
    session.flush()
    _note(session, file, actor, at)
    return file


def _note(session: Session, file: PaymentFile, actor: Actor, at: datetime) -> None:
    facts = {
        "made_by": file.made_by_account_id,
        "transactions": file.transactions,
        "total_fen": file.total_fen,
        "region_code": file.region_code,
    }
    record_activity(
        session,
        "payment_file.released",
        actor=actor,
        at=at,
        subject=("payment_file", file.id),
        facts=facts,
    )


def _add(session: Session, file: PaymentFile, number: int, payout: Payout) -> None:
    """Claim a payout for a file: of two files at the same moment one has it."""
    place = update(Payout).where(Payout.id == payout.id, Payout.state == PayoutState.OPEN)
    claim(session, place.values(state=PayoutState.SENT), otherwise=PayoutRefused("payouts_differ"))
    session.refresh(payout)
    # Each try has a name of its own: a late answer to the first is not taken for the second's.
    before = session.scalar(select(func.count()).where(PaymentFileLine.payout_id == payout.id))
    session.add(
        PaymentFileLine(
            payment_file_id=file.id,
            number=number,
            payout_id=payout.id,
            end_to_end=f"{payout.reference}-{(before or 0) + 1}",
            payee_name=payout.payee_name,
            payee_account=payout.payee_account,
            payee_bank=payout.payee_bank,
            amount_fen=payout.amount_fen,
            state=LineState.SENT,
        )
    )
