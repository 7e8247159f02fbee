"""A backup made while a levy is half computed and a long list half applied, taken to PostgreSQL and
back: what was under way goes on there, and comes to the same books. A long check.
"""

import gc
from datetime import date

import pytest
import time_machine
from sqlalchemy import text

from siweb.cli.collection import levy
from siweb.db.engine import make_engine
from siweb.filings.confirmation import confirm
from tests.backup.test_there_and_back import OWN, empty_database, parts_of
from tests.migrated import own_sqlite
from tests.months.small_office import SmallOffice

DAY = date(2025, 3, 10)
SHORT, LONG = 60, 400
BOOKS = {
    "records": "SELECT count(*), sum(employer_fen), sum(employee_fen) FROM contribution_record",
    "bills": "SELECT count(*), sum(total_fen), sum(paid_fen) FROM bill WHERE issued_at IS NOT NULL",
    "register": "SELECT count(*), count(DISTINCT person_id), 0 FROM enrolment",
    "papers": "SELECT count(*), 0, 0 FROM document",
}


def books(office):
    engine = make_engine(office.settings.engine_url)
    with engine.connect() as connection:
        found = {
            name: tuple(int(value or 0) for value in connection.execute(text(asked)).one())
            for name, asked in BOOKS.items()
        }
    engine.dispose()
    return found


@pytest.fixture
def office(tmp_path):
    (tmp_path / "office").mkdir(mode=0o700)
    with time_machine.travel(DAY, tick=False) as travel, pytest.MonkeyPatch.context() as patch:
        own_sqlite(tmp_path / "office")
        made = SmallOffice(tmp_path / "office", tmp_path / "share", patch, travel)
        # The office goes on in three places: heads of one are none of another.
        patch.delenv("SIWEB_HEADS_FILE")
        made.open(DAY, employers=2, people=SHORT)
        made.at(DAY, 11)
        yield made
        made.close_pages()


def go_on(office):
    """Finish what was under way: the list by handing it in again, the levy by running it again."""
    office.open_pages()
    uscc, filing = office.handed_in[-1]
    office.file(uscc, filing)
    office.work()
    # Where it was, with all who were registered meanwhile, as in the office that was never lost.
    office.levy(DAY)
    assert office.run("check") == "The books balance.\n"


@pytest.mark.postgresql
# A command's process ends with its connections; here this one has them until they are collected.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_what_was_under_way_goes_on_on_the_other_kind_and_back(office, tmp_path, request):
    made = []
    compute, apply = levy.compute_batches, confirm.apply_rows

    def apply_and_back_up(session, filing, *given, **named):
        apply(session, filing, *given, **named)
        # The list is applied and not committed; the levy's first portion is.
        office.run("backup", "--no-verify", "--to", tmp_path / "half")
        made.extend((tmp_path / "half").iterdir())

    def compute_and_file(session, run, *, at):
        for place, batch in enumerate(compute(session, run, at=at, most=SHORT // 2)):
            yield batch
            if place == 0:
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr(confirm, "apply_rows", apply_and_back_up)
                    office.hire(office.employers[0], DAY, LONG)

    office.patch.setattr(levy, "compute_batches", compute_and_file)
    office.levy(DAY)
    office.patch.setattr(levy, "compute_batches", compute)
    office.work()
    assert office.run("check") == "The books balance.\n"
    (half,) = made
    finished = books(office)

    # To PostgreSQL, where both go on.
    office.close_pages()
    (tmp_path / "server").mkdir()
    office.patch.setenv("SIWEB_DATABASE_URL", empty_database(request))
    office.stand_in(tmp_path / "server")
    assert "The books balance." in office.run("restore", half)
    office.at(DAY, 12)
    office.run("backup", "--no-verify", "--to", tmp_path / "there")
    (there,) = (tmp_path / "there").iterdir()
    before, after = parts_of(half), parts_of(there)
    assert b"computing" in before["tables/levy_run.jsonl"]
    assert {name for name in before if before[name] != after[name]} <= OWN
    go_on(office)
    assert books(office) == finished

    # And back, once more in the middle: what PostgreSQL holds of the half is the half.
    office.close_pages()
    (tmp_path / "back").mkdir()
    office.patch.delenv("SIWEB_DATABASE_URL")
    office.stand_in(tmp_path / "back")
    assert "The books balance." in office.run("restore", there)
    go_on(office)
    assert books(office) == finished
    gc.collect()
