"""Columns of a list whose headings nobody knows: assigned on the page, remembered for the next."""

import re
from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
import time_machine
from sqlalchemy import select

from siweb.filings.tables.assigned_heading import AssignedHeading
from siweb.filings.tables.filing import Filing
from siweb.filings.tables.filing_row import FilingRow
from siweb.jobs.worker import run_next_job
from tests import factories
from tests.conftest import NOW
from tests.filings.sheets.files import HEADINGS, make_xlsx
from tests.sign_in import sign_in

OWN = ["员工", "证号", "哪天来的", "给多少钱"]
LINES = [
    ["赵一一", "310101199003070115", "2026-11-03", 8000],
    ["钱二二", "310101199202020225", "2026-11-05", 9500.5],
]
LEAVERS = [
    ["姓名", "身份证号码", "离职日期", "最后缴费月", "离职原因"],
    ["赵一一", "310101199003070115", "2026-11-20", "2026-11", "合同到期"],
]
CHOSEN = {
    "sheet": "名单",
    "row": "1",
    "column-name": "0",
    "column-id_number": "1",
    "column-hired_on": "2",
    "column-wage_fen": "3",
    "value-start_month": "2026-11",
    "value-insurances": "养老、工伤",
    "value-retirement_category": "55",
}


@pytest.fixture
def filer(client, session, employer):
    with time_machine.travel(NOW, tick=False):
        person = factories.make_person(session)
        account = factories.make_account(session, person)
        sign_in(client, session, person)
        factories.make_mandate(session, account, employer, "filer")
        session.commit()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        yield client


@pytest.fixture
def upload(filer, employer, tmp_path, sessions, settings):
    def sent(lines, *, kind="hire", name="list.xlsx", **data):
        file = make_xlsx(tmp_path / name, lines)
        answer = filer.post(
            f"/employer/{employer.uscc}/sheets/{kind}",
            data={"file": (BytesIO(file.read_bytes()), name), **data},
        )
        work(sessions, settings)
        return answer.location

    return sent


def work(sessions, settings):
    while run_next_job(sessions, "w", secret=settings.signing_key()):
        pass


def text_of(answer):
    return answer.get_data(as_text=True)


def rows_of(session):
    session.expire_all()
    return [
        row.row_values for row in session.scalars(select(FilingRow).order_by(FilingRow.position))
    ]


def test_unknown_headings_are_assigned_and_the_list_is_read(
    filer, session, upload, sessions, settings
):
    location = upload([OWN, *LINES])
    page = text_of(filer.get(location))
    assert "No row with headings was found" in page
    assert f'href="{location}/columns"' in page
    shown = text_of(filer.get(f"{location}/columns"))
    assert "C · 哪天来的 · 2026-11-03, 2026-11-05" in shown

    answer = filer.post(f"{location}/columns", data=CHOSEN)
    assert (answer.status_code, answer.location) == (303, location)
    work(sessions, settings)

    assert "Send 2 rows" in text_of(filer.get(location))
    assert rows_of(session)[1] == {
        "name": "钱二二",
        "id_number": "310101199202020225",
        "hired_on": "2026-11-05",
        "wage_fen": 950_050,
        "start_month": "2026-11",
        "insurances": ["pension", "work_injury"],
        "retirement_category": "female55",
    }


@pytest.mark.parametrize("begins_1904", [False, True])
def test_a_cell_that_is_a_day_is_shown_as_one(
    filer, employer, tmp_path, sessions, settings, begins_1904
):
    lines = [OWN, ["赵一一", "310101199003070115", date(2026, 11, 3), 8000],
             ["钱二二", "310101199202020225", date(1940, 1, 1), 8000]]  # fmt: skip
    file = make_xlsx(tmp_path / "days.xlsx", lines, date_1904=begins_1904)
    location = filer.post(
        f"/employer/{employer.uscc}/sheets/hire",
        data={"file": (BytesIO(file.read_bytes()), "days.xlsx")},
    ).location
    work(sessions, settings)

    # Nobody was hired in 1940: such a cell is shown as it stands in the file.
    first = date(1904, 1, 1) if begins_1904 else date(1899, 12, 30)
    bare = (date(1940, 1, 1) - first).days
    assert f"C · 哪天来的 · 2026-11-03, {bare}" in text_of(filer.get(f"{location}/columns"))


def test_of_a_long_cell_the_beginning_is_shown(filer, upload):
    note = "工资另行发放并且详见附件一至附件十二的说明与补充约定"
    location = upload([[*OWN, "说明"], [*LINES[0], note], [*LINES[1], note[:24]]])

    shown = text_of(filer.get(f"{location}/columns"))

    assert f"说明 · {note[:24]}…, {note[:24]}" in shown
    assert note not in shown


def test_what_headings_mean_is_remembered_for_the_next_list_of_the_employer(filer, session, upload):
    location = upload([OWN, *LINES])
    filer.post(f"{location}/columns", data=CHOSEN)
    moved = [[line[1], "", line[3], line[0], line[2]] for line in [OWN, *LINES[:1]]]

    second = upload(moved, month="2026-11", name="next.xlsx")

    assert set(session.scalars(select(AssignedHeading.field))) == {
        "name",
        "id_number",
        "hired_on",
        "wage_fen",
    }
    assert "Rows that can be sent" in text_of(filer.get(second))
    (row,) = session.scalars(
        select(FilingRow.row_values)
        .join(Filing, Filing.id == FilingRow.filing_id)
        .where(Filing.file_name == "next.xlsx")
    )
    assert (row["name"], row["hired_on"], row["wage_fen"]) == ("赵一一", "2026-11-03", 800_000)


def test_another_employer_does_not_know_what_they_mean(filer, session, upload, employer):
    location = upload([OWN, *LINES])
    filer.post(f"{location}/columns", data=CHOSEN)
    other = factories.make_employer(session)
    session.execute(AssignedHeading.__table__.update().values(employer_id=other.id))
    session.commit()

    second = upload([OWN, *LINES, LINES[0]], month="2026-11", name="next.xlsx")

    assert "No row with headings was found" in text_of(filer.get(second))


def test_a_column_that_the_whole_list_shares_is_asked_on_the_upload_page(
    filer, session, upload, employer
):
    page = text_of(filer.get(f"/employer/{employer.uscc}/sheets/leave"))
    assert "Did the employee leave voluntarily?" in page

    upload(LEAVERS, kind="leave", choice="no")

    assert [row["is_voluntary"] for row in rows_of(session)] == ["no"]


def test_what_was_not_answered_is_asked_once_and_not_refused(
    filer, session, upload, sessions, settings
):
    location = upload(LEAVERS, kind="leave")
    page = text_of(filer.get(location))
    assert "The list has no column that we know for: 本人意愿." in page
    assert "error-summary" not in page
    form = text_of(filer.get(f"{location}/columns"))
    selected = re.findall(
        r'<select id="(column-\w+)".*?<option value="(\d+)" selected', form, re.DOTALL
    )
    assert "column-is_voluntary" in form

    filer.post(
        f"{location}/columns",
        data={
            "sheet": "名单",
            "row": "1",
            "column-name": "0",
            "column-id_number": "1",
            "column-ended_on": "2",
            "column-stop_month": "3",
            "column-end_reason": "4",
            "value-is_voluntary": "是",
        },
    )
    work(sessions, settings)

    assert dict(selected)["column-name"] == "0"
    assert rows_of(session)[0]["is_voluntary"] == "yes"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"column-hired_on": ""}, "Choose the column for “Hired on”, or enter one value for all."),
        ({"column-id_number": ""}, "Choose the column for “Citizen ID number”."),
        ({"column-wage_fen": "2"}, "This column is assigned to another field already."),
        ({"value-start_month": "soon"}, "“soon” is not a month."),
        ({"column-name": "99"}, "Choose the column for “Name”."),
        ({"column-name": "-1"}, "Choose the column for “Name”."),
    ],
)
def test_what_is_wrong_in_an_assignment_is_named_beside_its_field(
    filer, session, upload, changed, sentence
):
    location = upload([OWN, *LINES])

    answer = filer.post(f"{location}/columns", data=CHOSEN | changed)

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not session.scalars(select(AssignedHeading)).all()


def test_a_list_without_any_headings_is_assigned_too(filer, session, upload, sessions, settings):
    location = upload(LINES)

    filer.post(f"{location}/columns", data=CHOSEN | {"row": "0"})
    work(sessions, settings)

    assert [row["name"] for row in rows_of(session)] == ["赵一一", "钱二二"]
    assert not session.scalars(select(AssignedHeading)).all()


def test_of_two_lists_one_is_chosen_and_the_other_named(
    filer, session, upload, employer, tmp_path, sessions, settings
):
    book = openpyxl.Workbook()
    one, two = book.worksheets[0], book.create_sheet("二部")
    one.title = "一部"
    for sheet, people in ((one, LINES), (two, LINES[1:])):
        for line in (HEADINGS[:5], *([*person, "2026-11"] for person in people)):
            sheet.append(line)
    book.save(tmp_path / "two.xlsx")
    location = filer.post(
        f"/employer/{employer.uscc}/sheets/hire",
        data={"file": (BytesIO((tmp_path / "two.xlsx").read_bytes()), "two.xlsx")},
    ).location
    work(sessions, settings)
    assert "Several sheets have a list: 一部、二部." in text_of(filer.get(location))
    shown = text_of(filer.get(f"{location}/columns?sheet=二部&row=1"))
    assert "<option selected>二部</option>" in shown

    columns = ("name", "id_number", "hired_on", "wage_fen", "start_month")
    chosen = {f"column-{name}": str(place) for place, name in enumerate(columns)}
    filer.post(
        f"{location}/columns",
        data={"sheet": "二部", "row": "1", "value-insurances": "五险", **chosen},
    )
    work(sessions, settings)

    assert [row["name"] for row in rows_of(session)] == ["钱二二"]
    assert "The sheet “二部” was read. Not read: 一部." in text_of(filer.get(location))


def test_a_list_that_was_read_can_be_assigned_anew_until_it_is_sent(
    filer, session, upload, sessions, settings
):
    lines = [[*HEADINGS[:5], "职级工资"], [*LINES[0], "2026-11", 9000]]
    location = upload(lines)
    assert "Assign the columns again" in text_of(filer.get(location))
    chosen = {
        "sheet": "名单",
        "row": "1",
        "column-name": "0",
        "column-id_number": "1",
        "column-hired_on": "2",
        "column-wage_fen": "5",
        "column-start_month": "4",
        "value-insurances": "五险",
    }

    filer.post(f"{location}/columns", data=chosen)
    work(sessions, settings)

    assert [row["wage_fen"] for row in rows_of(session)] == [900_000]
    filer.post(f"{location}/confirm")
    assert filer.get(f"{location}/columns").status_code == 404
    assert filer.post(f"{location}/columns", data=chosen).status_code == 404


def test_the_same_answers_again_lead_to_the_same_filing(filer, session, upload, sessions, settings):
    location = upload([OWN, *LINES])
    filer.post(f"{location}/columns", data=CHOSEN)
    work(sessions, settings)

    again = filer.post(f"{location}/columns", data=CHOSEN)

    assert again.location == location
    assert len(rows_of(session)) == 2
    assert session.scalars(select(Filing.done_through_row)).all() == [3]


def test_only_filers_assign(client, session, upload):
    location = upload([OWN, *LINES])
    sign_in(client, session, factories.make_person(session))

    assert client.get(f"{location}/columns").status_code == 404
    assert client.post(f"{location}/columns", data=CHOSEN).status_code == 404


def test_a_value_for_everybody_that_is_cleared_again_is_gone(
    filer, session, upload, sessions, settings
):
    location = upload([OWN, *LINES])
    filer.post(f"{location}/columns", data=CHOSEN)
    work(sessions, settings)

    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        filer.post(f"{location}/columns", data=CHOSEN | {"value-retirement_category": ""})
        work(sessions, settings)

    assert [row.get("retirement_category") for row in rows_of(session)] == [None, None]


def test_two_headings_that_mean_the_same_by_now_are_asked_where_they_differ(
    filer, session, upload, sessions, settings
):
    first = upload([OWN, *LINES])
    filer.post(f"{first}/columns", data=CHOSEN)
    second = upload([[*OWN[:3], "岗位薪"], *LINES], name="second.xlsx")
    filer.post(f"{second}/columns", data=CHOSEN)
    work(sessions, settings)

    third = upload(
        [[*OWN, "岗位薪"], [*LINES[0], 8100], [*LINES[1], 9500.5]],
        month="2026-11",
        name="third.xlsx",
    )

    page = text_of(filer.get(third))
    assert "8000、8100" in page
    assert "9500.5" not in page.partition("8000、8100")[2].partition("</tr>")[0]


@pytest.mark.parametrize("value", ["-8000", "8.0E+03", "9500,5", "8.000"])
def test_a_value_for_everybody_that_does_not_read_is_named(filer, session, upload, value):
    location = upload([OWN, *LINES])

    answer = filer.post(
        f"{location}/columns", data=CHOSEN | {"column-wage_fen": "", "value-wage_fen": value}
    )

    assert answer.status_code == 422
    assert f"“{value}”" in text_of(answer)
