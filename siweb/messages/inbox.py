"""The inbox of a person or an employer: what they were told, the newest first."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm import Session

from siweb.messages.kinds.by_name import KINDS
from siweb.messages.matter import matter
from siweb.messages.message_kind import MessageKind, Reader
from siweb.messages.tables.message import Message
from siweb.registry.person_keys import is_of
from siweb.web.language.formats import day

PAGE = 25


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message in the reader's language."""

    message: Message
    kind: MessageKind
    title: str
    words: str


def inbox_of(
    session: Session, reader: Reader, reader_id: int, *, page: int = 1
) -> tuple[list[ShownMessage], bool]:
    """Return a page of an inbox, and if more follow; one statement."""
    rows = session.scalars(
        select(Message)
        .where(is_read_by(reader, reader_id))
        .order_by(Message.made_at.desc(), Message.kind, Message.subject)
        .limit(PAGE + 1)
        .offset((page - 1) * PAGE)
    ).all()
    return [shown(message) for message in rows[:PAGE]], len(rows) > PAGE


def count_unread(reader: Reader, reader_id: int) -> Select[int]:
    """Return the question how many messages nobody has opened, to be asked with others."""
    return select(func.count()).where(is_read_by(reader, reader_id), Message.read_at.is_(None))


def unread_of(person_id: Any) -> Select[Any]:
    """Return the question how many messages a person has not opened, among other matters."""
    return select(*matter("messages", number=func.count())).where(
        is_read_by(Reader.PERSON, person_id), Message.read_at.is_(None)
    )


def find_message(
    session: Session, reader: Reader, reader_id: int, *, kind: str, subject: str, notified_on: date
) -> ShownMessage | None:
    """Return one message of an inbox; of former keys of a person the same may be there twice."""
    found = session.scalars(
        select(Message)
        .where(is_read_by(reader, reader_id), *_is(kind, subject, notified_on))
        .order_by(Message.made_at)
        .limit(1)
    ).first()
    return None if found is None else shown(found)


def mark_read(
    session: Session, message: Message, *, account_id: int, at: datetime, serves: bool = False
) -> None:
    """Keep when a message was opened first, and on whose account; that may serve it."""
    values: dict[str, Any] = {"read_at": at, "read_by_account_id": account_id}
    if serves:
        values["awaits_service"] = False
    session.execute(
        update(Message)
        .where(
            Message.region_code == message.region_code,
            Message.reader_id == message.reader_id,
            *_is(message.kind, message.subject, message.notified_on),
            Message.read_at.is_(None),
        )
        .values(values)
        .execution_options(synchronize_session=False)
    )


def shown(message: Message) -> ShownMessage:
    """Return a message in the words of its kind."""
    kind = KINDS[message.kind]
    named: dict[str, Any] = {"day": day(message.until_on)} if message.until_on else {}
    return ShownMessage(message, kind, str(kind.title) % named, str(kind.words) % named)


def _is(kind: str, subject: str, notified_on: date) -> tuple[ColumnElement[bool], ...]:
    return Message.kind == kind, Message.subject == subject, Message.notified_on == notified_on


def is_read_by(reader: Reader, reader_id: Any) -> ColumnElement[bool]:
    """Return the condition for the messages of a person, under any of their keys, or a firm."""
    if reader is Reader.PERSON:
        return is_of(Message.person_id, reader_id)
    found: ColumnElement[bool] = Message.employer_id == reader_id
    return found
