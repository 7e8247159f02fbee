"""The people behind a bill, or of an employer's month: what is billed for each, by insurance."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, LargeBinary, Select, and_, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from siweb.db.among import among_found
from siweb.db.sealing.field_keys import END, end_digest, field_keys
from siweb.ledgers.lookup import at_employer
from siweb.ledgers.posting.issued import is_issued
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.codes import Insurance
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_identity import PersonIdentity
from siweb.rules.insurances import insurance_order

PAGE = 25
# A bill of 100,000 people is streamed: so many rows are in memory at a time.
_AT_ONCE = 2_000
_RECORD = ContributionRecord
_Query = Select[*tuple[Any, ...]]
# Unsealed once for each person, not for each of the rows that a person has.
_SEALED = type_coerce(PersonIdentity.number, LargeBinary()).label("sealed")


class Share(NamedTuple):
    """One insurance of one person on a bill, in fen; a month of its own in an adjustment."""

    insurance: Insurance
    month: str
    base_fen: int
    employer_fen: int
    employee_fen: int
    is_paid: bool

    @property
    def total_fen(self) -> int:
        """Return both shares together."""
        return self.employer_fen + self.employee_fen


@dataclass(frozen=True, slots=True)
class BilledPerson:
    """One person on a bill."""

    person_id: int
    name: str
    id_number: str
    shares: list[Share]

    @property
    def employer_fen(self) -> int:
        """Return the employer's share of all insurances."""
        return sum(share.employer_fen for share in self.shares)

    @property
    def is_paid(self) -> bool:
        """Return whether nothing of it is left to pay."""
        return all(share.is_paid for share in self.shares)

    @property
    def employee_fen(self) -> int:
        """Return the person's own share of all insurances."""
        return sum(share.employee_fen for share in self.shares)

    @property
    def total_fen(self) -> int:
        """Return both shares of all insurances."""
        return self.employer_fen + self.employee_fen


@dataclass(frozen=True, slots=True)
class BilledPage:
    """Some of a bill's people, and how many a search finds."""

    people: list[BilledPerson]
    count: int
    query: str = ""
    page: int = 1
    pages: int = 1


def load_people(
    session: Session,
    behind: ColumnElement[bool],
    query: str = "",
    page: int = 1,
    *,
    most: int = PAGE,
) -> BilledPage:
    """Return one page of the people `behind` a bill or in a month, at most the last; one statement.

    A search is for a part of the name, or the last four characters of the ID number.
    """
    found: _Query = select(_RECORD.person_id, func.count().over().label("found")).where(behind)
    if query:
        wanted: ColumnElement[bool] = Person.name.contains(query, autoescape=True)
        # An ID number lies sealed: only the digest of its end can be asked for, and of that length.
        if len(query) == END:
            wanted = or_(wanted, PersonIdentity.end_digest == end_digest(query))
        found = _with_person(found, _RECORD.person_id).where(wanted)
    shown = (
        found.group_by(_RECORD.person_id)
        .order_by(_RECORD.person_id)
        .limit(most)
        .offset((page - 1) * most)
        .cte("shown")
        .prefix_with("MATERIALIZED")
    )
    # Joined alone, PostgreSQL went over all the rows behind it for each that is shown.
    is_shown = among_found(_RECORD.person_id, select(shown.c.person_id))
    of_shown = _shares(and_(behind, is_shown), Person.name, _SEALED, shown.c.found).join(
        shown, shown.c.person_id == _RECORD.person_id
    )
    rows = session.execute(_with_person(of_shown, shown.c.person_id)).all()
    if not rows and page > 1:
        # Beyond the last page no row says how many there are: the first one does.
        first = load_people(session, behind, query, most=most)
        if first.pages == 1:
            return first
        return load_people(session, behind, query, first.pages, most=most)
    count = rows[0].found if rows else 0
    people = list(_people(rows))
    return BilledPage(people, count, query, page, max(1, -(-count // most)))


def all_people(session: Session, behind: ColumnElement[bool]) -> Iterator[BilledPerson]:
    """Yield everybody, read piece by piece."""
    query = _with_person(_shares(behind, Person.name, _SEALED), _RECORD.person_id)
    yield from _people(session.execute(query.execution_options(yield_per=_AT_ONCE)))


def in_month(employer_id: int, month: str) -> ColumnElement[bool]:
    """Return the condition that a record is an employer's, of a month, and counts."""
    return and_(at_employer(employer_id, [month]), is_issued())


def _with_person(query: _Query, person_id: Any) -> _Query:
    return query.join(Person, Person.id == person_id).join(
        PersonIdentity, PersonIdentity.person_id == person_id
    )


def _shares(behind: ColumnElement[bool], *more: Any) -> _Query:
    return (
        select(
            _RECORD.person_id,
            _RECORD.insurance,
            _RECORD.contribution_month,
            _RECORD.base_fen,
            _RECORD.employer_fen,
            _RECORD.employee_fen,
            _RECORD.paid_on,
            *more,
        )
        .where(behind)
        .order_by(
            _RECORD.person_id,
            _RECORD.contribution_month,
            _RECORD.insurance,
            _RECORD.sequence,
            _RECORD.insuring_employer_id,
        )
    )


def _people(rows: Any) -> Iterator[BilledPerson]:
    for _person, of_person in groupby(rows, key=lambda row: row.person_id):
        together = list(of_person)
        shares = [
            Share(
                row.insurance,
                row.contribution_month,
                row.base_fen,
                row.employer_fen,
                row.employee_fen,
                row.paid_on is not None,
            )
            for row in together
        ]
        shares.sort(key=lambda share: (share.month, insurance_order(share.insurance)))
        first = together[0]
        number = field_keys().unseal(bytes(first.sealed))
        yield BilledPerson(first.person_id, first.name, number, shares)
