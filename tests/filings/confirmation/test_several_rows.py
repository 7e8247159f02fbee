"""What one row must not do to another, to months that are paid, or to what goes on."""

from datetime import date

import pytest
from sqlalchemy import func, inspect, select

from siweb.filings.confirmation.confirm import confirm_filing
from siweb.filings.drafts.revalidate import revalidate_refused
from siweb.filings.fields.of_kinds import fields_of
from siweb.filings.fields.values import value_finding
from siweb.filings.tables.filing import Filing, FilingKind, FilingState
from siweb.filings.tables.filing_row import FilingRow
from siweb.registry.claim_enrolments import release_claims
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.person import Person
from tests import factories
from tests.conftest import NOW
from tests.filings.test_filing import (
    ALL,
    MAN,
    TODAY,
    WOMAN,
    actor,
    codes,
    draft,
    hire,
    of,
    person,
    send,
)

# The fixtures of the file beside.
__all__ = ["actor", "draft", "person", "send"]


def spans(session, who):
    rows = session.execute(
        select(Enrolment.insurance, Enrolment.employer_id, Enrolment.from_month, Enrolment.to_month)
        .where(Enrolment.person_id == who.id)
        .order_by(Enrolment.insurance, Enrolment.from_month)
    )
    return [(one.insurance.value, one.employer_id, one.from_month, one.to_month) for one in rows]


def test_a_person_stands_once_in_a_list_whatever_the_month(session, draft, send):
    filing, rows = draft("hire", hire(), hire(start_month="2026-12"))

    assert [row.state.value for row in rows] == ["good", "refused"]
    assert rows[1].findings[0]["facts"] == {"row": 1}
    assert send(filing) == (1, 1, True)
    assert session.scalar(select(func.count(Person.id)).where(Person.id_number == MAN)) == 1


def test_what_stays_behind_is_of_the_list_that_was_sent_alone(session, draft, send):
    other, _rows = draft("hire", hire(id_number=WOMAN), hire(id_number=WOMAN))
    filing, _rows = draft("hire", hire(), hire())
    filing.origin = "api"

    send(filing)

    rest = session.scalars(select(Filing).where(Filing.rest_of_id == filing.id)).one()
    assert rest.totals == {"codes": {"twice_in_filing": 1, "refused": 1}}
    rows = session.execute(
        select(FilingRow.filing_id, FilingRow.position, FilingRow.state).order_by(
            FilingRow.filing_id, FilingRow.position
        )
    ).all()
    assert [(filing_id, position, state.value) for filing_id, position, state in rows] == [
        (other.id, 1, "refused"),
        (other.id, 2, "refused"),
        (filing.id, 1, "applied"),
        (rest.id, 2, "refused"),
    ]


def test_two_leavings_of_one_person_are_not_both_accepted(person, draft):
    given = of(person, ended_on="2026-11-20", end_reason="resigned", is_voluntary="yes")

    _filing, rows = draft(
        "leave", given | {"stop_month": "2026-11"}, given | {"stop_month": "2026-10"}
    )

    assert [row.state.value for row in rows] == ["good", "refused"]


@pytest.mark.parametrize("typed", ["\u202d{}", "’{}", "{}\u00a0", " {} "])
def test_a_number_is_looked_up_as_it_is_meant(session, draft, typed):
    known = factories.make_person(session, id_number=MAN, name="陈新")
    elsewhere = factories.make_employer(session, region_code="310000")
    factories.make_enrolment(session, known, employer=elsewhere, region_code="310000")

    _filing, [row] = draft("hire", hire(id_number=typed.format(MAN)))

    assert row.row_values["id_number"] == MAN
    assert "enrolled_elsewhere" in codes(row)


def test_a_wage_beyond_32_bits_is_a_row_like_any_other(draft, send):
    filing, [row] = draft("hire", hire(wage_fen=3_000_000_000))

    assert codes(row) == {"cut_to_ceiling"}
    assert send(filing) == (1, 0, True)


def test_a_change_to_a_wage_of_nothing_asks_from_when(person, draft):
    _filing, [row] = draft("change", of(person, wage_fen=0, mobile="13800001234"))

    assert codes(row) == {"start_month_missing"}


def test_only_what_the_employer_takes_over_ends_alone(session, draft, send):
    known = factories.make_person(session, id_number=MAN, name="陈新")
    factories.make_enrolment(session, known, region_code="310000", from_month="2026-01")
    filing, _rows = draft("hire", hire(insurances=["work_injury"]))

    send(filing)

    assert [(one, end) for one, _by, _start, end in spans(session, known)] == [
        ("pension", None),
        ("work_injury", None),
    ]


def test_what_would_begin_alone_in_the_month_of_the_hire_never_began(
    session, draft, send, employer
):
    known = factories.make_person(session, id_number=MAN, name="陈新")
    factories.make_enrolment(session, known, region_code="310000", from_month="2026-11")
    filing, _rows = draft("hire", hire(insurances=["pension"]))

    send(filing)

    assert spans(session, known) == [("pension", employer.id, "2026-11", None)]


@pytest.mark.parametrize(
    ("start", "found"),
    [
        ("2026-11", {"covered_through"}),
        # December can begin; that November here is not covered is said all the same.
        ("2026-12", {"uncovered_months"}),
    ],
)
def test_a_month_that_an_employer_covers_is_not_covered_again(session, draft, start, found):
    known = factories.make_person(session, id_number=MAN, name="陈新")
    elsewhere = factories.make_employer(session, region_code="310000")
    factories.make_enrolment(
        session,
        known,
        employer=elsewhere,
        region_code="310000",
        from_month="2026-01",
        to_month="2026-11",
    )

    _filing, [row] = draft("hire", hire(start_month=start))

    assert codes(row) == found


def test_when_nothing_is_good_any_more_the_draft_stays(session, draft, send):
    filing, _rows = draft("hire", hire())
    other, _rows = draft("hire", hire())
    send(other)

    assert send(filing) == (0, 1, True)

    session.expire_all()
    assert session.get_one(Filing, filing.id).state is FilingState.DRAFT
    assert session.get_one(Filing, filing.id).confirmed_at is None


def test_what_was_refused_is_good_when_what_stood_against_it_is_over(session, draft, send):
    known = factories.make_person(session, id_number=MAN, name="陈新")
    elsewhere = factories.make_employer(session, region_code="310000")
    enrolment = factories.make_enrolment(
        session, known, employer=elsewhere, region_code="310000", from_month="2026-01"
    )
    filing, [row] = draft("hire", hire())
    assert codes(row) == {"enrolled_elsewhere"}
    enrolment.to_month = "2026-10"
    release_claims(session, [known.id])

    revalidate_refused(session, filing, packs=packs_in_force(session), on=TODAY)

    session.expire_all()
    assert session.scalars(select(FilingRow.state)).one().value == "good"
    assert filing.totals["codes"] == {"good": 1}
    assert send(filing) == (1, 0, True)


def test_a_row_that_could_not_be_read_stays_refused(session, draft):
    filing, [row] = draft("hire", hire())
    row.row_values = {name: value for name, value in hire().items() if name != "hired_on"}
    unread = {"field": "hired_on", "text": "下周"}
    row.findings = [{"code": "cell_day", "level": "error", "facts": unread}]
    row.state = "refused"
    session.flush()

    revalidate_refused(session, filing, packs=packs_in_force(session), on=TODAY)

    session.expire_all()
    assert codes(session.get_one(FilingRow, inspect(row).identity)) == {"cell_day"}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"insurances": ["work_injury"]}, "missing_insurance"),
        ({"id_number": factories.make_id_number(date(1962, 1, 1), serial=7001)}, "past_retirement"),
        ({"id_number": "990101199001010019"}, "unknown_region"),
    ],
)
def test_what_is_unusual_is_flagged_and_accepted(draft, changed, code):
    _filing, [row] = draft("hire", hire(**changed))

    assert codes(row) == {code}
    assert row.state.value == "good"


def test_who_is_past_retirement_may_work_as_such(draft):
    old = factories.make_id_number(date(1962, 1, 1), serial=7001)

    _filing, [row] = draft("hire", hire(id_number=old, form="over_age"))
    _filing, [alone] = draft(
        "hire", hire(id_number=old, form="over_age", insurances=["work_injury"])
    )

    assert codes(row) == {"work_injury_alone"}
    assert codes(alone) == set()


def test_a_leaving_far_ahead_is_refused_and_one_long_ago_says_what_follows(person, draft):
    given = of(person, end_reason="resigned", is_voluntary="yes", stop_month="2026-11")

    _filing, [late] = draft("leave", given | {"ended_on": "2062-11-20"})
    _filing, [early] = draft("leave", given | {"ended_on": "2026-08-20", "stop_month": "2026-08"})

    assert codes(late) == {"ended_too_late"}
    assert codes(early) == {"back_stop", "late_leave"}


def declare(session, person, employer, fen, month="2026-01"):
    session.add(
        DeclaredBase(
            person_id=person.id,
            region_code=person.region_code,
            employer_id=employer.id,
            from_month=month,
            declared_base_fen=fen,
            origin="yearly",
            declared_at=NOW,
        )
    )
    session.flush()


def test_a_draft_that_is_checked_again_compares_with_the_base_of_now(
    session, person, employer, draft, send
):
    declare(session, person, employer, 800_000)
    filing, [row] = draft("change", of(person, wage_fen=900_000, start_month="2026-11"))
    declare(session, person, employer, 1_000_000, "2026-10")

    assert send(filing)[0] == 1

    session.refresh(row)
    assert row.row_values["present_fen"] == 1_000_000


def test_a_change_says_how_far_the_base_moves(session, person, employer, draft):
    declare(session, person, employer, 800_000)

    _filing, [row] = draft("change", of(person, wage_fen=3_000_000, start_month="2026-11"))

    assert codes(row) >= {"jump"}
    assert row.row_values["present_fen"] == 800_000


def test_a_draft_that_is_sent_late_counts_as_late(session, draft, send, actor):
    filing, [row] = draft("hire", hire(hired_on="2026-10-26", start_month="2026-10"))
    assert not row.is_late
    row.findings = []
    session.flush()
    confirm_filing(
        session,
        filing,
        packs=packs_in_force(session),
        actor=actor,
        on=date(2026, 12, 20),
        at=NOW,
        secret="s" * 32,
    )

    session.expire_all()
    assert session.get_one(FilingRow, inspect(row).identity).is_late


def test_all_insurances_are_known(draft):
    _filing, [row] = draft("hire", hire(insurances=ALL))
    assert codes(row) == set()


def test_only_what_was_paused_here_goes_on(session, person, employer, draft, send):
    """Another employer's insurances, another region's and those that ended earlier stay ended."""
    other = factories.make_employer(session, region_code="310000")
    insured = factories.make_enrolment
    insured(session, person, Insurance.MEDICAL, employer=employer)
    earlier = {"from_month": "2025-01", "to_month": "2026-03"}
    insured(session, person, Insurance.UNEMPLOYMENT, employer=employer, **earlier)
    insured(session, person, Insurance.MATERNITY, employer=other, from_month="2025-01",
            to_month="2026-10")  # fmt: skip
    elsewhere = factories.make_region(session, "110000").code
    insured(session, person, Insurance.WORK_INJURY, employer=employer, region_code=elsewhere,
            from_month="2025-01", to_month="2026-10")  # fmt: skip
    somebody = factories.make_person(session, name="李雷", region_code="310000")
    factories.make_employment(session, somebody, employer, hired_on=date(2025, 1, 6))
    insured(session, somebody, Insurance.WORK_INJURY, employer=employer, from_month="2025-01",
            to_month="2026-10")  # fmt: skip
    send(draft("pause", of(person, stop_month="2026-10"))[0])

    assert send(draft("resume", of(person, start_month="2026-12", wage_fen=900_000))[0])[0] == 1

    open_now = [
        (insurance, whose) for insurance, whose, _, last in spans(session, person) if not last
    ]
    assert open_now == [("pension", employer.id), ("medical", employer.id)]
    assert [last for *_, last in spans(session, somebody)] == ["2026-10"]


def test_only_the_employers_own_insurances_are_paused(session, person, employer, draft, send):
    other = factories.make_employer(session, region_code="310000")
    factories.make_enrolment(session, person, Insurance.MEDICAL, employer=other)

    send(draft("pause", of(person, stop_month="2026-10"))[0])

    assert spans(session, person) == [
        ("pension", employer.id, "2025-01", "2026-10"),
        ("medical", other.id, "2024-01", None),
    ]


@pytest.mark.parametrize(
    ("year", "is_one"), [("1899", False), ("1900", True), ("2099", True), ("2100", False)]
)
@pytest.mark.parametrize(("name", "rest"), [("hired_on", "-12-31"), ("start_month", "-12")])
def test_a_day_and_a_month_are_of_a_year_that_can_be(year, is_one, name, rest):
    field = next(field for field in fields_of(FilingKind.HIRE) if field.name == name)

    found = value_finding(field, f"{year}{rest}")

    assert (found is None) is is_one
    assert is_one or found.facts == {"field": name, "text": f"{year}{rest}"}
