"""What a certification that passed does: the next period starts, and who else looks at it."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.ledgers.benefits.hold import hold_months
from siweb.messages.kinds.benefits import BENEFIT_RESUMED
from siweb.messages.notify import notify
from siweb.registry.person_keys import is_of
from siweb.registry.tables.benefit import Benefit, BenefitState
from siweb.reviews.facts import ReviewFacts
from siweb.reviews.tables.task import TaskKind
from siweb.reviews.tasks.open import is_sampled, open_task
from siweb.rules.calendar.months import month_of
from siweb.rules.errors import Refusal

# A declaration can be wrong; what other bodies' data showed or a person only confirmed is not one.
_RESTS_ON_A_DECLARATION = {"by_relative", "self_declared", "certified_by_agency"}


class BenefitEnded(Refusal):
    """When there is no benefit to certify any more, as after a death."""

    def __init__(self) -> None:
        super().__init__("benefit_ended")


def hold_benefits(session: Session, facts: ReviewFacts) -> list[Benefit]:
    """Return the running benefits of a case, held until commit: none ends meanwhile.

    :raises BenefitEnded: when none runs; a case may have been open when its person died.
    """
    benefits = session.scalars(
        select(Benefit)
        .where(
            is_of(Benefit.person_id, facts.review.person_id),
            Benefit.region_code == facts.campaign.region_code,
            Benefit.state != BenefitState.TERMINATED,
            # A sentence is no missing certification: certifying lets nothing go on.
            Benefit.stop_sign_id.is_(None),
        )
        .order_by(Benefit.certified_on, Benefit.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if not benefits:
        raise BenefitEnded
    return list(benefits)


def apply_certification(
    session: Session, facts: ReviewFacts, *, actor: Actor, at: datetime, secret: str
) -> None:
    """Start the next period; a suspended benefit goes on, and a task pays what was held back.

    Who draws two benefits of a region is certified once for both, and one task pays both back.

    :raises BenefitEnded: when there is none.
    """
    review = facts.review
    benefits = hold_benefits(session, facts)
    # The months that no day kept yet: from here on the benefit is not suspended any more.
    hold_months(session, on=facts.on, at=at, benefits=[each.id for each in benefits])
    held: list[str] = []
    for benefit in benefits:
        held_back_from = benefit.suspended_from_month
        if benefit.state is BenefitState.SUSPENDED:
            notify(
                session,
                BENEFIT_RESUMED,
                review.person_id,
                region_code=benefit.region_code,
                subject=("benefit", benefit.id),
                at=at,
            )
        benefit.certified_on = facts.on
        benefit.state = BenefitState.ACTIVE
        benefit.suspended_from_month = None
        # A suspension that was announced and has not begun held nothing back.
        if held_back_from is not None and held_back_from <= month_of(facts.on):
            held.append(held_back_from)
    if held:
        open_task(
            session,
            review,
            facts.campaign,
            TaskKind.BACK_PAY,
            actor=actor,
            on=facts.on,
            at=at,
            words=_("Held back from %(month)s on.", month=min(held)),
        )
    _draw_for_recheck(session, facts, actor=actor, at=at, secret=secret)


def _draw_for_recheck(
    session: Session, facts: ReviewFacts, *, actor: Actor, at: datetime, secret: str
) -> None:
    """Open a second look at a share of what rests on a declaration."""
    review = facts.review
    if review.reason in _RESTS_ON_A_DECLARATION and is_sampled(
        secret, review.reference, facts.campaign.recheck_ppm
    ):
        open_task(
            session,
            review,
            facts.campaign,
            TaskKind.RECHECK,
            actor=actor,
            on=facts.on,
            at=at,
        )
