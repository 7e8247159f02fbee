"""Where a city rounds the employer's total, its lines are that total: levied, shown and adjusted."""

from random import Random

import pytest
from sqlalchemy import func, select

from siweb.audit.actor import SYSTEM
from siweb.collection.books.imbalance import Scope
from siweb.collection.books.prove import check_books
from siweb.collection.levy.previews.compare import employer_totals
from siweb.collection.tables.bill import Bill, BillLine
from siweb.collection.tables.levy_run import LevyKind
from siweb.registry.packs.import_packs import import_packs
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.employer import Employer
from siweb.rules.contributions.premium import compute_employer_total
from siweb.rules.parameters.load import load_packs
from siweb.rules.parameters.read import read_pack
from tests.conftest import NOW
from tests.levies import BEIJING, INSURANCES, MONTH, ON, SHANGHAI, adjust, levy


@pytest.fixture
def total_is_rounded(session, hire_at):
    """Put a pack in force by which the employer's total is rounded, up to the jiao."""
    employer = hire_at(SHANGHAI, injury_class=4)
    text = load_packs().packs[SHANGHAI].text.replace('scope = "person"', 'scope = "employer_total"')
    pack, problems = read_pack(text, f"{SHANGHAI}.toml")
    assert not problems
    import_packs(session, [pack], actor=SYSTEM, at=NOW)
    session.commit()
    return employer


def lines_of(session, employer):
    rows = session.execute(
        select(BillLine.insurance, func.sum(BillLine.employer_fen), func.sum(BillLine.employee_fen))
        .join(Bill)
        .where(Bill.employer_id == employer.id)
        .group_by(BillLine.insurance)
    )
    return {insurance.value: (int(one), int(other)) for insurance, one, other in rows}


def by_the_rules(session, employer, bases, month=MONTH):
    due = {}
    for insurance in INSURANCES:
        risk = {}
        if insurance == "work_injury":
            risk = {"injury_class": employer.injury_class, "injury_tier": employer.injury_tier_ppm}
        parameters = packs_in_force(session).parameters(SHANGHAI, month, as_of=ON)
        total = compute_employer_total(parameters.premium_terms(insurance, **risk), bases)
        due[insurance] = (total.employer, total.employee)
    return due


@pytest.mark.parametrize("seed", range(6))
def test_levied_shown_and_adjusted_it_is_the_rounded_total(
    session, total_is_rounded, insure, declare, seed
):
    employer, random = total_is_rounded, Random(seed)
    bases = [random.randrange(5_000_000) for _ in range(random.randint(1, 5))]
    people = [insure(base, employer, SHANGHAI) for base in bases]

    shown = levy(session, SHANGHAI, kind=LevyKind.PREVIEW)
    billed = levy(session, SHANGHAI)

    assert lines_of(session, employer) == by_the_rules(session, employer, bases)
    assert shown.totals["insurances"] == billed.totals["insurances"]
    changed = {number: random.randrange(5_000_000) for number in range(0, len(bases), 2)}
    for number, base in changed.items():
        declare(people[number], employer, MONTH, base)
    adjust(session, SHANGHAI, months=(MONTH, MONTH))
    now = [changed.get(number, base) for number, base in enumerate(bases)]
    assert lines_of(session, employer) == by_the_rules(session, employer, now)
    assert not list(check_books(session, packs_in_force(session), Scope()).lines())


def test_each_employer_is_shown_at_the_rate_of_its_own_class(
    session, total_is_rounded, hire_at, insure
):
    employers = [total_is_rounded, hire_at(SHANGHAI, injury_class=8)]
    for number, employer in enumerate(employers):
        employer.name = f"{number}号公司"
        insure(1_000_003, employer, SHANGHAI)

    run = levy(session, SHANGHAI, kind=LevyKind.PREVIEW)
    shown, _has_more = employer_totals(session, run, page=1)
    levy(session, SHANGHAI)

    billed = session.execute(
        select(Employer.name, Bill.total_fen).join(Bill, Bill.employer_id == Employer.id)
    )
    assert {one.employer_name: one.now_fen for one in shown} == {
        row.name: row.total_fen for row in billed
    }
    assert len({one.now_fen for one in shown}) == 2


def test_an_adjustment_of_two_months_changes_the_total_of_its_employer_alone(
    session, total_is_rounded, hire_at, insure, declare
):
    """Another employer of another class, other months and another region's lines are beside it."""
    first, second = total_is_rounded, hire_at(SHANGHAI, injury_class=8)
    elsewhere = hire_at(BEIJING)
    mine = [insure(base, first, SHANGHAI) for base in (1_000_003, 2_000_007, 1_234_561)]
    insure(1_500_011, second, SHANGHAI)
    insure(1_777_777, elsewhere)
    months = ("2026-07", MONTH)
    for month in ("2026-06", *months):
        levy(session, SHANGHAI, month)
    levy(session, BEIJING)

    def due(employer, *by_month):
        sums = {}
        for month, bases in by_month:
            for name, amounts in by_the_rules(session, employer, bases, month).items():
                sums[name] = tuple(map(sum, zip(sums.get(name, (0, 0)), amounts, strict=True)))
        return sums

    before = [1_000_003, 2_000_007, 1_234_561]
    theirs = due(second, *((month, [1_500_011]) for month in ("2026-06", *months)))
    others = lines_of(session, elsewhere)
    assert lines_of(session, first) == due(first, *((m, before) for m in ("2026-06", *months)))
    for base in (1_600_009, 987_653):
        declare(mine[0], first, months[0], base)
        run = adjust(session, SHANGHAI, months=months)
        now = [base, *before[1:]]
        assert run.totals["total_fen"] != 0
        assert lines_of(session, first) == due(
            first, ("2026-06", before), *((month, now) for month in months)
        )
        assert lines_of(session, second) == theirs
        assert lines_of(session, elsewhere) == others
