from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from siweb.audit.activity import Activity
from siweb.audit.actor import Actor
from siweb.documents.issue import issue_document
from siweb.documents.payload import receipt_payload
from siweb.documents.tables.document import Document, DocumentKind
from siweb.documents.verification_code import code_hash
from tests import factories

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
WORDS = {"zh_Hans": "通过", "en": "Passed"}


@pytest.fixture
def person(session):
    return factories.make_person(session)


def issue(session, person, subject=("review", 1), **values):
    payload = receipt_payload(
        name=person.name, id_number=person.id_number, matter=WORDS, outcome=WORDS,
        outcome_code="passed", decided_on=date(2026, 11, 24),
    )  # fmt: skip
    return issue_document(
        session, kind=DocumentKind.REVIEW_RECEIPT, subject=subject, person_id=person.id,
        region_code=person.region_code, payload=payload, secret="key", at=AT,
        actor=Actor(1, person.id), **values,
    )  # fmt: skip


def test_issuing_twice_about_one_subject_makes_one_document(session, person):
    first, second = issue(session, person), issue(session, person)

    assert first == second
    assert session.scalar(select(func.count()).select_from(Document)) == 1


def test_the_table_never_holds_the_code_or_the_id_number(session, person):
    issued = issue(session, person)

    row = session.get(Document, issued.document_id)
    said = repr([getattr(row, column.key) for column in Document.__table__.columns])

    assert issued.code not in said
    assert person.id_number not in said
    assert row.code_hash == code_hash(issued.code)


def test_codes_are_long_and_different(session, person):
    codes = {issue(session, person, subject=("review", number)).code for number in range(30)}

    assert len(codes) == 30
    assert {len(code) for code in codes} == {20}


def test_a_code_is_found_however_it_is_typed(session, person):
    code = issue(session, person).code
    typed = f" {code[:5].lower()}-{code[5:10]} {code[10:15]}－{code[15:]} "
    full_width = "".join(chr(ord(char) + 0xFEE0) for char in code)

    assert code_hash(typed) == code_hash(full_width) == code_hash(code)


def test_a_new_version_revokes_the_one_it_supersedes(session, person):
    first = session.get(Document, issue(session, person).document_id)
    second = session.get(Document, issue(session, person, supersedes=first).document_id)

    assert first.revoked_at == AT
    assert (second.version, second.supersedes_id) == (2, first.id)
    assert second.revoked_at is None
    assert not second.is_expired(date(2030, 1, 1))


def test_a_document_runs_out_after_its_last_day(session, person):
    row = session.get(Document, issue(session, person, valid_days=90).document_id)

    assert not row.is_expired(date(2027, 2, 22))
    assert row.is_expired(date(2027, 2, 23))


def test_issuing_is_noted_once(session, person):
    issue(session, person)
    issue(session, person)

    noted = session.scalars(select(Activity).where(Activity.deed == "document.issued")).all()

    assert [row.person_id for row in noted] == [person.id]
