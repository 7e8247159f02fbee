"""References that PostgreSQL proves by the statement refuse what a foreign key refuses."""

from datetime import date

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import IntegrityError, OperationalError

from siweb import schema
from siweb.db.base import BY_STATEMENT
from siweb.db.engine import make_sessions
from siweb.db.insert_many import insert_many
from siweb.registry.codes import Insurance, RetirementCategory, Scheme, Sex
from siweb.registry.search.search_key import SearchKind
from tests import factories
from tests.conftest import NOW
from tests.migrated import own_postgresql

TABLES = schema.metadata.tables
REFERENCES = [
    pytest.param(table.name, column.name, key.column, id=f"{table.name}.{column.name}")
    for table in schema.metadata.sorted_tables
    if BY_STATEMENT in table.info
    for column in table.columns
    for key in column.foreign_keys
]
DAY, MONTH, HERE, NOWHERE = date(2026, 2, 3), "2026-02", "110000", "654321"
EMPLOYER, PERSON, NOBODY = 900_009, 900_003, 987_654
# Everything that a row names is named by it alone.
ROWS = {
    "enrolment": {
        "region_code": HERE, "person_id": PERSON, "insurance": Insurance.PENSION,
        "insuring_employer_id": 0, "from_month": MONTH, "sequence": 0,
        "scheme": Scheme.EMPLOYEE, "employer_id": EMPLOYER,
    },
    "employment": {
        "person_id": PERSON, "employer_id": EMPLOYER, "hired_on": DAY, "form": "full_time",
        "registered_at": NOW,
    },
    "declared_base": {
        "person_id": PERSON, "declaring_employer_id": EMPLOYER, "from_month": MONTH, "base_number": 1,
        "region_code": HERE, "employer_id": EMPLOYER, "declared_base_fen": 9, "origin": "x",
        "declared_at": NOW,
    },
    "person": {
        "id": PERSON + 1, "name": "王芳", "sex": Sex.FEMALE, "born_on": DAY, "region_code": HERE,
        "retirement_category": RetirementCategory.FEMALE_55, "deemed_months": 0,
        "registered_at": NOW,
    },
    "person_identity": {
        "person_id": PERSON, "number": "1", "digest": "a" * 32, "end_digest": "b" * 16,
    },
    "search_key": {
        "region_code": HERE, "kind": SearchKind.PERSON, "key": "wf", "subject_id": PERSON,
    },
}  # fmt: skip
# What keeps a second row apart from the first, and its checks content.
SECOND = {
    "enrolment": {"insurance": Insurance.MEDICAL},
    "employment": {"ended_on": DAY},
    "declared_base": {"base_number": 2},
    "person": {"id": PERSON + 2},
    "person_identity": {"digest": "c" * 32},
    "search_key": {"key": "wangfang"},
}


@pytest.fixture
def register(session):
    put_register(session)


def put_register(session):
    """Put in a region, an employer and a person that nothing names."""
    factories.make_region(session, HERE)
    there = factories.make_employer(session, region_code="310000")
    values = {column.name: getattr(there, column.name) for column in TABLES["employer"].columns}
    values |= {"id": EMPLOYER, "uscc": "91110000MA1FL0009A"}
    session.execute(insert(TABLES["employer"]).values(values))
    session.execute(
        insert(TABLES["person"]).values(
            id=PERSON, name="王芳", sex=Sex.FEMALE, born_on=DAY, region_code="310000",
            retirement_category=RetirementCategory.FEMALE_55, deemed_months=0, registered_at=NOW,
        )
    )  # fmt: skip


def wrong(session, table, column):
    """Expect a failure; PostgreSQL says which reference."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    return pytest.raises(
        IntegrityError, match=f"fk_{table}_{column}" if is_postgresql else "FOREIGN KEY"
    )


def rogue(column):
    return NOWHERE if column == "region_code" else NOBODY


@pytest.mark.parametrize(("table", "column", "_key"), REFERENCES)
@pytest.mark.usefixtures("register")
def test_a_rogue_row_is_refused_whoever_writes_it(session, table, column, _key):
    row = ROWS[table]
    bad = row | SECOND[table] | {column: rogue(column)}
    if table == "declared_base" and column == "employer_id":
        bad["declaring_employer_id"] = NOBODY
    names = list(bad)

    with wrong(session, table, column), session.begin_nested():
        session.execute(insert(TABLES[table]), [SECOND[table] | row, bad])
    with wrong(session, table, column), session.begin_nested():
        rows = [[{**row, **values}.get(name) for name in names] for values in ({}, bad)]
        insert_many(session, TABLES[table], names, rows)


@pytest.mark.parametrize(("table", "column", "key"), REFERENCES)
@pytest.mark.usefixtures("register")
def test_what_is_named_stays_and_who_names_it_says_nothing_else(session, table, column, key):
    session.execute(insert(TABLES[table]).values(ROWS[table]))
    named = ROWS[table][column]
    changed = {column: rogue(column)}
    if table == "declared_base" and column == "employer_id":
        changed["declaring_employer_id"] = NOBODY

    with wrong(session, table, column), session.begin_nested():
        session.execute(update(TABLES[table]).values(changed))
    with wrong(session, table, column), session.begin_nested():
        session.execute(key.table.delete().where(key == named))
    with wrong(session, table, column), session.begin_nested():
        session.execute(update(key.table).where(key == named).values({key.name: rogue(column)}))
    # What is not named any more may go.
    session.execute(TABLES[table].delete())
    session.execute(key.table.delete().where(key == named))


@pytest.mark.usefixtures("register")
def test_nobody_in_particular_is_named_by_an_empty_reference(session):
    alone = {"employer_id": None, "scheme": Scheme.FLEXIBLE}
    session.execute(insert(TABLES["enrolment"]).values(ROWS["enrolment"] | alone))


def test_who_is_named_cannot_go_before_the_transaction_ends(postgresql_url):
    """Else one would name whom another takes away at the same moment."""
    with own_postgresql(postgresql_url, "set_references") as engine:
        with make_sessions(engine).begin() as session:
            put_register(session)
        with engine.begin() as names, engine.connect() as deletes:
            names.execute(insert(TABLES["employment"]).values(ROWS["employment"]))
            deletes.execute(text("SET LOCAL lock_timeout = '50ms'"))
            with pytest.raises(OperationalError, match="lock timeout"):
                deletes.execute(text("DELETE FROM person WHERE id = :id"), {"id": PERSON})
