"""Who writes waits for whoever writes now; who reads does not wait for them."""

import pytest
from sqlalchemy import text

from siweb.app import create_app
from siweb.settings import Settings
from siweb.web.database import open_database, write_session, writing_pages
from tests.migrated import lay_schema
from tests.office_secrets import SECRETS
from tests.web.serving.conftest import Visit, ask, form

SIGN_INS = 8
BODY = b"id_number=11010519491231002X&password=not+a+short+one"


class Ordered(Visit):
    """A visit that writes down when it was answered."""

    def __init__(self, visit, name, order, then=None):
        self.__dict__.update(visit.__dict__)
        self._name, self._order, self._then = name, order, then

    async def send(self, message):
        await super().send(message)
        if not message.get("more_body", True):
            self._order.append(self._name)
            if self._then:
                self._then()


@pytest.fixture
def office(tmp_path):
    database = open_database(f"sqlite:///{tmp_path / 'office.sqlite3'}")
    lay_schema(database.engine)
    app = create_app(Settings(var_dir=tmp_path, **SECRETS), database)
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    database.engine.dispose()


def test_sign_ins_that_wait_for_the_write_lock_do_not_keep_the_home_page(office, make_front):
    headers = [
        (b"host", b"localhost"),
        (b"content-type", b"application/x-www-form-urlencoded"),
        (b"content-length", str(len(BODY)).encode()),
    ]
    waiting = []
    for _number in range(SIGN_INS):
        waiting.append(form(BODY, path="/sign-in"))
        waiting[-1].scope["headers"] = headers

    order, statuses = ask_while_written(office, make_front, waiting)

    assert order == ["home"] + ["waiting"] * SIGN_INS
    assert statuses <= {422, 429}


def test_papers_that_are_checked_meanwhile_do_not_keep_the_home_page(office, make_front):
    # Each check is counted and noted, so that the page has to write when it is read.
    waiting = [
        Visit(path="/verify/ABCDEFGH", headers=[(b"host", b"localhost")]) for _number in range(8)
    ]

    order, statuses = ask_while_written(office, make_front, waiting)

    assert order == ["home"] + ["waiting"] * 8
    assert statuses == {404}


def test_a_page_that_writes_without_saying_so_is_found(office):
    with office.test_request_context("/verify/ABCDEFGH"):
        write_session().close()
    with office.test_request_context("/verify"), pytest.raises(AssertionError, match="not marked"):
        write_session()


def ask_while_written(office, make_front, waiting):
    """Ask for pages and for home while somebody writes until home has been answered.

    Returns in which order they were answered, and the statuses of those that waited.
    """
    front = make_front(office.wsgi_app, waiting=20, threads=4, writes=writing_pages(office))
    order = []
    connection = office.extensions["siweb_database"].engine.connect()
    write = connection.begin()
    connection.execute(text("UPDATE job SET attempts = 0"))
    home = Ordered(Visit(headers=[(b"host", b"localhost")]), "home", order, then=write.rollback)
    visits = [Ordered(visit, "waiting", order) for visit in waiting]

    ask(front, *visits, home)
    connection.close()

    assert home.status == 200
    return order, {visit.status for visit in visits}
