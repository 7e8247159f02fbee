"""Thousands of values in one statement, and thousands of rows into one table."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import literal, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import aliased

from siweb.db.among import among, among_found, are_found, each
from siweb.db.insert_many import insert_many
from siweb.queue.job import Job
from siweb.registry.codes import RetirementCategory, Sex
from siweb.registry.tables.person import Person
from tests.factories import make_person

AT = datetime(2026, 11, 24, 2, 30, 0, 125, tzinfo=UTC)


def test_a_column_is_among_thousands_of_texts_and_numbers(session):
    one, other = make_person(session, name="甲"), make_person(session, name="乙")
    make_person(session, name="丙")
    session.flush()
    many = [f"nobody {number}" for number in range(50_000)]

    by_name = select(Person.name).where(among(Person.name, [*many, "甲", "乙"]))
    by_id = select(Person.name).where(among(Person.id, (one.id, other.id, 10**15)))
    assert set(session.scalars(by_name)) == {"甲", "乙"}
    assert set(session.scalars(by_id)) == {"甲", "乙"}
    others = select(Person.name).where(~among(Person.id, (one.id, other.id)))
    assert session.scalars(others).all() == ["丙"]
    assert session.scalars(select(Person.name).where(among(Person.name, []))).all() == []
    assert session.scalars(select(Person.name).where(among(Person.id, []))).all() == []


def test_sqlite_looks_for_each_of_them_by_the_index():
    asked = select(Person.name).where(among(Person.id, (1, 2)), ~among(Person.id, (3,)))

    assert "= 1" not in str(asked.compile(dialect=sqlite.dialect()))


def test_what_a_query_finds_leads_to_rows_and_leaves_others_out(session):
    one, other = make_person(session, name="甲"), make_person(session, name="乙")
    make_person(session, name="丙")
    session.flush()
    mine = aliased(Person)
    keys = select(mine.id).where(mine.name.in_(["甲", "乙"]))
    pairs = select(mine.id, mine.name).where(mine.name == "甲")
    crossed = select(literal(one.id), literal("乙"))

    assert set(session.scalars(select(Person.name).where(among_found(Person.id, keys)))) == {
        "甲", "乙",
    }  # fmt: skip
    others = select(Person.name).where(~among_found(Person.id, keys))
    assert session.scalars(others).all() == ["丙"]
    nobody = keys.where(mine.id == other.id + 10**9)
    assert session.scalars(select(Person.id).where(among_found(Person.id, nobody))).all() == []
    both = Person.id, Person.name
    assert session.scalars(select(Person.id).where(are_found(both, pairs))).all() == [one.id]
    assert session.scalars(select(Person.id).where(are_found(both, crossed))).all() == []


def test_values_with_every_kind_of_sign_stay_themselves(session):
    values = ['a"b', "a'b", "a,b", "{a}", "a\\b", "NULL", "", "王\U00020000"]
    assert set(session.scalars(select(each(values).c.value))) == set(values)


@pytest.mark.parametrize("name", ["王芳", 'O\'Neil\t"the\\N" ·', "\\N", "\U00020000\n"])
def test_rows_come_back_as_they_were_given(session, name):
    make_person(session, region_code="310000")
    names = ("name", "sex", "born_on", "region_code", "retirement_category")
    row = (name, Sex.MALE, date(1990, 3, 7), "310000")
    kept = (*row, RetirementCategory.MALE, None, 12, AT)
    insert_many(
        session, Person.__table__, (*names, "mobile", "deemed_months", "registered_at"), [kept]
    )

    person = session.scalars(select(Person).order_by(Person.id.desc())).first()
    assert tuple(getattr(person, field) for field in names) == kept[:5]
    assert (person.mobile, person.deemed_months, person.registered_at) == (None, 12, AT)


def test_json_and_empty_values_come_back_as_they_were_given(session):
    asked = {"text": 'a"b\\n\t王', "money": 2**53 + 1, "none": None, "list": [True, {}]}
    names = ("reference", "name", "arguments", "subject_kind", "subject_id", "state", "progress")
    names = (*names, "attempts", "queued_at", "run_after")
    rows = [(f"r{number}", "x", asked, "-", "-", "queued", {}, 0, AT, AT) for number in range(3)]
    insert_many(session, Job.__table__, names, rows)

    found = session.scalars(select(Job).where(Job.name == "x").order_by(Job.id)).all()
    assert [one.reference for one in found] == ["r0", "r1", "r2"]
    assert all(one.arguments == asked for one in found)
