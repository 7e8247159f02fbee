"""Take in a bank statement from a page: keep its file, and ask the worker to import it."""

import hashlib
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.collection.payments.tax_collection import TAX_OFFICE
from siweb.collection.statements.import_entries import open_statement
from siweb.collection.tables.bank_statement import BankMapping, BankStatement, StatementFormat
from siweb.collection.tables.payment import Payment
from siweb.db.reference_code import new_reference
from siweb.queue.enqueue import enqueue, job_for
from siweb.queue.job import Job, JobState

JOB = "collection.import_statement"
PAGE = 20


@dataclass(frozen=True, slots=True)
class StatementShown:
    """A statement, its job if a page handed it in, and what came of it so far."""

    statement: BankStatement
    job: Job | None
    payments: int
    waiting: int
    mapping: BankMapping | None

    @property
    def needs_mapping(self) -> bool:
        """Return whether nobody has named the columns of this bank's CSV yet."""
        is_banks_csv = (
            self.statement.format is StatementFormat.CSV and self.statement.bank != TAX_OFFICE
        )
        return is_banks_csv and self.mapping is None

    @property
    def is_under_way(self) -> bool:
        """Return whether a worker has it or will take it."""
        return self.job is not None and self.job.state in {JobState.QUEUED, JobState.RUNNING}


def upload_statement(
    session: Session,
    region_code: str,
    bank: str,
    source: IO[bytes],
    folder: Path,
    *,
    file_name: str,
    actor: Actor,
    at: datetime,
) -> BankStatement:
    """Return the statement of a file that was handed in; the same content again is the same one.

    The file is kept in `folder` under the hash of what it says, readable by its owner only.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    arriving = folder / new_reference()
    with arriving.open("wb") as target:
        shutil.copyfileobj(source, target)
    with arriving.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    arriving.chmod(0o600)
    kept = arriving.replace(folder / digest)
    return open_statement(session, region_code, bank, kept, file_name=file_name, actor=actor, at=at)


def wish_import(
    session: Session, statement: BankStatement, folder: Path, *, actor: Actor, at: datetime
) -> Job:
    """Ask for a statement to be imported; while it is under way, asking again is the same wish."""
    job = job_for(session, ("bank_statement", statement.id), JOB)
    if job is not None and job.state in {JobState.QUEUED, JobState.RUNNING}:
        return job
    return enqueue(
        session,
        JOB,
        {"statement_id": statement.id, "file": str(folder / statement.content_hash)},
        actor=actor,
        at=at,
        subject=("bank_statement", statement.id),
        request_key=f"bank_statement/{statement.id}/{0 if job is None else job.id}",
    )


def latest_statements(session: Session, *, page: int = 1) -> tuple[list[BankStatement], bool]:
    """Return a page of the statements, the newest first, and whether more follow."""
    found = list(
        session.scalars(
            select(BankStatement)
            .order_by(BankStatement.id.desc())
            .limit(PAGE + 1)
            .offset((page - 1) * PAGE)
        )
    )
    return found[:PAGE], len(found) > PAGE


def find_statement(session: Session, statement_id: int) -> StatementShown | None:
    """Return a statement with what came of it; four statements."""
    statement = session.get(BankStatement, statement_id)
    if statement is None:
        return None
    payments, waiting = session.execute(
        select(
            func.count(),
            func.count().filter(Payment.unallocated_fen > 0),
        ).where(Payment.statement_id == statement_id)
    ).one()
    job = job_for(session, ("bank_statement", statement_id), JOB)
    mapping = mapping_of(session, statement.region_code, statement.bank)
    return StatementShown(statement, job, int(payments), int(waiting), mapping)


def mapping_of(session: Session, region_code: str, bank: str) -> BankMapping | None:
    """Return how a bank's CSV is read, if somebody named its columns."""
    return session.scalar(
        select(BankMapping).where(BankMapping.region_code == region_code, BankMapping.bank == bank)
    )
