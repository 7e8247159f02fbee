"""Stop insuring oneself: without a reason, from next month on (SIL 10: they may, they need not)."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.documents.issue import IssuedDocument
from siweb.flexible.receipt import HandedIn, give_receipt
from siweb.registry.claim_enrolments import release_claims
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.person_keys import keys_of
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person
from siweb.rules.calendar.months import month_of
from siweb.rules.insurances import insurance_order


def stop(
    session: Session,
    person: Person,
    insurances: Collection[Insurance],
    *,
    on: date,
    actor: Actor,
    at: datetime,
    secret: str,
) -> IssuedDocument | None:
    """End with this month what somebody pays alone of some insurances.

    Return the receipt, or None when nothing of it was open. Each region gives its own, since what
    it insured ends there; the first is returned, and all lie among the person's documents.
    """
    session.get_one(Person, person.id, with_for_update={"of": Person})
    last_month = month_of(on)
    conditions: list[Any] = [
        Enrolment.person_id.in_(keys_of(person.id)),
        Enrolment.scheme == Scheme.FLEXIBLE,
        Enrolment.to_month.is_(None),
        Enrolment.insurance.in_(insurances),
    ]
    rows = session.execute(
        select(Enrolment.insurance, Enrolment.region_code)
        .where(*conditions)
        .order_by(Enrolment.region_code, Enrolment.insurance)
    ).all()
    if not rows:
        return None
    session.execute(
        update(Enrolment)
        .where(*conditions)
        .values(to_month=last_month)
        .execution_options(synchronize_session=False)
    )
    release_claims(session, keys_of(person.id))
    by: dict[str, Any] = {"actor": actor, "at": at, "secret": secret}
    receipts = [
        give_receipt(session, person, _stopped(region_code, of_region, last_month), **by)
        for region_code, of_region in groupby(rows, key=lambda row: row.region_code)
    ]
    return receipts[0]


def _stopped(region_code: str, rows: Iterable[Any], last_month: str) -> HandedIn:
    insurances = sorted({row.insurance for row in rows}, key=insurance_order)
    # Each time another receipt: somebody may begin again and stop again.
    return HandedIn("stopped", uuid4().hex, region_code, insurances, last_month)
