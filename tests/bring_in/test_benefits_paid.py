"""What the paying side paid of benefits comes in as amounts, once, and the books prove it."""

from datetime import date

import pytest
from sqlalchemy import select, update

from siweb.auth.staff.duties import EVERYWHERE
from siweb.bring_in.problem import BringInRefused
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.recompute.benefits import benefit_imbalances
from siweb.ledgers.benefits.overpaid import overpaid
from siweb.ledgers.tables.benefit_entry import BenefitEntry, BenefitEntryKind
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from siweb.registry.tables.person import Person
from tests import factories
from tests.bring_in.bring_ins import as_csv
from tests.conftest import NOW

HEADINGS = ("证件号码", "待遇类别", "待遇所属期", "发放类型", "发放金额", "发放日期")
REGION = "310000"


@pytest.fixture
def benefit(session, clerk):
    person = factories.make_person(session, region_code=REGION)
    made = Benefit(
        person_id=person.id,
        region_code=REGION,
        kind=BenefitKind.PENSION,
        monthly_fen=300_000,
        from_month="2020-01",
        state=BenefitState.ACTIVE,
        certified_on=date(2026, 5, 1),
    )
    session.add(made)
    session.commit()
    made.number = person.id_number
    return made


def listed(benefit, *rows):
    return as_csv(HEADINGS, *((benefit.number, "养老金", *row) for row in rows))


def entries(session):
    found = session.scalars(select(BenefitEntry).order_by(BenefitEntry.month, BenefitEntry.kind))
    return [(each.month, each.kind.value, each.amount_fen) for each in found]


TWO_MONTHS = (
    ("2026-09", "", "3000", "2026-09-15"),
    ("2026-10", "正常发放", "3120.05", "2026-10-15"),
    ("2026-09", "补差", "-0.10", "2026-10-15"),
)


def test_a_list_comes_in_once_and_the_last_month_is_what_a_benefit_comes_to(
    session, clerk, benefit
):
    clerk.bring_in("benefits_paid", listed(benefit, *TWO_MONTHS), rows=3, amount=611_995)

    assert entries(session) == [
        ("2026-09", "adjusted", -10), ("2026-09", "paid", 300_000), ("2026-10", "paid", 312_005),
    ]  # fmt: skip
    session.refresh(benefit)
    assert benefit.monthly_fen == 312_005
    assert list(benefit_imbalances(session, Scope())) == []

    assert clerk.dry_run("benefits_paid", listed(benefit, *TWO_MONTHS)).added == 0
    with pytest.raises(BringInRefused):
        clerk.propose("benefits_paid", listed(benefit, *TWO_MONTHS))
    # An older month that comes late changes nothing but itself.
    clerk.bring_in(
        "benefits_paid", listed(benefit, ("2026-08", "", "2900", "2026-11-01"), *TWO_MONTHS)
    )
    session.refresh(benefit)
    assert (benefit.monthly_fen, len(entries(session))) == (312_005, 4)
    # The benefits' own list does not contradict what was paid since.
    again = as_csv(
        ("id_number", "kind", "monthly", "from_month", "certified_on"),
        (benefit.number, "pension", "3000", "2020-01", "2026-05-01"),
    )
    assert clerk.problems("benefits", again) == []


@pytest.mark.parametrize(
    ("row", "place"),
    [
        (("2019-12", "", "1", "2026-10-15"), "month"),
        (("2026-12", "", "1", "2026-10-15"), "month"),
        (("2026-10", "", "1", "2099-10-15"), "paid_on"),
        (("2026-10", "", "0", "2026-10-15"), "amount"),
        (("2026-10", "", "-1", "2026-10-15"), "amount"),
        (("2026-10", "补差", "0.00", "2026-10-15"), "amount"),
        (("2026-10", "补发", "3000", "2026-10-15"), "month"),
        (("2026-09", "", "3000.01", "2026-09-15"), "amount"),
        (("2026-09", "", "3000", "2026-09-16"), "paid_on"),
        (("2026-10", "", "1.005", "2026-10-15"), "amount"),
    ],
)
def test_a_problem_is_named_by_row_and_column(session, clerk, benefit, row, place):
    clerk.bring_in("benefits_paid", listed(benefit, TWO_MONTHS[0]))

    (told,) = clerk.problems("benefits_paid", listed(benefit, row))

    assert told.startswith(f"Row 2, {place}")


def test_a_benefit_that_is_not_there_and_a_control_that_differs_are_named(clerk, benefit):
    stranger = as_csv(HEADINGS, (benefit.number, "失业保险金", *TWO_MONTHS[0]))

    assert clerk.problems("benefits_paid", stranger)[0].startswith("Row 2, benefit")
    told = clerk.problems("benefits_paid", listed(benefit, TWO_MONTHS[0]), amount=300_001)
    assert told[0].startswith("Control amount")


def test_months_after_a_death_are_named_until_they_are_taken_back(session, clerk, benefit):
    paid = (("2026-09", "", "3000", "2026-09-15"), ("2026-10", "", "3000", "2026-10-15"))
    clerk.bring_in("benefits_paid", listed(benefit, *paid))
    assert overpaid(session, EVERYWHERE) == ([], False)
    person = session.get_one(Person, benefit.person_id)
    person.died_on, benefit.state = date(2026, 9, 1), BenefitState.TERMINATED
    session.commit()

    ((found,), _more) = overpaid(session, EVERYWHERE)
    assert (found.first_month, found.months, found.amount_fen) == ("2026-10", 1, 300_000)

    clerk.bring_in("benefits_paid", listed(benefit, ("2026-10", "扣回", "-3000", "2026-11-20")))
    assert overpaid(session, EVERYWHERE) == ([], False)


def test_what_was_paid_while_suspended_is_named(session, clerk, benefit):
    benefit.state, benefit.suspended_from_month = BenefitState.SUSPENDED, "2026-10"
    session.commit()
    clerk.bring_in("benefits_paid", listed(benefit, *TWO_MONTHS))

    ((found,), _more) = overpaid(session, EVERYWHERE)

    assert (found.died_on, found.last_month, found.amount_fen) == (None, "2026-10", 312_005)


def test_amounts_that_no_list_brought_are_named(session, clerk, benefit):
    clerk.bring_in("benefits_paid", listed(benefit, *TWO_MONTHS))
    session.execute(
        update(BenefitEntry).where(BenefitEntry.month == "2026-10").values(amount_fen=1)
    )

    (found,) = benefit_imbalances(session, Scope())

    assert (found.what, found.expected_fen) == ("amounts of the lists", 611_995)


def test_back_pay_that_nobody_decided_is_named(session, clerk, benefit):
    for kind, fen in ((BenefitEntryKind.HELD, 100), (BenefitEntryKind.BACK_PAY, 101)):
        session.add(
            BenefitEntry(
                region_code=REGION, month="2026-09", person_id=benefit.person_id,
                benefit=BenefitKind.PENSION, kind=kind, sequence=0, amount_fen=fen, recorded_at=NOW,
            )
        )  # fmt: skip
    session.flush()

    found = list(benefit_imbalances(session, Scope(month="2026-09")))

    assert [each.what for each in found] == [
        "back pay of what was held", "nobody decided this back pay",
    ]  # fmt: skip
