"""Keep the keys of the search in step: whoever writes a person or an employer calls these."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, delete, exists, func, insert, literal, select
from sqlalchemy.orm import Session, aliased

from siweb.db.among import among
from siweb.db.insert_many import insert_many
from siweb.registry.person_keys import all_keys
from siweb.registry.search.search_key import SearchKey, SearchKind
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.former_number import FormerNumber
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias
from siweb.registry.tables.person_identity import PersonIdentity
from siweb.rules.names.search_keys import keys_of_employer, keys_of_name

_NAMES = ("region_code", "kind", "key", "subject_id")
_OF_PEOPLE = (SearchKind.PERSON, SearchKind.PERSON_END)
Keys = Iterator[tuple[str, SearchKind, str, int]]


class NewPerson(NamedTuple):
    """What of a new person is searched for."""

    person_id: int
    region_code: str
    name: str
    # Of its number.
    end_digest: str


def let_find_new(session: Session, people: Iterable[NewPerson]) -> None:
    """Let people be found who were just registered and are enrolled nowhere yet."""
    insert_many(session, SearchKey.__table__, _NAMES, _keys_of_new(people))


def follow_person(session: Session, person_id: int) -> None:
    """Let a person be found as they stand in the register: by every name and number of theirs.

    For whoever changes a name, a number or a region, or joins two registrations.
    """
    session.flush()
    keys = all_keys(session, person_id)
    # The key that stands is the first that the subquery names.
    standing = keys[0]
    _forget(session, keys, _OF_PEOPLE)
    names = session.execute(select(Person.name, Person.region_code).where(Person.id.in_(keys)))
    found = names.all()
    ends = session.scalars(
        select(PersonIdentity.end_digest)
        .where(PersonIdentity.person_id.in_(keys))
        .union_all(
            select(FormerNumber.end_digest).where(
                FormerNumber.person_id.in_(keys), FormerNumber.freed_at.is_(None)
            )
        )
    ).all()
    enrolled = session.scalars(
        select(Enrolment.region_code).where(Enrolment.person_id.in_(keys)).distinct()
    )
    regions = {*enrolled, *(row.region_code for row in found)}
    texts = {(SearchKind.PERSON, key) for row in found for key in keys_of_name(row.name)}
    texts |= {(SearchKind.PERSON_END, end) for end in ends}
    rows = ((region, kind, key, standing) for region in sorted(regions) for kind, key in texts)
    insert_many(session, SearchKey.__table__, _NAMES, rows)


def follow_employer(session: Session, employer: Employer) -> None:
    """Let an employer be found by the name that it has now."""
    session.flush()
    _forget(session, [employer.id], (SearchKind.EMPLOYER,))
    keys = sorted(keys_of_employer(employer.name))
    rows = ((employer.region_code, SearchKind.EMPLOYER, key, employer.id) for key in keys)
    insert_many(session, SearchKey.__table__, _NAMES, rows)


def let_find_employers(session: Session, *which: ColumnElement[bool]) -> None:
    """Let employers be found that were just registered; conditions on `Employer` say which."""
    rows = session.execute(select(Employer.id, Employer.region_code, Employer.name).where(*which))
    found = rows.all()
    insert_many(
        session,
        SearchKey.__table__,
        _NAMES,
        (
            (row.region_code, SearchKind.EMPLOYER, key, row.id)
            for row in found
            for key in keys_of_employer(row.name)
        ),
    )


def let_region_find(session: Session, region_code: str, people: Any) -> None:
    """Let a region find people whom it has enrolled: a list of keys or a question for them.

    Those who are its own are found there already.
    """
    session.flush()
    person, there = aliased(Person), aliased(SearchKey)
    standing = func.coalesce(PersonAlias.person_id, person.id)
    others = (
        select(standing)
        .outerjoin_from(person, PersonAlias, PersonAlias.former_id == person.id)
        .where(
            among(person.id, people) if isinstance(people, list) else person.id.in_(people),
            person.region_code != region_code,
        )
    )
    region: Any = literal(region_code, SearchKey.region_code.type)
    has_it = exists().where(
        there.region_code == region,
        there.kind == SearchKey.kind,
        there.key == SearchKey.key,
        there.subject_id == SearchKey.subject_id,
    )
    elsewhere = (
        select(region, SearchKey.kind, SearchKey.key, SearchKey.subject_id)
        .where(SearchKey.subject_id.in_(others), SearchKey.kind.in_(_OF_PEOPLE), ~has_it)
        .distinct()
    )
    session.execute(insert(SearchKey).from_select(list(_NAMES), elsewhere, include_defaults=False))


def _forget(session: Session, subjects: list[int], kinds: Iterable[SearchKind]) -> None:
    session.execute(
        delete(SearchKey)
        .where(SearchKey.subject_id.in_(subjects), SearchKey.kind.in_(kinds))
        .execution_options(synchronize_session=False)
    )


def _keys_of_new(people: Iterable[NewPerson]) -> Keys:
    for person in people:
        for key in keys_of_name(person.name):
            yield person.region_code, SearchKind.PERSON, key, person.person_id
        yield person.region_code, SearchKind.PERSON_END, person.end_digest, person.person_id
