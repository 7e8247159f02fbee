"""With ten times the people no page and no deed takes much more than ten times the work.

The database counts its own work: unlike seconds it is the same on a busy machine. It is counted
with the statistics that the office collects, and without any, on SQLite and on PostgreSQL. `make
plans` asks the same at 5,000 and 100,000 people.
"""

import os
from contextlib import contextmanager

import pytest
import time_machine

from siweb.jobs.functions import JOB_FUNCTIONS
from tests.conftest import NOW
from tests.migrated import copies_of_postgresql, own_sqlite
from tests.pages.grown_office import Grown
from tests.suite.long_checks import ASKED

# From 500 rows on a job looks at its tables before it begins.
GROWN = os.environ.get("SIWEB_GROWN", "")
FEW, MANY = map(int, (GROWN or "60,600").split(","))
# An office of SQLite begins without statistics, PostgreSQL collects them by itself; the long checks
# (make test-long, make plans) ask for all four.
OFFICES = (("sqlite", False), ("postgresql", True))
if ASKED:
    OFFICES = (*OFFICES, ("sqlite", True), ("postgresql", False))
# So many more people may cost this many times the work: sorting has a logarithm.
MOST = 1.3 * MANY / FEW
# What a page or a deed takes whoever is registered.
FIXED = 2_000


KINDS = [
    pytest.param(
        (kind, knows),
        marks=[pytest.mark.postgresql] if kind == "postgresql" else [],
        id=f"{kind}-{'statistics' if knows else 'none'}",
    )
    for kind, knows in OFFICES
]


@contextmanager
def places(request, kind, folders):
    """Give an empty database to each folder, by its address."""
    if kind == "sqlite":
        yield [own_sqlite(folder) for folder in folders]
        return
    server = request.getfixturevalue("postgresql_url")
    with copies_of_postgresql(server, ("few", "many")) as urls:
        yield urls


@pytest.fixture(scope="module", params=KINDS)
def offices(request, tmp_path_factory):
    kind, knows = request.param
    folders = [tmp_path_factory.mktemp("office") for _office in (FEW, MANY)]
    with places(request, kind, folders) as urls:
        with time_machine.travel(NOW, tick=False):
            made = [
                Grown(folder, url, people, with_statistics=knows)
                for people, folder, url in zip((FEW, MANY), folders, urls, strict=True)
            ]
        yield made
        for office in made:
            office.database.engine.dispose()


def grows_faster(before, after):
    return after > FIXED + MOST * before


@pytest.mark.parametrize("who", ["owner", "desk"])
def test_no_page_grows_faster_than_its_people(offices, who):
    few, many = offices
    grown = {}
    asked = 0
    with time_machine.travel(NOW, tick=False):
        there = many.addresses()
        for rule, address in few.addresses().items():
            before = few.work_of(getattr(few, who), address)
            if before is None:
                continue
            asked += 1
            after = many.work_of(getattr(many, who), there[rule])
            assert after is not None, rule
            if grows_faster(before, after):
                grown[rule] = (before, after)

    assert not grown
    assert asked > 20


@pytest.mark.parametrize("typed", ["王", "wang", "1234"])
def test_no_search_grows_with_the_people_there_are(offices, typed):
    with time_machine.travel(NOW, tick=False):
        before, after = (each.work_of(each.desk, f"/desk/search?q={typed}") for each in offices)

    # Twenty are shown of sixty as of six hundred.
    assert after < FIXED + 1.3 * before


def test_no_deed_grows_faster_than_its_people(offices):
    few, many = offices
    pairs = {name: (work, many.deeds[name]) for name, work in few.deeds.items()}

    assert {name: pair for name, pair in pairs.items() if grows_faster(*pair)} == {}


def test_every_job_is_counted(offices):
    assert set(JOB_FUNCTIONS) <= set(offices[0].deeds)
