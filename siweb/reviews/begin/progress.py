"""How far a campaign of people is: of how many, by its own definition of who is meant.

Everything is counted in sets: who is meant, less whoever has a case. One question for each person
would be a second for a village and a night for a city.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from siweb.registry.tables.person_alias import PersonAlias
from siweb.reviews.begin.population import people_of, recipients_of, standing
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from siweb.reviews.tables.campaign_result import CampaignResult
from siweb.reviews.tables.review import Review, ReviewState

WITHOUT_SEASON = (ReviewKind.CERTIFICATION, ReviewKind.EMPLOYER_BASES)
"""What is never over as a whole: every recipient's own last day, and the employers' own review."""


class Progress(NamedTuple):
    """People, each counted once by how far they came."""

    silent: int
    begun: int
    sent: int
    decided: int
    # When who is silent was counted for good; None while answers are accepted.
    counted_at: datetime | None = None

    @property
    def meant(self) -> int:
        """Return how many it is about: whoever has a case is, also if they left since."""
        return self.silent + self.begun + self.sent + self.decided


def progress_of(session: Session, campaign: Campaign) -> Progress:
    """Return how far a campaign of people is; three statements at most, whatever the region."""
    if campaign.kind is ReviewKind.CERTIFICATION:
        return _of_recipients(session, campaign)
    result = session.get(CampaignResult, campaign.id)
    silent = _count(session, _silent(campaign)) if result is None else result.silent
    states = _states(session, _newest(campaign, sent_first=True))
    return Progress(
        silent, *_by_state(states), counted_at=None if result is None else result.counted_at
    )


def keep_results(session: Session, *, on: date, at: datetime) -> int:
    """Count for good who sent nothing in campaigns that are over; return how many. Once for each.

    The register goes on: who was enrolled on the last day is not known next year. The caller
    commits.
    """
    over = session.scalars(
        select(Campaign)
        .outerjoin(CampaignResult, CampaignResult.campaign_id == Campaign.id)
        .where(
            Campaign.kind.not_in(WITHOUT_SEASON),
            Campaign.closes_on < on,
            CampaignResult.campaign_id.is_(None),
        )
    ).all()
    for campaign in over:
        silent = _count(session, _silent(campaign))
        session.add(CampaignResult(campaign_id=campaign.id, counted_at=at, silent=silent))
    session.flush()
    return len(over)


def _of_recipients(session: Session, campaign: Campaign) -> Progress:
    """Count those who draw a benefit: certification has no season, each has a last day."""
    everybody = _count(session, recipients_of(campaign))
    due = recipients_of(campaign, are_due=True)
    number = _count(session, due)
    # What was decided of them was an earlier round: now they are due again.
    begun, sent, _earlier = _by_state(_states(session, _newest(campaign), among=due))
    return Progress(number - begun - sent, begun, sent, everybody - number)


def _newest(campaign: Campaign, *, sent_first: bool = False) -> Any:
    """Return each person's case that counts, as a subquery: the newest; of those sent, if any.

    What was sent before a case is begun anew holds until the new one is sent.
    """
    person = standing(Review.person_id).label("person")
    is_draft = case((Review.state == ReviewState.DRAFT, 1), else_=0)
    order = [is_draft] if sent_first else []
    place = func.row_number().over(
        partition_by=person, order_by=[*order, Review.round.desc(), Review.id.desc()]
    )
    cases = (
        select(person, Review.state.label("state"), place.label("place"))
        .outerjoin(PersonAlias, PersonAlias.former_id == Review.person_id)
        .where(Review.campaign_id == campaign.id)
        .subquery()
    )
    return select(cases.c.person, cases.c.state).where(cases.c.place == 1).subquery()


def _states(
    session: Session, newest: Any, *, among: Select[Any] | None = None
) -> Mapping[ReviewState, int]:
    asked = select(newest.c.state, func.count().label("people")).group_by(newest.c.state)
    if among is not None:
        asked = asked.where(newest.c.person.in_(among))
    return {row.state: row.people for row in session.execute(asked)}


def _by_state(states: Mapping[ReviewState, int]) -> tuple[int, int, int]:
    """Return who began, who sent and waits, who is decided."""
    waiting = sum(number for state, number in states.items() if state.is_waiting)
    decided = sum(number for state, number in states.items() if state.is_decided)
    return states.get(ReviewState.DRAFT, 0), waiting, decided


def _silent(campaign: Campaign) -> Any:
    """Return whom a campaign is for and who never began a case."""
    with_case = (
        select(standing(Review.person_id))
        .select_from(Review)
        .outerjoin(PersonAlias, PersonAlias.former_id == Review.person_id)
        .where(Review.campaign_id == campaign.id)
    )
    # A difference of sets, which both databases work out by sorting or hashing each side once.
    return people_of(campaign).except_(with_case)


def _count(session: Session, people: Any) -> int:
    return int(session.scalar(select(func.count()).select_from(people.subquery())) or 0)
