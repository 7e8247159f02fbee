"""The job that withdraws what is left of a long filing, a portion at a time."""

from datetime import datetime

from siweb import clock
from siweb.audit.actor import Actor, Channel
from siweb.db.claim import ClaimedElsewhere
from siweb.db.statistics import collect_after
from siweb.filings.drafts.import_sheet import codes_of
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow
from siweb.filings.withdrawal.portions import (
    finish_withdrawing,
    replace_portions,
    withdraw_portions,
)
from siweb.jobs.context import JobContext, JobLost
from siweb.jobs.in_portions import work_through
from siweb.registry.packs.in_force import packs_in_force

_DONE = "withdrawn"


def withdraw_filing(context: JobContext) -> None:
    """Withdraw for whoever asked; one that was killed goes on with the rows that are left.

    :raises JobLost: when another process went on with it.
    """
    asked = context.job.arguments
    # Killed between its last commit and the job's end: the log and the employer were told.
    if context.job.progress.get("stage") == _DONE:
        return
    actor = Actor(context.job.owner_account_id, asked["person_id"], Channel.JOB)
    at, on = datetime.fromisoformat(asked["at"]), clock.today()
    with context.sessions() as session:
        filing = session.get_one(Filing, int(asked["filing_id"]))
        rows, packs = codes_of(filing).get("applied", 0), packs_in_force(session)
        session.commit()
        context.report("withdrawing", 0, rows)
        portions = withdraw_portions(session, filing, actor=actor, at=at)
        work_through(context, session, portions, "withdrawing", rows)
        try:
            if asked["is_replaced"]:
                again = codes_of(filing).get("withdrawn", 0)
                copies = replace_portions(session, filing, packs=packs, on=on, actor=actor, at=at)
                work_through(context, session, copies, "replacing", again)
        except ClaimedElsewhere as claimed:
            raise JobLost(context.job.reference) from claimed
        finish_withdrawing(session, filing, packs=packs, on=on, actor=actor, at=at)
        # With what it did, so that it is told once, by whichever worker ends it.
        context.note(session, _DONE)
        session.commit()
        collect_after(session, rows, FilingRow, committed=True)
