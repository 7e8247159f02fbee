"""One person's history: employments, enrolments, declared bases, month by month records."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from siweb.demo.people import MadePerson
from siweb.demo.plan import Kind, Plan
from siweb.ledgers.tables.contribution_record import RecordKind
from siweb.registry.codes import Insurance, Scheme
from siweb.rules.calendar.months import add_months, first_day, months_through
from siweb.rules.contributions.premium import compute_premium
from siweb.rules.numbers.arithmetic import Rounding, share_of
from siweb.rules.parameters.pack_set import PackSet

Rows = dict[str, list[dict[str, Any]]]
MISSING_MONTH, WRONG_BASE, OTHER_NAME = "missing_month", "wrong_base", "other_name"
_PAYS_ON = 12


@dataclass(slots=True)
class History:
    """The rows of one person, by table."""

    employment: list[dict[str, Any]] = field(default_factory=list)
    enrolment: list[dict[str, Any]] = field(default_factory=list)
    declared_base: list[dict[str, Any]] = field(default_factory=list)
    contribution_record: list[dict[str, Any]] = field(default_factory=list)


def flaw_of(number: int) -> str | None:
    """Return the honest flaw of an employee, for three in a hundred."""
    return {31: MISSING_MONTH, 52: WRONG_BASE, 73: OTHER_NAME}.get(number % 100)


def make_history(
    plan: Plan, packs: PackSet, person: MadePerson, employers: list[dict[str, Any]], at: datetime
) -> History:
    """Return the history of an employee or a flexible worker; recipients have none here."""
    random = Random(f"{plan.seed}/history/{person.number}")
    history = History()
    if person.kind is Kind.RECIPIENT:
        return history
    first = plan.first_month
    if person.number >= 20 and random.random() < 0.25:
        first = add_months(first, random.randint(1, 30))
    employer = None
    if person.kind is Kind.EMPLOYEE:
        here = [each for each in employers if each["region_code"] == person.row["region_code"]]
        employer = here[person.number % len(here)]
        history.employment.append(_employment(person, employer, first, at))
    insurances = list(Insurance) if employer else [Insurance.PENSION, Insurance.MEDICAL]
    scheme = Scheme.EMPLOYEE if employer else Scheme.FLEXIBLE
    history.enrolment = [
        {
            "person_id": person.row["id"],
            "region_code": person.row["region_code"],
            "insurance": insurance,
            "scheme": scheme,
            "employer_id": employer["id"] if employer else None,
            "from_month": first,
            "to_month": None,
        }
        for insurance in insurances
    ]
    _months(plan, packs, person, employer, history, first, random, at)
    return history


def _employment(
    person: MadePerson, employer: dict[str, Any], first: str, at: datetime
) -> dict[str, Any]:
    name = person.row["name"]
    differs = flaw_of(person.number) == OTHER_NAME
    return {
        "person_id": person.row["id"],
        "employer_id": employer["id"],
        "hired_on": first_day(first) + timedelta(days=person.number % 20),
        "ended_on": None,
        "end_reason": None,
        "form": "full_time",
        "declared_name": name[:-1] + ("丽" if name[-1] != "丽" else "莉") if differs else None,
        "post": None,
        "registered_at": at,
    }


def _months(
    plan: Plan,
    packs: PackSet,
    person: MadePerson,
    employer: dict[str, Any] | None,
    history: History,
    first: str,
    random: Random,
    at: datetime,
) -> None:
    region = person.row["region_code"]
    wage = random.choice((520_000, 680_000, 800_000, 960_000, 1_150_000, 1_480_000, 2_600_000))
    wage += random.randint(0, 99_999)
    flaw = flaw_of(person.number) if employer else None
    flawed_month = f"{plan.reviewed_year}-{3 + person.number % 7:02d}"
    previous = 0
    for month in months_through(first, plan.last_month):
        parameters = packs.parameters(region, month)
        if month == first or int(month[5:]) == parameters.payment_year().first_month:
            previous, wage = wage, wage + wage // 20
            history.declared_base.append(_declared(person, employer, month, wage, at))
        if flaw == MISSING_MONTH and month == flawed_month:
            continue
        declared = previous if flaw == WRONG_BASE and month == flawed_month else wage
        for enrolment in history.enrolment:
            history.contribution_record.append(
                _record(packs, plan, enrolment, employer, month, declared, at)
            )


def _declared(
    person: MadePerson, employer: dict[str, Any] | None, month: str, wage: int, at: datetime
) -> dict[str, Any]:
    return {
        "person_id": person.row["id"],
        "region_code": person.row["region_code"],
        "employer_id": employer["id"] if employer else None,
        "insurance": None,
        "from_month": month,
        "base_number": 0,
        "declared_base_fen": wage,
        "origin": "demonstration",
        "declared_at": at,
    }


def _record(
    packs: PackSet,
    plan: Plan,
    enrolment: dict[str, Any],
    employer: dict[str, Any] | None,
    month: str,
    declared: int,
    at: datetime,
) -> dict[str, Any]:
    insurance, scheme = enrolment["insurance"].value, enrolment["scheme"].value
    parameters = packs.parameters(enrolment["region_code"], month)
    injury = {}
    if employer is not None and insurance == "work_injury":
        injury = {
            "injury_class": employer["injury_class"],
            "injury_tier": employer["injury_tier_ppm"],
        }
    premium = compute_premium(parameters.premium_terms(insurance, scheme, **injury), declared)
    account = 0
    if insurance == "pension":
        rate = parameters.account_rate(scheme)
        account = share_of(premium.base, rate, Rounding.HALF_UP_FEN)
    paid_on = first_day(add_months(month, 1)) + timedelta(days=_PAYS_ON - 1)
    return {
        "person_id": enrolment["person_id"],
        "region_code": enrolment["region_code"],
        "insurance": enrolment["insurance"],
        "scheme": enrolment["scheme"],
        "employer_id": enrolment["employer_id"],
        "contribution_month": month,
        "sequence": 0,
        "kind": RecordKind.REGULAR,
        "declared_base_fen": declared,
        "base_fen": premium.base,
        "employer_fen": premium.employer,
        "employee_fen": premium.employee,
        "account_fen": account,
        "paid_on": paid_on if paid_on <= plan.on else None,
        "levy_run_id": None,
        "recorded_at": at,
    }
