"""A pension that is approved or refused: proposed by one, decided when another has checked it."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.documents.secret import document_secret
from siweb.pensions.compare import compare
from siweb.pensions.decide import (
    Deciding,
    DecisionRefused,
    approve_application,
    refuse_application,
)
from siweb.pensions.figures import ByHand
from siweb.pensions.labels import REFUSALS
from siweb.pensions.place import place_sentences
from siweb.pensions.tables.pension_application import PensionApplication
from siweb.registry.codes import Insurance
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction
from siweb.web.language.formats import month


def pension_subject(application: PensionApplication) -> str:
    """Return what tasks about an application are about."""
    return f"pension:{application.id}"


def approval(by_hand: ByHand, words: str, figures: dict[str, Any]) -> dict[str, Any]:
    """Return what an approval changes: the figures that its second person sees and decides."""
    return {
        "index_ppm": by_hand.index_ppm,
        "transitional_fen": by_hand.transitional_fen,
        "early_index_ppm": by_hand.early_index_ppm,
        "household": by_hand.household,
        "words": words,
        "figures": figures,
    }


def _application(session: Session, task: Task) -> PensionApplication:
    return session.get_one(PensionApplication, task.change["application_id"])


def _about(session: Session, task: Task) -> Subject:
    application = _application(session, task)
    region, persons = frozenset({application.region_code}), frozenset({application.person_id})
    return Subject(region, persons, insurances=frozenset({Insurance.PENSION}))


def _would_approve(session: Session, task: Task) -> list[Difference]:
    application = _application(session, task)
    lines = compare(application.estimate, task.change["figures"])
    return [
        Difference(_("First month"), "—", month(application.from_month)),
        *(
            Difference(
                f"{line.label} · {line.why}" if line.why else line.label,
                line.estimated,
                line.decided,
            )
            for line in lines
        ),
        *(
            Difference(_("Which place pays"), "—", sentence)
            for sentence in place_sentences(task.change["figures"].get("place"))
        ),
        *([Difference(_("Reasons"), "—", task.change["words"])] if task.change["words"] else []),
    ]


def _would_refuse(_session: Session, task: Task) -> list[Difference]:
    return [Difference(_("Reasons for the refusal"), "—", task.change["words"])]


def _deciding(task: Task, doing: Doing) -> Deciding:
    return Deciding(task.made_by_account_id, doing.packs, doing.actor, doing.at, document_secret())


def _approve(session: Session, task: Task, doing: Doing) -> None:
    given = task.change
    approve_application(
        session,
        _application(session, task),
        ByHand(
            given["index_ppm"],
            given["transitional_fen"],
            # What was proposed before these were asked for does not have them.
            given.get("early_index_ppm"),
            given.get("household"),
        ),
        given["words"],
        _deciding(task, doing),
        shown=given["figures"],
    )


def _refuse(session: Session, task: Task, doing: Doing) -> None:
    refuse_application(
        session, _application(session, task), task.change["words"], _deciding(task, doing)
    )


def _page(task: Task) -> str:
    return url_for("pension_desk.show_application", reference=task.change["reference"])


APPROVE_PENSION = TwoPersonAction(
    "pension.approve",
    _l("Approve a pension"),
    Function.REVIEW,
    _would_approve,
    _about,
    _approve,
    {DecisionRefused: REFUSALS},
    _page,
)
REFUSE_PENSION = TwoPersonAction(
    "pension.refuse",
    _l("Refuse a pension"),
    Function.REVIEW,
    _would_refuse,
    _about,
    _refuse,
    {DecisionRefused: REFUSALS},
    _page,
)
