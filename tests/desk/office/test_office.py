"""What the office shows of itself: on every page and paper, changed by who administers it."""

import pytest
import time_machine
from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.auth.tables.appointment import Function
from siweb.documents.issue import issue_document
from siweb.documents.tables.document import Document, DocumentKind
from siweb.documents.typesetting.paper import content_words
from siweb.registry.codes import AgencyKind
from siweb.registry.regions.shown_office import emblem_of, shown_office
from siweb.registry.tables.agency import Agency
from siweb.registry.tables.office import Office
from tests import factories
from tests.conftest import NOW
from tests.evidence.scans import png, upload
from tests.sign_in import appoint, sign_in

NAMES = {"name_zh": "示范市社会保险中心", "name_en": "Shifan Social Insurance Centre"}


@pytest.fixture
def office(session, app):
    session.add(Office(name_zh="旧名", name_en="Old name", opened_at=NOW))
    session.flush()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def administrator(office, app, session):
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, session, factories.make_person(session), [Function.ADMINISTRATION])
    return client


def change(client, emblem=None, **typed):
    sent = NAMES | {"phone": "021-12345678"} | typed
    if emblem is not None:
        sent["emblem"] = upload(emblem, "emblem.png")
    return client.post("/desk/office", data=sent, content_type="multipart/form-data")


def test_a_new_name_stands_on_every_page_at_once(administrator, app):
    visitor = app.test_client()
    visitor.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert "Old name</span>" in visitor.get("/").text

    assert change(administrator).status_code == 303

    shown = visitor.get("/contact").text
    assert "– Shifan Social Insurance Centre</title>" in shown
    assert "Shifan Social Insurance Centre</span>" in shown
    assert 'href="tel:021-12345678"' in shown
    assert visitor.get("/manifest.webmanifest").json["name"] == NAMES["name_en"]
    visitor.environ_base["HTTP_ACCEPT_LANGUAGE"] = "zh-CN"
    assert "示范市社会保险中心</span>" in visitor.get("/").text


def test_without_a_telephone_only_the_hotline_is_named(administrator):
    change(administrator, phone="")

    shown = administrator.get("/contact").text
    assert "Call us" not in shown
    assert 'href="tel:12333"' in shown


def test_the_emblem_is_shown_until_it_is_taken_away(administrator, app, session):
    change(administrator, png(96, 96))
    kept = emblem_of(session)
    shown = app.test_client().get("/").text
    address = shown.partition('src="/office/emblem.png')[2].partition('"')[0]

    answer = app.test_client().get(f"/office/emblem.png{address}")

    assert answer.data == kept == png(96, 96)
    assert answer.mimetype == "image/png"
    assert "immutable" in answer.headers["Cache-Control"]
    change(administrator, phone="1")  # what is not sent stays
    assert emblem_of(session) == kept
    change(administrator, without_emblem="y")
    assert emblem_of(session) is None
    assert app.test_client().get("/office/emblem.png").status_code == 404
    assert "emblem.png" not in app.test_client().get("/").text


@pytest.mark.parametrize(
    ("emblem", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no PNG"),
        (png(96, 96)[:-5], "no PNG"),
        (png(95, 95), "96 to 512"),
        (png(513, 513), "96 to 512"),
        (png(96, 97), "96 to 512"),
        (png(96, 96, behind=b"x" * 24 * 1024), "larger than 24 KB"),
    ],
)
def test_a_picture_that_cannot_be_shown_is_named_and_nothing_changes(
    administrator, session, emblem, sentence
):
    sent = change(administrator, emblem)

    assert sent.status_code == 422
    assert sentence in sent.text
    assert NAMES["name_zh"] in sent.text  # what was typed is not lost
    assert shown_office(session).name_zh == "旧名"


def test_the_largest_and_the_smallest_picture_are_taken(administrator, session):
    for side in (96, 512):
        assert change(administrator, png(side, side)).status_code == 303
        assert emblem_of(session) == png(side, side)


@pytest.mark.parametrize(
    "typed", [{"name_zh": " "}, {"name_en": ""}, {"name_zh": "中" * 81}, {"phone": "call me"}]
)
def test_what_cannot_stand_there_is_refused(administrator, session, typed):
    assert change(administrator, **typed).status_code == 422
    assert shown_office(session).name_zh == "旧名"


def test_who_administers_one_agency_does_not_name_the_whole_office(office, app, session):
    region = factories.make_region(session, "310000", is_hosted=True).code
    words = dict.fromkeys(("name_zh", "name_en", "address_zh", "address_en", "phone"), "x")
    agency = Agency(region_code=region, kind=AgencyKind.HRSS, **words)
    session.add(agency)
    session.flush()
    person, client = factories.make_person(session), app.test_client()
    appoint(session, person, Function.ADMINISTRATION, agency_id=agency.id)
    sign_in(client, session, person)

    assert client.get("/desk/office").status_code == 404
    assert change(client).status_code == 404
    assert shown_office(session).name_zh == "旧名"


def test_a_paper_keeps_the_name_under_which_it_was_issued(administrator, session):
    region = factories.make_region(session, "310000", is_hosted=True).code
    person = factories.make_person(session)
    payload = {"name": person.name, "id_last4": "1234", "matter": "x", "outcome": "x",
               "outcome_code": "upheld",
               "decided_on": "2026-11-24", "facts": [], "next_steps": []}  # fmt: skip
    issue_document(
        session, kind=DocumentKind.REVIEW_RECEIPT, subject=("review", 1), person_id=person.id,
        region_code=region, payload=payload, secret="s" * 40, at=NOW, actor=SYSTEM,
    )  # fmt: skip
    change(administrator)

    (document,) = session.scalars(select(Document)).all()
    assert document.payload["office"] == {"zh_Hans": "旧名", "en": "Old name"}
    assert content_words(document, "en")["office"] == "Old name"
