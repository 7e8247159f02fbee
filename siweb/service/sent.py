"""What the office sent somebody, as staff look it up: when, by what it went out, if it was served.

Nothing is opened by that: a look at the desk serves nothing (`siweb/service`).
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, and_, func, select, type_coerce
from sqlalchemy.orm import Session

from siweb.messages.gateways.gateway import Channel
from siweb.messages.inbox import is_read_by, shown
from siweb.messages.message_kind import MessageKind, Reader
from siweb.messages.served import KEY, of_message
from siweb.messages.tables.delivery import DeliveryState, MessageDelivery
from siweb.messages.tables.message import Message
from siweb.messages.tables.service import MessageService

_PARTS, _EACH = ":", ","


class SentMessage(NamedTuple):
    """A message, how it went out besides the inbox, and from when on it is served."""

    message: Message
    kind: MessageKind
    title: str
    sent: Sequence[tuple[Channel, DeliveryState]]
    # May lie ahead, of what was published.
    served_on: date | None
    # Somebody tried to serve it, and failed.
    tries: int


def list_sent(
    session: Session,
    reader: Reader,
    reader_id: int,
    lies_in: ColumnElement[bool],
    *,
    page: int,
    most: int,
) -> tuple[list[SentMessage], bool]:
    """Return a page of what was sent to somebody, and whether more follows; one statement."""
    rows = session.execute(
        select(Message, _sent(), _served(func.min(MessageService.served_on)), _served(_failed()))
        .where(is_read_by(reader, reader_id), lies_in)
        .order_by(Message.made_at.desc(), Message.kind, Message.subject)
        .limit(most + 1)
        .offset((page - 1) * most)
    ).all()
    return [_sent_message(*row) for row in rows[:most]], len(rows) > most


def _sent_message(
    message: Message, sent: str | None, served_on: date | None, tries: int
) -> SentMessage:
    words = shown(message)
    parts = [part.split(_PARTS) for part in (sent or "").split(_EACH) if part]
    channels = sorted((Channel(channel), DeliveryState(state)) for channel, state in parts)
    return SentMessage(message, words.kind, words.title, channels, served_on, tries)


def _sent() -> Any:
    """Return by what a message went out, as one text: two channels at most."""
    state = type_coerce(MessageDelivery.state, String())
    each = type_coerce(MessageDelivery.channel, String()) + _PARTS + state
    same = (getattr(MessageDelivery, name) == getattr(Message, name) for name in KEY)
    asked = select(func.aggregate_strings(each, _EACH)).where(and_(*same))
    return asked.correlate(Message).scalar_subquery()


def _served(asked: Any) -> Any:
    return select(asked).where(of_message(Message)).correlate(Message).scalar_subquery()


def _failed() -> Any:
    return func.count(MessageService.failure)
