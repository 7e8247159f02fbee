"""Find corrections that were made: one by its reference, those of a case or a person."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from siweb.auth.staff.duties import Scope
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.levy_run import LevyRun
from siweb.collection.tables.record_correction import IdentityCorrection, RecordCorrection
from siweb.db.reference_code import normalise
from siweb.registry.person_keys import is_of
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias
from siweb.registry.tables.region import Region
from siweb.tasks.tables.task import Task

PAGE = 20


class FoundCorrection(NamedTuple):
    """A correction and the task by which two people decided it."""

    correction: RecordCorrection
    task: Task


def find_correction(session: Session, reference: str, person_id: int) -> FoundCorrection | None:
    """Return a person's own correction by its reference, else None."""
    row = session.execute(
        _found().where(
            Task.reference == normalise(reference), is_of(RecordCorrection.person_id, person_id)
        )
    ).first()
    return None if row is None else FoundCorrection(*row)


def corrections_of(session: Session, person_id: int) -> list[FoundCorrection]:
    """Return what was corrected of a person's record, the newest first."""
    rows = session.execute(
        _found()
        .where(is_of(RecordCorrection.person_id, person_id))
        .order_by(RecordCorrection.task_id.desc())
    )
    return [FoundCorrection(*row) for row in rows]


class FoundIdentity(NamedTuple):
    """A correction of who somebody is, and the task by which two people decided it."""

    correction: IdentityCorrection
    task: Task


def identities_of(
    session: Session, person_id: int, reference: str | None = None
) -> list[FoundIdentity]:
    """Return what was corrected of who a person is, the newest first, or one by its reference."""
    asked = (
        select(IdentityCorrection, Task)
        .join(Task, Task.id == IdentityCorrection.task_id)
        .where(is_of(IdentityCorrection.person_id, person_id))
        .order_by(IdentityCorrection.task_id.desc())
    )
    if reference is not None:
        asked = asked.where(Task.reference == normalise(reference))
    return [FoundIdentity(*row) for row in session.execute(asked)]


class FoundJoining(NamedTuple):
    """A registration that was joined, and the task by which two people decided it."""

    alias: PersonAlias
    task: Task


def joinings_of(
    session: Session, person_id: int, reference: str | None = None
) -> list[FoundJoining]:
    """Return which registrations were joined to a person's, the newest first, or one of them."""
    asked = (
        select(PersonAlias, Task)
        .join(Task, Task.id == PersonAlias.task_id)
        .where(is_of(PersonAlias.person_id, person_id))
        .order_by(PersonAlias.task_id.desc())
    )
    if reference is not None:
        asked = asked.where(Task.reference == normalise(reference))
    return [FoundJoining(*row) for row in session.execute(asked)]


class BillOfCorrection(NamedTuple):
    """A bill by which one person's record was set right: who pays it, and whose record it is."""

    bill: Bill
    region: Region
    corrected: Person
    employer: str | None
    payer: str | None


def bills_of_corrections(
    session: Session, scope: Scope, *, page: int = 1
) -> tuple[list[BillOfCorrection], bool]:
    """Return a page of the bills and credits of single records, the newest first; and if more.

    The levy's own list leaves them out: a month has a few runs, and as many corrections as people.
    """
    payer = aliased(Person)
    rows = session.execute(
        select(Bill, Region, Person, Employer.name, payer.name)
        .join(LevyRun, LevyRun.id == Bill.levy_run_id)
        .join(Region, Region.code == Bill.region_code)
        .join(Person, Person.id == LevyRun.person_id)
        .outerjoin(Employer, Employer.id == Bill.employer_id)
        .outerjoin(payer, payer.id == Bill.person_id)
        .where(scope.has(Bill.region_code), Bill.issued_at.is_not(None))
        .order_by(LevyRun.id.desc(), Bill.id)
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    )
    found = [BillOfCorrection(*row) for row in rows]
    return found[:PAGE], len(found) > PAGE


def references_of(session: Session, objections: Iterable[int]) -> dict[int | None, str]:
    """Return the references of what was corrected since objections were upheld, by objection."""
    asked = list(objections)
    if not asked:
        return {}
    rows = session.execute(
        select(RecordCorrection.objection_id, Task.reference)
        .join(Task, Task.id == RecordCorrection.task_id)
        .where(RecordCorrection.objection_id.in_(asked))
    )
    return {row.objection_id: row.reference for row in rows}


def _found() -> Select[RecordCorrection, Task]:
    return select(RecordCorrection, Task).join(Task, Task.id == RecordCorrection.task_id)
