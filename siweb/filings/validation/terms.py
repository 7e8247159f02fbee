"""What all rows of a filing are checked by: the employer, the day, and the law as of it."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from siweb.filings.fields.yearly_base import payment_year_start, running_year_start
from siweb.registry.codes import EmployerStatus
from siweb.rules.benefits.retirement import RetirementSchedule
from siweb.rules.calendar.deadlines import Deadline, compute_deadline
from siweb.rules.calendar.months import add_months, month_of
from siweb.rules.contributions.insurance_duty import WORK_INJURY_ALONE, FirstMonthRule
from siweb.rules.contributions.premium import base_used
from siweb.rules.insurances import INSURANCES
from siweb.rules.parameters.pack_set import PackSet
from siweb.rules.parameters.parameter_set import ParameterMissing


class DutyTerms(NamedTuple):
    """What a hire of a month is measured by: the lowest wage in fen, where the pack has one."""

    minimum_wage_fen: int | None
    first_month_rule: FirstMonthRule
    maternity_with_medical: bool
    # The forms of employment in which work injury may be insured alone.
    work_injury_alone: frozenset[str]


@dataclass(slots=False)
class Terms:
    """What all rows of a filing are checked by."""

    employer_id: int
    region_code: str
    status: EmployerStatus
    packs: PackSet
    on: date

    # Rows repeat days and months: each is worked out once.
    _deadlines: dict[tuple[str, str], Deadline] = field(default_factory=dict)
    _duties: dict[str, DutyTerms] = field(default_factory=dict)
    _limits: dict[str, tuple[int, int] | None] = field(default_factory=dict)
    _own_bases: dict[str, frozenset[str]] = field(default_factory=dict)
    _schedules: dict[str, RetirementSchedule] = field(default_factory=dict)

    @cached_property
    def latest_month(self) -> str:
        """The last month that may be declared now: the next one."""
        return add_months(month_of(self.on), 1)

    def deadline(self, event_on: str, period: str) -> Deadline:
        """Return the last day of a period that an event started on a day, YYYY-MM-DD."""
        deadline = self._deadlines.get((event_on, period))
        if deadline is None:
            length = self.packs.parameters(self.region_code, month_of(self.on)).period(period)
            # As known today: a holiday that was moved since moves the last day too.
            calendar = self.packs.calendar(as_of=self.on)
            deadline = compute_deadline(date.fromisoformat(event_on), length, calendar)
            self._deadlines[event_on, period] = deadline
        return deadline

    def is_governed(self, month: str) -> bool:
        """Return whether the packs have rules for a month; those before the law are not kept."""
        try:
            self.duty(month)
        except ParameterMissing:
            return False
        return True

    def duty(self, month: str) -> DutyTerms:
        """Return what a hire of a month is measured by.

        :raises ParameterMissing: for a month before the rules that the packs have.
        """
        terms = self._duties.get(month)
        if terms is None:
            terms = self._duties[month] = self._read_duty(month)
        return terms

    def base_months(self) -> frozenset[str]:
        """Return the first months of the payment years whose base may be declared today.

        The one that is declared now, and the running one, whose base may still be corrected.
        """
        parameters = self.packs.parameters(self.region_code, month_of(self.on))
        return frozenset(
            {payment_year_start(parameters, self.on), running_year_start(parameters, self.on)}
        )

    def pension_limits(self, month: str) -> tuple[int, int] | None:
        """Return floor and ceiling of the pension base in fen, None where the pack has none."""
        if month not in self._limits:
            self._limits[month] = self._read_limits(month)
        return self._limits[month]

    def own_bases(self, month: str) -> frozenset[str]:
        """Return the insurances that may have a base of their own from a month on."""
        found = self._own_bases.get(month)
        if found is None:
            parameters = self.packs.parameters(self.region_code, month)
            found = frozenset(each for each in INSURANCES if parameters.may_have_own_base(each))
            self._own_bases[month] = found
        return found

    def base_used(self, insurance: str, wage_fen: int, month: str) -> int:
        """Return what a wage comes to as the base of an insurance in fen; itself without limits."""
        try:
            limits = self.packs.parameters(self.region_code, month).premium_terms(insurance)
        except ParameterMissing:
            return wage_fen
        return int(base_used(wage_fen, limits.base_floor, limits.base_ceiling))

    def retirement_schedule(self, category: str) -> RetirementSchedule:
        """Return when people of a category retire, as of today."""
        found = self._schedules.get(category)
        if found is None:
            parameters = self.packs.parameters(self.region_code, month_of(self.on))
            found = self._schedules[category] = parameters.retirement_schedule(category)
        return found

    def _read_duty(self, month: str) -> DutyTerms:
        parameters = self.packs.parameters(self.region_code, month)
        row = parameters.minimum_wage()
        try:
            is_with_medical = parameters.collected_with("maternity") == "medical"
        except ParameterMissing:
            is_with_medical = False
        return DutyTerms(
            None if row is None else row.values["month"],
            parameters.first_month_rule(),
            is_with_medical,
            frozenset(form for form in WORK_INJURY_ALONE if parameters.work_injury_alone(form)),
        )

    def _read_limits(self, month: str) -> tuple[int, int] | None:
        try:
            terms = self.packs.parameters(self.region_code, month).premium_terms("pension")
        except ParameterMissing:
            return None
        return terms.base_floor, terms.base_ceiling
