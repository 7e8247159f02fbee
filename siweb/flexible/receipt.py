"""The receipt of what somebody who insures themselves handed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.clock import office_day
from siweb.documents.issue import IssuedDocument, issue_document
from siweb.documents.payload import Words, in_both_languages, receipt_payload
from siweb.documents.tables.document import DocumentKind
from siweb.flexible.labels import RECEIPT, RHYTHMS
from siweb.messages.kinds.registration import OWN_INSURANCE_BEGUN, OWN_INSURANCE_STOPPED
from siweb.messages.notify import notify
from siweb.registry.codes import Insurance
from siweb.registry.tables.person import Person
from siweb.rules.calendar.pay_periods import Every
from siweb.web.language.labels import INSURANCES

SUBJECT = "own_insurance"
"""The kind of what a receipt, or a draft, of this room is about."""
_NOTIFIED = {"joined": OWN_INSURANCE_BEGUN, "stopped": OWN_INSURANCE_STOPPED}
# Between two insurances of a list.
_BETWEEN = {"zh_Hans": "、", "en": ", "}


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What somebody handed in: "joined" from a month on, or "stopped" after one."""

    matter: str
    reference: str
    region_code: str
    insurances: Sequence[Insurance]
    month: str
    base_fen: int | None = None
    # How they work, a key of `WORK`; only who joins says so.
    work: str | None = None
    # How often they pay; who adds an insurance has said so before.
    every: Every | None = None


def give_receipt(
    session: Session,
    person: Person,
    handed_in: HandedIn,
    *,
    actor: Actor,
    at: datetime,
    secret: str,
) -> IssuedDocument:
    """Note what was handed in, and issue its receipt."""
    noted = {
        "region": handed_in.region_code,
        "insurances": [each.value for each in handed_in.insurances],
        "month": handed_in.month,
        "work": handed_in.work,
    }
    action = f"own_insurance.{handed_in.matter}"
    subject = ("person", person.id)
    record_activity(session, action, actor=actor, at=at, subject=subject, facts=noted)
    notify(
        session,
        _NOTIFIED[handed_in.matter],
        person.id,
        region_code=handed_in.region_code,
        subject=(SUBJECT, handed_in.reference),
        at=at,
    )
    payload = receipt_payload(
        name=person.name,
        id_number=person.id_number,
        matter=in_both_languages(RECEIPT[handed_in.matter]),
        outcome=in_both_languages(RECEIPT["accepted"]),
        outcome_code="accepted",
        decided_on=office_day(at),
        facts=_lines(handed_in),
        next_steps=[in_both_languages(RECEIPT[f"next_{handed_in.matter}"])],
    )
    return issue_document(
        session,
        kind=DocumentKind.FILING_RECEIPT,
        subject=(SUBJECT, handed_in.reference),
        person_id=person.id,
        region_code=handed_in.region_code,
        payload=payload,
        secret=secret,
        at=at,
        actor=actor,
    )


def _lines(handed_in: HandedIn) -> list[Any]:
    when = "from" if handed_in.matter == "joined" else "through"
    lines: list[Any] = [
        (in_both_languages(RECEIPT["insurances"]), _names(handed_in.insurances)),
        (in_both_languages(RECEIPT[when]), {"month": handed_in.month}),
    ]
    if handed_in.base_fen is not None:
        lines.append((in_both_languages(RECEIPT["base"]), {"fen": handed_in.base_fen}))
    if handed_in.every is not None:
        rhythm = in_both_languages(RHYTHMS[handed_in.every])
        lines.append((in_both_languages(RECEIPT["rhythm"]), rhythm))
    return lines


def _names(insurances: Sequence[Insurance]) -> Words:
    names = [in_both_languages(INSURANCES[each.value]) for each in insurances]
    return {
        locale: between.join(name[locale] for name in names) for locale, between in _BETWEEN.items()
    }
