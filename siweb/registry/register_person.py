"""Register a person whom no employer has declared yet: what the ID card says."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from siweb.audit.actor import Actor
from siweb.audit.record import record_activity
from siweb.db.claim import add_or_find
from siweb.registry.codes import RetirementCategory, Sex
from siweb.registry.search.follow import follow_person
from siweb.registry.tables.person import Person
from siweb.rules.errors import Refusal
from siweb.rules.identifiers.identity_number import IdentityNumber
from siweb.rules.identifiers.typed_text import unicode_form


class PersonRefused(Refusal):
    """When somebody with the number is registered already: "registered"."""


def register_person(
    session: Session,
    number: IdentityNumber,
    name: str,
    region_code: str,
    *,
    category: RetirementCategory | None = None,
    actor: Actor,
    at: datetime,
) -> Person:
    """Return a new person; a woman's retirement category is that of workers unless it is given.

    :raises PersonRefused: "registered".
    """
    same = select(Person.id).where(Person.id_number == number.number)
    if session.scalar(same) is not None:
        raise PersonRefused("registered")
    sex = Sex(number.sex.value)
    of_sex = RetirementCategory.MALE if sex is Sex.MALE else RetirementCategory.FEMALE_50
    person = Person(
        id_number=number.number,
        name=unicode_form("NFC", name).strip(),
        sex=sex,
        born_on=number.birth_date,
        region_code=region_code,
        retirement_category=category or of_sex,
        registered_at=at,
    )
    # An employer's list may register the same person meanwhile.
    if add_or_find(session, person, lambda: session.scalar(same)) is not None:
        raise PersonRefused("registered")
    follow_person(session, person.id)
    record_activity(
        session,
        "person.registered",
        actor=actor,
        at=at,
        subject=("person", person.id),
        person_id=person.id,
    )
    return person
