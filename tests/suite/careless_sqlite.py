"""SQLite as tests use it: what is thrown away need not outlive a power cut."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import pytest
from sqlalchemy import Engine, event

from siweb.db import engine as engines


@contextmanager
def careless_sqlite() -> Iterator[None]:
    """Let no commit to a SQLite file wait for the disk; `__wrapped__` makes the office's own."""
    durable = engines._sqlite_engine

    @wraps(durable)
    def careless(url: str) -> Engine:
        engine = durable(url)
        event.listen(engine, "connect", _never_wait)
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines, "_sqlite_engine", careless)
        yield


def _never_wait(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")
