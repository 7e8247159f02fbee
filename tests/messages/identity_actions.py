"""What is done about who somebody is, and leads to a message."""

from dataclasses import replace
from typing import Any

from siweb.audit.actor import SYSTEM
from siweb.collection.corrections.identity.correct import correct_identity
from siweb.collection.corrections.identity.identity import Identity
from siweb.collection.corrections.merging.merge import join_registrations
from siweb.collection.tables.record_correction import IdentityBasis
from siweb.registry.tables.person import Person
from tests import factories
from tests.conftest import NOW

TODAY = NOW.date()


def correct_who_it_is(office: Any) -> Person:
    person = office.person
    right = replace(Identity.of(person), name="张维")
    correct_identity(
        office.session, person.id, right, IdentityBasis.MISTAKEN, actor=SYSTEM, on=TODAY, at=NOW
    )
    return person


def join_registrations_of(office: Any) -> Person:
    former = factories.make_person(office.session, region_code=office.person.region_code)
    join_registrations(
        office.session, former.id, office.person.id, is_difference_proved=True, task_id=None,
        actor=SYSTEM, on=TODAY, at=NOW,
    )  # fmt: skip
    return office.person
