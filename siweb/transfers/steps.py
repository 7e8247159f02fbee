"""The steps of a transfer: each a kept fact with its day; the next one has its last day."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.evidence.papers.keep import PaperOf, keep_paper
from siweb.evidence.papers.labels import in_office_words
from siweb.evidence.papers.paper import Because
from siweb.messages.kinds.transfers import TRANSFER_DONE, TRANSFER_MOVES, TRANSFER_REFUSED
from siweb.messages.notify import notify
from siweb.registry.tables.person import Person
from siweb.rules.calendar.deadlines import Period, compute_deadline
from siweb.rules.calendar.months import month_of
from siweb.rules.errors import Refusal
from siweb.rules.parameters.pack_set import PackSet
from siweb.transfers.tables.pension_transfer import PensionTransfer, TransferEvent, TransferState

SUBJECT = "pension_transfer"
PERIOD = "transfer_step"
"""The period of the packs that each agency has for its step (国办发〔2009〕66号 8)."""
NATIONAL = "CN"
STEPS = 3
NOTHING_MOVED = (TransferState.APPLIED, TransferState.ACCEPTED, TransferState.FORM)
# What a step may follow. The form may come with the money, and then in one step.
BEFORE = {
    TransferState.ACCEPTED: (TransferState.APPLIED,),
    TransferState.FORM: (TransferState.ACCEPTED,),
    TransferState.FUND: (TransferState.FORM,),
    TransferState.DONE: (TransferState.FUND,),
    TransferState.REFUSED: NOTHING_MOVED,
    TransferState.WITHDRAWN: NOTHING_MOVED,
}
_MESSAGES = {
    TransferState.ACCEPTED: TRANSFER_MOVES,
    TransferState.FORM: TRANSFER_MOVES,
    TransferState.FUND: TRANSFER_MOVES,
    TransferState.DONE: TRANSFER_DONE,
    TransferState.REFUSED: TRANSFER_REFUSED,
}


class StepRefused(Refusal):
    """When a transfer does not take a step; `code` says why."""


def last_days(packs: PackSet, region_code: str, on: date) -> tuple[date, date]:
    """Return the last day of the step that begins on a day, and of a whole transfer from then."""
    period = step_period(packs, region_code, on)
    calendar, day = packs.calendar(as_of=on), on
    days = []
    for _step in range(STEPS):
        day = compute_deadline(day, period, calendar).moved_to
        days.append(day)
    return days[0], days[-1]


def step_period(packs: PackSet, region_code: str, on: date) -> Period:
    """Return how long each agency has for its step."""
    # A region whose pack is still to come goes by the nation's rows.
    place = region_code if region_code in packs.packs else NATIONAL
    return packs.parameters(place, month_of(on), as_of=on).period(PERIOD)


def hold(session: Session, transfer: PensionTransfer, to: TransferState) -> Person:
    """Return the person of a transfer that may take a step now; others wait.

    :raises StepRefused: "moved" or "closed" when it is past it, "died".
    """
    person = session.get_one(Person, transfer.person_id, with_for_update={"of": Person})
    session.refresh(transfer, with_for_update=True)
    if transfer.state not in BEFORE[to]:
        has_moved = transfer.state in (TransferState.FUND, TransferState.DONE)
        raise StepRefused("moved" if has_moved and to is not TransferState.DONE else "closed")
    if person.died_on is not None and to not in (TransferState.REFUSED, TransferState.DONE):
        raise StepRefused("died")
    return person


def take_step(
    session: Session,
    transfer: PensionTransfer,
    to: TransferState,
    words: Because,
    *,
    happened_on: date,
    packs: PackSet,
    actor: Actor,
    on: date,
    at: datetime,
    changes: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Note that a step was taken on a day, tell the person, and reckon the next last day.

    `changes` are columns that change with the state, by their names.

    :raises StepRefused: "closed", "moved", "died", "day_to_come", or "day_before" the last step's.
    """
    hold(session, transfer, to)
    if happened_on > on:
        raise StepRefused("day_to_come")
    if happened_on < _last_step_on(session, transfer):
        raise StepRefused("day_before")
    transfer.state = to
    for name, value in changes.items():
        setattr(transfer, name, value)
    transfer.due_on = _due_on(transfer, packs, happened_on)
    add_event(session, transfer, words, happened_on, actor=actor, at=at)
    if to in _MESSAGES:
        notify(
            session,
            _MESSAGES[to],
            transfer.person_id,
            region_code=transfer.region_code,
            subject=(SUBJECT, f"{transfer.id}-{to.value}"),
            at=at,
        )


def add_event(
    session: Session,
    transfer: PensionTransfer,
    words: Because,
    happened_on: date,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Keep what happened to a transfer, and write it to the activity log."""
    event = TransferEvent(
        transfer_id=transfer.id,
        state=transfer.state,
        happened_on=happened_on,
        words=in_office_words(words),
        recorded_at=at,
        recorded_by_account_id=actor.account_id,
    )
    session.add(event)
    session.flush()
    keep_paper(session, words, PaperOf(transfer_event_id=event.id))
    record_activity(
        session,
        f"transfer.{transfer.state.value}",
        actor=actor,
        at=at,
        subject=(SUBJECT, transfer.id),
        person_id=transfer.person_id,
        facts={"reference": transfer.reference},
    )


def _due_on(transfer: PensionTransfer, packs: PackSet, happened_on: date) -> date | None:
    if transfer.state is TransferState.FORM:
        # Form and money have one last day together.
        return transfer.due_on
    if transfer.state in (TransferState.ACCEPTED, TransferState.FUND):
        return last_days(packs, transfer.region_code, happened_on)[0]
    return None


def _last_step_on(session: Session, transfer: PensionTransfer) -> date:
    asked = select(func.max(TransferEvent.happened_on))
    found = session.scalar(asked.where(TransferEvent.transfer_id == transfer.id))
    return found or date.min
