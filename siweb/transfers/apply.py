"""Apply for a transfer, one at a time; withdraw it while nothing has moved."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.db.reference_code import new_reference
from siweb.messages.kinds.transfers import TRANSFER_APPLIED
from siweb.messages.notify import notify
from siweb.registry.person_keys import is_of
from siweb.registry.tables.person import Person
from siweb.registry.tables.region import Region
from siweb.rules.errors import Refusal
from siweb.rules.parameters.pack_set import PackSet
from siweb.transfers.definition import DEFINITION
from siweb.transfers.eligibility import Eligibility, eligibility
from siweb.transfers.facts import TransferFacts
from siweb.transfers.receipt import issue_receipt
from siweb.transfers.steps import SUBJECT, add_event, last_days, take_step
from siweb.transfers.tables.pension_transfer import (
    PensionTransfer,
    TransferDirection,
    TransferState,
)
from siweb.wizard.answers import hand_in, resume_draft
from siweb.wizard.draft import Draft
from siweb.wizard.progress import Progress


class TransferRefused(Refusal):
    """When somebody cannot apply now: an obstacle, "nothing", "waiting" or "changed"."""


def may_apply(able: Eligibility, waiting: PensionTransfer | None) -> str | None:
    """Return what stands against applying now, or None."""
    if waiting is not None:
        return "waiting"
    if able.obstacle is not None:
        return able.obstacle
    return None if able.directions else "nothing"


def open_transfer(session: Session, person_id: int) -> PensionTransfer | None:
    """Return a person's transfer that is under way."""
    return session.scalar(
        select(PensionTransfer).where(
            is_of(PensionTransfer.person_id, person_id), PensionTransfer.due_on.is_not(None)
        )
    )


def start_transfer(session: Session, account_id: int, *, at: datetime) -> Draft:
    """Return the account's open answers, or new ones."""
    return resume_draft(session, DEFINITION.name, SUBJECT, account_id=account_id, at=at)


def apply_for_transfer(
    session: Session,
    state: Progress,
    *,
    packs: PackSet,
    actor: Actor,
    at: datetime,
    secret: str,
) -> PensionTransfer | None:
    """Return the transfer of checked answers, with its receipt; None when it was sent before.

    :raises TransferRefused: when something stands against it by now.
    """
    facts: TransferFacts = state.facts
    person, on = facts.person, facts.on
    # Two windows of one person wait for each other here.
    session.get_one(Person, person.id, with_for_update={"of": Person})
    if not hand_in(session, facts.draft, at=at):
        return None
    able = eligibility(session, person)
    if (code := may_apply(able, open_transfer(session, person.id))) is not None:
        raise TransferRefused(code)
    answers = {name: form.values() for name, form in state.forms.items()}
    direction = TransferDirection(answers["direction"]["direction"])
    if direction not in able.directions:
        raise TransferRefused("changed")
    other = "" if "region" not in answers else answers["region"]["other_region"]
    transfer = _new(person, able, direction, other, packs, on, at)
    _keep(session, transfer)
    add_event(session, transfer, "", on, actor=actor, at=at)
    issue_receipt(session, transfer, person, on=on, actor=actor, at=at, secret=secret)
    notify(
        session,
        TRANSFER_APPLIED,
        person.id,
        region_code=transfer.region_code,
        subject=(SUBJECT, transfer.id),
        until_on=transfer.done_by,
        at=at,
    )
    return transfer


def withdraw(
    session: Session,
    transfer: PensionTransfer,
    *,
    packs: PackSet,
    actor: Actor,
    on: date,
    at: datetime,
) -> None:
    """End a transfer of which nothing has moved; twice is once.

    :raises StepRefused: "moved" or "closed".
    """
    if transfer.state is TransferState.WITHDRAWN:
        return
    take_step(
        session,
        transfer,
        TransferState.WITHDRAWN,
        "",
        happened_on=on,
        packs=packs,
        actor=actor,
        on=on,
        at=at,
    )


def _new(
    person: Person,
    able: Eligibility,
    direction: TransferDirection,
    other: str,
    packs: PackSet,
    on: date,
    at: datetime,
) -> PensionTransfer:
    from_code = able.here.code if direction is not TransferDirection.IN else None
    to: Region | None = able.insured if direction is not TransferDirection.OUT else None
    # Whose desk works at it: that of the region it comes to, else of the one it leaves.
    region_code = able.here.code if to is None else to.code
    due_on, done_by = last_days(packs, region_code, on)
    return PensionTransfer(
        reference=new_reference(),
        person_id=person.id,
        region_code=region_code,
        direction=direction,
        state=TransferState.APPLIED,
        from_code=from_code,
        to_code=None if to is None else to.code,
        other_region=other,
        applied_at=at,
        due_on=due_on,
        done_by=done_by,
    )


def _keep(session: Session, transfer: PensionTransfer) -> None:
    try:
        with session.begin_nested():
            session.add(transfer)
    except IntegrityError as error:
        raise TransferRefused("waiting") from error
