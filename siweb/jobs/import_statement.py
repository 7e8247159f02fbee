"""The job that imports a bank statement, a piece at a time."""

from pathlib import Path

from siweb import clock
from siweb.audit.actor import Actor, Channel
from siweb.collection.statements.import_entries import (
    Imported,
    import_piece,
    pieces,
    read_statement,
)
from siweb.collection.tables.bank_statement import BankStatement
from siweb.db.claim import ClaimedElsewhere
from siweb.db.statistics import collect_after
from siweb.jobs.context import JobContext, JobLost


def import_statement(context: JobContext) -> None:
    """Import the file of a statement; an import that was killed goes on where it was.

    :raises StatementRefused: when the file cannot be read any further.
    :raises JobLost: when another process imports the statement.
    """
    statement_id = int(context.job.arguments["statement_id"])
    file = Path(context.job.arguments["file"])
    actor = Actor(context.job.owner_account_id, None, Channel.JOB)
    total = Imported()
    with context.sessions() as session, file.open("rb") as source:
        statement = session.get_one(BankStatement, statement_id)
        done = statement.done_entries
        entries = read_statement(session, statement, source)
        session.rollback()
        for piece in pieces(entries, done):
            try:
                counts = import_piece(session, statement_id, piece, actor=actor, at=clock.now())
            except ClaimedElsewhere as claimed:
                # Whoever takes the job up again goes on where the other came to.
                raise JobLost(context.job.reference) from claimed
            session.commit()
            total.add(counts)
            context.report(
                "imported",
                done + total.read,
                new=total.new,
                matched=total.matched,
                known=total.known,
                differing=total.differing,
            )
        collect_after(session, total.read)
        session.commit()
