"""What a pension would come to if somebody goes on paying: by base, last year of paying and month.

Everything to come is reckoned by the figures of today: nobody knows those of later years.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from siweb.ledgers.account.interest_run import interest_terms
from siweb.ledgers.account.transfer import PaidMonth
from siweb.pensions.eligibility import Eligibility, earliest_month
from siweb.pensions.figures import Counted, Figures, work_out
from siweb.registry.tables.person import Person
from siweb.rules.benefits.account_interest import (
    InterestMethod,
    InterestTerms,
    compute_account_year,
)
from siweb.rules.calendar.months import add_months, month_of, months_through
from siweb.rules.contributions.premium import Premium, compute_premium, divide_premium
from siweb.rules.errors import RuleError
from siweb.rules.parameters.pack_set import PackSet

_YEAR = 12
# Where the law lets nobody choose, whoever works on draws it in these years.
_MOST_LATER = 36


@dataclass(frozen=True, slots=True)
class Window:
    """The months from which a pension may be drawn: from the first to the last, and by law."""

    first: str
    by_law: str
    last: str


@dataclass(frozen=True, slots=True)
class Plan:
    """On which base somebody goes on paying, through which year, and from when they draw."""

    base_fen: int
    last_year: int
    from_month: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """What comes of a plan: the base as limits let it be, months and fen to come, the pension."""

    plan: Plan
    base_fen: int
    months_to_come: int
    paid_in_fen: int
    interest_fen: int
    figures: Figures


def window_of(able: Eligibility, on: date) -> Window | None:
    """Return when somebody may draw a pension from a day on; None without figures."""
    if able.retirement is None:
        return None
    this_month, by_law = month_of(on), able.retirement.retirement_month
    last = able.retirement.latest_elastic_month or add_months(by_law, _MOST_LATER)
    first = max(earliest_month(able.retirement), this_month)
    # Whoever is past all of it may still draw it now.
    return Window(first, max(by_law, this_month), max(last, first))


def last_base(counted: Counted) -> int | None:
    """Return the base of the last month that was paid here."""
    return counted.here[-1].base_fen if counted.here else None


def outlooks_of(
    person: Person,
    counted: Counted,
    plan: Plan | None,
    window: Window,
    *,
    packs: PackSet,
    on: date,
) -> list[Outlook]:
    """Return what comes of a plan, and of the same from the earliest, the legal and the last month.

    Nothing without a plan, or where the region has no figures.
    """
    if plan is None:
        return []
    months = dict.fromkeys((window.first, window.by_law, window.last))
    plans = [plan, *(replace(plan, from_month=month) for month in months)]
    try:
        return [outlook_of(person, counted, each, packs=packs, on=on) for each in plans]
    except RuleError:
        return []


def outlook_of(
    person: Person, counted: Counted, plan: Plan, *, packs: PackSet, on: date
) -> Outlook:
    """Return what comes of a plan, by what is recorded and published on a day.

    :raises RuleError: where the region has no figures.
    """
    this_month = month_of(on)
    pack = packs.parameters(person.region_code, this_month, as_of=on)
    premium = compute_premium(pack.premium_terms("pension", "employee"), plan.base_fen)
    to_come = _months_to_come(counted, plan, this_month)
    deposit, _pool = divide_premium(premium, pack.account_rate())
    # Last year's rate: this year's is published in the middle of the next.
    terms = interest_terms(packs, person.region_code, on.year - 1, on)
    interest = _interest(counted.balance_fen, to_come, deposit, terms, plan.from_month, on.year)
    balance = counted.balance_fen + len(to_come) * deposit + interest
    figures = work_out(
        person,
        replace(
            counted, here=[*counted.here, *_paid(person, to_come, premium)], balance_fen=balance
        ),
        plan.from_month,
        packs=packs,
        on=on,
    )
    return Outlook(plan, premium.base, len(to_come), len(to_come) * deposit, interest, figures)


def _months_to_come(counted: Counted, plan: Plan, this_month: str) -> list[str]:
    """Return the months that the plan pays: from this one on, what is paid already left out."""
    last = min(f"{plan.last_year:04}-12", add_months(plan.from_month, -1))
    paid = {month.month for month in counted.here}
    return [month for month in months_through(this_month, last) if month not in paid]


def _paid(person: Person, months: Sequence[str], premium: Premium) -> Iterator[PaidMonth]:
    for month in months:
        yield PaidMonth(month, person.region_code, premium.base)


def _interest(
    balance: int,
    to_come: Sequence[str],
    deposit: int,
    terms: InterestTerms,
    from_month: str,
    this_year: int,
) -> int:
    """Return the interest of the years after this one, until the pension begins.

    That of this year is left out: part of it may be in the balance already.
    """
    # The yearly method is for whole years alone, and the last one ends with the work.
    terms = replace(terms, method=InterestMethod.MONTH_PRODUCT)
    deposits = {
        int(year): [(int(month[5:]), deposit) for month in months]
        for year, months in groupby(to_come, lambda month: month[:4])
    }
    before = balance + deposit * len(deposits.get(this_year, ()))
    total, last = 0, add_months(from_month, -1)
    for year in range(this_year + 1, int(last[:4]) + 1):
        through = int(last[5:]) if year == int(last[:4]) else _YEAR
        of_year = compute_account_year(before, deposits.get(year, ()), terms, through)
        total += of_year.opening_interest + of_year.deposit_interest
        before = of_year.closing
    return total
