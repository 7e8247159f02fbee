"""Whether and since when a message was served, and until when something may be done against it."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session

from siweb.messages.message_kind import MessageKind
from siweb.messages.tables.message import Message
from siweb.messages.tables.service import MessageService
from siweb.rules.calendar.deadlines import compute_deadline
from siweb.rules.calendar.months import month_of
from siweb.rules.parameters.pack_set import PackSet

KEY = ("region_code", "kind", "subject", "notified_on", "reader_id")
PUBLIC_NOTICE = "public_notice"
"""The period of the packs after which what was published is served."""


def of_message(message: Message | type[Message]) -> ColumnElement[bool]:
    """Return the condition for the services of a message, or of each row of messages."""
    return and_(*(getattr(MessageService, name) == getattr(message, name) for name in KEY))


def services_of(session: Session, message: Message) -> Sequence[MessageService]:
    """Return every try to serve a message, in the order in which they were made."""
    return session.scalars(
        select(MessageService)
        .where(of_message(message))
        .order_by(MessageService.done_on, MessageService.id)
    ).all()


def first_served(services: Sequence[MessageService]) -> date | None:
    """Return the first day on which one of some ways serves; it may still lie ahead."""
    return min((each.served_on for each in services if each.served_on), default=None)


def served_on(
    session: Session, kind: MessageKind, region_code: str, subject: tuple[str, int | str]
) -> date | None:
    """Return since which day what a kind tells of a subject is served, or from when it will be.

    None: not served. What was told twice counts as often: the last one.
    """
    return session.scalar(
        select(func.min(MessageService.served_on))
        .where(
            MessageService.region_code == region_code,
            MessageService.kind == kind.name,
            MessageService.subject == "-".join(map(str, subject)),
            MessageService.served_on.is_not(None),
        )
        .group_by(MessageService.notified_on)
        .order_by(MessageService.notified_on.desc())
        .limit(1)
    )


def is_served(kind: MessageKind, region_code: Any, subject: Any, on: date) -> ColumnElement[bool]:
    """Return the condition, in SQL, that what a kind tells of a subject is served by a day."""
    return exists().where(
        MessageService.region_code == region_code,
        MessageService.kind == kind.name,
        MessageService.subject == subject,
        MessageService.served_on <= on,
    )


class Effect(NamedTuple):
    """Since when something has effect, and the last days for administrative review and a court."""

    served_on: date | None
    review: date | None
    suit: date | None


def effect_of(
    session: Session,
    kind: MessageKind,
    region_code: str,
    subject: tuple[str, int | str],
    *,
    packs: PackSet,
) -> Effect:
    """Return since when what a kind tells has effect, and until when it can be contested."""
    since = served_on(session, kind, region_code, subject)
    if since is None:
        return Effect(None, None, None)
    return Effect(since, *remedies_until(packs, region_code, since))


def remedies_until(packs: PackSet, region_code: str, on: date) -> tuple[date, date]:
    """Return until when what was served on a day may be reviewed, and a court be asked."""
    parameters, calendar = packs.parameters(region_code, month_of(on)), packs.calendar()
    review, suit = (
        compute_deadline(on, parameters.period(name), calendar).moved_to
        for name in ("administrative_review", "lawsuit")
    )
    return review, suit
