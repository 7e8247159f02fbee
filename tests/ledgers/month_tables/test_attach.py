"""Whoever attaches a month gives up its turn for those who write, a few times, and waits then."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import OperationalError

from siweb.ledgers.month_tables.attach import _TRIES, _lock_referred
from siweb.ledgers.tables.contribution_record import ContributionRecord

RECORDS = ContributionRecord.__table__
BUSY, AWAY = "55P03", "57P01"


class Asked:
    """A connection whose locks are held by others so many times."""

    def __init__(self, times, state=BUSY, referred=("employer", "person")):
        self.left, self.state, self.referred = times, state, referred
        self.waits, self.locks, self.said = [], 0, []

    def scalars(self, _statement, _given):
        return self.referred

    @contextmanager
    def begin_nested(self):
        yield

    def execute(self, statement):
        said = str(statement)
        self.said.append(said)
        if "lock_timeout = '" in said:
            self.waits.append(said.split("'")[1])
        if said.startswith("LOCK"):
            self.locks += 1
            if self.left:
                self.left -= 1
                raise OperationalError(said, {}, SimpleNamespace(sqlstate=self.state))


@pytest.mark.parametrize("times", [0, 1, _TRIES - 1])
def test_it_gives_up_soon_until_the_last_time(times):
    asked = Asked(times)

    _lock_referred(asked, RECORDS)

    last = ["0"] if times == _TRIES - 1 else ["1s"]
    assert asked.waits == ["1s"] * times + last
    assert asked.locks == times + 1
    assert "LOCK TABLE employer, person IN" in asked.said[1]
    # Whatever follows in the transaction waits as long as it always does.
    assert asked.said[-1].endswith("lock_timeout = DEFAULT")


@pytest.mark.parametrize(("times", "state", "locks"), [(_TRIES, BUSY, _TRIES), (1, AWAY, 1)])
def test_what_does_not_go_away_is_raised(times, state, locks):
    asked = Asked(times, state)

    with pytest.raises(OperationalError):
        _lock_referred(asked, RECORDS)

    assert asked.locks == locks


def test_a_table_that_refers_to_nothing_locks_nothing():
    asked = Asked(0, referred=())

    _lock_referred(asked, RECORDS)

    assert asked.said == []
