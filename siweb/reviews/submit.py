"""Send a review: decided once, with its objections, what it changes, and a receipt."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.registry.change_contact import Contact, change_contact
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.reviews.begin.help_relative import tell_reviewed
from siweb.reviews.facts import ReviewFacts
from siweb.reviews.kinds.outcome import (
    Outcome,
    base_choice_outcome,
    certification_outcome,
    medical_status_outcome,
    record_check_outcome,
)
from siweb.reviews.move import move_review
from siweb.reviews.objections.answer import tell_employers
from siweb.reviews.objections.raise_findings import raise_findings
from siweb.reviews.receipt import give_receipt
from siweb.reviews.tables.campaign import ReviewKind
from siweb.reviews.tables.review import ReviewState
from siweb.reviews.tasks.certified import apply_certification, hold_benefits
from siweb.rules.errors import Refusal
from siweb.wizard.answers import hand_in
from siweb.wizard.draft import Draft
from siweb.wizard.progress import Progress

OUTCOMES = {
    ReviewKind.RECORD_CHECK: record_check_outcome,
    ReviewKind.BASE_CHOICE: base_choice_outcome,
    ReviewKind.CERTIFICATION: certification_outcome,
    ReviewKind.MEDICAL_STATUS: medical_status_outcome,
}


class WindowClosed(Refusal):
    """When answers are sent after the last day of their campaign, `closed_on`."""

    def __init__(self, closed_on: date) -> None:
        super().__init__("window_closed", closed_on=closed_on)
        self.closed_on = closed_on


# What may refuse comes before the draft is handed in: nothing is sent then, and the answers stay.
def submit_review(
    session: Session,
    draft: Draft,
    state: Progress,
    *,
    actor: Actor,
    at: datetime,
    secret: str,
    helper_name: str | None = None,
) -> bool:
    """Decide a checked case; return False when it was sent before: nothing is done twice.

    :raises WindowClosed: when the campaign is over; the answers stay in the draft.
    :raises BenefitEnded: when there is nothing to certify any more.
    """
    facts: ReviewFacts = state.facts
    review = facts.review
    if not facts.campaign.is_open(facts.on):
        assert facts.campaign.closes_on is not None
        raise WindowClosed(facts.campaign.closes_on)
    if facts.campaign.kind is ReviewKind.CERTIFICATION:
        hold_benefits(session, facts)
    if review.state is not ReviewState.DRAFT or not hand_in(session, draft, at=at):
        return False
    outcome = OUTCOMES[facts.campaign.kind](state.forms, facts)
    # Frozen apart from the draft: the draft may be changed again, what was sent may not.
    review.answers = {step.name: state.forms[step.name].values() for step in state.steps}
    review.submitted_at = at
    review.helper_name = helper_name
    session.flush()
    moved = move_review(
        session,
        review,
        outcome.state,
        reason=outcome.reason,
        actor=actor,
        at=at,
        answer_by=outcome.answer_by,
        facts={**outcome.facts, **({"helper": helper_name} if helper_name else {})},
    )
    if not moved:
        return False
    # After the case moved: whoever sends it twice raises nothing twice.
    raise_findings(session, facts, outcome.findings, at=at)
    tell_employers(session, review, at=at)
    if helper_name:
        tell_reviewed(session, review, facts.campaign.kind, facts.campaign.region_code, at=at)
    _apply(facts, state, outcome, actor=actor, at=at, secret=secret)
    give_receipt(session, facts, actor=actor, at=at, secret=secret)
    return True


def _apply(
    facts: ReviewFacts,
    state: Progress,
    outcome: Outcome,
    *,
    actor: Actor,
    at: datetime,
    secret: str,
) -> None:
    if facts.campaign.kind is ReviewKind.BASE_CHOICE:
        # Added, never changed: of two choices for the same months the one declared last holds.
        facts.session.add(
            DeclaredBase(
                person_id=facts.review.person_id,
                region_code=facts.person.region_code,
                employer_id=None,
                insurance=None,
                from_month=facts.campaign.period_from_month,
                declared_base_fen=outcome.facts["base_fen"],
                origin="base_choice",
                declared_at=at,
            )
        )
    if facts.campaign.kind is ReviewKind.CERTIFICATION and outcome.state is ReviewState.PASSED:
        apply_certification(facts.session, facts, actor=actor, at=at, secret=secret)
    contact = state.forms.get("contact")
    if contact is not None:
        change_contact(
            facts.session,
            facts.person,
            Contact(contact.data["mobile"], contact.data["address"], contact.data["email"]),
            actor=actor,
            at=at,
        )
    facts.session.flush()
