"""Find employers by their name or their social credit code."""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from siweb.registry.tables.employer import Employer

MOST = 20


def find_employers(session: Session, typed: str, *, within: ColumnElement[bool]) -> list[Employer]:
    """Return at most 20 employers whose code is as typed or whose name begins so, by name."""
    if not typed:
        return []
    asked = select(Employer).where(
        or_(Employer.uscc == typed.upper(), Employer.name.startswith(typed, autoescape=True)),
        within,
    )
    return list(session.scalars(asked.order_by(Employer.name, Employer.id).limit(MOST)))


def find_employer_by_code(session: Session, uscc: str) -> Employer | None:
    """Return the employer with a social credit code."""
    return session.scalars(select(Employer).where(Employer.uscc == uscc)).one_or_none()
