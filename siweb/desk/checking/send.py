"""Send an action of two people from a page of the desk to be checked."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from siweb import clock
from siweb.auth.access import actor
from siweb.evidence.attach import Matter, attach
from siweb.evidence.papers.paper import Because, Paper
from siweb.evidence.scan import Scan
from siweb.rules.parameters.pack_set import PackSet
from siweb.tasks.propose import propose
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Doing, TwoPersonAction
from siweb.web.database import db_session
from siweb.web.file_store import file_store

SENT = _l("Sent: it takes effect when a second person has checked it.")


def send_to_check(
    action: TwoPersonAction,
    subject: str,
    change: Mapping[str, Any],
    because: Because,
    *,
    region_code: str | None,
    person_id: int | None = None,
    employer_id: int | None = None,
    packs: PackSet,
    scans: Iterable[Scan] = (),
    papers: Sequence[Paper] = (),
) -> None:
    """Make the task of an action as the visitor, with scans of its paper; the view commits it.

    :raises Refusal: what stands against it, see `siweb.desk.checking.sentences.why`.
    """
    task = propose(
        db_session(),
        action,
        subject,
        change,
        because,
        region_code=region_code,
        person_id=person_id,
        employer_id=employer_id,
        papers=papers,
        doing=doing_now(packs),
    )
    attach_to_task(task, scans)


def attach_to_task(task: Task, scans: Iterable[Scan]) -> None:
    """Keep scans with a task that the visitor just made."""
    attach(
        db_session(), file_store(), scans, Matter(task_id=task.id), actor=actor(), at=clock.now()
    )


def doing_now(packs: PackSet) -> Doing:
    """Return with what the visitor does something now."""
    return Doing(actor(), clock.now(), packs, file_store())
