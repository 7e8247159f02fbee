"""An employer's own sheet, from upload to receipt; what is wrong is corrected in place."""

from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
import time_machine
from sqlalchemy import func, select

from siweb.documents.tables.document import Document
from siweb.files.store import FileStore
from siweb.filings.drafts.import_sheet import forget_uploads
from siweb.filings.tables.filing import Filing, FilingState
from siweb.filings.tables.filing_row import FilingRow, RowState
from siweb.jobs.worker import run_next_job
from siweb.registry.find_person import people_by_number
from siweb.registry.tables.declared_base import DeclaredBase
from siweb.registry.tables.enrolment import Enrolment
from tests import factories
from tests.conftest import NOW
from tests.filings.sheets.files import HEADINGS, make_xlsx
from tests.sign_in import sign_in

WHO = [factories.make_id_number(date(1990, 3, 7), serial=2 * n + 1) for n in range(40, 50)]


def line(number, **changed):
    found = {
        "name": "陈新",
        "id": WHO[number],
        "hired": date(2026, 11, 2),
        "wage": 9000,
        "month": "2026-11",
        "insurances": "五险",
    } | changed
    return list(found.values())


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
def upload(filer, employer, tmp_path):
    def sent(*lines, kind="hire", name="list.xlsx", headings=HEADINGS, **data):
        file = make_xlsx(tmp_path / name, [headings, *lines], strings_to_formulas=False)
        return filer.post(
            f"/employer/{employer.uscc}/sheets/{kind}",
            data={"file": (BytesIO(file.read_bytes()), name), **data},
        )

    return sent


@pytest.fixture
def work(sessions, settings):
    def worked():
        while run_next_job(sessions, "w", secret=settings.signing_key()):
            pass

    return worked


def text_of(answer):
    return answer.get_data(as_text=True)


def rows_of(session, state=None):
    session.expire_all()
    found = select(FilingRow).order_by(FilingRow.position)
    return session.scalars(found if state is None else found.where(FilingRow.state == state)).all()


def test_a_sheet_goes_from_upload_to_receipt(filer, session, upload, work):
    answer = upload(line(0), line(1), line(2, wage="八千"))
    assert answer.status_code == 303
    piece = {"headers": {"HX-Request": "true"}}
    assert "Waiting for its turn" in text_of(filer.get(answer.location))
    assert "HX-Refresh" not in filer.get(answer.location, **piece).headers
    work()
    # Whoever waited reads the whole page anew.
    assert filer.get(answer.location, **piece).headers["HX-Refresh"] == "true"

    draft = text_of(filer.get(answer.location))
    assert "Send 2 rows" in draft
    assert "“八千” is not an amount in yuan" in draft
    assert "Monthly contributions from then on" in draft

    sent = filer.post(f"{answer.location}/confirm", follow_redirects=True)

    assert "2 rows accepted. Not accepted and kept as a draft: 1." in text_of(sent)
    assert "Show the receipt" in text_of(sent)
    receipt = session.scalars(select(Document)).one()
    told = [fact[1] for fact in receipt.payload["facts"]]
    assert told[1:] == ["2", "0", "18000.00", "1"]
    assert len(people_by_number(session, WHO)) == 2
    assert session.scalar(select(func.count(Enrolment.person_id))) == 10


def test_what_was_not_accepted_is_corrected_in_place_and_sent(filer, session, upload, work):
    location = upload(line(0), line(1, wage="八千")).location
    work()
    filer.post(f"{location}/confirm")
    rest = session.scalar(select(Filing.reference).where(Filing.state == FilingState.DRAFT))
    address = location.rsplit("/", 1)[0] + f"/{rest}"
    (row,) = rows_of(session, RowState.REFUSED)
    page = text_of(filer.get(f"{address}/rows/{row.position}"))
    assert 'value="八千"' in page
    typed = {
        "name": "陈新",
        "id_number": WHO[1],
        "hired_on": "2026-11-02",
        "wage_fen": "8,000元",
        "start_month": "2026-11",
        "insurances": "养老、医疗",
    }

    wrong = filer.post(f"{address}/rows/{row.position}", data=typed | {"hired_on": "soon"})
    assert wrong.status_code == 422
    assert "“soon” is not a date" in text_of(wrong)
    assert filer.post(f"{address}/rows/{row.position}", data=typed).status_code == 303
    filer.post(f"{address}/confirm")

    assert {row.state for row in rows_of(session)} == {RowState.APPLIED}


def test_the_same_file_is_the_same_filing(filer, session, upload, work):
    first = upload(line(0)).location
    work()
    filer.post(f"{first}/confirm")

    again = upload(line(0))

    assert again.location == first
    assert "uploaded before" in text_of(filer.get(first))
    assert session.scalar(select(func.count(Filing.id))) == 1


def test_the_same_row_in_another_file_is_applied_once(filer, session, upload, work):
    location = upload(line(0)).location
    work()
    filer.post(f"{location}/confirm")

    second = upload(line(0), line(1)).location
    work()

    page = text_of(filer.get(second))
    assert "the same was accepted before" in page
    assert "Send 1 row" in page


def test_the_same_person_twice_in_a_sheet_is_refused_once(filer, session, upload, work):
    upload(line(0), line(0))
    work()

    assert [row.state for row in rows_of(session)] == [RowState.GOOD, RowState.REFUSED]


def test_the_own_sheet_comes_back_with_marks_and_reads_again(
    filer, session, upload, work, tmp_path
):
    location = upload(line(0), line(1, hired="下周", name="=1+1"), name="own.xlsx").location
    work()

    back = filer.get(f"{location}/returned.xlsx")

    (tmp_path / "back.xlsx").write_bytes(back.data)
    sheet = openpyxl.load_workbook(tmp_path / "back.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[1]] == [*HEADINGS, "What is wrong"]
    assert "“下周” is not a date" in sheet.cell(3, 7).value
    assert sheet.cell(3, 3).fill.start_color.rgb.endswith("FFC7CE")
    assert sheet.cell(3, 1).value == "'=1+1"
    assert sheet.cell(2, 3).value.date() == date(2026, 11, 2)
    assert sheet.cell(2, 2).value == WHO[0]


def test_rows_are_filtered_by_state_and_code(filer, upload, work):
    location = upload(line(0), line(1, wage="八千"), line(2, hired="下周")).location
    work()

    page = text_of(filer.get(f"{location}?state=refused&code=cell_money"))

    assert "Row 3" in page
    assert "Row 2" not in page
    assert "Row 4" not in page


def test_a_file_that_is_no_sheet_says_so(filer, employer, work):
    answer = filer.post(
        f"/employer/{employer.uscc}/sheets/hire",
        data={"file": (BytesIO(b"%PDF-1.7 not a list"), "list.xlsx")},
    )
    work()

    assert "This is not a spreadsheet" in text_of(filer.get(answer.location))


def test_an_upload_without_a_file_is_refused_beside_the_field(filer, employer):
    answer = filer.post(f"/employer/{employer.uscc}/sheets/hire", data={})

    assert answer.status_code == 422
    assert "Choose a file." in text_of(answer)


@pytest.mark.parametrize("kind", ["hire", "leave", "change", "pause", "resume", "base"])
def test_every_kind_has_a_template_that_reads_as_no_row(filer, employer, upload, work, kind):
    answer = filer.get(f"/employer/{employer.uscc}/sheets/{kind}/template.xlsx")
    assert answer.mimetype.endswith("spreadsheetml.sheet")

    location = filer.post(
        f"/employer/{employer.uscc}/sheets/{kind}",
        data={"file": (BytesIO(answer.data), "template.xlsx")},
    ).location
    work()

    page = text_of(filer.get(location))
    assert "Rows that can be sent" in page
    assert "Row 2" not in page


def test_a_long_list_is_sent_in_the_background(filer, session, upload, work, monkeypatch):
    monkeypatch.setattr("siweb.filings.drafts.import_sheet.MOST_AT_ONCE", 1)
    location = upload(line(0), line(1)).location
    work()

    filer.post(f"{location}/confirm")
    assert "Waiting for its turn" in text_of(filer.get(location))
    filer.post(f"{location}/confirm")
    work()

    assert "Show the receipt" in text_of(filer.get(location))
    assert {row.state for row in rows_of(session)} == {RowState.APPLIED}


def test_others_and_viewers_do_not_find_it(client, session, upload, work, employer):
    location = upload(line(0)).location
    work()
    sign_in(client, session, factories.make_person(session))

    assert client.get(location).status_code == 404
    assert client.get(f"{location}/rows/2").status_code == 404
    assert client.get(f"{location}/returned.xlsx").status_code == 404
    assert client.get(f"/employer/{employer.uscc}/sheets").status_code == 404


def test_the_yearly_list_shows_what_moves(filer, session, upload, work, employer):
    for number, present in ((0, 800_000), (1, 900_000), (2, 700_000)):
        person = factories.make_person(session, id_number=WHO[number], name="陈新")
        factories.make_employment(session, person, employer)
        factories.make_enrolment(
            session, person, employer=employer, from_month="2026-01", region_code="310000"
        )
        session.add(declared(person, employer, present))
    session.commit()
    headings = ["姓名", "身份证", "上年工资总额", "月数"]

    location = upload(
        ["陈新", WHO[0], 120_000, 12], ["陈新", WHO[1], 96_000, 12], kind="base", headings=headings
    ).location
    work()

    page = text_of(filer.get(location))
    assert "Base goes up" in page
    assert "Insured but not in the list" in page


def declared(person, employer, base):
    return DeclaredBase(
        person_id=person.id,
        region_code=person.region_code,
        employer_id=employer.id,
        from_month="2026-01",
        declared_base_fen=base,
        origin="yearly",
        declared_at=NOW,
    )


def test_uploads_are_deleted_after_three_months(filer, session, upload, work):
    location = upload(["陈新", WHO[0], "八千"], kind="base").location
    work()
    address = f"{location}/returned.xlsx"
    assert filer.get(address).status_code == 200

    assert forget_uploads(session, FileStore(), at=NOW + timedelta(days=91)) == 0
    assert filer.get(address).status_code == 200
    assert forget_uploads(session, FileStore(), at=NOW + timedelta(days=93)) == 1

    assert filer.get(address).status_code == 404
    assert filer.get(location).status_code == 200


def test_an_average_that_came_alone_is_corrected_as_one(filer, session, upload, work, employer):
    person = factories.make_person(session, id_number=WHO[0], name="陈新")
    factories.make_employment(session, person, employer)
    factories.make_enrolment(
        session, person, employer=employer, from_month="2026-01", region_code="310000"
    )
    session.commit()
    location = upload(
        ["陈新", WHO[0], "八千"], kind="base", headings=["姓名", "身份证", "上年月平均工资"]
    ).location
    work()
    assert 'value="八千"' in text_of(filer.get(f"{location}/rows/2"))

    typed = {"name": "陈新", "id_number": WHO[0], "wage_fen": "8000"}
    assert filer.post(f"{location}/rows/2", data=typed).status_code == 303

    (row,) = rows_of(session, RowState.GOOD)
    assert row.row_values["wage_fen"] == 800_000


@pytest.mark.parametrize("left_out", ["insurances", "start_month"])
def test_what_is_left_empty_in_a_corrected_row_is_asked_for(filer, session, upload, work, left_out):
    location = upload(line(0, wage="八千"), month="2026-12").location
    work()
    typed = {
        "name": "陈新",
        "id_number": WHO[0],
        "hired_on": "2026-11-02",
        "wage_fen": "8000",
        "start_month": "2026-11",
        "insurances": "五险",
    }

    wrong = filer.post(f"{location}/rows/2", data=typed | {left_out: " "})

    assert wrong.status_code == 422
    assert "is empty. Fill it in." in text_of(wrong)


def test_a_wrong_number_is_shown_with_its_row_and_kept_out_of_what_was_found(
    filer, session, upload, work, tmp_path, caplog
):
    location = upload(line(0, id="110101199013070034")).location
    work()

    for page in (location, f"{location}/rows/2"):
        assert "“19901307”, does not exist" in text_of(filer.get(page))
    (tmp_path / "back.xlsx").write_bytes(filer.get(f"{location}/returned.xlsx").data)
    sheet = openpyxl.load_workbook(tmp_path / "back.xlsx").worksheets[0]
    assert "“19901307”, does not exist" in sheet.cell(2, 7).value
    assert [row.findings[0]["facts"] for row in rows_of(session)] == [{}]
    assert "19901307" not in caplog.text


def test_a_row_that_stands_twice_is_counted_as_that_alone(filer, session, upload, work):
    late = line(0, hired=date(2026, 9, 2))
    location = upload(late, late, line(1, wage="八千")).location
    work()

    counted = {
        "good": 1,
        "refused": 2,
        "late_hire": 1,
        "uncovered_months": 1,
        "twice_in_filing": 1,
        "cell_money": 1,
    }
    assert session.scalars(select(Filing)).one().totals["codes"] == counted

    typed = {
        "name": "陈新",
        "id_number": WHO[0],
        "hired_on": "2026-09-02",
        "wage_fen": "8000",
        "start_month": "2026-11",
        "insurances": "五险",
    }
    wrong = filer.post(f"{location}/rows/4", data=typed)

    # It is told so, and nothing of it is kept.
    assert wrong.status_code == 422
    assert "is already in row 2" in text_of(wrong)
    session.expire_all()
    assert session.scalars(select(Filing)).one().totals["codes"] == counted


def test_the_refused_rows_are_had_alone(filer, upload, work, tmp_path):
    location = upload(line(0), line(1, wage="八千"), line(2, hired="下周")).location
    work()
    assert f'href="{location}/refused.xlsx"' in text_of(filer.get(location))

    back = filer.get(f"{location}/refused.xlsx")

    (tmp_path / "back.xlsx").write_bytes(back.data)
    sheet = openpyxl.load_workbook(tmp_path / "back.xlsx").worksheets[0]
    assert [sheet.cell(row, 2).value for row in (2, 3)] == [WHO[1], WHO[2]]
    assert sheet.max_row == 3
    assert "-refused.xlsx" in back.headers["Content-Disposition"]
