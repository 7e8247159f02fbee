"""Set right who a person is: the person's key stays, and with it everything that is recorded."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.auth.credentials.end_access import end_access_of
from siweb.auth.tables.sign_in_session import EndReason
from siweb.collection.corrections.identity.identity import Identity, IdentityRefused
from siweb.collection.corrections.identity.replace_number import NumberInUse, replace_number
from siweb.collection.tables.record_correction import IdentityBasis
from siweb.documents.kinds import SAYS_WHO
from siweb.documents.revoke import revoke_papers
from siweb.documents.tables.document import Document
from siweb.messages.kinds.registration import IDENTITY_CORRECTED
from siweb.messages.notify import notify
from siweb.registry.person_keys import is_of
from siweb.registry.search.follow import follow_person
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias


@dataclass(frozen=True, slots=True)
class Corrected:
    """What was corrected, how it was, and the papers that say it as it was."""

    changed: tuple[str, ...]
    was: Identity
    papers: tuple[str, ...]


def correct_identity(
    session: Session,
    person_id: int,
    right: Identity,
    basis: IdentityBasis,
    *,
    actor: Actor,
    on: date,
    at: datetime,
) -> Corrected:
    """Set a person's identity right and tell them; the caller commits.

    A number that was entered wrongly may be somebody else's: it leads here no more, and whoever is
    signed in is signed out.

    :raises IdentityRefused: "former", "nothing_changes", "born_to_come", "born_after_death",
        "number_taken", "number_own".
    """
    # Of two corrections at once, the second compares with what the first has made of it.
    person = session.get_one(Person, person_id, with_for_update={"of": Person})
    was = Identity.of(person)
    changed = was.changed_in(right)
    _refuse(session, person, right, changed, on)
    # The number first: what refuses it refuses the whole, before anything of the row has changed.
    if "number" in changed:
        _replace(session, person, right.number, basis, at)
    person.retirement_category = right.category(person.retirement_category)
    person.name, person.sex, person.born_on = right.name, right.sex, right.born_on
    # The search keys of the desk: an old name would go on finding, the new one would not.
    follow_person(session, person_id)
    papers = outdated_papers(session, person_id)
    revoke_papers(session, papers, at=at)
    record_activity(
        session,
        "identity.corrected",
        actor=actor,
        at=at,
        subject=("person", person_id),
        person_id=person_id,
        facts={"changed": list(changed), "basis": basis.value},
    )
    region, about = person.region_code, ("identity", person_id)
    notify(session, IDENTITY_CORRECTED, person_id, region_code=region, subject=about, at=at)
    session.flush()
    return Corrected(changed, was, tuple(sorted(paper.reference for paper in papers)))


def outdated_papers(session: Session, person_id: int) -> list[Document]:
    """Return the statements and certificates that say who somebody is and still hold."""
    papers = session.scalars(
        select(Document)
        .where(
            is_of(Document.person_id, person_id),
            # A receipt says what was handed in, and stays as it is.
            Document.kind.in_(SAYS_WHO),
            Document.revoked_at.is_(None),
        )
        .order_by(Document.reference)
    )
    return list(papers)


def _refuse(
    session: Session, person: Person, right: Identity, changed: tuple[str, ...], on: date
) -> None:
    # A key that was joined stands for nobody by itself: the person is corrected under the other.
    if session.get(PersonAlias, person.id) is not None:
        raise IdentityRefused("former")
    if not changed:
        raise IdentityRefused("nothing_changes")
    if right.born_on > on:
        raise IdentityRefused("born_to_come")
    if person.died_on is not None and right.born_on > person.died_on:
        raise IdentityRefused("born_after_death")


def _replace(
    session: Session, person: Person, number: str, basis: IdentityBasis, at: datetime
) -> None:
    was_theirs = basis is IdentityBasis.REPLACED
    try:
        replace_number(session, person, number, was_theirs=was_theirs, at=at)
    except NumberInUse as refused:
        raise IdentityRefused(f"number_{refused.code}") from refused
    if not was_theirs:
        end_access_of(session, person.id, reason=EndReason.REVOKED, at=at)
