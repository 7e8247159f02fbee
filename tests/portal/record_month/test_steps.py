"""From declared to credited: each step of a month, and the cause of every difference."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from sqlalchemy import select

from siweb.collection.payments.allocate import allocate
from siweb.collection.payments.take_back import reverse_payment
from siweb.collection.tables.arrears import Arrears, ArrearsState
from siweb.collection.tables.assessment import Assessment
from siweb.collection.tables.payment import MatchedBy
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow, RowState
from siweb.ledgers.record.month import load_month
from siweb.ledgers.tables.contribution_record import RecordKind
from siweb.portal.record_month.facts import load_facts
from siweb.portal.record_month.labels import STEPS, cause_text
from siweb.portal.record_month.steps import Cause, Difference, steps_of
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.declared_base import DeclaredBase
from tests import factories
from tests.bills import CLERK, make_assessment_bill, make_bill, make_levy_run, receive
from tests.conftest import NOW
from tests.sign_in import sign_in

MONTH = "2026-08"
DUE = date(2026, 9, 15)
BEFORE, AFTER = date(2026, 9, 15), date(2026, 9, 16)
# 16 % and 8 %, 9 % and 2 %, 0.2 % of 10,000 yuan; 8 % of it into the account.
BILLED, ACCOUNT = 352_000, 80_000


@pytest.fixture
def person(session):
    return factories.make_person(session)


@pytest.fixture
def employer(session):
    return factories.make_employer(session, name="甲公司")


@pytest.fixture
def steps(session, person):
    """Each step of the only payer: amount, day, causes."""

    def look(on=AFTER, month=MONTH):
        session.expire_all()
        record = load_month(session, person.id, month, packs_in_force(session), on=on)
        payers = steps_of(record, load_facts(session, person.id, month, record), on=on)
        assert len(payers) == 1
        return [
            (line.fen, line.day, [difference.cause for difference in line.causes])
            for line in payers[0].lines
        ]

    return look


def pay(session, bill, fen, on):
    payment = receive(session, fen, on)
    by = {"matched_by": MatchedBy.STAFF, "actor": CLERK, "at": NOW}
    allocate(session, payment, [bill], packs=packs_in_force(session), **by)
    return payment


def declare(session, person, employer, fen, at=datetime(2026, 9, 20, tzinfo=UTC), **values):
    session.add(
        DeclaredBase(
            person_id=person.id, region_code=person.region_code, employer_id=employer.id,
            from_month=MONTH, declared_base_fen=fen, origin="filing_base", declared_at=at, **values,
        )
    )  # fmt: skip
    session.flush()


def test_what_is_billed_and_still_in_time(session, person, employer, steps):
    bill = make_bill(session, [person], employer=employer)

    assert steps(BEFORE) == [
        (1_000_000, date(2026, 1, 5), []),
        (BILLED, date(2026, 1, 5), []),
        (0, None, [Cause.NOT_DUE]),
        (0, None, [Cause.WITH_PAYMENT]),
    ]
    assert bill.due_on == DUE


@pytest.mark.parametrize("has_employer", [True, False])
def test_what_is_late_says_who_owes_it(session, person, employer, steps, has_employer):
    make_bill(session, [person], employer=employer if has_employer else None)

    assert steps(AFTER)[2] == (0, None, [Cause.OVERDUE if has_employer else Cause.OWN_UNPAID])


def test_what_is_lawfully_deferred_is_not_late(session, person, employer, steps):
    bill = make_bill(session, [person], employer=employer)
    session.add(
        Arrears(
            bill_id=bill.id, region_code=bill.region_code, state=ArrearsState.DEFERRED,
            found_on=DUE, notice_by=DUE, deferred_until=date(2026, 12, 31), legal_basis="x",
            changed_at=NOW,
        )
    )  # fmt: skip
    session.flush()

    assert steps(date(2026, 12, 31))[2][2] == [Cause.DEFERRED]
    assert steps(date(2027, 1, 1))[2][2] == [Cause.OVERDUE]


def test_what_nobody_is_left_to_pay_stays_unpaid(session, person, employer, steps):
    bill = make_bill(session, [person], employer=employer)
    session.add(
        Arrears(
            bill_id=bill.id, region_code=bill.region_code, state=ArrearsState.WRITTEN_OFF,
            found_on=DUE, notice_by=DUE, changed_at=NOW,
        )
    )  # fmt: skip
    session.flush()

    _declared, _billed, paid, credited = steps()
    assert (paid[0], paid[2]) == (0, [Cause.WRITTEN_OFF])
    assert credited[0] == 0


@pytest.mark.parametrize(
    ("on", "causes"), [(BEFORE, []), (AFTER, [Cause.LATE]), (date(2026, 9, 18), [Cause.LATE])]
)
def test_what_is_paid_is_credited_on_that_day(session, person, employer, steps, on, causes):
    bill = make_bill(session, [person], employer=employer)
    pay(session, bill, BILLED * 2, on)

    assert steps(date(2026, 10, 1))[2:] == [(BILLED, on, causes), (ACCOUNT, on, [])]


def test_a_part_of_the_bill_pays_whole_insurances_alone(session, person, employer, steps):
    bill = make_bill(session, [person], employer=employer)
    pay(session, bill, 240_000 + 1, BEFORE)

    paid, credited = steps(AFTER)[2:]

    assert paid == (240_000, BEFORE, [Cause.OVERDUE, Cause.PART_OF_BILL, Cause.PARTLY])
    assert credited == (ACCOUNT, BEFORE, [])


def test_a_payment_that_bounced_takes_the_credit_back(session, person, employer, steps):
    bill = make_bill(session, [person], employer=employer)
    payment = pay(session, bill, BILLED, BEFORE)
    reverse_payment(
        session, payment, packs=packs_in_force(session), on=date(2026, 9, 25), actor=CLERK, at=NOW
    )

    assert steps(date(2026, 10, 1))[2:] == [
        (0, None, [Cause.OVERDUE]),
        (0, date(2026, 9, 25), [Cause.WITH_PAYMENT, Cause.REVERSED]),
    ]


def test_what_is_declared_after_the_bill_waits_for_its_adjustment(session, person, employer, steps):
    make_bill(session, [person], employer=employer)
    declare(session, person, employer, 1_200_000)
    assert steps()[0] == (1_000_000, None, [Cause.DECLARED_SINCE])

    run = make_levy_run(session, kind="adjustment")
    factories.make_record(
        session, person, MONTH, employer=employer, levy_run_id=run.id, region_code=run.region_code,
        kind=RecordKind.ADJUSTMENT, declared_base_fen=200_000, base_fen=200_000, employer_fen=-10,
        employee_fen=0, account_fen=0, paid_on=None, recorded_at=NOW,
    )  # fmt: skip

    declared, billed, paid, _ = steps()
    assert declared == (1_200_000, date(2026, 9, 20), [])
    assert billed == (BILLED - 10, date(2026, 1, 5), [Cause.CORRECTED])
    assert paid[2] == [Cause.OVERDUE, Cause.WAITS]


def test_a_base_that_was_withdrawn_is_said_and_counts_for_nothing(session, person, employer, steps):
    make_bill(session, [person], employer=employer)
    declare(session, person, employer, 1_200_000, withdrawn_at=NOW)

    assert steps()[0] == (1_000_000, date(2026, 1, 5), [Cause.WITHDRAWN])


@pytest.mark.parametrize(
    ("base", "causes"),
    [(746_000, [Cause.FLOOR]), (499_999, [Cause.CEILING]), (500_000, [])],
)
def test_floor_and_ceiling_are_named(session, person, employer, steps, base, causes):
    factories.make_record(session, person, MONTH, employer=employer, declared_base_fen=500_000,
                          base_fen=base)  # fmt: skip

    assert steps()[1][2] == causes


def test_what_an_old_system_credited_is_in_the_balance(session, person, employer, steps):
    factories.make_record(session, person, MONTH, employer=employer)

    assert steps()[3] == (None, None, [Cause.BROUGHT_FORWARD])


def refused_row(session, person, employer, **values):
    sent = Filing(reference="S1", employer_id=employer.id, kind=FilingKind.BASE, origin="sheet",
                  opened_at=NOW)  # fmt: skip
    session.add(sent)
    session.flush()
    given = {"rest_of_id": sent.id} | values
    rest = Filing(reference="S2", employer_id=employer.id, kind=FilingKind.BASE, origin="sheet",
                  opened_at=datetime(2026, 8, 3, tzinfo=UTC), **given)  # fmt: skip
    session.add(rest)
    session.flush()
    session.add(
        FilingRow(
            filing_id=rest.id, position=1, region_code=employer.region_code, person_id=person.id,
            row_values={}, findings=[], state=RowState.REFUSED, number_digest="x", row_key="x",
        )
    )  # fmt: skip
    session.flush()


def test_nothing_declared_and_nothing_billed_says_why(session, person, employer, steps):
    factories.make_enrolment(session, person, employer=employer, from_month=MONTH)
    nothing = [(None, None, [])] * 2

    assert steps(date(2026, 11, 1))[:2] == [
        (None, None, [Cause.NO_BASE]), (None, None, [])
    ]  # fmt: skip
    refused_row(session, person, employer)
    assert steps(date(2026, 11, 1)) == [
        (None, None, [Cause.NO_BASE, Cause.REFUSED]), (None, None, []), *nothing
    ]  # fmt: skip
    declare(session, person, employer, 900_000)
    assert steps(date(2026, 11, 1))[1] == (None, None, [Cause.NOT_BILLED])
    assert steps(date(2026, 8, 20))[1] == (None, None, [Cause.TO_COME])


@pytest.mark.parametrize("values", [{"rest_of_id": None}, {"deleted_at": NOW}])
def test_a_draft_that_nobody_sent_is_not_told(session, person, employer, steps, values):
    factories.make_enrolment(session, person, employer=employer, from_month=MONTH)
    refused_row(session, person, employer, **values)

    assert steps(date(2026, 11, 1))[0][2] == [Cause.NO_BASE]


def test_a_month_that_is_assessed_is_not_billed_besides(session, person, employer, steps):
    factories.make_enrolment(session, person, employer=employer, from_month=MONTH)
    make_assessment_bill(session, employer, 1)
    case = session.scalars(select(Assessment)).one()
    case.from_month = case.to_month = MONTH
    session.flush()

    assert steps(date(2026, 11, 1))[1][2] == [Cause.ASSESSED]


@pytest.fixture
def read(client, session, person):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    with time_machine.travel(NOW, tick=False):
        sign_in(client, session, person)
        session.commit()
        yield lambda: client.get(f"/record/months/{MONTH}").text


def test_the_page_shows_each_step_and_says_the_cause(session, person, employer, read):
    bill = make_bill(session, [person], employer=employer)
    pay(session, bill, 240_000, date(2026, 9, 18))
    session.commit()

    page = read()

    assert "<h2>From declared to credited</h2>" in page
    assert "Paid 3 days after the last day, 15 September 2026." in page
    assert "Paid in part: CNY 1,120.00 is open." in page
    assert "<strong>It was to be paid by 15 September 2026 and was not." in page


def test_each_employer_of_a_month_has_its_own_steps(session, person, employer, read):
    other = factories.make_employer(session, name="乙公司")
    for one in (employer, other):
        make_bill(session, [person], employer=one, run=make_levy_run(session))
    session.commit()

    page = read()

    assert "From declared to credited: 甲公司" in page and "credited: 乙公司" in page


def test_who_was_not_insured_has_no_steps(read):
    assert "From declared to credited" not in read()


def test_every_cause_has_its_sentence(app):
    with app.test_request_context():
        texts = {cause_text(Difference(cause, DUE, 100, 2)) for cause in Cause}
    assert len(texts) == len(Cause)
    assert len(STEPS) == 4
    assert not any("%(" in text for text in texts)


@pytest.mark.parametrize(("at", "day"), [(10, date(2026, 8, 10)), (21, None)])
def test_a_base_that_came_after_an_old_systems_payment_has_no_day(
    session, person, employer, steps, at, day
):
    factories.make_record(session, person, MONTH, employer=employer)
    declare(session, person, employer, 1_000_000, at=datetime(2026, 8, at, tzinfo=UTC))

    assert steps()[0] == (1_000_000, day, [])
