import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from siweb.auth.tables.account import Account
from siweb.web.database import Database
from tests import factories
from tests.conftest import NOW
from tests.sign_in import sign_in


@pytest.fixture
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def employer(session):
    return factories.make_employer(session, name="甲公司", region_code="310000")


@pytest.fixture
def filer(session):
    person = factories.make_person(session, name="王芳")
    factories.make_account(session, person)
    return person


@pytest.fixture
def browser(_now, client, session, filer):
    """A browser in which the filer is signed in and reads English."""
    sign_in(client, session, filer)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def act_as(session, filer, employer):
    """Give the filer a mandate of a kind."""

    def give(kind, to=employer, **values):
        account = session.scalar(select(Account).where(Account.person_id == filer.id))
        mandate = factories.make_mandate(session, account, to, kind, **values)
        session.commit()
        return mandate

    return give


class _Reader(Session):
    """A reader inside the test's transaction: what was noted beside it is not undone with it."""

    def close(self):
        self.commit()
        super().close()


@pytest.fixture
def _notes_are_kept(app, connection, sessions):
    readers = sessionmaker(
        connection,
        class_=_Reader,
        expire_on_commit=False,
        join_transaction_mode="create_savepoint",
    )
    app.extensions["siweb_database"] = Database(connection.engine, sessions, readers)
