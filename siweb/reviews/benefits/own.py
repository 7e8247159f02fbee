"""What a person draws, as they read it: amount, payments, until when it is certified."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from siweb.ledgers.tables.benefit_entry import PAYS, BenefitEntry, BenefitEntryKind
from siweb.registry.person_keys import is_of
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from siweb.reviews.benefits.state import BenefitStanding, standing
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.review import Review, ReviewState
from siweb.rules.calendar.months import add_months, month_of
from siweb.rules.errors import RuleError
from siweb.rules.parameters.pack_set import PackSet


@dataclass(frozen=True, slots=True)
class OwnBenefit:
    """A benefit with where its certification stands, and what of it was paid and held back."""

    benefit: Benefit
    # None where it has ended, where a sentence stops it, or where its region certifies nobody.
    standing: BenefitStanding | None
    # The month that is paid next; None while nothing is.
    next_month: str | None
    last_paid: BenefitEntry | None
    held_months: int
    held_fen: int
    # Its certification, sent and not decided: "certify now" beside it would have it sent again.
    sent: Review | None = None


def next_month(benefit: Benefit, recorded: str | None, on: date) -> str | None:
    """Return the month of a benefit that is paid next, or None while it is not paid.

    This month waits until the books say that it was paid or held back: agencies pay within a month,
    and only their list tells the day. Of months behind it, an old list is missing, not a payment.
    """
    if benefit.state is BenefitState.TERMINATED:
        return None
    following = max(month_of(on), benefit.from_month)
    if recorded is not None:
        following = max(following, add_months(recorded, 1))
    stops = benefit.suspended_from_month
    return None if stops is not None and stops <= following else following


def recorded_benefits(session: Session, person_id: int) -> list[tuple[Benefit, str | None]]:
    """Return what a person draws, and of each the last month that was paid or held back.

    As `due.benefits_of`, the one that was certified longest ago first; one statement for home.
    """
    rows = session.execute(
        select(Benefit, _RECORDED)
        .where(is_of(Benefit.person_id, person_id), Benefit.state != BenefitState.TERMINATED)
        .order_by(Benefit.certified_on, Benefit.id)
    )
    return [(benefit, month) for benefit, month in rows]


def own_benefits(
    session: Session, person_id: int, benefits: Sequence[Benefit], *, packs: PackSet, on: date
) -> list[OwnBenefit]:
    """Return a person's benefits with how they stand; four statements whatever the data."""
    regions = {benefit.region_code for benefit in benefits}
    windows, sent = _certifying(session, person_id, regions)
    paid = _last_paid(session, person_id)
    held = _held(session, person_id)
    recorded = {benefit.id: month for benefit, month in recorded_benefits(session, person_id)}
    return [
        OwnBenefit(
            benefit,
            _standing(benefit, windows, packs, on),
            next_month(benefit, recorded.get(benefit.id), on),
            paid.get(benefit.kind),
            *held.get(benefit.kind, (0, 0)),
            sent=sent.get(benefit.region_code),
        )
        for benefit in benefits
    ]


def _standing(
    benefit: Benefit, windows: dict[str, int], packs: PackSet, on: date
) -> BenefitStanding | None:
    if benefit.state is BenefitState.TERMINATED or benefit.stop_sign_id is not None:
        return None
    if benefit.region_code not in windows:
        return None
    # A pack without its terms must not take the whole page along.
    try:
        terms = packs.parameters(benefit.region_code, month_of(on)).certification_terms()
    except RuleError:
        return None
    return standing(benefit, terms, windows[benefit.region_code], on)


def _certifying(
    session: Session, person_id: int, regions: set[str]
) -> tuple[dict[str, int], dict[str, Review]]:
    """Return of each region that certifies how many days before the last one it is asked for.

    And where the person has sent a certification that nobody has decided: that one.
    """
    is_sent = and_(
        Review.campaign_id == Campaign.id,
        is_of(Review.person_id, person_id),
        Review.state.in_([state for state in ReviewState if state.is_waiting]),
    )
    rows = session.execute(
        select(Campaign, Review)
        .outerjoin(Review, is_sent)
        .where(Campaign.kind == ReviewKind.CERTIFICATION, Campaign.region_code.in_(sorted(regions)))
        .order_by(Campaign.year)
    ).all()
    return (
        {campaign.region_code: campaign.window_days for campaign, _ in rows},
        # Of any year: what was sent at the end of one is decided in the next.
        {campaign.region_code: review for campaign, review in rows if review is not None},
    )


def _last_paid(session: Session, person_id: int) -> dict[BenefitKind, BenefitEntry]:
    """Return the last payment of each benefit, by the day on which it was paid."""
    entry = BenefitEntry
    newest = (
        select(entry.benefit, func.max(entry.paid_on).label("paid_on"))
        .where(is_of(entry.person_id, person_id), entry.kind.in_(PAYS))
        .group_by(entry.benefit)
        .subquery("newest")
    )
    found = session.scalars(
        select(entry)
        .join(newest, (newest.c.benefit == entry.benefit) & (newest.c.paid_on == entry.paid_on))
        .where(is_of(entry.person_id, person_id), entry.kind.in_(PAYS))
        # Of several months paid on one day, as back pay is, the latest.
        .order_by(entry.month)
    )
    return {each.benefit: each for each in found}


def _held(session: Session, person_id: int) -> dict[BenefitKind, tuple[int, int]]:
    """Return how many months of each benefit are held back and unpaid, and their sum in fen."""
    entry, paying = BenefitEntry, aliased(BenefitEntry)
    is_paid = exists().where(
        paying.person_id == entry.person_id,
        paying.region_code == entry.region_code,
        paying.benefit == entry.benefit,
        paying.month == entry.month,
        paying.kind.in_(PAYS),
    )
    rows = session.execute(
        select(entry.benefit, func.count(), func.sum(entry.amount_fen))
        .where(is_of(entry.person_id, person_id), entry.kind == BenefitEntryKind.HELD, ~is_paid)
        .group_by(entry.benefit)
    )
    return {benefit: (int(count), int(fen)) for benefit, count, fen in rows}


# A difference alone settles no month.
_RECORDED = (
    select(func.max(BenefitEntry.month))
    .where(
        BenefitEntry.person_id == Benefit.person_id,
        BenefitEntry.benefit == Benefit.kind,
        BenefitEntry.kind != BenefitEntryKind.ADJUSTED,
    )
    .correlate(Benefit)
    .scalar_subquery()
)
