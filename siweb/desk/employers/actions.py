"""The agency decides an employer's rate for work injury: made by one and checked by another."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.collection.levy.find import billed_through
from siweb.desk.employers.labels import REFUSALS
from siweb.filings.employers.labels import risk_in_words
from siweb.messages.kinds.registration import INJURY_RATE_DECIDED, INJURY_RATE_RAISED
from siweb.messages.notify import notify
from siweb.registry.codes import Insurance
from siweb.registry.employers.injury_rate import (
    InjuryRateRefused,
    Risk,
    change_of_rate,
    decide_injury_rate,
    risks_of,
)
from siweb.registry.tables.employer import Employer
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction
from siweb.web.language.formats import month


def _employer(session: Session, task: Task) -> Employer:
    return session.get_one(Employer, task.change["employer_id"])


def _risk(task: Task) -> Risk:
    return Risk(int(task.change["injury_class"]), int(task.change["injury_tier_ppm"]))


def _about(session: Session, task: Task) -> Subject:
    employer = _employer(session, task)
    return Subject(
        frozenset({employer.region_code}),
        employer_ids=frozenset({employer.id}),
        insurances=frozenset({Insurance.WORK_INJURY}),
    )


def _would_decide(session: Session, task: Task) -> list[Difference]:
    from_month, after = task.change["from_month"], risk_in_words(_risk(task))
    label = _("Rate for work injury from %(month)s", month=month(from_month))
    if task.closed_at is not None:
        return [Difference(label, "—", after)]
    before = risks_of(session, _employer(session, task)).in_month(from_month)
    return [Difference(label, risk_in_words(before), after)]


def _decide(session: Session, task: Task, doing: Doing) -> None:
    employer, risk, from_month = _employer(session, task), _risk(task), task.change["from_month"]
    by: dict[str, Any] = {
        "billed_through": billed_through(session, employer.region_code),
        "packs": doing.packs,
    }
    is_raised = change_of_rate(session, employer, risk, from_month, **by) > 0
    # A higher rate has no effect before it was served: `siweb.service.raise_rate` keeps it then.
    if not is_raised:
        decide_injury_rate(
            session,
            employer,
            risk,
            from_month,
            task.because,
            **by,
            made_by=task.made_by_account_id,
            actor=doing.actor,
            at=doing.at,
        )
    notify(
        session,
        INJURY_RATE_RAISED if is_raised else INJURY_RATE_DECIDED,
        employer.id,
        region_code=employer.region_code,
        subject=("task", task.reference),
        at=doing.at,
    )


def _page(task: Task) -> str:
    return url_for("employer_desk.show_employer", uscc=task.change["uscc"])


INJURY_RATE = TwoPersonAction(
    "employer.injury_rate",
    _l("Decide an employer’s rate for work injury"),
    Function.CONTRIBUTIONS,
    _would_decide,
    _about,
    _decide,
    {InjuryRateRefused: REFUSALS},
    _page,
)
