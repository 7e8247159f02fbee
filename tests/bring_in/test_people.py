"""People and employers of an old system, and what every kind of file has in common."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from siweb.audit.activity import Activity
from siweb.bring_in import import_file, read_rows
from siweb.bring_in.actions import ACTIONS as BRING_IN
from siweb.bring_in.actions import KINDS
from siweb.bring_in.forget import forget_files
from siweb.bring_in.problem import BringInRefused
from siweb.desk.checking.sentences import why
from siweb.desk.tasks.actions import ACTIONS
from siweb.documents.spreadsheets.reading.refusal import SheetRefused
from siweb.files.kept_file import FileKind
from siweb.files.store import FileStore
from siweb.registry.tables.bring_in import BringIn
from siweb.registry.tables.employer import Employer
from siweb.registry.tables.person import Person
from siweb.tasks.check import withdraw
from siweb.tasks.propose import ProposalRefused
from tests import factories
from tests.bring_in.bring_ins import as_csv
from tests.conftest import NOW
from tests.second_person import check_all

MAN = factories.make_id_number(date(1980, 5, 1), 101)
WOMAN = factories.make_id_number(date(1984, 5, 1), 102)
PEOPLE = ("id_number", "name", "retirement_category", "deemed_months", "mobile")
TWO = as_csv(PEOPLE, (MAN, "赵一", "", "24", "13800001111"), (WOMAN, "钱二", "female55", "", ""))
USCC = factories.make_uscc()
EMPLOYERS = ("uscc", "name", "kind", "industry_code", "injury_tier", "established_on")
FIRM = as_csv(EMPLOYERS, (USCC, "上海旧厂", "企业", "C13", "80", "2001-02-03"))


def person(session, number):
    return session.scalars(select(Person).where(Person.id_number == number)).one_or_none()


def test_people_come_in_when_a_second_person_has_checked_them(session, clerk):
    task = clerk.propose("people", TWO, rows=2)
    assert person(session, MAN) is None

    lines = ACTIONS[task.kind].differences(session, task)
    shown = "\n".join(f"{line.label}: {line.after}" for line in lines)
    assert "Rows in the file: 2" in shown
    assert "name 赵一" in shown
    assert MAN not in shown
    assert MAN not in str(task.change)
    check_all(session)

    man, woman = person(session, MAN), person(session, WOMAN)
    assert (man.name, man.deemed_months, man.mobile) == ("赵一", 24, "13800001111")
    assert (man.sex.value, man.born_on, man.region_code) == ("M", date(1980, 5, 1), "310000")
    assert (woman.retirement_category.value, woman.deemed_months) == ("female55", 0)
    (brought,) = session.scalars(select(BringIn))
    assert (brought.kind, brought.added_rows) == ("people", 2)
    assert brought.recorded_at == man.registered_at
    assert brought.made_by_account_id != brought.checked_by_account_id
    noted = session.scalars(select(Activity).where(Activity.action == "bring_in.done")).one()
    assert noted.facts["added"] == 2


def test_the_same_file_again_changes_nothing_and_says_so(session, clerk):
    clerk.bring_in("people", TWO)

    outcome = clerk.dry_run("people", TWO)
    assert (outcome.rows, outcome.added, outcome.problem_count) == (2, 0, 0)
    with pytest.raises(BringInRefused, match="bring_in_nothing") as refused:
        clerk.propose("people", TWO)
    assert "here already" in why(refused.value, BRING_IN["people"])


def test_what_is_new_in_a_longer_file_is_added(session, clerk):
    clerk.bring_in("people", TWO)
    more = factories.make_id_number(date(1990, 1, 1), 103)

    clerk.bring_in("people", TWO + f"{more},孙三,,,\r\n")

    assert person(session, more).name == "孙三"
    assert session.scalars(select(BringIn.added_rows).order_by(BringIn.added_rows)).all() == [1, 2]


def test_a_row_that_is_there_with_other_values_is_named(session, clerk):
    clerk.bring_in("people", TWO)

    told = clerk.problems("people", as_csv(PEOPLE, (MAN, "赵乙", "", "24", "13900001111")))

    (found,) = told
    assert found.startswith("Row 2, name: The register has 赵一 here, the file 赵乙. Correct")


def test_every_problem_of_every_row_is_named(session, clerk):
    wrong = as_csv(
        PEOPLE,
        (MAN[:-1] + ("1" if MAN[-1] != "1" else "2"), "赵一", "", "", ""),
        (WOMAN, "", "", "many", "12"),
        (WOMAN, "钱二", "", "", ""),
        (MAN, "赵一", "", "900", ""),
        (MAN, "赵一", "", "", ""),
    )

    told = clerk.problems("people", wrong)

    assert [line.partition(":")[0] for line in told] == [
        "Row 2, id_number",
        "Row 3, name",
        "Row 3, deemed_months",
        "Row 3, mobile",
        "Row 4, retirement_category",
        "Row 5, deemed_months",
    ]
    assert MAN[:12] not in told[0]
    assert told[4].endswith("female55 or female50, by her post.")
    assert session.scalar(select(func.count(BringIn.kind))) == 0


def test_a_person_twice_in_a_file_is_named(clerk):
    (told,) = clerk.problems("people", TWO + f"{MAN},赵一,,24,\r\n")

    assert told.startswith("Row 4: The same, or the opposite, is in row 2")


def test_portions_see_what_the_portions_before_them_brought(session, clerk, monkeypatch):
    monkeypatch.setattr(read_rows, "PORTION", 1)

    assert len(clerk.problems("people", TWO + f"{MAN},赵一,,24,\r\n")) == 1
    clerk.bring_in("people", TWO)

    assert person(session, WOMAN).name == "钱二"


def test_a_control_that_differs_stops_the_file(session, clerk):
    (told,) = clerk.problems("people", TWO, rows=3)

    assert told.startswith("Control rows: The old system says 3, the file comes to 2")
    with pytest.raises(BringInRefused, match="bring_in_problems"):
        clerk.propose("people", TWO, rows=3)


def test_a_file_waits_once(clerk):
    clerk.propose("people", TWO)

    with pytest.raises(ProposalRefused, match="waits_already"):
        clerk.propose("people", TWO)


def test_what_became_wrong_since_is_found_when_it_is_checked(session, clerk):
    clerk.propose("people", TWO)
    factories.make_person(session, id_number=MAN, name="别人")

    with pytest.raises(BringInRefused, match="bring_in_problems"):
        check_all(session)


def test_a_file_that_was_forgotten_is_asked_for_again(session, clerk):
    clerk.propose("people", TWO)
    FileStore().forget(session, FileKind.BRING_IN, before=NOW.replace(year=2200))

    with pytest.raises(BringInRefused, match="bring_in_gone"):
        check_all(session)


def test_a_file_that_never_came_in_is_forgotten_after_a_month(session, clerk):
    files, later = FileStore(), NOW + timedelta(days=31)
    clerk.bring_in("employers", FIRM)
    brought = session.scalars(select(BringIn.file_digest)).one()
    waiting = clerk.propose("people", TWO)
    assert forget_files(session, files, at=later) == 0

    withdraw(session, waiting, actor=clerk.actor, at=NOW)

    assert forget_files(session, files, at=NOW + timedelta(days=29)) == 0
    assert forget_files(session, files, at=later) == 1
    assert files.is_kept(session, FileKind.BRING_IN, brought)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "empty"),
        ("nothing of a list\n" * 30, "no_headings"),
        (",".join(PEOPLE) + "\n", "no_rows"),
        (as_csv((*PEOPLE, "shoe size"), (MAN, "赵一", "", "", "", "43")), "columns_unknown"),
        (as_csv(("id_number", "mobile"), (MAN, "")), "columns_missing"),
        (as_csv((*PEOPLE, "姓名"), (MAN, "赵一", "", "", "", "赵一")), "columns_twice"),
        ("%PDF-1.7", "not_a_sheet"),
    ],
)
def test_a_file_that_is_none_is_refused_as_a_whole(clerk, content, code):
    with pytest.raises(SheetRefused, match=code):
        clerk.dry_run("people", content)


def test_a_file_with_too_many_rows_is_refused(clerk, monkeypatch):
    monkeypatch.setattr(read_rows, "MOST_ROWS", 1)

    with pytest.raises(SheetRefused, match="too_many_rows"):
        clerk.dry_run("people", TWO)


def test_chinese_headings_and_encodings_are_read(session, clerk):
    text = f"移交清单,,\r\n证件号码*,姓名,退休类别\r\n{MAN},赵一,\r\n"

    clerk.bring_in("people", text.encode("gb18030"))

    assert person(session, MAN).name == "赵一"


def test_problems_beyond_the_most_are_counted(clerk, monkeypatch):
    monkeypatch.setattr(import_file, "MOST_PROBLEMS", 1)
    monkeypatch.setattr(read_rows, "PORTION", 1)

    outcome = clerk.dry_run(
        "people", as_csv(PEOPLE, (MAN, "", "", "", ""), (WOMAN, "", "", "", ""))
    )

    assert (len(outcome.problems), outcome.problem_count) == (1, 2)


def test_rows_about_who_hands_in_are_counted_for_the_checker(session, clerk):
    task = clerk.propose("people", TWO)

    assert task.change["own_rows"] == 0


def test_employers_come_in_with_the_class_of_their_industry(session, clerk):
    clerk.bring_in("employers", FIRM)

    firm = session.scalars(select(Employer).where(Employer.uscc == USCC)).one()
    assert (firm.name, firm.kind, firm.region_code) == ("上海旧厂", "enterprise", "310000")
    assert (firm.injury_class, firm.injury_tier_ppm) == (3, 800_000)
    assert (firm.status.value, firm.established_on) == ("active", date(2001, 2, 3))
    assert not firm.is_provisional
    assert clerk.dry_run("employers", FIRM).added == 0


def test_an_employer_that_ended_comes_in_as_cancelled(session, clerk):
    clerk.bring_in(
        "employers",
        as_csv(
            (*EMPLOYERS, "cancelled_on"),
            (USCC, "上海旧厂", "其他", "C13", "", "2001-02-03", "2020-01-01"),
        ),
    )

    firm = session.scalars(select(Employer).where(Employer.uscc == USCC)).one()
    assert (firm.status.value, firm.cancelled_on) == ("cancelled", date(2020, 1, 1))


def test_what_is_wrong_with_employers_is_named(clerk):
    headings = ("uscc", "name", "kind", "industry_code", "injury_class", "injury_tier",
                "established_on", "cancelled_on")  # fmt: skip
    told = clerk.problems(
        "employers",
        as_csv(
            headings,
            ("123", "旧厂", "企业", "C13", "", "", "2001-02-03", ""),
            (USCC, "旧厂", "什么", "C13", "", "0", "2001-02-03", ""),
            (USCC, "旧厂", "企业", "XX", "", "", "2001-02-03", ""),
            (factories.make_uscc(), "旧厂", "企业", "C13", "9", "", "2001-02-03", "2000-01-01"),
            (factories.make_uscc(), "旧厂", "企业", "C13", "", "", "2099-02-03", ""),
        ),
    )

    assert [line.partition(":")[0] for line in told] == [
        "Row 2, uscc",
        "Row 3, kind",
        "Row 3, injury_tier",
        "Row 4, industry_code",
        "Row 5, injury_class",
        "Row 5, cancelled_on",
        "Row 6, established_on",
    ]


def test_every_kind_is_an_action_of_two_people():
    assert {f"bring_in.{name}" for name in KINDS} <= set(ACTIONS)
