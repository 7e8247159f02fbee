"""What all rows of a filing are checked by: the employer, the day, and the law as of it."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from siweb.registry.codes import EmployerStatus
from siweb.rules.benefits.retirement import RetirementSchedule
from siweb.rules.calendar.deadlines import compute_deadline
from siweb.rules.calendar.months import add_months, month_of
from siweb.rules.parameters.pack_set import PackSet
from siweb.rules.parameters.parameter_set import ParameterMissing


@dataclass(slots=False)
class Terms:
    """What all rows of a filing are checked by."""

    employer_id: int
    region_code: str
    status: EmployerStatus
    packs: PackSet
    on: date

    # Rows repeat days and months: each is worked out once.
    _last_days: dict[tuple[str, str], date] = field(default_factory=dict)
    _limits: dict[str, tuple[int, int] | None] = field(default_factory=dict)
    _schedules: dict[str, RetirementSchedule] = field(default_factory=dict)

    @cached_property
    def latest_month(self) -> str:
        """The last month that may be declared now: the next one."""
        return add_months(month_of(self.on), 1)

    def last_day(self, event_on: str, period: str) -> date:
        """Return the last day of a period that an event started on a day, YYYY-MM-DD."""
        known = self._last_days.get((event_on, period))
        if known is None:
            length = self.packs.parameters(self.region_code, month_of(self.on)).period(period)
            calendar = self.packs.calendar(as_of=self.on)
            known = compute_deadline(date.fromisoformat(event_on), length, calendar).moved_to
            self._last_days[event_on, period] = known
        return known

    def pension_limits(self, month: str) -> tuple[int, int] | None:
        """Return floor and ceiling of the pension base, None where the pack has none."""
        if month not in self._limits:
            self._limits[month] = self._read_limits(month)
        return self._limits[month]

    def retirement_schedule(self, category: str) -> RetirementSchedule:
        """Return when people of a category retire, as of today."""
        found = self._schedules.get(category)
        if found is None:
            parameters = self.packs.parameters(self.region_code, month_of(self.on))
            found = self._schedules[category] = parameters.retirement_schedule(category)
        return found

    def _read_limits(self, month: str) -> tuple[int, int] | None:
        try:
            terms = self.packs.parameters(self.region_code, month).premium_terms("pension")
        except ParameterMissing:
            return None
        return terms.base_floor, terms.base_ceiling
