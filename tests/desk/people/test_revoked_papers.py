"""A certificate that nobody should believe any more: revoked by two, told, and no receipt."""

import pytest
import time_machine
from sqlalchemy import select

from siweb.audit.activity import Activity
from siweb.documents.revoke import revoke_papers
from siweb.documents.tables.document import Document, DocumentKind
from siweb.messages.tables.message import Message
from siweb.registry.tables.person import Person
from tests import factories
from tests.conftest import NOW
from tests.papers import paper
from tests.second_person import check_all
from tests.sign_in import EVERY_FUNCTION, sign_in


@pytest.fixture
def desk(client, session):
    with time_machine.travel(NOW, tick=False):
        sign_in(client, session, factories.make_person(session), EVERY_FUNCTION)
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        yield client


@pytest.fixture
def certificate(session):
    found = factories.make_certificate(session, factories.make_person(session))
    session.commit()
    return found


def revoke(desk, person_id, reference):
    typed = {"revoke-reference": reference, **paper("revoke-reason", "函1号", kind="letter")}
    return desk.post(f"/desk/people/{person_id}/revoke-paper", data=typed)


def test_a_certificate_is_revoked_by_two_and_its_holder_is_told(desk, session, certificate):
    person_id, reference = certificate.person_id, certificate.reference

    assert revoke(desk, person_id, reference).status_code == 303

    session.expire_all()
    assert certificate.revoked_at is None
    assert "waits for its second person already" in revoke(desk, person_id, reference).text
    check_all(session)
    session.expire_all()
    assert certificate.revoked_at == NOW
    assert session.scalars(select(Message.kind)).all() == ["paper_revoked"]
    assert "document.revoked" in session.scalars(select(Activity.action)).all()
    # On its page its holder reads since when and why, and has nothing left to show to others.
    sign_in(desk, session, session.get(Person, person_id))
    page = desk.get(f"/documents/{reference}").text
    assert "Not valid since 24 November 2026." in page
    assert "It rests on: " in page and "函1号" in page
    told = session.scalars(select(Message)).one()
    said = desk.get(f"/messages/paper_revoked/{told.subject}/{told.notified_on}").text
    assert f"its number ending in {reference[-4:]}, issued on" in said
    assert f'href="/documents/{reference}"' in said
    assert "Show it to others" not in page and "QR code" not in page and ".pdf" not in page
    sign_in(desk, session, factories.make_person(session), EVERY_FUNCTION)
    # Nothing that may be revoked is left, so that there is no form.
    page = desk.get(f"/desk/people/{person_id}/papers").text
    assert "revoked" in page
    assert "revoke-paper" not in page
    assert revoke(desk, person_id, reference).status_code == 422


def test_of_several_papers_that_a_correction_outdates_the_message_names_each(
    desk, session, certificate
):
    owner = session.get_one(Person, certificate.person_id)
    more, kept = (factories.make_certificate(session, owner) for _each in range(2))
    stranger = factories.make_certificate(session, factories.make_person(session))
    revoke_papers(session, [certificate, more, stranger], at=NOW)
    session.commit()
    sign_in(desk, session, owner)

    said = desk.get(f"/messages/papers_revoked/papers-{owner.id}/2026-11-24").text

    assert said.count("its number ending in") == 2
    for paper_, is_named in ((certificate, True), (more, True), (kept, False), (stranger, False)):
        assert (f"/documents/{paper_.reference}" in said) is is_named


def test_a_receipt_and_a_paper_of_somebody_else_are_not_revoked(desk, session, certificate):
    other = factories.make_person(session)
    session.commit()
    assert revoke(desk, other.id, certificate.reference).status_code == 422
    certificate.kind = DocumentKind.REVIEW_RECEIPT
    session.commit()

    assert revoke(desk, certificate.person_id, certificate.reference).status_code == 422
    check_all(session)
    assert session.scalars(select(Document.revoked_at)).all() == [None]
