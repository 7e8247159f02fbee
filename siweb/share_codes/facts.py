"""What a code shows: of its owner's record what they chose, and no month or employer more.

Whoever looks learns bands and counts. A landlord needs to know that rent can be paid, not by whom.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from siweb.ledgers.benefits.months import benefits_of
from siweb.ledgers.certificates.benefits import PensionIncome, pension_income
from siweb.ledgers.certificates.paid_months import PaidMonth, count_by_insurance, paid_months
from siweb.ledgers.record.year import load_enrolments
from siweb.registry.codes import Insurance
from siweb.registry.tables.benefit import BenefitKind
from siweb.registry.tables.person import Person
from siweb.rules.calendar.months import add_months, month_of, months_through
from siweb.share_codes.tables.share_code import ShareCode, Shown

# Wide enough that no wage is told, narrow enough to be of use: 2,500 yuan.
BAND_FEN = 250_000
_YEAR = 12


@dataclass(frozen=True, slots=True)
class SharedFacts:
    """What somebody sees; None and empty is what the code does not show."""

    name: str
    id_end: str
    insured_now: Mapping[Insurance, bool] | None = None
    months: Mapping[Insurance, int] | None = None
    # From the first month to the last that are counted.
    counted: tuple[str, str] | None = None
    # From how many fen to how many; None in it where no base was paid in the last twelve months.
    band: tuple[tuple[int, int] | None] | None = None
    pension: tuple[PensionIncome | None] | None = None


def facts_of(session: Session, code: ShareCode, *, on: date) -> SharedFacts:
    """Return what a code shows on a day."""
    person = session.get_one(Person, code.person_id)
    # The month that runs is levied later: the last month is the one before it.
    last = add_months(month_of(on), -1)
    first = add_months(last, 1 - _YEAR * code.years)
    paid = _paid(session, code, first, last)
    return SharedFacts(
        name=person.name,
        id_end=person.id_number[-4:],
        insured_now=_insured(session, person.id, on) if Shown.INSURED_NOW in code.shown else None,
        months=_counts(paid) if Shown.MONTHS in code.shown else None,
        counted=(first, last) if Shown.MONTHS in code.shown else None,
        band=(_band(paid, last),) if Shown.BASE_BAND in code.shown else None,
        pension=(_pension(session, person.id, on),) if Shown.PENSION_INCOME in code.shown else None,
    )


def band_of(fen: int) -> tuple[int, int]:
    """Return the band that an amount lies in: from its lower end up to below its upper."""
    low = fen // BAND_FEN * BAND_FEN
    return low, low + BAND_FEN


def _paid(session: Session, code: ShareCode, first: str, last: str) -> list[PaidMonth]:
    if not code.shown & {Shown.MONTHS, Shown.BASE_BAND}:
        return []
    # The band is of the last twelve months, which any number of years has in it.
    return paid_months(session, code.person_id, list(months_through(first, last)))


def _insured(session: Session, person_id: int, on: date) -> dict[Insurance, bool]:
    spans = load_enrolments(session.connection(), person_id)
    now = {span.insurance for span in spans if span.covers(month_of(on))}
    return {insurance: insurance in now for insurance in Insurance}


def _counts(paid: list[PaidMonth]) -> dict[Insurance, int]:
    return dict.fromkeys(Insurance, 0) | count_by_insurance(paid)


def _band(paid: list[PaidMonth], last: str) -> tuple[int, int] | None:
    recent = [each for each in paid if each.month > add_months(last, -_YEAR)]
    if not recent:
        return None
    # With two employers in a month, the bases together are what is earned.
    latest = recent[-1].month
    return band_of(sum(each.base_fen for each in recent if each.month == latest))


def _pension(session: Session, person_id: int, on: date) -> PensionIncome | None:
    for benefit in benefits_of(session, person_id):
        if benefit.kind is BenefitKind.PENSION:
            return pension_income(session, benefit, on)
    return None
