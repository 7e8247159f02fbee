"""What is said of a record without months is true of who reads it; what has nothing has no link."""

from datetime import date

import pytest

from siweb.ledgers.tables.transfer_segment import Direction, TransferSegment
from siweb.registry.codes import Insurance
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from tests import factories
from tests.conftest import NOW
from tests.sign_in import sign_in

EMPLOYER_MUST = "must register you within 30 days"
ALL = (
    "You draw a pension",
    "This changes nothing in what you draw",
    "Months from elsewhere",
    "at sixteen at the earliest",
    EMPLOYER_MUST,
)


def draws(session, person, kind, state=BenefitState.ACTIVE):
    session.add(
        Benefit(
            person_id=person.id, region_code=person.region_code, kind=kind, monthly_fen=1,
            from_month="2020-01", state=state, certified_on=date(2026, 1, 1),
        )
    )  # fmt: skip


def moved_here(session, person, months=8):
    session.add(
        TransferSegment(
            person_id=person.id, direction=Direction.IN, other_region="苏州市",
            from_month="2018-01", through_month="2018-08", months=months, amount_fen=0,
            transferred_on=date(2020, 1, 1), recorded_at=NOW,
        )
    )  # fmt: skip


@pytest.fixture
def read(_now, client, session):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"

    def look(person, *paths):
        session.commit()
        sign_in(client, session, person)
        return [client.get(path).text for path in paths]

    return look


@pytest.mark.parametrize(
    ("benefit", "values", "said"),
    [
        (BenefitKind.PENSION, {"born_on": date(1950, 1, 1)}, ALL[0]),
        (BenefitKind.PENSION, {"deemed_months": 8}, ALL[0]),
        (BenefitKind.SURVIVOR, {"born_on": date(1950, 1, 1)}, ALL[1]),
        (None, {"deemed_months": 8}, ALL[2]),
        (None, {"born_on": date(2010, 11, 25)}, ALL[3]),
        (None, {"born_on": date(2010, 11, 24)}, ALL[4]),
        (None, {}, ALL[4]),
    ],
)
def test_only_what_is_true_of_somebody_is_said(session, read, benefit, values, said):
    person = factories.make_person(session, **values)
    if benefit:
        draws(session, person, benefit)

    for page in read(person, "/record", "/record/months"):
        assert [each for each in ALL if each in page] == [said]


def test_a_pensioner_without_months_is_offered_nothing_to_pay_or_to_move(session, read):
    person = factories.make_person(session)
    offered = ("/transfer", "/bills")
    assert all(f'href="{each}"' in read(person, "/record")[0] for each in offered)
    draws(session, person, BenefitKind.PENSION)

    record, account = read(person, "/record", "/record/account")

    assert not any(f'href="{each}"' in record for each in offered)
    assert ALL[0] in account and "credited once it is paid" not in account


def test_a_benefit_that_ended_makes_no_pensioner(session, read):
    person = factories.make_person(session)
    draws(session, person, BenefitKind.PENSION, BenefitState.TERMINATED)

    assert EMPLOYER_MUST in read(person, "/record")[0]


def test_months_that_count_without_any_record_are_shown(session, read):
    person = factories.make_person(session, deemed_months=25)
    moved_here(session, person)

    page = read(person, "/record")[0]

    assert "<dt>By law counted as paid</dt><dd>25 months</dd>" in page
    assert "<dt>Months of pension moved here</dt><dd>8 months</dd>" in page
    assert "<strong>33 months</strong>" in page


def test_home_says_the_same(session, read):
    person = factories.make_person(session, deemed_months=25)

    page = read(person, "/")[0]

    assert "Months from elsewhere" in page and EMPLOYER_MUST not in page


@pytest.mark.parametrize(
    ("year", "links"),
    [(2018, [2021]), (2020, [2018, 2021]), (2021, [2018, 2023]), (2023, [2021]), (2026, [2023])],
)
def test_a_year_leads_to_the_nearest_that_has_something(session, read, year, links):
    person, employer = factories.make_person(session), factories.make_employer(session)
    factories.make_record(session, person, "2018-03", employer=employer)
    # Two years without a record, one of them insured; and medical insurance alone.
    factories.make_enrolment(session, person, employer=employer, from_month="2021-02",
                             to_month="2021-04")  # fmt: skip
    factories.make_record(session, person, "2023-12", Insurance.MEDICAL, employer=employer)

    page = read(person, f"/record/{year}")[0]

    assert [each for each in range(2010, 2030) if f'href="/record/{each}"' in page] == links


def test_years_that_touch_need_no_further_statement(session, read):
    person, employer = factories.make_person(session), factories.make_employer(session)
    for month in ("2023-12", "2024-05", "2025-01"):
        factories.make_record(session, person, month, employer=employer)

    page = read(person, "/record/2024")[0]

    assert 'href="/record/2023"' in page and 'href="/record/2025"' in page
    assert "Months paid: 1" in page


def test_two_employers_of_one_name_are_told_apart_by_their_codes(session, read):
    person = factories.make_person(session)
    first, second = (factories.make_employer(session, name="红旗餐饮") for _ in range(2))
    factories.make_record(session, person, "2025-01", employer=first)
    factories.make_record(session, person, "2025-02", employer=second)
    factories.make_record(session, person, "2025-01", Insurance.WORK_INJURY, employer=first)
    factories.make_record(session, person, "2025-01", Insurance.WORK_INJURY, employer=second)

    for page in read(person, "/record", "/record/months", "/record/months/2025-01"):
        for one in (first, second):
            assert f"红旗餐饮 (credit code ends in {one.uscc[-6:]})" in page


def test_one_employer_needs_no_code(session, read, employer):
    person = factories.make_person(session)
    for month in ("2025-01", "2025-02"):
        factories.make_record(session, person, month, employer=employer)

    assert "credit code" not in "".join(read(person, "/record", "/record/months"))
