"""The terms that the formulas take, for one region and contribution month, each with its source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from siweb.rules.benefits.account_interest import InterestMethod, InterestTerms
from siweb.rules.benefits.certification import CertificationTerms
from siweb.rules.benefits.pension import AccrualUnit, AgeMethod, PensionTerms
from siweb.rules.benefits.retirement import MinimumMonths, RetirementSchedule
from siweb.rules.benefits.unemployment import BenefitTerms
from siweb.rules.calendar.deadlines import Period, PeriodUnit
from siweb.rules.contributions.assessment import AssessmentScope, AssessmentTerms, LastMonth
from siweb.rules.contributions.fines import FineTerms, FineUnit
from siweb.rules.contributions.insurance_duty import FirstMonthRule
from siweb.rules.contributions.late_fee import DayCount, LateFeeTerms
from siweb.rules.contributions.premium import PremiumTerms, Scope
from siweb.rules.errors import RuleError
from siweb.rules.insurances import INSURANCES
from siweb.rules.numbers.arithmetic import Rounding, share_of
from siweb.rules.parameters.row import Row, Series
from siweb.rules.sources import Source

# In ppm of the class's own rate: neither raised nor lowered.
FULL_TIER = 1_000_000


class ParameterMissing(RuleError):
    """When no row holds for a month; never answered with the last one known."""

    def __init__(self, region: str, key: str, month: str) -> None:
        super().__init__("parameter_missing", region=region, key=key, month=month)
        self.region = region
        self.key = key
        self.month = month

    def __str__(self) -> str:
        return f"region {self.region} has no {self.key} for {self.month}"


@dataclass(frozen=True, slots=True)
class PaymentYear:
    """When the yearly bases change, when they are declared, and when a month is due."""

    first_month: int
    declare_from_month: int
    declare_to_month: int
    due_day: int
    due_months_after: int
    source: Source


class RowSource(Protocol):
    """Where rows are found: the packs, or what a test puts in their place."""

    def find(
        self, region: str, table: str, series: Series, month: str, as_of: date | None
    ) -> Row | None:
        """Return the row in force, the region's before the nation's, or None."""

    def latest(
        self, region: str, table: str, series: Series, month: str, as_of: date | None
    ) -> Row | None:
        """Return the last row that had begun by the month, even if its own end has passed."""

    def series_of(self, region: str, table: str) -> tuple[Series, ...]:
        """Return the series that a table has for a region."""

    def parameters(self, region: str, month: str, *, as_of: date | None = None) -> ParameterSet:
        """Return what holds in a region for a month, as known on a day."""


@dataclass(frozen=True, slots=True)
class ParameterSet:
    """What holds in a region for a month, as known on `as_of` (None: all that is known)."""

    packs: RowSource
    region: str
    month: str
    as_of: date | None = None

    def for_month(self, month: str) -> ParameterSet:
        """Return what holds here for another month, as known on the same day."""
        return self.packs.parameters(self.region, month, as_of=self.as_of)

    def row(self, table: str, *series: str) -> Row:
        """Return the row in force.

        :raises ParameterMissing: when there is none.
        """
        found = self.packs.find(self.region, table, series, self.month, self.as_of)
        if found is None:
            raise ParameterMissing(self.region, ".".join((table, *series)), self.month)
        return found

    def optional_row(self, table: str, *series: str) -> Row | None:
        """Return the row in force, or None."""
        return self.packs.find(self.region, table, series, self.month, self.as_of)

    def insurances(self, scheme: str) -> tuple[str, ...]:
        """Return the insurances that a scheme has here, in their order."""
        return tuple(
            insurance
            for insurance in INSURANCES
            if self.optional_row("rates", scheme, insurance) is not None
        )

    def premium_terms(
        self,
        insurance: str,
        scheme: str = "employee",
        *,
        injury_class: int = 1,
        injury_tier: int = FULL_TIER,
    ) -> PremiumTerms:
        """Return what an insurance costs; an employer's injury class and tier (ppm) matter there.

        :raises ParameterMissing: when limits, rates or rounding are not set for the month.
        :raises RuleError: "injury_class" or "injury_tier", as `injury_rate` does.
        """
        limits = self.row("limits", scheme, insurance)
        rates = self.row("rates", scheme, insurance)
        rounding = self.row("rounding")
        additions = self.optional_row("additions", scheme, insurance)
        employer_rate, employer_source = rates.values["employer"], rates.source
        # Flexible workers have no employer whose class could count.
        if insurance == "work_injury" and scheme == "employee":
            # The employer's own class and tier decide, not the rate that the pack shows as usual.
            employer_source = self.row("injury_rates").source
            employer_rate = self.injury_rate(injury_class, injury_tier)
        sources = {
            "base_floor": limits.source,
            "base_ceiling": limits.source,
            "employer_rate": employer_source,
            "employee_rate": rates.source,
            "rounding": rounding.source,
            "scope": rounding.source,
        }
        added = {"employer": 0, "employee": 0}
        if additions is not None:
            added = {side: additions.values[side] for side in added}
            sources |= dict.fromkeys(("employer_addition", "employee_addition"), additions.source)
        return PremiumTerms(
            insurance,
            limits.values["base_floor"],
            limits.values["base_ceiling"],
            employer_rate,
            rates.values["employee"],
            added["employer"],
            added["employee"],
            Rounding(rounding.values["rounding"]),
            Scope(rounding.values["scope"]),
            sources,
        )

    def account_rate(self, scheme: str = "employee") -> int:
        """Return what goes to the individual account, in ppm of the base."""
        rate: int = self.row("rates", scheme, "pension").values.get("account", 0)
        return rate

    def collected_with(self, insurance: str, scheme: str = "employee") -> str | None:
        """Return the insurance together with which this one is collected, or None."""
        found: str | None = self.row("rates", scheme, insurance).values.get("collected_with")
        return found

    def injury_tiers(self, injury_class: int) -> tuple[int, ...]:
        """Return the tiers in ppm that the agency may set for a class."""
        tiers: tuple[int, ...] = self.row("injury_tiers", str(injury_class)).values["tiers"]
        return tiers

    def every_injury_tier(self) -> tuple[int, ...]:
        """Return the tiers in ppm that any class has, from the lowest on (人社部发〔2015〕71号)."""
        classes = len(self.row("injury_rates").values["rates"])
        tiers = {tier for each in range(1, classes + 1) for tier in self.injury_tiers(each)}
        return tuple(sorted(tiers | {FULL_TIER}))

    def injury_rate(self, injury_class: int, injury_tier: int = FULL_TIER) -> int:
        """Return an employer's rate in ppm for the class and tier (ppm) that the agency set.

        Nobody pays by a rate that no notice knows (人社部发〔2015〕71号).

        :raises RuleError: "injury_class" for a class that does not exist, "injury_tier" for a tier
            that the class does not have.
        """
        rates: tuple[int, ...] = self.row("injury_rates").values["rates"]
        if not 1 <= injury_class <= len(rates):
            raise RuleError("injury_class", injury_class=injury_class)
        if injury_tier != FULL_TIER and injury_tier not in self.injury_tiers(injury_class):
            raise RuleError("injury_tier", injury_class=injury_class, injury_tier=injury_tier)
        rate: int = share_of(rates[injury_class - 1], injury_tier)
        return rate

    def minimum_wage(self) -> Row | None:
        """Return the row with the lowest wage of a full month in fen (`month`), where known."""
        return self.optional_row("minimum_wage")

    def first_month_rule(self) -> FirstMonthRule:
        """Return from which month premiums are owed after a hire."""
        return FirstMonthRule(self.row("coverage").values["first_month_rule"])

    def work_injury_alone(self, form: str) -> bool:
        """Tell whether interns or people past retirement age may have work injury cover alone.

        By a rule in force for the month, the region's before the nation's; else they may not.
        """
        row = self.optional_row("work_injury_alone", form)
        return row is not None and bool(row.values["allowed"])

    def may_have_own_base(self, insurance: str) -> bool:
        """Tell whether an employer may declare another base for an insurance than for the others.

        By a rule in force for the month; else the wage is the base of all (社会保险法 12, 35, 58).
        """
        row = self.optional_row("separate_bases", insurance)
        return row is not None and bool(row.values["allowed"])

    def average_wage(self, scheme: str = "employee", insurance: str = "pension") -> int | None:
        """Return the average wage, in fen, behind floor and ceiling where the notice states it."""
        wage: int | None = self.row("limits", scheme, insurance).values.get("average_wage")
        return wage

    def late_fee_terms(self) -> LateFeeTerms:
        """Return the late fee (SIL 86)."""
        row = self.row("late_fee")
        return LateFeeTerms(
            row.values["daily_rate"],
            row.values["capped"],
            DayCount(row.values["day_count"]),
            Rounding(row.values["rounding"]),
            _sources(row, "daily_rate", "capped", "day_count", "rounding"),
        )

    def assessment_terms(self) -> AssessmentTerms:
        """Return what is assessed without a declaration (SIL 62)."""
        row = self.row("assessment")
        return AssessmentTerms(
            row.values["rate"],
            AssessmentScope(row.values["scope"]),
            LastMonth(row.values["last_month"]),
            Rounding(self.row("rounding").values["rounding"]),
            _sources(row, "rate", "scope", "last_month", "rounding"),
        )

    def undeclared_base_terms(self) -> AssessmentTerms | None:
        """Return the city's rule for a missing yearly declaration; None where it has none."""
        row = self.row("undeclared_base")
        if not row.values["applies"]:
            return None
        return AssessmentTerms(row.values["rate"], sources=_sources(row, "rate"))

    def certification_terms(self) -> CertificationTerms:
        """Return how long a certification lasts."""
        row = self.row("certification")
        return CertificationTerms(
            row.values["period_months"],
            row.values["grace_months"],
            _sources(row, "period_months", "grace_months"),
        )

    def counts_as_certification(self, sign: str) -> bool:
        """Return whether a sign of life is proof for a certification; without a rule it is none."""
        row = self.optional_row("certification_sign", sign)
        return row is not None and bool(row.values["counts"])

    def interest_terms(self, year: int) -> InterestTerms:
        """Return a calendar year's interest; until it is published, the rate of the year before.

        :raises ParameterMissing: when not even a provisional rate is known.
        """
        rate, method = self._interest_row(year), self.row("interest_method")
        is_own = rate.series[-1] == str(year)
        return InterestTerms(
            rate.values["rate"],
            InterestMethod(method.values["method"]),
            method.values["yearly_factor"],
            Rounding.HALF_UP_FEN,
            is_own and rate.values["settled"],
            {**_sources(rate, "rate"), **_sources(method, "method", "yearly_factor")},
        )

    def _interest_row(self, year: int) -> Row:
        # One year back and no further: of two years without a settled rate nobody knows the second.
        before = self.optional_row("account_interest", str(year - 1))
        if before is not None and before.values["settled"]:
            return self.optional_row("account_interest", str(year)) or before
        return self.row("account_interest", str(year))

    def pension_terms(self) -> PensionTerms:
        """Return the settings of the pension estimate."""
        table, formula = self.row("pension_months"), self.row("pension_formula")
        return PensionTerms(
            dict(table.values["months"]),
            formula.values["accrual_rate"],
            AccrualUnit(formula.values["accrual_unit"]),
            AgeMethod(formula.values["age_method"]),
            Rounding(formula.values["rounding"]),
            {
                **_sources(table, "months_table"),
                **_sources(formula, "accrual_rate", "accrual_unit", "age_method", "rounding"),
            },
        )

    def pension_wage(self) -> Row:
        """Return the row with the wage that pensions are computed by (计发基数)."""
        return self.row("pension_wage")

    def retirement_schedule(self, category: str) -> RetirementSchedule:
        """Return the statutory age of a category and how it rises."""
        row = self.row("retirement", category)
        return RetirementSchedule(category, **row.values, sources=_sources(row, *row.values))

    def minimum_months(self) -> MinimumMonths:
        """Return the months that must be paid, by year of retirement."""
        row = self.row("minimum_months")
        return MinimumMonths(row.values["months"], _sources(row, "rows"))

    def paying_place_months(self) -> int | None:
        """Return the months that a place must have to pay a pension; None where no pack says it."""
        row = self.optional_row("paying_place")
        return None if row is None else int(row.values["months"])

    def temporary_account_ages(self) -> tuple[int, int] | None:
        """Return from which age of men, and of women, an account elsewhere is a temporary one."""
        row = self.optional_row("temporary_account")
        if row is None:
            return None
        return int(row.values["male_age"]), int(row.values["female_age"])

    def benefit_terms(self) -> BenefitTerms:
        """Return the benefit months by months paid (SIL 46)."""
        row = self.row("unemployment_benefit")
        return BenefitTerms(row.values["months"], row.values["most"], _sources(row, "rows", "most"))

    def payment_year(self) -> PaymentYear:
        """Return the payment year and the due day."""
        row = self.row("payment_year")
        return PaymentYear(**row.values, source=row.source)

    def period(self, name: str) -> Period:
        """Return a period that the law sets, by its name."""
        row = self.row("deadlines", name)
        return Period(
            row.values["length"],
            PeriodUnit(row.values["unit"]),
            row.values["rule"],
            moves=row.values["moves"],
        )

    def fine_terms(self, name: str) -> FineTerms:
        """Return the range of a fine, by its name."""
        row = self.row("fines", name)
        ends = row.values["least"], row.values["most"]
        sources = _sources(row, "least", "most")
        return FineTerms(row.values["rule"], *ends, FineUnit(row.values["unit"]), sources)

    def collecting_body(self, insurance: str) -> str:
        """Return 'agency' or 'tax'."""
        return str(self.row("collection", insurance).values["collected_by"])

    def agency_kind(self, insurance: str) -> str:
        """Return the kind of agency that runs an insurance: 'hrss' or 'medical_security'."""
        return str(self.row("collection", insurance).values["agency"])


def _sources(row: Row, *names: str) -> dict[str, Any]:
    return dict.fromkeys(names, row.source)
