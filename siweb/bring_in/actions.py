"""Bring a file in as an action of two people: one hands it in, another checks its totals."""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.audit.record import record_activity
from siweb.auth.staff.subject import Subject
from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Function
from siweb.bring_in.import_file import COUNT, Outcome, import_file, refuse_unless_whole
from siweb.bring_in.kinds.accounts import Accounts
from siweb.bring_in.kinds.bases import Bases
from siweb.bring_in.kinds.benefits import Benefits
from siweb.bring_in.kinds.benefits_paid import BenefitsPaid
from siweb.bring_in.kinds.employers import Employers
from siweb.bring_in.kinds.employments import Employments
from siweb.bring_in.kinds.enrolments import Enrolments
from siweb.bring_in.kinds.life_signs import LifeSigns
from siweb.bring_in.kinds.people import People
from siweb.bring_in.kinds.records import Records
from siweb.bring_in.labels import REFUSALS, TITLES
from siweb.bring_in.problem import BringInRefused
from siweb.bring_in.row_import import RowImport, Terms
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.evidence.papers.paper import Because
from siweb.files.kept_file import FileKind
from siweb.files.store import FileGone
from siweb.queue.portions import has_one_writer
from siweb.registry.codes import Insurance
from siweb.registry.tables.benefit import PAYING
from siweb.registry.tables.bring_in import BringIn
from siweb.tasks.propose import propose
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction
from siweb.web.language.formats import count, yuan


@dataclass(frozen=True, slots=True)
class BringInKind:
    """A kind of file: what it brings, and whose function it is."""

    name: str
    function: Function
    row_import: type[RowImport]
    # The insurances that it is about, if not about what all have in common.
    insurances: frozenset[Insurance] = frozenset()


_PENSION = frozenset({Insurance.PENSION})
KINDS: Mapping[str, BringInKind] = {
    kind.name: kind
    for kind in (
        BringInKind("people", Function.REGISTRATION, People),
        BringInKind("employers", Function.REGISTRATION, Employers),
        BringInKind("employments", Function.REGISTRATION, Employments),
        BringInKind("enrolments", Function.REGISTRATION, Enrolments),
        BringInKind("bases", Function.CONTRIBUTIONS, Bases),
        BringInKind("records", Function.CONTRIBUTIONS, Records),
        BringInKind("accounts", Function.FINANCE, Accounts, _PENSION),
        BringInKind("benefits", Function.REVIEW, Benefits, PAYING),
        BringInKind("benefits_paid", Function.REVIEW, BenefitsPaid, PAYING),
        BringInKind("life_signs", Function.REVIEW, LifeSigns, PAYING),
    )
}
"""By name, in the order in which an old system's files are brought in."""
_FIRST = "bring_in."
# Seconds that somebody who saves a form does not mind.
_WAITED = 2
PAID = "benefits_paid"
"""The paying side's lists come month by month: their page stands among those of the benefits."""


def try_file(
    session: Session,
    kind: BringInKind,
    file: Path,
    region_code: str,
    controls: Mapping[str, int],
    doing: Doing,
) -> Outcome:
    """Return what a file would come to; nothing of it stays.

    :raises SheetRefused: when the file as a whole cannot be read.
    """
    # Done in full and taken back: only so is it known what is new, there already or wrong.
    trial, started = session.begin_nested(), time.monotonic()
    try:
        outcome = import_file(
            session,
            kind.row_import,
            file,
            Terms(region_code, doing.at),
            controls=controls,
            own_person_id=doing.actor.person_id,
        )
    finally:
        trial.rollback()
    if has_one_writer(session):
        # All of a file or nothing of it is one transaction: its people choose when.
        outcome.seconds = math.ceil(time.monotonic() - started)
    return outcome


def propose_file(
    session: Session,
    kind: BringInKind,
    file: Path,
    region_code: str,
    controls: Mapping[str, int],
    outcome: Outcome,
    because: Because,
    doing: Doing,
    *,
    file_name: str = "",
) -> Task:
    """Return the task that brings a file in once somebody else has checked its totals.

    `outcome` is that of `try_file`. The file is kept as it was handed in; `file_name` is what it
    was called where it came from.

    :raises BringInRefused: as `refuse_unless_whole` does.
    :raises ProposalRefused: when it waits already.
    """
    refuse_unless_whole(outcome)
    with file.open("rb") as source:
        digest = doing.files.keep(session, FileKind.BRING_IN, source, at=doing.at)
    change = {
        "kind": kind.name,
        "region_code": region_code,
        "digest": digest,
        # The end of a long name: by it people tell files apart.
        "file_name": (file_name or file.name)[-200:],
        "controls": dict(controls),
        "totals": outcome.totals(),
        "added": outcome.added,
        "own_rows": outcome.own_rows,
        "seconds": outcome.seconds,
        "first": outcome.first,
    }
    # It was tried just now: trying it again would take as long again.
    action = replace(ACTIONS[kind.name], do=_tried)
    subject = f"{kind.name}:{digest}"
    return propose(session, action, subject, change, because, region_code=region_code, doing=doing)


def keeps_waiting(seconds: int) -> bool:
    """Return whether a file keeps others from writing for longer than they may be made to wait."""
    return seconds > _WAITED


def lasts(seconds: int) -> str:
    """Return how long it takes, in words."""
    words = ngettext(
        "about %(count)s second", "about %(count)s seconds", seconds, count=count(seconds)
    )
    return str(words)


def page_of(name: str) -> str:
    """Return the view of the desk that takes files of a kind."""
    return "benefit_desk.hand_in_list" if name == PAID else f"old_data_desk.hand_in_{name}"


def _page(task: Task) -> str:
    return url_for(page_of(task.kind.removeprefix(_FIRST)))


def _tried(_session: Session, _task: Task, _doing: Doing) -> None:
    return


def _about(_session: Session, task: Task) -> Subject:
    # Whoever works here is insured here: a file of everybody has their rows too, which are counted.
    kind = KINDS[task.kind.removeprefix(_FIRST)]
    return Subject(frozenset(), insurances=kind.insurances)


def _would_bring(_session: Session, task: Task) -> list[Difference]:
    change = task.change
    lines = [
        Difference(_("File"), "—", change["file_name"]),
        Difference(_("Rows in the file"), "—", count(change["totals"][COUNT])),
        Difference(_("Of these new"), "—", count(change["added"])),
    ]
    for name, total in change["totals"].items():
        if name != COUNT:
            lines.append(Difference(_("Sum of %(column)s", column=name), "—", yuan(total)))
    lines += [
        Difference(_("Control %(name)s", name=name), "—", _("agrees"))
        for name in change["controls"]
    ]
    # Files that waited when this came have none.
    if keeps_waiting(seconds := change.get("seconds", 0)):
        lines.append(Difference(_("Nobody else can save anything meanwhile"), "—", lasts(seconds)))
    if change["own_rows"]:
        lines.append(
            Difference(
                _("Rows about who handed it in or their relatives"), "—", count(change["own_rows"])
            )
        )
    for number, row in enumerate(change["first"], 1):
        shown = " · ".join(f"{name} {value}" for name, value in row.items())
        lines.append(Difference(_("Row %(number)s of the list", number=number), "—", shown))
    return lines


def _bring(session: Session, task: Task, doing: Doing) -> None:
    change, kind = task.change, KINDS[task.kind.removeprefix(_FIRST)]
    # The own rows that are counted are those of who handed it in, not of who checks.
    maker = session.get_one(Account, task.made_by_account_id).person_id
    try:
        with doing.files.opened(session, FileKind.BRING_IN, change["digest"]) as file:
            outcome = import_file(
                session,
                kind.row_import,
                file,
                Terms(change["region_code"], doing.at),
                controls=change["controls"],
                own_person_id=maker,
            )
    except FileGone as gone:
        raise BringInRefused("bring_in_gone") from gone
    except SheetRefused as refused:
        raise BringInRefused("bring_in_unreadable") from refused
    refuse_unless_whole(outcome)
    _record(session, task, outcome, doing)


def _record(session: Session, task: Task, outcome: Outcome, doing: Doing) -> None:
    change = task.change
    names = {"region_code": change["region_code"], "kind": change["kind"]}
    before = select(func.count()).where(
        *(getattr(BringIn, name) == value for name, value in names.items()),
        BringIn.file_digest == change["digest"],
    )
    assert doing.actor.account_id is not None
    session.add(
        BringIn(
            **names,
            file_digest=change["digest"],
            sequence=session.scalar(before) or 0,
            file_name=change["file_name"],
            added_rows=outcome.added,
            added_fen=outcome.added_fen,
            recorded_at=doing.at,
            made_by_account_id=task.made_by_account_id,
            checked_by_account_id=doing.actor.account_id,
        )
    )
    facts: dict[str, Any] = {
        **names,
        "made_by": task.made_by_account_id,
        "added": outcome.added,
        "totals": outcome.totals(),
    }
    record_activity(
        session,
        "bring_in.done",
        actor=doing.actor,
        at=doing.at,
        subject=("bring_in", change["digest"]),
        facts=facts,
    )


ACTIONS: Mapping[str, TwoPersonAction] = {
    kind.name: TwoPersonAction(
        f"{_FIRST}{kind.name}",
        TITLES[kind.name],
        kind.function,
        _would_bring,
        _about,
        _bring,
        {BringInRefused: REFUSALS},
        _page,
    )
    for kind in KINDS.values()
}
