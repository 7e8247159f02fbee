"""Read the register of what was destroyed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from siweb.auth.tables.account import Account
from siweb.keeping.tables.destruction import Destruction, DestructionLine
from siweb.keeping.tables.keeping_term import KeepingTerm
from siweb.registry.tables.person import Person
from siweb.tasks.tables.task import Task

PAGE = 25


@dataclass(frozen=True, slots=True)
class Destroyed:
    """A line of the register: what was destroyed, by which term, and by whom."""

    row: Destruction
    term: KeepingTerm
    task_reference: str
    because: str
    maker: str
    checker: str

    @property
    def at(self) -> datetime:
        """Return when it was destroyed."""
        return self.row.destroyed_at


def destroyed_in(
    session: Session, regions: Iterable[str], *, page: int = 1, number: str | None = None
) -> tuple[list[Destroyed], bool]:
    """Return a page of what was destroyed in some regions, the latest first; one statement."""
    made, checked = aliased(Account), aliased(Account)
    maker, checker = aliased(Person), aliased(Person)
    asked = (
        select(Destruction, KeepingTerm, Task.reference, Task.because, maker.name, checker.name)
        .join(KeepingTerm, KeepingTerm.id == Destruction.keeping_term_id)
        .join(Task, Task.id == Destruction.task_id)
        .join(made, made.id == Task.made_by_account_id)
        .join(maker, maker.id == made.person_id)
        .join(checked, checked.id == Task.checked_by_account_id)
        .join(checker, checker.id == checked.person_id)
        .where(Destruction.region_code.in_(sorted(regions)))
        .order_by(Destruction.id.desc())
    )
    if number is not None:
        asked = asked.where(Task.reference == number)
    rows = session.execute(asked.limit(PAGE + 1).offset((page - 1) * PAGE)).all()
    return [Destroyed(*row) for row in rows[:PAGE]], len(rows) > PAGE


def lines_destroyed(session: Session, row: Destruction) -> list[DestructionLine]:
    """Return what one list named."""
    asked = select(DestructionLine).where(DestructionLine.destruction_id == row.id)
    return list(
        session.scalars(asked.order_by(DestructionLine.closed_on, DestructionLine.scan_number))
    )
