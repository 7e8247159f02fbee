"""What an office opens at the desk: campaigns, agencies, employers at the counter."""

from datetime import date

import pytest
import time_machine
from sqlalchemy import func, select

from siweb.auth.tables.appointment import Function
from siweb.auth.tables.mandate import Mandate, MandateKind
from siweb.registry.codes import AgencyKind
from siweb.registry.tables.agency import Agency
from siweb.registry.tables.employer import Employer
from siweb.reviews.tables.campaign import Campaign, ReviewKind
from tests import factories
from tests.conftest import NOW
from tests.papers import paper
from tests.sign_in import EVERY_FUNCTION, appoint, sign_in

HERE, ELSEWHERE = "310000", "320100"
CAMPAIGN = {
    "kind": "record_check", "region": HERE, "year": "2026", "from_month": "2025-07",
    "to_month": "2026-06", "opens_on": "2026-11-01", "closes_on": "2026-12-31",
}  # fmt: skip
AGENCY = {
    "region": HERE, "kind": "hrss", "name_zh": "中心", "name_en": "Centre", "address_zh": "示范路1号",
    "address_en": "1 Shifan Road", "phone": "12333", "hours": "周一至周五",
}  # fmt: skip
LICENCE = {
    "uscc": factories.make_uscc(), "name": "甲公司", "region_code": HERE, "kind": "enterprise",
    "industry_code": "I65", "established_on": "2020-01-02",
}  # fmt: skip


@pytest.fixture
def browser(app, session):
    """Sign somebody in with functions, of the whole office or of one region's agency."""
    for code in (HERE, ELSEWHERE):
        factories.make_region(session, code, is_hosted=True)

    def signed_in(*functions, region=None):
        client = app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        person = factories.make_person(session)
        if region is None:
            sign_in(client, session, person, functions)
            return client
        values = {
            "name_zh": "所",
            "name_en": "x",
            "address_zh": "x",
            "address_en": "x",
            "phone": "1",
        }
        agency = Agency(region_code=region, kind=AgencyKind.MEDICAL, **values)
        session.add(agency)
        session.flush()
        appoint(session, person, *functions, agency_id=agency.id)
        sign_in(client, session, person)
        return client

    with time_machine.travel(NOW, tick=False):
        yield signed_in


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def test_a_campaign_opened_at_the_desk_is_one(browser, session):
    clerk = browser(Function.REVIEW)

    shown = clerk.post("/desk/campaigns", data=CAMPAIGN, follow_redirects=True).text

    campaign = session.scalars(select(Campaign)).one()
    assert (campaign.kind, campaign.year) == (ReviewKind.RECORD_CHECK, 2026)
    assert (campaign.period_from_month, campaign.period_to_month) == ("2025-07", "2026-06")
    assert (campaign.opens_on, campaign.closes_on) == (date(2026, 11, 1), date(2026, 12, 31))
    assert "Record check" in shown


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"year": "1999"}, "Enter a year such as 2026."),
        ({"year": "3000"}, "Enter a year such as 2026."),
        ({"from_month": "2026-07"}, "The last month is before the first."),
        ({"closes_on": "2026-10-31"}, "The last day is before the first."),
        ({"kind": "certification"}, "Certification has no season"),
        ({"region": "999999"}, "Not a valid choice"),
        ({"opens_on": ""}, "Enter the first day."),
    ],
)
def test_a_campaign_that_cannot_be_is_named_beside_its_field(browser, session, typed, sentence):
    sent = browser(Function.REVIEW).post("/desk/campaigns", data=CAMPAIGN | typed)

    assert sent.status_code == 422
    assert sentence in sent.text
    assert count(session, Campaign) == 0


def test_a_campaign_of_one_day_and_one_month_is_one(browser, session):
    short = {"to_month": "2025-07", "closes_on": "2026-11-01"}

    assert (
        browser(Function.REVIEW).post("/desk/campaigns", data=CAMPAIGN | short).status_code == 303
    )
    assert count(session, Campaign) == 1


def test_a_campaign_is_opened_once_a_year(browser, session):
    clerk = browser(Function.REVIEW)
    clerk.post("/desk/campaigns", data=CAMPAIGN)

    again = clerk.post("/desk/campaigns", data=CAMPAIGN)

    assert again.status_code == 422
    assert "There is a campaign of this kind" in again.text
    assert clerk.post("/desk/campaigns", data=CAMPAIGN | {"year": "2027"}).status_code == 303


def test_nobody_opens_a_campaign_or_names_an_agency_of_another_region(browser, session):
    clerk = browser(Function.REVIEW, Function.ADMINISTRATION, region=ELSEWHERE)

    for address, typed in (("/desk/campaigns", CAMPAIGN), ("/desk/agencies", AGENCY)):
        assert clerk.post(address, data=typed).status_code == 422
    assert count(session, Campaign) == 0


def test_an_agency_is_named_and_changed(browser, session):
    clerk = browser(Function.ADMINISTRATION)
    clerk.post("/desk/agencies", data=AGENCY)
    agency = session.scalars(select(Agency)).one()

    form = clerk.get(f"/desk/agencies?agency={agency.id}").text
    assert "1 Shifan Road" in form
    clerk.post("/desk/agencies", data=AGENCY | {"phone": "021-12333"})

    session.expire_all()
    assert (count(session, Agency), agency.phone) == (1, "021-12333")


def test_the_words_of_an_agency_elsewhere_are_not_filled_in(browser, session):
    browser(Function.ADMINISTRATION).post("/desk/agencies", data=AGENCY)
    (agency_id,) = session.scalars(select(Agency.id)).all()

    shown = browser(Function.ADMINISTRATION, region=ELSEWHERE)

    assert "1 Shifan Road" not in shown.get(f"/desk/agencies?agency={agency_id}").text


def test_an_employer_is_registered_by_its_licence_and_gets_its_owner(browser, session):
    clerk = browser(Function.REGISTRATION)
    owner = factories.make_person(session)
    account = factories.make_account(session, owner)
    session.commit()

    sent = clerk.post("/desk/employers/register", data=LICENCE)
    employer = session.scalars(select(Employer)).one()
    assert sent.location.endswith(f"/desk/employers/{employer.uscc}/owner")
    # I65 is of class 1 (人社部发〔2015〕71号); nothing of it waits for the desk.
    assert (employer.injury_class, employer.reviewed_on) == (1, NOW.date())
    clerk.post(sent.location, data={"id_number": owner.id_number, **paper("because", "授权书1号")})

    mandate = session.scalars(select(Mandate)).one()
    assert (mandate.account_id, mandate.kind) == (account.id, MandateKind.OWNER)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"uscc": "1"}, "18 characters"),
        ({"established_on": "2026-11-25"}, "This date lies in the future."),
        ({"industry_code": "Z99"}, "Not a valid choice"),
        ({"region_code": "999999"}, "Not a valid choice"),
        ({"name": ""}, "Enter the name as on the business licence."),
    ],
)
def test_a_licence_that_cannot_be_is_named_beside_its_field(browser, session, typed, sentence):
    sent = browser(Function.REGISTRATION).post("/desk/employers/register", data=LICENCE | typed)

    assert sent.status_code == 422
    assert sentence in sent.text
    assert count(session, Employer) == 0


def test_a_firm_established_today_is_registered_and_only_once(browser, session):
    clerk = browser(Function.REGISTRATION)
    today = LICENCE | {"established_on": NOW.date().isoformat()}
    assert clerk.post("/desk/employers/register", data=today).status_code == 303

    again = clerk.post("/desk/employers/register", data=LICENCE)

    assert again.status_code == 422
    assert "find it instead" in again.text


def test_an_owner_needs_an_account_and_a_paper(browser, session):
    clerk = browser(Function.REGISTRATION)
    employer = factories.make_employer(session, region_code=HERE)
    person, staff = (factories.make_person(session) for _each in range(2))
    factories.make_account(session, staff)
    appoint(session, staff, Function.FINANCE)
    session.commit()
    page = f"/desk/employers/{employer.uscc}/owner"

    for typed, sentence in (
        ({"id_number": person.id_number, **paper("because", "授权书")}, "no account yet"),
        (
            {"id_number": factories.make_id_number(serial=777), **paper("because", "授权书")},
            "has nobody",
        ),
        ({"id_number": person.id_number, **paper("because", "")}, "Choose what paper it is"),
        ({"id_number": staff.id_number, **paper("because", "授权书")}, "acts for none of the"),
    ):
        sent = clerk.post(page, data=typed)
        assert (sent.status_code, sentence in sent.text) == (422, True), sentence
    assert count(session, Mandate) == 0


def test_these_pages_belong_to_their_functions(browser):
    pages = {
        "/desk/campaigns": Function.REVIEW,
        "/desk/agencies": Function.ADMINISTRATION,
        "/desk/employers/register": Function.REGISTRATION,
    }
    for page, function in pages.items():
        others = [one for one in EVERY_FUNCTION if one not in {function, Function.AUDIT}]
        assert browser(*others).get(page).status_code == 404
        assert browser(Function.AUDIT).get(page).status_code == 200
        assert browser(Function.AUDIT).post(page, data={}).status_code == 404
