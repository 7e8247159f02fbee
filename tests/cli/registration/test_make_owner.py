"""siweb make-owner gives an employer its first owner."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from siweb.auth.acting import employers_of
from siweb.db.engine import make_engine
from siweb.settings import Settings
from tests import factories
from tests.migrated import lay_schema


@pytest.fixture
def office(tmp_path, monkeypatch):
    monkeypatch.setenv("SIWEB_VAR_DIR", str(tmp_path))
    engine = make_engine(Settings(var_dir=tmp_path).engine_url)
    lay_schema(engine)
    yield engine
    engine.dispose()


def test_a_person_with_an_account_becomes_owner(run, office):
    with Session(office, expire_on_commit=False) as session:
        employer, person = factories.make_employer(session), factories.make_person(session)
        account = factories.make_account(session, person)
        session.commit()

        found = run("make-owner", employer.uscc, "--id-number", person.id_number)

        assert found.exit_code == 0, found.output
        assert [one.kind for one in employers_of(session, account.id, on=date.max)] == ["owner"]


def test_without_an_account_it_is_refused(run, office):
    with Session(office, expire_on_commit=False) as session:
        employer, person = factories.make_employer(session), factories.make_person(session)
        session.commit()

        found = run("make-owner", employer.uscc, "--id-number", person.id_number)

    assert found.exit_code == 2
    assert "no account" in found.stderr
