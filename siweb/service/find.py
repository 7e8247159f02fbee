"""Find what still waits to be served, and one notice with every try to serve it."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, and_, case, cast, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from siweb.auth.staff.duties import Scope
from siweb.collection.tables.assessment import Assessment, AssessmentState
from siweb.messages.inbox import ShownMessage, shown
from siweb.messages.kinds.assessments import ASSESSMENT_DECIDED, ASSESSMENT_PROPOSED
from siweb.messages.kinds.benefits import PENSION_REFUSED, SUSPENSION_ANNOUNCED
from siweb.messages.kinds.by_name import KINDS
from siweb.messages.kinds.registration import INJURY_RATE_RAISED
from siweb.messages.kinds.reviews import RESIDENT_AGAIN, RESIDENT_ENDED
from siweb.messages.kinds.transfers import TRANSFER_REFUSED
from siweb.messages.served import first_served, services_of
from siweb.messages.tables.message import Message
from siweb.messages.tables.service import MessageService
from siweb.registry.codes import Insurance
from siweb.registry.tables.benefit import PAYING, Benefit, BenefitState
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person

ABOUT: Mapping[str, frozenset[Insurance]] = MappingProxyType(
    {
        SUSPENSION_ANNOUNCED.name: PAYING,
        PENSION_REFUSED.name: frozenset({Insurance.PENSION}),
        TRANSFER_REFUSED.name: frozenset({Insurance.PENSION}),
        RESIDENT_ENDED.name: frozenset({Insurance.MEDICAL}),
        INJURY_RATE_RAISED.name: frozenset({Insurance.WORK_INJURY}),
    }
)
"""The insurances that a kind of notice is about; the others are what all have in common."""


class Notice(NamedTuple):
    """One notice, whom it is for, and every try to serve it."""

    shown_text: ShownMessage
    reader: str
    number: str
    services: Sequence[MessageService]

    @property
    def served_on(self) -> date | None:
        """Return from which day on it is served; that may still lie ahead."""
        return first_served(self.services)


def count_waiting_notices(_on: date, scope: Scope) -> Select[int]:
    """Return the question how many notices wait to be served, to be asked with others."""
    counted: Select[int] = _joined(select(func.count()).select_from(Message)).where(
        _waits(), _lies_in(scope)
    )
    return counted


def _lies_in(scope: Scope) -> ColumnElement[bool]:
    about = ((Message.kind == kind, of) for kind, of in ABOUT.items())
    return scope.has(Message.region_code, *about)


def find_notice(session: Session, kind: str, subject: str, day: str) -> Notice | None:
    """Return a notice that is served by somebody, by what its address names."""
    named = KINDS.get(kind)
    try:
        notified_on = date.fromisoformat(day)
    except ValueError:
        return None
    if named is None or not named.needs_service:
        return None
    row = session.execute(
        select(Message, Person, Employer)
        .outerjoin(Person, Person.id == Message.person_id)
        .outerjoin(Employer, Employer.id == Message.employer_id)
        .where(Message.kind == kind, Message.subject == subject, Message.notified_on == notified_on)
        .limit(1)
    ).first()
    if row is None:
        return None
    message, person, employer = row
    name = person.name if person is not None else employer.name
    number = person.id_number if person is not None else employer.uscc
    return Notice(shown(message), name, number, services_of(session, message))


def _joined(asked: Any) -> Any:
    """Join whom each notice is for, and what it is about: that may be over meanwhile."""
    # What other kinds are about is no number: it must not be read as one.
    is_announcement = Message.kind == SUSPENSION_ANNOUNCED.name
    number = func.substr(Message.subject, len("benefit-") + 1)
    of_benefit = and_(
        is_announcement,
        Benefit.id == cast(case((is_announcement, number)), Integer),
    )
    of_case = and_(
        Message.kind.in_([ASSESSMENT_PROPOSED.name, ASSESSMENT_DECIDED.name]),
        Assessment.reference == func.substr(Message.subject, len("assessment-") + 1),
    )
    return (
        asked.outerjoin(Person, Person.id == Message.person_id)
        .outerjoin(Employer, Employer.id == Message.employer_id)
        .outerjoin(Benefit, of_benefit)
        .outerjoin(Assessment, of_case)
    )


def _waits() -> ColumnElement[bool]:
    """Return that a notice waits.

    What was announced of a benefit that goes on or ended does not, nor a proposal that was answered
    or ended before it was served, nor what was taken back.
    """
    runs_out = and_(
        Benefit.state.in_([BenefitState.DUE, BenefitState.OVERDUE]),
        Benefit.certified_on < Message.notified_on,
    )
    is_open = and_(Assessment.state == AssessmentState.PROPOSED, Assessment.heard_at.is_(None))
    return and_(
        Message.awaits_service,
        ~was_undone(),
        or_(Message.person_id.is_(None), Person.died_on.is_(None)),
        or_(Message.kind != SUSPENSION_ANNOUNCED.name, runs_out),
        or_(Message.kind != ASSESSMENT_PROPOSED.name, is_open),
        or_(
            Message.kind != ASSESSMENT_DECIDED.name,
            Assessment.state == AssessmentState.DECIDED,
        ),
    )


def was_undone() -> ColumnElement[bool]:
    """Return the condition that what a message tells of was taken back, by another about it."""
    back = aliased(Message)
    return and_(
        Message.kind == RESIDENT_ENDED.name,
        exists().where(
            back.kind == RESIDENT_AGAIN.name,
            back.region_code == Message.region_code,
            back.subject == Message.subject,
            back.reader_id == Message.reader_id,
        ),
    )
