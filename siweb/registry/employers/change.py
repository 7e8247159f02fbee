"""Register, change and cancel employers; every change stays readable with who made it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.registry.codes import EmployerStatus
from siweb.registry.search.follow import follow_employer
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.employer_change import EmployerChange
from siweb.rules.errors import Refusal

CHANGEABLE = (
    "name",
    "address",
    "business_address",
    "phone",
    "email",
    "legal_representative",
    "handler_name",
    "handler_phone",
    "bank_name",
    "bank_account",
)


class AlreadyRegistered(Refusal):
    """When there is an employer with this social credit code."""


def register_employer(
    session: Session, values: Mapping[str, Any], *, actor: Actor, at: datetime
) -> Employer:
    """Return a new employer; it may file at once, the agency looks at it afterwards.

    :raises AlreadyRegistered: when the social credit code is taken.
    """
    employer = Employer(**values, status=EmployerStatus.ACTIVE, registered_at=at)
    try:
        # The unique key decides, not a look before: two forms of one employer may come at once.
        with session.begin_nested():
            session.add(employer)
    except IntegrityError:
        if is_registered(session, values["uscc"]):
            raise AlreadyRegistered("registered") from None
        raise
    follow_employer(session, employer)
    record_activity(
        session, "employer.registered", actor=actor, at=at, subject=("employer", employer.id)
    )
    return employer


def is_registered(session: Session, uscc: str) -> bool:
    """Return whether there is an employer with this social credit code."""
    return session.scalar(select(Employer.id).where(Employer.uscc == uscc)) is not None


def change_employer(
    session: Session,
    employer: Employer,
    values: Mapping[str, str | None],
    *,
    happened_on: date,
    actor: Actor,
    at: datetime,
) -> list[EmployerChange]:
    """Change the registration and keep what it was; return one row for each field that differs."""
    changes = []
    for field in CHANGEABLE:
        if field not in values:
            continue
        # An emptied field of a form is no value, as in a row that never had one.
        old, new = getattr(employer, field), values[field] or None
        if old != new:
            changes.append(_keep(session, employer, field, old, new, happened_on, actor, at))
            setattr(employer, field, new)
    session.flush()
    if any(change.field == "name" for change in changes):
        follow_employer(session, employer)
    if changes:
        record_activity(
            session,
            "employer.changed",
            actor=actor,
            at=at,
            subject=("employer", employer.id),
            facts={"fields": [change.field for change in changes]},
        )
    return changes


def cancel_registration(
    session: Session, employer: Employer, *, happened_on: date, actor: Actor, at: datetime
) -> None:
    """Mark an employer as cancelled; whether it may be is decided above, by what it owes."""
    old = employer.status.value
    employer.status = EmployerStatus.CANCELLED
    employer.cancelled_on = happened_on
    _keep(session, employer, "status", old, employer.status.value, happened_on, actor, at)
    session.flush()
    record_activity(
        session, "employer.cancelled", actor=actor, at=at, subject=("employer", employer.id)
    )


def changes_of(session: Session, employer_id: int, limit: int = 50) -> list[EmployerChange]:
    """Return the newest changes; one statement."""
    return list(
        session.scalars(
            select(EmployerChange)
            .where(EmployerChange.employer_id == employer_id)
            .order_by(EmployerChange.changed_at.desc(), EmployerChange.id.desc())
            .limit(limit)
        )
    )


def _keep(
    session: Session,
    employer: Employer,
    field: str,
    old: str | None,
    new: str | None,
    happened_on: date,
    actor: Actor,
    at: datetime,
) -> EmployerChange:
    change = EmployerChange(
        employer_id=employer.id,
        field=field,
        old_value=old,
        new_value=new,
        happened_on=happened_on,
        changed_at=at,
        changed_by_account_id=actor.account_id,
    )
    session.add(change)
    return change
