"""The job that applies a long filing: all of it in one transaction, or nothing."""

from siweb import clock
from siweb.audit.actor import Actor, Channel
from siweb.db.statistics import collect_after, collect_before
from siweb.filings.confirmation.confirm import confirm_filing
from siweb.filings.drafts.import_sheet import codes_of
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow
from siweb.jobs.context import JobContext
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.enrolment_claim import EnrolmentClaim
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_identity import PersonIdentity

_JOINED = (FilingRow, Person, PersonIdentity, Employment, Enrolment)


def send_filing(context: JobContext) -> None:
    """Confirm a filing for whoever asked; one that was confirmed before stays as it is."""
    asked = context.job.arguments
    actor = Actor(context.job.owner_account_id, int(asked["person_id"]), Channel.JOB)
    context.report("sending")
    with context.sessions() as session:
        filing = session.get_one(Filing, int(asked["filing_id"]))
        # What the rows are joined to: a planner that knows nothing of it compares every pair.
        good = codes_of(filing).get("good", 0)
        if collect_before(session, good, *_JOINED):
            session.commit()
        confirmed = confirm_filing(
            session,
            filing,
            packs=packs_in_force(session),
            actor=actor,
            on=clock.today(),
            at=clock.now(),
            secret=context.secret,
        )
        session.commit()
        written = (*_JOINED, DeclaredBase, EnrolmentClaim)
        collect_after(session, confirmed.applied, *written, committed=True)
        session.commit()
