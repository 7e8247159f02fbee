"""Take in what the bank says of payment files: its answers, and the debits of a statement."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.clock import office_day
from siweb.collection.payouts.find import find_file, lines_of
from siweb.collection.payouts.outcome import find_line, note_paid, note_rejected
from siweb.collection.statements.reading.entry import Entry, StatementRefused
from siweb.collection.statements.reading.read_status import (
    REJECTED,
    RETURNED,
    SETTLED,
    StatusReport,
)
from siweb.collection.tables.payout import PaymentFile


@dataclass(slots=True)
class Answered:
    """What an answer came to, by transactions; `unknown` are not of the file."""

    paid: int = 0
    rejected: int = 0
    on_the_way: int = 0
    unknown: int = 0
    # Paid before, and the money came back: these wait again.
    returned: int = 0


def file_of(session: Session, report: StatusReport) -> PaymentFile:
    """Return the file that a bank answers.

    :raises StatementRefused: "unknown_file".
    """
    file = find_file(session, report.message_id)
    if file is None:
        raise StatementRefused("unknown_file", text=report.message_id)
    return file


def take_in_status(
    session: Session, file: PaymentFile, report: StatusReport, *, actor: Actor, at: datetime
) -> Answered:
    """Note what a bank says of a file's transactions; the same answer again changes nothing.

    What is said of all of them holds for those that have no word of their own.
    """
    answered = Answered()
    names = {line.end_to_end for line in lines_of(session, file.id)}
    of_all = [status for status in report.statuses if not status.end_to_end]
    by_name = {status.end_to_end: status for status in report.statuses if status.end_to_end}
    for name, status in by_name.items():
        if name not in names:
            answered.unknown += 1
        else:
            _note(session, name, status.code, status.reason, answered, actor, at)
    # Banks name those alone that differ from what they say of the file.
    for name in sorted(names - by_name.keys()) if of_all else ():
        _note(session, name, of_all[-1].code, of_all[-1].reason, answered, actor, at)
    session.flush()
    return answered


def take_in_booked(
    session: Session,
    report: StatusReport,
    covers: Callable[[str], bool],
    *,
    actor: Actor,
    at: datetime,
) -> Answered:
    """Note what a bank booked of payments (camt.054), of whatever files; again changes nothing.

    One of another amount, or of a region that is not covered, is none of them.
    """
    answered = Answered()
    for status in report.statuses:
        line = find_line(session, status.end_to_end)
        if (
            line is None
            or line.amount_fen != status.amount_fen
            or status.on is None
            or not covers(session.get_one(PaymentFile, line.payment_file_id).region_code)
        ):
            answered.unknown += 1
        elif status.code == RETURNED:
            # Money that came back is like money that never left: it waits for another file.
            answered.returned += note_rejected(session, line, status.reason, actor=actor, at=at)
        else:
            answered.paid += note_paid(session, line, status.on, actor=actor, at=at)
    return answered


def _note(
    session: Session,
    name: str,
    code: str,
    reason: str,
    answered: Answered,
    actor: Actor,
    at: datetime,
) -> None:
    line = find_line(session, name)
    assert line is not None
    if code == REJECTED:
        note_rejected(session, line, reason or REJECTED, actor=actor, at=at)
        answered.rejected += 1
    elif code in SETTLED:
        note_paid(session, line, office_day(at), actor=actor, at=at)
        answered.paid += 1
    else:
        answered.on_the_way += 1


def note_debit(
    session: Session, entry: Entry, region_code: str, *, actor: Actor, at: datetime
) -> int:
    """Note a debit of the office's account that a payment file caused; return how many it paid.

    It names the transaction, one by one where the bank took several at once. One of another
    amount is none of it.
    """
    if entry.entry_on is None:
        return 0
    named: list[tuple[str, int | None]] = [
        (part.end_to_end, part.amount_fen) for part in entry.parts
    ]
    paid = 0
    for name, fen in named or [(entry.end_to_end, entry.amount_fen)]:
        # Max35Text: longer than that no identification is, whatever stands in the file.
        line = find_line(session, name[:35], region_code=region_code) if name else None
        if line is not None and line.amount_fen == fen:
            paid += note_paid(session, line, entry.entry_on, actor=actor, at=at)
    return paid
