"""Months of people with several keys: each is billed once, under whichever key it came first."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from siweb.ledgers.lookup import in_any_region
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.codes import Insurance
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person_alias import PersonAlias


def has_merged(people: tuple[int, int]) -> ColumnElement[bool]:
    """Return the condition that somebody among people, by ids, has another key besides."""
    return or_(
        exists().where(PersonAlias.former_id.between(*people)),
        exists().where(PersonAlias.person_id.between(*people)),
    )


def is_anothers_month(region_code: str, month: str) -> ColumnElement[bool]:
    """Return the condition that a month of an enrolment is billed under another key.

    It was billed there already, or an enrolment there goes before this one: an employer's before
    that of a person who pays alone, then the first that began, then that of the smaller key.
    """
    record, other, keys = ContributionRecord, aliased(Enrolment), other_keys()
    is_alone, other_alone = (
        case((enrolment.employer_id.is_(None), 1), else_=0) for enrolment in (Enrolment, other)
    )
    place = (is_alone, Enrolment.from_month, Enrolment.person_id)
    before = (other_alone, other.from_month, other.person_id)
    billed = exists().where(
        in_any_region(),
        keys.c.person_key == Enrolment.person_id,
        record.person_id == keys.c.other_key,
        record.contribution_month == month,
        record.insurance == Enrolment.insurance,
        excludes(record, Enrolment),
    )
    claimed = exists().where(
        keys.c.person_key == Enrolment.person_id,
        other.person_id == keys.c.other_key,
        other.insurance == Enrolment.insurance,
        other.region_code == region_code,
        other.from_month <= month,
        or_(other.to_month.is_(None), other.to_month >= month),
        excludes(other, Enrolment),
        # A strict order: of two that claim a month exactly one goes before the other.
        tuple_(*before) < tuple_(*place),
    )
    return or_(billed, claimed)


def excludes(record: Any, row: Any) -> ColumnElement[bool]:
    """Return the condition that a record of a person's insurance keeps a row of it from one.

    Each employer insures work injury by itself (Order 13 Art. 9).
    """
    return or_(
        row.insurance != Insurance.WORK_INJURY,
        # Who pays alone has no employer, and NULL equals nothing.
        func.coalesce(record.employer_id, 0) == func.coalesce(row.employer_id, 0),
    )


def other_keys() -> Any:
    """Return pairs of keys that are one person's."""
    keys = select(PersonAlias.former_id.label("key"), PersonAlias.person_id.label("standing"))
    standing = select(PersonAlias.person_id, PersonAlias.person_id).distinct()
    own, others = (keys.union_all(standing).subquery(name) for name in ("own_key", "others_key"))
    return (
        select(own.c.key.label("person_key"), others.c.key.label("other_key"))
        .join(others, and_(others.c.standing == own.c.standing, others.c.key != own.c.key))
        .subquery("keys_of_person")
    )
