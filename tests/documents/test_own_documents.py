"""My papers: the newest first, of each only its newest version, and nobody else's."""

from datetime import timedelta

from siweb.documents.tables.document import Document, DocumentKind
from tests import factories
from tests.conftest import NOW
from tests.sign_in import sign_in


def make_paper(session, person, number, **values):
    given = {
        "reference": f"PAPER{number:05}",
        "kind": DocumentKind.RIGHTS_RECORD,
        "subject_kind": "year",
        "subject_id": str(number),
        "person_id": person.id,
        "region_code": person.region_code,
        "payload": {},
        "content_hash": "",
        "code_hash": str(number),
        "issued_at": NOW - timedelta(days=number),
    }
    paper = Document(**(given | values))
    session.add(paper)
    session.flush()
    return paper


def test_papers_are_listed_by_pages(client, session):
    person = factories.make_person(session)
    other = factories.make_person(session)
    papers = [make_paper(session, person, number) for number in range(26)]
    make_paper(session, other, 90)
    make_paper(
        session, person, 91, subject_id="0", version=2, supersedes_id=papers[0].id, issued_at=NOW
    )
    sign_in(client, session, person)

    first, second = (client.get(f"/documents?page={page}").text for page in (1, 2))

    assert first.index("PAPER00091") < first.index("PAPER00001")
    assert "PAPER00000" not in first + second
    assert "PAPER00090" not in first + second
    assert "PAPER00025" in second
    assert "PAPER00025" not in first


def test_without_papers_it_says_how_they_come(client, session):
    sign_in(client, session, factories.make_person(session))
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"

    assert "There are no papers yet." in client.get("/documents").text
