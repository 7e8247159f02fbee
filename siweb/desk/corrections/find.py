"""What the page of a correction is filled in with: an objection, who pays now, the regions."""

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from siweb.registry.person_keys import is_of
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias
from siweb.registry.tables.region import Region
from siweb.reviews.tables.objection import Objection
from siweb.reviews.tables.review import Review
from siweb.reviews.tables.task import ReviewTask, TaskState


def find_waiting_objection(session: Session, person_id: int, objection_id: int) -> Objection | None:
    """Return a person's upheld objection while its task to set the record right is open."""
    is_open = exists().where(
        ReviewTask.objection_id == Objection.id, ReviewTask.state == TaskState.OPEN
    )
    asked = select(Objection).join(Review, Review.id == Objection.review_id)
    found: Objection | None = session.scalar(
        asked.where(Objection.id == objection_id, is_of(Review.person_id, person_id), is_open)
    )
    return found


def payer_now(session: Session, person_id: int, objection: Objection | None) -> str | None:
    """Return the credit code of the employer objected to, else of the only one who insures now."""
    if objection is not None and objection.employer_id is not None:
        return session.scalar(select(Employer.uscc).where(Employer.id == objection.employer_id))
    found = session.scalars(
        select(Employer.uscc)
        .join(Enrolment, Enrolment.employer_id == Employer.id)
        .where(is_of(Enrolment.person_id, person_id), Enrolment.to_month.is_(None))
        .distinct()
        .limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def hosted_regions(session: Session, person_id: int, own: str) -> list[Region]:
    """Return the regions of this office in which a person is or was insured, their own first."""
    enrolled = select(Enrolment.region_code).where(is_of(Enrolment.person_id, person_id))
    asked = (
        select(Region)
        .where((Region.code == own) | Region.code.in_(enrolled), Region.is_hosted)
        .order_by(Region.code != own, Region.code)
    )
    return list(session.scalars(asked))


def joined_to(session: Session, person_id: int) -> Sequence[tuple[PersonAlias, Person]]:
    """Return the registrations that were joined to a person's, the newest first."""
    asked = (
        select(PersonAlias, Person)
        .join(Person, Person.id == PersonAlias.former_id)
        .where(is_of(PersonAlias.person_id, person_id))
        .order_by(PersonAlias.merged_at.desc(), PersonAlias.former_id)
    )
    return [(alias, former) for alias, former in session.execute(asked)]
