"""Separate two registrations that were joined and prove to be two people.

No record, entry or bill is written anew and no fen moves: each key has what was recorded under
it. What went on under the key that stood goes on under the one that is separated.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.auth.credentials.join_accounts import holds_function
from siweb.auth.credentials.separate_accounts import separate_accounts
from siweb.auth.mandates import take_back_mandates
from siweb.collection.corrections.identity.correct import outdated_papers
from siweb.collection.corrections.merging.begin_anew import begin_anew, employ_as_before
from siweb.collection.corrections.merging.joined import JoiningRefused
from siweb.collection.corrections.merging.merge import billed_through, refuse_levy_under_way
from siweb.db.among import among
from siweb.db.arithmetic import whole
from siweb.documents.revoke import revoke_papers
from siweb.ledgers.posting.issued import is_issued
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.messages.kinds.registration import REGISTRATIONS_SEPARATED
from siweb.messages.notify import notify
from siweb.registry.claim_enrolments import claim_as_they_stand
from siweb.registry.merge_keys import remove_alias
from siweb.registry.person_keys import all_keys
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import JoinedEnrolment, PersonAlias
from siweb.tasks.tables.task import Task


@dataclass(frozen=True, slots=True)
class MonthSince:
    """A month that was recorded under the key that stood, of what had come with the other."""

    month: str
    insurance: str
    payer: int | None
    fen: int


@dataclass(frozen=True, slots=True)
class Separated:
    """What separating came to: months that a correction moves, papers that hold no longer."""

    since: tuple[MonthSince, ...]
    papers: tuple[str, ...]


def separate_registrations(
    session: Session, former_id: int, *, actor: Actor, on: date, at: datetime
) -> Separated:
    """Separate a registration from the one that it was joined to; the caller commits.

    :raises JoiningRefused: "apart" already, "buried", "staff", "under_way".
    """
    # Of two who separate them at once the second finds no alias any more.
    alias = session.get(PersonAlias, former_id, with_for_update=True)
    if alias is None:
        raise JoiningRefused("apart")
    person_id, joined_at = alias.person_id, alias.merged_at
    _refuse(session, former_id, person_id, on=on)
    keys = all_keys(session, person_id)
    papers = outdated_papers(session, person_id)
    # All of it is read while the alias stands: afterwards nobody knows what came along with whom.
    since = _months_since(session, alias)
    rows = _open_of(session, alias)
    billed = billed_through(session, person_id)
    remove_alias(session, alias, _joined_before(session, alias), actor=actor, at=at)
    begin_anew(session, person_id, former_id, rows=rows, billed_through=billed, on=on, at=at)
    employ_as_before(session, former_id, person_id, on)
    claim_as_they_stand(session, keys)
    accounts = separate_accounts(session, former_id, person_id, joined_at=joined_at, at=at)
    if accounts is not None:
        take_back_mandates(session, *accounts, joined_at, actor=actor, on=on, at=at)
    revoke_papers(session, papers, at=at)
    for key in (former_id, person_id):
        region = session.get_one(Person, key).region_code
        about = ("separated", former_id)
        notify(session, REGISTRATIONS_SEPARATED, key, region_code=region, subject=about, at=at)
    session.flush()
    return Separated(since, tuple(sorted(paper.reference for paper in papers)))


def _refuse(session: Session, former_id: int, person_id: int, *, on: date) -> None:
    keys = all_keys(session, person_id)
    if session.get_one(Person, person_id).died_on is not None:
        # What somebody leaves is settled for both as one: nobody can say whose was paid to whom.
        raise JoiningRefused("buried")
    if holds_function(session, (former_id, person_id), on=on):
        raise JoiningRefused("staff")
    refuse_levy_under_way(session, keys)


def _joined_before(session: Session, alias: PersonAlias) -> Collection[int]:
    """Return the keys that were joined to the separated one while it stood: they go with it.

    An alias leads to the key that stands in one step, so that only its task says to which one it
    was joined at first.
    """
    rows = session.execute(
        select(PersonAlias.former_id, Task.change)
        .join(Task, Task.id == PersonAlias.task_id)
        .where(PersonAlias.person_id == alias.person_id, PersonAlias.former_id != alias.former_id)
    ).all()
    joined_to = {row.former_id: row.change["person_id"] for row in rows}
    found: set[int] = {alias.former_id}
    while more := {key for key, other in joined_to.items() if other in found} - found:
        found |= more
    return found - {alias.former_id}


def _came_along(session: Session, alias: PersonAlias) -> Sequence[JoinedEnrolment]:
    asked = select(JoinedEnrolment).where(
        JoinedEnrolment.former_id == alias.former_id,
        JoinedEnrolment.person_id == alias.person_id,
        JoinedEnrolment.joined_at == alias.merged_at,
    )
    return session.scalars(asked.order_by(JoinedEnrolment.insurance)).all()


def _enrolments(session: Session, alias: PersonAlias) -> Sequence[Enrolment]:
    """Return what came along and is still in the register, open or ended."""
    came = [
        and_(
            Enrolment.region_code == row.region_code,
            Enrolment.insurance == row.insurance,
            Enrolment.insuring_employer_id == row.insuring_employer_id,
            Enrolment.from_month == row.from_month,
            Enrolment.sequence == row.sequence,
        )
        for row in _came_along(session, alias)
    ]
    if not came:
        return []
    asked = select(Enrolment).where(Enrolment.person_id == alias.person_id, or_(*came))
    return session.scalars(asked.order_by(Enrolment.insurance, Enrolment.from_month)).all()


def _open_of(session: Session, alias: PersonAlias) -> list[Enrolment]:
    return [row for row in _enrolments(session, alias) if row.to_month is None]


def _months_since(session: Session, alias: PersonAlias) -> tuple[MonthSince, ...]:
    record = ContributionRecord
    came = _enrolments(session, alias)
    if not came:
        return ()
    fen = whole(func.sum(record.employee_fen)) + whole(func.sum(record.employer_fen))
    of_these = (
        and_(
            record.region_code == row.region_code,
            record.insurance == row.insurance,
            func.coalesce(record.employer_id, 0) == (row.employer_id or 0),
            record.contribution_month >= row.from_month,
            # No end is the last month there is; as text it sorts behind every other.
            record.contribution_month <= (row.to_month or "9999-12"),
        )
        for row in came
    )
    rows = session.execute(
        select(record.contribution_month, record.insurance, record.employer_id, fen)
        .where(among(record.person_id, [alias.person_id]), is_issued(), or_(*of_these))
        .group_by(record.contribution_month, record.insurance, record.employer_id)
        .having(fen != 0)
        .order_by(record.contribution_month, record.insurance)
    )
    return tuple(
        MonthSince(month, insurance.value, payer, int(total))
        for month, insurance, payer, total in rows
    )
