"""Pay what was held back of a benefit, month by month, and note when it was paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, aliased

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.ledgers.benefits.overpaid import month_of_death
from siweb.ledgers.tables.benefit_entry import PAYS, BenefitEntry, BenefitEntryKind
from siweb.registry.person_keys import is_of
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from siweb.registry.tables.person import Person
from siweb.rules.errors import Refusal

ACTION = "benefit.back_paid"
"""What the activity log calls it; `siweb check` looks for it behind every month."""


class BackPayRefused(Refusal):
    """When other months are held back by now than its maker saw: "held_differs".

    "held_none" when there is nothing to pay.
    """


@dataclass(frozen=True, slots=True)
class HeldMonth:
    """A month that was held back and is still to be paid."""

    person_id: int
    benefit: BenefitKind
    month: str
    amount_fen: int


def held_months(session: Session, person_id: int, region_code: str) -> list[HeldMonth]:
    """Return what was held back of somebody's benefits that go on, and is not paid by now.

    What was kept for months after a death is nobody's.
    """
    entry, paying = BenefitEntry, aliased(BenefitEntry)
    paid = exists().where(
        paying.region_code == entry.region_code,
        paying.person_id == entry.person_id,
        paying.benefit == entry.benefit,
        paying.month == entry.month,
        paying.kind.in_(PAYS),
    )
    query = (
        select(entry.person_id, entry.benefit, entry.month, entry.amount_fen)
        .join(Person, Person.id == entry.person_id)
        .join(Benefit, (Benefit.person_id == entry.person_id) & (Benefit.kind == entry.benefit))
        .where(
            is_of(entry.person_id, person_id),
            entry.region_code == region_code,
            entry.kind == BenefitEntryKind.HELD,
            # While it is suspended nobody has been certified: what is kept is paid back only
            # after that (人社厅发〔2018〕54号).
            Benefit.state != BenefitState.SUSPENDED,
            or_(Person.died_on.is_(None), entry.month <= month_of_death()),
            ~paid,
        )
        .order_by(entry.benefit, entry.month)
    )
    return [HeldMonth(*row) for row in session.execute(query)]


def held_of_dead(session: Session, person_id: int) -> tuple[str, list[HeldMonth]]:
    """Return what was held back up to somebody's death and is unpaid, and in which region.

    It is the heirs'. Of several regions the first with any counts, until it is paid.
    """
    regions = session.scalars(
        select(BenefitEntry.region_code)
        .where(is_of(BenefitEntry.person_id, person_id), BenefitEntry.kind == BenefitEntryKind.HELD)
        .distinct()
        .order_by(BenefitEntry.region_code)
    ).all()
    for region in regions:
        if months := held_months(session, person_id, region):
            return region, months
    return "", []


# Two people saw these months and sums. One more held month, or one that the paying side paid
# meanwhile, is another decision.
def pay_back(
    session: Session,
    person_id: int,
    region_code: str,
    shown: Sequence[HeldMonth],
    *,
    actor: Actor,
    at: datetime,
) -> int:
    """Add the back pay of the months that were shown; return their sum. The caller commits.

    None are left where the paying side paid them all by itself: then there is nothing to pay.

    :raises BackPayRefused: "held_differs" when other months are held by now.
    """
    found = held_months(session, person_id, region_code)
    if found != list(shown):
        raise BackPayRefused("held_differs")
    session.add_all(
        BenefitEntry(
            region_code=region_code,
            month=each.month,
            person_id=each.person_id,
            benefit=each.benefit,
            kind=BenefitEntryKind.BACK_PAY,
            sequence=0,
            amount_fen=each.amount_fen,
            recorded_at=at,
        )
        for each in found
    )
    total = sum(each.amount_fen for each in found)
    for key in sorted({each.person_id for each in found}):
        record_activity(
            session,
            ACTION,
            actor=actor,
            at=at,
            subject=("person", key),
            person_id=key,
            facts={
                "region_code": region_code,
                "months": [
                    [each.benefit.value, each.month, each.amount_fen]
                    for each in found
                    if each.person_id == key
                ],
            },
        )
    return total
