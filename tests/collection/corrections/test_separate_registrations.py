"""Two registrations that were joined are separated: everything is as before, no fen moves."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from siweb.audit.actor import SYSTEM
from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Function
from siweb.auth.tables.mandate import Mandate
from siweb.collection.books.seal_day import seal_day
from siweb.collection.corrections.merging.joined import JoiningRefused
from siweb.collection.corrections.merging.separate import separate_registrations
from siweb.collection.tables.bill import Bill
from siweb.ledgers.tables.book_change import BookChange
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.messages.tables.message import Message
from siweb.registry.find_person import find_person
from siweb.registry.person_keys import all_keys
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.enrolment_claim import EnrolmentClaim
from siweb.registry.tables.person_alias import PersonAlias
from siweb.tasks.tables.task import Task
from tests import factories
from tests.bills import SEAL_KEY
from tests.collection.corrections.test_join_registrations import (
    NEXT,
    TODAY,
    account_behind,
    counts,
    findings,
    former,
    join,
    person,
    sums,
)
from tests.conftest import NOW
from tests.levies import levy
from tests.sign_in import appoint

__all__ = ["former", "person"]
LATER = NOW + timedelta(hours=1)


def separate(session, former, at=LATER):
    return separate_registrations(session, former.id, actor=SYSTEM, on=at.date(), at=at)


def runs(session, person):
    """Which months of which insurance a key takes part in, however many rows say it."""
    rows = session.scalars(select(Enrolment).where(Enrolment.person_id == person.id))
    months = [f"2026-{month:02}" for month in range(1, 13)]
    return sorted(
        (row.insurance.value, row.employer_id, month)
        for row in rows
        for month in months
        if row.from_month <= month and (row.to_month is None or month <= row.to_month)
    )


def claims(session):
    columns = (EnrolmentClaim.person_id, EnrolmentClaim.insurance, EnrolmentClaim.employer_id)
    return sorted(map(tuple, session.execute(select(*columns))))


def test_everything_is_as_before_and_no_seal_breaks(session, former, person):
    before = [
        (sums(session, each), runs(session, each), all_keys(session, each.id))
        for each in (former, person)
    ]
    claimed = claims(session)
    join(session, former, person)
    seal_day(session, key=SEAL_KEY, on=TODAY, actor=SYSTEM, at=NOW)
    rows, changes = counts(session), session.scalar(select(func.count()).select_from(BookChange))

    separate(session, former)

    assert [
        (sums(session, each), runs(session, each), all_keys(session, each.id))
        for each in (former, person)
    ] == before
    assert claims(session) == claimed
    assert [find_person(session, each.id_number) for each in (former, person)] == [
        former.id, person.id,
    ]  # fmt: skip
    assert counts(session)[:5] == rows[:5]
    # The row of the alias is gone from the register, and stays beside its seal.
    assert session.scalar(select(func.count()).select_from(BookChange)) > changes
    assert findings(session) == []
    told = select(Message.person_id).where(Message.kind == "registrations_separated")
    assert sorted(session.scalars(told)) == sorted([former.id, person.id])


@pytest.mark.parametrize(("months", "has_own"), [(0, True), (1, False), (1, True)])
def test_there_and_back_however_much_was_levied_between(session, former, person, months, has_own):
    if has_own:
        factories.make_record(session, person, "2026-07")
    money = sums(session, former), sums(session, person)
    join(session, former, person)
    for month in (NEXT,)[:months]:
        levy(session, month=month)
    billed = session.scalar(select(func.sum(Bill.total_fen)))

    done = separate(session, former)

    # What was billed meanwhile is named and stays; what was before is each one's own again.
    assert {each.month for each in done.since} == set((NEXT,)[:months])
    assert sums(session, former) == money[0]
    assert session.scalar(select(func.sum(Bill.total_fen))) == billed
    assert findings(session) == []
    if not months:
        assert sums(session, person) == money[1]


def test_the_next_levy_bills_each_under_the_own_key(session, former, person):
    join(session, former, person)
    separate(session, former)

    levy(session, month=NEXT)

    keys = select(ContributionRecord.person_id).where(ContributionRecord.contribution_month == NEXT)
    assert set(session.scalars(keys)) == {former.id}
    assert findings(session) == []


def test_an_employment_goes_on_and_the_copy_ends(session, former, person):
    employer_id = session.scalar(select(Enrolment.employer_id).limit(1))
    session.add(
        Employment(
            person_id=former.id, employer_id=employer_id, hired_on=date(2026, 1, 5),
            registered_at=NOW,
        )
    )  # fmt: skip
    session.flush()
    join(session, former, person)

    separate(session, former)

    rows = session.scalars(select(Employment).order_by(Employment.id)).all()
    assert [(row.person_id, row.ended_on, row.end_reason) for row in rows] == [
        (former.id, None, None),
        (person.id, TODAY, "separated"),
    ]


def test_each_number_opens_its_own_account_with_what_it_may(session, hire_at, former, person):
    own, employer = factories.make_account(session, former, password_hash="theirs"), hire_at()
    factories.make_mandate(session, own, employer, "filer")
    join(session, former, person)

    separate(session, former)

    assert account_behind(session, former.id_number) == own.id
    # Opened when they were joined, with the other one's password: it opens with none now.
    opened = session.scalar(select(Account).where(Account.person_id == person.id))
    assert opened.password_hash == ""
    held = select(Mandate.account_id, Mandate.kind).where(Mandate.revoked_at.is_(None))
    assert [(key, kind.value) for key, kind in session.execute(held)] == [(own.id, "filer")]


def test_what_was_joined_to_it_before_goes_with_it(session, former, person):
    first, account = factories.make_person(session), factories.make_account(session, person)
    join(session, first, former)
    alias = session.get_one(PersonAlias, first.id)
    task = Task(
        reference="T1", kind="person.join", function=Function.REGISTRATION, region_code=None,
        subject="x", change={"person_id": former.id}, because="x", due_on=TODAY,
        made_by_account_id=account.id, made_at=NOW,
    )  # fmt: skip
    session.add(task)
    session.flush()
    alias.task_id = task.id
    join(session, former, person)

    separate(session, former)

    assert sorted(all_keys(session, former.id)) == sorted([first.id, former.id])
    assert all_keys(session, person.id) == [person.id]


def test_joined_again_on_another_day_only(session, former, person):
    join(session, former, person)
    separate(session, former)
    with pytest.raises(JoiningRefused) as refused:
        join(session, former, person)
    assert refused.value.code == "separated"
    with pytest.raises(JoiningRefused) as refused:
        separate(session, former)
    assert refused.value.code == "apart"


@pytest.mark.parametrize("code", ["buried", "staff"])
def test_who_died_or_is_staff_is_not_separated(session, former, person, code):
    join(session, former, person)
    if code == "buried":
        former.died_on = person.died_on = date(2026, 10, 5)
    else:
        appoint(session, person, Function.AUDIT)
    session.flush()

    with pytest.raises(JoiningRefused) as refused:
        separate(session, former)

    assert refused.value.code == code
