from datetime import date

import pytest
from sqlalchemy import select

from siweb.audit.actor import SYSTEM
from siweb.ledgers.account.close import (
    AccountRefused,
    pay_out_to_heirs,
    transfer_in,
    transfer_out,
)
from siweb.ledgers.account.interest_run import InterestRun, interest_terms, post_interest
from siweb.ledgers.account.method import method_for
from siweb.ledgers.account.year import InterestState, load_account
from siweb.ledgers.account.years import AccountYears
from siweb.ledgers.tables.account_entry import AccountEntry, EntryKind
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.benefits.account_interest import (
    InterestMethod,
    InterestTerms,
    compute_account_year,
)
from tests.factories import AT, make_account_entry, make_person

ON = date(2026, 6, 20)
REGION = "310000"


@pytest.fixture
def person(session):
    return make_person(session, region_code=REGION)


def opening(session, person, amount, year):
    make_account_entry(session, person, year, EntryKind.OPENING, amount)


def credit(session, person, year, months, amount):
    for month in months:
        make_account_entry(
            session,
            person,
            year,
            EntryKind.CREDIT,
            amount,
            contribution_month=f"{year}-{month:02}",
        )


def run(session, person, year, terms=None, on=ON):
    terms = terms or interest_terms(packs_in_force(session), REGION, year, on)
    return post_interest(session, InterestRun(REGION, year, terms), (person.id, person.id), on)


@pytest.mark.parametrize(
    ("first", "year", "months", "amount", "closing"),
    [
        (10_000_000, 2024, range(1, 13), 80_000, 11_235_624),
        (0, 2023, range(7, 13), 64_000, 388_446),
    ],
)
def test_worked_cases_come_out_of_the_run(session, person, first, year, months, amount, closing):
    opening(session, person, first, year)
    credit(session, person, year, months, amount)

    run(session, person, year)

    account = load_account(session, person.id, year)
    assert (account.closing_fen, account.interest) == (closing, InterestState.SETTLED)


def test_a_run_again_changes_nothing(session, person):
    credit(session, person, 2024, range(1, 13), 80_000)

    assert [run(session, person, 2024) for _ in range(3)] == [1, 0, 0]


def test_a_rate_published_later_settles_the_difference(session, person):
    opening(session, person, 1_000_000, 2025)
    early = date(2026, 1, 10)
    assert run(session, person, 2025, on=early) == 1
    assert load_account(session, person.id, 2025).interest is InterestState.PROVISIONAL

    run(session, person, 2025)

    account = load_account(session, person.id, 2025)
    # 2.62 % of the year before, then the 1.50 % of the year itself.
    assert [line.amount_fen for line in account.lines] == [26_200, -11_200]
    assert account.interest is InterestState.SETTLED


def test_a_year_whose_provisional_rate_was_right_is_settled_with_nothing(session, person):
    opening(session, person, 1_000_000, 2025)
    run(session, person, 2025, InterestTerms(15_000, settled=False))

    run(session, person, 2025)

    assert load_account(session, person.id, 2025).interest is InterestState.SETTLED
    assert load_account(session, person.id, 2025).closing_fen == 1_015_000


def test_a_year_is_settled_though_nothing_changes_and_an_earlier_one_was(session, person):
    opening(session, person, 1_000_000, 2024)
    run(session, person, 2024, InterestTerms(12_000))
    for is_settled in (False, True, True):
        run(session, person, 2025, InterestTerms(15_000, settled=is_settled))

    account = load_account(session, person.id, 2025)

    assert account.interest is InterestState.SETTLED
    assert [line.amount_fen for line in account.lines] == [15_180, 0]


def test_a_late_payment_bears_interest_from_when_it_came(session, person):
    make_account_entry(
        session,
        person,
        2024,
        EntryKind.CREDIT,
        120_000,
        contribution_month="2024-01",
        interest_month="2024-12",
    )

    run(session, person, 2024, InterestTerms(12_000))

    assert load_account(session, person.id, 2024).interest_fen == 120


def test_by_the_yearly_method_the_run_posts_what_the_rule_says(session, person):
    opening(session, person, 1_000_000, 2024)
    credit(session, person, 2024, (3, 9), 60_000)
    terms = InterestTerms(39_700, method=InterestMethod.YEARLY, yearly_factor=1_083_333)

    run(session, person, 2024, terms)

    expected = compute_account_year(1_000_000, [(3, 60_000), (9, 60_000)], terms)
    assert load_account(session, person.id, 2024).closing_fen == expected.closing
    # 3.97 % of what was there, and of what came in by half the year's factor.
    assert expected.opening_interest == 39_700
    assert expected.deposit_interest == 2_580


def test_a_moved_account_takes_its_interest_along_and_stays_empty(session, person):
    opening(session, person, 1_200_000, 2026)

    moved = transfer_out(
        session, person.id, "110000", on=ON, actor=SYSTEM, at=AT, packs=packs_in_force(session)
    )

    # Six months at the last known 1.50 %.
    assert moved == 1_200_000 + 9_000
    assert load_account(session, person.id, 2026).closing_fen == 0
    assert run(session, person, 2026, InterestTerms(15_000), date(2027, 6, 20)) == 0


def test_an_account_that_arrives_bears_interest_from_that_month(session, person):
    transfer_in(session, person.id, 120_000, "110000", on=ON, actor=SYSTEM, at=AT)

    run(session, person, 2026, InterestTerms(12_000))

    assert load_account(session, person.id, 2026).interest_fen == 120_000 * 7 * 12 // 12_000


def test_heirs_receive_the_balance_and_nobody_else_does(session, person):
    opening(session, person, 1_200_000, 2026)
    with pytest.raises(AccountRefused, match="alive"):
        pay_out_to_heirs(
            session, person.id, on=ON, actor=SYSTEM, at=AT, packs=packs_in_force(session)
        )
    person.died_on = date(2026, 6, 1)

    assert (
        pay_out_to_heirs(
            session, person.id, on=ON, actor=SYSTEM, at=AT, packs=packs_in_force(session)
        )
        == 1_209_000
    )
    with pytest.raises(AccountRefused, match="empty"):
        pay_out_to_heirs(
            session, person.id, on=ON, actor=SYSTEM, at=AT, packs=packs_in_force(session)
        )
    kinds = session.scalars(select(AccountEntry.kind).order_by(AccountEntry.entry_number)).all()
    assert kinds[-1] is EntryKind.INHERITANCE


def test_a_run_posts_for_its_stretch_and_region_alone(session, person):
    before, after = (
        make_person(session, region_code=REGION),
        make_person(session, region_code=REGION),
    )
    elsewhere = make_person(session, region_code="110000")
    for each in (person, before, after, elsewhere):
        opening(session, each, 1_000_000, 2024)
    first, last = sorted((before.id, after.id))
    terms = InterestTerms(12_000)

    posted = post_interest(session, InterestRun(REGION, 2024, terms), (first, last), ON)

    assert posted == 2
    interest = [load_account(session, each.id, 2024).interest_fen for each in (person, elsewhere)]
    assert interest == [0, 0]
    assert load_account(session, before.id, 2024).interest_fen == 12_000


def test_the_years_before_bear_interest_and_those_after_do_not(session, person):
    opening(session, person, 1_000_000, 2022)
    credit(session, person, 2023, (1, 12), 60_000)
    credit(session, person, 2025, (1,), 60_000)

    run(session, person, 2024, InterestTerms(12_000))

    assert load_account(session, person.id, 2024).interest_fen == 1_120_000 * 12 // 1_000
    assert load_account(session, person.id, 2025).opening_fen == 1_120_000 + 13_440


def test_interest_of_earlier_years_bears_interest_itself(session, person):
    opening(session, person, 1_000_000, 2023)
    run(session, person, 2023, InterestTerms(100_000))

    run(session, person, 2024, InterestTerms(100_000))

    assert load_account(session, person.id, 2024).interest_fen == 110_000


def test_an_account_in_which_nothing_was_gets_no_entry_when_a_year_is_settled(session, person):
    credit(session, person, 2025, (1,), 80_000)

    assert run(session, person, 2024, InterestTerms(12_000)) == 0

    make_account_entry(session, person, 2024, EntryKind.CREDIT, 0, contribution_month="2024-01")
    assert run(session, person, 2024, InterestTerms(12_000)) == 0


def test_an_overdrawn_account_bears_no_interest(session, person):
    make_account_entry(session, person, 2023, EntryKind.REVERSAL, -500_000)
    make_account_entry(
        session, person, 2024, EntryKind.REVERSAL, -500_000, contribution_month="2024-02"
    )

    assert run(session, person, 2024, InterestTerms(12_000)) == 0


def test_a_provisional_rate_that_rises_posts_only_the_difference(session, person):
    opening(session, person, 1_000_000, 2025)
    for rate in (15_000, 15_000, 16_000):
        run(session, person, 2025, InterestTerms(rate, settled=False))

    account = load_account(session, person.id, 2025)

    assert [line.amount_fen for line in account.lines] == [15_000, 1_000]
    assert (account.interest, account.rate_ppm) == (InterestState.PROVISIONAL, 16_000)


def test_what_moved_away_bears_nothing_and_what_came_since_does(session, person):
    opening(session, person, 1_200_000, 2023)
    transfer_out(
        session, person.id, "110000", on=date(2024, 3, 1), actor=SYSTEM, at=AT,
        packs=packs_in_force(session),
    )  # fmt: skip
    left = load_account(session, person.id, 2024).closing_fen
    credit(session, person, 2024, (12,), 120_000)

    run(session, person, 2024, InterestTerms(12_000))

    assert left == 0
    assert load_account(session, person.id, 2024).closing_fen == 120_000 + 120


def test_the_terms_of_a_year_without_a_rate_are_those_of_the_year_before(session):
    packs = packs_in_force(session)
    settled = interest_terms(packs, REGION, 2024, ON)

    ahead = interest_terms(packs, REGION, 2025, date(2026, 1, 10))

    assert settled.settled
    assert (ahead.rate, ahead.settled) == (settled.rate, False)


def test_deposits_of_the_year_take_along_the_interest_of_their_months(session, person):
    opening(session, person, 1_200_000, 2025)
    credit(session, person, 2026, (1, 3), 120_000)
    make_account_entry(
        session, person, 2026, EntryKind.CREDIT, 240_000,
        contribution_month="2026-01", interest_month="2026-09",
    )  # fmt: skip
    run(session, person, 2025)
    rate = interest_terms(packs_in_force(session), REGION, 2026, ON).rate
    before = load_account(session, person.id, 2025).closing_fen

    moved = transfer_out(
        session, person.id, "110000", on=ON, actor=SYSTEM, at=AT, packs=packs_in_force(session)
    )

    # January to June, March to June; what came for a month to come counts for the last one.
    fen_months = 120_000 * (6 + 4) + 240_000
    on_opening = before * rate * 6 / 12_000_000
    assert moved == before + 480_000 + round(on_opening) + round(fen_months * rate / 12_000_000)


def test_a_run_counts_what_it_posted_itself(session, person):
    other = make_person(session, region_code=REGION)
    opening(session, person, 10_000_000, 2024)
    opening(session, other, 10_000_000, 2024)
    provisional = InterestTerms(30_000, settled=False)

    # Of the other's nothing, of an earlier year nothing, and of what was provisional nothing.
    assert run(session, other, 2024) == 1
    assert run(session, person, 2024, provisional) == 1
    assert run(session, person, 2024) == 1
    assert run(session, person, 2024) == 0
    assert run(session, person, 2025) == 1


def test_the_method_of_accounts_is_that_of_the_year_that_is_over(session):
    packs = packs_in_force(session)

    assert method_for(packs, REGION, on=ON) == interest_terms(packs, REGION, 2025, ON)
    assert method_for(packs, REGION, on=date(1990, 1, 1)) is None


def test_an_account_without_an_entry_has_nothing_in_it():
    none = AccountYears(())
    assert (none.balance_fen, none.interest_fen, none.years, none.growth) == (0, 0, [], [])
