"""Lines for the activity log, and what its chain holds of them."""

from datetime import UTC, datetime

from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.audit.chain.hashing import ChainKeys
from siweb.audit.chain.link import ActivityLink
from siweb.audit.chain.seal import seal_lines
from siweb.audit.record import record_activity

AT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
KEYS = ChainKeys([b"the key of the tests"])


def write_lines(session, *numbers, actor=SYSTEM):
    for number in numbers:
        facts = {"number": number, "names": ["张伟", "b"], "none": None}
        record_activity(
            session, "test.done", actor=actor, at=AT, subject=("t", number), facts=facts
        )


def sealed_lines(session, *numbers, keys=KEYS):
    """Write lines and seal them."""
    write_lines(session, *numbers)
    assert seal_lines(session, keys, at=AT) == len(numbers)


def chained_ids(session):
    """Return the ids of the lines in the order of the chain."""
    return list(session.scalars(select(ActivityLink.activity_id).order_by(ActivityLink.position)))
