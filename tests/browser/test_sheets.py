"""An owner files a list as it came out of some program, from the file to the receipt."""

import zipfile
from datetime import date

import pytest

from siweb.jobs.worker import run_next_job
from siweb.web.database import database
from tests import factories
from tests.browser.walk import Visitor
from tests.filings.sheets.files import HEADINGS, convert, make_xlsx

OWNER = "Employer's owner (first city)"
WHO = [factories.make_id_number(date(1991, 4, 2), serial=2 * n + 701) for n in range(3)]
LINES = [
    HEADINGS,
    ["陈新", WHO[0], date(2026, 11, 2), 9000, "2026-11", "五险"],
    ["陈晨", WHO[1], date(2026, 11, 3), 9500.5, "2026-11", "五险"],
    ["陈辰", WHO[2], "下周", 9500, "2026-11", "五险"],
]


def by_xlsxwriter(folder):
    return make_xlsx(folder / "list.xlsx", LINES)


def by_libreoffice(folder):
    return convert(by_xlsxwriter(folder), "ods", folder / "saved")


def by_gb18030(folder):
    text = "\r\n".join(",".join(str(cell) for cell in line) for line in LINES)
    (folder / "list.csv").write_bytes(text.encode("gb18030"))
    return folder / "list.csv"


def work(office):
    """Let a worker do what waits in the background."""
    settings = office.extensions["siweb_settings"]
    sessions = database(office).writers
    while run_next_job(sessions, "browser", secret=settings.signing_key()):
        pass


def arrive(new_page, sign_ins, *, javascript, language):
    page = new_page(javascript=javascript, locale="zh-CN" if language == "zh" else "en-GB")
    visitor = Visitor(page, language, has_scripts=javascript)
    page.goto("/employer")
    visitor.sign_in(sign_ins[OWNER])
    page.locator("main a[href^='/employer/9']").first.click()
    visitor.follow("File with a spreadsheet")
    visitor.follow("New employee")
    return visitor


def hand_in(visitor, file):
    visitor.page.get_by_label(visitor.say("Your list"), exact=True).set_input_files(file)
    visitor.press("Upload and check")
    visitor.sees("Waiting for its turn. It begins by itself.")


@pytest.mark.parametrize("make", [by_xlsxwriter, by_libreoffice, by_gb18030])
@pytest.mark.parametrize(("javascript", "language"), [(True, "zh"), (False, "en")])
def test_a_list_goes_from_the_file_to_the_receipt(
    new_page, office, sign_ins, tmp_path, make, javascript, language
):
    visitor = arrive(new_page, sign_ins, javascript=javascript, language=language)
    hand_in(visitor, make(tmp_path))
    work(office)
    if not javascript:
        visitor.follow("Refresh")

    visitor.sees("“%(text)s” is not a date. Enter it like 2026-03-05.", text="下周")
    visitor.tap("button", "Send %(count)s row", count=2)
    visitor.sees("What was not accepted waits as a draft")
    visitor.follow("Show the receipt")

    visitor.sees("People accepted")


def test_the_own_sheet_comes_back_and_opens_with_its_marks(new_page, office, sign_ins, tmp_path):
    visitor = arrive(new_page, sign_ins, javascript=True, language="zh")
    hand_in(visitor, by_xlsxwriter(tmp_path))
    work(office)
    with visitor.page.expect_download() as downloading:
        visitor.follow("Download your list with what is wrong marked (XLSX)")
    back = tmp_path / "back.xlsx"
    downloading.value.save_as(back)

    opened = convert(back, "ods", tmp_path / "opened")

    with zipfile.ZipFile(opened) as archive:
        content = archive.read("content.xml").decode()
    assert visitor.say("What is wrong") in content
    assert "下周" in content
    assert "#ffc7ce" in content.lower()
