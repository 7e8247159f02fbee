"""Closed words as numbers: never another word, refused when unknown, in clear for people."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, StatementError

from siweb import schema
from siweb.db.codes import CODES, Code, CodeName, name_codes
from siweb.db.types import Month
from siweb.ledgers.tables.contribution_record import ContributionRecord, RecordKind
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.region import Region
from tests.factories import REGION, make_person

AT = datetime(2026, 2, 3, tzinfo=UTC)
# As they stand in databases: add to the end, change nothing.
FROZEN = {
    "insurance": ["pension", "medical", "unemployment", "work_injury", "maternity"],
    "scheme": ["employee", "flexible", "resident"],
    "record_kind": ["regular", "back_payment", "adjustment", "reversal"],
    "entry_kind": [
        "opening", "credit", "interest", "provisional_interest", "transfer_in", "transfer_out",
        "inheritance", "reversal",
    ],
    "fund_entry_kind": ["premium", "late_fee"],
    "allocation_kind": ["premium", "late_fee"],
    "row_state": ["good", "refused", "applied", "withdrawn"],
    "rounding": ["half_up_fen", "half_up_jiao", "up_jiao", "half_up_yuan"],
    "scope": ["person", "employer_total"],
}  # fmt: skip


def test_no_number_was_ever_given_to_another_word():
    assert {
        name: {word: number for number, word in enumerate(words, 1)}
        for name, words in FROZEN.items()
    } == CODES


def test_every_database_says_what_its_numbers_mean(session):
    named = {(row.list, row.word): row.code for row in session.scalars(select(CodeName))}

    assert named == {
        (name, word): number for name, words in CODES.items() for word, number in words.items()
    }


def test_what_numbers_mean_is_written_down_anew(session):
    session.execute(text("UPDATE code_name SET word = 'dental' WHERE list = 'insurance'"))
    session.execute(text("DELETE FROM code_name WHERE list = 'scheme'"))

    name_codes(session.connection())

    test_every_database_says_what_its_numbers_mean(session)


def test_a_word_stands_as_the_same_number_in_every_table():
    """Else a join would need a conversion."""
    lists = {}
    for table in schema.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Code):
                lists.setdefault(column.type.words, set()).add(column.type.list_name)

    assert all(len(names) == 1 for names in lists.values())
    assert {name for names in lists.values() for name in names} == set(CODES)


def test_only_the_words_of_the_list_are_taken():
    with pytest.raises(TypeError, match="scheme has other words than Insurance"):
        Code(Insurance, "scheme")


@pytest.fixture
def enrolled(session):
    person = make_person(session)
    enrolment = Enrolment(
        person_id=person.id,
        region_code=person.region_code,
        insurance=Insurance.WORK_INJURY,
        scheme=Scheme.FLEXIBLE,
        from_month="2026-01",
    )
    session.add(enrolment)
    session.flush()
    session.expire(enrolment)
    return enrolment


def test_python_knows_words_months_and_regions_alone(session, enrolled):
    assert enrolled.insurance is Insurance.WORK_INJURY
    assert (enrolled.from_month, enrolled.to_month) == ("2026-01", None)
    assert enrolled.region_code == REGION
    kept = session.execute(
        text("SELECT insurance, scheme, from_month, region_code FROM enrolment")
    ).one()
    assert tuple(kept) == (4, 2, 202601, int(REGION))


def test_a_word_is_found_as_text_or_as_a_member(session, enrolled):
    for word in ("work_injury", Insurance.WORK_INJURY):
        found = select(Enrolment).where(Enrolment.insurance == word)
        assert session.scalars(found).one() is enrolled


def test_an_unknown_word_is_refused_before_the_database(session):
    with pytest.raises(StatementError, match="dental"):
        session.scalars(select(Enrolment).where(Enrolment.insurance == "dental"))


@pytest.mark.parametrize("number", [0, 6])
def test_an_unknown_number_is_refused_by_the_database(session, enrolled, number):
    change = text("UPDATE enrolment SET insurance = :number")

    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(change, {"number": number})


@pytest.mark.parametrize("month", [202600, 202613, 26011])
def test_a_record_has_a_month_of_a_calendar(session, enrolled, month):
    session.add(record_of(enrolled))
    session.flush()
    change = text("UPDATE contribution_record SET contribution_month = :month")

    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(change, {"month": month})


@pytest.mark.parametrize("typed", ["", "31000", "3100000", "３１００００", "31000a", "-31000"])
def test_what_is_no_region_finds_none(session, typed):
    assert session.get(Region, typed) is None


def record_of(enrolment):
    return ContributionRecord(
        person_id=enrolment.person_id,
        region_code=enrolment.region_code,
        insurance=enrolment.insurance,
        scheme=enrolment.scheme,
        contribution_month="2026-01",
        kind=RecordKind.BACK_PAYMENT,
        declared_base_fen=1,
        base_fen=1,
        employer_fen=0,
        employee_fen=1,
        account_fen=0,
        recorded_at=AT,
    )


def test_people_who_read_with_sql_read_words(session, enrolled):
    session.add(record_of(enrolled))
    session.flush()

    row = session.execute(
        text(
            "SELECT insurance, scheme, kind, contribution_month, region_code, employee_fen"
            " FROM v_contribution_record"
        )
    ).one()

    assert tuple(row) == ("work_injury", "flexible", "back_payment", "2026-01", REGION, 1)


@pytest.mark.parametrize(
    "table",
    [
        table
        for table in schema.metadata.sorted_tables
        if any(isinstance(column.type, Code | Month) for column in table.columns)
    ],
    ids=str,
)
def test_every_table_with_codes_can_be_read_in_clear(session, table):
    rows = session.execute(text(f"SELECT * FROM v_{table.name}"))

    assert list(rows.keys()) == [column.name for column in table.columns]
