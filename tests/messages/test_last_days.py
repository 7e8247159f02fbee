"""Every last day that a table holds is reminded of, or says why not; each once, and nothing done."""

import re
import sys
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import Date, select

from siweb import schema
from siweb.clock import OFFICE_ZONE
from siweb.jobs.reminders import REMINDERS, UNREMINDED
from siweb.messages.kinds.bills import OWN_BILL_DUE
from siweb.messages.kinds.by_name import KINDS
from siweb.messages.kinds.remedies import REVIEW_ENDING
from siweb.messages.tables.message import Message
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.person import Person
from tests import bills, factories
from tests.conftest import NOW
from tests.messages.deeds.actions import Office
from tests.messages.deeds.applied_for import insure_resident_again
from tests.messages.deeds.reminded import REMINDED
from tests.messages.test_kinds import office
from tests.served import serve

__all__ = ["Office", "office"]
TODAY = NOW.date()
# How a column that holds a last day is called.
LAST_DAY = re.compile(
    r"(^|_)(until|until_on|by|due_on|closes_on|expires_on|last_on|valid_until_on)$"
)


def last_days():
    return {
        f"{table.name}.{column.name}"
        for table in schema.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Date) and LAST_DAY.search(column.name)
    }


def test_every_last_day_is_reminded_of_or_says_why_not():
    columns = {column for each in REMINDERS for column in each.columns}

    assert last_days() - columns - set(UNREMINDED) == set()
    assert set(UNREMINDED) <= last_days() - columns
    known = {f"{table.name}.{column.name}" for table in schema.metadata.sorted_tables
             for column in table.columns}  # fmt: skip
    assert columns <= known


def test_the_walk_notices_a_last_day_that_nobody_classified(monkeypatch):
    left_out = {name: why for name, why in UNREMINDED.items() if name != "review.answer_by"}
    monkeypatch.setattr(sys.modules[__name__], "UNREMINDED", left_out)
    with pytest.raises(AssertionError):
        test_every_last_day_is_reminded_of_or_says_why_not()


def test_every_kind_with_days_is_given_by_one_of_them():
    given = [kind.name for each in REMINDERS for kind in each.kinds]

    assert sorted(given) == sorted(name for name, kind in KINDS.items() if kind.days_before)


def told(session, kind):
    return session.scalars(select(Message).where(Message.kind == kind.name)).all()


def run(session, on):
    """What `siweb day` does of it."""
    at = datetime.combine(on, time(6), OFFICE_ZONE)
    packs = packs_in_force(session)
    return sum(each.tell(session, packs, on, at) for each in REMINDERS)


@pytest.mark.parametrize("kind", REMINDED, ids=lambda kind: kind.name)
def test_nothing_is_reminded_of_again_by_the_days_work(office, kind):
    REMINDED[kind][0](office)
    (message,) = told(office.session, kind)

    run(office.session, message.notified_on)

    assert len(told(office.session, kind)) == 1


@pytest.fixture
def bill(session):
    person = factories.make_person(session, region_code="310000")
    bill = bills.make_bill(session, [person])
    bill.due_on, bill.issued_at = TODAY, NOW - timedelta(days=20)
    session.flush()
    return bill


def test_a_bill_is_reminded_of_on_each_of_its_days_and_after_it_was_told(session, bill):
    # Thirty days before it was not there yet.
    assert [run(session, TODAY - timedelta(days=left)) for left in (19, 8, 7, 6, 0)] == [
        0, 0, 1, 0, 0,
    ]  # fmt: skip
    assert run(session, TODAY + timedelta(days=1)) == 0


def test_a_bill_that_was_paid_is_not_reminded_of(session, bill):
    bill.paid_fen = bill.total_fen
    session.flush()

    assert run(session, TODAY - timedelta(days=7)) == 0


def test_bills_of_one_day_are_one_reminder_and_the_dead_get_none(session, bill):
    person = session.get_one(Person, bill.person_id)
    other = bills.make_bill(session, [person], run=bills.make_levy_run(session, "2026-07"))
    other.due_on, other.issued_at = bill.due_on, bill.issued_at
    session.flush()

    assert run(session, TODAY - timedelta(days=7)) == 1
    person.died_on = TODAY - timedelta(days=7)
    session.flush()
    assert run(session, TODAY) == 0
    assert len(told(session, OWN_BILL_DUE)) == 1


def test_nobody_is_reminded_of_remedies_against_what_was_undone(office):
    insure_resident_again(office)
    serve(office.session, TODAY)

    run(office.session, TODAY + timedelta(days=53))

    assert told(office.session, REVIEW_ENDING) == []
