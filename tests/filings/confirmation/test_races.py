"""What another filing came before is done again, so many times and for no other reason."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from siweb.filings.confirmation.confirm import _ATTEMPTS, again_after_races

UNIQUE = IntegrityError("insert", {}, Exception())
DEADLOCK = OperationalError("update", {}, SimpleNamespace(sqlstate="40P01"))
LOCKED = OperationalError("update", {}, SimpleNamespace(sqlstate="55P03"))
ELSE = OperationalError("update", {}, Exception())


class Session:
    """Counts the savepoints, and how often everything in memory was forgotten."""

    def __init__(self):
        self.savepoints, self.forgotten = 0, 0

    @contextmanager
    def begin_nested(self):
        self.savepoints += 1
        yield

    def expire_all(self):
        self.forgotten += 1


def run(*errors):
    session, left = Session(), list(errors)

    def do():
        if left:
            raise left.pop(0)
        return "done"

    try:
        return again_after_races(session, do), session.savepoints, session.forgotten
    except (IntegrityError, OperationalError) as error:
        return error, session.savepoints, session.forgotten


@pytest.mark.parametrize(
    ("errors", "outcome", "savepoints", "forgotten"),
    [
        ((), "done", 1, 0),
        ((UNIQUE,), "done", 2, 1),
        ((DEADLOCK, UNIQUE), "done", 3, 2),
        ((UNIQUE,) * _ATTEMPTS, UNIQUE, 3, 2),
        ((DEADLOCK,) * _ATTEMPTS, DEADLOCK, 3, 2),
        ((LOCKED,), LOCKED, 1, 0),
        ((ELSE,), ELSE, 1, 0),
        ((UNIQUE, ELSE), ELSE, 2, 1),
    ],
    ids=str,
)
def test_only_races_are_run_again_and_three_times_at_most(errors, outcome, savepoints, forgotten):
    assert run(*errors) == (outcome, savepoints, forgotten)
