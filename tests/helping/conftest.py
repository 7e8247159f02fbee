"""A person with a record, a case and a paper, and somebody who may help them."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from siweb.auth.tables.account import Account
from siweb.auth.tables.help_mandate import CommunityHelper, HelpBasis, HelpKind, HelpMandate
from siweb.ledgers.tables.account_entry import EntryKind
from siweb.registry.codes import Insurance
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from tests import factories
from tests.conftest import NOW
from tests.sign_in import sign_in

TODAY = NOW.date()
REGION = "310000"
EVERYTHING = frozenset(HelpKind)


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False) as travelled:
        yield travelled


@pytest.fixture
def person(session):
    return factories.make_person(
        session, name="王秀英", born_on=date(1946, 5, 6), region_code=REGION
    )


@pytest.fixture
def helper(session):
    return factories.make_person(session, name="李梅", born_on=date(1975, 3, 2), region_code=REGION)


@pytest.fixture
def record(session, person):
    """An employee in 2025 with a year to check, who also draws a benefit to be certified."""
    employer = factories.make_employer(session, name="甲公司", region_code=REGION)
    for insurance in Insurance:
        factories.make_enrolment(session, person, insurance, employer=employer,
                                 from_month="2025-01", to_month="2025-12")  # fmt: skip
        for month in range(1, 13):
            factories.make_record(session, person, f"2025-{month:02}", insurance, employer=employer)
    factories.make_account_entry(session, person, 2025, EntryKind.INTEREST, 100)
    session.add(
        Benefit(
            person_id=person.id,
            region_code=REGION,
            kind=BenefitKind.PENSION,
            monthly_fen=350_000,
            from_month="2015-01",
            state=BenefitState.ACTIVE,
            certified_on=date(2025, 3, 1),
        )
    )
    for kind in (ReviewKind.RECORD_CHECK, ReviewKind.CERTIFICATION):
        session.add(
            Campaign(
                region_code=REGION,
                kind=kind,
                year=2025,
                period_from_month="2025-01",
                period_to_month="2025-12",
                opens_on=date(2026, 10, 1),
                rules={"recheck_ppm": 0},
            )
        )
    session.commit()


def browser_of(app, session, person):
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, session, person)
    return client


@pytest.fixture
def owner(app, session, person):
    return browser_of(app, session, person)


@pytest.fixture
def browser(app, session, helper):
    return browser_of(app, session, helper)


@pytest.fixture
def mandate(session, person, helper, browser):
    """A mandate of the helper for the person; return it."""

    def make(*kinds, until_on=TODAY + timedelta(days=30), **values):
        account = session.scalar(select(Account).where(Account.person_id == helper.id))
        row = HelpMandate(
            reference=values.pop("reference", "HHHHHHHHHHHH"),
            person_id=person.id,
            helper_account_id=values.pop("helper_account_id", account.id),
            kinds=frozenset(kinds) or EVERYTHING,
            basis=values.pop("basis", HelpBasis.CODE),
            from_on=values.pop("from_on", TODAY),
            until_on=until_on,
            granted_at=NOW,
            **values,
        )
        session.add(row)
        session.commit()
        return row

    return make


@pytest.fixture
def appointed(session, helper):
    """The helper is appointed for a residents' committee."""
    row = CommunityHelper(
        person_id=helper.id,
        region_code=REGION,
        organisation="幸福社区居委会",
        from_on=TODAY,
        until_on=TODAY + timedelta(days=30),
        appointed_at=NOW,
    )
    session.add(row)
    session.commit()
    return row
