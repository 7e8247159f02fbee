"""Where a recipient's certification stands on a day: rolling, and overdue is never ineligible."""

from dataclasses import dataclass
from datetime import date, timedelta

from siweb.messages.kinds.benefits import SUSPENSION_ANNOUNCED
from siweb.registry.tables.benefit import Benefit, BenefitState
from siweb.rules.benefits.certification import CertificationTerms, compute_certification
from siweb.rules.calendar.months import first_day


@dataclass(frozen=True, slots=True)
class BenefitStanding:
    """`last_day` is the day by which the next success is needed."""

    state: BenefitState
    certified_on: date
    last_day: date
    suspended_from_month: str

    @property
    def is_due(self) -> bool:
        """Return whether the person should do it now."""
        return self.state is not BenefitState.ACTIVE


def announced_on(suspended_from_month: str) -> date:
    """Return under which day the announcement stands that a benefit stops with a month.

    It tells the announcement of one certification's end from that of another, however late it was
    made.
    """
    return first_day(suspended_from_month) - timedelta(days=min(SUSPENSION_ANNOUNCED.days_before))


def standing(
    benefit: Benefit, terms: CertificationTerms, window_days: int, on: date
) -> BenefitStanding:
    """Return where a benefit stands on a day: active, due, overdue or suspended."""
    period = compute_certification(benefit.certified_on, terms)
    last_day = period.suspend_if_none_by
    if benefit.state is BenefitState.SUSPENDED:
        state = BenefitState.SUSPENDED
    # The last day itself is in time.
    elif on > last_day:
        state = BenefitState.OVERDUE
    elif on >= last_day - timedelta(days=window_days):
        state = BenefitState.DUE
    else:
        state = BenefitState.ACTIVE
    # The month of the benefit itself where it is suspended: late service moved it on.
    suspended_from = benefit.suspended_from_month or period.suspended_from_month
    return BenefitStanding(state, benefit.certified_on, last_day, suspended_from)
