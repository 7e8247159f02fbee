"""On SQLite a levy asks for its references once a batch: a rogue row refuses the batch, by name."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from siweb.audit.actor import SYSTEM
from siweb.collection.levy.batch.references import ReferenceMissing
from siweb.collection.levy.run import compute_batches
from siweb.collection.levy.start import open_levy
from siweb.collection.tables.levy_sum import LevySum
from siweb.db.engine import make_engine, make_sessions
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.registry.packs.in_force import packs_in_force
from tests.conftest import NOW
from tests.levies import BEIJING, MONTH, finish
from tests.migrated import lay_schema

ROGUES = {
    "person": ("DELETE FROM person",),
    "employer": ("DELETE FROM employer",),
    "region": (
        "UPDATE levy_run SET region_code = 0",
        "UPDATE enrolment SET region_code = 0",
    ),
}


@pytest.fixture
def office(tmp_path):
    """A database of its own, whose transactions are real ones."""
    engine = make_engine(f"sqlite:///{tmp_path / 'siweb.sqlite3'}")
    lay_schema(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def sessions(office):
    return make_sessions(office)


@pytest.fixture
def run(session, hire_at, insure):
    insure(1_000_000, hire_at())
    packs = packs_in_force(session)
    asked = {"actor": SYSTEM, "on": NOW.date(), "at": NOW, "may_be_provisional": True}
    run = open_levy(session, BEIJING, MONTH, packs=packs, **asked)
    session.commit()
    return run


def without_references(office, statements):
    """Run statements as somebody who holds the file can."""
    with office.connect() as connection:
        driver = connection.connection.dbapi_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        for statement in statements:
            driver.execute(statement)
        driver.execute("PRAGMA foreign_keys=ON")


@pytest.mark.parametrize("missing", ROGUES)
def test_a_batch_with_a_rogue_row_is_refused_and_leaves_nothing(session, office, run, missing):
    without_references(office, ROGUES[missing])
    session.refresh(run)
    session.commit()

    with pytest.raises(ReferenceMissing, match=missing):
        list(compute_batches(session, run, at=NOW))
    session.rollback()

    for table in (ContributionRecord, LevySum):
        assert session.scalar(select(func.count()).select_from(table)) == 0


def test_after_a_levy_every_reference_is_looked_up_again(session, office, run):
    finish(session, run)

    with pytest.raises(IntegrityError):
        session.execute(text("UPDATE contribution_record SET person_id = 999"))
