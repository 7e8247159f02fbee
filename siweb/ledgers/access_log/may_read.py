"""Who may read of a person now: helpers, and the people and programs of their employers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select, union
from sqlalchemy.orm import Session

from siweb.auth.helping.find import Helper, helpers_of
from siweb.auth.tables.api_token import ApiToken
from siweb.auth.tables.mandate import Mandate, MandateKind
from siweb.registry.person_keys import is_of
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.enrolment import Enrolment
from siweb.rules.calendar.months import month_of

# Share codes stand in a room above this one, which leaves here how those that open are found.
OPEN_CODES = "siweb_open_share_codes"


class Mandated(NamedTuple):
    """How many people act for an employer, by what they may do; their names are its own affair."""

    employer_id: int
    employer_name: str
    kind: MandateKind
    people: int


class Program(NamedTuple):
    """A program that reads for an employer, as the employer called it."""

    employer_id: int
    employer_name: str
    name: str
    expires_on: date
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class MayRead:
    """Whoever helps the person, and people and programs of the person's employers."""

    helpers: Sequence[Helper]
    people: Sequence[Mandated]
    programs: Sequence[Program]


def may_read(session: Session, person_id: int, *, on: date) -> MayRead:
    """Return who may read of a person, for them or for an employer; three statements.

    A helper of any kind is named: also a review shows its helper what it asks about.
    An employer reads of its staff for the time with it (Order 14): where somebody works or is
    insured now. What an old system brought in may have the insurance without the employment.
    """
    works = select(Employment.employer_id).where(
        is_of(Employment.person_id, person_id),
        or_(Employment.ended_on.is_(None), Employment.ended_on >= on),
    )
    insured = select(Enrolment.employer_id).where(
        is_of(Enrolment.person_id, person_id),
        Enrolment.employer_id.is_not(None),
        or_(Enrolment.to_month.is_(None), Enrolment.to_month >= month_of(on)),
    )
    here: Any = union(works, insured)
    people = session.execute(
        select(Employer.id, Employer.name, Mandate.kind, func.count())
        .join(Employer, Employer.id == Mandate.employer_id)
        .where(
            Mandate.employer_id.in_(here),
            Mandate.revoked_at.is_(None),
            Mandate.from_on <= on,
            or_(Mandate.until_on.is_(None), Mandate.until_on >= on),
        )
        .group_by(Employer.id, Employer.name, Mandate.kind)
        .order_by(Employer.id, Mandate.kind)
    )
    programs = session.execute(
        select(
            Employer.id, Employer.name, ApiToken.name, ApiToken.expires_on, ApiToken.last_used_at
        )
        .join(Employer, Employer.id == ApiToken.employer_id)
        .where(
            ApiToken.employer_id.in_(here),
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_on >= on,
        )
        .order_by(Employer.id, ApiToken.id)
    )
    return MayRead(
        [helper for helper in helpers_of(session, person_id, on=on) if helper.is_open],
        [Mandated(*row) for row in people],
        [Program(*row) for row in programs],
    )
