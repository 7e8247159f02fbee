"""What employers declared about somebody, and what they said to it: their own and nobody else's."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from siweb.audit.activity import Activity
from siweb.audit.actor import SYSTEM
from siweb.filings.declared import find
from siweb.filings.declared.find import answer_declaration, declared_about, declared_unanswered
from siweb.filings.drafts.keep import delete_draft, name_draft
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.declaration_answer import DeclarationAnswer
from siweb.filings.tables.filing import Filing, FilingState
from siweb.filings.tables.filing_row import FilingRow, RowState
from tests import factories
from tests.conftest import NOW

REGION = "310000"
A_DAY = timedelta(days=1)


@pytest.fixture
def engine(sqlite_engine):
    """Whose declaration it is, is the same on either database."""
    return sqlite_engine


@pytest.fixture
def person(session):
    return factories.make_person(session, region_code=REGION)


@pytest.fixture
def other(session):
    return factories.make_person(session, region_code=REGION)


@pytest.fixture
def filed(session, employer):
    """A filing with a row of each of these people."""

    def filed(*people, at=NOW, state=FilingState.CONFIRMED, rows=RowState.APPLIED):
        number = next(numbers)
        filing = Filing(
            reference=f"F{number}", employer_id=employer.id, kind=FilingKind.CHANGE, state=state,
            origin="form", opened_at=at, confirmed_at=at, read_at=at, content_hash=f"h{number}",
            totals={},
        )  # fmt: skip
        session.add(filing)
        session.flush()
        for position, person in enumerate(people, 1):
            session.add(
                FilingRow(
                    filing_id=filing.id, position=position, region_code=REGION,
                    person_id=person.id, findings=[], row_values={"name": f"{number}"},
                    row_key=f"k{number}-{position}", number_digest="d", state=rows,
                )
            )  # fmt: skip
        session.flush()
        return filing

    numbers = iter(range(1, 99))
    return filed


@pytest.fixture
def answer(session):
    def answer(person, filing, position=1, *, agrees=True, words="w"):
        return answer_declaration(
            session, person.id, filing.id, position, agrees=agrees, words=words, actor=SYSTEM,
            at=NOW,
        )  # fmt: skip

    return answer


def shown(session, person):
    return [
        (each.filing_id, each.position, each.agrees, each.words, each.is_withdrawn)
        for each in declared_about(session, person.id)
    ]


def unanswered(session, person):
    row = session.execute(declared_unanswered(person.id)).one()
    return row.number


def test_the_newest_comes_first_with_the_newest_answer(session, person, other, filed, answer):
    old = filed(other, person, at=NOW - A_DAY)
    new = filed(person, person)
    withdrawn = filed(person, at=NOW - 2 * A_DAY, rows=RowState.WITHDRAWN)
    filed(person, rows=RowState.REFUSED)
    filed(other)
    assert unanswered(session, person) == 3

    for words in ("first", "last"):
        assert answer(person, old, 2, agrees=words == "last", words=words)
    answer(other, old, 1, agrees=False, words="theirs")

    assert shown(session, person) == [
        (new.id, 2, None, None, False), (new.id, 1, None, None, False),
        (old.id, 2, True, "last", False), (withdrawn.id, 1, None, None, True),
    ]  # fmt: skip
    assert (unanswered(session, person), unanswered(session, other)) == (2, 1)


def test_one_answers_what_was_declared_about_oneself_and_holds(
    session, person, other, filed, answer
):
    filing, gone = filed(person, other), filed(person, rows=RowState.WITHDRAWN)

    assert [
        answer(person, filing, 2), answer(person, filing, 3), answer(person, gone),
        answer(other, filing, 1), answer(person, filing, 1),
    ] == [False, False, False, False, True]  # fmt: skip

    (kept,) = session.scalars(select(DeclarationAnswer))
    assert (kept.person_id, kept.position, kept.region_code) == (person.id, 1, REGION)
    (noted,) = session.scalars(select(Activity))
    assert noted.facts == {"agrees": True}


def test_so_many_are_shown(session, person, filed, monkeypatch):
    monkeypatch.setattr(find, "_SHOWN", 2)
    filings = [filed(person, at=NOW + number * A_DAY) for number in range(3)]
    assert [row[0] for row in shown(session, person)] == [filings[2].id, filings[1].id]


def test_a_draft_is_named_and_deleted_until_it_is_sent(session, person, filed):
    draft, beside = (filed(person, state=FilingState.DRAFT) for _each in range(2))
    sent = filed(person)
    doing = {"actor": SYSTEM, "at": NOW}

    assert (name_draft(session, draft, "年度"), draft.title) == (True, "年度")
    assert (name_draft(session, sent, "年度"), sent.title) == (False, "")
    assert not delete_draft(session, sent, **doing)
    assert delete_draft(session, draft, **doing)
    assert (draft.deleted_at, draft.content_hash, draft.totals) == (NOW, None, None)
    # Twice is once, and neither rows nor drafts beside it go.
    assert delete_draft(session, draft, actor=SYSTEM, at=NOW + A_DAY)
    assert draft.deleted_at == NOW
    left = session.scalars(select(FilingRow.filing_id).order_by(FilingRow.filing_id))
    assert list(left) == [beside.id, sent.id]
    assert session.scalars(select(Activity.action)).all() == ["filing.deleted"]
