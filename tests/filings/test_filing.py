"""A filing is checked row by row, applied once, and every row says what was found."""

from datetime import date

import pytest
from sqlalchemy import func, select

from siweb.audit.actor import SYSTEM, Actor
from siweb.collection.corrections.merging.merge import join_registrations
from siweb.documents.tables.document import Document
from siweb.filings.confirmation.confirm import confirm_filing
from siweb.filings.drafts.open import add_rows, open_filing
from siweb.filings.drafts.totals import totals_of
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.filing_row import RowState
from siweb.registry.codes import EmployerStatus, Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.enrolment_claim import EnrolmentClaim
from siweb.registry.tables.person import Person
from tests import factories
from tests.conftest import NOW

TODAY = date(2026, 11, 24)
ALL = [one.value for one in Insurance]
MAN = factories.make_id_number(date(1990, 5, 1), serial=7001)
WOMAN = factories.make_id_number(date(1990, 5, 1), serial=7002)


@pytest.fixture
def actor(session):
    person = factories.make_person(session)
    return Actor(factories.make_account(session, person).id, person.id)


def hire(**more):
    return {
        "id_number": MAN,
        "name": "陈新",
        "hired_on": "2026-11-02",
        "start_month": "2026-11",
        "wage_fen": 900_000,
        "insurances": ALL,
    } | more


@pytest.fixture
def draft(session, employer, actor):
    """Open a draft of a kind with these rows."""

    def opened(kind, *rows):
        filing = open_filing(
            session, employer.id, FilingKind(kind), origin="form", actor=actor, at=NOW
        )
        return filing, add_rows(session, filing, rows, packs=packs_in_force(session), on=TODAY)

    return opened


@pytest.fixture
def send(session, actor):
    def confirmed(filing):
        return confirm_filing(
            session,
            filing,
            packs=packs_in_force(session),
            actor=actor,
            on=TODAY,
            at=NOW,
            secret="s" * 32,
        )

    return confirmed


@pytest.fixture
def person(session, employer):
    """Somebody who works there and is insured since January 2025."""
    found = factories.make_person(session, name="张伟", region_code="310000")
    factories.make_employment(session, found, employer, hired_on=date(2025, 1, 6))
    factories.make_enrolment(session, found, employer=employer, from_month="2025-01")
    return found


def codes(row):
    return {one["code"] for one in row.findings}


def of(person, **more):
    return {"id_number": person.id_number, "name": person.name} | more


def test_a_hire_makes_person_employment_enrolments_and_base(session, employer, draft, send):
    filing, _rows = draft("hire", hire())

    assert send(filing) == (1, 0, True)

    person = session.scalars(select(Person).where(Person.id_number == MAN)).one()
    enrolments = session.scalars(select(Enrolment).where(Enrolment.person_id == person.id)).all()
    base = session.scalars(select(DeclaredBase).where(DeclaredBase.person_id == person.id)).one()
    assert {(one.insurance.value, one.from_month) for one in enrolments} == {
        (insurance, "2026-11") for insurance in ALL
    }
    assert (base.declared_base_fen, base.from_month) == (900_000, "2026-11")


def test_an_announced_hire_is_registered_and_not_doubled(session, employer, draft, send):
    known = factories.make_person(session, id_number=MAN, name="陈新")
    factories.make_employment(session, known, employer, hired_on=date(2026, 11, 2))
    filing, _rows = draft("hire", hire())

    send(filing)

    assert session.scalar(select(func.count()).select_from(Employment)) == 1


def test_two_clicks_apply_once_and_say_so(session, draft, send):
    filing, _rows = draft("hire", hire())
    send(filing)

    assert send(filing) == (1, 0, False)
    assert session.scalar(select(func.count()).select_from(Document)) == 1


def test_the_same_row_in_another_filing_is_not_applied_again(draft, send):
    filing, _rows = draft("hire", hire())
    send(filing)

    _second, [row] = draft("hire", hire())

    assert row.state is RowState.REFUSED
    assert codes(row) == {"applied_before"}


def test_what_changed_since_the_draft_is_found_when_it_is_sent(session, draft, send):
    filing, [row] = draft("hire", hire())
    other = factories.make_employer(session)
    known = factories.make_person(session, id_number=MAN, name="陈新")
    factories.make_enrolment(session, known, employer=other, region_code="310000")

    assert send(filing) == (0, 1, True)
    assert codes(row) == {"enrolled_elsewhere"}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"hired_on": "2026-10-01", "start_month": "2026-10"}, "late_hire"),
        ({"start_month": "2026-10", "hired_on": "2026-10-30"}, "back_months"),
        ({"wage_fen": 100_000}, "raised_to_floor"),
        ({"wage_fen": 9_000_000}, "cut_to_ceiling"),
    ],
)
def test_what_is_accepted_and_told(draft, more, code):
    _filing, [row] = draft("hire", hire(**more))

    assert row.state is RowState.GOOD
    assert code in codes(row)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"start_month": "2027-01"}, "month_too_late"),
        ({"hired_on": "2026-11-02", "start_month": "2026-10"}, "start_before_hire"),
        ({"insurances": ["pension", "maternity"]}, "maternity_without_medical"),
        ({"id_number": MAN[:-1]}, "id_length"),
        ({"id_number": WOMAN}, "category_missing"),
        ({"id_number": factories.make_id_number(date(2012, 5, 1), serial=7003)}, "too_young"),
    ],
)
def test_what_is_refused(draft, more, code):
    _filing, [row] = draft("hire", hire(**more))

    assert row.state is RowState.REFUSED
    assert code in codes(row)


def test_a_late_hire_is_marked(draft):
    _filing, [row] = draft("hire", hire(hired_on="2026-10-01", start_month="2026-10"))

    assert row.is_late


def test_an_employer_that_ended_files_nothing(draft, employer):
    employer.status = EmployerStatus.CANCELLED

    _filing, [row] = draft("hire", hire())

    assert codes(row) == {"employer_not_active"}


def test_every_row_is_checked_and_the_good_ones_are_applied(draft, send):
    filing, rows = draft("hire", hire(), hire(id_number="1"), hire())

    assert [row.state.value for row in rows] == ["good", "refused", "refused"]
    assert codes(rows[2]) == {"twice_in_filing"}
    assert send(filing) == (1, 2, True)


def test_a_flexible_worker_who_is_hired_stops_paying_alone(session, draft, send):
    known = factories.make_person(session, id_number=MAN, name="陈新")
    alone = factories.make_enrolment(session, known, region_code="310000")
    filing, [row] = draft("hire", hire())

    send(filing)

    assert codes(row) == {"ends_flexible"}
    assert alone.to_month == "2026-10"


def test_leaving_ends_employment_and_enrolments(session, person, draft, send):
    given = of(
        person,
        ended_on="2026-11-20",
        end_reason="resigned",
        is_voluntary="yes",
        stop_month="2026-11",
    )
    filing, _rows = draft("leave", given)

    send(filing)

    employment = session.scalars(select(Employment)).one()
    enrolment = session.scalars(select(Enrolment)).one()
    assert (employment.ended_on, employment.end_reason) == (date(2026, 11, 20), "resigned")
    assert enrolment.to_month == "2026-11"


def test_pause_and_resume_leave_a_gap(session, person, draft, send):
    send(draft("pause", of(person, stop_month="2026-10"))[0])
    send(draft("resume", of(person, start_month="2026-12", wage_fen=900_000))[0])

    rows = session.scalars(select(Enrolment).order_by(Enrolment.from_month)).all()
    assert [(one.from_month, one.to_month) for one in rows] == [
        ("2025-01", "2026-10"),
        ("2026-12", None),
    ]


def test_a_change_keeps_the_name_as_declared_and_adds_a_base(session, person, draft, send):
    given = of(person, new_name="张炜", wage_fen=950_000, start_month="2026-12")

    send(draft("change", given)[0])

    assert session.scalars(select(Employment)).one().declared_name == "张炜"
    assert session.scalars(select(DeclaredBase)).one().from_month == "2026-12"


@pytest.mark.parametrize(
    ("more", "is_good"),
    [
        ({}, False),
        ({"start_month": "2026-11"}, False),
        ({"mobile": ""}, False),
        ({"mobile": "13800001234"}, True),
        ({"new_name": "张玮"}, True),
    ],
)
def test_a_change_that_changes_nothing_is_refused(person, draft, more, is_good):
    _filing, [row] = draft("change", of(person, **more))

    assert (row.state is RowState.GOOD) is is_good
    assert ("nothing_changed" in codes(row)) is not is_good


def test_going_on_costs_what_ended_last_and_not_what_had_ended_before(
    session, person, employer, draft, send
):
    factories.make_enrolment(
        session, person, Insurance.MEDICAL, employer=employer, from_month="2024-01",
        to_month="2024-12",
    )  # fmt: skip
    send(draft("pause", of(person, stop_month="2026-10"))[0])

    filing, _rows = draft("resume", of(person, start_month="2026-12", wage_fen=900_000))
    bill = totals_of(session, filing, packs=packs_in_force(session), on=TODAY)["bill"]

    assert [(line["insurance"], line["people"]) for line in bill] == [("pension", 1)]


def test_a_draft_says_how_many_bases_go_up_down_or_stay(session, draft, employer):
    people = [factories.make_person(session) for _ in range(6)]
    for person in people:
        factories.make_enrolment(session, person, employer=employer)
    session.flush()
    wages = [900_000, 900_000, 900_000, 600_000, 600_000, 700_000]
    given = [
        of(person, start_month="2026-07", wage_fen=wage, present_fen=700_000)
        for person, wage in zip(people, wages, strict=True)
    ]

    filing, _rows = draft("base", *given)
    roster = totals_of(session, filing, packs=packs_in_force(session), on=TODAY)["roster"]

    assert [roster[name] for name in ("up", "down", "same", "step_fen")] == [3, 2, 1, 400_000]


def test_a_yearly_base_says_of_how_many_insured_employees_it_says_nothing(session, draft, employer):
    other = factories.make_employer(session, region_code="310000")
    listed, _missing, gone, elsewhere = (
        factories.make_person(session, region_code="310000") for _ in range(4)
    )
    for insurance in ("pension", "medical"):
        for person in (listed, _missing):
            factories.make_enrolment(session, person, Insurance(insurance), employer=employer)
    factories.make_enrolment(session, gone, employer=employer, to_month="2026-10")
    factories.make_enrolment(session, elsewhere, employer=other)

    filing, _rows = draft("base", of(listed, start_month="2026-07", wage_fen=900_000))
    roster = totals_of(session, filing, packs=packs_in_force(session), on=TODAY)["roster"]

    assert (roster["rows"], roster["not_listed"]) == (1, 1)


def test_a_base_that_jumps_is_warned_of(person, draft):
    given = of(person, wage_fen=2_000_000, start_month="2026-07", present_fen=600_000)

    _filing, [row] = draft("base", given)

    assert row.state is RowState.GOOD
    assert "jump" in codes(row)


@pytest.mark.parametrize("kind", ["leave", "change", "pause", "resume", "base"])
def test_a_stranger_is_refused(session, draft, kind):
    given = of(
        factories.make_person(session),
        ended_on="2026-11-20",
        end_reason="resigned",
        is_voluntary="yes",
        stop_month="2026-11",
        start_month="2026-12" if kind != "base" else "2026-07",
        wage_fen=900_000,
    )

    _filing, [row] = draft(kind, given)

    assert codes(row) & {"not_here", "not_enrolled"}


def test_nobody_who_died_goes_on(session, person, draft, send):
    send(draft("pause", of(person, stop_month="2026-10"))[0])
    person.died_on = date(2026, 11, 1)
    session.flush()

    _filing, [row] = draft("resume", of(person, start_month="2026-12", wage_fen=900_000))

    assert row.state.value == "refused"
    assert codes(row) == {"died"}


@pytest.mark.parametrize(
    ("start", "found"),
    [
        ("2025-01", set()),
        ("2024-12", {"start_before_hire"}),
        ("1990-01", {"start_before_hire", "month_too_early"}),
    ],
)
def test_a_wage_changes_from_the_month_of_hire_on(draft, person, start, found):
    _filing, [row] = draft("change", of(person, wage_fen=950_000, start_month=start))

    assert codes(row) == found
    assert (row.state.value == "good") is (not found)


@pytest.mark.parametrize("by", ["former", "standing"])
@pytest.mark.parametrize(("stop", "last"), [("2026-11", "2026-11"), ("2026-10", "2026-10")])
def test_who_leaves_in_a_billed_month_is_insured_no_longer(
    session, employer, person, draft, send, by, stop, last
):
    standing = factories.make_person(session, region_code=person.region_code)
    factories.make_record(session, person, "2026-11", employer=employer)
    join_registrations(
        session, person.id, standing.id, is_difference_proved=True, task_id=None,
        actor=SYSTEM, on=NOW.date(), at=NOW,
    )  # fmt: skip
    whose = {"former": person, "standing": standing}[by]
    given = of(
        whose, ended_on=f"{stop}-20", end_reason="resigned", is_voluntary="yes", stop_month=stop
    )

    filing, _rows = draft("leave", given)
    send(filing)

    rows = session.execute(select(Enrolment.person_id, Enrolment.to_month)).all()
    assert [tuple(row) for row in rows] == [(person.id, last)]
    assert session.scalars(select(EnrolmentClaim)).all() == []
    assert {one.ended_on is None for one in session.scalars(select(Employment))} == {False}
