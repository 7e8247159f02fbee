"""How far the yearly bases of an employer are, by its own people, months and answers alone."""

from datetime import timedelta

import pytest

from siweb.filings.declared import base_progress
from siweb.filings.declared.base_progress import (
    BaseState,
    PaymentMonths,
    count_bases,
    list_bases,
    unanswered_bases,
)
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.declaration_answer import DeclarationAnswer
from siweb.filings.tables.filing import Filing, FilingState
from siweb.filings.tables.filing_row import FilingRow, RowState
from siweb.registry.codes import Insurance
from siweb.registry.tables.declared_base import DeclaredBase
from tests import factories
from tests.conftest import NOW

REGION = "310000"
YEAR = PaymentMonths(REGION, "2026-07", "2027-06")
NOTHING = dict.fromkeys(BaseState, 0)


@pytest.fixture
def engine(sqlite_engine):
    """Who counts is the same on either database."""
    return sqlite_engine


@pytest.fixture
def other(session):
    return factories.make_employer(session, region_code=REGION)


@pytest.fixture
def insured(session, employer):
    """Somebody insured at the employer since long before the year."""

    def insured(name="甲", at=employer, **values):
        person = factories.make_person(session, name=name, region_code=REGION)
        factories.make_enrolment(session, person, employer=at, **values)
        return person

    return insured


@pytest.fixture
def declared(session, employer):
    """Declare a base for somebody; return the row."""

    def declared(person, of=employer, kind=FilingKind.BASE, month="2026-07", **values):
        number = next(numbers)
        filing = Filing(
            reference=f"F{number}", employer_id=of.id, kind=kind, state=FilingState.CONFIRMED,
            origin="form", opened_at=NOW,
        )  # fmt: skip
        session.add(filing)
        session.flush()
        given = {"region_code": REGION, "state": RowState.APPLIED, "number_digest": "d"}
        row = FilingRow(
            filing_id=filing.id, position=1, person_id=person.id, findings=[],
            row_values={"start_month": month}, row_key=f"k{number}", **(given | values),
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row

    numbers = iter(range(1, 99))
    return declared


@pytest.fixture
def answer(session):
    def answer(row, *, agrees, words=""):
        session.add(
            DeclarationAnswer(
                filing_id=row.filing_id, position=row.position, region_code=row.region_code,
                person_id=row.person_id, agrees=agrees, words=words, answered_at=NOW,
            )
        )  # fmt: skip
        session.flush()

    return answer


def counted(session, employer):
    return {state: n for state, n in count_bases(session, employer.id, YEAR).items() if n}


def unanswered(session):
    return sorted(session.scalars(unanswered_bases(YEAR)))


def test_each_stands_where_the_newest_answer_puts_them(
    session, employer, insured, declared, answer
):
    people = {name: insured(name) for name in "甲乙丙丁戊"}
    rows = {name: declared(people[name]) for name in "甲乙丙丁"}
    answer(rows["甲"], agrees=True)
    answer(rows["甲"], agrees=False, words="少了")
    answer(rows["乙"], agrees=False)
    answer(rows["乙"], agrees=True)

    assert list(count_bases(session, employer.id, YEAR)) == list(BaseState)
    assert counted(session, employer) == {
        BaseState.OBJECTED: 1, BaseState.UNDECLARED: 1, BaseState.SILENT: 2,
        BaseState.CONFIRMED: 1,
    }  # fmt: skip
    lines, has_more = list_bases(session, employer.id, YEAR)
    assert [(each.name, each.state, each.words) for each in lines] == [
        ("甲", BaseState.OBJECTED, "少了"), ("戊", BaseState.UNDECLARED, None),
        *(((name, BaseState.SILENT, None)) for name in sorted("丙丁")),
        ("乙", BaseState.CONFIRMED, ""),
    ]  # fmt: skip
    assert (has_more, lines[0].filing, lines[1].filing) == (False, "F1", None)
    assert unanswered(session) == sorted(people[name].id for name in "丙丁")


@pytest.mark.parametrize(
    ("values", "counts"),
    [
        ({}, True),
        ({"from_month": "2026-06"}, True),
        # Whoever came in the first month was declared with the hire.
        ({"from_month": "2026-07"}, False),
        ({"to_month": "2027-01"}, False),
        ({"region_code": "110000"}, False),
        ({"at": "another"}, False),
    ],
    ids=str,
)
def test_those_have_a_yearly_base_who_were_there_before(
    session, employer, other, insured, values, counts
):
    factories.make_region(session, "110000")
    person = insured(**({**values, "at": other} if "at" in values else values))
    # In several insurances somebody is one.
    if counts:
        more = {name: value for name, value in values.items() if name != "at"}
        factories.make_enrolment(session, person, Insurance.MEDICAL, employer=employer, **more)

    assert counted(session, employer) == ({BaseState.UNDECLARED: 1} if counts else {})


@pytest.mark.parametrize(
    ("values", "counts"),
    [
        ({}, True),
        ({"month": "2027-06"}, True),
        ({"month": "2027-07"}, False),
        ({"month": "2026-06"}, False),
        ({"kind": FilingKind.CHANGE}, False),
        ({"state": RowState.REFUSED}, False),
        ({"region_code": "110000"}, False),
    ],
    ids=str,
)
def test_what_is_a_yearly_base_of_these_months(
    session, employer, insured, declared, values, counts
):
    factories.make_region(session, "110000")
    person = insured()
    declared(person, **values)

    state = BaseState.SILENT if counts else BaseState.UNDECLARED
    assert counted(session, employer) == {state: 1}
    assert unanswered(session) == ([person.id] if counts else [])


def test_what_another_employer_declares_is_not_this_ones(
    session, employer, other, insured, declared
):
    person = insured()
    declared(person, of=other)
    declared(person, of=other)

    assert counted(session, employer) == {BaseState.UNDECLARED: 1}
    # Whoever is asked is asked once.
    assert unanswered(session) == [person.id]


@pytest.mark.parametrize(
    ("values", "is_brought"),
    [
        ({}, True),
        ({"from_month": "2027-06"}, True),
        ({"from_month": "2026-06"}, False),
        ({"from_month": "2027-07"}, False),
        ({"origin": "filing_hire"}, False),
        ({"withdrawn_at": NOW}, False),
        ({"of": "another"}, False),
        ({"whose": "another"}, False),
    ],
    ids=str,
)
def test_what_an_old_system_brought_in_is_declared(
    session, employer, other, insured, values, is_brought
):
    person, stranger = insured(), factories.make_person(session)
    of = other if values.pop("of", None) else employer
    whose = stranger if values.pop("whose", None) else person
    given = {"from_month": "2026-07", "origin": "brought", "withdrawn_at": None} | values
    session.add(
        DeclaredBase(
            person_id=whose.id, employer_id=of.id, region_code=REGION, declared_base_fen=1,
            declared_at=NOW - timedelta(days=9), **given,
        )
    )  # fmt: skip
    session.flush()

    state = BaseState.SILENT if is_brought else BaseState.UNDECLARED
    assert counted(session, employer) == {state: 1}


def test_a_page_follows_a_full_one(session, employer, insured, monkeypatch):
    monkeypatch.setattr(base_progress, "PAGE", 2)
    people = [insured(name) for name in ("丙", "甲", "乙", "乙")]

    pages = [list_bases(session, employer.id, YEAR, page=number) for number in (1, 2, 3)]

    order = sorted(people, key=lambda person: (person.name, person.id))
    assert [each.person_id for page, _more in pages for each in page] == [p.id for p in order]
    assert [(len(page), more) for page, more in pages] == [(2, True), (2, False), (0, False)]
