"""A person's own documents: the page, the PDF, and nobody else's."""

import io

import pytest
import time_machine
from pypdf import PdfReader

from tests import factories
from tests.conftest import NOW
from tests.sign_in import sign_in

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def test_the_owner_sees_the_document_and_its_code(client, session, person, issue):
    issued = issue()
    sign_in(client, session, person)
    page = client.get(f"/documents/{issued.reference}", headers=ENGLISH).get_data(as_text=True)

    for said in ("欧阳娜娜", "Record check", "Passed", "CNY 12,345.67", "Nothing more to do."):
        assert said in page
    assert issued.code[:5] + "-" + issued.code[5:10] in page


def test_the_owner_gets_the_paper_in_the_language_of_the_page(client, session, person, issue):
    issued = issue()
    sign_in(client, session, person)
    answer = client.get(f"/documents/{issued.reference}.pdf", headers={"Accept-Language": "zh-CN"})
    text = PdfReader(io.BytesIO(answer.data)).pages[0].extract_text()

    assert answer.content_type == "application/pdf"
    assert "年审回执" in text
    assert "127.0.0.1:8000/verify" in "".join(text.split())


def test_the_printed_address_is_the_one_of_the_settings(app, client, session, person, issue):
    settings = app.extensions["siweb_settings"]
    app.extensions["siweb_settings"] = type(settings)(public_url="https://si.example.cn/")
    issued = issue()
    sign_in(client, session, person)
    paper = client.get(f"/documents/{issued.reference}.pdf").data

    assert "si.example.cn/verify" in PdfReader(io.BytesIO(paper)).pages[0].extract_text()


def test_who_reads_large_type_gets_a_paper_in_large_type(client, session, person, issue):
    issued = issue()
    sign_in(client, session, person)
    address = f"/documents/{issued.reference}.pdf"
    small = client.get(address).data
    client.get("/preferences/type-size/large")
    large = client.get(address).data

    assert (small_letters(small), small_letters(large)) == (True, False)
    assert issued.reference in "".join(
        page.extract_text() for page in PdfReader(io.BytesIO(large)).pages
    )


def small_letters(content):
    """Whether the paper's text is set in the usual 10.5 points."""
    page = PdfReader(io.BytesIO(content)).pages[0].get_contents().get_data()
    return b" 10.5 Tf" in page


@pytest.mark.parametrize("ending", ["", ".pdf"])
def test_for_others_there_is_no_such_document(client, session, issue, ending):
    issued = issue()
    sign_in(client, session, factories.make_person(session))
    others = client.get(f"/documents/{issued.reference}{ending}")
    none = client.get(f"/documents/34679ACDEF{ending}")

    assert others.status_code == none.status_code == 404
    assert others.data.replace(issued.reference.encode(), b"34679ACDEF") == none.data


def test_a_visitor_is_asked_to_sign_in_and_comes_back(client, issue):
    answer = client.get(f"/documents/{issue().reference}")

    assert answer.status_code == 303
    assert "/sign-in?next=" in answer.location


def test_the_owner_sees_how_often_it_was_checked(client, session, person, issue):
    issued = issue()
    client.get(f"/verify/{issued.code}")
    sign_in(client, session, person)
    page = client.get(f"/documents/{issued.reference}", headers=ENGLISH).get_data(as_text=True)

    assert "1, last on 24 November 2026 10:00" in page


def test_the_owner_is_told_that_a_newer_one_replaced_it(client, session, person, issue, paper_of):
    first = issue()
    issue(supersedes=paper_of(first))
    sign_in(client, session, person)

    page = client.get(f"/documents/{first.reference}", headers=ENGLISH).get_data(as_text=True)

    assert "it was replaced or taken back" in page
