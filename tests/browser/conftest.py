"""A Chromium at phone size, and the demonstration office served to it from this process."""

import shutil
import threading

import pytest
import time_machine
from werkzeug.serving import make_server

from siweb.app import create_app
from siweb.demo.sign_ins import read_sign_ins
from siweb.settings import Settings
from siweb.web.database import database
from tests.conftest import NOW
from tests.demonstration import make_demonstration
from tests.office_secrets import SECRETS

PHONE = {"width": 360, "height": 640}
# Chromium says this of every answer of 400 and more; the tests look at those themselves.
EXPECTED = "Failed to load resource"


def pytest_collection_modifyitems(items):
    for item in items:
        if item.nodeid.startswith("tests/browser/"):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory):
    """A folder with a small demonstration office, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("demonstration")
    make_demonstration(folder)
    return folder


@pytest.fixture
def office(demonstration, tmp_path):
    """The office of this test: whatever is done in it is gone with it."""
    folder = tmp_path / "office"
    shutil.copytree(demonstration, folder)
    app = create_app(Settings(var_dir=folder, **SECRETS, demo=True))
    yield app
    database(app).engine.dispose()


@pytest.fixture
def live_server(office):
    """The address at which the office answers; its day is that of tests.conftest.NOW."""
    server = make_server("127.0.0.1", 0, office, threaded=True)
    server.daemon_threads = False  # closing waits for the answers under way
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    with time_machine.travel(NOW, tick=True):
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def sign_ins(office):
    """The demonstration's sign-ins by their English label."""
    return {
        one["label_en"]: one for one in read_sign_ins(office.extensions["siweb_settings"].var_dir)
    }


@pytest.fixture
def new_page(browser, live_server):
    """Open pages: each in a browser of its own, by default a phone in Chinese with JavaScript.

    The test fails at its end if any of them met an error of a script or of the policy.
    """
    contexts, errors = [], []

    def open_page(*, javascript=True, locale="zh-CN", viewport=PHONE, **options):
        context = browser.new_context(
            base_url=live_server,
            java_script_enabled=javascript,
            locale=locale,
            viewport=viewport,
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if is_wrong(said) else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not errors


def is_wrong(said):
    return said.type == "error" and not said.text.startswith(EXPECTED)


@pytest.fixture
def page(new_page):
    return new_page()
