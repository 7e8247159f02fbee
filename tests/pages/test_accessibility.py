"""axe finds nothing on any page that the walk through the office saw, in normal and large type."""

from importlib.resources import files

import pytest

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FIND = f"axe.run({{runOnly: {TAGS}, resultTypes: ['violations']}}).then(found => found.violations)"
PHONE = {"width": 360, "height": 640}
OFFICE = "http://office.test"

pytestmark = pytest.mark.browser


@pytest.fixture(params=["normal", "large"])
def type_size(request):
    return request.param


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


def test_axe_finds_nothing(phone, pages, type_size):
    shown = {}
    phone.route(
        f"{OFFICE}/shown/*",
        lambda route: route.fulfill(
            body=shown["page"]
            .decode()
            .replace('data-type-size="normal"', f'data-type-size="{type_size}"'),
            content_type="text/html; charset=utf-8",
        ),
    )
    found = []
    for number, page in enumerate(one_of_each(pages)):
        shown["page"] = page.body
        phone.goto(f"/shown/{number}")
        phone.evaluate(AXE)
        found += [
            f"{page}: {one['id']}: {one['nodes'][0]['html'][:200]}" for one in phone.evaluate(FIND)
        ]
        assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page

    assert not found
