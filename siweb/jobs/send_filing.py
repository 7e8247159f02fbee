"""The job that applies a long filing: in one transaction, or in portions of its own each."""

from sqlalchemy.orm import Session

from siweb import clock
from siweb.audit.actor import Actor, Channel
from siweb.clock import office_day
from siweb.db.claim import ClaimedElsewhere
from siweb.db.statistics import collect_after, collect_before
from siweb.filings.confirmation.confirm import Confirmed, confirm_filing
from siweb.filings.confirmation.portions import (
    apply_halves,
    apply_portions,
    begin_applying,
    finish_applying,
    goes_in_halves,
    goes_in_portions,
    split_off_portions,
)
from siweb.filings.drafts.import_sheet import codes_of
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow
from siweb.jobs.context import JobContext, JobLost
from siweb.jobs.in_portions import work_through
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
    with context.sessions() as session:
        filing = session.get_one(Filing, int(asked["filing_id"]))
        # What the rows are joined to: a planner that knows nothing of it compares every pair.
        good = codes_of(filing).get("good", 0)
        session.commit()
        in_portions = goes_in_portions(session, filing, good)
        context.report("applying" if in_portions else "sending", 0, good)
        if collect_before(session, good, *_JOINED):
            session.commit()
        send = _send_in_portions if in_portions else _send_at_once
        confirmed = send(context, session, filing, actor, good)
        written = (*_JOINED, DeclaredBase, EnrolmentClaim)
        collect_after(session, confirmed.applied, *written, committed=True)
        session.commit()


def _send_at_once(
    context: JobContext, session: Session, filing: Filing, actor: Actor, _good: int
) -> Confirmed:
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
    return confirmed


def _send_in_portions(
    context: JobContext, session: Session, filing: Filing, actor: Actor, good: int
) -> Confirmed:
    """Apply portion by portion, and let others write in between.

    :raises JobLost: when another process went on with it.
    """
    packs, at = packs_in_force(session), clock.now()
    is_here = begin_applying(session, filing, actor=actor, at=at)
    session.commit()
    if not is_here:
        return Confirmed(0, 0, is_first=False)
    assert filing.confirmed_at is not None
    # As of the day on which it was sent: a hire is not late because a machine stood still.
    on = office_day(filing.confirmed_at)
    try:
        apply = apply_halves if goes_in_halves(session, good) else apply_portions
        portions = apply(session, filing, packs=packs, on=on, at=at)
        work_through(context, session, portions, "applying", good)
        # All good rows are in, and the page says so, while the others move to their draft.
        left = split_off_portions(session, filing, actor=actor, at=clock.now())
        work_through(context, session, (good for _moved in left), "applying", good)
        confirmed = finish_applying(
            session,
            filing,
            packs=packs,
            actor=actor,
            on=on,
            at=clock.now(),
            secret=context.secret,
        )
    except ClaimedElsewhere as claimed:
        raise JobLost(context.job.reference) from claimed
    session.commit()
    return confirmed
