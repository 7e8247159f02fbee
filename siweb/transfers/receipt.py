"""The receipt of a transfer that somebody applied for, and the paper of a refusal."""

from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.documents.issue import issue_document
from siweb.documents.payload import Value, in_both_languages, receipt_payload
from siweb.documents.tables.document import Document, DocumentKind
from siweb.registry.tables.person import Person
from siweb.transfers.labels import DIRECTIONS, STATES
from siweb.transfers.tables.pension_transfer import PensionTransfer, TransferState

_NEXT = {
    TransferState.APPLIED: _l(
        "The agencies write to each other; you bring no paper, and are sent a message at each step."
    ),
    TransferState.REFUSED: _l(
        "If you do not agree: ask for administrative review or go to court within the terms named."
    ),
}


def issue_receipt(
    session: Session,
    transfer: PensionTransfer,
    person: Person,
    reasons: str = "",
    *,
    on: date,
    actor: Actor,
    at: datetime,
    secret: str,
) -> None:
    """Issue the receipt of a transfer as it stands; a refusal replaces that of applying."""
    payload = receipt_payload(
        name=person.name,
        id_number=person.id_number,
        matter=in_both_languages(DIRECTIONS[transfer.direction]),
        outcome=in_both_languages(STATES[transfer.state]),
        outcome_code=transfer.state.value,
        decided_on=on,
        facts=[(in_both_languages(label), value) for label, value in _facts(transfer, reasons)],
        next_steps=[in_both_languages(_NEXT[transfer.state])],
    )
    replaced = transfer.document_id
    issued = issue_document(
        session,
        kind=DocumentKind.FILING_RECEIPT,
        subject=("pension_transfer", transfer.id),
        person_id=transfer.person_id,
        region_code=transfer.region_code,
        payload=payload,
        secret=secret,
        at=at,
        actor=actor,
        supersedes=None if replaced is None else session.get(Document, replaced),
    )
    transfer.document_id = issued.document_id
    session.flush()


def _facts(transfer: PensionTransfer, reasons: str) -> list[tuple[Any, Value]]:
    facts: list[tuple[Any, Value]] = [(_l("Number"), transfer.reference)]
    if transfer.other_region:
        facts.append((_l("The other region"), transfer.other_region))
    if transfer.review_until is None or transfer.suit_until is None:
        return [*facts, (_l("Done by"), {"day": transfer.done_by.isoformat()})]
    return [
        *facts,
        (_l("Reasons"), reasons),
        (_l("Administrative review until"), {"day": transfer.review_until.isoformat()}),
        (_l("Court until"), {"day": transfer.suit_until.isoformat()}),
    ]
