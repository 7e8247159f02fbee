"""Who is named beside a levy, and what the tax office is told: of its region and month alone."""

import csv
from io import StringIO

import pytest

from siweb.collection.levy import not_billed
from siweb.collection.levy.not_billed import NotBilled, count_not_billed, people_without_base
from siweb.collection.statements.tax_office import HEADINGS, due_lines
from siweb.collection.tables.levy_run import LevyState
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.declared_base import DeclaredBase
from tests import factories
from tests.bills import make_bill, make_levy_run
from tests.levies import BEIJING, SHANGHAI

MONTH, BEFORE = "2026-08", "2026-07"


@pytest.fixture
def engine(sqlite_engine):
    """Who is named is the same on either database."""
    return sqlite_engine


@pytest.fixture
def firm(session):
    for region in (BEIJING, SHANGHAI):
        factories.make_region(session, region)
    return factories.make_employer(session, region_code=BEIJING, name="甲公司")


@pytest.fixture
def insured(session, firm):
    def insured(name, employer=firm, base_from=None, base_at=firm, **values):
        person = factories.make_person(session, name=name, region_code=BEIJING)
        insurances = values.pop("insurances", (Insurance.PENSION,))
        for insurance in insurances:
            factories.make_enrolment(
                session, person, insurance, employer=employer,
                **({"from_month": "2026-01"} | values),
            )  # fmt: skip
        if base_from:
            session.add(
                DeclaredBase(
                    person_id=person.id, region_code=BEIJING,
                    employer_id=base_at and base_at.id, from_month=base_from,
                    declared_base_fen=1, origin="yearly", declared_at=factories.AT,
                )
            )  # fmt: skip
        session.flush()
        return person

    return insured


def test_without_a_base_are_those_of_the_month_who_are_not_billed(
    session, firm, insured, monkeypatch
):
    other = factories.make_employer(session, region_code=BEIJING, name="乙公司")
    run = make_levy_run(session, MONTH, region_code=BEIJING, state=LevyState.COMPUTING)
    both = (Insurance.PENSION, Insurance.MEDICAL)
    one, two = insured("无基数", insurances=both), insured("他人处有", other, BEFORE)
    later = insured("以后才有", base_from="2026-09")
    alone = insured("自己缴", None, scheme=Scheme.FLEXIBLE, from_month=MONTH)
    until = insured("到本月", to_month=MONTH, from_month="2026-02")
    insured("有基数", base_from=MONTH)
    insured("居民", None, scheme=Scheme.RESIDENT)
    insured("已停", to_month=BEFORE)
    insured("下月起", from_month="2026-09")
    insured("外地", region_code=SHANGHAI)
    billed = insured("已开单")
    factories.make_record(session, billed, MONTH, employer=firm)
    factories.make_record(session, one, BEFORE, employer=firm)

    def named(page=1):
        found, has_more = people_without_base(session, run, page=page)
        return [(each.person_id, each.employer_name, each.from_month) for each in found], has_more

    everybody = [
        (alone.id, None, MONTH), (two.id, "乙公司", "2026-01"), (one.id, "甲公司", "2026-01"),
        (later.id, "甲公司", "2026-01"), (until.id, "甲公司", "2026-02"),
    ]  # fmt: skip
    assert named() == (everybody, False)
    run.totals = {"records": 99}
    assert count_not_billed(session, run) == NotBilled(no_base=5, other=1)
    monkeypatch.setattr(not_billed, "PAGE", 2)
    assert [named(page) for page in (1, 2, 3)] == [
        (everybody[:2], True), (everybody[2:4], True), (everybody[4:], False),
    ]  # fmt: skip


def test_the_tax_office_is_told_of_what_it_collects_there_for_the_month(
    session, firm, tax_office_collects
):
    tax_office_collects("pension", "work_injury")
    packs = packs_in_force(session)
    people = [factories.make_person(session, name=name, region_code=BEIJING) for name in "一二三"]
    run = make_levy_run(session, MONTH, region_code=BEIJING)
    bills = [
        make_bill(session, people[:2], employer=firm, run=run),
        make_bill(session, [people[2]], run=run, insurances=(Insurance.PENSION,)),
    ]
    make_bill(session, people[:1], employer=firm, run=make_levy_run(
        session, BEFORE, region_code=BEIJING
    ))  # fmt: skip
    waits = make_levy_run(session, MONTH, region_code=BEIJING)
    make_bill(session, [factories.make_person(session)], run=waits, issued_at=None)
    make_bill(session, people[:1], employer=firm, run=make_levy_run(
        session, MONTH, region_code=SHANGHAI
    ))  # fmt: skip

    lines = list(due_lines(session, BEIJING, MONTH, packs=packs))

    rows = list(csv.reader(StringIO("".join(line for line, _fen in lines).lstrip("\ufeff"))))
    assert rows[0] == list(HEADINGS)
    first, second = (f"{bill.bank_reference:012d}" for bill in bills)
    months, due = [MONTH, MONTH], run.due_on.isoformat()
    assert rows[1:] == [
        [first, firm.uscc, "甲公司", *months, "基本养老保险", "2",
         "20000.00", "3200.00", "1600.00", "4800.00", due],
        [first, firm.uscc, "甲公司", *months, "工伤保险", "2",
         "20000.00", "40.00", "0.00", "40.00", due],
        [second, people[2].id_number, "三", *months, "基本养老保险", "1",
         "10000.00", "0.00", "2400.00", "2400.00", due],
    ]  # fmt: skip
    assert [fen for _line, fen in lines] == [0, 480_000, 4_000, 240_000]
