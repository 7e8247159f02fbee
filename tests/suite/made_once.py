"""What the tests of a file start from, made once on each database: each takes back what it did."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

# A fixture of a file that has this scope is made before every narrower one, for each kind in turn.
ON_EACH_DATABASE = {
    "scope": "module",
    "params": ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)],
}


@contextmanager
def taken_back(request: pytest.FixtureRequest) -> Iterator[Connection]:
    """Give a transaction on the database that the fixture is asked for, undone at the end."""
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    with engine.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()


@contextmanager
def session_within(connection: Connection) -> Iterator[Session]:
    """Give a session within a transaction; whatever it does, commits too, is undone at the end."""
    savepoint = connection.begin_nested()
    with Session(
        connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
    ) as session:
        yield session
    savepoint.rollback()
