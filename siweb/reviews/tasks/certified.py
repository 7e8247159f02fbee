"""What a certification that passed does: the next period starts, and who else looks at it."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.registry.tables.benefit import BenefitState
from siweb.reviews.facts import ReviewFacts
from siweb.reviews.tables.task import TaskKind
from siweb.reviews.tasks.open import is_sampled, open_task

# A declaration can be wrong; what other bodies' data showed or a person only confirmed is not one.
_RESTS_ON_A_DECLARATION = {"by_relative", "self_declared", "certified_by_agency"}


def apply_certification(
    session: Session, facts: ReviewFacts, *, actor: Actor, at: datetime, secret: str
) -> None:
    """Start the next period; a suspended benefit goes on, and a task pays what was held back."""
    benefit, review = facts.benefit, facts.review
    held_back_from = benefit.suspended_from_month
    benefit.certified_on = facts.on
    benefit.state = BenefitState.ACTIVE
    benefit.suspended_from_month = None
    if held_back_from is not None and held_back_from <= f"{facts.on:%Y-%m}":
        words = _("Held back from %(month)s on.", month=held_back_from)
        open_task(
            session,
            review,
            facts.campaign,
            TaskKind.BACK_PAY,
            actor=actor,
            on=facts.on,
            at=at,
            words=words,
        )
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
