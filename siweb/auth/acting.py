"""For which employer somebody acts: it stands in the address, so that two tabs may differ."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session

from siweb.auth.tables.mandate import Mandate, MandateKind
from siweb.messages.matter import matter
from siweb.registry.codes import EmployerStatus
from siweb.registry.tables.employer import Employer


@dataclass(frozen=True, slots=True)
class Acting:
    """An employer and what the mandate allows, as every page of the employer sees it."""

    kind: MandateKind
    until_on: date | None
    employer_id: int
    uscc: str
    name: str
    region_code: str
    status: EmployerStatus

    def may(self, kind: str) -> bool:
        """Return whether the mandate allows what a kind may do."""
        return self.kind.covers(MandateKind(kind))


def find_acting(session: Session, account_id: int, uscc: str, *, on: date) -> Acting | None:
    """Return an account's right to act for an employer, or None; one statement."""
    row = session.execute(_in_force(account_id, on).where(Employer.uscc == uscc)).first()
    return None if row is None else Acting(*row)


def employers_of(session: Session, account_id: int, *, on: date) -> list[Acting]:
    """Return every employer that an account may act for, by name; one statement."""
    rows = session.execute(_in_force(account_id, on).order_by(Employer.name, Employer.id))
    return [Acting(*row) for row in rows]


def may_act_for(account_id: Any, employer_id: Any, *, on: Any) -> ColumnElement[bool]:
    """Return the condition that an account's mandate for a column of employers holds on a day."""
    return exists().where(Mandate.employer_id == employer_id, *_holds(account_id, on))


def employers_held(account_id: Any, on: Any) -> Select[int]:
    """Return the keys of the employers that an account may act for, as a subquery to begin with."""
    return select(Mandate.employer_id).where(*_holds(account_id, on))


def employers_acted_for(account_id: Any, on: Any) -> Select[Any]:
    """Return the question for which employers an account may act, and until when."""
    return (
        select(
            *matter("employer", key=Employer.uscc, name=Employer.name, last_day=Mandate.until_on)
        )
        .join_from(Mandate, Employer, Employer.id == Mandate.employer_id)
        .where(*_holds(account_id, on))
        .order_by(Employer.name, Employer.id)
    )


def _holds(account_id: Any, on: Any) -> tuple[ColumnElement[bool], ...]:
    return (
        Mandate.account_id == account_id,
        Mandate.revoked_at.is_(None),
        Mandate.from_on <= on,
        # The last day is a whole one, as people say "until the 31st".
        or_(Mandate.until_on.is_(None), Mandate.until_on >= on),
    )


def _in_force(account_id: int, on: date) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Mandate.kind,
            Mandate.until_on,
            Employer.id,
            Employer.uscc,
            Employer.name,
            Employer.region_code,
            Employer.status,
        )
        .join(Employer, Employer.id == Mandate.employer_id)
        .where(*_holds(account_id, on))
    )
