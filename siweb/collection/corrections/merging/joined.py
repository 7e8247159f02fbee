"""What two registrations have, which of it is there twice, and why they are not joined."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.collection.tables.bill import Bill
from siweb.db.among import among
from siweb.db.arithmetic import whole
from siweb.ledgers.account.close import account_balance
from siweb.ledgers.posting.issued import is_issued
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.codes import Insurance
from siweb.registry.person_keys import all_keys
from siweb.registry.tables.benefit import Benefit, BenefitState
from siweb.registry.tables.enrolment import Enrolment
from siweb.rules.errors import Refusal
from siweb.rules.insurances import insurance_order

_RECORD = ContributionRecord


class JoiningRefused(Refusal):
    """When two registrations cannot be joined so; `code` says why."""


class Twice(NamedTuple):
    """A month of an insurance that two payers paid, or one under two numbers: what each is."""

    month: str
    insurance: str
    # Of each: payer (None is the person), the employer's and the own share, in fen.
    payments: tuple[tuple[int | None, int, int], ...]


@dataclass(frozen=True, slots=True)
class Holding:
    """What one registration brings along."""

    balance_fen: int
    months: int
    open_insurances: tuple[str, ...]
    bills: int


def holding_of(session: Session, person_id: int) -> Holding:
    """Return what is recorded of a person, under all of their keys so far."""
    keys = all_keys(session, person_id)
    months = select(func.count(_RECORD.contribution_month.distinct())).where(
        among(_RECORD.person_id, keys), is_issued()
    )
    bills = select(func.count(Bill.id)).where(
        among(Bill.person_id, keys), Bill.issued_at.is_not(None)
    )
    return Holding(
        account_balance(session, person_id),
        session.scalar(months) or 0,
        tuple(sorted({str(row.insurance) for row in _open(session, keys)}, key=insurance_order)),
        session.scalar(bills) or 0,
    )


def months_twice(session: Session, *people: int) -> list[Twice]:
    """Return the months that are recorded twice for one person, or for two who may be one.

    Work injury is each employer's own (Order 13 Art. 9): it is twice only at the same one.
    """
    keys = [key for person_id in people for key in all_keys(session, person_id)]
    record = _RECORD
    own, employers = whole(func.sum(record.employee_fen)), whole(func.sum(record.employer_fen))
    rows = session.execute(
        select(
            record.contribution_month,
            record.insurance,
            record.person_id,
            record.employer_id,
            employers,
            own,
        )
        .where(among(record.person_id, keys), is_issued())
        .group_by(record.contribution_month, record.insurance, record.person_id, record.employer_id)
        # Billed and taken back again comes to nothing: that month stands there once.
        .having(own + employers > 0)
        .order_by(record.contribution_month, record.insurance, record.person_id)
    )
    found: dict[tuple[Any, ...], list[tuple[int | None, int, int]]] = defaultdict(list)
    for month, insurance, _key, payer, employer_fen, own_fen in rows:
        at = payer if insurance is Insurance.WORK_INJURY else None
        found[month, insurance.value, at].append((payer, int(employer_fen), int(own_fen)))
    return [
        Twice(month, insurance, tuple(payments))
        for (month, insurance, _at), payments in sorted(found.items(), key=_place)
        if len(payments) > 1
    ]


def refuse_open_twice(session: Session, former_id: int, person_id: int) -> None:
    """Refuse what both take part in now, or draw now: one of the two is settled first.

    :raises JoiningRefused: "open_twice" with the insurances; "drawn_twice".
    """
    mine, theirs = (
        {
            (row.insurance, row.insuring_employer_id)
            for row in _open(session, all_keys(session, person))
        }
        for person in (former_id, person_id)
    )
    if both := mine & theirs:
        insurances = sorted({insurance.value for insurance, _at in both}, key=insurance_order)
        raise JoiningRefused("open_twice", insurances=insurances)
    drawn = [
        set(
            session.scalars(
                select(Benefit.kind).where(
                    among(Benefit.person_id, all_keys(session, key)),
                    Benefit.state != BenefitState.TERMINATED,
                )
            )
        )
        for key in (former_id, person_id)
    ]
    if drawn[0] & drawn[1]:
        raise JoiningRefused("drawn_twice")


def _open(session: Session, keys: Collection[int]) -> Any:
    return session.execute(
        select(Enrolment.insurance, Enrolment.insuring_employer_id).where(
            among(Enrolment.person_id, keys), Enrolment.to_month.is_(None)
        )
    ).all()


def _place(found: tuple[tuple[Any, ...], Any]) -> tuple[str, int]:
    (month, insurance, _at), _payments = found
    return month, insurance_order(insurance)
