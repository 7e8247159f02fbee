"""An index leaves out the rows that have no value to be found by."""

from sqlalchemy import inspect, select, text

from siweb import schema
from siweb.collection.tables.bill import Bill, BillKind
from siweb.db.base import WITH_EMPTY
from siweb.registry.person_keys import is_of
from tests import factories
from tests.bills import make_levy_run
from tests.conftest import NOW


def test_no_index_counts_rows_without_a_value_as_rows_of_one_value():
    counting = [
        index.name
        for table in schema.metadata.sorted_tables
        for index in table.indexes
        if not index.unique
        and index.columns[0].nullable
        and index.dialect_options["sqlite"]["where"] is None
        and not index.info.get(WITH_EMPTY)
    ]

    assert counting == []


def test_the_database_leaves_out_what_the_tables_say_and_nothing_else(session):
    """An index that leaves nothing out but says so is not used for a column that has no NULL."""
    there, dialect = inspect(session.connection()), session.get_bind().dialect.name
    named = {
        index.name: index.dialect_options[dialect]["where"] is not None
        for table in schema.metadata.sorted_tables
        for index in table.indexes
    }

    found = {
        index["name"]: f"{dialect}_where" in index.get("dialect_options", {})
        for table in schema.metadata.sorted_tables
        for index in there.get_indexes(table.name)
        if index["name"] in named
    }

    assert found == {name: named[name] for name in found}
    assert len(found) > 100


def test_a_persons_bills_are_found_by_index_where_only_employers_have_some(session):
    """Statistics would tell of an index by person that all bills have one person: nobody."""
    # Of a single run PostgreSQL would step over the run in the key of both.
    runs = [make_levy_run(session, f"2026-0{month}") for month in range(1, 8)]
    session.add_all(
        Bill(
            kind=BillKind.ADJUSTMENT, levy_run_id=run.id, region_code=run.region_code,
            employer_id=factories.make_employer(session, region_code=run.region_code).id, due_on=NOW.date(), issued_at=NOW,
            contribution_month=run.contribution_month, through_month=run.contribution_month,
        )
        for run in runs
        for _bill in range(40)
    )  # fmt: skip
    session.flush()
    session.execute(text("ANALYZE"))
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    if not on_sqlite:  # so few rows lie on one page, which it reads anyway
        session.execute(text("SET LOCAL enable_seqscan = off"))
    asked = select(Bill.total_fen).where(is_of(Bill.person_id, 1))
    written = asked.compile(session.get_bind(), compile_kwargs={"literal_binds": True})

    plan = session.execute(text(f"EXPLAIN {'QUERY PLAN ' if on_sqlite else ''}{written}")).all()

    steps = " ".join(str(row) for row in plan)
    assert "ix_bill_person" in steps
    assert "SCAN bill" not in steps
    assert "Seq Scan on bill" not in steps
