"""What a message is about, line by line, where the words of its kind cannot say it.

Read when it is opened: what was added later the same day stands there too, although nobody is told
of the same thing twice a day.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.clock import office_day, start_of_day
from siweb.documents.kinds import KINDS, SAYS_WHO, SHOWS_MONTHS
from siweb.documents.tables.document import Document
from siweb.messages.kinds.helping import CERTIFIED_BY_RELATIVE, HELP_REVIEW
from siweb.messages.kinds.papers import PAPER_REVOKED, PAPERS_REVOKED
from siweb.messages.tables.message import Message
from siweb.registry.person_keys import is_of
from siweb.reviews.labels import event_label
from siweb.reviews.tables.review import ReviewEvent
from siweb.web.language.formats import day, instant

# Nobody holds more valid certificates, and a helper who did more is on the case's own page.
_MOST = 20
# As many signs of a paper's number as tell two papers apart without being the number.
_END = 4


class AboutLine(NamedTuple):
    """One thing that a message is about, and its page where it has one."""

    words: str
    address: str | None = None


def about_message(session: Session, message: Message) -> list[AboutLine]:
    """Return what a message is about; one statement, and none for most kinds."""
    read = _READ.get(message.kind)
    return [] if read is None else read(session, message)


def _one_paper(session: Session, message: Message) -> list[AboutLine]:
    return _papers(session, Document.id == _number(message))


def _corrected_papers(session: Session, message: Message) -> list[AboutLine]:
    """Return the certificates that a day's corrections took back; a receipt goes otherwise."""
    first, end = _hours(message)
    return _papers(
        session,
        is_of(Document.person_id, message.reader_id),
        Document.employer_id.is_(None),
        Document.kind.in_(sorted(SAYS_WHO | SHOWS_MONTHS)),
        Document.revoked_at >= first,
        Document.revoked_at < end,
    )


def _papers(session: Session, *which: Any) -> list[AboutLine]:
    found = session.scalars(
        select(Document).where(*which).order_by(Document.issued_at.desc(), Document.id).limit(_MOST)
    )
    return [
        AboutLine(
            _(
                "%(paper)s, its number ending in %(end)s, issued on %(day)s",
                paper=KINDS[paper.kind],
                end=paper.reference[-_END:],
                day=day(office_day(paper.issued_at)),
            ),
            url_for("documents.show_document", reference=paper.reference),
        )
        for paper in found
    ]


def _helpers_actions(session: Session, message: Message) -> list[AboutLine]:
    """Return each thing that a helper did in a case that day, in its order."""
    first, end = _hours(message)
    events = session.scalars(
        select(ReviewEvent)
        .where(
            ReviewEvent.review_id == _number(message),
            ReviewEvent.at >= first,
            ReviewEvent.at < end,
        )
        .order_by(ReviewEvent.id)
    )
    # What the person or the office did the same day has no helper's name.
    return [
        AboutLine(
            _(
                "%(at)s: %(what)s, by %(name)s",
                at=instant(event.at),
                what=event_label(event.from_state, event.to_state, event.facts),
                name=event.facts["helper"],
            )
        )
        for event in events
        if event.facts.get("helper")
    ][:_MOST]


def _number(message: Message) -> int:
    return int(message.subject.rpartition("-")[2])


def _hours(message: Message) -> tuple[datetime, datetime]:
    """Return the first instant of the message's day, and that of the next."""
    first = start_of_day(message.notified_on)
    return first, first + timedelta(days=1)


_READ: Mapping[str, Callable[[Session, Message], list[AboutLine]]] = MappingProxyType(
    {
        PAPER_REVOKED.name: _one_paper,
        PAPERS_REVOKED.name: _corrected_papers,
        HELP_REVIEW.name: _helpers_actions,
        CERTIFIED_BY_RELATIVE.name: _helpers_actions,
    }
)
