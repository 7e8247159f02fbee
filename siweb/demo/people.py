"""Made-up people of all three kinds, each with a valid ID number of nobody's."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Any

from siweb.demo.names import make_address, make_name
from siweb.demo.plan import REGIONS, Kind, Plan
from siweb.registry.codes import RetirementCategory, Sex
from siweb.rules.identifiers.identity_number import check_character

# Districts of the two regions, with which an ID number begins.
DISTRICTS = {"310000": ("310101", "310104", "310115"), "330100": ("330102", "330106", "330110")}


@dataclass(frozen=True, slots=True)
class MadePerson:
    """A person's row and what kind they are; `number` counts them from 0."""

    number: int
    kind: Kind
    row: dict[str, Any]


def make_people(plan: Plan, first_id: int, at: datetime) -> Iterator[MadePerson]:
    """Yield the people: eight in ten employees, one flexible, one recipient."""
    for number in range(plan.people):
        kind = {8: Kind.FLEXIBLE, 9: Kind.RECIPIENT}.get(number % 10, Kind.EMPLOYEE)
        yield make_person(plan, number, kind, first_id, at)


def make_person(plan: Plan, number: int, kind: Kind, first_id: int, at: datetime) -> MadePerson:
    """Return the person of a number."""
    random = Random(f"{plan.seed}/person/{number}")
    return MadePerson(number, kind, _row(random, plan, number, kind, first_id + number, at))


def _row(
    random: Random, plan: Plan, number: int, kind: Kind, person_id: int, at: datetime
) -> dict[str, Any]:
    region = REGIONS[0] if number % 5 < 3 else REGIONS[1]
    is_male = random.random() < 0.52
    age = random.randint(63, 88) if kind is Kind.RECIPIENT else random.randint(22, 48)
    born_on = date(plan.on.year - age, random.randint(1, 12), random.randint(1, 28))
    category = RetirementCategory.MALE
    if not is_male:
        category = random.choice((RetirementCategory.FEMALE_55, RetirementCategory.FEMALE_50))
    return {
        "id": person_id,
        "id_number": make_id_number(region, born_on, number, is_male=is_male),
        "name": make_name(random, is_male=is_male),
        "sex": Sex.MALE if is_male else Sex.FEMALE,
        "born_on": born_on,
        "region_code": region,
        "retirement_category": category,
        "mobile": f"1380{random.randint(0, 9_999_999):07d}",
        "email": None,
        "address": make_address(random),
        "postcode": "200000" if region == REGIONS[0] else "310000",
        "deemed_months": 0,
        "died_on": None,
        "registered_at": at,
    }


def make_id_number(region: str, born_on: date, number: int, *, is_male: bool) -> str:
    """Return a valid number; no two of the same `number` are alike."""
    districts = DISTRICTS[region]
    # Every birth date of a district has 500 numbers a sex: two people rarely meet, and then the
    # next district is theirs.
    district = districts[number // 500 % len(districts)]
    order = number % 500 * 2 + (1 if is_male else 0)
    first_17 = f"{district}{born_on:%Y%m%d}{order % 1000:03d}"
    return first_17 + check_character(first_17)
