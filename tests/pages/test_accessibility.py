"""axe finds nothing on any page that the walk through the office saw, in normal and large type."""

from importlib.resources import files

import pytest

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FIND = f"axe.run({{runOnly: {TAGS}, resultTypes: ['violations']}}).then(found => found.violations)"
PHONE = {"width": 360, "height": 640}
OFFICE = "http://office.test"

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(browser, walked_office):
    """A phone that gets the office's static files and nothing from elsewhere."""
    context = browser.new_context(viewport=PHONE, base_url=OFFICE)
    page = context.new_page()
    client = walked_office.test_client()

    def give(route):
        with client.get(route.request.url.removeprefix(OFFICE)) as found:
            route.fulfill(body=found.data, content_type=found.content_type)

    page.route(f"{OFFICE}/static/**", give)
    yield page
    context.close()


def one_of_each(pages):
    """One page of every view, template and status: what differs in its parts."""
    return {(page.endpoint, page.templates, page.status): page for page in pages}.values()


def test_axe_finds_nothing(phone, pages):
    """A page is loaded once, and then looked at in both sizes: its size is an attribute."""
    shown = {}
    phone.route(
        f"{OFFICE}/shown/*",
        lambda route: route.fulfill(body=shown["page"], content_type="text/html; charset=utf-8"),
    )
    found = []
    for number, page in enumerate(one_of_each(pages)):
        shown["page"] = page.body
        phone.goto(f"/shown/{number}")
        assert phone.evaluate("document.documentElement.dataset.typeSize") == "normal", page
        phone.evaluate(AXE)
        for type_size in ("normal", "large"):
            phone.evaluate(f"document.documentElement.dataset.typeSize = '{type_size}'")
            found += [
                f"{page} ({type_size}): {one['id']}: {one['nodes'][0]['html'][:200]}"
                for one in phone.evaluate(FIND)
            ]
            width = phone.evaluate("document.documentElement.scrollWidth")
            assert width <= PHONE["width"], (page, type_size)

    assert not found
