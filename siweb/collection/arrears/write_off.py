"""Write off what of a bill cannot be collected any more, and take it up again.

Premiums may not be reduced (Order 259 Art. 12): to write off ends nothing that is owed. It says
that nobody is left to ask, so that the office counts it apart, and stops asking. Months of
employees that were not paid stay unpaid, and no individual account is credited with them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.collection.arrears.daily import ArrearsRefused, end_deferrals
from siweb.collection.payments.allocate import hold_money
from siweb.collection.payments.late_fee import late_fees_due
from siweb.collection.posting.behind_bill import behind_bill
from siweb.collection.tables.arrears import (
    Arrears,
    ArrearsState,
    WriteOff,
    WriteOffCause,
    WriteOffLine,
)
from siweb.collection.tables.bill import Bill, BillLine
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.messages.kinds.bills import BILL_REINSTATED, BILL_WRITTEN_OFF
from siweb.messages.kinds.registration import MONTHS_WRITTEN_OFF
from siweb.messages.message_kind import MessageKind
from siweb.messages.notify import day_of, notify, notify_each, subject_of
from siweb.registry.codes import Insurance
from siweb.rules.insurances import insurance_order
from siweb.rules.parameters.pack_set import PackSet


@dataclass(frozen=True, slots=True)
class OpenAmounts:
    """What of a bill is open on a day: premium by insurance, and the late fee."""

    lines: Mapping[Insurance, int]
    late_fee_fen: int

    @property
    def premium_fen(self) -> int:
        """Return what of the premium is open."""
        return sum(self.lines.values())

    @property
    def total_fen(self) -> int:
        """Return premium and late fee together."""
        return self.premium_fen + self.late_fee_fen


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why something is written off, by which law, and who approved it."""

    cause: WriteOffCause
    legal_basis: str
    decided_by: str


def open_amounts(session: Session, bill: Bill, on: date, *, packs: PackSet) -> OpenAmounts:
    """Return what of a bill is open on a day; two statements."""
    fee = late_fees_due(session, [bill], on, packs=packs)[bill.id]
    return OpenAmounts(open_lines(session, bill), fee)


def open_lines(session: Session, bill: Bill) -> dict[Insurance, int]:
    """Return what of the premium is open by insurance."""
    lines = session.scalars(select(BillLine).where(BillLine.bill_id == bill.id)).all()
    left = {line.insurance: line.total_fen - line.paid_fen for line in lines}
    # A line in the payer's favour asks for nothing: what it takes back is netted by itself.
    return {name: left[name] for name in sorted(left, key=insurance_order) if left[name] > 0}


def standing_write_off(session: Session, arrears_id: int) -> WriteOff | None:
    """Return by what arrears are written off now."""
    return session.scalar(
        select(WriteOff).where(WriteOff.arrears_id == arrears_id, WriteOff.reinstated_on.is_(None))
    )


def reinstated_by(session: Session, task_id: int) -> WriteOff | None:
    """Return what a task took up again; None while it did not."""
    return session.scalar(select(WriteOff).where(WriteOff.reinstating_task_id == task_id))


def lines_of(session: Session, write_off: WriteOff) -> dict[Insurance, int]:
    """Return what was written off of each insurance."""
    rows = session.execute(
        select(WriteOffLine.insurance, WriteOffLine.premium_fen).where(
            WriteOffLine.write_off_id == write_off.id
        )
    ).all()
    return dict(sorted(((row[0], row[1]) for row in rows), key=lambda row: insurance_order(row[0])))


def require_open(
    session: Session,
    arrears: Arrears,
    expected: Mapping[Insurance, int],
    grounds: Grounds,
    on: date,
    *,
    packs: PackSet,
) -> OpenAmounts:
    """Return what would be written off: `expected` is what its maker saw of the premium.

    :raises ArrearsRefused: "paid", "written_off" already, "nothing_open", "amounts_changed" when
        something was paid or taken back since, "no_legal_basis", "no_deciding_body".
    """
    _refuse(arrears, grounds)
    found = open_amounts(session, session.get_one(Bill, arrears.bill_id), on, packs=packs)
    if found.total_fen <= 0:
        raise ArrearsRefused("nothing_open")
    if dict(found.lines) != dict(expected):
        raise ArrearsRefused("amounts_changed")
    return found


def write_off(
    session: Session,
    arrears: Arrears,
    expected: Mapping[Insurance, int],
    grounds: Grounds,
    *,
    task_id: int,
    packs: PackSet,
    actor: Actor,
    on: date,
    at: datetime,
) -> WriteOff:
    """Write off all that is open of a bill.

    :raises ArrearsRefused: what `require_open` refuses.
    """
    # Money that comes in at this moment is used first, or waits for the row: never both.
    hold_money(session, arrears.region_code)
    session.refresh(arrears, with_for_update=True)
    session.refresh(session.get_one(Bill, arrears.bill_id), with_for_update=True)
    found = require_open(session, arrears, expected, grounds, on, packs=packs)
    # What waited waits no more: an agreement with somebody who is gone binds nobody.
    end_deferrals(session, arrears.id, on)
    made = WriteOff(
        arrears_id=arrears.id,
        region_code=arrears.region_code,
        cause=grounds.cause,
        written_off_on=on,
        premium_fen=found.premium_fen,
        late_fee_fen=found.late_fee_fen,
        legal_basis=grounds.legal_basis.strip(),
        decided_by=grounds.decided_by.strip(),
        written_off_at=at,
        task_id=task_id,
    )
    session.add(made)
    session.flush()
    session.add_all(
        WriteOffLine(write_off_id=made.id, insurance=insurance, premium_fen=fen)
        for insurance, fen in found.lines.items()
    )
    arrears.state = ArrearsState.WRITTEN_OFF
    _note(session, "arrears.written_off", arrears, made, actor, at)
    bill = session.get_one(Bill, arrears.bill_id)
    _tell_employer(session, BILL_WRITTEN_OFF, bill, at)
    _tell_employees(session, bill, on, at)
    return made


def require_written_off(session: Session, arrears: Arrears) -> WriteOff:
    """Return by what arrears are written off.

    :raises ArrearsRefused: "not_written_off".
    """
    standing = standing_write_off(session, arrears.id)
    if standing is None:
        raise ArrearsRefused("not_written_off")
    return standing


def reinstate(
    session: Session, arrears: Arrears, *, task_id: int, actor: Actor, on: date, at: datetime
) -> WriteOff:
    """Take up again what was written off, as if it had never been: the late fee runs throughout.

    SIL 86 counts it by the day of arrears; that the office did not ask meanwhile changes no day.

    :raises ArrearsRefused: "not_written_off".
    """
    session.refresh(arrears, with_for_update=True)
    standing = require_written_off(session, arrears)
    standing.reinstated_on, standing.reinstating_task_id = on, task_id
    # Where it would be by now: a notice that was received is not sent again.
    if arrears.pay_by is None:
        arrears.state = ArrearsState.FOUND
    else:
        is_over = arrears.pay_by < on
        arrears.state = ArrearsState.OVERDUE if is_over else ArrearsState.NOTICED
    _note(session, "arrears.reinstated", arrears, standing, actor, at)
    _tell_employer(session, BILL_REINSTATED, session.get_one(Bill, arrears.bill_id), at)
    return standing


def _tell_employer(session: Session, kind: MessageKind, bill: Bill, at: datetime) -> None:
    # Only what employers owe is in arrears: who pays alone owes nothing (SIL 10, 23).
    assert bill.employer_id is not None
    notify(
        session,
        kind,
        bill.employer_id,
        region_code=bill.region_code,
        subject=("bill", bill.id),
        at=at,
    )


def _tell_employees(session: Session, bill: Bill, on: date, at: datetime) -> None:
    """Tell each person of whom something on the bill is unpaid; one statement."""
    record = ContributionRecord
    unpaid = (
        select(
            record.region_code, subject_of("bill", bill.id), day_of(on), record.person_id,
            day_of(None),
        )
        .where(behind_bill(bill), record.paid_on.is_(None))
        .distinct()
    )  # fmt: skip
    notify_each(session, MONTHS_WRITTEN_OFF, unpaid, at=at)


def _refuse(arrears: Arrears, grounds: Grounds) -> None:
    if arrears.state is ArrearsState.PAID:
        raise ArrearsRefused("paid")
    if arrears.state is ArrearsState.WRITTEN_OFF:
        raise ArrearsRefused("written_off")
    if not grounds.legal_basis.strip():
        raise ArrearsRefused("no_legal_basis")
    if not grounds.decided_by.strip():
        raise ArrearsRefused("no_deciding_body")


def _note(
    session: Session, action: str, arrears: Arrears, row: WriteOff, actor: Actor, at: datetime
) -> None:
    arrears.changed_at = at
    session.flush()
    record_activity(
        session,
        action,
        actor=actor,
        at=at,
        subject=("arrears", arrears.id),
        facts={"premium_fen": row.premium_fen, "late_fee_fen": row.late_fee_fen},
    )
