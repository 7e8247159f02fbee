"""The receipt of a case: what was decided and why; a later decision issues its next version."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.documents.issue import IssuedDocument, issue_document
from siweb.documents.payload import in_both_languages, receipt_payload
from siweb.documents.tables.document import Document, DocumentKind
from siweb.reviews.facts import ReviewFacts
from siweb.reviews.kinds.medical_status import RELIEFS, STATUS_STEPS, STATUSES
from siweb.reviews.labels import KINDS, REASONS, STATES


def give_receipt(
    session: Session, facts: ReviewFacts, *, actor: Actor, at: datetime, secret: str
) -> IssuedDocument:
    """Issue the receipt of a case as it stands; the one it replaces says so when verified."""
    review = facts.review
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
        supersedes=_replaced(session, facts),
    )
    review.document_id = issued.document_id
    session.flush()
    return issued


def _replaced(session: Session, facts: ReviewFacts) -> Document | None:
    """Return the receipt that a new one replaces: of this case, or of the choice made before."""
    document_id = facts.review.document_id
    # A certificate of an earlier round stays true;
    # of two bases for the same months only the last is.
    if document_id is None and facts.campaign.may_be_repeated and facts.earlier is not None:
        document_id = facts.earlier.document_id
    return session.get(Document, document_id) if document_id else None


def _receipt_facts(facts: ReviewFacts) -> list[Any]:
    review = facts.review
    lines: list[Any] = [
        (in_both_languages(_l("Case number")), review.reference),
        (in_both_languages(_l("Year")), str(facts.campaign.year)),
        (in_both_languages(_l("Reason")), in_both_languages(REASONS[review.reason or ""].why)),
    ]
    base = (review.answers or {}).get("base", {}).get("base_fen")
    if base:
        lines.append((in_both_languages(_l("Your monthly base")), {"fen": base}))
    for step, words in (("status", STATUSES), ("relief", RELIEFS)):
        # The paper is for whoever is insured by it: a school, a clinic, next year's self.
        if chosen := (review.answers or {}).get(step, {}).get(step):
            lines.append((in_both_languages(STATUS_STEPS[step]), in_both_languages(words[chosen])))
    if review.helper_name:
        lines.append((in_both_languages(_l("Declared by")), {"name": review.helper_name}))
    return lines
