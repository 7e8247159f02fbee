"""Move the pension relation between regions: the account's balance with its segment of months."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from siweb.audit.actor import Actor
from siweb.ledgers.account.close import AccountRefused, transfer_in, transfer_out
from siweb.ledgers.account.temporary import end_temporary, refuse_into_temporary
from siweb.ledgers.lookup import of_person
from siweb.ledgers.posting.issued import is_issued
from siweb.ledgers.tables.account_entry import AccountEntry, EntryKind, is_about
from siweb.ledgers.tables.contribution_record import ContributionRecord, RecordKind
from siweb.ledgers.tables.transfer_segment import Direction, TransferSegment
from siweb.registry.codes import Insurance
from siweb.registry.person_keys import is_of
from siweb.registry.tables.enrolment import Enrolment
from siweb.rules.calendar.months import month_of, months_between, months_through
from siweb.rules.parameters.pack_set import PackSet


@dataclass(frozen=True, slots=True)
class Brought:
    """What another region certifies: its name, the months from first to last, how many count."""

    other_region: str
    from_month: str
    through_month: str
    months: int
    amount_fen: int


class PaidMonth(NamedTuple):
    """A month of pension that was paid here: its region, and its base in fen."""

    month: str
    region_code: str
    base_fen: int


def bring_in(
    session: Session, person_id: int, brought: Brought, *, on: date, actor: Actor, at: datetime
) -> TransferSegment:
    """Take over the account and the months of another region; the caller commits.

    :raises AccountRefused: "month_order", "too_many_months", "month_to_come", "empty", or
        "overlaps" months that count here already: nobody contributes twice for a month;
        "temporary" where the account here takes nothing from elsewhere.
    """
    refuse_into_temporary(session, person_id)
    # As text months compare in time order.
    if brought.through_month < brought.from_month:
        raise AccountRefused("month_order")
    if brought.through_month > month_of(on):
        raise AccountRefused("month_to_come")
    # Months may be missing in between, but there are no more than lie there.
    if not 0 < brought.months <= months_between(brought.from_month, brought.through_month) + 1:
        raise AccountRefused("too_many_months")
    if _overlaps(session, person_id, brought):
        raise AccountRefused("overlaps")
    transfer_in(
        session, person_id, brought.amount_fen, brought.other_region, on=on, actor=actor, at=at
    )
    return _keep(session, person_id, Direction.IN, brought, on, actor, at)


def send_out(
    session: Session,
    person_id: int,
    to_region: str,
    *,
    packs: PackSet,
    on: date,
    actor: Actor,
    at: datetime,
    from_region: str | None = None,
) -> TransferSegment:
    """Send the account and the months paid here to another region; the caller commits.

    Between two regions of this office `from_region` is the one where the person must have left.

    :raises AccountRefused: "enrolled" while the person takes part here, "no_months" when no month
        of pension was paid here, "empty" when there is nothing in the account.
    """
    here = session.scalar(
        select(func.count()).where(
            is_of(Enrolment.person_id, person_id),
            Enrolment.insurance == Insurance.PENSION,
            (Enrolment.to_month.is_(None)) | (Enrolment.to_month >= month_of(on)),
            *([] if from_region is None else [Enrolment.region_code == from_region]),
        )
    )
    # The relation moves with the person, not before: nobody takes part in two places (SIL 19).
    if here:
        raise AccountRefused("enrolled")
    first, last, months = _paid_here(session, person_id)
    if first is None or last is None:
        raise AccountRefused("no_months")
    # The months are counted before: afterwards they have gone along, and none would be found.
    amount = transfer_out(session, person_id, to_region, packs=packs, on=on, actor=actor, at=at)
    # All of a temporary account goes back at once, to the household or to where one was before.
    end_temporary(session, person_id, from_region, on=on, actor=actor, at=at)
    sent = Brought(to_region, first, last, months, amount)
    return _keep(session, person_id, Direction.OUT, sent, on, actor, at)


def segments_of(session: Session, person_id: int) -> Sequence[TransferSegment]:
    """Return a person's segments in the order of their months."""
    return session.scalars(
        select(TransferSegment)
        .where(is_of(TransferSegment.person_id, person_id))
        .order_by(TransferSegment.from_month, TransferSegment.id)
    ).all()


def paid_months(session: Session, person_id: int) -> list[PaidMonth]:
    """Return the months of pension paid here that count here, in their order; one statement.

    What went along to another region counts there.
    """
    months = _paid_months(person_id).order_by(ContributionRecord.contribution_month)
    return [PaidMonth(month, region, int(base)) for month, region, base in session.execute(months)]


def _paid_months(person_id: int) -> Select[str, str, int]:
    """Return the months of pension paid here that did not go along yet, with region and base.

    These are the months after the last one that did, and earlier ones paid since: what was credited
    for them is in the account again.
    """
    record = ContributionRecord
    base = func.sum(record.base_fen)
    return (
        select(record.contribution_month, func.max(record.region_code), base)
        .where(
            of_person(person_id),
            record.insurance == Insurance.PENSION,
            record.paid_on.is_not(None),
            is_issued(),
            _did_not_go_along(person_id),
        )
        .group_by(record.contribution_month)
        # A month that was taken back is in the books and counts for nothing.
        .having(base > 0)
    )


def _paid_here(session: Session, person_id: int) -> tuple[str | None, str | None, int]:
    """Return the first and last of the months paid here, and how many they are."""
    months = paid_months(session, person_id)
    if not months:
        return None, None, 0
    return months[0].month, months[-1].month, len(months)


def _did_not_go_along(person_id: int) -> ColumnElement[bool]:
    """Return the condition that a month counts here: none went along, or it came after these."""
    month, went = ContributionRecord.contribution_month, _sent_by(person_id)
    before = select(func.max(TransferSegment.through_month)).where(*went).scalar_subquery()
    return or_(before.is_(None), month > before, _is_credited_since(person_id))


def _sent_by(person_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    of_person = is_of(TransferSegment.person_id, person_id)
    return of_person, TransferSegment.direction == Direction.OUT


def _is_credited_since(person_id: int) -> ColumnElement[bool]:
    """Return the condition that a month came into the account after it last moved away.

    A change of a month that went along is none: only its money follows.
    """
    record, entry, closing = ContributionRecord, AccountEntry, aliased(AccountEntry)
    went = closing.kind == EntryKind.TRANSFER_OUT
    day = select(func.max(closing.recorded_on)).where(is_of(closing.person_id, person_id), went)
    # Of one key the order is known; a key that was empty then has no such entry, but the day.
    last = select(func.max(closing.entry_number)).where(closing.person_id == entry.person_id, went)
    return and_(
        record.kind.in_((RecordKind.REGULAR, RecordKind.BACK_PAYMENT)),
        exists().where(
            is_about(entry, record),
            entry.kind == EntryKind.CREDIT,
            entry.recorded_on >= day.scalar_subquery(),
            entry.entry_number > func.coalesce(last.correlate(entry).scalar_subquery(), 0),
        ),
    )


def _overlaps(session: Session, person_id: int, brought: Brought) -> bool:
    record = ContributionRecord
    months = months_through(brought.from_month, brought.through_month)
    recorded = (
        select(record.contribution_month)
        .where(
            of_person(person_id, months),
            record.insurance == Insurance.PENSION,
            is_issued(),
            # What went along to another region may come back from there.
            _did_not_go_along(person_id),
        )
        .group_by(record.contribution_month)
        .having(func.sum(record.base_fen) > 0)
        .limit(1)
    )
    sent = select(func.coalesce(func.max(TransferSegment.id), 0)).where(*_sent_by(person_id))
    other = select(TransferSegment.id).where(
        is_of(TransferSegment.person_id, person_id),
        # What had come went along again with the next move: it may come back.
        TransferSegment.id > sent.scalar_subquery(),
        TransferSegment.direction == Direction.IN,
        TransferSegment.from_month <= brought.through_month,
        TransferSegment.through_month >= brought.from_month,
    )
    found = session.scalar(recorded) or session.scalar(other.limit(1))
    return found is not None


def _keep(
    session: Session,
    person_id: int,
    direction: Direction,
    moved: Brought,
    on: date,
    actor: Actor,
    at: datetime,
) -> TransferSegment:
    segment = TransferSegment(
        person_id=person_id,
        direction=direction,
        other_region=moved.other_region,
        from_month=moved.from_month,
        through_month=moved.through_month,
        months=moved.months,
        amount_fen=moved.amount_fen,
        transferred_on=on,
        recorded_at=at,
        recorded_by_account_id=actor.account_id,
    )
    session.add(segment)
    session.flush()
    return segment
