"""What the office sent a person or an employer, as far as it lies in the visitor's scope."""

from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from siweb.auth.access import may_read, scope
from siweb.auth.tables.appointment import Function
from siweb.desk.people.labels import DELIVERIES
from siweb.messages.kinds.benefits import (
    BENEFIT_SUSPENDED,
    CERTIFICATION_REMINDER,
    SUSPENSION_ANNOUNCED,
)
from siweb.messages.kinds.by_name import KINDS
from siweb.messages.kinds.helping import CERTIFIED_BY_RELATIVE
from siweb.messages.kinds.registration import TEMPORARY_ACCOUNT
from siweb.messages.kinds.reviews import RESIDENT_AGAIN, RESIDENT_ENDED
from siweb.messages.message_kind import Reader
from siweb.messages.tables.message import Message
from siweb.registry.codes import Insurance
from siweb.registry.tables.benefit import PAYING
from siweb.service.sent import SentMessage, list_sent
from siweb.web.paging import page_asked

PAGE = 25
_PENSION = frozenset({Insurance.PENSION})
# What is about some insurances is a matter of the agencies that run them: so are its messages. By
# the page to which a kind leads, and of those that lead to reviews by what they are.
_PLACES = {
    "benefits.show_benefits": PAYING,
    "pensions.show_pension": _PENSION,
    "transfers.show_transfers": _PENSION,
    "ledgers.show_account": _PENSION,
}
_OF_KIND = {
    CERTIFICATION_REMINDER.name: PAYING,
    SUSPENSION_ANNOUNCED.name: PAYING,
    BENEFIT_SUSPENDED.name: PAYING,
    CERTIFIED_BY_RELATIVE.name: PAYING,
    TEMPORARY_ACCOUNT.name: _PENSION,
    RESIDENT_ENDED.name: frozenset({Insurance.MEDICAL}),
    RESIDENT_AGAIN.name: frozenset({Insurance.MEDICAL}),
}
ABOUT = {
    name: _OF_KIND.get(name) or _PLACES[kind.place]
    for name, kind in KINDS.items()
    if name in _OF_KIND or kind.place in _PLACES
}
"""The insurances that a kind of message is about; the others are what all have in common."""


def newest_messages(
    session: Session, reader: Reader, reader_id: int, most: int
) -> list[SentMessage]:
    """Return what was sent to somebody last; one statement."""
    return list_sent(session, reader, reader_id, _lies_in(), page=1, most=most)[0]


def messages_part(session: Session, reader: Reader, reader_id: int) -> dict[str, Any]:
    """Return a page of what was sent to somebody, the newest first; one statement."""
    page = page_asked()
    found, has_more = list_sent(session, reader, reader_id, _lies_in(), page=page, most=PAGE)
    return {
        "messages": found,
        "has_more": has_more,
        "page": page,
        "deliveries": DELIVERIES,
        # Whose work it is to serve a notice; the others read how it stands.
        "serves": may_read(Function.REVIEW, Function.CONTRIBUTIONS),
    }


def _lies_in() -> ColumnElement[bool]:
    # One condition for each set of insurances, not for each of the kinds.
    of_sets: dict[frozenset[Insurance], list[str]] = {}
    for name, of in sorted(ABOUT.items()):
        of_sets.setdefault(of, []).append(name)
    about = ((Message.kind.in_(names), of) for of, names in of_sets.items())
    return scope().has(Message.region_code, *about)
