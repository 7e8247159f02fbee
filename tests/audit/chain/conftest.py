from contextlib import contextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from siweb.audit.activity import Activity
from siweb.audit.chain.link import ActivityLink, UnsealedActivity
from siweb.db.base import Base
from siweb.db.engine import make_engine

TABLES = [model.__table__ for model in (Activity, ActivityLink, UnsealedActivity)]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def log_engine(request, tmp_path):
    """A database with the log alone, in which several connections may commit."""
    if request.param == "postgresql":
        yield request.getfixturevalue("postgresql_log")
        return
    with _with_tables(f"sqlite:///{tmp_path / 'log.sqlite3'}") as engine:
        yield engine


@pytest.fixture
def postgresql_log(postgresql_url):
    """The same on PostgreSQL alone, where several connections may write at once."""
    server = make_engine(postgresql_url).execution_options(isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("CREATE DATABASE log"))
    url = make_url(postgresql_url).set(database="log")
    with _with_tables(url.render_as_string(hide_password=False)) as engine:
        yield engine
    with server.connect() as connection:
        connection.execute(text("DROP DATABASE log WITH (FORCE)"))
    server.dispose()


@contextmanager
def _with_tables(url):
    engine = make_engine(url)
    Base.metadata.create_all(engine, tables=TABLES)
    with engine.begin() as connection:
        # Where a line's region is looked up.
        for register in ("person", "employer"):
            columns = "id INTEGER PRIMARY KEY, region_code INTEGER NOT NULL"
            connection.execute(text(f"CREATE TABLE {register} ({columns})"))
    yield engine
    engine.dispose()
