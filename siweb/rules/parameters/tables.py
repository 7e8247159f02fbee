"""The tables that a pack may have: which columns make a series, which hold its values.

A series is what has one value at a time, such as the limits of the pension of employees. This is
the whole format: the reader, the checker, the schema and the skeleton all go by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from siweb.rules.contributions.insurance_duty import WORK_INJURY_ALONE, FirstMonthRule
from siweb.rules.insurances import INSURANCES, SCHEMES
from siweb.rules.numbers.arithmetic import Rounding
from siweb.rules.parameters import values
from siweb.rules.parameters.values import Reader
from siweb.rules.sources import Confidence

insurance = values.one_of(*INSURANCES)
scheme = values.one_of(*SCHEMES)
rounding = values.one_of(*Rounding)

NOTHING: Mapping[str, Reader] = MappingProxyType({})


class Year(StrEnum):
    """By which year a notice sets new figures; after its end the old ones are provisional."""

    PAYMENT = "payment"  # begins in the region's own month
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a pack; `year` says by which year its figures are set anew, if any."""

    name: str
    about: str
    values: Mapping[str, Reader]
    series: Mapping[str, Reader] = field(default_factory=lambda: NOTHING)
    optional: Mapping[str, Reader] = field(default_factory=lambda: NOTHING)
    year: Year | None = None


_BY_INSURANCE: Mapping[str, Reader] = {"scheme": scheme, "insurance": insurance}

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "limits",
            "Lowest and highest contribution base a month.",
            {"base_floor": values.money, "base_ceiling": values.money},
            _BY_INSURANCE,
            {"average_wage": values.money, "first_month": values.whole},
            Year.PAYMENT,
        ),
        Table(
            "minimum_wage",
            "Lowest wage of a full month at full time.",
            {"month": values.money},
        ),
        Table(
            "coverage",
            "From which month premiums are owed after a hire.",
            {"first_month_rule": values.one_of(*FirstMonthRule)},
        ),
        Table(
            "work_injury_alone",
            "Whether people who are no employees by law may have work injury cover alone.",
            {"allowed": values.flag},
            {"form": values.one_of(*sorted(WORK_INJURY_ALONE))},
        ),
        Table(
            "separate_bases",
            "Whether an insurance may have another base than the one declared for all.",
            {"allowed": values.flag},
            {"insurance": insurance},
        ),
        Table(
            "rates",
            # `collected_with`: maternity may be collected with medical (国办发〔2019〕10号).
            "Share of the base that each side pays; `account` is what goes to the account.",
            {"employer": values.rate, "employee": values.rate},
            _BY_INSURANCE,
            {"account": values.rate, "collected_with": insurance},
        ),
        Table(
            "injury_rates",
            "Employer's rate for the injury classes 1 to 8.",
            {"rates": values.rates},
        ),
        Table(
            "injury_tiers",
            "Tiers that the agency may set, as a percentage of a class's rate.",
            {"tiers": values.rates},
            {"injury_class": values.whole},
        ),
        Table(
            "additions",
            "Fixed amount a month that each side pays on top.",
            {"employer": values.money, "employee": values.money},
            _BY_INSURANCE,
            {"first_month": values.whole},
        ),
        Table(
            "rounding",
            "How and over what an amount is rounded.",
            {"rounding": rounding, "scope": values.one_of("person", "employer_total")},
        ),
        Table(
            "late_fee",
            "Late fee a day; whether it stops at the principal.",
            {
                "daily_rate": values.rate,
                "capped": values.flag,
                "day_count": values.one_of("through_payment", "before_payment"),
                "rounding": rounding,
            },
        ),
        Table(
            "assessment",
            "What is assessed where an employer did not declare (SIL 62).",
            {
                "rate": values.rate,
                "scope": values.one_of("insurance", "total"),
                "last_month": values.one_of("paid", "assessed"),
            },
        ),
        Table(
            "undeclared_base",
            "City rule: each base is raised when the yearly declaration is missing.",
            {"applies": values.flag, "rate": values.rate},
        ),
        Table(
            "certification",
            "How long a certification lasts and the grace after it, in months.",
            {"period_months": values.whole, "grace_months": values.whole},
        ),
        Table(
            "certification_sign",
            "Whether a sign of life from another office's list is proof for a certification.",
            {"counts": values.flag},
            {"sign": values.one_of("medical", "transport")},
        ),
        Table(
            "payment_year",
            "First month of the payment year, declaration window, day by which a month is due.",
            {
                "first_month": values.whole,
                "declare_from_month": values.whole,
                "declare_to_month": values.whole,
                "due_day": values.whole,
                "due_months_after": values.whole,
            },
        ),
        Table(
            "collection",
            # By insurance: there are two agencies (社会保险经办条例 4, 60), and who collects
            # differs by place.
            "Who runs an insurance and who collects it.",
            {
                "agency": values.one_of("hrss", "medical_security"),
                "collected_by": values.one_of("agency", "tax"),
            },
            {"insurance": insurance},
        ),
        Table(
            "account_interest",
            "Interest of the individual account for a calendar year.",
            {"rate": values.rate, "settled": values.flag},
            {"year": values.whole},
        ),
        Table(
            "interest_method",
            "How interest of the individual account is computed.",
            {"method": values.one_of("month_product", "yearly"), "yearly_factor": values.rate},
        ),
        Table(
            "pension_months",
            "Months by which the account is divided, by whole age.",
            {"months": values.pairs},
        ),
        Table(
            "pension_formula",
            "Settings of the pension estimate.",
            {
                "accrual_rate": values.rate,
                "accrual_unit": values.one_of("year", "month"),
                "age_method": values.one_of("interpolation", "interpolation_tenth", "truncation"),
                "rounding": rounding,
            },
        ),
        Table(
            "pension_wage",
            "The province's wage that pensions are computed by (计发基数).",
            {"average_wage": values.money},
            year=Year.CALENDAR,
        ),
        Table(
            "minimum_months",
            "Months that must be paid, by year of retirement.",
            {"months": values.pairs},
        ),
        Table(
            "paying_place",
            "Months that a place must have to pay a pension, of several that were contributed in.",
            {"months": values.whole},
        ),
        Table(
            "temporary_account",
            "From which age on an account begun outside the household's province is temporary.",
            {"male_age": values.whole, "female_age": values.whole},
        ),
        Table(
            "retirement",
            "The statutory age of a category and how it rises.",
            {
                "base_age": values.whole,
                "first_birth_month": values.month,
                "birth_months_per_step": values.whole,
                "most_delay": values.whole,
                "elastic_from": values.month,
                "elastic_earlier": values.whole,
                "elastic_later": values.whole,
            },
            {"category": values.one_of("male", "female55", "female50")},
        ),
        Table(
            "unemployment_benefit",
            "Benefit months by months paid, and the most.",
            {"months": values.pairs, "most": values.whole},
        ),
        Table(
            "calendar",
            "The State Council's holidays and working weekends of a year.",
            {"holidays": values.days, "working_weekends": values.days},
            {"year": values.whole},
        ),
        Table(
            "fines",
            "Range of a fine: multiples of the amount concerned, or yuan.",
            {
                "least": values.whole,
                "most": values.whole,
                "unit": values.one_of("times", "yuan"),
                "rule": values.text,
            },
            {"name": values.text},
        ),
        Table(
            "deadlines",
            "Periods that the law sets, in days, working days or months.",
            {
                "length": values.whole,
                "unit": values.one_of("days", "working_days", "months"),
                "moves": values.flag,
                "rule": values.text,
            },
            {"name": values.text},
        ),
    )
}

DATING: dict[str, Reader] = {
    "effective_from": values.start,
    "published_on": values.day,
    "notice": values.text,
    "confidence": values.one_of(*Confidence),
}
DATING_OPTIONAL: dict[str, Reader] = {"effective_to": values.month, "note": values.text}
