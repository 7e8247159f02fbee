"""Which rate for work injury an employer has in a month, as the agency decides it (SIL 34, 35)."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.clock import office_day
from siweb.registry.tables.employer import Employer, InjuryRate
from siweb.rules.errors import Refusal
from siweb.rules.parameters.pack_set import PackSet


class InjuryRateRefused(Refusal):
    """When a rate cannot be decided so; `code` says why."""


class Risk(NamedTuple):
    """A class from 1 to 8, and a tier in ppm of the rate of that class."""

    injury_class: int
    injury_tier_ppm: int


class Risks:
    """The rates of one employer, by month."""

    def __init__(self, at_first: Risk, decisions: list[InjuryRate]) -> None:
        """Keep the decisions, the latest first, and what held before the first of them."""
        self._at_first = at_first
        self._decisions = decisions

    def in_month(self, month: str) -> Risk:
        """Return the rate that holds in a month."""
        for decision in self._decisions:
            if decision.from_month <= month:
                return Risk(decision.injury_class, decision.injury_tier_ppm)
        return self._at_first


def change_of_rate(
    session: Session,
    employer: Employer,
    risk: Risk,
    from_month: str,
    *,
    billed_through: str | None,
    packs: PackSet,
) -> int:
    """Return by how much, in ppm of wages, a decision changes the rate of its first month.

    `billed_through` is the last month that was billed: what was billed goes by what held then. The
    employer is held until commit.

    :raises InjuryRateRefused: "month_billed", "no_such_tier" for a tier that the class does not
        have, or "as_before" where it changes nothing.
    :raises ParameterMissing: when the region's pack has no rates for the month.
    """
    if billed_through is not None and from_month <= billed_through:
        raise InjuryRateRefused("month_billed")
    parameters = packs.parameters(employer.region_code, from_month)
    if risk.injury_tier_ppm not in parameters.injury_tiers(risk.injury_class):
        raise InjuryRateRefused("no_such_tier")
    # Two decisions of one month are numbered one after the other.
    session.get_one(Employer, employer.id, with_for_update=True)
    # Read under the lock: of two alike at once the second is "as_before".
    before = risks_of(session, employer).in_month(from_month)
    if before == risk:
        raise InjuryRateRefused("as_before")
    return parameters.injury_rate(*risk) - parameters.injury_rate(*before)


def decide_injury_rate(
    session: Session,
    employer: Employer,
    risk: Risk,
    from_month: str,
    basis: str,
    *,
    billed_through: str | None,
    packs: PackSet,
    made_by: int,
    actor: Actor,
    at: datetime,
) -> InjuryRate:
    """Return the decision of an employer's rate from a month on; the caller commits.

    :raises InjuryRateRefused: what `change_of_rate` refuses.
    :raises ParameterMissing: when the region's pack has no rates for the month.
    """
    change_of_rate(session, employer, risk, from_month, billed_through=billed_through, packs=packs)
    makers = (made_by, actor.account_id)
    return keep_decision(session, employer, risk, from_month, basis, makers=makers, at=at)


def keep_decision(
    session: Session,
    employer: Employer,
    risk: Risk,
    from_month: str,
    basis: str,
    *,
    makers: tuple[int, int | None],
    at: datetime,
    decided_on: date | None = None,
) -> InjuryRate:
    """Return the row of a decision; `makers` are the accounts of who made and who checked it.

    `decided_on` is an earlier day where it was decided before it could hold.
    """
    made_by, checked_by = makers
    decisions = decisions_of(session, employer.id)
    decision = InjuryRate(
        employer_id=employer.id,
        from_month=from_month,
        decision_number=1 + sum(each.from_month == from_month for each in decisions),
        region_code=employer.region_code,
        injury_class=risk.injury_class,
        injury_tier_ppm=risk.injury_tier_ppm,
        basis=basis,
        decided_on=decided_on or office_day(at),
        recorded_at=at,
        made_by_account_id=made_by,
        checked_by_account_id=checked_by,
    )
    session.add(decision)
    session.flush()
    what, facts = ("employer", employer.id), {"from_month": from_month, **risk._asdict()}
    by = Actor(checked_by, None)
    record_activity(session, "employer.injury_rate", actor=by, at=at, subject=what, facts=facts)
    return decision


def risks_of(session: Session, employer: Employer) -> Risks:
    """Return the rates of an employer, read once."""
    return Risks(_at_first(employer), decisions_of(session, employer.id))


def risks_by_key(session: Session, employer_id: int) -> Risks:
    """Return the rates of an employer that was not read; one statement."""
    decided = InjuryRate.employer_id == Employer.id
    rows = session.execute(
        select(Employer, InjuryRate)
        .outerjoin(InjuryRate, decided)
        .where(Employer.id == employer_id)
        .order_by(*_latest_first())
    ).all()
    decisions = [decision for _employer, decision in rows if decision is not None]
    return Risks(_at_first(rows[0][0]), decisions)


def _at_first(employer: Employer) -> Risk:
    return Risk(employer.injury_class, employer.injury_tier_ppm)


def decisions_of(session: Session, employer_id: int) -> list[InjuryRate]:
    """Return what was decided of an employer, what holds last first."""
    asked = select(InjuryRate).where(InjuryRate.employer_id == employer_id)
    return list(session.scalars(asked.order_by(*_latest_first())))


def risk_in(column: str, month: str) -> Any:
    """Return `injury_class` or `injury_tier_ppm` of every employer in a month, as a column.

    It stands in a query that reads `Employer`.
    """
    decided = (
        select(getattr(InjuryRate, column))
        .where(InjuryRate.employer_id == Employer.id, InjuryRate.from_month <= month)
        .order_by(*_latest_first())
        .limit(1)
        .correlate(Employer)
        .scalar_subquery()
    )
    return func.coalesce(decided, getattr(Employer, column))


def _latest_first() -> tuple[Any, Any]:
    return InjuryRate.from_month.desc(), InjuryRate.decision_number.desc()
