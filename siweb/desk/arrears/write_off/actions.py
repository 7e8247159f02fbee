"""What cannot be collected is written off, or reinstated: made by one and checked by another."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.clock import office_day
from siweb.collection.arrears.daily import ArrearsRefused
from siweb.collection.arrears.write_off import (
    Grounds,
    OpenAmounts,
    lines_of,
    reinstate,
    reinstated_by,
    require_open,
    require_written_off,
    standing_write_off,
    write_off,
)
from siweb.collection.tables.arrears import Arrears, ArrearsState, WriteOffCause
from siweb.desk.arrears.labels import CAUSES, REFUSALS, STATES
from siweb.desk.subjects import of_arrears
from siweb.registry.codes import Insurance
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction
from siweb.web.language.formats import day, yuan
from siweb.web.language.labels import INSURANCES


def write_off_values(arrears: Arrears, found: OpenAmounts, grounds: Grounds) -> dict[str, Any]:
    """Return what is written off as a task keeps it: the premium as its maker saw it."""
    return {
        "arrears_id": arrears.id,
        "cause": grounds.cause.value,
        "legal_basis": grounds.legal_basis,
        "decided_by": grounds.decided_by,
        "lines": {insurance.value: fen for insurance, fen in found.lines.items()},
        "late_fee_fen": found.late_fee_fen,
    }


def _grounds(given: Mapping[str, Any]) -> Grounds:
    return Grounds(WriteOffCause(given["cause"]), given["legal_basis"], given["decided_by"])


def _lines(given: Mapping[str, Any]) -> dict[Insurance, int]:
    return {Insurance(code): int(fen) for code, fen in given["lines"].items()}


def _arrears(session: Session, task: Task) -> Arrears:
    return session.get_one(Arrears, task.change["arrears_id"])


def _about(session: Session, task: Task) -> Subject:
    found = of_arrears(session, task.change["arrears_id"])
    return found or Subject(frozenset({_arrears(session, task).region_code}))


def _fee_of(task: Task) -> int:
    """Return the late fee as its maker saw it: it grows until the day on which it is checked."""
    fen: int = task.change["late_fee_fen"]
    return fen


def _would_write_off(session: Session, task: Task) -> list[Difference]:
    given = task.change
    lines = [
        Difference(INSURANCES[insurance], yuan(fen), yuan(0))
        for insurance, fen in _lines(given).items()
    ]
    sent_on = day(office_day(task.made_at))
    label = _("Late fee to %(day)s; it is counted to the day of the check", day=sent_on)
    lines.append(Difference(label, yuan(_fee_of(task)), yuan(0)))
    if task.closed_at is None:
        now = STATES[_arrears(session, task).state]
        lines.append(
            Difference(_("State"), str(now), str(STATES[ArrearsState.WRITTEN_OFF])),
        )
    grounds = _grounds(given)
    return [
        *lines,
        Difference(_("Why it cannot be collected"), "—", str(CAUSES[grounds.cause])),
        Difference(_("Legal basis"), "—", grounds.legal_basis),
        Difference(_("Approved by"), "—", grounds.decided_by),
    ]


def _write_off(session: Session, task: Task, doing: Doing) -> None:
    """Write off what its maker saw.

    :raises ArrearsRefused: what `require_open` refuses.
    """
    arrears, lines, grounds = _arrears(session, task), _lines(task.change), _grounds(task.change)
    if doing.actor.account_id == task.made_by_account_id:
        # Only tried: the row names a task, which is kept after this.
        require_open(session, arrears, lines, grounds, doing.on, packs=doing.packs)
        return
    write_off(
        session,
        arrears,
        lines,
        grounds,
        task_id=task.id,
        packs=doing.packs,
        actor=doing.actor,
        on=doing.on,
        at=doing.at,
    )


def _amount(_session: Session, task: Task) -> int:
    # Above the region's limit a third person checks it, counted with the fee that its maker saw.
    return sum(_lines(task.change).values()) + _fee_of(task)


def _would_reinstate(session: Session, task: Task) -> list[Difference]:
    # Once it is done, what it did: the same bill may have been written off anew since.
    standing = (
        standing_write_off(session, task.change["arrears_id"])
        if task.closed_at is None
        else reinstated_by(session, task.id)
    )
    if standing is None:
        return [Difference(_("State"), "—", _("To be paid again"))]
    return [
        *(
            Difference(INSURANCES[insurance], yuan(0), yuan(fen))
            for insurance, fen in lines_of(session, standing).items()
        ),
        Difference(_("State"), str(STATES[ArrearsState.WRITTEN_OFF]), _("To be paid again")),
    ]


def _reinstate(session: Session, task: Task, doing: Doing) -> None:
    """Take up again what was written off.

    :raises ArrearsRefused: "not_written_off".
    """
    arrears = _arrears(session, task)
    if doing.actor.account_id == task.made_by_account_id:
        # Only tried, as above.
        require_written_off(session, arrears)
        return
    reinstate(
        session,
        arrears,
        task_id=task.id,
        actor=doing.actor,
        on=doing.on,
        at=doing.at,
    )


def _amount_again(session: Session, task: Task) -> int:
    standing = standing_write_off(session, task.change["arrears_id"])
    return 0 if standing is None else standing.premium_fen + standing.late_fee_fen


def _page(task: Task) -> str:
    return url_for("arrears_desk.show_write_off", arrears_id=task.change["arrears_id"])


WRITE_OFF = TwoPersonAction(
    "arrears.write_off",
    _l("Write off what cannot be collected"),
    Function.CONTRIBUTIONS,
    _would_write_off,
    _about,
    _write_off,
    {ArrearsRefused: REFUSALS},
    _page,
    _amount,
)
REINSTATE = TwoPersonAction(
    "arrears.reinstate",
    _l("Reinstate what was written off"),
    Function.CONTRIBUTIONS,
    _would_reinstate,
    _about,
    _reinstate,
    {ArrearsRefused: REFUSALS},
    _page,
    _amount_again,
)
