"""Send a review: decided once, with its objections, what it changes, and a receipt."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.documents.issue import IssuedDocument, issue_document
from siweb.documents.payload import in_both_languages, receipt_payload
from siweb.documents.tables.document import Document, DocumentKind
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.codes import Insurance
from siweb.registry.tables.benefit import BenefitState
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.enrolment import Enrolment
from siweb.reviews.facts import ReviewFacts
from siweb.reviews.labels import KINDS, REASONS, STATES
from siweb.reviews.move import move_review
from siweb.reviews.outcome import (
    Finding,
    Outcome,
    base_choice_outcome,
    certification_outcome,
    record_check_outcome,
)
from siweb.reviews.tables.campaign import ReviewKind
from siweb.reviews.tables.objection import Objection
from siweb.reviews.tables.review import ReviewState
from siweb.wizard.answers import hand_in
from siweb.wizard.draft import Draft
from siweb.wizard.progress import Progress

OUTCOMES = {
    ReviewKind.RECORD_CHECK: record_check_outcome,
    ReviewKind.BASE_CHOICE: base_choice_outcome,
    ReviewKind.CERTIFICATION: certification_outcome,
}


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
    """Decide a checked case; return False when it was sent before: nothing is done twice."""
    facts: ReviewFacts = state.facts
    review = facts.review
    if review.state is not ReviewState.DRAFT or not hand_in(session, draft, at=at):
        return False
    outcome = OUTCOMES[facts.campaign.kind](state.forms, facts)
    review.answers = {step.name: state.forms[step.name].said() for step in state.steps}
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
    _keep_findings(session, facts, outcome.findings, at)
    _apply(facts, state, outcome, at)
    give_receipt(session, facts, actor=actor, at=at, secret=secret)
    return True


def give_receipt(
    session: Session, facts: ReviewFacts, *, actor: Actor, at: datetime, secret: str
) -> IssuedDocument:
    """Issue the receipt of a case as it stands; a later decision issues the next version."""
    review = facts.review
    older = session.get(Document, review.document_id) if review.document_id else None
    payload = receipt_payload(
        name=facts.person.name,
        id_number=facts.person.id_number,
        matter=in_both_languages(KINDS[facts.campaign.kind]),
        outcome=in_both_languages(STATES[review.state]),
        outcome_code=review.state.value,
        decided_on=facts.on,
        facts=_receipt_facts(facts),
        next_steps=[in_both_languages(REASONS[review.reason or ""].next)],
    )
    issued = issue_document(
        session,
        kind=DocumentKind.REVIEW_RECEIPT,
        subject=("review", review.id),
        person_id=review.person_id,
        region_code=facts.campaign.region_code,
        payload=payload,
        secret=secret,
        at=at,
        actor=actor,
        supersedes=older,
    )
    review.document_id = issued.document_id
    session.flush()
    return issued


def apply_certification(facts: ReviewFacts) -> None:
    """Start the next period; a suspended benefit goes on, with what was not paid meanwhile."""
    benefit = facts.benefit
    benefit.certified_on = facts.on
    benefit.state = BenefitState.ACTIVE
    benefit.suspended_from_month = None


def _apply(facts: ReviewFacts, state: Progress, outcome: Outcome, at: datetime) -> None:
    if facts.campaign.kind is ReviewKind.BASE_CHOICE:
        facts.session.add(
            DeclaredBase(
                person_id=facts.review.person_id,
                employer_id=None,
                insurance=None,
                from_month=facts.campaign.period_from_month,
                declared_base_fen=outcome.facts["base_fen"],
                origin="base_choice",
                declared_at=at,
            )
        )
    if facts.campaign.kind is ReviewKind.CERTIFICATION and outcome.state is ReviewState.PASSED:
        apply_certification(facts)
    contact = state.forms.get("contact")
    if contact is not None:
        facts.person.mobile = contact.data["mobile"]
        facts.person.address = contact.data["address"] or None
        facts.person.email = contact.data["email"] or None
    facts.session.flush()


def _keep_findings(
    session: Session, facts: ReviewFacts, findings: tuple[Finding, ...], at: datetime
) -> None:
    employers = _employers(session, facts) if findings else {}
    for one in findings:
        session.add(
            Objection(
                review_id=facts.review.id,
                problem=one.problem,
                insurance=Insurance(one.insurance) if one.insurance else None,
                contribution_month=one.month,
                claimed_base_fen=one.claimed_base_fen,
                words=one.words,
                found_by_office=one.found_by_office,
                employer_id=employers.get((one.insurance, one.month)),
                raised_at=at,
            )
        )
    session.flush()


def _employers(session: Session, facts: ReviewFacts) -> Mapping[tuple[str | None, str | None], Any]:
    """Return who can confirm a month: the employer of the record, else of the enrolment."""
    found: dict[tuple[str | None, str | None], Any] = {}
    enrolments = session.execute(
        select(
            Enrolment.insurance, Enrolment.from_month, Enrolment.to_month, Enrolment.employer_id
        ).where(Enrolment.person_id == facts.review.person_id, Enrolment.employer_id.is_not(None))
    ).all()
    for insurance, first, last, employer_id in enrolments:
        for month in facts.months:
            if first <= month and (last is None or month <= last):
                found[insurance.value, month] = employer_id
    records = session.execute(
        select(
            ContributionRecord.insurance,
            ContributionRecord.contribution_month,
            ContributionRecord.employer_id,
        ).where(
            ContributionRecord.person_id == facts.review.person_id,
            ContributionRecord.contribution_month.in_(facts.months),
        )
    ).all()
    return found | {(one.value, month): employer for one, month, employer in records if employer}


def _receipt_facts(facts: ReviewFacts) -> list[Any]:
    lines: list[Any] = [
        (in_both_languages(_l("Case number")), facts.review.reference),
        (
            in_both_languages(_l("Reason")),
            in_both_languages(REASONS[facts.review.reason or ""].why),
        ),
    ]
    base = (facts.review.answers or {}).get("base", {}).get("base_fen")
    if base:
        lines.append((in_both_languages(_l("Your monthly base")), {"fen": base}))
    if facts.review.helper_name:
        lines.append((in_both_languages(_l("Declared by")), facts.review.helper_name))
    return lines
