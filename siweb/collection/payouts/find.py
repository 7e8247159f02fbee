"""Find payouts and files of the bank, for the desk."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from siweb.auth.staff.duties import Scope
from siweb.collection.tables.payout import (
    OF_INSURANCES,
    PaymentFile,
    PaymentFileLine,
    Payout,
    PayoutState,
)
from siweb.db.reference_code import normalise
from siweb.registry.codes import Insurance
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person

PAGE = 25


@dataclass(frozen=True, slots=True)
class ShownPayout:
    """A payout, and whose money it is."""

    payout: Payout
    person: str | None
    employer: str | None


def list_payouts(
    session: Session, *, scope: Scope, page: int = 1
) -> tuple[list[ShownPayout], bool]:
    """Return a page of what is not paid yet: rejected ones first, then the oldest."""
    query = (
        _shown()
        .where(lies_in(scope), Payout.state != PayoutState.PAID)
        .order_by(Payout.state != PayoutState.REJECTED, Payout.id)
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    )
    rows = [ShownPayout(*row) for row in session.execute(query)]
    return rows[:PAGE], len(rows) > PAGE


def find_payout(session: Session, reference: str) -> ShownPayout | None:
    """Return a payout by its reference."""
    row = session.execute(_shown().where(Payout.reference == normalise(reference))).first()
    return None if row is None else ShownPayout(*row)


def latest_files(session: Session, *, scope: Scope) -> list[PaymentFile]:
    """Return the last files for the bank."""
    query = select(PaymentFile).where(file_lies_in(scope))
    return list(session.scalars(query.order_by(PaymentFile.id.desc()).limit(PAGE)))


def find_file(session: Session, reference: str) -> PaymentFile | None:
    """Return a file by its reference."""
    query = select(PaymentFile).where(PaymentFile.reference == normalise(reference))
    return session.scalars(query).first()


def lines_of(session: Session, file_id: int) -> list[PaymentFileLine]:
    """Return the transactions of a file in their order."""
    query = select(PaymentFileLine).where(PaymentFileLine.payment_file_id == file_id)
    return list(session.scalars(query.order_by(PaymentFileLine.number)))


def people_of_file(session: Session, file_id: int) -> list[int | None]:
    """Return whose money a file pays."""
    query = (
        select(Payout.person_id)
        .join(PaymentFileLine, PaymentFileLine.payout_id == Payout.id)
        .where(PaymentFileLine.payment_file_id == file_id)
    )
    return list(session.scalars(query))


def count_waiting_payouts(_on: date, scope: Scope) -> Select[int]:
    """Return the question how many payouts wait for somebody: open ones and rejected ones."""
    waits = or_(Payout.state == PayoutState.OPEN, Payout.state == PayoutState.REJECTED)
    return select(func.count(Payout.id)).where(waits, lies_in(scope))


def lies_in(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that a payout is one of the agencies of a scope."""
    about = ((Payout.kind == kind, of) for kind, of in OF_INSURANCES.items())
    return scope.has(Payout.region_code, *about)


def file_lies_in(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that what a file pays is of the agencies of a scope."""
    pays = (Payout.id == PaymentFileLine.payout_id, PaymentFileLine.payment_file_id)
    about = (
        (exists().where(pays[0], pays[1] == PaymentFile.id, Payout.kind == kind), of)
        for kind, of in OF_INSURANCES.items()
    )
    return scope.has(PaymentFile.region_code, *about)


def insurances_of_file(session: Session, file_id: int) -> frozenset[Insurance]:
    """Return which insurances pay by a file."""
    query = (
        select(Payout.kind)
        .join(PaymentFileLine, PaymentFileLine.payout_id == Payout.id)
        .where(PaymentFileLine.payment_file_id == file_id)
        .distinct()
    )
    return frozenset().union(*(OF_INSURANCES[kind] for kind in session.scalars(query)))


def _shown() -> Select[Payout, str | None, str | None]:
    return (
        select(Payout, Person.name, Employer.name)
        .outerjoin(Person, Person.id == Payout.person_id)
        .outerjoin(Employer, Employer.id == Payout.employer_id)
    )
