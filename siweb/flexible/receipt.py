"""The receipt of what somebody who insures themselves handed in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.clock import office_day
from siweb.documents.issue import IssuedDocument, issue_document
from siweb.documents.payload import Words, in_both_languages, receipt_payload
from siweb.documents.tables.document import DocumentKind
from siweb.flexible.labels import RECEIPT
from siweb.registry.codes import Insurance
from siweb.registry.tables.person import Person
from siweb.web.language.labels import INSURANCES

# Between two insurances of a list.
_BETWEEN = {"zh_Hans": "、", "en": ", "}


def give_receipt(
    session: Session,
    person: Person,
    subject: tuple[str, str],
    matter: str,
    region_code: str,
    insurances: Sequence[Insurance],
    month: str,
    *,
    actor: Actor,
    at: datetime,
    secret: str,
    base_fen: int | None = None,
) -> IssuedDocument:
    """Issue the receipt of "joined", from a month on, or "stopped", through a month."""
    when = "from" if matter == "joined" else "through"
    facts: list[Any] = [
        (in_both_languages(RECEIPT["insurances"]), _names(insurances)),
        (in_both_languages(RECEIPT[when]), {"month": month}),
    ]
    if base_fen is not None:
        facts.append((in_both_languages(RECEIPT["base"]), {"fen": base_fen}))
    payload = receipt_payload(
        name=person.name,
        id_number=person.id_number,
        matter=in_both_languages(RECEIPT[matter]),
        outcome=in_both_languages(RECEIPT["accepted"]),
        outcome_code="accepted",
        decided_on=office_day(at),
        facts=facts,
        next_steps=[in_both_languages(RECEIPT[f"next_{matter}"])],
    )
    return issue_document(
        session,
        kind=DocumentKind.FILING_RECEIPT,
        subject=subject,
        person_id=person.id,
        region_code=region_code,
        payload=payload,
        secret=secret,
        at=at,
        actor=actor,
    )


def _names(insurances: Sequence[Insurance]) -> Words:
    names = [in_both_languages(INSURANCES[each.value]) for each in insurances]
    return {
        locale: between.join(name[locale] for name in names) for locale, between in _BETWEEN.items()
    }
