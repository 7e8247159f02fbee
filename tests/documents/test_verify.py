"""A stranger checks a document by its code."""

from datetime import timedelta

import pytest
import time_machine
from flask_babel import force_locale
from markupsafe import escape
from sqlalchemy import func, select

from siweb.db.reference_code import ALPHABET
from siweb.documents.tables.verification import Verification, VerificationResult, VerificationWindow
from siweb.documents.typesetting.paper import paper_words
from siweb.documents.verification_code import short_code
from siweb.documents.verify import MOST_VERIFICATIONS, address_hash
from siweb.messages.tables.message import Message
from siweb.registry.tables.region import Region
from tests import factories
from tests.conftest import NOW
from tests.documents.conftest import PERSON_ON_PAPER
from tests.sign_in import sign_in

WRONG = "34679ACDEFGHJKMNPQRT"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def text(client, path, **values):
    return client.get(path, headers={"Accept-Language": "en"}, **values).get_data(as_text=True)


def main(answer):
    """The page without its frame, whose links say where one is."""
    return answer.get_data(as_text=True).partition("<main")[2].partition("</main>")[0]


def test_the_form_leads_to_the_address_that_a_scanned_code_leads_to(client):
    answer = client.get("/verify?code=34679-acdef ghjkm－npqrt")

    assert (answer.status_code, answer.location) == (303, f"/verify/{WRONG}")


def test_a_document_number_leads_to_the_own_document(client):
    assert client.get("/verify?code=34679ACDEF").location == "/documents/34679ACDEF"


@pytest.mark.parametrize("typed", ["", "3", "O" * 20, "3" * 19, "3" * 21, "3" * 9, "34679ACDEF7"])
def test_what_cannot_be_a_code_is_said_beside_the_field(client, typed):
    answer = client.get("/verify", query_string={"code": typed})

    assert answer.status_code == 422
    assert 'id="code-error"' in answer.get_data(as_text=True)


def test_a_code_shows_what_the_paper_says_with_its_holders_name_masked(client, issue, person):
    issued = issue()
    page = text(client, f"/verify/{issued.code}")

    for shown in (
        "欧***",
        f"ends in {person.id_number[-4:]}",
        "Receipt of an annual review",
        "Record check",
        "Passed",
        "24 November 2026",
        "CNY 12,345.67",
        issued.reference,
    ):
        assert shown in page
    for hidden in (person.name, person.id_number, "娜"):
        assert hidden not in page


def test_a_statement_shows_its_tables_so_that_an_altered_row_is_seen(client, issue_statement):
    page = text(client, f"/verify/{issue_statement().code}")

    for shown in ("2025", "Months paid", "Pension", "11", "8,000.00", "Balance", "CNY 9,876.54"):
        assert shown in page


def test_nothing_stands_on_a_paper_that_its_verification_does_not_show(
    client, paper_of, issue, issue_statement, issue_notice
):
    for issued in (issue(), issue_statement(), issue_notice()):
        page = text(client, f"/verify/{issued.code}")
        with client.application.test_request_context(), force_locale("en"):
            words = paper_words(paper_of(issued), "en", "https://x/verify", issued.code)
        about = [part for row in words["about"] if row[0] != "Name" for part in row]
        facts = [part for row in words["facts"] for part in row]
        cells = [
            cell
            for table in words["tables"]
            for row in (table["columns"], *table["rows"])
            for cell in row
            if cell != PERSON_ON_PAPER
        ]
        said = [words["office"], words["title"], words["outcome"], words["until"]]
        said += [*about, *facts, *cells, *words["next_steps"], *words["notes"]]
        assert not [each for each in said if str(escape(each)) not in page]


def test_a_paper_of_an_employer_names_it_and_masks_the_people_on_it(client, issue_notice):
    page = text(client, f"/verify/{issue_notice().code}")

    assert "甲公司" in page
    assert "91310000MA1K3GJA4U" in page
    assert "欧***" in page
    assert "娜" not in page


def test_the_office_of_another_city_is_seen(client, session, issue):
    holder = factories.make_person(session, name="李四", region_code="510100")
    session.get_one(Region, "510100").name_en = "Chengdu"
    issued = issue(holder=holder)

    assert "Chengdu · Social insurance office" in text(client, f"/verify/{issued.code}")


@pytest.mark.parametrize(
    "written",
    [
        "\u200b".join,
        lambda code: " ".join(code[at : at + 5] for at in range(0, 20, 5)),
        lambda code: "".join(chr(ord(char) + 0xFEE0) for char in code),
        lambda code: f"\ufeff{code[:10]}\u2011{code[10:].lower()}\u3000",
    ],
    ids=["zero-width", "spaces", "full-width", "pasted"],
)
@pytest.mark.parametrize("way", ["typed", "scanned"])
def test_a_code_is_found_however_it_was_pasted(client, issue, written, way):
    code = issue().code
    if way == "typed":
        answer = client.get("/verify", query_string={"code": written(code)})
        assert answer.location == f"/verify/{code}"
    else:
        assert "欧***" in client.get(f"/verify/{written(code)}").text


def test_a_code_is_found_in_the_groups_and_letters_in_which_it_is_typed(client, issue):
    code = issue().code

    assert "欧***" in text(client, f"/verify/{code[:5].lower()}-{code[5:]}")


@pytest.mark.parametrize("code", [WRONG, "x", "张", "a'b"])
def test_wrong_codes_all_look_the_same(client, issue, code):
    issue()
    wrong = client.get(f"/verify/{code}")

    assert wrong.status_code == 404
    assert main(wrong) == main(client.get("/verify/34679"))


def test_a_document_number_is_no_code(client, issue):
    assert client.get(f"/verify/{issue().reference}").status_code == 404


def test_a_replaced_document_says_so_without_saying_whose_it_is(client, issue, paper_of):
    first = issue()
    issue(supersedes=paper_of(first))
    page = text(client, f"/verify/{first.code}")

    assert "no longer valid" in page
    assert "欧" not in page


def test_a_document_that_ran_out_says_so_without_saying_whose_it_is(client, issue):
    page = text(client, f"/verify/{issue(at=NOW - timedelta(days=91), valid_days=90).code}")

    assert "has expired" in page
    assert "genuine" not in page.lower()  # nobody compared anything
    assert "欧" not in page


def test_too_many_checks_from_one_address_pause_it_and_no_other(client, issue, session):
    code = issue().code
    for _ in range(MOST_VERIFICATIONS):
        client.get(f"/verify/{WRONG}")
    paused = client.get(f"/verify/{code}")

    assert (paused.status_code, paused.headers["Retry-After"]) == (
        429,
        "Tue, 24 Nov 2026 02:10:00 GMT",
    )
    other = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get(f"/verify/{code}", environ_overrides=other).status_code == 200


def test_after_the_window_an_address_may_check_again(client, issue):
    code = issue().code
    for _ in range(MOST_VERIFICATIONS + 1):
        client.get(f"/verify/{WRONG}")
    with time_machine.travel(NOW + timedelta(minutes=10), tick=False):
        assert client.get(f"/verify/{code}").status_code == 200


def test_by_the_short_code_a_paper_is_confirmed_and_nothing_of_it_is_shown(client, issue, person):
    issued = issue(valid_days=90)
    short = short_code(issued.reference)
    typed = client.get("/verify", query_string={"code": f" {short[:4]}-{short[4:].lower()}"})
    page = text(client, typed.location)

    assert typed.location == f"/verify/{short}"
    for shown in ("Genuine", "Receipt of an annual review", issued.reference, "22 February 2027"):
        assert shown in page
    for hidden in ("欧", person.id_number[-4:], "12,345.67", "Passed"):
        assert hidden not in page


def test_a_short_code_of_a_paper_that_was_replaced_says_so(client, issue, paper_of, session):
    first = issue()
    issue(supersedes=paper_of(first))
    page = text(client, f"/verify/{short_code(first.reference)}")

    assert ("no longer valid" in page, "Genuine" in page) == (True, False)
    assert session.scalar(select(func.count()).select_from(Verification)) == 1


def test_of_all_last_signs_one_finds_the_paper(client, issue):
    issued = issue()
    pages = {sign: client.get(f"/verify/{issued.reference}{sign}") for sign in ALPHABET}

    found = [sign for sign, page in pages.items() if page.status_code == 200]
    assert found == [short_code(issued.reference)[-1]]


def test_a_holder_is_told_once_a_day_and_not_of_their_own_look(
    client, issue, session, person, paper_of
):
    issued = issue()
    for _ in range(2):
        client.get(f"/verify/{issued.code}")
    messages = select(Message).where(Message.kind == "paper_verified")
    (message,) = session.scalars(messages).all()

    assert (message.person_id, message.subject) == (person.id, f"document-{issued.reference}")
    other = issue(subject=("review", "another"))
    sign_in(client, session, person)
    client.get(f"/verify/{other.code}")
    assert len(session.scalars(messages).all()) == 1


def test_without_scripts_the_page_of_a_scanned_code_leads_on(client):
    page = text(client, "/v")
    fallback = page.partition("<noscript>")[2].partition("</noscript>")[0]

    assert '<form method="get" action="/verify">' in fallback
    assert 'name="code"' in fallback


def test_windows_that_are_long_over_are_dropped(client, session):
    client.get(f"/verify/{WRONG}")
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        client.get(f"/verify/{WRONG}")

    assert session.scalar(select(func.count()).select_from(VerificationWindow)) == 1


def test_a_check_is_noted_without_the_address(client, issue, session):
    code = issue().code
    client.get(f"/verify/{code}", environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    (noted,) = session.scalars(select(Verification)).all()

    assert noted.result is VerificationResult.VALID
    assert "192.0.2" not in noted.address_hash


def test_addresses_of_one_ipv6_network_count_as_one():
    one = address_hash("key", "2001:db8:1:2::1")

    assert one == address_hash("key", "2001:db8:1:2:ffff::9")
    assert one != address_hash("key", "2001:db8:1:3::1")
