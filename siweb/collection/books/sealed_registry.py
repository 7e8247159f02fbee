"""Who is insured, insures, acts and draws: people, employers, accounts, functions, benefits."""

from sqlalchemy import literal

from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Appointment
from siweb.collection.tables.record_correction import IdentityCorrection
from siweb.db.types import OFFICE
from siweb.ledgers.seals.sealed_book import SealedBook, sealed_book
from siweb.ledgers.tables.benefit_entry import BenefitEntry
from siweb.registry.tables.benefit import Benefit
from siweb.registry.tables.employer import Employer, InjuryRate
from siweb.registry.tables.former_number import FormerNumber
from siweb.registry.tables.person import Person
from siweb.registry.tables.person_alias import PersonAlias
from siweb.registry.tables.person_identity import PersonIdentity
from siweb.tasks.tables.task import Task

_OF_NO_REGION = literal(OFFICE)
_NUMBER = {"number": "differs with every sealing, and is held to its digest"}
_CONTACT = "a way to be reached: no right and no amount goes by it"


def _people() -> SealedBook:
    """Return the people; by their keys everything else names them."""
    return sealed_book(
        Person,
        region=_OF_NO_REGION,
        recorded=Person.registered_at,
        key=("id",),
        changing=(
            "name",
            "sex",
            "born_on",
            "region_code",
            "retirement_category",
            "deemed_months",
            "died_on",
        ),
        unsealed=dict.fromkeys(("mobile", "email", "address", "postcode"), _CONTACT),
    )


def _numbers() -> SealedBook:
    """Return whose number is whose, by digest: the numbers are held to their digests."""
    identity = PersonIdentity
    return sealed_book(
        identity,
        source=identity.__table__.outerjoin(Person, Person.id == identity.person_id),
        region=_OF_NO_REGION,
        recorded=Person.registered_at,
        key=("person_id",),
        changing=("digest", "end_digest"),
        unsealed=_NUMBER,
    )


def _former_numbers() -> SealedBook:
    return sealed_book(
        FormerNumber,
        region=_OF_NO_REGION,
        recorded=FormerNumber.replaced_at,
        key=("person_id", "sequence"),
        changing=("freed_at",),
        unsealed=_NUMBER,
    )


def _aliases() -> SealedBook:
    """Return which registrations are one person's."""
    return sealed_book(
        PersonAlias,
        source=PersonAlias.__table__.outerjoin(Task, Task.id == PersonAlias.task_id),
        region=_OF_NO_REGION,
        recorded=PersonAlias.merged_at,
        key=("former_id",),
        instead={"task_id": {"task": Task.reference}},
        changing=("person_id",),
        # Two that proved to be two people are separated again.
        may_go=True,
    )


def _identity_corrections() -> SealedBook:
    correction = IdentityCorrection
    return sealed_book(
        correction,
        source=correction.__table__.outerjoin(Task, Task.id == correction.task_id),
        region=correction.region_code,
        recorded=correction.corrected_at,
        key=("task",),
        instead={"task_id": {"task": Task.reference}},
    )


def _employers() -> SealedBook:
    contact = (
        "address",
        "phone",
        "legal_representative",
        "business_address",
        "email",
        "handler_name",
        "handler_phone",
    )
    return sealed_book(
        Employer,
        region=_OF_NO_REGION,
        recorded=Employer.registered_at,
        key=("id",),
        changing=(
            "uscc",
            "name",
            "region_code",
            "kind",
            "industry_code",
            "injury_class",
            "injury_tier_ppm",
            "bank_name",
            "bank_account",
            "established_on",
            "insurances",
            "registration_due_on",
            "review_due_on",
            "reviewed_on",
            "cancelled_on",
            "status",
        ),
        unsealed=dict.fromkeys(contact, _CONTACT),
    )


def _injury_rates() -> SealedBook:
    return sealed_book(
        InjuryRate,
        region=InjuryRate.region_code,
        recorded=InjuryRate.recorded_at,
        key=("employer_id", "from_month", "decision_number"),
    )


def _accounts() -> SealedBook:
    return sealed_book(
        Account,
        region=_OF_NO_REGION,
        recorded=Account.created_at,
        key=("id",),
        unsealed={
            "password_hash": "a secret that no history may keep; a new one is in the activity log",
            "password_changed_at": "goes with the password",
        },
    )


def _appointments() -> SealedBook:
    """Return who holds which function: nobody gives themselves one behind the office's back."""
    return sealed_book(
        Appointment,
        region=_OF_NO_REGION,
        recorded=Appointment.made_at,
        key=("id",),
        changing=("ended_at",),
    )


def _benefits() -> SealedBook:
    return sealed_book(
        Benefit,
        region=Benefit.region_code,
        recorded=Benefit.from_month,
        is_dated=False,
        key=("person_id", "kind"),
        changing=("monthly_fen", "state", "suspended_from_month", "certified_on"),
        unsealed={"id": "a number of the database's own"},
    )


def _benefit_months() -> SealedBook:
    """Return what was paid of benefits and what was held back: only the day of back pay comes."""
    return sealed_book(
        BenefitEntry,
        region=BenefitEntry.region_code,
        recorded=BenefitEntry.recorded_at,
        key=("region_code", "month", "person_id", "benefit", "kind", "sequence"),
        changing=("paid_on",),
    )


BOOKS_OF_REGISTRY: tuple[SealedBook, ...] = (
    _people(),
    _numbers(),
    _former_numbers(),
    _aliases(),
    _identity_corrections(),
    _employers(),
    _injury_rates(),
    _accounts(),
    _appointments(),
    _benefits(),
    _benefit_months(),
)
