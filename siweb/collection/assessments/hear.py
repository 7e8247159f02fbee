"""Hear the employer: what it says about a proposal, or that it has nothing to say."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.collection.assessments.refusal import AssessmentRefused
from siweb.collection.tables.assessment import Assessment, AssessmentState
from siweb.messages.kinds.assessments import ASSESSMENT_PROPOSED, HEARING_ENDING
from siweb.messages.notify import subject_of
from siweb.messages.reminders import remind_of
from siweb.messages.served import is_served


def may_be_heard(assessment: Assessment, on: date) -> bool:
    """Return whether the employer may answer on a day: once, before its last day is over."""
    return (
        assessment.state is AssessmentState.PROPOSED
        and assessment.heard_at is None
        and assessment.hearing_until is not None
        and on <= assessment.hearing_until
    )


def hear(
    session: Session,
    assessment: Assessment,
    statement: str,
    *,
    actor: Actor,
    on: date,
    at: datetime,
) -> None:
    """Keep what the employer says; with it the hearing is over, and it is not changed any more.

    :raises AssessmentRefused: "not_heard_now" when it was heard before or the last day is over.
    """
    # Else an answer sent twice, or one beside the decision, would replace what was decided upon.
    session.refresh(assessment, with_for_update=True)
    if not may_be_heard(assessment, on):
        raise AssessmentRefused("not_heard_now")
    assessment.employer_statement = statement
    assessment.heard_at = at
    assessment.heard_by_account_id = actor.account_id
    session.flush()
    record_activity(
        session,
        "assessment.heard",
        actor=actor,
        at=at,
        subject=("assessment", assessment.id),
        facts={"reference": assessment.reference, "has_words": bool(statement)},
    )


def remind_of_hearings(session: Session, *, on: date, at: datetime) -> int:
    """Remind employers who said nothing yet; return how many. The caller commits.

    The days run from service, so that what is not served has no last day yet.
    """
    what = select(
        Assessment.region_code.label("region"),
        subject_of("assessment", Assessment.reference).label("subject"),
        Assessment.employer_id.label("reader"),
        Assessment.hearing_until.label("last_day"),
        Assessment.proposed_at.label("known_at"),
    ).where(
        Assessment.state == AssessmentState.PROPOSED,
        Assessment.heard_at.is_(None),
        is_proposal_served(on),
    )
    return remind_of(session, HEARING_ENDING, what, on=on, at=at)


def is_proposal_served(on: date) -> ColumnElement[bool]:
    """Return the condition that the proposal of each assessment is served by a day."""
    subject = subject_of("assessment", Assessment.reference)
    return is_served(ASSESSMENT_PROPOSED, Assessment.region_code, subject, on)
