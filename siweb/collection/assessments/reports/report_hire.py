"""Take in that somebody works for an employer without being registered there."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import SYSTEM, Actor
from siweb.audit.record import record_activity
from siweb.collection.assessments.refusal import AssessmentRefused
from siweb.collection.tables.assessment import Assessment
from siweb.collection.tables.hire_report import HireReport, ReportOrigin, ReportState
from siweb.db.claim import add_or_find
from siweb.db.reference_code import new_reference
from siweb.messages.kinds.assessments import REPORT_DROPPED
from siweb.messages.notify import notify
from siweb.registry.person_keys import is_of
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person

# Nobody has twenty employers; more is somebody who buries the agency in reports.
MOST_OPEN = 20
"""So many reports of one person wait at most."""


@dataclass(frozen=True, slots=True)
class HireClaim:
    """What a person says about the own work."""

    employer: str
    hired_on: date
    ended_on: date | None = None
    wage_fen: int | None = None
    words: str = ""


def source_key(*facts: object) -> str:
    """Return the key of what was said, so that it is one report however often it comes."""
    # Joined by a character that nobody types, so that no two facts run into each other.
    return hashlib.sha256("\x1f".join(map(str, facts)).encode()).hexdigest()


def report_own_hire(
    session: Session, person_id: int, claim: HireClaim, *, actor: Actor, at: datetime
) -> HireReport:
    """Return the report of a person about the own work; saying the same twice is one report.

    The employer is found by its social credit code or its exact name; if it is not, the desk
    looks for it.

    :raises AssessmentRefused: "too_many" while the agency has many of this person's to look at.
    """
    key = source_key(ReportOrigin.COMPLAINT, person_id, claim.employer, claim.hired_on)
    existing = _reported(session, key)
    if existing is not None:
        return existing
    if _open_reports(session, person_id) >= MOST_OPEN:
        raise AssessmentRefused("too_many")
    person = session.get_one(Person, person_id)
    employer = find_employer(session, claim.employer)
    report = HireReport(
        reference=new_reference(),
        origin=ReportOrigin.COMPLAINT,
        source_key=key,
        # While nobody knows the employer, the person's own office looks for it.
        region_code=employer.region_code if employer else person.region_code,
        employer_id=employer.id if employer else None,
        employer_named=claim.employer,
        person_id=person_id,
        person_name=person.name,
        hired_on=claim.hired_on,
        ended_on=claim.ended_on,
        wage_fen=claim.wage_fen,
        words=claim.words,
        reported_by_person_id=person_id,
        reported_at=at,
        state=ReportState.OPEN,
    )
    # Sent twice at once, neither finds the other above.
    meanwhile = add_or_find(session, report, lambda: _reported(session, key))
    if meanwhile is not None:
        return meanwhile
    record_activity(
        session,
        "hire.reported",
        actor=actor,
        at=at,
        subject=("hire_report", report.id),
        person_id=person_id,
        facts={"reference": report.reference},
    )
    return report


def _reported(session: Session, key: str) -> HireReport | None:
    return session.scalar(select(HireReport).where(HireReport.source_key == key))


def _open_reports(session: Session, person_id: int) -> int:
    found = session.scalar(
        select(func.count()).where(
            is_of(HireReport.reported_by_person_id, person_id), HireReport.state == ReportState.OPEN
        )
    )
    return int(found or 0)


def find_employer(session: Session, named: str) -> Employer | None:
    """Return the employer of a social credit code or of an exact name that only one has."""
    found = session.scalars(
        # A second one is enough to know that the name is not one employer's.
        select(Employer).where((Employer.uscc == named.upper()) | (Employer.name == named)).limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def name_employer(session: Session, report: HireReport, named: str) -> bool:
    """Say which employer a report means; return whether there is one.

    :raises AssessmentRefused: "taken_up" when it was handled before.
    """
    employer = find_employer(session, named)
    if employer is None:
        return False
    # What became a case meanwhile means the employer that the case is about.
    session.refresh(report, with_for_update=True)
    if report.state is not ReportState.OPEN:
        raise AssessmentRefused("taken_up")
    report.employer_id, report.region_code = employer.id, employer.region_code
    session.flush()
    return True


def drop_report(
    session: Session, report: HireReport, answer: str, *, actor: Actor, at: datetime
) -> None:
    """End a report without a case, with the answer that its sender reads (SIL 82).

    :raises AssessmentRefused: "taken_up" when it was handled before, "no_reasons".
    """
    # Locked as where a case is opened: a report is one case or one answer, never both.
    session.refresh(report, with_for_update=True)
    if report.state is not ReportState.OPEN:
        raise AssessmentRefused("taken_up")
    if not answer:
        raise AssessmentRefused("no_reasons")
    report.state = ReportState.DROPPED
    report.answer, report.answered_at = answer, at
    report.answered_by_account_id = actor.account_id
    session.flush()
    record_activity(
        session,
        "hire_report.dropped",
        actor=actor,
        at=at,
        subject=("hire_report", report.id),
        person_id=report.reported_by_person_id,
        facts={"reference": report.reference},
    )
    if report.reported_by_person_id is not None:
        notify(
            session,
            REPORT_DROPPED,
            report.reported_by_person_id,
            region_code=report.region_code,
            subject=("hire_report", report.reference),
            at=at,
        )


def withdraw_review_report(session: Session, review_id: int, *, at: datetime) -> bool:
    """End the report that was made of a review whose questions were taken back, if it is open.

    Return whether there was one.
    """
    report = session.scalar(
        select(HireReport)
        .where(
            HireReport.source_key == source_key(ReportOrigin.REVIEW, review_id),
            HireReport.state == ReportState.OPEN,
        )
        # A desk may be opening a case on it: whoever waits here finds it open no more.
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if report is None:
        return False
    record_activity(
        session,
        "hire_report.withdrawn",
        actor=SYSTEM,
        at=at,
        subject=("hire_report", report.id),
        person_id=report.reported_by_person_id,
        facts={"reference": report.reference},
    )
    report.state = ReportState.DROPPED
    report.answer, report.answered_at = _("You took your questions back."), at
    # The review's own key is free again: questions that are sent once more are taken in anew.
    report.source_key = source_key(ReportOrigin.REVIEW, review_id, report.id)
    session.flush()
    return True


def reports_of(session: Session, person_id: int) -> list[tuple[HireReport, Assessment | None]]:
    """Return what a person reported with the case that came of it, the newest first."""
    rows = session.execute(
        select(HireReport, Assessment)
        .outerjoin(Assessment, Assessment.report_id == HireReport.id)
        .where(is_of(HireReport.reported_by_person_id, person_id))
        .order_by(HireReport.reported_at.desc(), HireReport.id.desc())
        .limit(50)
    )
    return [(report, assessment) for report, assessment in rows]
