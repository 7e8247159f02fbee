"""Statements that are made into text once find what SQLAlchemy finds, on both databases."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import bindparam, event, func, select
from sqlalchemy.exc import OperationalError, ProgrammingError

from siweb.db.prepared import Prepared, PreparedRows
from siweb.registry.codes import Sex
from siweb.registry.tables.person import Person
from siweb.registry.tables.region import Region
from tests.factories import make_person

_person = Person.__table__.c
# With a value of its own that a type makes another one of, a list of its own, and one name twice.
STATEMENT = (
    select(_person.name, _person.born_on, _person.registered_at, _person.region_code, _person.sex)
    .where(
        _person.born_on > bindparam("born_on"),
        _person.region_code == bindparam("region"),
        _person.region_code.in_(["310000", "330100"]),
        func.coalesce(_person.died_on, bindparam("born_on")) == bindparam("born_on"),
        _person.sex == Sex.FEMALE,
    )
    .order_by(_person.name)
    .limit(5)
)
BORN = date(1980, 1, 1)


@pytest.fixture
def people(session):
    for name, region in (("乙", "310000"), ("甲", "310000"), ("丙", "330100")):
        make_person(
            session, name=name, region_code=region, sex=Sex.FEMALE, born_on=date(1990, 3, 7)
        )
    session.flush()


def test_rows_are_those_that_sqlalchemy_finds(session, people):
    connection, prepared = session.connection(), Prepared(STATEMENT)

    for region in ("310000", "330100", "440000"):
        asked = {"born_on": BORN, "region": region}
        found = prepared.all(connection, asked)
        assert [tuple(row) for row in found] == [*map(tuple, session.execute(STATEMENT, asked))]
        assert prepared.first(connection, asked) == (found[0] if found else None)
    name, _born, registered, _region, sex = prepared.all(
        connection, {"born_on": BORN, "region": "330100"}
    )[0]
    assert (name, sex, registered.tzinfo) == ("丙", Sex.FEMALE, UTC)
    assert isinstance(registered, datetime)


def test_it_is_counted_as_any_other_statement(session, people):
    connection, seen = session.connection(), []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    Prepared(STATEMENT).all(connection, {"born_on": BORN, "region": "310000"})
    event.remove(connection, "before_cursor_execute", note)

    assert len(seen) == 1
    assert "FROM person" in seen[0]


def test_it_fails_as_any_other_statement(session, engine):
    prepared = Prepared(select(func.no_such_function(bindparam("number"))))
    with engine.connect() as connection, pytest.raises((OperationalError, ProgrammingError)):
        prepared.all(connection, {"number": 1})


def test_a_reader_that_has_not_begun_begins(engine):
    with engine.connect() as connection:
        assert not connection.in_transaction()
        Prepared(select(_person.id).where(_person.id == bindparam("id"))).all(connection, {"id": 0})
        assert connection.in_transaction()


def test_whole_rows_have_all_that_is_in_them_and_no_session(session, people):
    """Of a table that nothing is joined of there is no object."""
    prepared = PreparedRows(
        (Person, Region),
        lambda found: (
            found.select_from(Person)
            .outerjoin(Region, (Region.code == Person.region_code) & (Person.name != "丙"))
            .where(Person.name == bindparam("name"))
        ),
    )
    kept = session.scalars(select(Person).where(Person.name == "丙")).one()
    session.flush()

    person, region = prepared.first(session.connection(), {"name": "丙"})

    names = Person.__table__.c.keys()
    assert [getattr(person, name) for name in names] == [getattr(kept, name) for name in names]
    assert (region, person in session) == (None, False)
    assert prepared.first(session.connection(), {"name": "丁"}) is None
