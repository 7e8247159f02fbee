"""Above a sum a third person checks (J10 of internal control): which sum, each region says.

It never takes fewer than two: without a limit, or up to it, a task waits for its second person.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.tables.account import Account
from siweb.registry.tables.person import Person
from siweb.rules.errors import Refusal
from siweb.tasks.tables.amount_limit import AmountLimit
from siweb.tasks.tables.first_check import FirstCheck
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import TwoPersonAction


class LimitRefused(Refusal):
    """When a limit cannot be set: "as_before"."""


@dataclass(frozen=True, slots=True)
class SetLimit:
    """A limit, and who set it."""

    limit: AmountLimit
    maker: str
    checker: str


@dataclass(frozen=True, slots=True)
class ThirdPerson:
    """That a task needs three people: above which sum, and who of them checked it already."""

    above_fen: int
    amount_fen: int
    first_check: FirstCheck | None
    first_checker: str | None

    def is_by(self, account_id: int | None) -> bool:
        """Return whether somebody checked it first, and so is not the third person."""
        return self.first_check is not None and self.first_check.checked_by_account_id == account_id


def limit_of(session: Session, region_code: str | None) -> AmountLimit | None:
    """Return what was set last for a region; what is the whole office's has no limit."""
    if region_code is None:
        return None
    asked = select(AmountLimit).where(AmountLimit.region_code == region_code)
    return session.scalar(asked.order_by(AmountLimit.id.desc()).limit(1))


def limits_in_force(session: Session) -> dict[str, SetLimit]:
    """Return what was set last and by whom, by region."""
    latest = select(func.max(AmountLimit.id)).group_by(AmountLimit.region_code)
    accounts, people = (aliased(Account), aliased(Account)), (aliased(Person), aliased(Person))
    asked = select(AmountLimit, people[0].name, people[1].name).where(AmountLimit.id.in_(latest))
    keys = (AmountLimit.made_by_account_id, AmountLimit.checked_by_account_id)
    for key, account, person in zip(keys, accounts, people, strict=True):
        asked = asked.join(account, account.id == key).join(person, person.id == account.person_id)
    return {limit.region_code: SetLimit(limit, *by) for limit, *by in session.execute(asked)}


def third_person_for(session: Session, task: Task, action: TwoPersonAction) -> ThirdPerson | None:
    """Return that a task needs a third person; None where two are enough."""
    if action.amount is None:
        return None
    row = session.execute(
        select(AmountLimit.above_fen, FirstCheck, Person.name)
        .select_from(AmountLimit)
        .outerjoin(FirstCheck, FirstCheck.task_id == task.id)
        .outerjoin(Account, Account.id == FirstCheck.checked_by_account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(AmountLimit.region_code == task.region_code)
        .order_by(AmountLimit.id.desc())
        .limit(1)
    ).first()
    # A row without a sum took the limit away: limits are only added, and the newest one holds.
    if row is None or row.above_fen is None:
        return None
    amount = action.amount(session, task)
    if amount <= row.above_fen:
        return None
    return ThirdPerson(row.above_fen, amount, row.FirstCheck, row.name)


def set_limit(
    session: Session,
    region_code: str,
    above_fen: int | None,
    basis: str,
    *,
    made_by: int,
    actor: Actor,
    at: datetime,
) -> None:
    """Set above which amount a third person checks in a region; None takes the limit away.

    :raises LimitRefused: "as_before".
    """
    before = limit_of(session, region_code)
    if above_fen == (None if before is None else before.above_fen):
        raise LimitRefused("as_before")
    limit = AmountLimit(
        region_code=region_code,
        above_fen=above_fen,
        basis=basis,
        set_at=at,
        made_by_account_id=made_by,
        checked_by_account_id=actor.account_id,
    )
    session.add(limit)
    session.flush()
    record_activity(
        session,
        "amount_limit.set",
        actor=actor,
        at=at,
        subject=("amount_limit", limit.id),
        facts={"region": region_code, "above_fen": above_fen},
    )
