"""The references of a batch, asked of its new rows together instead of row by row.

On SQLite every insert looks each of its references up. A levy's connection leaves that out and asks
once, before it commits: a person, an employer or the region that is not there refuses the batch.
The references stay declared, and hold for every other connection. On PostgreSQL nothing is left
out.
"""

from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from siweb.collection.levy.batch.sums import written
from siweb.collection.tables.levy_run import LevyKind, LevyRun
from siweb.collection.tables.levy_sum import NOBODY, LevySum
from siweb.db.engine import REFERENCES_LATER
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.registry.tables.region import Region


class ReferenceMissing(RuntimeError):
    """When a batch names a person, an employer or a region that the register does not have."""


def begin_batch(session: Session, run: LevyRun) -> bool:
    """Begin a transaction whose references are asked at its end; False where one is under way."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    # The run is asked first: reading it may begin a transaction.
    if not is_sqlite or run.kind is not LevyKind.REGULAR or session.in_transaction():
        return False
    session.connection(execution_options={REFERENCES_LATER: True})
    return True


def prove_references(
    session: Session,
    run: LevyRun,
    people: tuple[int, int],
    record: Any = ContributionRecord,
    sums: Any = LevySum,
    of_batch: ColumnElement[bool] | None = None,
) -> None:
    """Ask for the references of a batch's records.

    `record` and `sums` have the columns of the tables that the batch was written to, and `of_batch`
    says which records.

    :raises ReferenceMissing: when one is not there; the caller rolls back.
    """
    rows = written(run, people) if of_batch is None else of_batch
    # Each person once: rows lie by person, and most have several.
    billed = select(record.person_id).where(rows).distinct().subquery("billed")
    unknown = ~exists().where(Person.id == billed.c.person_id)
    missing = {
        "person": select(billed.c.person_id).where(unknown).exists(),
        "employer": exists().where(
            sums.levy_run_id == run.id,
            sums.through_person_id.between(*people),
            sums.employer_id != NOBODY,
            ~exists().where(Employer.id == sums.employer_id),
        ),
        "region": ~exists().where(Region.code == run.region_code),
    }
    query = select(*(each.label(name) for name, each in missing.items()))
    found = session.execute(query).mappings().one()
    absent = [name for name, is_missing in found.items() if is_missing]
    if absent:
        raise ReferenceMissing(f"run {run.id}, people {people}: {', '.join(absent)} not there")
