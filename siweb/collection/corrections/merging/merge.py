"""Join two registrations of one person: the former key becomes an alias of the one that stands.

No record, entry or bill is written anew and no fen moves; both numbers lead to the person.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.auth.credentials.join_accounts import holds_function, join_accounts
from siweb.auth.helping.end import hand_over_help
from siweb.auth.mandates import hand_over_mandates
from siweb.collection.corrections.identity.correct import outdated_papers
from siweb.collection.corrections.identity.identity import Identity
from siweb.collection.corrections.merging.begin_anew import begin_anew, employ_anew
from siweb.collection.corrections.merging.joined import (
    JoiningRefused,
    Twice,
    months_twice,
    refuse_open_twice,
)
from siweb.collection.tables.levy_run import LevyKind, LevyRun, LevyState
from siweb.db.types import OFFICE
from siweb.documents.revoke import revoke_papers
from siweb.ledgers.posting.issued import is_issued
from siweb.ledgers.seals.sealed_book import GONE, canonical
from siweb.ledgers.tables.book_change import BookChange
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.messages.kinds.registration import REGISTRATIONS_JOINED
from siweb.messages.notify import notify
from siweb.registry.merge_keys import MergeRefused, add_alias
from siweb.registry.person_keys import all_keys, is_same_person
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import JoinedEnrolment, PersonAlias


@dataclass(frozen=True, slots=True)
class Joined:
    """What joining came to: months that are recorded twice, papers that hold no longer."""

    twice: tuple[Twice, ...]
    papers: tuple[str, ...]


def differences(former: Person, person: Person) -> tuple[str, ...]:
    """Return in what two registrations say otherwise who the person is, but for the number."""
    named = Identity.of(former).changed_in(Identity.of(person))
    return tuple(name for name in named if name != "number")


def join_registrations(
    session: Session,
    former_id: int,
    person_id: int,
    *,
    is_difference_proved: bool,
    task_id: int | None,
    actor: Actor,
    on: date,
    at: datetime,
) -> Joined:
    """Join a registration to the one that stands, and tell the person; the caller commits.

    :raises JoiningRefused: "itself", "former", "changed", "separated" today, "dead", "differs",
        "staff", "open_twice" with the insurances, "drawn_twice", "under_way".
    """
    if is_same_person(session, former_id, person_id):
        raise JoiningRefused("itself")
    # Locked in the order of their keys:
    # the same two joined the other way round would wait for ever.
    people = select(Person).where(Person.id.in_((former_id, person_id))).order_by(Person.id)
    found = {person.id: person for person in session.scalars(people.with_for_update(of=Person))}
    former, person = found[former_id], found[person_id]
    _refuse(session, former, person, is_difference_proved=is_difference_proved, on=on)
    # Looked at before the alias: from then on either key stands for both, and nothing is twice.
    twice = tuple(months_twice(session, former_id, person_id))
    papers = [*outdated_papers(session, former_id), *outdated_papers(session, person_id)]
    billed = billed_through(session, former_id)
    try:
        add_alias(session, former_id, person_id, task_id=task_id, actor=actor, at=at)
    except MergeRefused as refused:
        # What was looked at above changed at the same moment.
        raise JoiningRefused("former" if refused.code == "former" else "changed") from refused
    begun = begin_anew(session, former_id, person_id, billed_through=billed, on=on, at=at)
    session.add_all(_kept(former_id, each, at) for each in begun)
    employ_anew(session, former_id, person_id, on)
    accounts = join_accounts(session, former_id, person_id, at=at)
    if accounts is not None:
        hand_over_mandates(session, *accounts, actor=actor, on=on, at=at)
    hand_over_help(session, person_id, accounts, actor=actor, at=at)
    revoke_papers(session, papers, at=at)
    region, about = person.region_code, ("joined", former_id)
    notify(session, REGISTRATIONS_JOINED, person_id, region_code=region, subject=about, at=at)
    session.flush()
    return Joined(twice, tuple(sorted(paper.reference for paper in papers)))


def _refuse(
    session: Session, former: Person, person: Person, *, is_difference_proved: bool, on: date
) -> None:
    if _was_separated_today(session, former.id, on):
        raise JoiningRefused("separated")
    # Of a death follow benefits and accounts: it is entered for both first, by its own two people.
    if former.died_on != person.died_on:
        raise JoiningRefused("dead")
    if differences(former, person) and not is_difference_proved:
        raise JoiningRefused("differs")
    if holds_function(session, (former.id, person.id), on=on):
        raise JoiningRefused("staff")
    refuse_open_twice(session, former.id, person.id)
    refuse_levy_under_way(session, (*all_keys(session, former.id), *all_keys(session, person.id)))


def refuse_levy_under_way(session: Session, keys: Collection[int]) -> None:
    """Refuse while a levy of a region of theirs reads who is whose.

    :raises JoiningRefused: "under_way".
    """
    regions = select(Enrolment.region_code).where(Enrolment.person_id.in_(keys))
    under_way = select(func.count()).where(
        LevyRun.region_code.in_(regions),
        LevyRun.kind != LevyKind.PREVIEW,
        LevyRun.state == LevyState.COMPUTING,
    )
    if session.scalar(under_way):
        raise JoiningRefused("under_way")


def _kept(former_id: int, begun: Enrolment, at: datetime) -> JoinedEnrolment:
    return JoinedEnrolment(
        former_id=former_id,
        person_id=begun.person_id,
        joined_at=at,
        region_code=begun.region_code,
        insurance=begun.insurance,
        insuring_employer_id=begun.insuring_employer_id,
        from_month=begun.from_month,
        sequence=begun.sequence,
    )


def _was_separated_today(session: Session, former_id: int, on: date) -> bool:
    """Return whether a key was joined and taken out today: its seal of the day says so already."""
    gone = select(BookChange.place).where(
        BookChange.region_code == OFFICE,
        BookChange.book == PersonAlias.__tablename__,
        BookChange.recorded_on == on,
        BookChange.row_key == canonical([former_id]).decode(),
        BookChange.column_name == GONE,
    )
    return session.scalar(gone.limit(1)) is not None


def billed_through(session: Session, person_id: int) -> str | None:
    """Return the last month that is recorded under a key."""
    record = ContributionRecord
    return session.scalar(
        select(func.max(record.contribution_month)).where(
            record.person_id == person_id, is_issued()
        )
    )
