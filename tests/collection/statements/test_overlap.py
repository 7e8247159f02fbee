"""Entries without a number in two statements: twice, once, or a question, by what is proved."""

import pytest
from sqlalchemy import func, select

from siweb.audit.actor import SYSTEM
from siweb.collection.statements.hold import book_held, dismiss_held
from siweb.collection.statements.import_entries import Imported
from siweb.collection.statements.reading.period import period_of
from siweb.collection.statements.withdraw import left_to, withdraw_statement
from siweb.collection.tables.held_entry import HeldEntry
from siweb.registry.packs.in_force import packs_in_force
from tests.bills import PACK_REGION
from tests.collection.statements.make_statements import (
    balances,
    booked,
    camt,
    detail,
    entry,
    held,
    import_file,
    opened,
    statement,
    table,
    tag,
)
from tests.conftest import NOW
from tests.factories import make_region
from tests.levies import SHANGHAI

X = entry(ref="NONREF")
OTHER, THIRD = entry("20.00", ref="NONREF"), entry("35.00", ref=None)
LEFT = entry("4.00", side="DBIT", ref="FEE")
WAITS = [("in_both", "waiting")]


def period(first, last):
    return tag("FrToDt", tag("FrDtTm", first) + tag("ToDtTm", last))


def days(first, last):
    return period(f"{first}T00:00:00", f"{last}T00:00:00")


@pytest.mark.parametrize(
    ("first", "last", "is_one"),
    [
        ("2026-11-20T12:00:00", "2026-11-20T12:00:01", True),
        ("2026-11-20T12:00:00", "2026-11-20T12:00:00", False),
        ("2026-11-20T12:00:01", "2026-11-20T12:00:00", False),
        # Two midnights are days, and one day is a day.
        ("2026-11-20T00:00:00", "2026-11-20T00:00:00", True),
    ],
)
def test_a_time_without_length_is_no_period(first, last, is_one):
    assert (period_of(first, last) is not None) is is_one


# Two statements of an account, and what of them is booked, said to be here before, and asked.
PAIRS = {
    "balances that follow": ([balances("0.00", "10.00"), X], [balances("10.00", "20.00"), X], 2_000, 0, 0),
    "balances that follow, with what went out": (
        [balances("50.00", "56.00"), X, LEFT], [balances("56.00", "62.00"), X, entry("4.00", side="DBIT", ref="F2")],
        2_000, 0, 0,
    ),
    "balances that follow, the same went out": (
        [balances("50.00", "56.00"), X, LEFT], [balances("56.00", "62.00"), X, LEFT], 2_000, 0, 0,
    ),
    "balances with others between": (
        [balances("0.00", "10.00"), X], [balances("500.00", "530.00"), X, OTHER], 4_000, 0, 0,
    ),
    "other entries and balances with others between": (
        [balances("0.00", "45.00"), X, THIRD], [balances("500.00", "530.00"), X, OTHER], 7_500, 0, 0,
    ),
    "periods that follow": (
        [days("2026-11-19", "2026-11-19"), X], [days("2026-11-20", "2026-11-20"), X], 2_000, 0, 0,
    ),
    "hours that follow": (
        [period("2026-11-20T00:00:00", "2026-11-20T12:00:00"), X],
        [period("2026-11-20T12:00:00+08:00", "2026-11-20T23:59:59"), X], 2_000, 0, 0,
    ),
    "the same again": ([X], [days("2026-11-20", "2026-11-20"), X], 1_000, 1, 0),
    "the same period": (
        [days("2026-11-20", "2026-11-20"), X], [days("2026-11-20", "2026-11-20"), X, OTHER], 3_000, 1, 0,
    ),
    "the same balances": (
        [balances("0.00", "10.00"), X], [balances("0.00", "30.00"), X, OTHER], 3_000, 1, 0,
    ),
    "the day goes on": ([X], [X, OTHER], 3_000, 1, 0),
    "the day has one more of them": ([X], [X, X], 2_000, 1, 0),
    "a part of the day": ([X, OTHER, LEFT], [OTHER, X], 3_000, 2, 0),
    "within, and the balances agree": (
        [balances("0.00", "65.00"), THIRD, X, OTHER], [balances("35.00", "45.00"), X], 6_500, 1, 0,
    ),
    "each has one of its own": ([X, THIRD], [X, OTHER], 6_500, 0, 1),
    "another one went out": ([X, LEFT], [X, entry("4.00", side="DBIT", ref="F2")], 1_000, 0, 1),
    "each has one of its own, balances of one": (
        [balances("0.00", "45.00"), X, THIRD], [X, OTHER], 6_500, 0, 1,
    ),
    "the end of one may be the beginning of the other": (
        [balances("0.00", "45.00"), THIRD, X], [balances("35.00", "65.00"), X, OTHER], 6_500, 0, 1,
    ),
    "two of them, of which one may be the same": ([X, THIRD], [X, X, OTHER], 7_500, 0, 1),
    "balances that contradict prove nothing": (
        [balances("0.00", "10.00"), X], [balances("10.00", "99.00"), X], 1_000, 1, 0,
    ),
    "nothing came of both together": (
        [balances("7.00", "7.00"), X, entry(ref="B", side="DBIT")],
        [balances("7.00", "7.00"), X, entry(ref="B", side="DBIT")], 1_000, 1, 0,
    ),
}  # fmt: skip


@pytest.mark.parametrize("is_other_region", [False, True], ids=["one region", "two regions"])
@pytest.mark.parametrize("is_turned", [False, True], ids=["in order", "turned"])
@pytest.mark.parametrize("kind", PAIRS)
def test_equal_entries_of_two_statements(
    session, office, tmp_path, kind, is_turned, is_other_region
):
    *files, fen, before, asked = PAIRS[kind]
    if is_turned:
        files.reverse()
    make_region(session, SHANGHAI)
    office(camt(*files[0]), because="银行确认")
    region = SHANGHAI if is_other_region else PACK_REGION

    _kept, total = import_file(
        session, tmp_path, camt(tag("GrpHdr"), *files[1]), region, because="银行确认", name="second"
    )

    assert (booked(session), total.held) == (fen, asked)
    assert held(session) == WAITS * asked
    if not is_turned:
        assert total.duplicates == before


def test_a_statement_of_the_whole_day_brings_nothing_after_its_halves(session, office):
    office(camt(balances("0.00", "10.00"), X))
    office(camt(balances("10.00", "20.00"), X))

    _kept, total = office(camt(balances("0.00", "20.00"), X, X))

    assert (booked(session), total.duplicates) == (2_000, 2)


def test_a_third_statement_that_follows_is_booked_too(session, office):
    office(camt(balances("0.00", "10.00"), X))
    office(camt(balances("10.00", "20.00"), X))
    office(camt(balances("20.00", "30.00"), X))
    _kept, total = office(camt(tag("GrpHdr"), balances("10.00", "20.00"), X))

    assert (booked(session), total.duplicates) == (3_000, 1)


@pytest.mark.parametrize(
    ("inside", "fen"),
    [(("", ""), 1_000), ((balances("0.00", "10.00"), balances("10.00", "20.00")), 2_000)],
    ids=["nothing proves them apart", "balances that follow"],
)
def test_two_statements_of_one_file(session, office, inside, fen):
    _kept, total = office(camt(statements="".join(statement(proof, X) for proof in inside)))

    assert (booked(session), total.booked + total.duplicates) == (fen, 2)


HEAD = "交易日期,收入金额,对方户名,对方账号,摘要,流水号,余额"


@pytest.mark.parametrize("is_newest_first", [False, True])
def test_the_balances_of_tables_prove_them_apart(session, office, is_newest_first):
    files = (
        ["2026-11-20,10.00,甲,1,社保,,10.00", "2026-11-20,5.00,乙,2,社保,,15.00"],
        ["2026-11-20,10.00,甲,1,社保,,25.00", "2026-11-20,7.00,丙,3,社保,,32.00"],
    )
    for lines in files:
        office(table(*(lines[::-1] if is_newest_first else lines), head=HEAD))

    assert (booked(session), held(session)) == (3_200, [])


@pytest.mark.parametrize(
    ("titles", "fen", "waits"),
    [
        (("起止日期：2026-11-19 至 2026-11-19", "起止日期：2026-11-20 至 2026-11-20"), 3_200, []),
        (("查询期间 20261120-20261120", "查询期间 20261120-20261121"), 2_200, WAITS),
    ],
)
def test_the_periods_of_tables_prove_them_apart(session, office, titles, fen, waits):
    head = "交易日期,收入金额,对方户名,对方账号,摘要,流水号"
    files = (["2026-11-20,5.00,乙,2,社保,"], ["2026-11-20,7.00,丙,3,社保,"])
    for title, lines in zip(titles, files, strict=True):
        office(table("2026-11-20,10.00,甲,1,社保,", *lines, head=f"{title}\n{head}"))

    assert (booked(session), held(session)) == (fen, waits)


def asked(session):
    return session.scalars(select(HeldEntry)).one()


def test_what_came_twice_is_booked_and_a_later_statement_has_both(session, office):
    office(camt(X, THIRD))
    office(camt(X, OTHER))
    book_held(session, asked(session), NOW.date(), today=NOW.date(), actor=SYSTEM, at=NOW)

    _kept, total = office(camt(X, X, OTHER, THIRD))

    assert (booked(session), total.duplicates) == (7_500, 4)


def test_what_is_the_same_is_dismissed_and_a_later_statement_may_bring_another(session, office):
    office(camt(X, THIRD))
    office(camt(X, OTHER))
    dismiss_held(session, asked(session), "同一笔", actor=SYSTEM, at=NOW)

    _kept, total = office(camt(X, X, OTHER, THIRD))

    assert (booked(session), total.booked, total.duplicates) == (7_500, 1, 3)


def withdraw(session, kept):
    withdraw_statement(
        session, kept, "错文件", packs=packs_in_force(session), on=NOW.date(), actor=SYSTEM, at=NOW
    )


@pytest.mark.parametrize("reference", ["NONREF", "R7"])
def test_what_the_first_gives_up_the_second_brings(session, office, tmp_path, reference):
    shared = entry(ref=reference)
    content = camt(shared, OTHER)
    first, _total = office(camt(shared))
    second, total = import_file(session, tmp_path, content, PACK_REGION, name="second")
    assert (total.booked, total.duplicates) == (1, 1)
    assert left_to(session, first.id) == [second]

    withdraw(session, first)
    assert (booked(session), second.finished_at) == (2_000, None)
    again, total = import_file(session, tmp_path, content, PACK_REGION, name="second")

    assert (again.id, booked(session)) == (second.id, 3_000)
    assert (total.read, total.booked, total.duplicates) == (2, 1, 1)
    counts = Imported(**second.counts)
    assert (counts.read, counts.booked, counts.duplicates) == (2, 2, 0)
    assert import_file(session, tmp_path, content, PACK_REGION, name="second")[1].read == 0


def test_what_the_second_gives_up_stays_with_the_first(session, office):
    first, _total = office(camt(X))
    second, _total = office(camt(X, OTHER))
    withdraw(session, second)

    assert (booked(session), first.finished_at is None) == (1_000, False)
    assert left_to(session, second.id) == []


def test_an_entry_that_waited_is_not_asked_about_again(session, office, tmp_path):
    paid = entry("35.20", ref="P")
    other = entry("35.20", ref="P", details=detail(payer="乙"))
    first, _total = office(camt(X, paid, THIRD))
    content = camt(other, X, OTHER)
    second, total = import_file(session, tmp_path, content, PACK_REGION, name="second")
    assert (total.held, held(session)) == (2, [("payer_differs", "waiting"), *WAITS])

    withdraw(session, first)
    again = import_file(session, tmp_path, content, PACK_REGION, name="second")[1]

    assert left_to(session, first.id) == [second]
    assert (again.booked, again.held, again.duplicates, booked(session)) == (0, 0, 3, 2_000)
    assert Imported(**second.counts).held == len(held(session)) == 2


def test_two_pieces_ask_once(session, office, tmp_path):
    office(camt(X, THIRD))
    content = camt(X, OTHER, X)
    _kept, total = import_file(session, tmp_path, content, PACK_REGION, name="second", size=1)

    assert (total.booked, total.held, booked(session)) == (2, 1, 7_500)


def test_an_import_that_is_not_finished_does_not_have_the_rest(session, office, tmp_path):
    opened(session, tmp_path, camt(X, OTHER), PACK_REGION)
    office(camt(tag("GrpHdr"), X))

    assert (booked(session), session.scalar(select(func.count(HeldEntry.id)))) == (1_000, 0)
