"""What the desk has to look at after filings: hires that fall short, employers nobody knows yet."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.staff.duties import Scope
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow, is_about_row
from siweb.filings.tables.hire_follow_up import HireFollowUp
from siweb.filings.validation.hire_duty import FOLLOWED_UP
from siweb.messages.kinds.registration import EMPLOYER_CONFIRMED
from siweb.messages.notify import notify
from siweb.registry.codes import EmployerStatus
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person

# A clerk works them off one by one and sees the next ones come.
PAGE = 50


class OpenHire(NamedTuple):
    """An accepted hire that falls short, and what was found in it."""

    filing_id: int
    position: int
    person_id: int
    person: str
    employer: str
    opened_at: datetime
    findings: list[dict[str, Any]]


def count_open_hires(_on: date, scope: Scope) -> Select[int]:
    """Return the statement that counts what is open."""
    return select(func.count(HireFollowUp.position)).where(
        HireFollowUp.closed_at.is_(None), scope.has(HireFollowUp.region_code)
    )


def list_open_hires(
    session: Session, *, scope: Scope, page: int = 1
) -> tuple[list[OpenHire], bool]:
    """Return a page of what is open, the oldest first, and whether more follows."""
    rows = session.execute(
        select(
            FilingRow.filing_id,
            FilingRow.position,
            Person.id,
            Person.name,
            Employer.name,
            HireFollowUp.opened_at,
            FilingRow.findings,
        )
        .select_from(HireFollowUp)
        .join(FilingRow, is_about_row(HireFollowUp))
        .join(Filing, Filing.id == FilingRow.filing_id)
        .join(Employer, Employer.id == Filing.employer_id)
        .join(Person, Person.id == FilingRow.person_id)
        .where(HireFollowUp.closed_at.is_(None), scope.has(HireFollowUp.region_code))
        .order_by(HireFollowUp.opened_at, HireFollowUp.filing_id, HireFollowUp.position)
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    ).all()
    followed = {code.value for code in FOLLOWED_UP}
    found = [
        hire._replace(findings=[found for found in hire.findings if found["code"] in followed])
        for hire in (OpenHire(*row) for row in rows[:PAGE])
    ]
    return found, len(rows) > PAGE


def close_hire(
    session: Session, filing_id: int, position: int, *, actor: Actor, at: datetime
) -> bool:
    """Close what was followed up of a row; False when nothing of it is open."""
    # Of two who close it at the same moment one is told that nothing was open.
    closed = session.execute(
        update(HireFollowUp)
        .where(
            HireFollowUp.filing_id == filing_id,
            HireFollowUp.position == position,
            HireFollowUp.closed_at.is_(None),
        )
        .values(closed_at=at, closed_by_account_id=actor.account_id)
    )
    if not closed.rowcount:  # type: ignore[attr-defined]
        return False
    subject = ("filing_row", f"{filing_id}/{position}")
    record_activity(session, "hire.followed_up", actor=actor, at=at, subject=subject)
    return True


def _is_provisional() -> Any:
    return (
        (Employer.status == EmployerStatus.ACTIVE)
        & Employer.review_due_on.is_not(None)
        & Employer.reviewed_on.is_(None)
    )


def count_registrations(_on: date, scope: Scope) -> Select[int]:
    """Return the statement that counts the employers nobody has looked at."""
    return select(func.count(Employer.id)).where(_is_provisional(), scope.has(Employer.region_code))


def list_registrations(session: Session, *, scope: Scope) -> Sequence[Employer]:
    """Return the employers that registered themselves and wait, the most urgent first."""
    waiting = select(Employer).where(_is_provisional(), scope.has(Employer.region_code))
    return session.scalars(waiting.order_by(Employer.review_due_on, Employer.id).limit(PAGE)).all()


def accept_registration(
    session: Session, uscc: str, *, actor: Actor, on: date, at: datetime
) -> bool:
    """Confirm a registration (社会保险法 57: within 15 days); False when none waits."""
    # Of two who accept it PostgreSQL lets the second wait, asks the condition again and finds none.
    employer = session.scalar(
        select(Employer).where(Employer.uscc == uscc, _is_provisional()).with_for_update()
    )
    if employer is None:
        return False
    employer.reviewed_on = on
    session.flush()
    subject = ("employer", employer.id)
    record_activity(session, "employer.accepted", actor=actor, at=at, subject=subject)
    region = employer.region_code
    notify(session, EMPLOYER_CONFIRMED, employer.id, region_code=region, subject=subject, at=at)
    return True
