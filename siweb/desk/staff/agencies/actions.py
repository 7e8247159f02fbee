"""Set which insurances an agency runs: made by one administrator and checked by another."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.evidence.papers.paper import Because
from siweb.registry.codes import Insurance
from siweb.registry.regions.agency_insurances import InsurancesRefused, run_by, set_insurances
from siweb.registry.tables.agency import Agency
from siweb.tasks.propose import propose
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction
from siweb.web.language.labels import insurance_names

REFUSALS = {
    "none_chosen": _l("Choose at least one insurance."),
    "as_before": _l("It is so already."),
}


def insurances_subject(agency_id: int) -> str:
    """Return what a task about an agency's insurances is about."""
    return f"agency:{agency_id}:insurances"


def propose_insurances(
    session: Session, agency: Agency, insurances: Iterable[str], because: Because, doing: Doing
) -> Task:
    """Return the task that gives an agency some insurances once another has checked it.

    :raises InsurancesRefused: as `set_insurances` does.
    :raises ProposalRefused: when it waits already.
    """
    change = {"agency_id": agency.id, "insurances": [Insurance(each).value for each in insurances]}
    return propose(
        session,
        AGENCY_INSURANCES,
        insurances_subject(agency.id),
        change,
        because,
        region_code=agency.region_code,
        doing=doing,
    )


def _agency(session: Session, task: Task) -> Agency:
    return session.get_one(Agency, task.change["agency_id"])


def _about(session: Session, task: Task) -> Subject:
    return Subject(frozenset({_agency(session, task).region_code}))


def _would_set(session: Session, task: Task) -> list[Difference]:
    agency = _agency(session, task)
    before = insurance_names(run_by(agency)) if task.closed_at is None else "—"
    return [Difference(agency.name_zh, before, insurance_names(task.change["insurances"]))]


def _set(session: Session, task: Task, doing: Doing) -> None:
    set_insurances(
        session,
        _agency(session, task),
        map(Insurance, task.change["insurances"]),
        task.because,
        actor=doing.actor,
        at=doing.at,
    )


def _page(task: Task) -> str:
    return url_for("agency_desk.show_agencies", agency=task.change["agency_id"])


AGENCY_INSURANCES = TwoPersonAction(
    "office.agency_insurances",
    _l("Set which insurances an agency runs"),
    Function.ADMINISTRATION,
    _would_set,
    _about,
    _set,
    {InsurancesRefused: REFUSALS},
    _page,
)
