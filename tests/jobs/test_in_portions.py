"""On SQLite, which has one writer, every job lets others write again and again."""

from functools import partial

import pytest
import time_machine
from sqlalchemy import text

from siweb.collection.levy import run as levy
from siweb.db import claim
from siweb.db.engine import LOCK_MILLISECONDS, make_engine
from siweb.filings.drafts import import_sheet
from siweb.jobs import import_statement
from siweb.jobs.functions import JOB_FUNCTIONS
from siweb.messages import deliver
from siweb.queue import portions as sizes
from tests.conftest import NOW
from tests.migrated import own_sqlite
from tests.pages.deeds_at_scale import Deeds
from tests.pages.grown_office import REGION, Grown

PEOPLE = 6


class Office(Grown):
    """An office that does nothing by itself: its deeds are done one by one."""

    def _do_deeds(self, _folder, _owner):
        return {}


@pytest.fixture(scope="module")
def pauses(tmp_path_factory):
    """By job how often others could write while it worked; a portion is one or two of all rows."""
    folder = tmp_path_factory.mktemp("portions")
    url, counted = own_sqlite(folder), []
    others = make_engine(url).execution_options(**{LOCK_MILLISECONDS: 0})

    def write(_database):
        # Refused at once where the job has a transaction open.
        with others.begin() as connection:
            connection.execute(text("UPDATE person SET mobile = mobile"))
        counted.append(1)

    with pytest.MonkeyPatch.context() as patch, time_machine.travel(NOW, tick=True):
        office = Office(folder, url, PEOPLE, with_statistics=False)
        patch.setattr(claim, "let_waiting_write", write)
        patch.setattr(sizes, "ROWS_A_PORTION", (1, 2))
        patch.setattr(levy, "_PEOPLE_BESIDE_WRITERS", 2)
        patch.setattr(import_sheet, "PORTION", 2)
        patch.setattr(deliver, "SETTLED_AT_A_TIME", 2)
        small = partial(import_statement.pieces, size=2)
        patch.setattr(import_statement, "pieces", small)
        deeds = Deeds(office.database.writers, REGION, office.employer_id, office.actor)
        found = {}
        for name, deed in deeds.by_name().items():
            before = len(counted)
            deed(folder, PEOPLE)
            found[name] = len(counted) - before
    office.database.engine.dispose()
    others.dispose()
    return found


@pytest.mark.parametrize("name", sorted(JOB_FUNCTIONS))
def test_others_write_while_a_job_works(pauses, name):
    # A job that is one short transaction whatever there is would say here by what it is bounded.
    assert pauses[name] >= PEOPLE // 2
