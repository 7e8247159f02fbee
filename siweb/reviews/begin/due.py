"""Which reviews are due for a person, by the campaigns of the regions and the register."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, bindparam, cast, exists, or_, select
from sqlalchemy.orm import Session

from siweb.registry.codes import Insurance, Scheme
from siweb.registry.person_keys import is_of
from siweb.registry.tables.benefit import Benefit, BenefitState
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.region import Region
from siweb.reviews.benefits.state import BenefitStanding, standing
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.review import Review, ReviewState
from siweb.rules.parameters.pack_set import PackSet
from siweb.wizard.draft import Draft


@dataclass(frozen=True, slots=True)
class DueReview:
    """One campaign that a person belongs to, and their case in it so far."""

    campaign: Campaign
    region: Region
    review: Review | None
    due_on: date | None
    # Certification only: where the benefit stands.
    standing: BenefitStanding | None = None
    # What was sent before a case that is begun anew: it holds until the new one is sent.
    earlier: Review | None = None
    # The person, or who acts for them, opened its questions: a counter or a relative opens the case
    # alone, and a relative answers in a form of their own.
    has_answers: bool = False

    @property
    def is_to_do(self) -> bool:
        """Return whether the person has something to do now."""
        # A draft was sent by nobody: it is still to be done.
        if self.review is not None and self.review.state is not ReviewState.DRAFT:
            return False
        return self.standing is None or self.standing.is_due

    @property
    def is_waiting(self) -> bool:
        """Return whether the answers were sent and nobody has decided."""
        return self.review is not None and self.review.state.is_waiting

    @property
    def may_be_repeated(self) -> bool:
        """Return whether a passed case may be done anew: only open campaigns are listed at all."""
        return (
            self.review is not None
            and self.review.state is ReviewState.PASSED
            and self.campaign.may_be_repeated
        )

    @property
    def is_started(self) -> bool:
        """Return whether there are answers to go on with."""
        return self.is_open and self.has_answers

    @property
    def is_open(self) -> bool:
        """Return whether the case was opened, be it at the counter, and is not sent."""
        return self.review is not None and self.review.state is ReviewState.DRAFT

    @property
    def is_from_counter(self) -> bool:
        """Return whether the counter opened the case, and its person has not answered yet."""
        return (
            self.review is not None
            and self.is_open
            and not self.has_answers
            and self.review.helper_account_id is None
        )


def due_reviews(
    session: Session,
    person_id: int,
    *,
    packs: PackSet,
    on: date,
    benefits: Sequence[Benefit] | None = None,
) -> list[DueReview]:
    """Return the person's reviews, what is to do first; three statements whatever the data.

    Two where the person's benefits were read already.
    """
    rows = session.execute(_CAMPAIGNS, {"person_id": person_id, "on": on}).all()
    reviews = _reviews(session, person_id)
    drawn = benefits_of(session, person_id) if benefits is None else benefits
    found = [
        _due(campaign, region, reviews.get(campaign.id, []), drawn, packs, on)
        for campaign, region in rows
    ]
    # What has no last day is the least urgent of what is to do.
    return sorted(found, key=lambda due: (not due.is_to_do, due.due_on or date.max))


def benefits_of(session: Session, person_id: int) -> Sequence[Benefit]:
    """Return what a person draws, the one that was certified longest ago first."""
    return session.scalars(_BENEFITS, {"person_id": person_id}).all()


def may_start(
    session: Session, campaign_id: int, person_id: int, *, packs: PackSet, on: date
) -> DueReview | None:
    """Return the campaign if the person may begin, go on or begin anew in it now, else None."""
    return next(
        (
            due
            for due in due_reviews(session, person_id, packs=packs, on=on)
            if due.campaign.id == campaign_id and (due.is_to_do or due.may_be_repeated)
        ),
        None,
    )


def _due(
    campaign: Campaign,
    region: Region,
    reviews: Sequence[tuple[Review, bool]],
    benefits: Sequence[Benefit],
    packs: PackSet,
    on: date,
) -> DueReview:
    # The newest case and the one before it, where there are any.
    none = (None, False)
    (review, has_answers), (earlier, _) = (*reversed(reviews), none, none)[:2]
    if campaign.kind is not ReviewKind.CERTIFICATION:
        begun_anew = review is not None and review.state is ReviewState.DRAFT
        return DueReview(
            campaign,
            region,
            review,
            campaign.closes_on,
            earlier=earlier if begun_anew else None,
            has_answers=has_answers,
        )
    # Of several benefits the one that was certified longest ago is due first.
    benefit = next(benefit for benefit in benefits if benefit.region_code == campaign.region_code)
    terms = packs.parameters(campaign.region_code, f"{on:%Y-%m}").certification_terms()
    stands = standing(benefit, terms, campaign.window_days, on)
    if review is not None and review.state.is_decided and stands.is_due:
        review = None  # that was an earlier round
    return DueReview(campaign, region, review, stands.last_day, stands, has_answers=has_answers)


def _reviews(session: Session, person_id: int) -> dict[int, list[tuple[Review, bool]]]:
    """Return a person's cases by campaign, the newest last, and whether each was answered."""
    rows = session.execute(_REVIEWS, {"person_id": person_id})
    found: dict[int, list[tuple[Review, bool]]] = {}
    for review, has_answers in rows:
        found.setdefault(review.campaign_id, []).append((review, bool(has_answers)))
    return found


def _belongs(person_id: Any) -> ColumnElement[bool]:
    """Return the condition that a campaign is for a person: its kind's population."""
    enrolled = and_(
        is_of(Enrolment.person_id, person_id),
        Enrolment.region_code == Campaign.region_code,
        # Whoever left in the campaign's months has months in it to check.
        or_(Enrolment.to_month.is_(None), Enrolment.to_month >= Campaign.period_from_month),
    )
    as_employee = and_(
        Campaign.kind == ReviewKind.RECORD_CHECK,
        exists().where(
            enrolled,
            Enrolment.scheme == Scheme.EMPLOYEE,
            Enrolment.from_month <= Campaign.period_to_month,
        ),
    )
    as_flexible = and_(
        Campaign.kind == ReviewKind.BASE_CHOICE,
        exists().where(enrolled, Enrolment.scheme == Scheme.FLEXIBLE, Enrolment.to_month.is_(None)),
    )
    as_insured_alone = and_(
        Campaign.kind == ReviewKind.MEDICAL_STATUS,
        exists().where(
            enrolled,
            Enrolment.insurance == Insurance.MEDICAL,
            # Through an employer there is nothing to state: the employer's own lists say it.
            Enrolment.scheme.in_([Scheme.FLEXIBLE, Scheme.RESIDENT]),
            Enrolment.to_month.is_(None),
        ),
    )
    as_recipient = and_(
        Campaign.kind == ReviewKind.CERTIFICATION,
        exists().where(
            is_of(Benefit.person_id, person_id),
            Benefit.region_code == Campaign.region_code,
            Benefit.state != BenefitState.TERMINATED,
        ),
    )
    return or_(as_employee, as_flexible, as_insured_alone, as_recipient)


# Put together once: that costs more than to run them, and home is opened by everybody.
_person_id: Any = bindparam("person_id")
_on: Any = bindparam("on", type_=Date())
_CAMPAIGNS = (
    select(Campaign, Region)
    .join(Region, Region.code == Campaign.region_code)
    .where(
        Campaign.opens_on <= _on,
        or_(Campaign.closes_on.is_(None), Campaign.closes_on >= _on),
        _belongs(_person_id),
    )
    .order_by(Campaign.closes_on, Campaign.id)
)
# By the kinds' own forms, not by that of a relative (`start.by_relative`): a step into the index.
_HAS_ANSWERS = exists().where(
    Draft.definition.in_([kind.value for kind in ReviewKind]),
    Draft.subject_kind == "review",
    Draft.subject_id == cast(Review.id, Draft.subject_id.type),
)
_REVIEWS = (
    select(Review, _HAS_ANSWERS)
    .where(is_of(Review.person_id, _person_id))
    .order_by(Review.round, Review.id)
)
_BENEFITS = (
    select(Benefit)
    .where(is_of(Benefit.person_id, _person_id), Benefit.state != BenefitState.TERMINATED)
    .order_by(Benefit.certified_on, Benefit.id)
)
