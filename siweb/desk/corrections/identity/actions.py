"""An identity that is corrected: made by one, all that it touches before the eyes of another."""

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.collection.corrections.identity.correct import correct_identity, outdated_papers
from siweb.collection.corrections.identity.identity import Identity, IdentityRefused
from siweb.collection.corrections.identity.shown import (
    changes_between,
    retirement_month,
    touched_by,
)
from siweb.collection.tables.record_correction import IdentityBasis, IdentityCorrection
from siweb.desk.corrections.identity.labels import REFUSALS
from siweb.desk.subjects import of_person
from siweb.registry.tables.person import Person
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction


def identity_subject(person_id: int) -> str:
    """Return what a correction's task is about: one of a person waits at a time."""
    return f"identity:{person_id}"


def change_of(
    session: Session, person: Person, right: Identity, basis: IdentityBasis, doing: Doing
) -> dict[str, Any]:
    """Return what a task keeps of a correction, which is tried and taken back.

    :raises IdentityRefused: what stands against it.
    """
    given = {
        "person_id": person.id,
        "was": Identity.of(person).sealed(),
        "retires": _retires(person, right, doing),
        "now": right.sealed(),
        "basis": basis.value,
        "papers": [paper.reference for paper in outdated_papers(session, person.id)],
    }
    trial = session.begin_nested()
    try:
        correct_identity(
            session, person.id, right, basis, actor=doing.actor, on=doing.on, at=doing.at
        )
    finally:
        trial.rollback()
    return given


def _retires(person: Person, right: Identity, doing: Doing) -> list[str | None]:
    """Return the month of retirement as the register has it, and as is right."""
    category = person.retirement_category
    return [
        retirement_month(doing.packs, person.region_code, of_whom, born_on, doing.on)
        for of_whom, born_on in (
            (category, person.born_on),
            (right.category(category), right.born_on),
        )
    ]


def lines_of(given: dict[str, Any], *, is_masked: bool) -> list[Difference]:
    """Return what a correction changes, and what follows from it."""
    was, right = Identity.from_sealed(given["was"]), Identity.from_sealed(given["now"])
    before, after = given["retires"]
    basis = IdentityBasis(given["basis"])
    follows = touched_by(was, right, basis, (before, after), given["papers"])
    changes = (*changes_between(was, right, is_masked=is_masked), *follows)
    return [Difference(*change) for change in changes]


def _would_correct(_session: Session, task: Task) -> list[Difference]:
    return lines_of(task.change, is_masked=task.closed_at is not None)


def _about(session: Session, task: Task) -> Subject:
    person_id = task.change["person_id"]
    return of_person(session, person_id) or Subject(frozenset(), frozenset({person_id}))


def _correct(session: Session, task: Task, doing: Doing) -> None:
    """Correct the identity as it was shown.

    :raises IdentityRefused: as `correct_identity` does; "differs" where it is another by now.
    """
    given = task.change
    # Of two corrections at once the second reads what the first one wrote, and differs.
    person = session.get_one(Person, given["person_id"], with_for_update={"of": Person})
    if Identity.of(person) != Identity.from_sealed(given["was"]):
        raise IdentityRefused("differs")
    right, basis = Identity.from_sealed(given["now"]), IdentityBasis(given["basis"])
    done = correct_identity(
        session, person.id, right, basis, actor=doing.actor, on=doing.on, at=doing.at
    )
    if task.id is None or task.checked_by_account_id is None:
        # Only tried: the task is kept after that.
        return
    session.add(
        IdentityCorrection(
            task_id=task.id,
            person_id=person.id,
            region_code=person.region_code,
            basis=basis,
            changed=list(done.changed),
            was=done.was.as_dict(),
            now=right.as_dict(),
            papers=list(done.papers),
            paper=task.because,
            made_by_account_id=task.made_by_account_id,
            checked_by_account_id=task.checked_by_account_id,
            corrected_at=doing.at,
        )
    )
    session.flush()


def _page(task: Task) -> str:
    return url_for("identity_desk.show_form", person_id=task.change["person_id"])


CORRECT_IDENTITY = TwoPersonAction(
    "person.identity",
    _l("Correct who the person is"),
    Function.REGISTRATION,
    _would_correct,
    _about,
    _correct,
    {IdentityRefused: REFUSALS},
    _page,
)
