"""Remind of the last days on which something may be done against a decision that was served.

The office does not learn of every review and suit: the words say that who acted need do nothing.
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from siweb.messages.kinds.by_name import KINDS
from siweb.messages.kinds.remedies import (
    EMPLOYER_REVIEW_ENDING,
    EMPLOYER_SUIT_ENDING,
    REVIEW_ENDING,
    SUIT_ENDING,
)
from siweb.messages.message_kind import MessageKind
from siweb.messages.notify import day_of, notify_each
from siweb.messages.reminders import reminded_on
from siweb.messages.served import of_message, remedies_until
from siweb.messages.tables.message import Message
from siweb.messages.tables.service import MessageService
from siweb.registry.tables.person import Person
from siweb.rules.parameters.pack_set import PackSet
from siweb.service.find import was_undone
from siweb.service.remedies import DECIDES

# Longer than any pack's period: what was served before it is over, and is not read again.
_LONGEST = timedelta(days=366)


def remind_of_remedies(session: Session, *, packs: PackSet, on: date, at: datetime) -> int:
    """Remind people and employers; return how many. The caller commits.

    One statement for all decisions of a region that were served on one day.
    """
    served = _served().subquery("served").c
    days = session.execute(
        select(served.region_code, served.served_on)
        .where(served.served_on.between(on - _LONGEST, on))
        .distinct()
        .order_by(served.region_code, served.served_on)
    ).all()
    notified = 0
    for region_code, served_on in days:
        review, suit = remedies_until(packs, region_code, served_on)
        for name, kinds, last_day in (
            ("review", (REVIEW_ENDING, EMPLOYER_REVIEW_ENDING), review),
            ("suit", (SUIT_ENDING, EMPLOYER_SUIT_ENDING), suit),
        ):
            for kind in kinds:
                notified_on = reminded_on(kind, last_day, on)
                # What was served since has just been read.
                if notified_on is not None and notified_on > served_on:
                    day = (name, region_code, served_on)
                    whom = _whom(kind, day, notified_on, last_day)
                    notified += notify_each(session, kind, whom, at=at)
    return notified


def _served() -> Select[*tuple[Any, ...]]:
    """Return each decision with the first day of its service.

    The dead are reminded of nothing, and nobody of what was taken back.
    """
    first: Select[*tuple[Any, ...]] = (
        select(
            Message.region_code,
            Message.kind,
            Message.subject,
            Message.reader_id,
            func.min(MessageService.served_on).label("served_on"),
        )
        .join_from(Message, MessageService, of_message(Message))
        .outerjoin(Person, Person.id == Message.person_id)
        .where(
            Message.kind.in_(sorted(DECIDES)),
            MessageService.served_on.is_not(None),
            Person.died_on.is_(None),
            ~was_undone(),
        )
        .group_by(
            Message.region_code,
            Message.kind,
            Message.subject,
            Message.notified_on,
            Message.reader_id,
        )
    )
    return first


def _whom(
    kind: MessageKind, day: tuple[str, str, date], notified_on: date, last_day: date
) -> Select[Any]:
    name, region_code, served_on = day
    readers = [each for each in sorted(DECIDES) if KINDS[each].reader is kind.reader]
    served = _served().subquery("served").c
    return select(
        served.region_code,
        # The kind as well: two decisions may be about one case.
        func.substr(name + "-" + served.kind + "-" + served.subject, 1, 64),
        day_of(notified_on),
        served.reader_id,
        day_of(last_day),
    ).where(
        served.region_code == region_code,
        served.served_on == served_on,
        served.kind.in_(readers),
    )
