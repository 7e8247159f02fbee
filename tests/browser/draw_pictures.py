"""Draw the pictures of README and guides anew: `make pictures`, and look at them.

They show a demonstration of the day of the tests, so that they change when the pages do and not
otherwise. The suite does not draw them: fonts differ from machine to machine.
"""

import base64

import pytest

from siweb.demo.sign_ins import PASSWORD
from tests.architecture.sources import ROOT
from tests.browser.test_sheets import LINES, OWNER, work
from tests.filings.sheets.files import make_xlsx

PICTURES = ROOT / "docs" / "pictures"
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 780}
# The endings of the files' names, by what a browser asks for.
LANGUAGES = {"zh-CN": "", "en-GB": "-en"}
CITIZEN = "Employee (a month is missing)"
STAFF = "Agency staff"


@pytest.fixture(params=LANGUAGES)
def locale(request):
    return request.param


@pytest.fixture
def arrive(new_page, sign_ins, locale):
    """Sign somebody in, and open a page."""

    def opened(who, address, viewport):
        page = new_page(locale=locale, viewport=viewport)
        page.goto("/sign-in")
        page.locator("main [name=id_number]").fill(sign_ins[who]["id_number"])
        page.locator("main [name=password]").fill(PASSWORD)
        page.locator("main [name=password]").press("Enter")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        page.goto(address)
        return page

    return opened


@pytest.fixture
def draw(locale):
    """Keep what a page shows, as small as it stays readable."""

    def drawn(page, name):
        page.wait_for_load_state("networkidle")
        asked = page.context.new_cdp_session(page)
        shot = asked.send("Page.captureScreenshot", {"format": "webp", "quality": 62})
        target = PICTURES / f"{name}{LANGUAGES[locale]}.webp"
        target.write_bytes(base64.b64decode(shot["data"]))

    return drawn


def open_employer(page):
    page.locator("main a[href^='/employer/9']").first.click()
    page.wait_for_load_state("networkidle")
    return page.url


def test_citizen(arrive, draw):
    page = arrive(CITIZEN, "/record/2025", PHONE)
    draw(page, "citizen")


def test_worked(arrive, draw):
    page = arrive(CITIZEN, "/record/months/2025-10", PHONE)
    page.locator("summary").first.click()
    page.locator("summary").first.scroll_into_view_if_needed()
    draw(page, "worked")


def test_employer(arrive, draw):
    page = arrive(OWNER, "/employer", DESK)
    open_employer(page)
    draw(page, "employer")


def test_findings(arrive, draw, office, tmp_path):
    page = arrive(OWNER, "/employer", DESK)
    page.goto(f"{open_employer(page)}/sheets/hire")
    page.locator("main input[type=file]").set_input_files(make_xlsx(tmp_path / "list.xlsx", LINES))
    page.locator("main form button.button").last.click()
    page.wait_for_load_state("networkidle")
    work(office)
    page.reload()
    # What is wrong stands below what is right.
    page.get_by_text("下周").first.evaluate("row => row.scrollIntoView({block: 'center'})")
    draw(page, "findings")


def test_desk(arrive, draw):
    draw(arrive(STAFF, "/desk", DESK), "desk")


def test_levy(arrive, draw):
    page = arrive(STAFF, "/desk/levy", DESK)
    # The first one's figures are provisional, and a long list says which.
    page.locator("main table a[href^='/desk/levy/']").nth(1).click()
    draw(page, "levy")
