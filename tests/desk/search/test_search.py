"""The desk's search: whatever is typed, of one's own work and regions, and every look is noted."""

import pytest
import time_machine

from siweb.audit.access_log.read import access_page
from siweb.audit.actor import SYSTEM
from siweb.auth.tables.appointment import Function
from siweb.db.reference_code import new_reference
from siweb.desk.search.typed import Typed, read_typed
from siweb.documents.issue import issue_document
from siweb.documents.payload import receipt_payload
from siweb.documents.tables.document import DocumentKind
from siweb.documents.verification_code import short_code
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.filing import Filing
from siweb.registry.codes import AgencyKind
from siweb.registry.register_person import register_person
from siweb.registry.search.follow import let_find_employers
from siweb.registry.tables.agency import Agency
from siweb.rules.identifiers.identity_number import parse_identity_number
from siweb.transfers.tables.pension_transfer import PensionTransfer
from tests import factories
from tests.conftest import NOW
from tests.sign_in import EVERY_FUNCTION, appoint, sign_in

HERE, THERE = "310100", "530000"
PIECE = {"HX-Request": "true"}


@pytest.fixture
def desk(client, session):
    with time_machine.travel(NOW, tick=False):
        sign_in(client, session, factories.make_person(session), EVERY_FUNCTION)
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        yield client


@pytest.fixture
def clerk(app, session):
    """A clerk of an agency of HERE alone, who holds a function."""

    def of(function):
        agency = Agency(
            region_code=factories.make_region(session, HERE).code, kind=AgencyKind.HRSS,
            name_zh="示范经办", name_en="Shifan",
            address_zh="一号", address_en="1", phone="12333", hours="9-17",
        )  # fmt: skip
        session.add(agency)
        session.flush()
        person, client = factories.make_person(session), app.test_client()
        appoint(session, person, function, agency_id=agency.id)
        sign_in(client, session, person)
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        return client

    return of


@pytest.fixture
def person(session):
    factories.make_region(session, HERE)
    return register(session, HERE)


def register(session, region, name="单雨"):
    factories.make_region(session, region)
    number = parse_identity_number(factories.make_id_number())
    made = register_person(session, number, name, region, actor=SYSTEM, at=NOW)
    session.commit()
    return made


def ask(browser, typed, **headers):
    return browser.get("/desk/search", query_string={"q": typed}, **headers)


@pytest.mark.parametrize("typed", ["单雨", "shan yu", "DY"])
def test_a_person_is_found_and_led_to(desk, person, typed):
    page = ask(desk, typed).text

    assert f'href="/desk/people/{person.id}"' in page
    assert person.id_number not in page
    assert person.id_number[-4:] in page


def test_the_end_of_a_number_finds(desk, person):
    assert f"/desk/people/{person.id}" in ask(desk, person.id_number[-4:].lower()).text


def test_a_whole_number_leaves_the_address_for_the_person(desk, person):
    answer = ask(desk, person.id_number)

    assert (answer.status_code, answer.location) == (303, f"/desk/people/{person.id}")


def test_a_number_of_nobody_leaves_the_address_too(desk, session):
    answer = ask(desk, factories.make_id_number())

    assert answer.location == "/desk/search?nobody=1"
    assert "Nobody in your regions has this ID number" in desk.get(answer.location).text


def test_half_a_number_finds_nobody(desk, person):
    assert "/desk/people/" not in ask(desk, person.id_number[:17]).text
    assert "/desk/people/" not in ask(desk, person.id_number[-6:]).text


def test_the_piece_is_the_page_s(desk, person):
    page, piece = ask(desk, "shanyu").text, ask(desk, "shanyu", headers=PIECE).text

    assert "<html" not in piece
    assert piece.strip() in page


def test_whose_name_was_shown_can_see_it(app, desk, person):
    ask(desk, "shanyu", headers=PIECE)

    (day,) = access_page(app.extensions["siweb_access_log"], [person.id]).days
    assert [entry.reason for entry in day.entries] == ["search"]


def test_only_one_s_own_regions_are_searched(clerk, session, person):
    other = register(session, THERE)
    browser = clerk(Function.REGISTRATION)

    page = ask(browser, "单雨").text

    assert f"/desk/people/{person.id}" in page
    assert f"/desk/people/{other.id}" not in page
    assert ask(browser, other.id_number).location == "/desk/search?nobody=1"
    assert f"/desk/people/{other.id}" not in ask(browser, other.id_number[-4:]).text


def test_who_is_enrolled_here_is_found_by_number(clerk, session):
    other = register(session, THERE)
    factories.make_region(session, HERE)
    factories.make_enrolment(session, other, region_code=HERE)
    session.commit()

    assert ask(clerk(Function.REVIEW), other.id_number).location == f"/desk/people/{other.id}"


def test_an_employer_is_found_by_name_and_code(desk, session):
    employer = factories.make_employer(session, name="榕城云帆软件有限公司", region_code=HERE)
    let_find_employers(session)
    session.commit()

    for typed in ("云帆", "rcyf", employer.uscc, employer.uscc.lower()):
        assert f"/desk/employers/{employer.uscc}" in ask(desk, typed).text


def test_a_case_is_found_by_who_works_on_it(desk, clerk, session, person):
    transfer = factories.make_pension_transfer(session, person)
    session.commit()
    reference = session.get_one(PensionTransfer, transfer.id).reference

    assert f"/desk/transfers/{reference}" in ask(desk, reference.lower()).text
    assert f"/desk/transfers/{reference}" not in ask(clerk(Function.REVIEW), reference).text


def test_a_filing_leads_to_its_employer_s(desk, clerk, session):
    here = factories.make_employer(session, region_code=HERE, name="申报单位")
    there = factories.make_employer(session, region_code=THERE)
    opened = [
        Filing(
            reference=new_reference(12), employer_id=employer.id, kind=FilingKind.HIRE,
            origin="form", opened_at=NOW,
        )
        for employer in (here, there)
    ]  # fmt: skip
    session.add_all(opened)
    session.commit()
    browser = clerk(Function.CONTRIBUTIONS)

    assert f'href="/desk/employers/{here.uscc}/filings"' in ask(browser, opened[0].reference).text
    assert "/desk/employers/" not in main(ask(browser, opened[1].reference))


def test_a_paper_is_found_by_what_is_read_out_on_the_telephone(desk, session, person):
    words = {"zh_Hans": "通过", "en": "Passed"}
    payload = receipt_payload(
        name=person.name, id_number=person.id_number, matter=words, outcome=words,
        outcome_code="passed", decided_on=NOW.date(),
    )  # fmt: skip
    issued = issue_document(
        session, kind=DocumentKind.REVIEW_RECEIPT, subject=("review", 1), person_id=person.id,
        region_code=HERE, payload=payload, secret="s", at=NOW, actor=SYSTEM,
    )  # fmt: skip
    session.commit()
    short = short_code(issued.reference)
    wrong = issued.reference + next(sign for sign in "34" if sign != short[-1])

    for typed in (issued.reference, issued.code, short, short.lower()):
        assert "Receipt of an annual review" in main(ask(desk, typed))
    assert "Receipt of an annual review" not in main(ask(desk, wrong))


def main(answer):
    return answer.text.partition("<main")[2]


def test_who_only_audits_finds_and_who_has_no_function_has_no_search(app, session, person):
    browser = app.test_client()
    somebody = factories.make_person(session)
    sign_in(browser, session, somebody, (Function.AUDIT,))
    assert f"/desk/people/{person.id}" in ask(browser, "单雨").text

    other = app.test_client()
    sign_in(other, session, factories.make_person(session))
    assert ask(other, "单雨").status_code == 404


def test_more_than_is_shown_is_said(desk, session):
    for _ in range(21):
        register(session, HERE, "单雨露")

    page = ask(desk, "单雨露").text

    assert page.count("/desk/people/") == 20
    assert "There are more" in page


def test_the_field_stands_on_every_page_of_the_desk(desk, client):
    for address in ("/desk", "/desk/people", "/desk/payments"):
        assert 'action="/desk/search"' in desk.get(address).text


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("", Typed()),
        ("l", Typed()),
        ("李", Typed(name="李")),
        ("l 000002", Typed(name="l000002", list_id=2)),
        ("062x", Typed(end="062X")),
        ("1234", Typed(end="1234", bank_reference=1234)),
        ("0000 0012 3456", Typed(reference="000000123456", bank_reference=123456)),
        ("A3C4D-6E7F9", Typed(name="a3c4d6e7f9", reference="A3C4D6E7F9")),
    ],
)
def test_what_is_typed_is_taken_as_all_it_may_be(text, typed):
    assert read_typed(text) == typed
