"""A packed PDF says what the typesetter's said, in less room; what is not understood stays."""

from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter

from siweb.documents.typesetting import paper as typesetting
from siweb.documents.typesetting.packed_pdf import packed
from siweb.documents.typesetting.paper import render_paper
from tests.documents.proof.signing import proof_for

MONTHS = [[{"month": f"2025-{month:02}"}, *["已缴"] * 5] for month in range(1, 13)] * 4


@pytest.fixture
def both(app, issue_statement, paper_of, monkeypatch):
    """A paper of four years, as the typesetter made it and as it is given out."""
    document = paper_of(issue_statement())
    columns = [{"zh_Hans": f"险种{number}", "en": f"Insurance {number}"} for number in range(6)]
    table = {"title": columns[0], "columns": columns, "rows": MONTHS, "numbers": []}
    document.payload = {**document.payload, "tables": [table]}

    def made():
        proof = proof_for(document)
        return render_paper(document, "zh_Hans", "https://a.cn", "ABCDEFGHJKMNPQRSTVWX", proof)

    with app.app_context():
        given = made()
        monkeypatch.setattr(typesetting, "packed", lambda pdf: pdf)
        return made(), given


def test_it_is_the_same_document_in_much_less_room(both):
    plain, given = both
    before, after = (PdfReader(BytesIO(content), strict=True) for content in both)

    assert len(given) < 60 * 1024 < len(plain)
    assert len(plain) - len(given) > 40 * 1024
    assert dict(after.attachments) == dict(before.attachments)
    assert after.trailer["/ID"] == before.trailer["/ID"]
    assert after.metadata == before.metadata
    assert repr(_without_numbers(after)) == repr(_without_numbers(before))
    for old, new in zip(before.pages, after.pages, strict=True):
        assert new.get_contents().get_data() == old.get_contents().get_data()


def _without_numbers(reader):
    """The structure that a screen reader follows, each element by its kind."""

    def walk(element):
        kids = element.get("/K", [])
        kids = kids if isinstance(kids, list) else [kids]
        kids = [kid.get_object() for kid in kids]
        return element.get("/S"), [walk(kid) for kid in kids if hasattr(kid, "get")]

    return walk(reader.trailer["/Root"]["/StructTreeRoot"])


def test_what_is_not_understood_stays_as_it_is(both):
    plain, given = both
    later = BytesIO()
    writer = PdfWriter(BytesIO(plain), incremental=True)
    writer.add_blank_page(100, 100)
    writer.write(later)
    at = plain.rindex(b"startxref")

    for content in (b"", b"%PDF-1.7", given, later.getvalue(), plain[:at], plain + b"rest"):
        assert packed(content) == content
    with_a_wrong_place = plain.replace(b"\n1 0 obj", b"\n1 0 obx")
    assert packed(with_a_wrong_place) == with_a_wrong_place
