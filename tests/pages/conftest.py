"""A demonstration office that everybody walks through once; every page seen is kept."""

from contextlib import contextmanager

import pytest
import time_machine
from flask import template_rendered
from sqlalchemy import event

from siweb.app import create_app
from siweb.demo.sign_ins import read_sign_ins
from siweb.registry.tables.office import Office
from siweb.settings import Settings
from siweb.web.database import database
from tests.conftest import NOW
from tests.demonstration import make_demonstration
from tests.evidence.scans import png
from tests.office_secrets import SECRETS
from tests.pages.begin.beginnings import BEGINNINGS
from tests.pages.begin.linked import give_provider
from tests.pages.visits import Walk


@pytest.fixture(scope="session")
def walked_office(tmp_path_factory, language):
    folder = tmp_path_factory.mktemp(f"walked-{language}")
    make_demonstration(folder)
    with time_machine.travel(NOW, tick=False):
        settings = Settings(
            var_dir=folder,
            **SECRETS,
            demo=True,
            payment_gateway="demonstration",
        )
        app = create_app(settings)
        app.config["WTF_CSRF_ENABLED"] = False
        give_provider(app)
        name_office(app)
    yield app
    database(app).engine.dispose()


@pytest.fixture(autouse=True)
def day_of_the_walks():
    """Each test alone: a clock that stood for the whole session stood for other rooms' too."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(scope="session", params=["zh-Hans", "en"])
def language(request):
    return request.param


@pytest.fixture(scope="session")
def walks(walked_office, language):
    """Every person's walk, in each language."""
    sign_ins = {
        one["label_en"]: one
        for one in read_sign_ins(walked_office.extensions["siweb_settings"].var_dir)
    }
    walks = []
    with time_machine.travel(NOW, tick=False):
        for who, begin in BEGINNINGS:
            walk = Walk(walked_office, who, sign_ins, lambda: watching(walked_office))
            walk.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
            if who is not None:
                walk.sign_in()
            begin(walk)
            walk.everywhere()
            walks.append(walk)
    return walks


@pytest.fixture(scope="session")
def seen(walks):
    return [page for walk in walks for page in walk.seen]


@pytest.fixture(scope="session")
def pages(seen):
    """The HTML pages among what was seen."""
    return [page for page in seen if page.type == "text/html" and not 300 <= page.status < 400]


@contextmanager
def watching(office):
    """Note the templates that are drawn and the statements that are run."""
    templates, statements = [], []

    def drawn(_sender, template, **_more):
        templates.append(template.name)

    def run(_connection, _cursor, statement, *_more):
        statements.append(statement)

    engine = database(office).engine
    event.listen(engine, "before_cursor_execute", run)
    with template_rendered.connected_to(drawn, office):
        yield templates, statements
    event.remove(engine, "before_cursor_execute", run)


def name_office(app):
    """Let it show all that an office can show of itself."""
    with database(app).writers.begin() as session:
        session.add(
            Office(
                name_zh="示范市社会保险中心", name_en="Shifan Social Insurance Centre",
                phone="021-12345678", emblem=png(96, 96), opened_at=NOW,
            )
        )  # fmt: skip
