"""Months paid that were not due: after a death, in a suspension, of a benefit that was withdrawn.

What comes back is a difference below zero in the paying side's list (经办条例 46).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    or_,
    select,
    union,
)
from sqlalchemy.orm import Session

from siweb.auth.staff.duties import Scope
from siweb.db.arithmetic import whole
from siweb.db.types import month_from
from siweb.ledgers.benefits.withdrawn import is_withdrawn
from siweb.ledgers.tables.benefit_entry import BenefitEntry, BenefitEntryKind
from siweb.registry.tables.benefit import (
    OF_INSURANCES,
    Benefit,
    BenefitKind,
    BenefitState,
    BenefitWithdrawal,
)
from siweb.registry.tables.person import Person

PAGE = 25
COUNTED = "overpaid"
"""What is counted, by its name in the question: whoever lists it there names its columns."""


@dataclass(frozen=True, slots=True)
class Overpaid:
    """What somebody was paid of a benefit without being due, with its first and last month."""

    person_id: int
    name: str
    benefit: BenefitKind
    died_on: date | None
    first_month: str
    last_month: str
    months: int
    amount_fen: int


def month_of_death() -> ColumnElement[str]:
    """Return the month in which a person died, in SQL: the last one that is due."""
    return month_from(cast(Person.died_on, String()))


def overpaid(session: Session, scope: Scope, *, page: int = 1) -> tuple[list[Overpaid], bool]:
    """Return a page of what was paid without being due, the largest sums first."""
    rows = session.execute(_overpaid(scope).limit(PAGE + 1).offset((page - 1) * PAGE)).all()
    found = [Overpaid(*row) for row in rows]
    return found[:PAGE], len(found) > PAGE


def count_overpaid(_on: date, scope: Scope) -> Select[int]:
    """Return the question for how many people were paid too much, to be asked with others."""
    return select(func.count()).select_from(_overpaid(scope).order_by(None).subquery(COUNTED))


def _overpaid(scope: Scope) -> Select[Any]:
    by_month = _months(scope).subquery("of_month")
    fen = whole(func.sum(by_month.c.fen))
    keys = (by_month.c.person_id, Person.name, by_month.c.benefit, Person.died_on)
    return (
        select(
            *keys,
            func.min(by_month.c.month),
            func.max(by_month.c.month),
            func.count(),
            fen.label("fen"),
        )
        .join(Person, Person.id == by_month.c.person_id)
        .group_by(*keys)
        # By person too, so that pages hold where sums are alike.
        .order_by(fen.desc(), by_month.c.person_id)
    )


def _months(scope: Scope) -> Any:
    """Return each month that was paid without being due, less what was taken back of it."""
    # Of a month that is not due for two reasons both say the same: it counts once.
    return union(_after_the_end(scope), _withdrawn(scope))


def _after_the_end(scope: Scope) -> Select[Any]:
    entry = BenefitEntry
    return _paid(
        scope,
        # A death ends a benefit: those that run need no look.
        Benefit.state.in_((BenefitState.SUSPENDED, BenefitState.TERMINATED)),
        or_(
            and_(Person.died_on.is_not(None), entry.month > month_of_death()),
            and_(
                Benefit.state == BenefitState.SUSPENDED,
                entry.month >= Benefit.suspended_from_month,
            ),
        ),
    )


def _withdrawn(scope: Scope) -> Select[*tuple[Any, ...]]:
    # The few that were withdrawn are found first: nobody else's months are read.
    few = select(BenefitWithdrawal.benefit_id).where(BenefitWithdrawal.stopped_on.is_not(None))
    return _paid(
        scope,
        Benefit.id.in_(few),
        exists().where(is_withdrawn()).correlate(Benefit, BenefitEntry),
    )


def _paid(scope: Scope, *which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    entry = BenefitEntry
    # Back pay that was decided and not paid can still be stopped: it counts from its day.
    paid = entry.paid_on.is_not(None)
    fen = func.sum(case((paid, entry.amount_fen), else_=0))
    keys = (entry.person_id, entry.benefit, entry.month)
    about = ((Benefit.kind == kind, of) for kind, of in OF_INSURANCES.items())
    return (
        select(*keys, fen.label("fen"))
        .join(Person, Person.id == entry.person_id)
        .join(Benefit, and_(Benefit.person_id == entry.person_id, Benefit.kind == entry.benefit))
        .where(
            scope.has(Benefit.region_code, *about),
            entry.kind != BenefitEntryKind.HELD,
            *which,
        )
        .group_by(*keys)
        .having(fen > 0)
    )
