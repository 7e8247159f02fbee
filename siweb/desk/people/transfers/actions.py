"""The account of a transfer that moves, a transfer that is refused: made by one, checked by two."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.desk.people.labels import REFUSALS as OF_ACCOUNTS
from siweb.documents.secret import document_secret
from siweb.ledgers.account.close import AccountRefused, account_balance
from siweb.registry.codes import Insurance
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction
from siweb.transfers.labels import REFUSALS, STATES
from siweb.transfers.move import Certified, Moved, move_fund, refuse_transfer
from siweb.transfers.steps import StepRefused
from siweb.transfers.tables.pension_transfer import PensionTransfer, TransferState
from siweb.web.language.explanations import months_text
from siweb.web.language.formats import month_range, yuan


def transfer_subject(transfer: PensionTransfer) -> str:
    """Return what tasks about a transfer are about."""
    return f"transfer:{transfer.id}"


def _transfer(session: Session, task: Task) -> PensionTransfer:
    return session.get_one(PensionTransfer, task.change["transfer_id"])


def _about(session: Session, task: Task) -> Subject:
    transfer = _transfer(session, task)
    region, persons = frozenset({transfer.region_code}), frozenset({transfer.person_id})
    return Subject(region, persons, insurances=frozenset({Insurance.PENSION}))


def _certified(task: Task) -> Certified | None:
    given: dict[str, Any] | None = task.change["certified"]
    return None if given is None else Certified(**given)


def _amount(session: Session, task: Task) -> int:
    certified = _certified(task)
    if certified is not None:
        return certified.amount_fen
    return account_balance(session, _transfer(session, task).person_id)


def _would_move(session: Session, task: Task) -> list[Difference]:
    transfer, certified = _transfer(session, task), _certified(task)
    step = Difference(_("Step"), str(STATES[TransferState.FORM]), str(STATES[TransferState.FUND]))
    lines = [step]
    if transfer.other_region:
        lines.append(Difference(_("The other region"), "—", transfer.other_region))
    if certified is not None:
        months = month_range(certified.from_month, certified.through_month)
        counted = f"{months} · {months_text(certified.months)}"
        lines.append(Difference(_("Months of contributions"), "—", counted))
        lines.append(Difference(_("Amount of the account"), "—", yuan(certified.amount_fen)))
    elif task.closed_at is None:
        balance = yuan(account_balance(session, transfer.person_id))
        lines.append(Difference(_("Balance of the individual account"), "—", balance))
    return lines


def _would_refuse(_session: Session, task: Task) -> list[Difference]:
    return [Difference(_("Reasons for the refusal"), "—", task.change["words"])]


def _move(session: Session, task: Task, doing: Doing) -> None:
    """Move what the transfer is about.

    :raises StepRefused: as `move_fund` says.
    :raises AccountRefused: what the books refuse.
    """
    by = Moved(doing.packs, doing.actor, doing.at)
    move_fund(session, _transfer(session, task), _certified(task), task.because, by)


def _refuse(session: Session, task: Task, doing: Doing) -> None:
    """Refuse the transfer.

    :raises StepRefused: as `refuse_transfer` says.
    """
    by = Moved(doing.packs, doing.actor, doing.at)
    words = task.change["words"]
    refuse_transfer(session, _transfer(session, task), words, by, secret=document_secret())


def _page(task: Task) -> str:
    return url_for("transfer_desk.show_transfer", reference=task.change["reference"])


MOVE_FUND = TwoPersonAction(
    "transfer.fund",
    _l("Move the account of a transfer"),
    Function.FINANCE,
    _would_move,
    _about,
    _move,
    {StepRefused: REFUSALS, AccountRefused: OF_ACCOUNTS},
    _page,
    _amount,
)
REFUSE_TRANSFER = TwoPersonAction(
    "transfer.refuse",
    _l("Refuse a transfer"),
    Function.FINANCE,
    _would_refuse,
    _about,
    _refuse,
    {StepRefused: REFUSALS},
    _page,
)
