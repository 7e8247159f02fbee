"""What the register has of the people that rows name: plain values, read for many at once."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.db.among import among
from siweb.registry.codes import Insurance
from siweb.registry.person_keys import former_keys
from siweb.registry.tables.declared_base import DeclaredBase, is_declared_by
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.former_number import keys_of_digests
from siweb.registry.tables.person import Person
from siweb.rules.calendar.months import add_months

# Well below the number of values that a statement may have on either database.
_AT_A_TIME = 5_000


class Span(NamedTuple):
    """One enrolment, in whatever region."""

    insurance: str
    employer_id: int | None
    from_month: str
    to_month: str | None


@dataclass(slots=True)
class RegisteredPerson:
    """One person, the open employment at the employer and the enrolments in all regions.

    `present_fen` is the base declared last by the employer.
    """

    id: int
    name: str
    died_on: date | None = None
    hired_on: date | None = None
    enrolments: list[Span] = field(default_factory=list)
    present_fen: int | None = None

    def is_of(self, employer_id: int) -> bool:
        """Return whether the person works for an employer, or takes part there."""
        return self.hired_on is not None or bool(self.open_here(employer_id))

    def open_here(self, employer_id: int) -> list[Span]:
        """Return the open enrolments with an employer."""
        return [
            span
            for span in self.enrolments
            if span.to_month is None and span.employer_id == employer_id
        ]

    def open_elsewhere(self, employer_id: int) -> set[str]:
        """Return the insurances in which another employer has the person enrolled."""
        return {
            span.insurance
            for span in self.enrolments
            if span.to_month is None and span.employer_id not in {None, employer_id}
        }

    def covered_through(
        self, insurances: Collection[str], month: str, employer_id: int
    ) -> str | None:
        """Return the last month to which an ended enrolment with an employer covers `month`.

        Work injury of another employer covers nothing here: each insures its own people.
        """
        ends = [
            span.to_month
            for span in self.enrolments
            if span.to_month is not None
            and span.to_month >= month
            and span.employer_id is not None
            and span.insurance in insurances
            and (span.insurance != Insurance.WORK_INJURY or span.employer_id == employer_id)
        ]
        return max(ends, default=None)

    def open_alone(self) -> list[Span]:
        """Return the open enrolments without an employer: flexible worker or resident."""
        return [
            span for span in self.enrolments if span.to_month is None and span.employer_id is None
        ]


def registered_people(
    session: Session, employer_id: int, digests: Iterable[str]
) -> dict[str, RegisteredPerson]:
    """Return by their numbers' digests whom the register has; five statements for 5,000 people."""
    found: dict[str, RegisteredPerson] = {}
    for portion in _portions(sorted(set(digests))):
        by_id: dict[int, RegisteredPerson] = {}
        asked = keys_of_digests(partial(among, values=portion)).subquery()
        # An outer join begins with the numbers: otherwise SQLite, without statistics, would go
        # through all of them for each person.
        people = session.execute(
            select(asked.c.person_id, asked.c.digest, Person.name, Person.died_on)
            .select_from(asked)
            .outerjoin(Person, Person.id == asked.c.person_id)
        )
        for person_id, digest, name, died_on in people:
            registered = by_id.setdefault(person_id, RegisteredPerson(person_id, name, died_on))
            found[digest] = registered
        if by_id:
            # Somebody found to be registered twice has two keys;
            # what stands under the former one is theirs.
            former = former_keys(session, by_id)
            for former_id, person_id in former.items():
                by_id[former_id] = by_id[person_id]
            _add_employments(session, employer_id, by_id)
            _add_enrolments(session, by_id)
            for person_id in set(former.values()):
                by_id[person_id].enrolments = _together(by_id[person_id].enrolments)
            _add_bases(session, employer_id, by_id)
    return found


def _add_employments(
    session: Session, employer_id: int, by_id: dict[int, RegisteredPerson]
) -> None:
    employments = session.execute(
        select(Employment.person_id, Employment.hired_on).where(
            Employment.employer_id == employer_id,
            among(Employment.person_id, by_id),
            Employment.ended_on.is_(None),
        )
    )
    for person_id, hired_on in employments:
        by_id[person_id].hired_on = hired_on


def _add_enrolments(session: Session, by_id: dict[int, RegisteredPerson]) -> None:
    rows = session.execute(
        select(
            Enrolment.person_id,
            Enrolment.insurance,
            Enrolment.employer_id,
            Enrolment.from_month,
            Enrolment.to_month,
        ).where(among(Enrolment.person_id, by_id))
    )
    for person_id, insurance, employer_id, from_month, to_month in rows:
        span = Span(insurance, employer_id, from_month, to_month)
        by_id[person_id].enrolments.append(span)


def _together(spans: Sequence[Span]) -> list[Span]:
    """Return spans of which an open one begins where it began under a former key."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda each: (each.from_month, each.to_month or "9999-12")):
        before = next((each for each in found if _goes_on(each, span)), None)
        if before is not None:
            found.remove(before)
            # Its first month decides which month it may be stopped with.
            span = span._replace(from_month=before.from_month)  # noqa: PLW2901
        found.append(span)
    return found


def _goes_on(before: Span, span: Span) -> bool:
    return (
        span.to_month is None
        and before.to_month is not None
        and (before.insurance, before.employer_id) == (span.insurance, span.employer_id)
        # A month in between is a month without insurance, under whichever key.
        and add_months(before.to_month, 1) == span.from_month
    )


def _add_bases(session: Session, employer_id: int, by_id: dict[int, RegisteredPerson]) -> None:
    rows = session.execute(
        select(DeclaredBase.person_id, DeclaredBase.declared_base_fen)
        .where(
            among(DeclaredBase.person_id, by_id),
            is_declared_by(employer_id),
            DeclaredBase.insurance.is_(None),
            DeclaredBase.withdrawn_at.is_(None),
        )
        # The last one read stays: the newest month, and of it what was declared last.
        .order_by(DeclaredBase.person_id, DeclaredBase.from_month, DeclaredBase.base_number)
    )
    for person_id, declared_fen in rows:
        by_id[person_id].present_fen = declared_fen


def _portions(digests: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(digests), _AT_A_TIME):
        yield digests[start : start + _AT_A_TIME]
