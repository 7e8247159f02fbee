"""Find transfers: a person's own with what happened, and those that wait at the desk."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from siweb.auth.staff.duties import Scope
from siweb.registry.person_keys import is_of
from siweb.registry.tables.person import Person
from siweb.transfers.tables.pension_transfer import PensionTransfer, TransferEvent

_OWN = 20


class FoundTransfer(NamedTuple):
    """A transfer with its person."""

    transfer: PensionTransfer
    person: Person


def own_transfers(session: Session, person_id: int) -> Sequence[PensionTransfer]:
    """Return a person's transfers, the newest first."""
    return session.scalars(
        select(PensionTransfer)
        .where(is_of(PensionTransfer.person_id, person_id))
        .order_by(PensionTransfer.applied_at.desc(), PensionTransfer.id.desc())
        .limit(_OWN)
    ).all()


def own_transfer(session: Session, person_id: int, reference: str) -> PensionTransfer | None:
    """Return a person's transfer; None for others'."""
    return session.scalar(
        select(PensionTransfer).where(
            PensionTransfer.reference == reference, is_of(PensionTransfer.person_id, person_id)
        )
    )


def events_of(session: Session, transfer: PensionTransfer) -> Sequence[TransferEvent]:
    """Return what happened to a transfer, in its order."""
    return session.scalars(
        select(TransferEvent)
        .where(TransferEvent.transfer_id == transfer.id)
        .order_by(TransferEvent.id)
    ).all()


def find_transfer(session: Session, reference: str) -> FoundTransfer | None:
    """Return a transfer by its number."""
    row = session.execute(_all().where(PensionTransfer.reference == reference)).first()
    return None if row is None else FoundTransfer(*row)


def count_open_transfers(_on: date, scope: Scope) -> Select[int]:
    """Return the statement that counts what is under way."""
    return select(func.count(PensionTransfer.id)).where(
        PensionTransfer.due_on.is_not(None), scope.has(PensionTransfer.region_code)
    )


def _all() -> Select[PensionTransfer, Person]:
    return select(PensionTransfer, Person).join(Person, Person.id == PensionTransfer.person_id)
