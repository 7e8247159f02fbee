"""The job that imports a bank statement, a piece at a time."""

from sqlalchemy.orm import Session

from siweb import clock
from siweb.audit.actor import Actor, Channel
from siweb.collection.statements.import_entries import Imported, import_piece, pieces
from siweb.collection.statements.open_statement import (
    StatementFile,
    file_of,
    finish_statement,
    identified,
    needs_confirmation,
    refuse_statement,
    survey,
)
from siweb.collection.statements.reading.entry import StatementRefused
from siweb.collection.tables.bank_statement import BankStatement
from siweb.db.claim import ClaimedElsewhere, let_others_write
from siweb.db.statistics import collect_after
from siweb.files.kept_file import FileKind
from siweb.jobs.context import JobContext, JobLost
from siweb.registry.packs.in_force import packs_in_force


def import_statement(context: JobContext) -> None:
    """Import the file of a statement; an import that was killed goes on where it was.

    A file that is refused, or contradicts itself, is kept with what is wrong: its page shows it.

    :raises JobLost: when another process imports the statement.
    """
    statement_id = int(context.job.arguments["statement_id"])
    with context.sessions() as session:
        statement = session.get_one(BankStatement, statement_id)
        # Withdrawn while the job waited: none of it is to count.
        if statement.withdrawn_at is not None:
            return
        try:
            with context.files.opened(session, FileKind.STATEMENT, statement.content_hash) as path:
                file = file_of(session, statement, path, today=clock.today())
                survey(session, statement, file)
                session.commit()
                if not needs_confirmation(statement):
                    _import(context, session, statement, file)
        except StatementRefused as refused:
            session.rollback()
            # Read anew: what the survey had noted was taken back with its transaction.
            refuse_statement(session, session.get_one(BankStatement, statement_id), refused)
            session.commit()
        except ClaimedElsewhere as lost:
            # Whoever takes the job up again goes on where the other came to.
            raise JobLost(context.job.reference) from lost


def _import(
    context: JobContext, session: Session, statement: BankStatement, file: StatementFile
) -> None:
    actor = Actor(context.job.owner_account_id, None, Channel.JOB)
    done, total = statement.done_entries, Imported()
    entries, packs = identified(statement, file), packs_in_force(session)
    # Only read so far: each piece is a transaction of its own, and holds nobody up longer.
    session.rollback()
    for piece in pieces(entries, done):
        counts = import_piece(
            session,
            statement.id,
            piece,
            order=context.order,
            actor=actor,
            at=clock.now(),
            packs=packs,
        )
        session.commit()
        # On SQLite whoever waits to write would else find the next piece begun each time.
        let_others_write(session)
        total.add(counts)
        context.report("imported", done + total.read, statement.entries, **total.as_counts())
    finish_statement(session, session.get_one(BankStatement, statement.id), at=clock.now())
    collect_after(session, total.read)
    session.commit()
