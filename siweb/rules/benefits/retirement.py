"""When a person retires under the reform of 2025, and how many months must have been paid.

NPCSC decision of 2024-09-13 and 国务院关于渐进式延迟法定退休年龄的办法 with its tables 1 to 4.
Whether a woman's age is 50 or 55 depends on her post, not on her ID number, so it is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from siweb.rules.calendar.months import add_months, month_index, months_between
from siweb.rules.explanation import Explained, Sources, Step
from siweb.rules.numbers.quantity import count, month, months

_DECISION = "国务院关于渐进式延迟法定退休年龄的办法"
_MINIMUM_RULE = f"{_DECISION} 2"
_ELASTIC_RULE = f"{_DECISION} 4; 人社部发〔2024〕94号"


class RetirementCategory(StrEnum):
    """Whose schedule applies."""

    MALE = "male"
    FEMALE55 = "female55"
    FEMALE50 = "female50"


@dataclass(frozen=True, slots=True)
class RetirementSchedule:
    """One category's ages: `base_age` in whole years, the other lengths in months.

    One month later for every `birth_months_per_step` months of birth from `first_birth_month` on,
    at most `most_delay`. From `elastic_from` on a person may choose up to `elastic_earlier` before
    (never below the old age) and, by agreement, up to `elastic_later` after.
    """

    category: str
    base_age: int
    first_birth_month: str
    birth_months_per_step: int
    most_delay: int
    elastic_from: str
    elastic_earlier: int = 36
    elastic_later: int = 36
    sources: Sources = field(default_factory=dict, compare=False, repr=False)

    @property
    def base_age_months(self) -> int:
        """The age before the reform, in months."""
        return self.base_age * 12


@dataclass(frozen=True, slots=True)
class MinimumMonths:
    """The months that must have been paid, by year of retirement: (from year, months), in order.

    The first row holds for all earlier years as well.
    """

    rows: tuple[tuple[int, int], ...]
    sources: Sources = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Retirement:
    """Months of delay, age in months, the month, and the elastic window if there is one."""

    delay_months: int
    age: int
    retirement_month: str
    earliest_elastic_month: str | None
    latest_elastic_month: str | None

    @property
    def age_years(self) -> int:
        """Whole years of the age."""
        return self.age // 12

    @property
    def age_months(self) -> int:
        """Months of the age beyond whole years."""
        return self.age % 12


def delay_months(birth_month: str, schedule: RetirementSchedule) -> int:
    """Return by how many months the reform moves the old age, tables 1 to 3."""
    since_first = months_between(schedule.first_birth_month, birth_month)
    if since_first < 0:
        return 0
    # The first months of birth wait a month already, hence one more than the steps gone by.
    return min(schedule.most_delay, since_first // schedule.birth_months_per_step + 1)


def compute_retirement(birth_month: str, schedule: RetirementSchedule) -> Retirement:
    """Return age, month and elastic window of a person born in `birth_month`.

    :raises MonthRefused: if `birth_month` is not a month.
    """
    delay = delay_months(birth_month, schedule)
    age = schedule.base_age_months + delay
    retirement_month = add_months(birth_month, age)
    # Who reaches the age before the reform retires then: nobody chose in those years.
    if retirement_month < schedule.elastic_from:
        return Retirement(delay, age, retirement_month, None, None)
    old_month = add_months(birth_month, schedule.base_age_months)
    # "Not below the age of before" (article 4): somebody born early cannot go three years sooner.
    earliest = max(old_month, add_months(retirement_month, -schedule.elastic_earlier))
    latest = add_months(retirement_month, schedule.elastic_later)
    return Retirement(delay, age, retirement_month, earliest, latest)


def minimum_months(year: int, minimum: MinimumMonths) -> int:
    """Return the least months of contribution for a pension that starts in `year`, table 4."""
    # Of somebody who goes earlier than the statutory month no provision says which of the two
    # years counts; the callers give the year in which the pension begins.
    applying = [row_months for from_year, row_months in minimum.rows if from_year <= year]
    return applying[-1] if applying else minimum.rows[0][1]


def months_short(paid: int, required: int) -> int:
    """Return how many months are missing; none when enough were paid."""
    return max(0, required - paid)


def explain_retirement(birth_month: str, schedule: RetirementSchedule) -> Explained[Retirement]:
    """Return what `compute_retirement` does, with its steps."""
    retirement = compute_retirement(birth_month, schedule)
    steps = [
        _delay_step(birth_month, retirement, schedule),
        *_month_steps(birth_month, retirement, schedule),
    ]
    if retirement.earliest_elastic_month and retirement.latest_elastic_month:
        steps += _elastic_steps(
            birth_month,
            retirement.retirement_month,
            (retirement.earliest_elastic_month, retirement.latest_elastic_month),
            schedule,
        )
    return Explained(retirement, tuple(steps))


def explain_minimum_months(year: int, minimum: MinimumMonths) -> Explained[int]:
    """Return what `minimum_months` does, with its step."""
    required = minimum_months(year, minimum)
    step = Step(
        "min_contribution_months",
        "table_4(year)",
        {"year": count(year)},
        months(required),
        _MINIMUM_RULE,
        minimum.sources.get("rows"),
    )
    return Explained(required, (step,))


def _delay_step(birth_month: str, retirement: Retirement, schedule: RetirementSchedule) -> Step:
    is_before = month_index(birth_month) < month_index(schedule.first_birth_month)
    formula = "0" if is_before else "min(most_delay, months_since_first // per_step + 1)"
    inputs = {
        "birth_month": month(birth_month),
        "first_birth_month": month(schedule.first_birth_month),
        "per_step": months(schedule.birth_months_per_step),
        "most_delay": months(schedule.most_delay),
    }
    result = months(retirement.delay_months)
    source = schedule.sources.get("first_birth_month")
    return Step("delay_months", formula, inputs, result, f"{_DECISION} 1", source)


def _month_steps(
    birth_month: str, retirement: Retirement, schedule: RetirementSchedule
) -> Sequence[Step]:
    return (
        Step(
            "retirement_age",
            "base_age + delay_months",
            {
                "base_age": months(schedule.base_age_months),
                "delay_months": months(retirement.delay_months),
            },
            months(retirement.age),
            f"{_DECISION} 1",
            schedule.sources.get("base_age"),
        ),
        Step(
            "retirement_month",
            "birth_month + retirement_age",
            {"birth_month": month(birth_month), "retirement_age": months(retirement.age)},
            month(retirement.retirement_month),
            f"{_DECISION} 1",
        ),
    )


def _elastic_steps(
    birth_month: str,
    retirement_month: str,
    window: tuple[str, str],
    schedule: RetirementSchedule,
) -> Sequence[Step]:
    earliest, latest = window
    return (
        Step(
            "earliest_elastic_month",
            "max(birth_month + base_age, retirement_month - elastic_earlier)",
            {
                "birth_month": month(birth_month),
                "base_age": months(schedule.base_age_months),
                "retirement_month": month(retirement_month),
                "elastic_earlier": months(schedule.elastic_earlier),
            },
            month(earliest),
            _ELASTIC_RULE,
            schedule.sources.get("elastic_earlier"),
        ),
        Step(
            "latest_elastic_month",
            "retirement_month + elastic_later",
            {
                "retirement_month": month(retirement_month),
                "elastic_later": months(schedule.elastic_later),
            },
            month(latest),
            _ELASTIC_RULE,
            schedule.sources.get("elastic_later"),
        ),
    )
