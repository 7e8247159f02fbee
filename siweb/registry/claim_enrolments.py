"""Claim open enrolments, and give up the claims of those that ended: by the set, never one by one.

Whoever begins or ends enrolments calls these in the same transaction.
"""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Delete,
    Insert,
    Select,
    SelectBase,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy.orm import Session

from siweb.db.among import among, among_found
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.enrolment_claim import EnrolmentClaim
from siweb.registry.tables.person_alias import PersonAlias

_NAMES = ["person_id", "insurance", "employer_id", "region_code"]


def claim_enrolments(session: Session, *which: ColumnElement[bool]) -> None:
    """Claim the open enrolments that were just begun; conditions on `Enrolment` say which.

    Two regions that claim the same at once wait for one another: the second fails.

    :raises IntegrityError: when somebody is open already in one of these insurances.
    """
    # Enrolments that the session still holds are claimed as well.
    session.flush()
    session.execute(claiming(*which))


def begin_enrolments(session: Session, begun: Insert, *which: ColumnElement[bool]) -> None:
    """Begin enrolments and claim them; `which` says what it began, where that is asked afterwards.

    PostgreSQL claims what it has just written: to look for it, it would go by what it knew of the
    table before.

    :raises IntegrityError: when somebody is open already in one of these insurances.
    """
    session.flush()
    if session.get_bind().dialect.name != "postgresql":
        session.execute(begun)
        session.execute(claiming(*which))
        return
    columns = (Enrolment.person_id, Enrolment.insurance, Enrolment.insuring_employer_id)
    new = begun.returning(*columns, Enrolment.region_code).cte("begun").c
    rows = _claims(new)
    session.execute(insert(EnrolmentClaim).from_select(_NAMES, rows, include_defaults=False))


def release_claims(session: Session, people: Any) -> None:
    """Give up the claims of people, a subquery or a list of keys, whose enrolments ended."""
    session.flush()

    def is_among(column: Any) -> ColumnElement[bool]:
        if isinstance(people, SelectBase):
            return among_found(column, people)
        return among(column, people)

    standing = select(PersonAlias.person_id).where(is_among(PersonAlias.former_id))
    claimer = EnrolmentClaim.person_id
    session.execute(releasing(or_(is_among(claimer), among_found(claimer, standing))))


def claim_as_they_stand(session: Session, keys: Collection[int]) -> None:
    """Give up and take the claims of keys anew, of which some are another's from now on."""
    release_claims(session, keys)
    session.execute(claiming(Enrolment.person_id.in_(keys), *is_without_claim()))


def claiming(*which: ColumnElement[bool]) -> Insert:
    """Return the statement that claims open enrolments; in one order, so that two never lock."""
    rows = _claims(Enrolment).where(Enrolment.to_month.is_(None), *which)
    return insert(EnrolmentClaim).from_select(_NAMES, rows, include_defaults=False)


def _claims(of: Any) -> Select[Any]:
    """Return the claims of enrolments, a table's or a statement's."""
    return (
        select(
            func.coalesce(PersonAlias.person_id, of.person_id),
            of.insurance,
            of.insuring_employer_id,
            of.region_code,
        )
        .outerjoin(PersonAlias, PersonAlias.former_id == of.person_id)
        .order_by(of.person_id, of.insurance)
    )


def releasing(whose: ColumnElement[bool]) -> Delete:
    """Return the statement that gives up the claims without an open enrolment."""
    return (
        delete(EnrolmentClaim)
        .where(whose, *is_without_enrolment())
        .execution_options(synchronize_session=False)
    )


def is_without_enrolment() -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that nothing open stands behind a claim, under no key of its person."""
    yield ~exists().where(Enrolment.person_id == EnrolmentClaim.person_id, _is_its())
    former = exists().where(
        PersonAlias.person_id == EnrolmentClaim.person_id,
        Enrolment.person_id == PersonAlias.former_id,
        _is_its(),
    )
    yield ~former


def is_without_claim() -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that nothing claims an enrolment, for no key of its person."""
    yield ~exists().where(EnrolmentClaim.person_id == Enrolment.person_id, _is_its())
    standing = exists().where(
        PersonAlias.former_id == Enrolment.person_id,
        EnrolmentClaim.person_id == PersonAlias.person_id,
        _is_its(),
    )
    yield ~standing


def _is_its() -> ColumnElement[bool]:
    return and_(
        Enrolment.insurance == EnrolmentClaim.insurance,
        Enrolment.region_code == EnrolmentClaim.region_code,
        Enrolment.insuring_employer_id == EnrolmentClaim.employer_id,
        Enrolment.to_month.is_(None),
    )
