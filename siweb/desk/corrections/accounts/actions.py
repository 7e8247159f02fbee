"""What an earlier system brought into an account is set right: made by one, checked by another."""

from dataclasses import replace

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.desk.corrections.accounts.labels import REFUSALS, entry_named
from siweb.desk.subjects import of_person
from siweb.documents.revoke import revoke_papers
from siweb.documents.tables.document import Document, DocumentKind
from siweb.ledgers.account.correct import EntryRefused, require_wrong, set_right
from siweb.ledgers.tables.account_entry import EntryKind
from siweb.messages.kinds.registration import ACCOUNT_SET_RIGHT
from siweb.messages.notify import notify
from siweb.registry.codes import Insurance
from siweb.registry.person_keys import is_of
from siweb.registry.tables.person import Person
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction
from siweb.web.language.formats import yuan


def _person_of(task: Task) -> int:
    return int(task.change["person_id"])


def _about(session: Session, task: Task) -> Subject:
    found = of_person(session, _person_of(task))
    subject = found or Subject(frozenset(), frozenset({_person_of(task)}))
    return replace(subject, insurances=frozenset({Insurance.PENSION}))


def _would_set_right(_session: Session, task: Task) -> list[Difference]:
    given = task.change
    named = entry_named(EntryKind(given["kind"]), given["year"], given["month"])
    return [Difference(named, yuan(given["shown_fen"]), yuan(given["right_fen"]))]


def _set_right(session: Session, task: Task, doing: Doing) -> None:
    person_id, given = _person_of(task), task.change
    right_fen = given["right_fen"]
    found = require_wrong(session, person_id, given["key"], right_fen, given["shown_fen"])
    if task.id is None:
        # Only tried: the row names its task, which is kept after this.
        return
    set_right(
        session,
        found,
        right_fen,
        task_id=task.id,
        on=doing.on,
        actor=doing.actor,
        at=doing.at,
    )
    revoke_papers(session, _outdated(session, person_id, given["year"]), at=doing.at)
    notify(
        session,
        ACCOUNT_SET_RIGHT,
        person_id,
        region_code=session.get_one(Person, person_id).region_code,
        subject=("account_correction", task.id),
        at=doing.at,
    )


def _outdated(session: Session, person_id: int, year: int) -> list[Document]:
    """Return the yearly records of the person that show the account as it was."""
    papers = session.scalars(
        select(Document).where(
            is_of(Document.person_id, person_id),
            Document.kind == DocumentKind.RIGHTS_RECORD,
            Document.revoked_at.is_(None),
        )
    )
    # What is in the account goes on from year to year.
    return [paper for paper in papers if int(paper.subject_id.split("/")[1][:4]) >= year]


CORRECT_ACCOUNT = TwoPersonAction(
    "account.set_right",
    _l("Set right what was brought into an account"),
    Function.FINANCE,
    _would_set_right,
    _about,
    _set_right,
    {EntryRefused: REFUSALS},
    lambda task: url_for("account_correction_desk.show_entries", person_id=_person_of(task)),
    lambda _session, task: abs(task.change["right_fen"] - task.change["shown_fen"]),
)
