"""Employments and bases that go on under another key: those of the former one that run, alone."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from siweb.collection.corrections.merging.begin_anew import (
    begin_anew,
    employ_anew,
    employ_as_before,
)
from siweb.registry.codes import Insurance
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.enrolment import Enrolment
from tests import factories
from tests.conftest import NOW

TODAY, A_DAY, HIRED = NOW.date(), timedelta(days=1), date(2024, 1, 8)
HERE = "310000"


@pytest.fixture
def engine(sqlite_engine):
    """Whose rows go on is the same on either database."""
    return sqlite_engine


@pytest.fixture
def former(session):
    return factories.make_person(session, name="旧", region_code=HERE)


@pytest.fixture
def person(session):
    return factories.make_person(session, name="现", region_code=HERE)


@pytest.fixture
def firms(session):
    return [factories.make_employer(session, name=name, region_code=HERE) for name in "甲乙丙丁"]


def employments(session, whose):
    session.expire_all()
    rows = session.scalars(
        select(Employment).where(Employment.person_id == whose.id).order_by(Employment.id)
    )
    return [(row.employer_id, row.hired_on, row.ended_on, row.end_reason) for row in rows]


def test_open_employments_go_on_where_the_person_does_not_work_already(
    session, former, person, firms
):
    works, both, left, ahead = firms
    other = factories.make_person(session, region_code=HERE)
    for whose, firm, values in (
        (former, works, {"declared_name": "旧名", "post": "钳工", "form": "part_time"}),
        (former, both, {}), (person, both, {"hired_on": date(2025, 2, 3)}),
        (former, left, {"ended_on": date(2025, 5, 5), "end_reason": "resigned"}),
        (former, ahead, {"hired_on": TODAY + A_DAY}),
        # Where the person worked once they work again; somebody else's row is theirs.
        (person, works, {"hired_on": date(2020, 1, 1), "ended_on": date(2021, 1, 1)}),
        (other, works, {}),
    ):  # fmt: skip
        factories.make_employment(session, whose, firm, **values)

    employ_anew(session, former.id, person.id, TODAY)

    assert employments(session, former) == [
        (works.id, HIRED, TODAY, "joined"), (both.id, HIRED, TODAY, "joined"),
        (left.id, HIRED, date(2025, 5, 5), "resigned"),
        # What begins only tomorrow does not end before it.
        (ahead.id, TODAY + A_DAY, TODAY + A_DAY, "joined"),
    ]  # fmt: skip
    assert set(employments(session, person)[2:]) == {
        (works.id, HIRED, None, None), (ahead.id, TODAY + A_DAY, None, None),
    }  # fmt: skip
    assert employments(session, other) == [(works.id, HIRED, None, None)]
    new = session.scalars(
        select(Employment).where(Employment.person_id == person.id, Employment.hired_on == HIRED)
    ).one()
    assert (new.declared_name, new.post, new.form) == ("旧名", "钳工", "part_time")


def test_what_ended_by_joining_goes_on_as_it_stands_with_its_copy(session, former, person, firms):
    works, left, gone, resigned = firms
    other = factories.make_person(session, region_code=HERE)
    until = date(2026, 11, 2)
    for whose, firm, values in (
        *((former, firm, {"ended_on": TODAY, "end_reason": "joined"}) for firm in firms[:3]),
        (former, resigned, {"ended_on": until, "end_reason": "resigned"}),
        (person, works, {}),
        (person, left, {"ended_on": until, "end_reason": "resigned"}),
        # Like the copy but for one thing each: none of them is it.
        (person, gone, {"hired_on": HIRED + A_DAY}),
        (person, resigned, {}),
        (other, gone, {}),
    ):
        factories.make_employment(session, whose, firm, **values)
    factories.make_employment(
        session, person, gone, registered_at=NOW, ended_on=until, end_reason="died"
    )

    employ_as_before(session, former.id, person.id, TODAY)

    assert employments(session, former) == [
        (works.id, HIRED, None, None), (left.id, HIRED, until, "resigned"),
        (gone.id, HIRED, None, None), (resigned.id, HIRED, until, "resigned"),
    ]  # fmt: skip
    assert employments(session, person) == [
        (works.id, HIRED, TODAY, "separated"), (left.id, HIRED, until, "resigned"),
        (gone.id, HIRED + A_DAY, None, None), (resigned.id, HIRED, None, None),
        (gone.id, HIRED, until, "died"),
    ]  # fmt: skip
    assert employments(session, other) == [(gone.id, HIRED, None, None)]


@pytest.mark.parametrize(
    ("billed", "last", "begin"),
    [
        (None, "2026-10", "2026-11"),
        ("2026-09", "2026-10", "2026-11"),
        ("2026-12", "2026-12", "2027-01"),
    ],
)
def test_enrolments_go_on_after_the_last_month_that_is_over_or_billed(
    session, former, person, firms, billed, last, begin
):
    firm, *_others = firms
    row = factories.make_enrolment(session, former, employer=firm, from_month="2025-03")
    ended = factories.make_enrolment(
        session, former, Insurance.MEDICAL, employer=firm, to_month="2026-05"
    )
    theirs = factories.make_enrolment(
        session, factories.make_person(session), employer=firm, from_month="2025-03"
    )
    for whose, fen in ((former, 800_000), (person, 900_000)):
        session.add(
            DeclaredBase(
                person_id=whose.id, employer_id=firm.id, region_code=HERE, from_month="2025-03",
                declared_base_fen=fen, origin="filing_hire", declared_at=NOW,
            )
        )  # fmt: skip
    session.flush()

    (new,) = begin_anew(session, former.id, person.id, billed_through=billed, on=TODAY, at=NOW)

    assert (row.to_month, ended.to_month, theirs.to_month) == (last, "2026-05", None)
    assert (new.person_id, new.from_month, new.to_month, new.employer_id) == (
        person.id, begin, None, firm.id,
    )  # fmt: skip
    bases = session.execute(
        select(DeclaredBase.from_month, DeclaredBase.declared_base_fen)
        .where(DeclaredBase.person_id == person.id)
        .order_by(DeclaredBase.from_month)
    ).all()
    assert [tuple(each) for each in bases] == [("2025-03", 900_000), (begin, 800_000)]
    assert len(session.scalars(select(Enrolment)).all()) == 4
