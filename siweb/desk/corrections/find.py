"""What the page of a correction is filled in with: an objection, who pays now, the regions."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from siweb.registry.person_keys import is_of
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.enrolment import Enrolment
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
