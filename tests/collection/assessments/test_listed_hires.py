"""A list of who is paid a wage: read row by row, and compared with the register as it is."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from siweb.audit.activity import Activity
from siweb.audit.actor import SYSTEM
from siweb.auth.staff.duties import Scope
from siweb.collection.assessments.reports import import_list
from siweb.collection.assessments.reports.import_list import (
    MOST_ERRORS,
    Compared,
    ListedHire,
    _covers,
    _read,
    compare_list,
)
from siweb.collection.tables.hire_report import HireReport, ReportOrigin, ReportState
from siweb.registry.codes import Insurance
from siweb.registry.packs.in_force import packs_in_force
from siweb.registry.tables.person_alias import PersonAlias
from tests import factories
from tests.conftest import NOW

REGION, TODAY = "310000", NOW.date()
HEADING = "uscc,id_number,name,hired_on,ended_on,wage"
HIRED = date(2026, 5, 4)


@pytest.fixture
def engine(sqlite_engine):
    """A list is compared alike on either database."""
    return sqlite_engine


@pytest.fixture
def employer(session):
    return factories.make_employer(session, region_code=REGION)


@pytest.fixture
def compare(session):
    def compare(*rows, scope=None, heading=HEADING):
        content = "\n".join([heading, *(",".join(map(str, row)) for row in rows)]).encode()
        more = {} if scope is None else {"scope": scope}
        return compare_list(
            session, content, packs=packs_in_force(session), actor=SYSTEM, on=TODAY, at=NOW, **more
        )

    return compare


def read(text, encoding="utf-8"):
    done = Compared()
    return list(_read(text.encode(encoding), done)), done


USCC, NUMBER = factories.make_uscc(), factories.make_id_number()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_row_is_read_in_either_language_and_encoding(encoding):
    text = (
        "统一社会信用代码, 社会保障号码 ,姓名,入职日期,离职日期,月工资,别的\n"
        f" {USCC} ,{NUMBER},{'王' * 101},2026-05-04,2026-06-30,5000.50,x,y\n"
    )
    rows, done = read(text, encoding)

    assert rows == [ListedHire(2, USCC, NUMBER, "王" * 100, HIRED, date(2026, 6, 30), 500_050)]
    assert (done.rows, done.errors) == (1, [])


def test_what_is_left_open_is_open():
    rows, _done = read(f"uscc,id_number,name,hired_on\n{USCC},{NUMBER},王,2026-05-04\n")
    assert [(row.ended_on, row.wage_fen) for row in rows] == [(None, None)]


@pytest.mark.parametrize("missing", ["uscc", "id_number", "name", "hired_on"])
def test_a_list_without_a_column_is_not_read(missing, compare, session):
    heading = ",".join(name for name in HEADING.split(",") if name != missing)
    assert read(f"{heading}\n1,2,3,4,5\n") == ([], Compared(errors=[(1, f"column_{missing}")]))
    assert compare((1, 2, 3), heading=heading).errors == [(1, f"column_{missing}")]
    # Nothing was compared, and nothing is noted.
    assert not session.scalars(select(Activity)).all()


def test_what_cannot_be_read_is_named_by_its_line_and_the_others_are_taken():
    good = f"{USCC},{NUMBER},王,2026-05-04,,"
    wrong = [
        f"123,{NUMBER},王,2026-05-04,,", f"{USCC},123,王,2026-05-04,,",
        f"{USCC},{NUMBER},王,May,,", f"{USCC},{NUMBER},王,2026-05-04,soon,",
        f"{USCC},{NUMBER},王,2026-05-04,,much",
    ]  # fmt: skip
    rows, done = read("\n".join([HEADING, good, *wrong, good]))

    assert ([row.line for row in rows], done.rows) == ([2, 8], 7)
    assert [line for line, _code in done.errors] == [3, 4, 5, 6, 7]
    assert [code for _line, code in done.errors][2:4] == ["day", "day"]
    many = read("\n".join([HEADING, *[wrong[2]] * (MOST_ERRORS + 1), good]))
    assert (len(many[1].errors), len(many[0]), many[1].rows) == (MOST_ERRORS, 1, MOST_ERRORS + 2)


def test_a_list_of_other_employers_names_the_first_rows_alone(compare, employer):
    done = compare(*[(USCC, NUMBER, "王", HIRED, "", "")] * (MOST_ERRORS + 1))

    assert done.errors == [(line, "unknown_employer") for line in range(2, MOST_ERRORS + 2)]


@pytest.mark.parametrize("before", ["", HEADING + "\n" + f"{USCC},{NUMBER},王,2026-05-04,,\n"])
def test_what_is_one_field_to_the_end_is_read_up_to_there(before):
    rows, done = read(before + '"' + "x" * 200_000)

    assert (len(rows), [code for _line, code in done.errors]) == (bool(before), ["unreadable"])


@pytest.mark.parametrize(
    ("spans", "covers"),
    [
        ([], False), ([("2026-05", None)], True), ([("2026-06", None)], False),
        ([("2026-01", "2026-05")], True), ([("2026-01", "2026-04")], False),
        ([("2026-06", None), ("2025-01", "2026-05")], True),
    ],
)  # fmt: skip
def test_who_takes_part_in_the_month_of_the_hire_is_in_order(spans, covers):
    assert _covers(spans, ListedHire(2, "", "", "", HIRED, None, None)) is covers


def test_whom_the_register_lacks_there_is_reported_once(session, employer, compare, monkeypatch):
    monkeypatch.setattr(import_list, "_PIECE", 2)
    other = factories.make_employer(session, region_code=REGION)
    people = {
        name: factories.make_person(session, name=name, region_code=REGION)
        for name in ("insured", "elsewhere", "alone", "former")
    }
    factories.make_enrolment(session, people["insured"], employer=employer)
    factories.make_enrolment(session, people["elsewhere"], employer=other)
    factories.make_enrolment(session, people["alone"], Insurance.MEDICAL)
    before = factories.make_person(session, region_code=REGION)
    factories.make_enrolment(session, before, employer=employer)
    session.add(PersonAlias(former_id=before.id, person_id=people["former"].id, merged_at=NOW))
    session.flush()
    unknown = factories.make_id_number()
    rows = [(employer.uscc, each.id_number, name, HIRED, "", "")
            for name, each in people.items()]  # fmt: skip
    rows += [(employer.uscc, unknown, "new", HIRED, "2026-06-30", "5000")]
    rows += [(employer.uscc, unknown, "late", TODAY - timedelta(days=1), "", "")]
    rows += [(USCC, unknown, "nowhere", HIRED, "", "")]

    done = compare(*rows, rows[-3])

    assert (done.rows, done.reports, done.in_order) == (8, 3, 3)
    assert done.errors == [(8, "unknown_employer")]
    found = {each.person_name: each for each in session.scalars(select(HireReport))}
    assert set(found) == {"elsewhere", "alone", "new"}
    assert {each.employer_id for each in found.values()} == {employer.id}
    new, known = found["new"], found["alone"]
    assert (new.person_id, new.id_number, new.ended_on, new.wage_fen) == (
        None, unknown, date(2026, 6, 30), 500_000,
    )  # fmt: skip
    assert (known.person_id, known.id_number, known.number_digest) == (
        people["alone"].id, None, None,
    )  # fmt: skip
    assert (new.origin, new.state, new.region_code, new.hired_on) == (
        ReportOrigin.LIST, ReportState.OPEN, REGION, HIRED,
    )  # fmt: skip
    assert new.employer_named == employer.uscc and new.number_digest
    noted = session.scalars(select(Activity)).one()
    assert noted.facts == {"rows": 8, "reports": 3, "errors": 1}
    # The same list again reports nobody anew.
    again = compare(*rows)
    assert (again.reports, again.in_order) == (0, 3)
    assert len(session.scalars(select(HireReport)).all()) == 3


def test_an_employer_of_another_region_is_unknown(session, employer, compare):
    row = (employer.uscc, factories.make_id_number(), "王", HIRED, "", "")
    factories.make_region(session, "110000")
    there, here = (Scope(frozenset({code})) for code in ("110000", REGION))

    assert compare(row, scope=there).errors == [(2, "unknown_employer")]
    assert compare(row, scope=here).reports == 1


@pytest.mark.parametrize(("days", "in_order"), [(30, 1), (31, 0)])
def test_the_time_to_register_is_kept_to_its_last_day(session, employer, compare, days, in_order):
    hired = date(2026, 11, 24) - timedelta(days=days)
    row = (employer.uscc, factories.make_id_number(), "王", hired, "", "")

    assert compare(row).in_order == in_order
