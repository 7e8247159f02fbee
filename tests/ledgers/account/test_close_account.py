"""An account that ends takes along what the yearly run would have posted; what does not end it."""

from datetime import date

import pytest
from sqlalchemy import select

from siweb.audit.activity import Activity
from siweb.audit.actor import SYSTEM
from siweb.ledgers.account.close import (
    AccountRefused,
    account_balance,
    interest_through,
    pay_out_to_heirs,
    transfer_in,
    transfer_out,
)
from siweb.ledgers.account.interest_run import (
    InterestRun,
    interest_terms,
    post_interest,
    regions_with_people,
)
from siweb.ledgers.tables.account_entry import AccountEntry, EntryKind
from siweb.registry.merge_keys import add_alias
from siweb.registry.packs.in_force import packs_in_force
from siweb.rules.benefits.account_interest import InterestMethod, InterestTerms
from siweb.rules.parameters.parameter_set import ParameterMissing
from tests import factories
from tests.factories import AT, make_account_entry, make_person

REGION = "310000"
LAST_DAY = date(2025, 12, 31)
BY = {"actor": SYSTEM, "at": AT}
# Year, kind, amount, contribution month, month from which interest runs.
ENTRIES = [
    (2023, EntryKind.OPENING, 1_000_000, None, None),
    (2023, EntryKind.CREDIT, 80_000, "2023-05", None),
    (2024, EntryKind.CREDIT, 90_000, "2024-01", None),
    (2024, EntryKind.CREDIT, 90_000, "2024-02", "2024-12"),
    (2024, EntryKind.PROVISIONAL_INTEREST, 777, None, None),
    (2025, EntryKind.OPENING, 50_000, None, None),
    (2025, EntryKind.CREDIT, 120_000, "2025-01", None),
    (2025, EntryKind.CREDIT, 120_000, "2025-02", "2025-11"),
    (2025, EntryKind.REVERSAL, -60_000, "2025-01", None),
    (2025, EntryKind.TRANSFER_IN, 240_000, None, "2025-10"),
    (2025, EntryKind.CREDIT, 30_000, None, None),
    (2025, EntryKind.PROVISIONAL_INTEREST, 55, None, None),
]


@pytest.fixture
def person(session):
    return make_person(session, region_code=REGION)


def fill(session, person, entries=ENTRIES):
    for year, kind, amount, month, from_month in entries:
        months = {"contribution_month": month, "interest_month": from_month}
        make_account_entry(session, person, year, kind, amount, **months)


def move(session, person, on=LAST_DAY):
    return transfer_out(session, person.id, "110000", packs=packs_in_force(session), on=on, **BY)


def entries_of(session, person):
    return session.scalars(
        select(AccountEntry)
        .where(AccountEntry.person_id == person.id)
        .order_by(AccountEntry.entry_number)
    ).all()


def test_on_the_last_day_of_a_year_it_takes_along_what_the_run_posts(session, person):
    stays = make_person(session, region_code=REGION)
    for each in (person, stays):
        fill(session, each)

    moved = move(session, person)

    packs = packs_in_force(session)
    for year in (2024, 2025):
        terms = interest_terms(packs, REGION, year, LAST_DAY)
        post_interest(session, InterestRun(REGION, year, terms), (stays.id, stays.id), LAST_DAY)
    assert moved == account_balance(session, stays.id) > sum(amount for _, _, amount, *_ in ENTRIES)
    assert account_balance(session, person.id) == 0
    interest = [
        [(entry.year, entry.kind, entry.amount_fen, entry.rate_ppm, entry.posted_on)
         for entry in entries_of(session, each)[len(ENTRIES):]]
        for each in (person, stays)
    ]  # fmt: skip
    assert interest[0][:-1] == interest[1]
    assert interest[0][-1] == (2025, EntryKind.TRANSFER_OUT, -moved, None, LAST_DAY)
    noted = session.scalars(select(Activity).where(Activity.action == "account.transfer_out")).one()
    assert noted.facts == {"to": "110000", "amount_fen": moved}


def test_by_the_yearly_method_it_takes_along_what_the_run_posts_and_months_of_a_part(
    session, person
):
    by_year = InterestTerms(60_000, method=InterestMethod.YEARLY)
    stays = make_person(session, region_code=REGION)
    fill(session, stays, [(2024, EntryKind.OPENING, 1_000_000, None, None),
                          (2025, EntryKind.CREDIT, 120_000, "2025-01", None),
                          (2025, EntryKind.REVERSAL, -20_000, "2025-02", None)])  # fmt: skip
    entries = entries_of(session, stays)

    of_months = [interest_through(entries, 2025, by_year, month) for month in (12, 3)]

    post_interest(session, InterestRun(REGION, 2025, by_year), (stays.id, stays.id), LAST_DAY)
    posted = entries_of(session, stays)[-1].amount_fen
    # The whole year: 6 % on the opening, and on 1,000 yuan with half of 1.083.
    assert of_months[0] == posted == 60_000 + 3_249
    assert of_months[1] == 15_000 + (120_000 * 3 - 20_000 * 2) * 60_000 // 12_000_000


def test_what_ended_once_does_not_end_again_and_what_comes_later_does(session, person):
    other = make_person(session, region_code=REGION)
    fill(session, person, ENTRIES[-3:-2])
    move(session, person)
    with pytest.raises(AccountRefused) as refused:
        move(session, person)
    assert refused.value.code == "empty"

    # Later entries of others are none of hers; from January on one month bears interest.
    fill(session, other)
    came = transfer_in(session, person.id, 1_200_000, "110000", on=date(2026, 1, 5), **BY)
    moved = move(session, person, on=date(2026, 1, 20))

    rate = interest_terms(packs_in_force(session), REGION, 2026, date(2026, 1, 20)).rate
    assert moved == 1_200_000 + round(1_200_000 * rate / 12_000_000)
    assert (came.year, came.interest_month) == (2026, "2026-01")
    assert account_balance(session, other.id) == sum(amount for _, _, amount, *_ in ENTRIES)


def test_a_year_whose_interest_is_right_already_gets_none(session, person):
    fill(session, person, [(2023, EntryKind.OPENING, 1_000_000, None, None)])
    packs = packs_in_force(session)
    for year in (2023, 2024):
        terms = interest_terms(packs, REGION, year, LAST_DAY)
        post_interest(session, InterestRun(REGION, year, terms), (person.id, person.id), LAST_DAY)
    before = len(entries_of(session, person))

    move(session, person)

    # The year that runs, and the end.
    assert len(entries_of(session, person)) == before + 2


@pytest.mark.parametrize("amounts", [(), (80_000, -80_000), (80_000, -90_000)])
def test_where_nothing_is_nothing_ends(session, person, amounts):
    for amount in amounts:
        make_account_entry(session, person, 2025, EntryKind.CREDIT, amount)
    person.died_on = date(2025, 12, 1)

    for deed in (move, heirs_get):
        with pytest.raises(AccountRefused) as refused:
            deed(session, person)
        assert refused.value.code == "empty"

    assert len(entries_of(session, person)) == len(amounts)


def heirs_get(session, person):
    return pay_out_to_heirs(
        session, person.id, packs=packs_in_force(session), on=LAST_DAY, **BY
    )  # fmt: skip


def test_of_two_keys_each_ends_by_itself_and_an_empty_one_stays_as_it_is(session, person):
    former, empty = (make_person(session, region_code=REGION) for _each in range(2))
    for each, amounts in ((person, (100_000,)), (former, (50_000,)), (empty, (70, -70))):
        for amount in amounts:
            make_account_entry(session, each, 2025, EntryKind.OPENING, amount)
    for each in (former, empty):
        add_alias(session, each.id, person.id, **BY)
    assert account_balance(session, former.id) == 150_000

    moved = move(session, person)

    sums = [sum(entry.amount_fen for entry in entries_of(session, each))
            for each in (person, former, empty)]  # fmt: skip
    assert sums == [0, 0, 0]
    assert moved > 150_000
    assert len(entries_of(session, empty)) == 2


@pytest.mark.parametrize(("amount", "code"), [(-1, "empty"), (0, "empty"), (1, None)])
def test_an_account_that_arrives_holds_something(session, person, amount, code):
    refused = None
    try:
        transfer_in(session, person.id, amount, "110000", on=LAST_DAY, **BY)
    except AccountRefused as error:
        refused = error.code
    assert refused == code


def test_the_terms_are_the_regions_and_of_the_year_before_at_most(session):
    packs = packs_in_force(session)
    for year in (2023, 2024):
        known = interest_terms(packs, "CN", year, LAST_DAY)
        assert known.settled
        assert interest_terms(packs, REGION, year, LAST_DAY) == known
        # A region without parameters of its own has those of the nation.
        assert interest_terms(packs, "999999", year, LAST_DAY) == known
    with pytest.raises(ParameterMissing):
        interest_terms(packs, REGION, 2027, LAST_DAY)

    for code in (REGION, "110000", REGION):
        factories.make_person(session, region_code=code)
    assert regions_with_people(session) == ["110000", REGION]
