"""siweb assessments finds what nobody declared and settles what was filed after all."""

import pytest
from sqlalchemy.orm import Session

from siweb.db.engine import make_engine
from siweb.settings import Settings
from tests.collection.make_cases import make_staff
from tests.migrated import lay_schema


@pytest.fixture
def office(tmp_path, monkeypatch):
    monkeypatch.setenv("SIWEB_VAR_DIR", str(tmp_path))
    engine = make_engine(Settings(var_dir=tmp_path).engine_url)
    lay_schema(engine)
    with Session(engine) as session:
        make_staff(session)
        session.commit()
    yield engine
    engine.dispose()


def test_a_daily_run_finds_each_case_once(run, office):
    words = ("assessments", "find", "--region", "330100", "--month", "2026-07")

    first = run(*words, "--on", "2026-08-20")

    assert first.stdout == "1 case, 0 without a last month, 0 bases raised.\n"
    assert run(*words, "--on", "2026-08-21").stdout.startswith("0 cases")


def test_settling_says_how_many(run, office):
    done = run("assessments", "settle", "--region", "330100", "--on", "2026-08-20")

    assert done.stdout == "0 overtaken, 0 settled.\n"


def test_a_month_that_is_none_is_refused(run, office):
    assert run("assessments", "find", "--region", "330100", "--month", "July").exit_code == 1
