"""axe finds nothing on any page that the walk saw, and nothing scrolls sideways, in either type."""

from importlib.resources import files
from threading import Thread

import pytest
from werkzeug import Response
from werkzeug.serving import WSGIRequestHandler, make_server

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What depends on where things stand. A type size changes nothing but that: an attribute of the
# root for the stylesheet. Contrast is asked for more strictly of small type than of large.
LAID_OUT = ["target-size", "scrollable-region-focusable"]
# The dearest rule asks for colours and sizes of type, which no word changes: one language is enough.
COLOURS = {"zh-Hans": True, "en": False}
# On a phone a table's rows stand under each other. What scrolls all the same: five insurances beside
# each other by years, whose English names need more room.
MAY_SCROLL = ".year-list"
LOOK = f"""async colours => {{
    const root = document.documentElement, found = {{}}
    const rules = {{"color-contrast": {{enabled: colours}}}}
    const look = async (size, asked) => {{
        root.dataset.typeSize = size
        const seen = await axe.run({{runOnly: asked, rules, resultTypes: ["violations"]}})
        found[size] = {{
            width: root.scrollWidth,
            sideways: [...document.querySelectorAll("main *")]
                .filter(one => one.clientWidth && one.scrollWidth > one.clientWidth
                    && !one.querySelector("{MAY_SCROLL}")
                    && ["auto", "scroll"].includes(getComputedStyle(one).overflowX))
                .map(one => one.getAttribute("aria-label") || one.outerHTML.slice(0, 80)),
            violations: seen.violations.map(one => `${{one.id}}: ${{one.nodes[0].html}}`),
        }}
    }}
    const first = root.dataset.typeSize
    await look("normal", {TAGS})
    delete rules["color-contrast"]
    await look("large", {{type: "rule", values: {LAID_OUT}}})
    return {{first, found}}
}}"""
PHONE = {"width": 360, "height": 640}

pytestmark = pytest.mark.browser


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_said):
        pass


class Shown:
    """The page to look at, beside axe and the office's static files.

    They come over a socket: what is answered for a browser in its stead it keeps no copy of, and
    reads and compiles the scripts anew for each page.
    """

    def __init__(self, office):
        self.office = office
        self.page = b""

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"].startswith("/static/"):
            return self.office(environ, start_response)
        if environ["PATH_INFO"] == "/axe.js":
            script = Response(AXE, content_type="text/javascript; charset=utf-8")
            script.cache_control.max_age = 3600
            return script(environ, start_response)
        page = Response(self.page + b'<script src="/axe.js"></script>', mimetype="text/html")
        return page(environ, start_response)


@pytest.fixture
def shown(walked_office):
    shown = Shown(walked_office)
    server = make_server("127.0.0.1", 0, shown, threaded=True, request_handler=Quiet)
    serving = Thread(target=server.serve_forever, daemon=True)
    serving.start()
    shown.address = f"http://127.0.0.1:{server.server_port}"
    yield shown
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.fixture
def phone(browser, shown):
    context = browser.new_context(viewport=PHONE, base_url=shown.address)
    yield context.new_page()
    context.close()


def one_of_each(pages):
    """One page of every view, template and status: what differs in its parts."""
    return {(page.endpoint, page.templates, page.status): page for page in pages}.values()


def test_axe_finds_nothing(phone, shown, pages, language):
    """A page is loaded once, and then looked at in both sizes."""
    found = []
    for number, page in enumerate(one_of_each(pages)):
        shown.page = page.body
        phone.goto(f"/shown/{number}")
        looked = phone.evaluate(LOOK, COLOURS[language])
        assert looked["first"] == "normal", page
        for type_size, seen in looked["found"].items():
            found += [f"{page} ({type_size}): {one[:200]}" for one in seen["violations"]]
            assert seen["width"] <= PHONE["width"], (page, type_size)
            found += [f"{page} ({type_size}): {one} scrolls" for one in seen["sideways"]]

    assert not found
