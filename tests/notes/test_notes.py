"""Notes for colleagues: who writes and reads them, how one is corrected, and when they go."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from siweb.audit.activity import Activity
from siweb.auth.tables.account import Account
from siweb.auth.tables.appointment import Function
from siweb.data_copies.part import Whose, rows_of
from siweb.data_copies.parts import PARTS
from siweb.notes.forget import NOTES_KEPT, forget_notes
from siweb.notes.tables.office_note import OfficeNote
from tests import factories
from tests.conftest import NOW
from tests.desk.home.test_work_list import complain
from tests.sign_in import appoint, sign_in

HERE, ELSEWHERE = "310000", "320100"
NUMBER = "11010519491231002X"


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False) as at:
        yield at


@pytest.fixture
def person(session):
    return complain(session, "周若琳", 4, region=HERE)


@pytest.fixture
def staff(app, session):
    """A browser of somebody who holds functions: for an agency of a region, or for all."""

    agencies = {None: None}

    def signed_in(name, *functions, region=None):
        if region not in agencies:
            agencies[region] = factories.make_agency(session, region).id
        agency = agencies[region]
        clerk = factories.make_person(session, name=name)
        appoint(session, clerk, *functions, agency_id=agency)
        client = app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        sign_in(client, session, clerk)
        return client

    return signed_in


@pytest.fixture
def clerk(staff):
    return staff("沈经办", Function.REGISTRATION, region=HERE)


def write(browser, person, words, **more):
    return browser.post(f"/desk/people/{person.id}/notes", data={"words": words, **more})


def notes(browser, person, query=""):
    return browser.get(f"/desk/people/{person.id}/notes{query}").text


def test_colleagues_of_the_function_and_the_region_read_it_and_nobody_else(
    session, staff, clerk, person
):
    elsewhere = factories.make_region(session, ELSEWHERE).code
    factories.make_enrolment(session, person, region_code=elsewhere)
    assert write(clerk, person, "带错了户口簿\r\n周三再来").status_code == 303

    for who, is_shown in (
        (staff("同岗", Function.REGISTRATION, region=HERE), True),
        (staff("全局", Function.REGISTRATION), True),
        (staff("稽核", Function.AUDIT), True),
        (staff("别岗", Function.FINANCE, region=HERE), False),
        # The person is a matter there as well; what was noted here is not.
        (staff("外地", Function.REGISTRATION, region=ELSEWHERE), False),
    ):
        page = notes(who, person)
        assert ("带错了户口簿<br>周三再来" in page) is is_shown
        assert ("沈经办 · 24 November 2026" in page) is is_shown
        head = who.get(f"/desk/people/{person.id}").text
        assert bool(re.search(r"/notes\">Notes <b>1</b>", head)) is is_shown
    assert "Write a note" not in notes(staff("稽核二", Function.AUDIT), person)
    assert write(staff("稽核三", Function.AUDIT), person, "不行").status_code == 404
    line = session.scalars(select(Activity).where(Activity.action == "note.written")).one()
    assert (line.person_id, "户口簿" in str(line.facts)) == (person.id, False)


def test_who_holds_several_functions_says_for_whom_it_is(session, staff, person):
    both = staff("两岗", Function.REGISTRATION, Function.FINANCE)
    assert write(both, person, "待核").status_code == 422

    assert write(both, person, "待核", reader="finance").status_code == 303

    assert session.scalars(select(OfficeNote.function)).all() == [Function.FINANCE]
    assert "待核" not in notes(staff("登记", Function.REGISTRATION), person)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (f"原号 {NUMBER[:6]} {NUMBER[6:]}", "There is an ID number in the note"),
        ("卡号6222 0212 3456 7890 128", "There is the number of a bank card in the note"),
        ("长" * 1001, "Use at most 1000 characters."),
        (" \n ", "Write what colleagues should know."),
    ],
)
def test_what_is_refused_comes_back_with_what_was_typed(session, clerk, person, words, why):
    answer = write(clerk, person, words)

    assert (answer.status_code, why in answer.text) == (422, True)
    assert words.strip()[:10] in answer.text
    assert session.scalars(select(OfficeNote.id)).all() == []


def test_a_note_is_corrected_by_another_one_beside_it_and_once(session, staff, clerk, person):
    write(clerk, person, "六月离职")
    (first,) = session.scalars(select(OfficeNote.id)).all()
    colleague = staff("同岗", Function.REGISTRATION, region=HERE)
    assert "Correct the note of 24 November 2026" in notes(colleague, person, f"?corrects={first}")

    assert write(colleague, person, "七月离职", corrects=first).status_code == 303

    page = notes(clerk, person)
    assert page.index("七月离职") < page.index("六月离职")
    assert "corrected</span>" in page and "Corrects the note of" in page
    again = write(clerk, person, "八月离职", corrects=first)
    assert "A colleague corrected this note meanwhile" in again.text
    # Those of another function, and of another person, are not there to correct.
    other = complain(session, "王芳", 4, region=HERE)
    money = staff("财务", Function.FINANCE, region=HERE)
    for browser, whom in ((money, person), (clerk, other)):
        assert "is not here any more" in write(browser, whom, "不对", corrects=first).text
    assert len(session.scalars(select(OfficeNote.id)).all()) == 2


def test_on_a_case_it_stands_beside_the_case_for_whose_work_that_is(session, staff, clerk, person):
    reviewer = staff("审核", Function.REVIEW, region=HERE)
    case = "/desk/complaints/TS-周若琳"
    address = "/desk/notes/complaint/TS-周若琳"
    assert "No notes yet." in reviewer.get(case).text

    assert reviewer.post(address, data={"words": "单位答应补交"}).status_code == 303

    for page in (case, address):
        assert "单位答应补交" in staff("同岗", Function.REVIEW).get(page).text
    # The mark of the route lets other functions in: their cases are others.
    assert clerk.get(address).status_code == 404
    assert clerk.post(address, data={"words": "不行"}).status_code == 404
    assert staff("外地", Function.REVIEW, region=ELSEWHERE).get(address).status_code == 404
    for wrong in ("/desk/notes/never/1", "/desk/notes/sign/x", "/desk/notes/arrears/999"):
        assert staff("全局", *Function).get(wrong).status_code == 404
    # Read by all agencies of the region, the person's page does not have it; their copy does.
    assert "单位答应补交" not in notes(clerk, person)
    whose = Whose([person.id], [])
    (row,) = session.execute(rows_of(PARTS["office_note"], PARTS, whose)).mappings()
    assert (row["words"], row["case_kind"]) == ("单位答应补交", "complaint")


def test_nobody_notes_anything_on_themselves(session, app, person):
    appoint(session, person, Function.REGISTRATION)
    client = app.test_client()
    sign_in(client, session, person)

    assert write(client, person, "很好").status_code == 403


def test_an_employers_notes_are_its_own(session, staff, clerk, person):
    first, other = (factories.make_employer(session, region_code=HERE) for _each in range(2))
    session.commit()

    sent = clerk.post(f"/desk/employers/{first.uscc}/notes", data={"words": "只接电话"})

    assert sent.status_code == 303
    assert "只接电话" in clerk.get(f"/desk/employers/{first.uscc}/notes").text
    assert "Notes <b>1</b>" in clerk.get(f"/desk/employers/{first.uscc}").text
    assert "No notes yet." in clerk.get(f"/desk/employers/{other.uscc}/notes").text
    assert clerk.post(f"/desk/employers/{first.uscc}/notes", data={}).status_code == 422


def test_the_newest_come_first_and_go_on_on_another_page(session, clerk, person):
    account = session.scalars(select(Account)).first()
    session.add_all(
        OfficeNote(
            region_code=HERE, function=Function.REGISTRATION, person_id=person.id,
            words=f"第{number:02}条", written_at=NOW - timedelta(hours=number),
            written_by_account_id=account.id,
        )
        for number in range(26)
    )  # fmt: skip
    session.commit()

    page, more = notes(clerk, person), notes(clerk, person, "?page=2")

    assert page.index("第00条") < page.index("第24条")
    assert "第25条" not in page and "Next page" in page
    assert re.findall(r"第\d+条", more) == ["第25条"]


def test_after_three_years_it_goes_and_what_corrected_it_later_stays(session, clerk, person, now):
    write(clerk, person, "旧的")
    (old,) = session.scalars(select(OfficeNote.id)).all()
    now.shift(timedelta(minutes=1))
    write(clerk, person, "新的", corrects=old)

    assert forget_notes(session, at=NOW + NOTES_KEPT) == 0
    assert forget_notes(session, at=NOW + NOTES_KEPT + timedelta(seconds=1)) == 1

    session.expire_all()
    (left,) = session.scalars(select(OfficeNote)).all()
    assert (left.words, left.corrects_id) == ("新的", None)


def test_a_link_leads_past_the_notes_to_the_form_for_another(session, staff, clerk, person):
    jump = 'href="#write"'
    assert jump not in notes(clerk, person)
    write(clerk, person, "周三再来")

    assert jump in notes(clerk, person)
    # Who audits reads them and writes none.
    assert jump not in notes(staff("稽核", Function.AUDIT), person)
