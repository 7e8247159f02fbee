"""Put a pack in force: one hands it in, another compares it with its notices.

Figures move more money than any refund, so that they take two people (人社厅发〔2021〕64号).
"""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb import clock
from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.collection.levy.adjustment.tasks import queue_adjustments
from siweb.evidence.papers.paper import Because
from siweb.registry.packs.import_packs import (
    HistoryRefused,
    changes_of,
    digest_of,
    import_packs,
)
from siweb.registry.packs.written import before_and_after, name_of
from siweb.registry.tables.region import Region
from siweb.rules.errors import Refusal
from siweb.rules.parameters.doubts import doubts_about
from siweb.rules.parameters.pack_set import PackSet
from siweb.rules.parameters.read import Pack, read_pack
from siweb.tasks.propose import propose
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction
from siweb.web.language.formats import count

_SHOWN = 60
"""Rows that a checker sees one by one: a whole year's pack has fewer; the rest is counted."""


class PackRefused(Refusal):
    """When a pack is not put in force: "pack_as_before", "pack_unreadable" by now."""


REFUSALS = {
    "pack_as_before": _l("The same pack is in force already."),
    "pack_unreadable": _l("The pack can no longer be read: submit it again."),
}
REWRITTEN = {
    "history_rewritten": _l(
        "This changes rows that were in force. Add a row with its own published_on instead, or say "
        "that it is meant."
    ),
}


def pack_subject(region: str) -> str:
    """Return what a task about a region's pack is about: one of them waits at a time."""
    return f"parameter_pack:{region}"


def region_of_pack(session: Session, region: str) -> str | None:
    """Return the region whose staff put a pack in force; None: only those of the whole office.

    The nation's pack holds for every region, and that of a region not served here for nobody yet.
    """
    return session.scalar(select(Region.code).where(Region.code == region, Region.is_hosted))


def propose_pack(
    session: Session, pack: Pack, because: Because, doing: Doing, *, rewrite: bool
) -> Task:
    """Return the task that puts a pack in force once somebody else has compared it.

    :raises HistoryRefused: unless `rewrite` allows it.
    :raises PackRefused: "pack_as_before".
    :raises ProposalRefused: when one waits already.
    """
    changes = changes_of(session, pack)
    change: dict[str, Any] = {
        "region": pack.region,
        "digest": digest_of(pack.text),
        "text": pack.text,
        "rewrite": rewrite,
        "added": sum(not each.rewrites for each in changes),
        "rewritten": sum(each.rewrites for each in changes),
    }
    return propose(
        session,
        PUT_IN_FORCE,
        pack_subject(pack.region),
        change,
        because,
        region_code=region_of_pack(session, pack.region),
        doing=doing,
    )


def _pack_of(task: Task) -> Pack:
    pack, _problems = read_pack(task.change["text"], f"{task.change['region']}.toml")
    if pack is None:
        # It was whole when it was handed in: an update of siweb reads packs otherwise since.
        raise PackRefused("pack_unreadable")
    return pack


def _about(_session: Session, task: Task) -> Subject:
    return Subject(frozenset() if task.region_code is None else frozenset({task.region_code}))


def _would_put(session: Session, task: Task) -> list[Difference]:
    given = task.change
    lines = [
        Difference(_("Pack of the region"), "—", given["region"]),
        Difference(_("Rows added"), "—", count(given["added"])),
        Difference(
            _("Rows that were in force and say something else"), "—", count(given["rewritten"])
        ),
    ]
    if task.closed_at is not None:
        return lines
    pack = _pack_of(task)
    lines += [
        Difference(_("Doubtful"), "—", str(doubt))
        for doubt in doubts_about(pack.file, pack.rows, clock.today())
    ]
    changes = changes_of(session, pack)
    lines += [Difference(name_of(each), *before_and_after(each)) for each in changes[:_SHOWN]]
    if len(changes) > _SHOWN:
        lines.append(Difference(_("Further rows"), "—", count(len(changes) - _SHOWN)))
    return lines


def _put(session: Session, task: Task, doing: Doing) -> None:
    pack = _pack_of(task)
    (done,) = import_packs(
        session, [pack], actor=doing.actor, at=doing.at, rewrite=task.change["rewrite"]
    )
    if done.pack_id is None:
        raise PackRefused("pack_as_before")
    # What was billed before this notice waits at the desk at once, not after the day's end.
    packs = PackSet({**doing.packs.packs, pack.region: pack}.values())
    queue_adjustments(session, packs, on=doing.on, at=doing.at)


def _page(_task: Task) -> str:
    return url_for("parameter_desk.show_packs")


PUT_IN_FORCE = TwoPersonAction(
    "parameters.put_in_force",
    _l("Put a pack of parameters in force"),
    Function.PARAMETERS,
    _would_put,
    _about,
    _put,
    {PackRefused: REFUSALS, HistoryRefused: REWRITTEN},
    _page,
)
