"""Terms, lifted holds and destruction: made by one and checked by another."""

from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.desk.staff.keeping.labels import CLASSES, REFUSALS, years_in_words
from siweb.keeping.destroy import destroy, require_due
from siweb.keeping.holds import lift_hold, require_hold
from siweb.keeping.refusal import KeepingRefused
from siweb.keeping.tables.keeping_term import KeepingTerm, KeptClass
from siweb.keeping.terms import set_term, terms_in_force
from siweb.registry.tables.region import Region
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction
from siweb.web.language.formats import day
from siweb.web.language.labels import region_name


def _place(task: Task) -> tuple[str, KeptClass]:
    return task.change["region_code"], KeptClass(task.change["kept_class"])


def _about(_session: Session, task: Task) -> Subject:
    return Subject(frozenset({task.change["region_code"]}))


def _term(session: Session, task: Task) -> KeepingTerm | None:
    place = _place(task)
    return terms_in_force(session, [place[0]]).get(place)


def _label(session: Session, task: Task) -> str:
    region_code, kept_class = _place(task)
    return f"{region_name(session.get_one(Region, region_code))} · {CLASSES[kept_class]}"


def _would_set(session: Session, task: Task) -> list[Difference]:
    label, after = _label(session, task), years_in_words(task.change["years"])
    if task.closed_at is not None:
        return [Difference(label, "—", after)]
    before = _term(session, task)
    now = years_in_words(None if before is None else before.years)
    return [Difference(label, now, after)]


def _set(session: Session, task: Task, doing: Doing) -> None:
    """Set the term.

    :raises KeepingRefused: "as_before".
    """
    if doing.actor.account_id == task.made_by_account_id:
        # Only tried: the row is refused without a second person.
        before = _term(session, task)
        if task.change["years"] == (None if before is None else before.years):
            raise KeepingRefused("as_before")
        return
    set_term(
        session,
        _place(task),
        task.change["years"],
        task.because,
        made_by=task.made_by_account_id,
        actor=doing.actor,
        at=doing.at,
    )


def _would_lift(_session: Session, task: Task) -> list[Difference]:
    number = task.change["case_number"]
    return [Difference(_("Case %(number)s", number=number), _("held"), _("by its term"))]


def _lift(session: Session, task: Task, doing: Doing) -> None:
    """Lift the hold.

    :raises KeepingRefused: "not_held".
    """
    number = task.change["case_number"]
    if doing.actor.account_id == task.made_by_account_id:
        # Only tried: the row names a task, which is kept after this.
        require_hold(session, number)
        return
    lift_hold(session, number, task_id=task.id, actor=doing.actor, at=doing.at)


def _would_destroy(session: Session, task: Task) -> list[Difference]:
    given = task.change
    before = date.fromisoformat(given["closed_before"])
    return [
        Difference(_label(session, task), _("kept"), _("destroyed")),
        Difference(_("Number of scans"), str(len(given["scans"])), "0"),
        Difference(_("Of cases closed before"), "—", day(before)),
        Difference(_("Kept for"), "—", years_in_words(given["years"])),
        Difference(_("Check sum of the list"), "—", given["digest"]),
    ]


def _destroy(session: Session, task: Task, doing: Doing) -> None:
    """Destroy what the list names, if all of it is still due.

    :raises KeepingRefused: what `destroy` refuses.
    """
    given, term = task.change, _term(session, task)
    if doing.actor.account_id == task.made_by_account_id:
        # Only tried: nothing is taken away for a moment, not even to be put back.
        require_due(session, term, given["scans"], doing.on)
        return
    destroy(
        session,
        doing.files,
        term,
        given["scans"],
        task_id=task.id,
        actor=doing.actor,
        on=doing.on,
        at=doing.at,
    )


def _page(_task: Task) -> str:
    return url_for("keeping_desk.show_keeping")


def _list(task: Task) -> str:
    given: dict[str, Any] = task.change
    return url_for("keeping_desk.show_due", region=given["region_code"], kept=given["kept_class"])


SET_TERM = TwoPersonAction(
    "keeping.term",
    _l("Set how long scans are kept"),
    Function.ADMINISTRATION,
    _would_set,
    _about,
    _set,
    {KeepingRefused: REFUSALS},
    _page,
)
LIFT_HOLD = TwoPersonAction(
    "keeping.lift_hold",
    _l("Lift a hold on a case"),
    Function.ADMINISTRATION,
    _would_lift,
    _about,
    _lift,
    {KeepingRefused: REFUSALS},
    _page,
)
DESTROY = TwoPersonAction(
    "keeping.destroy",
    _l("Destroy scans whose term is over"),
    Function.ADMINISTRATION,
    _would_destroy,
    _about,
    _destroy,
    {KeepingRefused: REFUSALS},
    _list,
)
