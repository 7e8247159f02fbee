"""Accept a bank statement from a page: keep its file, and ask the worker to import it."""

from dataclasses import dataclass
from datetime import datetime
from typing import IO

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.auth.staff.duties import Scope
from siweb.collection.payments.tax_collection import TAX_OFFICE
from siweb.collection.statements.hold import waiting_entries
from siweb.collection.statements.import_entries import Imported
from siweb.collection.statements.mapping import mapping_of
from siweb.collection.statements.open_statement import (
    BEGINNING,
    Content,
    needs_confirmation,
    open_statement,
    refuse_file,
)
from siweb.collection.statements.reading.control import Control
from siweb.collection.statements.withdraw import used_money
from siweb.collection.tables.bank_statement import BankMapping, BankStatement, StatementFormat
from siweb.collection.tables.payment import Payment
from siweb.files.kept_file import FileKind
from siweb.files.store import FileStore
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
    held: int
    mapping: BankMapping | None
    is_used: bool

    @property
    def needs_mapping(self) -> bool:
        """Return whether nobody has named the columns of this bank's table yet."""
        is_banks_table = (
            self.statement.format is not StatementFormat.CAMT_053
            and self.statement.bank != TAX_OFFICE
        )
        return is_banks_table and self.mapping is None

    @property
    def needs_confirmation(self) -> bool:
        """Return whether it contradicts itself, and nobody has answered for it."""
        return needs_confirmation(self.statement)

    @property
    def control(self) -> Control | None:
        """Return what it states of itself against its entries, once it was read."""
        kept = self.statement.control
        return None if kept is None else Control.from_json(kept)

    @property
    def is_reopened(self) -> bool:
        """Return whether another statement left entries to it, which its file brings again."""
        statement = self.statement
        is_open = statement.withdrawn_at is None and statement.finished_at is None
        return is_open and bool(statement.counts) and statement.done_entries == 0

    @property
    def counts(self) -> Imported:
        """Return what became of its entries so far."""
        return Imported(**self.statement.counts)

    @property
    def may_be_withdrawn(self) -> bool:
        """Return whether the whole import can be taken back."""
        is_there = self.statement.withdrawn_at is None and bool(self.statement.counts)
        return is_there and not self.is_used and not self.is_under_way

    @property
    def is_under_way(self) -> bool:
        """Return whether a worker has it or will have it."""
        return self.job is not None and self.job.state in {JobState.QUEUED, JobState.RUNNING}


def upload_statement(
    session: Session,
    region_code: str,
    bank: str,
    source: IO[bytes],
    files: FileStore,
    *,
    file_name: str,
    account: str = "",
    actor: Actor,
    at: datetime,
) -> BankStatement:
    """Return the statement of a file that was handed in; the same content again is the same one.

    The caller commits what is kept and the statement at once.

    :raises StatementRefused: as `refuse_file` does; then nothing is kept.
    """
    beginning = source.read(BEGINNING)
    refuse_file(beginning, file_name)
    source.seek(0)
    digest = files.keep(session, FileKind.STATEMENT, source, at=at)
    return open_statement(
        session,
        region_code,
        bank,
        Content(digest, beginning),
        file_name=file_name,
        actor=actor,
        at=at,
        account=account,
    )


def request_import(
    session: Session, statement: BankStatement, *, actor: Actor, at: datetime
) -> Job:
    """Request the import of a statement; while it is under way, it is requested already."""
    job = job_for(session, ("bank_statement", statement.id), JOB)
    if job is not None and job.state in {JobState.QUEUED, JobState.RUNNING}:
        return job
    return enqueue(
        session,
        JOB,
        {"statement_id": statement.id},
        actor=actor,
        at=at,
        subject=("bank_statement", statement.id),
        # After each job another key: an import may be asked for again, and two clicks ask for one.
        request_key=f"bank_statement/{statement.id}/{0 if job is None else job.id}",
    )


def latest_statements(
    session: Session, *, scope: Scope, page: int = 1
) -> tuple[list[BankStatement], bool]:
    """Return a page of the statements, the newest first, and whether more follow."""
    found = list(
        session.scalars(
            select(BankStatement)
            .where(scope.has(BankStatement.region_code))
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
    payments, waiting, held, used = session.execute(
        select(
            func.count(),
            func.count().filter(Payment.unallocated_fen > 0),
            waiting_entries(statement_id),
            used_money(statement_id),
        ).where(Payment.statement_id == statement_id)
    ).one()
    return StatementShown(
        statement=statement,
        job=job_for(session, ("bank_statement", statement_id), JOB),
        payments=int(payments),
        waiting=int(waiting),
        held=int(held),
        mapping=mapping_of(session, statement.region_code, statement.bank),
        is_used=bool(used),
    )
