"""Mandates in the browser: in every address the employer, for everybody else no such page."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from siweb.audit.actor import Actor
from siweb.auth.api_tokens import SCOPES, issue_token
from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Function
from siweb.auth.tables.mandate import Mandate
from siweb.documents.tables.document import Document
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.filing import Filing
from tests import factories
from tests.conftest import NOW
from tests.filings.test_every_door import GOOD
from tests.sign_in import appoint

GOOD_HIRE = GOOD[FilingKind.HIRE] | {"name": "陈新", "wage_fen": "9000.50", "medical_base_fen": ""}
ENDS = {
    "revoked": lambda mandate: setattr(mandate, "revoked_at", NOW),
    "over": lambda mandate: setattr(mandate, "until_on", NOW.date() - timedelta(days=1)),
}


@pytest.fixture
def clerk(session):
    person = factories.make_person(session, name="李雷")
    factories.make_account(session, person)
    session.commit()
    return person


def test_without_a_mandate_the_employer_does_not_exist(browser, employer):
    assert browser.get(f"/employer/{employer.uscc}").status_code == 404


def test_the_employer_acted_for_is_on_the_page(browser, employer, act_as):
    act_as("viewer")

    page = browser.get(f"/employer/{employer.uscc}").get_data(as_text=True)

    assert "Acting for <b>甲公司</b>" in page


def test_a_filer_finds_no_page_of_the_owner(browser, employer, act_as):
    act_as("filer")

    assert browser.get(f"/employer/{employer.uscc}/mandates").status_code == 404


def test_whoever_is_signed_out_is_asked_to_sign_in(client, employer):
    assert "/sign-in" in client.get(f"/employer/{employer.uscc}").location


def test_an_agent_chooses_among_employers(browser, session, employer, act_as):
    act_as("filer")
    act_as("viewer", to=factories.make_employer(session, name="乙公司"))

    page = browser.get("/employer").get_data(as_text=True)

    assert "甲公司" in page
    assert "乙公司" in page


def test_the_owner_grants_and_ends(browser, employer, act_as, clerk):
    act_as("owner")
    address = f"/employer/{employer.uscc}/mandates"
    typed = {"id_number": clerk.id_number, "name": "李雷", "kind": "filer"}

    granted = browser.post(f"{address}/grant", data=typed)
    page = browser.get(address).get_data(as_text=True)

    assert granted.status_code == 303
    assert "李雷" in page
    assert clerk.id_number not in page


def test_a_wrong_name_is_refused_without_telling_more(browser, employer, act_as, clerk):
    act_as("owner")
    typed = {"id_number": clerk.id_number, "name": "韩梅梅", "kind": "filer"}

    answer = browser.post(f"/employer/{employer.uscc}/mandates/grant", data=typed)

    assert answer.status_code == 422
    assert "Nobody else with this number and name" in answer.get_data(as_text=True)


@pytest.mark.parametrize(("region", "status"), [(None, 422), ("530000", 303)])
def test_no_employer_makes_a_clerk_who_serves_it_its_own(
    browser, session, employer, act_as, clerk, region, status
):
    act_as("owner")
    agency = factories.make_agency(session, region or employer.region_code)
    appoint(session, clerk, Function.CONTRIBUTIONS, agency_id=agency.id)
    session.commit()
    typed = {"id_number": clerk.id_number, "name": "李雷", "kind": "viewer"}

    answer = browser.post(f"/employer/{employer.uscc}/mandates/grant", data=typed)

    assert answer.status_code == status
    assert ("acts for none of the employers" in answer.text) == (status == 422)
    held = session.scalar(
        select(Mandate.id)
        .join(Account, Account.id == Mandate.account_id)
        .where(Account.person_id == clerk.id)
    )
    assert (held is None) == (status == 422)


def test_a_day_that_is_over_is_refused(browser, employer, act_as, clerk):
    act_as("owner")
    typed = {"id_number": clerk.id_number, "name": "李雷", "kind": "filer"}

    answer = browser.post(
        f"/employer/{employer.uscc}/mandates/grant", data=typed | {"until_on": "2026-11-23"}
    )

    assert "This date has passed" in answer.get_data(as_text=True)


@pytest.mark.parametrize(("years", "status"), [(9, 303), (11, 422)])
def test_a_day_beyond_ten_years_is_taken_for_a_mistyped_one(
    browser, employer, act_as, clerk, years, status
):
    act_as("owner")
    until_on = NOW.date().replace(year=NOW.year + years)
    typed = {"id_number": clerk.id_number, "name": "李雷", "kind": "filer", "until_on": until_on}

    answer = browser.post(f"/employer/{employer.uscc}/mandates/grant", data=typed)

    assert answer.status_code == status
    assert ("more than ten years away" in answer.text) == (status == 422)


def test_the_last_owner_stays(browser, employer, act_as):
    own = act_as("owner")
    address = f"/employer/{employer.uscc}/mandates"

    browser.post(f"{address}/{own.id}/revoke")

    assert "keeps at least one owner" in browser.get(address).get_data(as_text=True)


def test_links_stay_with_the_employer_whoever_asked_before(browser, session, employer, act_as):
    other = factories.make_employer(session, name="乙公司", region_code="310000")
    act_as("owner")
    act_as("owner", to=other)

    for one in (employer, other, employer):
        page = browser.get(f"/employer/{one.uscc}").get_data(as_text=True)
        assert f'href="/employer/{one.uscc}/people"' in page


def test_the_owner_sees_who_did_what_for_this_employer(browser, session, employer, act_as, clerk):
    act_as("owner")
    address = f"/employer/{employer.uscc}"
    typed = {"id_number": clerk.id_number, "name": "李雷", "kind": "filer"}
    browser.post(f"{address}/mandates/grant", data=typed)

    page = browser.get(f"{address}/done").get_data(as_text=True)

    assert "Let somebody act" in page
    assert "王芳" in page


@pytest.fixture
def papers(browser, session, employer, act_as):
    """What the owner made for the employer: the mandate, the receipt and a program's token."""
    mandate = act_as("owner")
    home = f"/employer/{employer.uscc}"
    drafted = browser.post(f"{home}/hire", data=GOOD_HIRE).location
    assert browser.post(f"{drafted}/confirm").status_code == 303
    account = session.get_one(Account, mandate.account_id)
    _token, secret = issue_token(
        session,
        employer.id,
        name="工资软件",
        scopes=SCOPES,
        expires_on=NOW.date() + timedelta(days=90),
        actor=Actor(account.id, account.person_id),
        at=NOW,
    )
    session.commit()
    return mandate, session.scalars(select(Filing)).one(), secret


def opened(app, browser, uscc, reference):
    """Every address of the employer that answers with anything but "there is no such page"."""
    values = {"uscc": uscc, "reference": reference}
    return [
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        if "<uscc>" in rule.rule
        for method in sorted(rule.methods & {"GET", "POST"})
        if browser.open(
            re.sub(r"<(?:\w+:)?(\w+)>", lambda part: values.get(part[1], "0"), rule.rule),
            method=method,
            buffered=True,
        ).status_code
        != 404
    ]


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_everything_of_the_employer_closes_with_the_mandate(
    app, browser, client, session, employer, papers, end
):
    mandate, filing, secret = papers
    paper = f"/documents/{session.get_one(Document, filing.document_id).reference}"
    program = {"Authorization": f"Bearer {secret}"}
    asked = ("", "/rows", "/totals", "/receipt.pdf")
    addresses = ["/roster", *(f"/filings/{filing.reference}{part}" for part in asked)]
    assert len(opened(app, browser, employer.uscc, filing.reference)) > 20
    assert {browser.get(one).status_code for one in (paper, f"{paper}.pdf")} == {200}
    for one in addresses:
        assert client.get(f"/api/v1{one}", headers=program).status_code == 200

    end(mandate)
    session.commit()

    assert opened(app, browser, employer.uscc, filing.reference) == []
    assert {browser.get(one).status_code for one in (paper, f"{paper}.pdf")} == {404}
    for one in addresses:
        assert client.get(f"/api/v1{one}", headers=program).status_code == 401
    assert employer.name not in browser.get("/employer", follow_redirects=True).text


def test_a_token_does_no_more_than_its_issuer_may_today(client, session, act_as, papers):
    mandate, filing, secret = papers
    mandate.revoked_at = NOW
    session.flush()
    act_as("viewer")
    program = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "once-more"}

    read = client.get(f"/api/v1/filings/{filing.reference}", headers=program)
    sent = client.post(f"/api/v1/filings/{filing.reference}/confirm", headers=program)

    assert (read.status_code, sent.status_code) == (200, 403)
