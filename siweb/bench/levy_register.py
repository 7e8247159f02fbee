"""The register that a levy is measured on: so many insured, made in the database itself."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, String, cast, insert, literal, literal_column, select

from siweb import clock
from siweb.db.arithmetic import whole
from siweb.registry.claim_enrolments import claiming
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person
from siweb.registry.tables.region import Region

REGION, FIRST_MONTH = "110000", "2026-01"
PEOPLE_OF_AN_EMPLOYER = 50
_PIECE = 25_000


def fill_register(connection: Connection, people: int) -> None:
    """Make the register in the database itself, in pieces, so that this process stays small."""
    _fill_employers(connection, _numbers(1, people // PEOPLE_OF_AN_EMPLOYER + 1))
    for first in range(1, people + 1, _PIECE):
        number = _numbers(first, min(first + _PIECE - 1, people))
        _fill_people(connection, number)
        employer = (number.c.n + PEOPLE_OF_AN_EMPLOYER - 1) // PEOPLE_OF_AN_EMPLOYER
        _fill_enrolments(connection, number, employer)
        last = min(first + _PIECE - 1, people)
        connection.execute(claiming(Enrolment.person_id.between(first, last)))


def _fill_employers(connection: Connection, employers: Any) -> None:
    day, at = literal(date(1990, 1, 1), Person.born_on.type), literal(clock.now())
    _insert(
        connection,
        Employer,
        employers,
        id=employers.c.n,
        uscc=cast(employers.c.n, String),
        name=literal("甲公司"),
        region_code=literal(REGION, Region.code.type),
        kind=literal("enterprise"),
        industry_code=literal("I65"),
        injury_class=employers.c.n % 8 + 1,
        injury_tier_ppm=literal(1_000_000),
        established_on=day,
        status=literal("active"),
        registered_at=at,
    )


def _fill_people(connection: Connection, number: Any) -> None:
    n, day, at = number.c.n, literal(date(1990, 1, 1), Person.born_on.type), literal(clock.now())
    _insert(
        connection,
        Person,
        number,
        id=n,
        name=literal("王芳"),
        sex=literal("F"),
        born_on=day,
        region_code=literal(REGION, Region.code.type),
        retirement_category=literal("female55"),
        deemed_months=literal(0),
        registered_at=at,
    )


def _fill_enrolments(connection: Connection, number: Any, employer: Any) -> None:
    n = number.c.n
    _insert(
        connection,
        DeclaredBase,
        number,
        person_id=n,
        region_code=literal(REGION, Region.code.type),
        employer_id=employer,
        declaring_employer_id=employer,
        base_number=literal(0),
        from_month=literal(FIRST_MONTH, Enrolment.from_month.type),
        declared_base_fen=400_000 + whole(n) * 7919 % 4_000_000,
        origin=literal("yearly"),
        declared_at=literal(clock.now(), DeclaredBase.declared_at.type),
    )
    for insurance in Insurance:
        _insert(
            connection,
            Enrolment,
            number,
            person_id=n,
            region_code=literal(REGION, Region.code.type),
            insurance=literal(insurance, Enrolment.insurance.type),
            scheme=literal(Scheme.EMPLOYEE, Enrolment.scheme.type),
            insuring_employer_id=employer if insurance is Insurance.WORK_INJURY else literal(0),
            sequence=literal(0),
            employer_id=employer,
            from_month=literal(FIRST_MONTH, Enrolment.from_month.type),
        )


def _numbers(first: int, last: int) -> Any:
    number = select(literal_column(str(first)).label("n")).cte(f"from_{first}", recursive=True)
    return number.union_all(select(number.c.n + 1).where(number.c.n < last))


def _insert(connection: Connection, model: Any, source: Any, **values: Any) -> None:
    query = select(*(value.label(name) for name, value in values.items())).select_from(source)
    connection.execute(insert(model.__table__).from_select(list(values), query))
