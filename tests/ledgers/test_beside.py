"""What is told of one person: rows of others, and of what is over or counts for nothing, beside."""

from datetime import date, timedelta

import pytest

from siweb.auth.tables.api_token import ApiToken
from siweb.collection.tables.levy_run import LevyState
from siweb.ledgers.access_log.may_read import may_read
from siweb.ledgers.account.transfer import paid_months
from siweb.ledgers.certificates import enrolment
from siweb.ledgers.certificates.benefits import certify_pension, pension_income, state_benefits
from siweb.ledgers.certificates.certificate import Asked, CertificateRefused
from siweb.ledgers.certificates.enrolment import certify_enrolment
from siweb.ledgers.mark_state import MarkState
from siweb.ledgers.record.overview import SHOWN_MONTHS, AccountGrowth, load_overview
from siweb.ledgers.tables.account_entry import EntryKind
from siweb.ledgers.tables.benefit_entry import BenefitEntry, BenefitEntryKind
from siweb.ledgers.tables.transfer_segment import Direction, TransferSegment
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.tables.benefit import Benefit, BenefitKind, BenefitState
from tests import factories
from tests.bills import make_levy_run
from tests.conftest import NOW

TODAY, A_DAY = NOW.date(), timedelta(days=1)
MONTH, LAST_MONTH = "2026-11", "2026-10"
PAID, HELD = BenefitEntryKind.PAID, BenefitEntryKind.HELD


@pytest.fixture
def engine(sqlite_engine):
    """Which rows count is the same on either database."""
    return sqlite_engine


@pytest.fixture
def other(session):
    return factories.make_person(session, name="别人")


def firms_that_read(session, person):
    found = may_read(session, person.id, on=TODAY)
    return {each.employer_name for each in found.people}


def test_an_employer_reads_as_long_as_somebody_works_or_is_insured_there(session, person, other):
    account = factories.make_account(session, factories.make_person(session))

    def firm(name):
        made = factories.make_employer(session, name=name)
        factories.make_mandate(session, account, made)
        return made

    for name, whose, ended_on in (
        ("works", person, None), ("to today", person, TODAY), ("left", person, TODAY - A_DAY),
        ("another's", other, None),
    ):  # fmt: skip
        factories.make_employment(session, whose, firm(name), ended_on=ended_on)
    for name, whose, to_month in (
        ("insured", person, None), ("this month", person, MONTH), ("before", person, LAST_MONTH),
        ("insures another", other, None),
    ):  # fmt: skip
        factories.make_enrolment(session, whose, employer=firm(name), to_month=to_month)
    factories.make_enrolment(session, person, Insurance.MEDICAL)

    assert firms_that_read(session, person) == {"works", "to today", "insured", "this month"}


def test_who_reads_for_an_employer_holds_a_mandate_or_a_token_today(session, person):
    first, second = (factories.make_employer(session, name=name) for name in "甲乙")
    for firm in (first, second):
        factories.make_employment(session, person, firm)
    apart = factories.make_employer(session)

    def mandate(kind, firm=first, **values):
        account = factories.make_account(session, factories.make_person(session))
        factories.make_mandate(session, account, firm, kind, **values)
        return account

    holder = mandate("filer")
    mandate("filer", from_on=TODAY, until_on=TODAY)
    mandate("owner", second)
    for values in (
        {"revoked_at": NOW}, {"from_on": TODAY + A_DAY}, {"until_on": TODAY - A_DAY},
        {"firm": apart},
    ):  # fmt: skip
        mandate("viewer", **values)
    for number, (name, firm, values) in enumerate((
        ("b", second, {}), ("a", first, {"expires_on": TODAY}), ("c", first, {}),
        ("over", first, {"expires_on": TODAY - A_DAY}), ("ended", first, {"revoked_at": NOW}),
        ("apart", apart, {}),
    )):  # fmt: skip
        given = {"expires_on": TODAY + A_DAY, "scopes": [], "issued_at": NOW, "beginning": "s"}
        session.add(
            ApiToken(
                employer_id=firm.id, account_id=holder.id, name=name, secret_hash=f"{number}",
                **(given | values),
            )
        )  # fmt: skip
        session.flush()

    found = may_read(session, person.id, on=TODAY)

    assert [(each.employer_name, each.kind.value, each.people) for each in found.people] == [
        ("甲", "filer", 2), ("乙", "owner", 1),
    ]  # fmt: skip
    assert [(each.employer_name, each.name) for each in found.programs] == [
        ("甲", "a"), ("甲", "c"), ("乙", "b"),
    ]  # fmt: skip


@pytest.fixture
def pension(session, person, other):
    """A pension with two years of entries, of which some are of something else."""
    made = [
        Benefit(
            person_id=whose.id, region_code=whose.region_code, kind=kind, monthly_fen=1_000,
            from_month="2020-01", state=BenefitState.ACTIVE, certified_on=TODAY,
        )
        for whose, kind in (
            (person, BenefitKind.PENSION), (person, BenefitKind.INJURY),
            (other, BenefitKind.PENSION),
        )
    ]  # fmt: skip
    session.add_all(made)
    session.flush()
    for whose, month, benefit, kind, fen in (
        (person, "2025-11", BenefitKind.PENSION, PAID, 1),
        (person, "2025-12", BenefitKind.PENSION, PAID, 20),
        (person, "2026-01", BenefitKind.PENSION, PAID, 300),
        (person, "2026-01", BenefitKind.INJURY, PAID, 4_000),
        (person, "2026-03", BenefitKind.INJURY, PAID, 5_000),
        (person, "2026-09", BenefitKind.PENSION, HELD, 60_000),
        (person, MONTH, BenefitKind.PENSION, PAID, 700_000),
        (person, "2026-12", BenefitKind.PENSION, PAID, 8_000_000),
        (person, "2027-01", BenefitKind.PENSION, PAID, 9),
        (other, MONTH, BenefitKind.PENSION, PAID, 10),
    ):
        session.add(
            BenefitEntry(
                region_code=whose.region_code, month=month, person_id=whose.id, benefit=benefit,
                kind=kind, sequence=0, amount_fen=fen, recorded_at=NOW,
                paid_on=TODAY if kind is PAID else None,
            )
        )  # fmt: skip
    session.flush()
    return made[0]


def facts_of(content):
    return [value for _label, value in content.payload["facts"]]


def test_a_pension_income_is_that_of_twelve_months_up_to_this_one(session, person, pension):
    income = pension_income(session, pension, TODAY)

    assert (income.first, income.last, len(income.by_month)) == ("2025-12", MONTH, 12)
    assert {month: fen for month, fen in income.by_month.items() if fen} == {
        "2025-12": 20, "2026-01": 300, MONTH: 700_000,
    }  # fmt: skip
    assert (income.monthly_fen, income.paid_fen) == (1_000, 700_320)
    content = certify_pension(session, person, Asked(), TODAY)
    (table,) = content.payload["tables"]
    assert [row[1] for row in table["rows"]] == [
        {"amount": 20}, {"amount": 300}, {"amount": 700_000},
    ]  # fmt: skip
    assert (content.first_month, content.last_month) == ("2025-12", MONTH)
    assert facts_of(content)[:3] == [{"fen": 1_000}, {"fen": 700_320}, {"month": "2020-01"}]


@pytest.mark.parametrize(
    ("state", "monthly"),
    [
        (BenefitState.DUE, 1_000), (BenefitState.OVERDUE, 1_000), (BenefitState.SUSPENDED, 0),
        (BenefitState.TERMINATED, 0),
    ],
)  # fmt: skip
def test_what_is_suspended_or_over_comes_to_nothing_a_month(session, pension, state, monthly):
    pension.state = state

    assert pension_income(session, pension, TODAY).monthly_fen == monthly
    # Of a day after the last entry by more than a year nothing was paid, and there is no table.
    later = date(2028, 2, 1)
    assert pension_income(session, pension, later).paid_fen == 0


def test_a_year_of_benefits_is_that_year_alone(session, person, pension):
    content = state_benefits(session, person, Asked(year=2026), TODAY)

    assert facts_of(content) == [{"fen": 8_700_300}, {"fen": 9_000}]
    (table,) = content.payload["tables"]
    assert [row[3]["amount"] for row in table["rows"]] in (
        [300, 4_000, 5_000, 60_000, 700_000, 8_000_000],
        [4_000, 300, 5_000, 60_000, 700_000, 8_000_000],
    )
    assert [row[4] == "" for row in table["rows"]] == [False, False, False, True, False, False]
    assert len(content.payload["notes"]) == 1
    # Where nothing is held back there is nothing to explain.
    assert not state_benefits(session, person, Asked(year=2025), TODAY).payload.get("notes")
    with pytest.raises(CertificateRefused, match="no_benefits"):
        state_benefits(session, person, Asked(year=2024), TODAY)


def test_the_latest_enrolments_stand_on_the_paper(session, person, other, monkeypatch):
    monkeypatch.setattr(enrolment, "_MOST_ROWS", 2)
    factories.make_enrolment(session, other, from_month="2001-01")

    def paper():
        content = certify_enrolment(session, person, Asked(), TODAY)
        rows = content.payload["tables"][0]["rows"]
        return [row[4]["month"] for row in rows], len(content.payload["notes"]), content

    with pytest.raises(CertificateRefused, match="nothing_recorded"):
        paper()
    factories.make_enrolment(session, person, from_month="2010-01")
    factories.make_enrolment(
        session, person, Insurance.MEDICAL, from_month="2015-01", to_month="2016-12"
    )
    assert paper()[:2] == (["2010-01", "2015-01"], 1)

    factories.make_enrolment(
        session, person, Insurance.MEDICAL, from_month="2012-01", to_month="2013-12"
    )
    months, notes, content = paper()
    # What goes on is the latest of all, however early it began.
    assert (months, notes) == (["2010-01", "2015-01"], 2)
    assert (content.first_month, content.last_month) == ("2010-01", MONTH)


def test_only_records_of_issued_runs_are_paid_months(session, person, other):
    for month, state in (("2026-01", LevyState.COMPUTING), ("2026-02", LevyState.ISSUED)):
        run = make_levy_run(session, month, state=state)
        factories.make_record(session, person, month, levy_run_id=run.id)
    factories.make_record(session, person, "2026-03", Insurance.MEDICAL)
    factories.make_record(session, person, "2026-04", paid_on=None)
    factories.make_record(session, other, "2026-05")

    assert [each.month for each in paid_months(session, person.id)] == ["2026-02"]
    assert load_overview(session.connection(), person.id, on=TODAY).paid_months == 1


def test_home_counts_what_is_a_persons_own(session, person, other):
    person.deemed_months = 5
    for number, year, kind, fen in (
        (person, 2025, EntryKind.OPENING, 1_000), (person, 2025, EntryKind.INTEREST, 20),
        (person, 2026, EntryKind.CREDIT, 300), (other, 2025, EntryKind.OPENING, 4_000),
    ):  # fmt: skip
        values = {"contribution_month": "2026-01"} if kind is EntryKind.CREDIT else {}
        factories.make_account_entry(session, number, year, kind, fen, **values)
    for whose, direction, months in (
        (person, Direction.IN, 9), (person, Direction.OUT, 2), (other, Direction.IN, 70),
    ):  # fmt: skip
        session.add(
            TransferSegment(
                person_id=whose.id, direction=direction, other_region="南京", months=months,
                from_month="2020-01", through_month="2020-12", amount_fen=1, transferred_on=TODAY,
                recorded_at=NOW,
            )
        )  # fmt: skip
    factories.make_record(session, person, "2025-11")
    factories.make_record(session, person, "2025-12")
    # One more of the month is open: the month is not paid.
    factories.make_record(session, person, "2025-12", paid_on=None, base_fen=0)
    factories.make_record(session, other, "2026-01")
    employer = factories.make_employer(session)
    for whose, insurance, firm, to_month in (
        (person, Insurance.PENSION, None, MONTH), (person, Insurance.MEDICAL, employer, LAST_MONTH),
        (other, Insurance.PENSION, employer, None),
    ):  # fmt: skip
        factories.make_enrolment(
            session, whose, insurance, employer=firm, from_month="2026-01", to_month=to_month
        )

    found = load_overview(session.connection(), person.id, on=TODAY)

    assert (found.paid_months, found.deemed_months, found.moved_months) == (1, 5, 7)
    assert found.counted_months == 13
    assert found.account == (AccountGrowth(2025, 1_000, 20), AccountGrowth(2026, 1_300, 20))
    assert [each.balance_fen for each in found.account] == [1_020, 1_320]
    assert found.schemes == {Scheme.FLEXIBLE}
    assert (found.months[0], found.months[-1]) == ("2025-12", MONTH)
    assert len(found.months) == SHOWN_MONTHS
    assert found.marks[Insurance.PENSION][0] is not MarkState.PAID
    assert found.marks[Insurance.PENSION][1] is not MarkState.NOT_ENROLLED
    assert found._replace(moved_months=-50).counted_months == 0
    assert found.has_anything


@pytest.mark.parametrize("only", ["enrolment", "entry", "record", "unpaid", "nothing"])
def test_home_says_whether_there_is_anything_at_all(session, person, other, only):
    if only == "enrolment":
        factories.make_enrolment(session, person, to_month="2024-12")
    elif only == "entry":
        factories.make_account_entry(session, person, 2020, EntryKind.OPENING, 1)
    elif only == "record":
        factories.make_record(session, person, "2020-01")
    elif only == "unpaid":
        factories.make_record(session, person, "2020-01", Insurance.MEDICAL, paid_on=None)
    factories.make_enrolment(session, other)

    found = load_overview(session.connection(), person.id, on=TODAY)

    assert found.has_anything is (only != "nothing")
    assert found.schemes == set()
