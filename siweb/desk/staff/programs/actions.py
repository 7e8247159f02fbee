"""Give another office's program a token: made by one administrator and checked by another.

The secret is shown to whoever makes it, and works when somebody else has agreed: the task keeps its
hash, so that neither the second person nor a copy of the database has what they agree to.
"""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from siweb.auth.api_tokens import beginning_of, secret_hash
from siweb.auth.office_tokens import OfficeGrant, give_office_token
from siweb.auth.staff.subject import Subject
from siweb.auth.tables.appointment import Function
from siweb.reviews.tables.sign import SignKind
from siweb.rules.errors import Refusal
from siweb.signs.labels import KINDS
from siweb.tasks.tables.task import Task
from siweb.tasks.two_person_action import Difference, Doing, TwoPersonAction
from siweb.web.language.formats import day


class ProgramRefused(Refusal):
    """When a token is not given: "program_expired", its last day went by before it was checked."""


REFUSALS = {"program_expired": _l("Its last day has passed: give it anew.")}


def subject_of(grant: OfficeGrant) -> str:
    """Return what a task about a program is about: one of a name waits once, in its region."""
    # Names are longer than a subject may be.
    named = sha256(f"{grant.office}\n{grant.program}".encode()).hexdigest()
    return f"program:{grant.region_code}:{named[:32]}"


def given(grant: OfficeGrant, secret: str) -> dict[str, Any]:
    """Return what a task keeps of a token."""
    return {
        "region": grant.region_code,
        "office": grant.office,
        "program": grant.program,
        "kinds": list(grant.kinds),
        "expires_on": grant.expires_on.isoformat(),
        "hash": secret_hash(secret),
        "beginning": beginning_of(secret),
    }


def _grant(change: Mapping[str, Any]) -> OfficeGrant:
    return OfficeGrant(
        change["region"],
        change["office"],
        change["program"],
        change["kinds"],
        date.fromisoformat(change["expires_on"]),
    )


def _about(_session: Session, task: Task) -> Subject:
    return Subject(frozenset({task.change["region"]}))


def _would_give(_session: Session, task: Task) -> list[Difference]:
    grant = _grant(task.change)
    kinds = _(", ").join(str(KINDS[SignKind(kind)]) for kind in grant.kinds)
    return [
        Difference(_("Office"), "—", f"{grant.office} · {grant.program}"),
        Difference(_("May hand in lists of"), "—", kinds),
        Difference(_("Valid until"), "—", day(grant.expires_on)),
        Difference(_("The token begins with"), "—", task.change["beginning"]),
    ]


def _give(session: Session, task: Task, doing: Doing) -> None:
    """Give the token whose secret its maker was shown.

    :raises ProgramRefused: when its last day has passed meanwhile.
    """
    grant = _grant(task.change)
    if grant.expires_on < doing.on:
        raise ProgramRefused("program_expired")
    give_office_token(
        session,
        grant,
        hashed=task.change["hash"],
        beginning=task.change["beginning"],
        maker_account_id=task.made_by_account_id,
        actor=doing.actor,
        at=doing.at,
    )


GIVE_PROGRAM = TwoPersonAction(
    "office.program",
    _l("Let another office’s program hand in lists"),
    Function.ADMINISTRATION,
    _would_give,
    _about,
    _give,
    {ProgramRefused: REFUSALS},
    lambda _task: url_for("program_desk.show_programs"),
)
