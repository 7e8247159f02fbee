"""Register the people of a list whom the register does not know yet: what their numbers say."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from siweb.filings.tables.filing_row import FilingRow
from siweb.registry.codes import RetirementCategory, Sex
from siweb.registry.insert_people import insert_people
from siweb.rules.identifiers.identity_number import parse_identity_number

_AT_A_TIME = 5_000


def register_people(
    session: Session, is_good: ColumnElement[bool], region_code: str, *, at: datetime
) -> None:
    """Register whom the good rows name and nobody knows, some thousand at a time."""
    for portion in _unknown(session, is_good):
        people = [_person(row.row_values, region_code, at) for row in portion]
        insert_people(session, people, [row.number_digest for row in portion])


def _unknown(session: Session, is_good: ColumnElement[bool]) -> Iterator[Sequence[Row[Any]]]:
    after = 0
    while True:
        rows = session.execute(
            select(FilingRow.position, FilingRow.row_values, FilingRow.number_digest)
            # By place, since these rows go on having no person until they are taken.
            .where(is_good, FilingRow.person_id.is_(None), FilingRow.position > after)
            .order_by(FilingRow.position)
            .limit(_AT_A_TIME)
        ).all()
        if not rows:
            return
        after = rows[-1].position
        yield rows


def _person(values: dict[str, Any], region_code: str, at: datetime) -> dict[str, Any]:
    number = parse_identity_number(values["id_number"])
    sex = Sex(number.sex.value)
    # A worker's, the earlier age, until somebody says otherwise:
    # nobody is told of retirement too late.
    category = values.get("retirement_category") or "female50"
    return {
        "id_number": number.number,
        "name": values["name"],
        "sex": sex,
        "born_on": number.birth_date,
        "region_code": region_code,
        "retirement_category": RetirementCategory.MALE
        if sex is Sex.MALE
        else RetirementCategory(category),
        "mobile": values.get("mobile"),
        "deemed_months": 0,
        "registered_at": at,
    }
