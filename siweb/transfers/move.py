"""Move the account of a transfer in the books, or refuse the transfer: checked by two people."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.clock import office_day
from siweb.ledgers.account.transfer import Brought, bring_in, send_out
from siweb.ledgers.tables.transfer_segment import TransferSegment
from siweb.messages.served import remedies_until
from siweb.registry.person_keys import is_of
from siweb.registry.search.follow import follow_person
from siweb.registry.tables.person import Person
from siweb.registry.tables.region import Region
from siweb.rules.parameters.pack_set import PackSet
from siweb.transfers.receipt import issue_receipt
from siweb.transfers.steps import hold, take_step
from siweb.transfers.tables.pension_transfer import (
    PensionTransfer,
    TransferDirection,
    TransferState,
)


@dataclass(frozen=True, slots=True)
class Moved:
    """Who does it, when, and by which figures."""

    packs: PackSet
    actor: Actor
    at: datetime

    @property
    def on(self) -> date:
        """Return the day at the office."""
        return office_day(self.at)


@dataclass(frozen=True, slots=True)
class Certified:
    """What the other region's form certifies of what comes from there."""

    from_month: str
    through_month: str
    months: int
    amount_fen: int


def move_fund(
    session: Session,
    transfer: PensionTransfer,
    certified: Certified | None,
    words: str,
    by: Moved,
) -> None:
    """Move months and account as the books have it; between two regions of this office at once.

    :raises StepRefused: "closed", "moved", "died".
    :raises AccountRefused: as sending and bringing in do.
    """
    person = hold(session, transfer, TransferState.FUND)
    if transfer.direction is TransferDirection.IN:
        if certified is None:
            raise RuntimeError("what comes from another region is certified")
        segment = _bring(session, person, transfer.other_region, certified, by)
    elif transfer.direction is TransferDirection.OUT:
        segment = _send(session, person, transfer.other_region, None, by)
    else:
        segment = _move_within(session, person, transfer, by)
    take_step(
        session,
        transfer,
        TransferState.FUND,
        words,
        happened_on=by.on,
        packs=by.packs,
        actor=by.actor,
        on=by.on,
        at=by.at,
        changes={"segment_id": segment.id},
    )


def refuse_transfer(
    session: Session, transfer: PensionTransfer, reasons: str, by: Moved, *, secret: str
) -> None:
    """Refuse a transfer in writing, with what can be done against it.

    :raises StepRefused: "closed" or "moved".
    """
    person = hold(session, transfer, TransferState.REFUSED)
    review, suit = remedies_until(by.packs, transfer.region_code, by.on)
    take_step(
        session,
        transfer,
        TransferState.REFUSED,
        reasons,
        happened_on=by.on,
        packs=by.packs,
        actor=by.actor,
        on=by.on,
        at=by.at,
        changes={"review_until": review, "suit_until": suit},
    )
    issue_receipt(
        session, transfer, person, reasons, on=by.on, actor=by.actor, at=by.at, secret=secret
    )


def count_remedies(
    session: Session, region_code: str, number: str, served_on: date, *, packs: PackSet
) -> None:
    """Let the days for a review and the court run from the day on which a refusal is served."""
    review, suit = remedies_until(packs, region_code, served_on)
    session.execute(
        update(PensionTransfer)
        # As messages name it: the transfer, and the state that it came to.
        .where(PensionTransfer.id == int(number.partition("-")[0]))
        .values(review_until=review, suit_until=suit)
    )


def _move_within(
    session: Session, person: Person, transfer: PensionTransfer, by: Moved
) -> TransferSegment:
    """Send it out of one region and bring it into the other: the relation is there from then on."""
    from_region, to_region = (
        session.get_one(Region, code) for code in (transfer.from_code, transfer.to_code)
    )
    sent = _send(session, person, to_region.name_zh, from_region.code, by)
    # Under each of their keys: whichever of them somebody opens, the relation is in one region.
    keys = session.scalars(select(Person).where(is_of(Person.id, person.id)))
    for key in keys.all():
        key.region_code = to_region.code
    follow_person(session, person.id)
    certified = Certified(sent.from_month, sent.through_month, sent.months, sent.amount_fen)
    return _bring(session, person, from_region.name_zh, certified, by)


def _send(
    session: Session, person: Person, to: str, from_region: str | None, by: Moved
) -> TransferSegment:
    return send_out(
        session,
        person.id,
        to,
        packs=by.packs,
        on=by.on,
        actor=by.actor,
        at=by.at,
        from_region=from_region,
    )


def _bring(
    session: Session, person: Person, other: str, certified: Certified, by: Moved
) -> TransferSegment:
    brought = Brought(
        other,
        certified.from_month,
        certified.through_month,
        certified.months,
        certified.amount_fen,
    )
    return bring_in(session, person.id, brought, on=by.on, actor=by.actor, at=by.at)
