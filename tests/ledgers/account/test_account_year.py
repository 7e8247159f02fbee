from siweb.ledgers.account.year import InterestState, load_account
from siweb.ledgers.tables.account_entry import EntryKind
from tests import factories


def test_the_year_opens_with_all_that_was_posted_before(session):
    person = factories.make_person(session)
    factories.make_account_entry(session, person, 2024, EntryKind.OPENING, 500_000)
    factories.make_account_entry(session, person, 2024, EntryKind.CREDIT, 80_000)
    factories.make_account_entry(session, person, 2025, EntryKind.CREDIT, 80_000)

    assert load_account(session, person.id, 2024).opening_fen == 500_000
    assert load_account(session, person.id, 2025).opening_fen == 580_000
    assert load_account(session, person.id, 2025).closing_fen == 660_000


def test_interest_is_provisional_until_the_rate_is_known(session):
    person = factories.make_person(session)
    post = factories.make_account_entry
    post(session, person, 2025, EntryKind.PROVISIONAL_INTEREST, 2_620, rate_ppm=26_200)

    before = load_account(session, person.id, 2025)
    post(session, person, 2025, EntryKind.INTEREST, -1_120, rate_ppm=15_000)
    after = load_account(session, person.id, 2025)

    assert (before.interest, before.rate_ppm) == (InterestState.PROVISIONAL, 26_200)
    assert (after.interest, after.rate_ppm) == (InterestState.SETTLED, 15_000)
    assert after.interest_fen == 1_500


def test_a_reversed_credit_leaves_the_credits_and_transfers_stand_apart(session):
    person = factories.make_person(session)
    for kind, fen in (
        (EntryKind.CREDIT, 80_000),
        (EntryKind.REVERSAL, -80_000),
        (EntryKind.TRANSFER_IN, 12_345),
    ):
        factories.make_account_entry(session, person, 2025, kind, fen)

    account = load_account(session, person.id, 2025)

    assert (account.credits_fen, account.transfers_fen) == (0, 12_345)
    assert account.closing_fen == 12_345
    assert len(account.lines) == 3


def test_nobody_elses_entries_count(session):
    person = factories.make_person(session)
    factories.make_account_entry(session, factories.make_person(session), 2025, EntryKind.CREDIT, 1)

    account = load_account(session, person.id, 2025)

    assert account.closing_fen == 0
    assert account.interest is InterestState.NONE
