"""Set above which amount a third person checks: itself made by one and checked by another."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.registry.tables.region import Region
from siweb.tasks.tables.task import Task
from siweb.tasks.third_person import LimitRefused, limit_of, set_limit
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction
from siweb.web.language.formats import yuan
from siweb.web.language.labels import region_name

REFUSALS = {"as_before": _l("It is so already.")}


def limit_in_words(above_fen: int | None) -> str:
    """Return what a limit says."""
    return _("two people, whatever the amount") if above_fen is None else yuan(above_fen)


def _above(task: Task) -> int | None:
    above: int | None = task.change["above_fen"]
    return above


def _would_set(session: Session, task: Task) -> list[Difference]:
    region = session.get_one(Region, task.change["region_code"])
    label = _("A third person checks above, in %(region)s", region=region_name(region))
    if task.closed_at is not None:
        return [Difference(label, "—", limit_in_words(_above(task)))]
    before = limit_of(session, region.code)
    now = limit_in_words(None if before is None else before.above_fen)
    return [Difference(label, now, limit_in_words(_above(task)))]


def _about(_session: Session, task: Task) -> Subject:
    return Subject(frozenset({task.change["region_code"]}))


def _set(session: Session, task: Task, doing: Doing) -> None:
    if doing.actor.account_id == task.made_by_account_id:
        # Only tried: the row is refused without a second person.
        before = limit_of(session, task.change["region_code"])
        if _above(task) == (None if before is None else before.above_fen):
            raise LimitRefused("as_before")
        return
    set_limit(
        session,
        task.change["region_code"],
        _above(task),
        task.because,
        made_by=task.made_by_account_id,
        actor=doing.actor,
        at=doing.at,
    )


def _page(_task: Task) -> str:
    return url_for("limit_desk.show_limits")


AMOUNT_LIMIT = TwoPersonAction(
    "office.amount_limit",
    _l("Set above which amount a third person checks"),
    Function.ADMINISTRATION,
    _would_set,
    _about,
    _set,
    {LimitRefused: REFUSALS},
    _page,
)
