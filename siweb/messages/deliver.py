"""Bring messages out of the office: settle by what, send, and keep how it ended."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from siweb.db.among import among
from siweb.messages.choice import channel_of
from siweb.messages.gateways.gateway import Channel, Outgoing, SendingFailed
from siweb.messages.gateways.outbox import Outbox
from siweb.messages.kinds.by_name import KINDS
from siweb.messages.message_kind import Reader
from siweb.messages.tables.delivery import DeliveryState, MessageChoice, MessageDelivery
from siweb.messages.tables.message import Message
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.rules.identifiers.contact import ContactRefused, parse_mobile
from siweb.web.language.locale import office_language

AT_A_TIME = 200
# Settling sends nothing. What is settled stays in the way of a scan until PostgreSQL tidies up:
# few large steps go over it less often.
SETTLED_AT_A_TIME = 2_000
MOST_ATTEMPTS = 6
# After the first failure; each further one waits twice as long: 10 minutes to over 5 hours.
_FIRST_WAIT = timedelta(minutes=10)
# A gateway that is set later sends nothing of what is old by then: it is in the inbox.
_STALE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery whose time has come, and what is sent; no address where none is kept any more."""

    key: tuple[Any, ...]
    channel: Channel
    attempts: int
    outgoing: Outgoing | None


def is_waiting(session: Session, *, at: datetime) -> bool:
    """Return whether anything has to go out now; one statement."""
    uncarried = exists().where(Message.carried_at.is_(None))
    return bool(session.scalar(select(or_(uncarried, exists().where(_is_due(at))))))


def carry(session: Session, channels: Collection[Channel], *, at: datetime) -> int:
    """Settle for some messages by which channel each goes out; return how many. Commit at once.

    Nothing goes to the dead, nor by what a person did not choose or the office has no gateway for.
    """
    messages = session.scalars(
        select(Message)
        .where(Message.carried_at.is_(None))
        .order_by(Message.made_at)
        .limit(SETTLED_AT_A_TIME)
        # Of two workers each takes other messages, and neither waits for the other.
        .with_for_update(skip_locked=True)
    ).all()
    contacts = _contacts_of(session, messages)
    for message in messages:
        message.carried_at = at
        contact = contacts[message.kind, message.reader_id]
        channel = channel_of(
            contact.channel,
            email=contact.email,
            mobile=_mobile(contact.mobile),
            channels=channels,
        )
        if channel is None or contact.died_on is not None or message.made_at < at - _STALE:
            continue
        key = {name: getattr(message, name) for name in KEY}
        session.add(MessageDelivery(**key, channel=channel, next_try_at=at))
    session.flush()
    return len(messages)


def due_deliveries(session: Session, outbox: Outbox, *, at: datetime) -> list[Due]:
    """Return what is sent next; whoever sends ends this transaction first: a server may be slow."""
    rows = session.scalars(
        select(MessageDelivery)
        .where(_is_due(at), MessageDelivery.channel.in_(list(outbox.gateways)))
        .order_by(MessageDelivery.next_try_at)
        .limit(AT_A_TIME)
    ).all()
    contacts = _contacts_of(session, rows)
    due = []
    for row in rows:
        contact = contacts[row.kind, row.reader_id]
        address = contact.email if row.channel is Channel.EMAIL else contact.mobile
        key = tuple(getattr(row, name) for name in KEY)
        written = _written(row, address, contact.language, outbox)
        due.append(Due(key, row.channel, row.attempts, written))
    return due


def try_to_send(due: Due, outbox: Outbox) -> SendingFailed | None:
    """Send; return what went wrong, if anything. No transaction is open meanwhile."""
    if due.outgoing is None:
        return SendingFailed("no_address", is_final=True)
    try:
        outbox.gateways[due.channel].send(due.outgoing)
    except SendingFailed as failed:
        return failed
    return None


def keep_attempt(
    session: Session, due: Due, failed: SendingFailed | None, *, at: datetime
) -> DeliveryState:
    """Keep how an attempt ended; return where the delivery stands. Commit at once."""
    attempts = due.attempts + 1
    named = zip(KEY, due.key, strict=True)
    state = DeliveryState.DELIVERED
    if failed is not None:
        is_over = failed.is_final or attempts >= MOST_ATTEMPTS
        state = DeliveryState.FAILED if is_over else DeliveryState.QUEUED
    session.execute(
        update(MessageDelivery)
        .where(
            *(getattr(MessageDelivery, name) == value for name, value in named),
            MessageDelivery.channel == due.channel,
        )
        .values(
            state=state,
            attempts=attempts,
            next_try_at=at + _FIRST_WAIT * 2**due.attempts,
            delivered_at=at if failed is None else None,
            failure=None if failed is None else failed.code[:24],
        )
        .execution_options(synchronize_session=False)
    )
    return state


def deliveries_of(session: Session, message: Message) -> list[MessageDelivery]:
    """Return how a message went out."""
    same = (getattr(MessageDelivery, name) == getattr(message, name) for name in KEY)
    return list(session.scalars(select(MessageDelivery).where(*same)))


def count_deliveries(session: Session) -> list[tuple[Channel, DeliveryState, str | None, int]]:
    """Return how many deliveries there are by channel, state and last failure."""
    by = (MessageDelivery.channel, MessageDelivery.state, MessageDelivery.failure)
    rows = session.execute(select(*by, func.count()).group_by(*by).order_by(*by))
    return [(row[0], row[1], row[2], row[3]) for row in rows.all()]


KEY = ("region_code", "kind", "subject", "notified_on", "reader_id")


class _Contact(NamedTuple):
    """How somebody is reached, and what they chose."""

    channel: str | None
    email: str | None
    mobile: str | None
    language: str | None
    died_on: date | None = None


def _contacts_of(
    session: Session, rows: Iterable[Message | MessageDelivery]
) -> dict[tuple[str, int], _Contact]:
    """Return how the readers of some messages are reached, by kind and reader.

    They are asked for by their keys: joined, PostgreSQL read everybody for each few messages.
    """
    readers = {(row.kind, row.reader_id) for row in rows}
    people = {number for kind, number in readers if KINDS[kind].reader is Reader.PERSON}
    employers = {number for kind, number in readers if KINDS[kind].reader is Reader.EMPLOYER}
    found: dict[tuple[Reader, int], _Contact] = {}
    chosen = (MessageChoice.channel, Person.email, Person.mobile, MessageChoice.language)
    for number, channel, email, mobile, language, died_on in session.execute(
        select(Person.id, *chosen, Person.died_on)
        .outerjoin(MessageChoice, MessageChoice.person_id == Person.id)
        .where(among(Person.id, people))
    ):
        found[Reader.PERSON, number] = _Contact(channel, email, mobile, language, died_on)
    for number, email, phone in session.execute(
        select(Employer.id, Employer.email, Employer.handler_phone).where(
            among(Employer.id, employers)
        )
    ):
        # What an employer is reached by is nobody's own:
        # nobody chose, and the office's language it is.
        found[Reader.EMPLOYER, number] = _Contact(None, email, phone, None)
    return {(kind, number): found[KINDS[kind].reader, number] for kind, number in readers}


def _mobile(number: str | None) -> str | None:
    """Return a number that text messages reach: an employer's handler may have a landline."""
    try:
        return parse_mobile(number) if number else None
    except ContactRefused:
        return None


def _is_due(at: datetime) -> ColumnElement[bool]:
    return and_(MessageDelivery.state == DeliveryState.QUEUED, MessageDelivery.next_try_at <= at)


def _written(
    row: MessageDelivery, address: str | None, language: str | None, outbox: Outbox
) -> Outgoing | None:
    """Say that something waits and where, and nothing else: others may read it."""
    if not address:
        return None
    named = "/".join(str(getattr(row, name)) for name in (*KEY, "channel"))
    with office_language(language or outbox.language):
        return Outgoing(
            hashlib.sha256(named.encode()).hexdigest()[:32],
            address,
            str(_("A message waits for you at the social insurance office")),
            str(
                _(
                    "A message waits for you at the social insurance office. "
                    "Sign in to read it: %(address)s",
                    address=outbox.address,
                )
            ),
        )
