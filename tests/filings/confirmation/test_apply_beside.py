"""A filing changes what its rows name: nobody else's, no other employer's, nothing that is over."""

from datetime import date

import pytest
from sqlalchemy import select

from siweb.audit.actor import Actor
from siweb.filings.confirmation.confirm import confirm_filing
from siweb.filings.drafts.open import add_rows, open_filing
from siweb.filings.fields.filing_kind import FilingKind
from siweb.filings.tables.filing_row import FilingRow, RowState
from siweb.registry.codes import Insurance, Scheme
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.employment import Employment
from siweb.registry.tables.enrolment import Enrolment
from siweb.registry.tables.enrolment_claim import EnrolmentClaim
from siweb.registry.tables.person import Person
from tests import factories
from tests.conftest import NOW

TODAY, HERE, ELSEWHERE = date(2026, 11, 24), "310000", "110000"
PENSION, MEDICAL = Insurance.PENSION, Insurance.MEDICAL
SHOWN = {
    "employment": (
        Employment.person_id, Employment.employer_id, Employment.hired_on, Employment.ended_on,
        Employment.end_reason, Employment.declared_name,
    ),
    "enrolment": (
        Enrolment.person_id, Enrolment.insurance, Enrolment.employer_id, Enrolment.region_code,
        Enrolment.from_month, Enrolment.to_month,
    ),
    "claim": (EnrolmentClaim.person_id, EnrolmentClaim.insurance, EnrolmentClaim.employer_id),
    "base": (
        DeclaredBase.person_id, DeclaredBase.employer_id, DeclaredBase.insurance,
        DeclaredBase.from_month, DeclaredBase.declared_base_fen, DeclaredBase.origin,
    ),
    "person": (Person.id, Person.name, Person.mobile, Person.retirement_category),
}  # fmt: skip


@pytest.fixture
def engine(sqlite_engine):
    """Which rows a filing changes is the same on either database."""
    return sqlite_engine


@pytest.fixture
def actor(session):
    person = factories.make_person(session)
    return Actor(factories.make_account(session, person).id, person.id)


@pytest.fixture
def draft(session, employer, actor):
    def draft(kind, *rows):
        filing = open_filing(
            session, employer.id, FilingKind(kind), origin="form", actor=actor, at=NOW
        )
        found = add_rows(session, filing, rows, packs=packs_in_force(session), on=TODAY)
        assert {row.state for row in found} == {RowState.GOOD}, [row.findings for row in found]
        return filing

    return draft


@pytest.fixture
def sent(session, actor):
    """Send a filing; return what of the register it took away and what it added."""

    def sent(filing):
        before = register(session)
        done = confirm_filing(
            session, filing, packs=packs_in_force(session), actor=actor, on=TODAY, at=NOW,
            secret="s" * 32,
        )  # fmt: skip
        assert (done.refused, done.is_first) == (0, True)
        after = register(session)
        return {
            name: (before[name] - after[name], after[name] - before[name])
            for name in SHOWN
            if before[name] != after[name]
        }

    return sent


def register(session):
    session.expire_all()
    return {
        name: {tuple(row) for row in session.execute(select(*columns))}
        for name, columns in SHOWN.items()
    }


@pytest.fixture
def firm(session):
    """Another employer, where everybody works as well."""
    return factories.make_employer(session, name="乙公司", region_code=HERE)


@pytest.fixture
def staff(session, employer, firm):
    """Make somebody of the employer's, with everything that a filing leaves alone beside it."""
    factories.make_region(session, ELSEWHERE)

    def staff(name, to_month=None):
        whose = factories.make_person(session, name=name, region_code=HERE)
        factories.make_employment(session, whose, employer, hired_on=date(2025, 1, 6))
        factories.make_employment(
            session, whose, employer, hired_on=date(2020, 1, 6), ended_on=date(2022, 5, 31)
        )
        factories.make_employment(session, whose, firm, hired_on=date(2025, 3, 3))
        for insurance, of, values in (
            (PENSION, employer, {"from_month": "2025-01", "to_month": to_month}),
            (MEDICAL, employer, {"from_month": "2025-01", "to_month": to_month}),
            (PENSION, employer, {"from_month": "2020-01", "to_month": "2022-05"}),
            (Insurance.WORK_INJURY, firm, {"from_month": "2025-03"}),
            (Insurance.UNEMPLOYMENT, employer, {"region_code": ELSEWHERE, "to_month": to_month}),
            (Insurance.MATERNITY, None, {"from_month": "2026-01"}),
        ):
            factories.make_enrolment(session, whose, insurance, employer=of, **values)
        session.add(
            DeclaredBase(
                person_id=whose.id, employer_id=employer.id, region_code=HERE,
                from_month="2025-01", declared_base_fen=800_000, origin="filing_hire",
                declared_at=NOW,
            )
        )  # fmt: skip
        session.flush()
        return whose

    return staff


@pytest.fixture
def two(staff):
    return staff("张一"), staff("张二")


def of(person, **more):
    return {"id_number": person.id_number, "name": person.name} | more


LEAVE = {
    "ended_on": "2026-11-20", "end_reason": "resigned", "is_voluntary": "yes",
    "stop_month": "2026-11",
}  # fmt: skip


def ended(whose, employer, to_month):
    """What becomes of the two insurances that somebody has through the employer here."""
    row = [(whose.id, each, employer.id, HERE, "2025-01") for each in (PENSION, MEDICAL)]
    return {(*each, None) for each in row}, {(*each, to_month) for each in row}


def test_who_leaves_ends_their_own_here_and_nobody_elses(session, employer, two, draft, sent):
    mine, other = two
    waiting = draft("leave", of(other, **LEAVE))

    changes = sent(draft("leave", of(mine, **LEAVE)))

    begun = (mine.id, employer.id, date(2025, 1, 6))
    assert changes == {
        "employment": (
            {(*begun, None, None, None)}, {(*begun, date(2026, 11, 20), "resigned", None)},
        ),
        "enrolment": ended(mine, employer, "2026-11"),
        "claim": ({(mine.id, PENSION, 0), (mine.id, MEDICAL, 0)}, set()),
    }  # fmt: skip
    states = session.scalars(select(FilingRow.state).where(FilingRow.filing_id == waiting.id))
    assert states.all() == [RowState.GOOD]


def test_a_pause_ends_what_goes_through_the_employer_here(employer, two, draft, sent):
    mine, _other = two

    changes = sent(draft("pause", of(mine, stop_month="2026-10")))

    assert changes == {
        "enrolment": ended(mine, employer, "2026-10"),
        "claim": ({(mine.id, PENSION, 0), (mine.id, MEDICAL, 0)}, set()),
    }


def test_a_resumption_begins_what_ended_last_here(session, employer, staff, draft, sent):
    mine, _other = staff("张一", "2026-10"), staff("张二", "2026-10")

    changes = sent(draft("resume", of(mine, start_month="2026-12", wage_fen=900_000)))

    assert changes == {
        "enrolment": (
            set(),
            {(mine.id, each, employer.id, HERE, "2026-12", None) for each in (PENSION, MEDICAL)},
        ),
        "claim": (set(), {(mine.id, PENSION, 0), (mine.id, MEDICAL, 0)}),
        "base": (
            set(), {(mine.id, employer.id, None, "2026-12", 900_000, "filing_resume")},
        ),
    }  # fmt: skip


def test_a_change_is_written_where_it_is_stated(session, employer, two, draft, sent):
    mine, other = two
    named = of(mine, new_name="张伊", mobile="13800001234", wage_fen=950_000, start_month="2026-12")

    changes = sent(draft("change", named, of(other, mobile="13800005678")))

    begun = (mine.id, employer.id, date(2025, 1, 6), None, None)
    assert changes == {
        "employment": ({(*begun, None)}, {(*begun, "张伊")}),
        "base": (set(), {(mine.id, employer.id, None, "2026-12", 950_000, "filing_change")}),
        "person": (
            {(each.id, each.name, None, each.retirement_category) for each in two},
            {
                (mine.id, mine.name, "13800001234", mine.retirement_category),
                (other.id, other.name, "13800005678", other.retirement_category),
            },
        ),
    }


def test_a_yearly_base_is_a_base_and_nothing_else(employer, two, draft, sent):
    mine, _other = two

    changes = sent(draft("base", of(mine, start_month="2026-07", wage_fen=910_000)))

    added = {(mine.id, employer.id, None, "2026-07", 910_000, "filing_base")}
    assert changes == {"base": (set(), added)}


def test_a_hire_ends_what_its_person_pays_alone_and_begins_the_rest(
    session, employer, firm, two, draft, sent
):
    known, beside = (
        factories.make_person(session, name=name, region_code=HERE) for name in ("陈新", "陈旧")
    )
    for whose in (known, beside):
        for insurance, values in (
            (PENSION, {"from_month": "2024-01"}),
            (MEDICAL, {"from_month": "2026-11", "scheme": Scheme.RESIDENT}),
            (Insurance.MATERNITY, {"region_code": ELSEWHERE, "from_month": "2026-10"}),
            (Insurance.UNEMPLOYMENT, {"from_month": "2023-01", "to_month": "2025-12"}),
            (Insurance.WORK_INJURY, {"employer": firm, "from_month": "2025-01"}),
        ):
            factories.make_enrolment(session, whose, insurance, **values)
    listed = [each.value for each in Insurance]
    row = of(
        known, hired_on="2026-11-02", start_month="2026-11", wage_fen=900_000, insurances=listed
    )

    changes = sent(draft("hire", row))

    alone = {
        (known.id, PENSION, None, HERE, "2024-01"),
        (known.id, Insurance.MATERNITY, None, ELSEWHERE, "2026-10"),
    }
    never = (known.id, MEDICAL, None, HERE, "2026-11", None)
    assert changes.pop("enrolment") == (
        {(*each, None) for each in alone} | {never},
        {(*each, "2026-10") for each in alone}
        | {(known.id, each, employer.id, HERE, "2026-11", None) for each in Insurance},
    )
    claimed = {(Insurance.UNEMPLOYMENT, 0), (Insurance.WORK_INJURY, employer.id)}
    assert changes.pop("claim") == (set(), {(known.id, *each) for each in claimed})
    assert changes == {
        "employment": (set(), {(known.id, employer.id, date(2026, 11, 2), None, None, None)}),
        "base": (set(), {(known.id, employer.id, None, "2026-11", 900_000, "filing_hire")}),
    }
