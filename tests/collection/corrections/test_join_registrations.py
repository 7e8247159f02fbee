"""Two registrations of one person become one: no fen moves, and everything is found by both."""

from datetime import date

import pytest
from sqlalchemy import func, select

from siweb.audit.actor import SYSTEM
from siweb.auth.credentials.attempt import Attempt
from siweb.auth.sign_in.authenticate import reserve_sign_in
from siweb.auth.tables.appointment import Function
from siweb.auth.tables.mandate import Mandate
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.collection.books.seal_day import seal_day
from siweb.collection.corrections.merging.joined import JoiningRefused, months_twice
from siweb.collection.corrections.merging.merge import join_registrations
from siweb.collection.corrections.record.correct import correct_record
from siweb.collection.corrections.record.correction import Correction
from siweb.collection.tables.bill import Bill
from siweb.collection.tables.levy_run import LevyState
from siweb.collection.tables.payment import Allocation, Payment
from siweb.collection.tables.record_correction import CorrectionKind
from siweb.ledgers.account.close import account_balance
from siweb.ledgers.record.year import load_year
from siweb.ledgers.tables.account_entry import AccountEntry, EntryKind
from siweb.ledgers.tables.contribution_record import ContributionRecord
from siweb.messages.tables.message import Message
from siweb.registry.claim_enrolments import release_claims
from siweb.registry.codes import Insurance, Sex
from siweb.registry.find_person import find_person
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.enrolment import Enrolment
from tests import factories
from tests.bills import PACK_REGION, SEAL_KEY, make_levy_run, receive
from tests.conftest import NOW
from tests.levies import BEIJING, MONTH, levy
from tests.sign_in import appoint

TODAY = NOW.date()
BY = {"actor": SYSTEM, "at": NOW}
NEXT = "2026-11"
# Brought over from an earlier system, before there were bills.
EARLIER = {"recorded_on": date(2025, 1, 5)}


def join(session, former, person, is_difference_proved=False):
    return join_registrations(
        session, former.id, person.id, is_difference_proved=is_difference_proved, task_id=None,
        on=TODAY, **BY,
    )  # fmt: skip


def findings(session):
    return list(check_books(session, packs_in_force(session), Scope(), seals=SEAL_KEY).lines())


def sums(session, person):
    year = load_year(session, person.id, 2026, on=TODAY)
    return year.employer_fen, year.employee_fen, account_balance(session, person.id)


def counts(session):
    tables = (ContributionRecord, AccountEntry, Bill, Payment, Allocation, Enrolment)
    return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def account_behind(session, number):
    return reserve_sign_in(session, Attempt(number, "192.0.2.0/24", "d", "k"), at=NOW).account_id


@pytest.fixture
def former(session, hire_at, insure):
    """Insured by an employer, billed, with money in the account and one bill paid."""
    person = insure(500_000, hire_at(), insurances=("pension", "medical"))
    factories.make_account_entry(session, person, 2025, EntryKind.OPENING, 70_000, **EARLIER)
    levy(session)
    return person


@pytest.fixture
def person(session, former):
    """Registered a second time; with an account from elsewhere."""
    found = factories.make_person(session, region_code=BEIJING)
    factories.make_account_entry(session, found, 2025, EntryKind.OPENING, 20_000, **EARLIER)
    return found


def test_sums_are_those_of_both_and_rows_are_only_added(session, former, person):
    seal_day(session, key=SEAL_KEY, on=TODAY, **BY)
    expected = tuple(map(sum, zip(sums(session, former), sums(session, person), strict=True)))
    before, numbers = counts(session), (former.id_number, person.id_number)

    join(session, former, person)

    assert sums(session, former) == sums(session, person) == expected
    assert [find_person(session, number) for number in numbers] == [person.id] * 2
    after = counts(session)
    assert after[:5] == before[:5]
    assert after[5] > before[5]
    assert findings(session) == []
    told = session.scalars(select(Message.kind).where(Message.person_id == person.id))
    assert "registrations_joined" in set(told)


def test_what_runs_goes_on_and_a_levy_bills_it_once(session, former, person):
    of_month = select(func.sum(Bill.total_fen)).where(Bill.contribution_month == MONTH)
    before = session.scalar(of_month)

    join(session, former, person)
    levy(session, month=NEXT)

    rows = session.execute(
        select(ContributionRecord.person_id, ContributionRecord.insurance).where(
            ContributionRecord.contribution_month == NEXT
        )
    ).all()
    assert sorted((key, insurance.value) for key, insurance in rows) == [
        (person.id, "medical"),
        (person.id, "pension"),
    ]
    levied_next = select(func.sum(Bill.total_fen)).where(Bill.contribution_month == NEXT)
    assert session.scalar(levied_next) == before
    assert findings(session) == []


@pytest.mark.parametrize(("billed", "begins"), [(MONTH, "2026-11"), (NEXT, "2026-12")])
def test_the_next_month_begins_under_the_key_that_stands(session, former, person, billed, begins):
    if billed != MONTH:
        levy(session, month=billed)

    join(session, former, person)

    rows = session.execute(
        select(Enrolment.person_id, Enrolment.from_month, Enrolment.to_month)
        .where(Enrolment.insurance == Insurance.PENSION)
        .order_by(Enrolment.person_id)
    ).all()
    last = "2026-10" if begins == NEXT else NEXT
    assert [(key, to_month) for key, _from, to_month in rows] == [
        (former.id, last),
        (person.id, None),
    ]
    assert rows[1].from_month == begins
    assert findings(session) == []


def test_an_employment_goes_on_once(session, former, person):
    employer_id = session.scalar(select(Enrolment.employer_id).limit(1))
    session.add(
        Employment(
            person_id=former.id, employer_id=employer_id, hired_on=date(2026, 1, 5),
            registered_at=NOW,
        )
    )  # fmt: skip
    session.flush()

    join(session, former, person)

    rows = session.scalars(select(Employment).order_by(Employment.id)).all()
    assert [(row.person_id, row.hired_on, row.ended_on) for row in rows] == [
        (former.id, date(2026, 1, 5), TODAY),
        (person.id, date(2026, 1, 5), None),
    ]


def test_a_month_that_both_have_is_named(session, hire_at, former, person):
    other = hire_at(name="后公司")
    factories.make_record(session, person, MONTH, employer=other)
    factories.make_record(session, person, "2026-07", employer=other)
    factories.make_record(session, person, MONTH, Insurance.WORK_INJURY, employer=other)

    joined = join(session, former, person)

    assert [(held.month, held.insurance) for held in joined.twice] == [(MONTH, "pension")]
    assert {payer for payer, _employers, _own in joined.twice[0].payments} == {
        other.id,
        session.scalar(select(Enrolment.employer_id).where(Enrolment.person_id == former.id)),
    }
    assert months_twice(session, person.id) == list(joined.twice)


def test_a_month_held_twice_is_given_back_by_correcting_the_record(
    session, hire_at, insure, former
):
    other = hire_at(name="后公司")
    person = insure(500_000, other, insurances=("pension",))
    levy(session)
    for row in session.scalars(select(Enrolment).where(Enrolment.person_id == person.id)):
        row.to_month = MONTH
    release_claims(session, [person.id])
    assert [held.month for held in join(session, former, person).twice] == [MONTH]

    given = Correction(
        CorrectionKind.NOT_INSURED, person.id, BEIJING, MONTH, MONTH, (Insurance.PENSION,),
        other.id, None, None, date(2026, 12, 15), is_offices_mistake=False,
    )  # fmt: skip
    done = correct_record(
        session, given, packs=packs_in_force(session), reason="合并登记", on=TODAY, **BY
    )

    assert [bill.employer_id for bill in done.effect.bills if bill.fen < 0] == [other.id]
    assert months_twice(session, person.id) == []
    assert findings(session) == []


def test_one_account_opens_by_both_numbers_with_what_it_may(session, hire_at, former, person):
    account = factories.make_account(session, former, password_hash="theirs")
    employer = hire_at()
    factories.make_mandate(session, account, employer, "filer")

    join(session, former, person)

    now = {account_behind(session, each.id_number) for each in (former, person)}
    assert len(now) == 1
    assert now != {account.id}
    held = select(Mandate.account_id, Mandate.kind).where(Mandate.revoked_at.is_(None))
    assert [(key, kind.value) for key, kind in session.execute(held)] == [(*now, "filer")]


def test_the_wider_of_two_mandates_stays(session, hire_at, former, person):
    accounts = [factories.make_account(session, each) for each in (former, person)]
    one, two = hire_at(), hire_at()
    for account, kinds in zip(accounts, (("owner", "viewer"), ("viewer", "filer")), strict=True):
        for employer, kind in zip((one, two), kinds, strict=True):
            factories.make_mandate(session, account, employer, kind)

    join(session, former, person)

    rows = session.execute(
        select(Mandate.employer_id, Mandate.account_id, Mandate.kind)
        .where(Mandate.revoked_at.is_(None))
        .order_by(Mandate.employer_id)
    )
    assert [(employer, key, kind.value) for employer, key, kind in rows] == [
        (one.id, accounts[1].id, "owner"),
        (two.id, accounts[1].id, "filer"),
    ]


def test_money_kept_for_the_former_pays_what_is_billed_now(session, insure):
    alone = insure(600_000, None, PACK_REGION, insurances=("pension",))
    person = factories.make_person(session, region_code=PACK_REGION)
    payment = receive(session, 50_000, TODAY)
    payment.person_id, payment.kept_at = alone.id, NOW
    join(session, alone, person)

    levy(session, PACK_REGION, NEXT)

    session.refresh(payment)
    assert payment.unallocated_fen == 0
    assert findings(session) == []


def _dead(session, former, person):
    former.died_on = date(2026, 11, 1)


def _named_otherwise(session, former, person):
    person.name = "李雷"


def _born_otherwise(session, former, person):
    person.born_on = date(1985, 3, 6)


def _of_other_sex(session, former, person):
    person.sex = Sex.FEMALE


def _staff(session, former, person):
    appoint(session, former, Function.REVIEW)


def _open_twice(session, former, person):
    factories.make_enrolment(session, person, Insurance.MEDICAL, region_code=BEIJING)


def _drawn_twice(session, former, person):
    for each in (former, person):
        session.add(
            Benefit(
                person_id=each.id, region_code=BEIJING, kind=BenefitKind.SURVIVOR,
                monthly_fen=1, from_month="2026-01", state=BenefitState.ACTIVE, certified_on=TODAY,
            )
        )  # fmt: skip


def _under_way(session, former, person):

    make_levy_run(
        session, "2026-09", region_code=BEIJING, state=LevyState.COMPUTING, issued_at=None
    )


def _joined_before(session, former, person):
    join(session, former, factories.make_person(session, region_code=BEIJING))


@pytest.mark.parametrize(
    ("stands_against", "code"),
    [
        (_dead, "dead"),
        (_named_otherwise, "differs"),
        (_born_otherwise, "differs"),
        (_of_other_sex, "differs"),
        (_staff, "staff"),
        (_open_twice, "open_twice"),
        (_drawn_twice, "drawn_twice"),
        (_under_way, "under_way"),
        (_joined_before, "former"),
    ],
)
def test_what_is_not_joined(session, former, person, stands_against, code):
    stands_against(session, former, person)
    session.flush()

    with pytest.raises(JoiningRefused) as refused:
        join(session, former, person)

    assert refused.value.code == code
    if code == "open_twice":
        assert refused.value.facts == {"insurances": ["medical"]}
    if code == "differs":
        join(session, former, person, is_difference_proved=True)


def test_nobody_is_joined_with_themselves(session, former, person):
    with pytest.raises(JoiningRefused, match="itself"):
        join(session, person, person)
    join(session, former, person)
    with pytest.raises(JoiningRefused, match="itself"):
        join(session, person, former)
