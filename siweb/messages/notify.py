"""Tell somebody something, in the transaction that does it: both are kept, or neither."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Select, String, cast, literal, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from siweb.clock import office_day
from siweb.messages.message_kind import MessageKind, Reader
from siweb.messages.tables.message import Message

_READER = {Reader.PERSON: Message.person_id, Reader.EMPLOYER: Message.employer_id}


def notify(
    session: Session,
    kind: MessageKind,
    reader_id: int,
    *,
    region_code: str,
    subject: tuple[str, int | str],
    at: datetime,
    until_on: date | None = None,
) -> bool:
    """Tell a person or an employer; False when they were told that of it today already."""
    values = {
        "region_code": region_code,
        "kind": kind.name,
        "subject": "-".join(map(str, subject)),
        "notified_on": office_day(at),
        "reader_id": reader_id,
        _READER[kind.reader].key: reader_id,
        "until_on": until_on,
        "made_at": at,
        "awaits_service": kind.needs_service,
    }
    return bool(_added(session, _insert(session).values(values)))


def notify_each(session: Session, kind: MessageKind, whom: Select[Any], *, at: datetime) -> int:
    """Tell each of many in one statement; return how many had not been told before.

    `whom` gives region, subject (see `subject_of`), the day that the message stands under, reader
    and the day that its words name.
    """
    region, subject, notified_on, reader, until_on = whom.subquery("whom").c
    message = Message
    values: dict[Any, Any] = {
        message.region_code: region,
        message.kind: literal(kind.name, String()),
        message.subject: subject,
        message.notified_on: notified_on,
        message.reader_id: reader,
        _READER[kind.reader]: reader,
        message.until_on: until_on,
        message.made_at: literal(at, message.made_at.type),
        message.awaits_service: literal(kind.needs_service),
    }
    # SQLite would take ON CONFLICT for a join's ON without the condition.
    rows = select(*values.values()).where(true())
    filled = _insert(session).from_select(list(values), rows, include_defaults=False)
    return _added(session, filled)


def subject_of(name: str, key: Any) -> Any:
    """Return what a message of many is about, in SQL: "bill-17"."""
    return literal(f"{name}-", String()) + cast(key, String())


def day_of(on: date | None) -> Any:
    """Return the same day for each of many, in SQL."""
    return literal(on, Date())


def _insert(session: Session) -> Any:
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(Message)
    return postgresql.insert(Message)


def _added(session: Session, write: Any) -> int:
    """Return how many rows a statement added; those that are there already stay as they are."""
    written = write.on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return int(session.execute(written).rowcount)  # type: ignore[attr-defined]
