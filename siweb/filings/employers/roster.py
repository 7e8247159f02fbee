"""The roster (花名册): everybody who works or worked for the employer, searched and filtered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session

from siweb.db.sealing.field_keys import END, end_digest
from siweb.db.types import month_from
from siweb.registry.tables.declared_base import DeclaredBase, is_declared_by
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.enrolment import Enrolment, is_persons_at
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_identity import PersonIdentity

PAGE = 25


class StaffState(StrEnum):
    """Where an employment stands."""

    ENROLLED = "enrolled"
    WAITING = "waiting"
    PAUSED = "paused"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class RosterFilter:
    """What of the roster is shown; an export has the same filter as the screen."""

    query: str = ""
    state: StaffState | None = None
    page: int = 1


class RosterRow(NamedTuple):
    """One line of the roster."""

    employment_id: int
    name: str
    id_number: str
    hired_on: date
    ended_on: date | None
    state: StaffState


@dataclass(frozen=True, slots=True)
class Roster:
    """One page of the roster, and how many lines the filter finds."""

    rows: list[RosterRow]
    count: int
    shown: RosterFilter

    @property
    def pages(self) -> int:
        """Return how many pages there are."""
        return max(1, -(-self.count // PAGE))


def is_waiting() -> ColumnElement[bool]:
    """Return the condition that somebody was hired but takes part in no insurance there."""
    return and_(Employment.ended_on.is_(None), ~_enrolled())


def load_roster(session: Session, employer_id: int, shown: RosterFilter) -> Roster:
    """Return one page of the roster; two statements."""
    found = _filtered(employer_id, shown)
    count = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    rows = session.execute(
        # By number too: hires of one day would change places between two pages.
        found.order_by(Employment.hired_on.desc(), Employment.id.desc())
        .limit(PAGE)
        .offset((shown.page - 1) * PAGE)
    )
    return Roster([_row(row) for row in rows], count, shown)


def whole_roster(
    session: Session, employer_id: int, shown: RosterFilter
) -> Iterator[tuple[RosterRow, int | None]]:
    """Yield every line that the filter finds with its newest base, a thousand at a time."""
    newest = (
        select(DeclaredBase.declared_base_fen)
        .where(
            DeclaredBase.person_id == Employment.person_id,
            is_declared_by(employer_id),
            DeclaredBase.insurance.is_(None),
            DeclaredBase.withdrawn_at.is_(None),
        )
        .order_by(DeclaredBase.from_month.desc(), DeclaredBase.base_number.desc())
        .limit(1)
        .scalar_subquery()
    )
    found = _filtered(employer_id, shown).add_columns(newest.label("base"))
    ordered = found.order_by(Employment.hired_on.desc(), Employment.id.desc())
    for row in session.execute(ordered.execution_options(yield_per=1000)):
        yield _row(row), row.base


def roster_people(session: Session, employer_id: int, shown: RosterFilter) -> Iterator[int]:
    """Yield whom the filter finds, for the access log of an export."""
    yield from session.scalars(
        _filtered(employer_id, shown).with_only_columns(Employment.person_id).distinct()
    )


def _filtered(employer_id: int, shown: RosterFilter) -> Select[*tuple[Any, ...]]:
    state = _state()
    found = (
        select(
            Employment.id,
            Person.name,
            PersonIdentity.number.label("id_number"),
            Employment.hired_on,
            Employment.ended_on,
            state.label("state"),
        )
        .join(Person, Person.id == Employment.person_id)
        .join(PersonIdentity, PersonIdentity.person_id == Employment.person_id)
        .where(Employment.employer_id == employer_id)
    )
    if shown.state is not None:
        # Written as none of the others: of one word PostgreSQL expects one row in two hundred, and
        # for so few it went over everybody for each employment.
        found = found.where(
            state.not_in([each.value for each in StaffState if each is not shown.state])
        )
    if shown.query:
        wanted = Person.name.contains(shown.query, autoescape=True)
        # So many characters may be the end of a number, which is found by its digest alone.
        if len(shown.query) == END:
            wanted = or_(wanted, PersonIdentity.end_digest == end_digest(shown.query))
        found = found.where(wanted)
    return found


def _state() -> ColumnElement[str]:
    return case(
        (Employment.ended_on.is_not(None), literal(StaffState.LEFT.value)),
        (_enrolled(Enrolment.to_month.is_(None)), literal(StaffState.ENROLLED.value)),
        (_enrolled(), literal(StaffState.PAUSED.value)),
        else_=literal(StaffState.WAITING.value),
    )


def _enrolled(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    # An enrolment that ended before this employment began belongs to an earlier one.
    first_month = month_from(cast(Employment.hired_on, String))
    return exists().where(
        is_persons_at(Enrolment, Employment.person_id, Employment.employer_id),
        # Written so that no index of open or of ended ones answers it: PostgreSQL without
        # statistics went over all of those for each employment.
        func.coalesce(Enrolment.to_month, literal("9999-12", Enrolment.to_month.type))
        >= first_month,
        *more,
    )


def _row(row: Any) -> RosterRow:
    return RosterRow(
        row.id, row.name, row.id_number, row.hired_on, row.ended_on, StaffState(row.state)
    )
