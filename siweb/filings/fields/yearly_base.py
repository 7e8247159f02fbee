"""The yearly base of one person: average of the year before, and what limits make of it."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from siweb.filings.fields.field import Values
from siweb.filings.fields.finding import ERROR, Finding, finding
from siweb.rules.calendar.months import add_months, month_of
from siweb.rules.contributions.premium import base_used
from siweb.rules.numbers.arithmetic import Rounding, rounded_quotient
from siweb.rules.parameters.parameter_set import ParameterMissing, ParameterSet
from siweb.rules.parameters.payment_year import payment_year_of

# A declaration this many months before the next payment year is for that year.
# Windows begin two to three months before the year (Shanghai in April, Beijing in May, for July).
_AHEAD = 3


class UsedBase(NamedTuple):
    """The base that an insurance is reckoned on, and the limits it lies between; fen."""

    insurance: str
    base_fen: int
    floor_fen: int
    ceiling_fen: int


@dataclass(frozen=True, slots=True)
class BasePreview:
    """What a yearly declaration comes to, before it is sent; all in fen."""

    average_fen: int
    lines: tuple[UsedBase, ...]
    present_fen: int | None

    @property
    def difference_fen(self) -> int | None:
        """Return how far the new base lies above the present one."""
        return None if self.present_fen is None else self.average_fen - self.present_fen


def payment_year_start(parameters: ParameterSet, on: date) -> str:
    """Return the first month of the payment year that is declared on a day."""
    first = parameters.payment_year().first_month
    month = month_of(on)
    start = f"{month[:4]}-{first:02d}"
    if start <= month:
        following = add_months(start, 12)
        return following if add_months(month, _AHEAD) >= following else start
    return start if add_months(month, _AHEAD) >= start else add_months(start, -12)


def running_year_start(parameters: ParameterSet, on: date) -> str:
    """Return the first month of the payment year that a day lies in."""
    return payment_year_of(parameters, month_of(on))


def average_wage(total_fen: int, months: int) -> int:
    """Return the average monthly wage in fen, half a fen up (劳社险中心函〔2006〕60号)."""
    return int(rounded_quotient(total_fen, months, Rounding.HALF_UP_FEN))


def average_agrees(values: Values) -> Finding | None:
    """Refuse an average wage that is not the total over the months beside it."""
    total, months, average = (values.get(n) for n in ("total_wage_fen", "months", "wage_fen"))
    if total is None or not months or average is None:
        return None
    if average_wage(total, months) != average:
        return finding("average_differs", ERROR, field="wage_fen")
    return None


def preview_base(
    parameters: ParameterSet, average_fen: int, present_fen: int | None
) -> BasePreview:
    """Return what each insurance makes of an average wage."""
    lines = []
    for insurance in parameters.insurances("employee"):
        try:
            terms = parameters.premium_terms(insurance, "employee")
        except ParameterMissing:
            continue
        used = base_used(average_fen, terms.base_floor, terms.base_ceiling)
        lines.append(UsedBase(insurance, int(used), terms.base_floor, terms.base_ceiling))
    return BasePreview(average_fen, tuple(lines), present_fen)
