"""Find what somebody typed, among everything of the desk that is their work and in their regions.

A fixed number of statements whatever is typed and however many people there are: the regions, what
is found, its people, its employers. Names are looked up in the index of their keys, a few rows for
each region; everything else by the one row that a unique index has.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, exists, literal, or_, select, true, union_all
from sqlalchemy.orm import Session

from siweb.auth.staff.duties import Duty, Scope, regions_in, scope_of
from siweb.auth.tables.appointment import Function
from siweb.db.sealing.field_keys import end_digest, number_digest
from siweb.desk.employers.pages.head import EMPLOYER_READERS
from siweb.desk.people.pages.head import PEOPLE_READERS
from siweb.desk.search.kinds import KINDS, MOST, Question, bills, filings, papers, row, tasks
from siweb.desk.search.typed import Typed, read_typed
from siweb.registry.search.find import found_by
from siweb.registry.search.search_key import SearchKind
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.former_number import person_digested
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias


class Hit(NamedTuple):
    """Something found: what its address is given, what more is known of it, and whose it is."""

    kind: str
    key: str
    what: str
    person: Person | None
    employer: Employer | None


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, by kind, in the order in which it is shown."""

    typed: Typed
    hits: tuple[Hit, ...] = ()
    # The kinds of which there is more than is shown.
    more: frozenset[str] = frozenset()

    def of(self, *kinds: str) -> list[Hit]:
        """Return what was found of some kinds."""
        return [hit for hit in self.hits if hit.kind in kinds]

    def people(self) -> Iterator[int]:
        """Yield whose names are shown, some more than once."""
        return (hit.person.id for hit in self.hits if hit.person is not None)


def search(session: Session, text: str, duties: tuple[Duty, ...]) -> Found:
    """Return what a text finds for somebody with some duties."""
    typed = read_typed(text)
    people = scope_of(duties, (*PEOPLE_READERS, Function.AUDIT))
    employers = scope_of(duties, (*EMPLOYER_READERS, Function.AUDIT))
    asked = [
        question
        for question in (
            *_by_keys(session, typed, people, employers),
            _person_by_number(typed, people),
            _employer_by_code(typed, employers),
            bills(typed, duties),
            filings(typed, duties),
            *_by_kinds(typed, duties),
            tasks(typed, duties),
            papers(typed, duties),
        )
        if question is not None
    ]
    if not asked:
        return Found(typed)
    # A limit inside of a union is asked in a question of its own.
    pieces = (select(question.subquery()) for question in asked)
    rows = session.execute(union_all(*pieces)).all()
    return _shown(session, typed, rows, people)


def _by_keys(
    session: Session, typed: Typed, people: Scope | None, employers: Scope | None
) -> Iterator[Question]:
    if not (typed.name or typed.end) or (people is None and employers is None):
        return
    hosted = [region.code for region in regions_in(Scope(None), session)]
    kinds = (
        (SearchKind.PERSON, people, typed.name, False),
        (SearchKind.PERSON_END, people, typed.end and end_digest(typed.end), True),
        (SearchKind.EMPLOYER, employers, typed.name, False),
    )
    for kind, scope, text, is_whole in kinds:
        regions = [code for code in hosted if scope is not None and scope.covers(code)]
        if not text or not regions:
            continue
        found = found_by(kind, text, regions, most=MOST, is_whole=is_whole).subquery()
        subject = found.c.subject_id
        if kind is SearchKind.EMPLOYER:
            yield row("employer", subject, literal(""), None, subject)
        else:
            yield row("person", subject, literal(""), subject)


def _person_by_number(typed: Typed, scope: Scope | None) -> Question | None:
    if not typed.number or scope is None:
        return None
    # Whether somebody lies where the visitor acts is asked below, of all who were found at once.
    asked = row("person", Person.id, literal(""), Person.id)
    return asked.where(Person.id == person_digested(number_digest(typed.number)))


def _employer_by_code(typed: Typed, scope: Scope | None) -> Question | None:
    if not typed.reference or scope is None:
        return None
    asked = row("employer", Employer.id, literal(""), None, Employer.id)
    return asked.where(Employer.uscc == typed.reference, scope.has(Employer.region_code))


def _by_kinds(typed: Typed, duties: Iterable[Duty]) -> Iterator[Question | None]:
    held = tuple(duties)
    for kind in KINDS:
        scope = scope_of(held, (*kind.functions, Function.AUDIT))
        if scope is not None:
            asked = kind.asks(typed, scope)
            yield None if asked is None else asked.limit(MOST + 1)


def _shown(session: Session, typed: Typed, rows: Iterable[Any], scope: Scope | None) -> Found:
    """Return each thing once with whose it is, of each kind so many as are shown."""
    once = _once(rows)
    people = _people(session, {found[3] for found in once if found[3] is not None}, scope)
    employers = _employers(session, {found[4] for found in once if found[4] is not None})
    hits, counts, more = [], dict[str, int](), set()
    for kind, key, what, person_id, employer_id in once:
        person, lies_here = people.get(person_id, (None, False))
        if kind == "person" and not lies_here:
            continue
        counts[kind] = counts.get(kind, 0) + 1
        if counts[kind] > MOST:
            more.add(kind)
            continue
        hits.append(Hit(kind, key, what, person, employers.get(employer_id)))
    return Found(typed, tuple(hits), frozenset(more))


def _once(rows: Iterable[Any]) -> list[tuple[Any, ...]]:
    """Return each thing that was found once, and of each kind not many more than are shown."""
    by_kind: dict[str, list[tuple[Any, ...]]] = {}
    for found in dict.fromkeys(tuple(each) for each in rows):
        by_kind.setdefault(found[0], []).append(found)
    # Some of them lie elsewhere and are left out later: more are kept than a page shows.
    return [found for of_kind in by_kind.values() for found in of_kind[: 2 * MOST]]


def _people(
    session: Session, keys: set[int], scope: Scope | None
) -> dict[int, tuple[Person, bool]]:
    """Return people by key, and whether they are a matter of somebody's regions."""
    if not keys:
        return {}
    lies_here = literal(value=False) if scope is None else _lies_in(scope)
    asked = select(Person, lies_here.label("lies_here")).where(Person.id.in_(keys))
    return {found[0].id: (found[0], bool(found[1])) for found in session.execute(asked)}


def _lies_in(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that a person is or was registered or enrolled in some regions."""
    if scope.regions is None:
        return true()
    enrolled = exists().where(Enrolment.person_id == Person.id, scope.has(Enrolment.region_code))
    formerly = exists().where(
        PersonAlias.person_id == Person.id,
        Enrolment.person_id == PersonAlias.former_id,
        scope.has(Enrolment.region_code),
    )
    return or_(scope.has(Person.region_code), enrolled, formerly)


def _employers(session: Session, keys: set[int]) -> dict[int, Employer]:
    if not keys:
        return {}
    found = session.scalars(select(Employer).where(Employer.id.in_(keys)))
    return {employer.id: employer for employer in found}
