"""A record that is corrected: made by one, its whole effect before the eyes of another."""

from typing import Any

from flask import has_app_context, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.collection.corrections.labels import KINDS
from siweb.collection.corrections.record.correct import Corrected, correct_record
from siweb.collection.corrections.record.correction import Correction, CorrectionRefused
from siweb.collection.corrections.record.effect import Effect
from siweb.collection.corrections.shown import changes_of
from siweb.collection.payments.allocation_order import IN_ORDER_OF_LAW, AllocationOrder
from siweb.collection.payments.office_order import office_order
from siweb.collection.tables.record_correction import CorrectionKind, RecordCorrection
from siweb.desk.corrections.labels import REFUSALS
from siweb.desk.reviews.tasks.labels import REFUSALS as REVIEW_REFUSALS
from siweb.desk.subjects import of_person
from siweb.documents.secret import document_secret
from siweb.registry.codes import Insurance
from siweb.reviews.facts import ReviewFacts
from siweb.reviews.tables.task import ReviewTask, TaskResult, TaskState
from siweb.reviews.tasks.find import find_task
from siweb.reviews.tasks.finish import TaskRefused, finish_task
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction
from siweb.web.language.formats import day, month_range
from siweb.web.language.labels import insurance_names


def record_subject(person_id: int) -> str:
    """Return what a correction's task is about: one of a person waits at a time."""
    return f"record:{person_id}"


def try_correction(session: Session, correction: Correction, because: str, doing: Doing) -> Effect:
    """Return what a correction would change; nothing of it stays.

    :raises Refusal: what stands against it.
    """
    trial = session.begin_nested()
    try:
        return _corrected(session, correction, because, doing).effect
    finally:
        trial.rollback()


def _corrected(session: Session, correction: Correction, because: str, doing: Doing) -> Corrected:
    return correct_record(
        session,
        correction,
        packs=doing.packs,
        reason=because,
        actor=doing.actor,
        on=doing.on,
        at=doing.at,
        order=_order(),
    )


def _order() -> AllocationOrder:
    """Return the running office's order of using money; a command has that of the law."""
    return office_order() if has_app_context() else IN_ORDER_OF_LAW


def _about(session: Session, task: Task) -> Subject:
    """A correction concerns the person and whoever is billed or credited."""
    given = task.change
    found = of_person(session, given["person_id"])
    payers = {given["employer_id"], given["to_employer_id"]} - {None}
    regions = frozenset({given["region_code"]})
    people = frozenset({given["person_id"]}) if found is None else found.person_ids
    # A base is one of all insurances; what is put in, moved or taken out is decided of each.
    insurances = frozenset(Insurance(code) for code in given["insurances"])
    return Subject(regions, people, frozenset(payers), insurances=insurances)


def _would_correct(session: Session, task: Task) -> list[Difference]:
    correction = Correction.from_dict(task.change)
    effect = Effect.from_dict(task.change["effect"])
    return [
        *(Difference(*line) for line in stated(correction)),
        *(Difference(*change) for change in changes_of(session, effect)),
    ]


def stated(correction: Correction) -> list[tuple[Any, str, str]]:
    """Return what a correction says is right: months, insurances, and from when a fee is owed."""
    months = month_range(correction.first_month, correction.last_month)
    lines = [(KINDS[correction.kind], "—", months)]
    if correction.kind is not CorrectionKind.BASE:
        lines.append((_("Insurances"), "—", insurance_names(correction.insurances)))
    none_until = _("none up to %(day)s: the office's own mistake", day=day(correction.due_on))
    owed = _("from each month's own due day (Social Insurance Law, article 86)")
    lines.append((_("Late fees"), "—", none_until if correction.is_offices_mistake else owed))
    return lines


def _billed(_session: Session, task: Task) -> int:
    """Return what a correction bills and credits, together."""
    return sum(abs(bill.fen) for bill in Effect.from_dict(task.change["effect"]).bills)


def _correct(session: Session, task: Task, doing: Doing) -> None:
    """Correct the record as it was shown, and end the task of the objection that led to it.

    :raises CorrectionRefused: as `correct_record` does; "differs" where other amounts come out.
    """
    correction = Correction.from_dict(task.change)
    done = _corrected(session, correction, task.because, doing)
    checked = Effect.from_dict(task.change["effect"])
    # What is done is what was shown: a statement of the record issued since changes no amount.
    if (done.effect.lines, done.effect.bills) != (checked.lines, checked.bills):
        raise CorrectionRefused("differs")
    objection_id = task.change["objection_id"]
    if objection_id is not None:
        _end_objection(session, objection_id, task.change["words"], doing)
    if task.id is None:
        # Only tried: the task is kept after that.
        return
    session.add(
        RecordCorrection(
            task_id=task.id,
            kind=correction.kind,
            person_id=correction.person_id,
            region_code=correction.region_code,
            first_month=correction.first_month,
            last_month=correction.last_month,
            objection_id=objection_id,
            levy_run_id=None if done.run is None else done.run.id,
            effect=done.effect.as_dict(),
            corrected_at=doing.at,
        )
    )
    session.flush()


def open_review_task(session: Session, objection_id: int) -> ReviewTask | None:
    """Return the task to set right what an objection was upheld about, while it is open."""
    return session.scalar(
        select(ReviewTask).where(
            ReviewTask.objection_id == objection_id, ReviewTask.state == TaskState.OPEN
        )
    )


def _end_objection(session: Session, objection_id: int, words: str, doing: Doing) -> None:
    """End the case's task: the person reads that it is corrected, and what was."""
    waiting = open_review_task(session, objection_id)
    found = None if waiting is None else find_task(session, waiting.id)
    if found is None:
        raise CorrectionRefused("not_upheld")
    facts = ReviewFacts(session, found.review, found.campaign, doing.on, doing.packs)
    finish_task(
        session,
        found.task,
        facts,
        result=TaskResult.DONE,
        outcome=words,
        actor=doing.actor,
        at=doing.at,
        secret=document_secret(),
        is_corrected=True,
    )


def _page(task: Task) -> str:
    return url_for("correction_desk.show_form", person_id=task.change["person_id"])


CORRECT_RECORD = TwoPersonAction(
    "record.correct",
    _l("Correct the record"),
    Function.CONTRIBUTIONS,
    _would_correct,
    _about,
    _correct,
    {CorrectionRefused: REFUSALS, TaskRefused: REVIEW_REFUSALS},
    _page,
    _billed,
)
