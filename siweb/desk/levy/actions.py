"""An adjustment of earlier months, and the late fees that its notice waives: checked by another."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.collection.levy.adjustment.start import open_adjustment
from siweb.collection.levy.find import enqueue_levy
from siweb.collection.levy.refusal import LevyRefused
from siweb.desk.levy.labels import REFUSALS
from siweb.evidence.papers.paper import Paper
from siweb.tasks.propose import propose
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction
from siweb.web.language.formats import day, month_range


def adjustment_values(
    region: str, months: tuple[str, str], due_on: date, waived_until: date | None
) -> dict[str, Any]:
    """Return what an adjustment is given, as a task keeps it."""
    return {
        "region_code": region,
        "first_month": months[0],
        "last_month": months[1],
        "due_on": due_on.isoformat(),
        "waived_until": waived_until and waived_until.isoformat(),
    }


def propose_adjustment(
    session: Session,
    values: dict[str, Any],
    reason: str,
    doing: Doing,
    *,
    papers: Sequence[Paper] = (),
) -> Task:
    """Return the task that begins an adjustment once somebody else has checked it.

    Payers read the reason on their bills; the notice itself is a paper beside it.

    :raises LevyRefused: as `open_adjustment` does.
    :raises ProposalRefused: when the same months of the region wait already.
    """
    region, first, last = (values[name] for name in ("region_code", "first_month", "last_month"))
    subject = f"levy:{region}:{first}:{last}"
    return propose(
        session, ADJUST, subject, values, reason, region_code=region, papers=papers, doing=doing
    )


def _waived_until(task: Task) -> date | None:
    given = task.change["waived_until"]
    return None if given is None else date.fromisoformat(given)


def _about(_session: Session, task: Task) -> Subject:
    """An adjustment concerns everybody of a region and so nobody more than others."""
    return Subject(frozenset({task.change["region_code"]}))


def _would_adjust(_session: Session, task: Task) -> list[Difference]:
    given, waived = task.change, _waived_until(task)
    months = month_range(given["first_month"], given["last_month"])
    due_on = day(date.fromisoformat(given["due_on"]))
    lines = [
        Difference(_("Months that are billed anew"), "—", months),
        Difference(_("Last day to pay"), "—", due_on),
    ]
    if waived is not None:
        lines.append(Difference(_("No late fees until"), "—", day(waived)))
    return lines


def _adjust(session: Session, task: Task, doing: Doing) -> None:
    given = task.change
    run = open_adjustment(
        session,
        given["region_code"],
        (given["first_month"], given["last_month"]),
        packs=doing.packs,
        due_on=date.fromisoformat(given["due_on"]),
        waived_until=_waived_until(task),
        reason=task.because,
        actor=doing.actor,
        on=doing.on,
        at=doing.at,
    )
    enqueue_levy(session, run, actor=doing.actor, at=doing.at)


def _page(_task: Task) -> str:
    return url_for("levy_desk.show_runs")


ADJUST = TwoPersonAction(
    "levy.adjust",
    _l("Adjust earlier months"),
    Function.CONTRIBUTIONS,
    _would_adjust,
    _about,
    _adjust,
    {LevyRefused: REFUSALS},
    _page,
)
