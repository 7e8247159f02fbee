"""Find signs: those that somebody has to look at, one of them, a person's, and the lists."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, String, cast, exists, func, literal, select
from sqlalchemy.orm import Session

from siweb.audit.activity import Activity
from siweb.auth.staff.duties import Scope
from siweb.auth.tables.account import Account
from siweb.auth.tables.api_token import ApiToken
from siweb.registry.person_keys import is_of
from siweb.registry.tables.person import Person
from siweb.reviews.tables.sign import Sign, SignList, SignListState, SignState
from siweb.tasks.tables.task import Task, TaskState

PAGE = 25
TAKE_IN_KIND = "signs.take_in"
"""What takes a list in (`actions.py`, which asks much more)."""
_LISTS, _SEEN = 20, 20


class FoundSign(NamedTuple):
    """A sign, whom it is about, and the list that it came with."""

    sign: Sign
    person: Person
    listed: SignList


class Seen(NamedTuple):
    """Who did or saw something of a list, and when."""

    at: Any
    action: str
    name: str


def count_open_signs(_on: date, scope: Scope) -> Select[int]:
    """Return the question how many signs wait for a look, to be asked with others."""
    return select(func.count(Sign.id)).where(
        Sign.state == SignState.OPEN, scope.has(Sign.region_code)
    )


def count_sent_lists(_on: date, scope: Scope) -> Select[int]:
    """Return the question how many lists that programs sent nobody has looked at yet.

    One that was sent to be checked waits as a task, and not a second time as a list.
    """
    waits = exists().where(
        Task.subject == literal("sign_list:") + cast(SignList.id, String),
        Task.kind == TAKE_IN_KIND,
        Task.state == TaskState.OPEN,
    )
    return select(func.count(SignList.id)).where(
        SignList.api_token_id.is_not(None),
        SignList.state == SignListState.DRAFT,
        ~waits,
        scope.has(SignList.region_code),
    )


def program_of(session: Session, listed: SignList) -> str:
    """Return what the program is called that sent a list; nothing where somebody handed it in."""
    if listed.api_token_id is None:
        return ""
    asked = select(ApiToken.name).where(ApiToken.id == listed.api_token_id)
    return session.scalar(asked) or ""


def find_sign(session: Session, sign_id: int) -> FoundSign | None:
    """Return a sign, whatever its state, else None."""
    row = session.execute(_signs().where(Sign.id == sign_id)).first()
    return None if row is None else FoundSign(*row)


def signs_of_list(session: Session, list_id: int) -> list[FoundSign]:
    """Return what a list brought, the first rows of it."""
    rows = session.execute(
        _signs().where(Sign.list_id == list_id).order_by(Sign.row_number).limit(PAGE)
    )
    return [FoundSign(*row) for row in rows]


def signs_of(session: Session, person_id: int) -> Sequence[Sign]:
    """Return a person's signs, the newest first."""
    return session.scalars(
        select(Sign)
        .where(is_of(Sign.person_id, person_id))
        .order_by(Sign.seen_on.desc(), Sign.id.desc())
        .limit(PAGE)
    ).all()


def recent_lists(session: Session, scope: Scope) -> Sequence[SignList]:
    """Return the lists that were handed in last."""
    return session.scalars(
        select(SignList)
        .where(scope.has(SignList.region_code))
        .order_by(SignList.handed_in_at.desc(), SignList.id.desc())
        .limit(_LISTS)
    ).all()


def earlier_headings(session: Session, listed: SignList) -> dict[str, str]:
    """Return by heading which column it was in the last list of the same office.

    A list that is only tried has no number: then every kept one came before it.
    """
    before = select(SignList.layout).where(
        SignList.region_code == listed.region_code, SignList.source == listed.source
    )
    if listed.id is not None:
        before = before.where(SignList.id < listed.id)
    layout = session.scalar(before.order_by(SignList.id.desc()).limit(1))
    return dict((layout or {}).get("headings", {}))


def who_saw(session: Session, list_id: int) -> list[Seen]:
    """Return who handed a list in, saw its rows or took it in, the last first."""
    rows = session.execute(
        select(Activity.at, Activity.action, Person.name)
        .join(Account, Account.id == Activity.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(Activity.subject_kind == "sign_list", Activity.subject_id == str(list_id))
        .order_by(Activity.id.desc())
        .limit(_SEEN)
    )
    return [Seen(*row) for row in rows]


def _signs() -> Select[Sign, Person, SignList]:
    return (
        select(Sign, Person, SignList)
        .join(Person, Person.id == Sign.person_id)
        .join(SignList, SignList.id == Sign.list_id)
    )
