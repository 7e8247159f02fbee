"""Serve notices in tests, as the counter would: on a day, for whatever waits."""

from datetime import UTC, datetime, time

from sqlalchemy import select

from siweb.audit.actor import Actor
from siweb.auth.tables.account import Account
from siweb.clock import office_day
from siweb.messages.kinds.benefits import SUSPENSION_ANNOUNCED
from siweb.messages.notify import notify
from siweb.messages.tables.message import Message
from siweb.messages.tables.service import Way
from siweb.registry.packs.in_force import packs_in_force
from siweb.reviews.benefits.state import announced_on
from siweb.rules.benefits.certification import compute_certification
from siweb.rules.calendar.months import first_day
from siweb.service.record import Given, record_service
from tests import factories


def clerk(session):
    """Somebody with an account, who records it."""
    account = session.scalars(select(Account).order_by(Account.id)).first()
    account = account or factories.make_account(session, factories.make_person(session))
    return Actor(account.id, account.person_id)


def announce(session, benefit, on=None):
    """Announce that a benefit stops, 30 days before its month, and serve that unless it waits."""
    terms = packs_in_force(session).parameters(benefit.region_code, "2026-10")
    period = compute_certification(benefit.certified_on, terms.certification_terms())
    first = period.suspended_from_month
    notify(
        session,
        SUSPENSION_ANNOUNCED,
        benefit.person_id,
        region_code=benefit.region_code,
        subject=("benefit", benefit.id),
        until_on=first_day(first),
        at=datetime.combine(announced_on(first), time(4), UTC),
    )
    serve(session, on, SUSPENSION_ANNOUNCED)
    session.commit()


def serve(session, on=None, kind=None):
    """Hand over what waits, on the day it was made unless another is given; return how much."""
    session.flush()
    asked = select(Message).where(Message.awaits_service)
    waiting = session.scalars(asked if kind is None else asked.where(Message.kind == kind.name))
    messages = waiting.all()
    for message in messages:
        day = on or office_day(message.made_at)
        record_service(
            session,
            message,
            Given(Way.HANDED_OVER, day, "送达回证1号"),
            packs=packs_in_force(session),
            actor=clerk(session),
            on=day,
            at=message.made_at,
        )
    return len(messages)
