"""What a day does to benefits: due, overdue, suspended; never ended by the calendar (OpReg 26)."""

from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import SYSTEM
from siweb.audit.record import record_activity
from siweb.registry.tables.benefit import Benefit, BenefitState
from siweb.reviews.benefits.state import standing
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.rules.benefits.certification import CertificationTerms, compute_certification
from siweb.rules.calendar.months import month_of
from siweb.rules.parameters.pack_set import PackSet


def move_benefits(
    session: Session, *, packs: PackSet, on: date, at: datetime
) -> dict[BenefitState, int]:
    """Bring every benefit to where it stands on a day; return how many moved to each state.

    One statement for all that were certified on one day; a second run moves nothing. The caller
    commits.
    """
    month = month_of(on)
    moved: dict[BenefitState, int] = {}
    for region, window_days in _windows(session).items():
        terms = packs.parameters(region, month).certification_terms()
        for certified_on in _certified_days(session, region):
            state, first = _state_on(certified_on, terms, window_days, on)
            result = session.execute(
                update(Benefit)
                .where(
                    Benefit.region_code == region,
                    Benefit.certified_on == certified_on,
                    Benefit.state.not_in([state, BenefitState.TERMINATED]),
                )
                .values(state=state, suspended_from_month=first)
                .execution_options(synchronize_session=False)
            )
            number = int(result.rowcount)  # type: ignore[attr-defined]
            if number:
                moved[state] = moved.get(state, 0) + number
    if moved:
        facts = {state.value: number for state, number in moved.items()}
        record_activity(
            session,
            "benefits.moved",
            actor=SYSTEM,
            at=at,
            subject=("day", on.isoformat()),
            facts=facts,
        )
    return moved


def _state_on(
    certified_on: date, terms: CertificationTerms, window_days: int, on: date
) -> tuple[BenefitState, str | None]:
    first = compute_certification(certified_on, terms).suspended_from_month
    if month_of(on) >= first:
        return BenefitState.SUSPENDED, first
    benefit = Benefit(certified_on=certified_on, state=BenefitState.ACTIVE)
    return standing(benefit, terms, window_days, on).state, None


def _certified_days(session: Session, region: str) -> list[date]:
    query = (
        select(Benefit.certified_on)
        .where(Benefit.region_code == region, Benefit.state != BenefitState.TERMINATED)
        .distinct()
    )
    return list(session.scalars(query))


def _windows(session: Session) -> dict[str, int]:
    """Return of each region with certification how long before its last day one is due, in days."""
    campaigns = session.scalars(
        select(Campaign).where(Campaign.kind == ReviewKind.CERTIFICATION).order_by(Campaign.year)
    )
    return {campaign.region_code: campaign.window_days for campaign in campaigns}
