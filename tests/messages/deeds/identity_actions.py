"""What is done about who somebody is, and leads to a message."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.collection.corrections.identity.correct import correct_identity
from siweb.collection.corrections.identity.identity import Identity
from siweb.collection.corrections.merging.merge import join_registrations
from siweb.collection.corrections.merging.separate import separate_registrations
from siweb.collection.own_accounts.own_account import end_own_account, name_own_account
from siweb.collection.tables.record_correction import IdentityBasis
from siweb.desk.people.actions import live_again
from siweb.filings.tables.filing import Filing
from siweb.filings.withdrawal.withdraw import withdraw
from siweb.ledgers.account.temporary import end_temporary, make_temporary
from siweb.messages.kinds.registration import (
    DEATH_WITHDRAWN,
    EMPLOYER_TOOK_BACK,
    IDENTITY_CORRECTED,
    INSURED_BY_EMPLOYER,
    LEFT_EMPLOYER,
    OWN_ACCOUNT_ENDED,
    OWN_ACCOUNT_NAMED,
    REGISTRATIONS_JOINED,
    REGISTRATIONS_SEPARATED,
    TEMPORARY_ACCOUNT,
    TEMPORARY_ACCOUNT_ENDED,
)
from siweb.registry.codes import Sex
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.register_death import register_death
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias
from siweb.tasks.two_person_action import Doing
from tests import factories
from tests.conftest import NOW
from tests.filings.test_filing import MAN, hire, of

TODAY = NOW.date()


def correct_who_it_is(office: Any) -> Person:
    person = office.person
    right = replace(Identity.of(person), name="张维")
    correct_identity(
        office.session, person.id, right, IdentityBasis.MISTAKEN, actor=SYSTEM, on=TODAY, at=NOW
    )
    return person


def take_back_death_of(office: Any) -> Person:
    person = office.person
    register_death(office.session, person.id, TODAY, on=TODAY, actor=SYSTEM, at=NOW)
    live_again(office.session, person.id, Doing(SYSTEM, NOW, packs_in_force(office.session)))
    return person


def separate_registrations_of(office: Any) -> Person:
    person = join_registrations_of(office)
    former = office.session.scalars(select(PersonAlias.former_id)).one()
    separate_registrations(office.session, former, actor=SYSTEM, on=TODAY, at=NOW)
    return person


def join_registrations_of(office: Any) -> Person:
    former = factories.make_person(office.session, region_code=office.person.region_code)
    join_registrations(
        office.session, former.id, office.person.id, is_difference_proved=True, task_id=None,
        actor=SYSTEM, on=TODAY, at=NOW,
    )  # fmt: skip
    return office.person


def note_temporary_account(office: Any) -> Person:
    person, session = office.person, office.session
    factories.make_enrolment(session, person, from_month="2026-03")
    person.born_on, person.sex = date(1970, 1, 1), Sex.MALE
    make_temporary(
        session, person, "51", date(2026, 3, 2), packs=packs_in_force(session),
        actor=SYSTEM, on=TODAY, at=NOW,
    )  # fmt: skip
    return person


def end_temporary_account(office: Any) -> Person:
    person = note_temporary_account(office)
    end_temporary(office.session, person.id, actor=SYSTEM, on=TODAY, at=NOW)
    return person


def name_own_account_of(office: Any) -> Person:
    person = office.person
    name_own_account(office.session, person, "1001234567890", "示范银行", actor=SYSTEM, at=NOW)
    return person


def end_own_account_of(office: Any) -> Person:
    person = name_own_account_of(office)
    end_own_account(office.session, person, actor=SYSTEM, at=NOW)
    return person


def hire_who_paid_alone(office: Any) -> Person:
    known = factories.make_person(office.session, id_number=MAN, name="陈新")
    for insurance in ("pension", "medical"):
        factories.make_enrolment(office.session, known, insurance, region_code="310000")
    office.send(office.draft("hire", hire())[0])
    return known


def report_leaving(office: Any) -> Person:
    office.send(office.draft("hire", hire())[0])
    person = office.session.scalars(select(Person).where(Person.id_number == MAN)).one()
    left = {"ended_on": "2026-11-20", "end_reason": "resigned", "is_voluntary": "yes"}
    office.send(office.draft("leave", of(person, **left, stop_month="2026-11"))[0])
    return person


def take_hire_back(office: Any) -> Person:
    person = hire_who_paid_alone(office)
    filing = office.session.scalars(select(Filing)).one()
    withdraw(office.session, filing, None, reason="报错了", actor=SYSTEM, at=NOW)
    return person


REGISTERED = {
    IDENTITY_CORRECTED: (correct_who_it_is,),
    REGISTRATIONS_JOINED: (join_registrations_of,),
    DEATH_WITHDRAWN: (take_back_death_of,),
    REGISTRATIONS_SEPARATED: (separate_registrations_of,),
    INSURED_BY_EMPLOYER: (hire_who_paid_alone,),
    EMPLOYER_TOOK_BACK: (take_hire_back,),
    LEFT_EMPLOYER: (report_leaving,),
    OWN_ACCOUNT_NAMED: (name_own_account_of,),
    OWN_ACCOUNT_ENDED: (end_own_account_of,),
    TEMPORARY_ACCOUNT: (note_temporary_account,),
    TEMPORARY_ACCOUNT_ENDED: (end_temporary_account,),
}
