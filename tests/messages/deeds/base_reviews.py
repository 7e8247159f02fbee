"""The yearly review of an employer's bases tells it, and its people, by the day."""

from datetime import date, timedelta
from typing import Any

from siweb.audit.actor import SYSTEM
from siweb.messages.kinds.reviews import BASE_TO_CONFIRM, BASES_OPENED, BASES_REMINDER
from siweb.portal.base_review.tell import tell_of_base_reviews
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.reviews.begin.open_campaign import open_campaign
from siweb.reviews.tables.campaign import ReviewKind
from tests import factories
from tests.conftest import NOW

TODAY = NOW.date()


def _open(office: Any, opens_on: date, closes_on: date) -> None:
    factories.make_enrolment(
        office.session, office.person, employer=office.employer, from_month="2025-01"
    )
    open_campaign(
        office.session, office.employer.region_code, ReviewKind.EMPLOYER_BASES, 2026,
        period=("2026-07", "2027-06"), opens_on=opens_on, closes_on=closes_on, rules={},
        actor=SYSTEM, at=NOW,
    )  # fmt: skip


def _tell(office: Any) -> None:
    for _ in range(2):
        tell_of_base_reviews(office.session, on=TODAY, at=NOW)


def open_bases(office: Any) -> Employer:
    _open(office, TODAY, TODAY + timedelta(days=90))
    _tell(office)
    return office.employer


def bases_missing(office: Any) -> Employer:
    _open(office, TODAY - timedelta(days=60), TODAY + timedelta(days=7))
    _tell(office)
    return office.employer


def base_declared(office: Any) -> Person:
    _open(office, TODAY - timedelta(days=60), TODAY + timedelta(days=7))
    given = {"start_month": "2026-07", "wage_fen": 900_000}
    named = {"id_number": office.person.id_number, "name": office.person.name}
    filing, _rows = office.draft("base", named | given)
    office.send(filing)
    _tell(office)
    return office.person


BASE_REVIEWS = {
    BASES_OPENED: (open_bases,),
    BASES_REMINDER: (bases_missing,),
    BASE_TO_CONFIRM: (base_declared,),
}
