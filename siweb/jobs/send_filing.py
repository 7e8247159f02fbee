"""The job that applies a long filing: all of it in one transaction, or nothing."""

from siweb import clock
from siweb.audit.actor import Actor, Channel
from siweb.db.statistics import collect_after
from siweb.filings.confirmation.confirm import confirm_filing
from siweb.filings.tables.filing import Filing
from siweb.jobs.context import JobContext
from siweb.registry.packs.in_force import packs_in_force


def send_filing(context: JobContext) -> None:
    """Confirm a filing for whoever asked; one that was confirmed before stays as it is."""
    asked = context.job.arguments
    actor = Actor(context.job.owner_account_id, int(asked["person_id"]), Channel.JOB)
    context.report("sending")
    with context.sessions() as session:
        confirmed = confirm_filing(
            session,
            session.get_one(Filing, int(asked["filing_id"])),
            packs=packs_in_force(session),
            actor=actor,
            on=clock.today(),
            at=clock.now(),
            secret=context.secret,
        )
        session.commit()
        collect_after(session, confirmed.applied)
        session.commit()
