"""What a run is shown beside: bills of its region and months that were issued, and no others."""

import pytest

from siweb.collection.levy.previews import compare
from siweb.collection.levy.previews.compare import (
    Totals,
    compare_totals,
    employer_totals,
    oddest_changes,
)
from siweb.collection.levy.previews.preview import ALONE
from siweb.collection.tables.bill import Bill, BillKind
from siweb.collection.tables.levy_run import LevyKind, LevyPreview, LevyState
from siweb.registry.codes import EmployerStatus, Insurance
from tests.bills import make_levy_run
from tests.conftest import NOW
from tests.factories import make_employer, make_person

REGION, ELSEWHERE = "310000", "110000"
MONTH, BEFORE = "2026-08", "2026-07"


@pytest.fixture
def engine(sqlite_engine):
    """Which bills count is the same on either database."""
    return sqlite_engine


@pytest.fixture
def firms(session):
    return {name: make_employer(session, name=name, region_code=REGION) for name in "甲乙丙丁"}


@pytest.fixture
def billed(session):
    """Bill a payer so much by a run."""

    def billed(run, payer, fen, **values):
        name = "employer_id" if hasattr(payer, "uscc") else "person_id"
        given = {
            "kind": BillKind.LEVY, "levy_run_id": run.id, "region_code": run.region_code,
            "contribution_month": run.contribution_month, "through_month": run.through_month,
            name: payer.id, "employer_fen": fen, "employee_fen": 0, "total_fen": fen,
            "due_on": run.due_on, "issued_at": NOW,
        }  # fmt: skip
        session.add(Bill(**(given | values)))
        session.flush()

    return billed


@pytest.fixture
def runs(session, firms, billed):
    """A first run of the month and of the one before, with what counts for neither beside them."""
    before, first = make_levy_run(session, BEFORE), make_levy_run(session, MONTH)
    for run, firm, fen in (
        (before, "甲", 1_000), (before, "乙", 500), (before, "丙", 70),
        (first, "甲", 1_000), (first, "乙", 200),
    ):  # fmt: skip
        billed(run, firms[firm], fen)
    billed(before, make_person(session, region_code=REGION), 3)
    billed(first, make_person(session, region_code=REGION), 40)
    for month in (BEFORE, MONTH):
        there = make_levy_run(session, month, region_code=ELSEWHERE)
        billed(there, firms["甲"], 90_000)
        more = make_levy_run(session, month)
        billed(more, firms["甲"], 80_000, issued_at=None)
        adjusted = make_levy_run(session, month, kind=LevyKind.ADJUSTMENT)
        billed(adjusted, firms["乙"], 70_000, kind=BillKind.ADJUSTMENT)
    older = make_levy_run(session, "2026-06")
    billed(older, firms["丁"], 60_000)
    return before, first


def shown(changes):
    return [(each.employer_name, each.before_fen, each.now_fen) for each in changes]


def test_a_second_run_is_shown_with_what_the_first_billed(session, firms, billed, runs):
    second = make_levy_run(session, MONTH, totals={"total_fen": 900})
    billed(second, firms["乙"], 250)
    billed(second, firms["丁"], 650)

    totals = compare_totals(session, second)
    assert totals == Totals(run_fen=900, month_fen=900 + 1_240, before_fen=1_573)
    assert totals.difference_fen == 567
    found, has_more = employer_totals(session, second, page=1)
    assert (shown(found), has_more) == ([("丁", 0, 650), ("乙", 500, 450)], False)
    # Who changes nothing is not odd; who is billed nothing any more is.
    assert shown(oddest_changes(session, second)) == [
        ("丁", 0, 650), ("丙", 70, 0), ("乙", 500, 450),
    ]  # fmt: skip
    assert [each.difference_fen for each in oddest_changes(session, second)] == [650, -70, -50]


def test_a_preview_is_shown_as_if_it_were_billed(session, firms, runs):
    preview = make_levy_run(
        session, MONTH, kind=LevyKind.PREVIEW, state=LevyState.SHOWN, totals={"total_fen": 33}
    )
    other = make_levy_run(session, MONTH, kind=LevyKind.PREVIEW, state=LevyState.SHOWN)
    for run, employer_id, insurance, sides in (
        (preview, firms["丙"].id, Insurance.PENSION, (20, 8)),
        (preview, firms["丙"].id, Insurance.MEDICAL, (4, 1)),
        (preview, ALONE, Insurance.PENSION, (0, 5_000)),
        (other, firms["丁"].id, Insurance.PENSION, (6_000, 0)),
    ):
        session.add(
            LevyPreview(
                levy_run_id=run.id, employer_id=employer_id, insurance=insurance, headcount=1, base_fen=0,
                employer_fen=sides[0], employee_fen=sides[1],
            )
        )  # fmt: skip
    session.flush()
    firms["丙"].status = EmployerStatus.CANCELLED

    assert compare_totals(session, preview) == Totals(33, 33 + 1_240, 1_573)
    (found,), has_more = employer_totals(session, preview, page=1)
    assert (shown([found]), has_more, found.is_closed) == ([("丙", 70, 33)], False, True)
    odd = oddest_changes(session, preview)
    assert shown(odd) == [("乙", 500, 200), ("丙", 70, 33)]
    assert [each.is_closed for each in odd] == [False, True]


def test_an_adjustment_stands_alone(session, firms, billed, runs):
    run = make_levy_run(
        session, MONTH, kind=LevyKind.ADJUSTMENT, totals={"total_fen": -30}, issued_at=None
    )
    billed(run, firms["甲"], -50, kind=BillKind.ADJUSTMENT, issued_at=None)
    billed(run, firms["乙"], 20, kind=BillKind.ADJUSTMENT, issued_at=None)
    billed(run, make_person(session, region_code=REGION), 7, issued_at=None)

    assert compare_totals(session, run) == Totals(-30, -30, 0)
    found, _has_more = employer_totals(session, run, page=1)
    assert shown(found) == [("乙", 0, 20), ("甲", 0, -50)]
    assert shown(oddest_changes(session, run)) == [("甲", 0, -50), ("乙", 0, 20)]


def test_employers_are_shown_page_by_page_and_the_oddest_so_many(session, billed, monkeypatch):
    monkeypatch.setattr(compare, "PAGE", 2)
    monkeypatch.setattr(compare, "ODDEST", 2)
    run = make_levy_run(session, MONTH)
    for name in "abcde":
        billed(run, make_employer(session, name=name, region_code=REGION), 10)

    pages = [employer_totals(session, run, page=number) for number in (1, 2, 3)]

    assert [("".join(each.employer_name for each in found), more) for found, more in pages] == [
        ("ab", True), ("cd", True), ("e", False),
    ]  # fmt: skip
    assert [each.employer_name for each in oddest_changes(session, run)] == ["a", "b"]
    run.totals = {}
    assert compare_totals(session, run).run_fen == 0
