"""Record how a notice was served, or that a way failed; what the law counts runs from then on."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.clock import office_day
from siweb.evidence.papers.keep import PaperOf, keep_paper
from siweb.evidence.papers.labels import in_office_words
from siweb.evidence.papers.paper import Because
from siweb.messages.inbox import mark_read
from siweb.messages.served import KEY, PUBLIC_NOTICE, first_served, services_of
from siweb.messages.tables.message import Message
from siweb.messages.tables.service import Failure, MessageService, Way
from siweb.rules.calendar.deadlines import compute_deadline
from siweb.rules.calendar.months import month_of
from siweb.rules.errors import Refusal
from siweb.rules.parameters.pack_set import PackSet
from siweb.rules.parameters.parameter_set import ParameterMissing
from siweb.service.effects import take_effect


class ServiceRefused(Refusal):
    """When a way cannot be recorded.

    `code` is "served" before, "twice" of the same failure, "before_notice" or "in_future" of its
    day, "nothing_failed" of what is published without another way having failed by then,
    "published" of what runs already, or "no_term" where the office's packs do not say how long a
    notice is public.
    """


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody did to serve a notice, or in vain, on a day, and the paper on it."""

    way: Way
    done_on: date
    paper: Because
    tracking_number: str = ""
    failure: Failure | None = None
    words: str = ""


# The message is locked: of two who record at one moment the second sees what the first one did.
def record_service(
    session: Session,
    message: Message,
    given: Given,
    *,
    packs: PackSet,
    actor: Actor,
    on: date,
    at: datetime,
) -> MessageService:
    """Keep one way in which somebody at the office served a notice, or that it failed.

    :raises ServiceRefused: see there.
    """
    session.refresh(message, with_for_update=True)
    before = services_of(session, message)
    _refuse(message, given, before, on)
    served_on = None if given.failure else given.done_on
    if given.way is Way.PUBLISHED:
        # Served with the day after the last one on which it was public.
        served_on = _public_until(packs, message.region_code, given.done_on) + timedelta(days=1)
    row = MessageService(
        **_key(message),
        way=given.way,
        done_on=given.done_on,
        served_on=served_on,
        failure=given.failure,
        tracking_number=given.tracking_number,
        paper=in_office_words(given.paper),
        words=given.words,
        recorded_on=on,
        recorded_by_account_id=actor.account_id,
    )
    session.add(row)
    session.flush()
    keep_paper(session, given.paper, PaperOf(message_service_id=row.id))
    record_activity(
        session,
        "message.served" if served_on else "message.not_served",
        actor=actor,
        at=at,
        subject=("message", f"{message.kind}/{message.subject}"),
        person_id=message.person_id,
        facts={"way": given.way.value, "on": given.done_on.isoformat()},
    )
    if served_on is not None:
        # Before a publication runs out somebody may be reached otherwise, and is served then.
        earlier = first_served(before)
        _count(session, message, min(served_on, earlier or served_on), packs, at)
    return row


def record_opened(
    session: Session, message: Message, *, packs: PackSet, account_id: int, at: datetime
) -> MessageService:
    """Keep that its reader opened a notice that was not served before, which serves it; once."""
    day = office_day(at)
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    values: dict[str, Any] = {
        **_key(message),
        "way": Way.OPENED,
        "done_on": day,
        "served_on": day,
        "tracking_number": "",
        "paper": "",
        "words": "",
        "recorded_on": day,
        "recorded_by_account_id": account_id,
    }
    session.execute(insert(MessageService).values(values).on_conflict_do_nothing())
    # Opened before, it was read by somebody who receives nothing for the employer: who read it
    # first stays, and it is served today.
    if message.read_at is None:
        mark_read(session, message, account_id=account_id, at=at, serves=True)
        take_effect(session, message, day, packs=packs, at=at)
    else:
        _count(session, message, day, packs, at)
    return MessageService(**values)


def _refuse(message: Message, given: Given, before: Any, on: date) -> None:
    first = first_served(before)
    if first is not None and first <= on:
        raise ServiceRefused("served")
    if given.done_on > on:
        raise ServiceRefused("in_future")
    if given.done_on < office_day(message.made_at):
        raise ServiceRefused("before_notice")
    tried = (given.way, given.done_on, given.failure)
    if given.failure and tried in {(each.way, each.done_on, each.failure) for each in before}:
        raise ServiceRefused("twice")
    if given.way is Way.PUBLISHED:
        if first is not None:
            raise ServiceRefused("published")
        if not any(each.failure and each.done_on <= given.done_on for each in before):
            raise ServiceRefused("nothing_failed")


def _public_until(packs: PackSet, region_code: str, published_on: date) -> date:
    try:
        period = packs.parameters(region_code, month_of(published_on)).period(PUBLIC_NOTICE)
    except ParameterMissing:
        raise ServiceRefused("no_term") from None
    return compute_deadline(published_on, period, packs.calendar()).last_day


def _count(session: Session, message: Message, first: date, packs: PackSet, at: datetime) -> None:
    """Let what the law counts from service count from the first day of it."""
    if message.awaits_service:
        same = (getattr(Message, name) == value for name, value in _key(message).items())
        session.execute(
            update(Message)
            .where(*same)
            .values(awaits_service=False)
            .execution_options(synchronize_session=False)
        )
    take_effect(session, message, first, packs=packs, at=at)


def _key(message: Message) -> dict[str, Any]:
    return {name: getattr(message, name) for name in KEY}
