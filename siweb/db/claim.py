"""One process at a time goes on with what is done in pieces: a levy run, an import."""

from typing import Any, cast

from sqlalchemy import CursorResult, Delete, Update
from sqlalchemy.orm import Session

from siweb.db.turns import let_waiting_write


class ClaimedElsewhere(Exception):
    """Another process went on with it meanwhile: stop, and write nothing more."""


def claim(session: Session, place: Update | Delete, *, otherwise: Exception | None = None) -> None:
    """Move on from the place that was read; the statement names it, and holds the row until commit.

    Two processes read the same place, and the second would write once more what the first wrote.

    :raises ClaimedElsewhere: when it is not there any more; `otherwise` in its stead where given.
    """
    result = session.execute(place.execution_options(synchronize_session=False))
    if cast("CursorResult[Any]", result).rowcount != 1:
        raise otherwise or ClaimedElsewhere


def let_others_write(session: Session) -> None:
    """Between two pieces of a long work, let those write on SQLite who wait; call it holding none.

    PostgreSQL has as many writers as connections.
    """
    engine = session.get_bind().engine
    if engine.dialect.name == "sqlite":
        let_waiting_write(engine.url.database)
